python := ".venv/bin/python"

# list the recipes
default:
    @just --list

# make .venv with gkxl and all that its development needs
set-up:
    python3 -m venv .venv
    {{python}} -m pip install -e '.[dev]'
    npm ci --prefix tests/lite

# run the tests, or those named
test *args:
    {{python}} -m pytest {{args}}

# ruff and mypy
lint:
    {{python}} -m ruff check .
    {{python}} -m ruff format --check .
    {{python}} -m mypy

# the tests with many more generated examples, and every fault of a save; takes an hour or so
deep:
    {{python}} -m pytest --hypothesis-profile=deep
    {{python}} tests/save_faults.py

# put made-up results into copies of the workbooks of some folders, and show what changed in each
proof *places="tests/workbook/books":
    {{python}} tests/proof.py --libreoffice {{places}}

# time gkxl against its yardsticks
bench:
    for script in benchmarks/*.py; do {{python}} "$script"; done

# make the bundled workbooks anew from their figures, those of the proof and of the functions
books:
    {{python}} workbooks/make.py
    {{python}} tests/workbook/books/make.py
    {{python}} tests/functions/books/make.py
