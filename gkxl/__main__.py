"""`python -m gkxl`."""

from gkxl.apps.cli import main

main()
