"""Findings as JUnit XML, for CI servers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree  # only written here, never parsed

from gkxl.report.findings import Findings

_NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(found: Sequence[Findings], command: str) -> str:
    """A suite per file: a case per example, and one for the file itself with its errors; warnings are its output."""
    root = ElementTree.Element("testsuites", name=f"gkxl {command}")
    for one in found:
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(one.path))
        own = [d for d in one.diagnostics if d.severity == "error"]
        failures = [("; ".join(d.code.number for d in own), own)]
        names = [command]
        for case in one.cases or ():
            names.append(case.name)
            failures.append((case.failure.message if case.failure else "", [case.failure] if case.failure else []))
        for name, (message, causes) in zip(names, failures, strict=True):
            element = ElementTree.SubElement(suite, "testcase", classname=_xml(one.path), name=_xml(name))
            if causes:
                text = "\n".join(f"{d}" + "".join(f"\n  {note}" for note in d.notes) for d in causes)
                failure = ElementTree.SubElement(element, "failure", type=causes[0].code.number, message=_xml(message))
                failure.text = _xml(text)
        told = [str(d) for d in (*one.diagnostics, *one.unreached) if d.severity != "error"]
        if told:
            ElementTree.SubElement(suite, "system-out").text = _xml("\n".join(told))
        suite.set("tests", str(len(names)))
        suite.set("failures", str(sum(bool(causes) for _, causes in failures)))
        suite.set("errors", "0")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
