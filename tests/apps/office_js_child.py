"""Calls the functions as xlwings Server does for Office.js: with xlwings' licensed part, so in a process of its own.

Standard input: a list of [name, arguments] as JSON. Standard output, as JSON: what Office.js registers, of the module and
of the main.py that xlwings Lite has; the answers, each as rows.
"""

import asyncio
import json
import sys
from types import ModuleType

import xlwings
from xlwings import server

from gkxl.apps import excel


def array(argument):
    """An argument as Office.js hands it over: rows even of one cell, a blank cell as an empty text."""
    rows = argument if isinstance(argument, list) else [[argument]]
    return [["" if one is None else one for one in row] for row in rows]


def payload(name, arguments):
    """What the add-in posts: null for an argument left out; of the repeated ones a list, as one argument."""
    declared = getattr(excel, name).__xlfunc__["args"]
    repeated = bool(declared) and declared[-1]["vararg"]
    alone = len(declared) - repeated
    given = [None if one is None else array(one) for one in arguments[:alone]]
    given += [None] * (alone - len(given))
    return {
        "client": "Office.js",
        "version": xlwings.__version__,
        "runtime": "1.4",
        "func_name": name,
        "args": [*given, [array(one) for one in arguments[alone:]]] if repeated else given,
        "caller_address": "Sheet1!B3",
        "culture_info_name": "en-US",
        "date_format": "m/d/yyyy",
    }


def call(name, arguments):
    return asyncio.run(server.custom_functions_call(payload(name, arguments), excel))


main = ModuleType("main")
exec("from gkxl.apps.excel import *", vars(main))
told = {
    "module": server.custom_functions_meta(excel),
    "main": server.custom_functions_meta(main),
    "answers": [call(name, arguments) for name, arguments in json.load(sys.stdin)],
}
json.dump(told, sys.stdout)
