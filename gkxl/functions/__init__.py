"""The functions of spreadsheets: arguments → answers, with no spreadsheet library. `gkxl/apps/` has the adapters."""
