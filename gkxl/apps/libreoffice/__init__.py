"""The add-in for LibreOffice Calc: built as an extension (.oxt), installed and looked after."""
