"""`gkxl recalc`: results into workbooks, or held against those that stand in them. Begin with `books.py`."""
