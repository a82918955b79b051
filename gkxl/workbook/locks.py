"""Who has a workbook open, told by the files that office programs lay beside it."""

from __future__ import annotations

import errno
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from gkxl import diagnostics as d
from gkxl.workbook.package import RefusedError, Value


class Lock(NamedTuple):
    """A lock file: the program that lays such ones, and the user it names, if any."""

    path: Path
    program: str
    user: str


def refuse_if_open(file: Path, shown: Path) -> None:
    """Raises `RefusedError` if a program has `file` open; `shown` is the name the user knows it by."""
    for path in dict.fromkeys((file, shown)):
        if lock := find_lock(path):
            who: Value = lock.user or ("有人", "Someone")
            raise RefusedError(
                d.SAVE_OPEN_ELSEWHERE, who=who, how=f"{lock.program}, {lock.path.name}", other=other_name(shown)
            )


def other_name(path: Path) -> tuple[str, str]:
    """Where else the results could go, in Chinese and in English."""
    return f"{path.stem}（评分结果）{path.suffix}", f"{path.stem} (results){path.suffix}"


def find_lock(path: Path) -> Lock | None:
    """The lock file of `path`. Word shortens a long name in its own, Excel never does."""
    for name, program in (("~${}", "Excel"), (".~{}", "WPS"), (".~lock.{}#", "LibreOffice")):
        lock = path.with_name(name.format(path.name))
        try:
            lock.lstat()
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENAMETOOLONG):  # too long a name the program could not lay either
                continue
            raise
        content = b""
        with suppress(OSError), lock.open("rb") as file:  # where it cannot be read, it still says that the book is open
            content = file.read(4096)
        return Lock(lock, program, (_libreoffice_user if program == "LibreOffice" else _office_user)(content))
    return None


def _office_user(content: bytes) -> str:
    """The user of an owner file: 165 bytes, found out by others since Microsoft describes them nowhere.

    A length and the name in the code page of that Windows, filled up with blanks; at 55 the length again, as two bytes,
    and the name in UTF-16.
    """
    length = int.from_bytes(content[55:57], "little")
    if not (0 < length <= 52 and len(content) >= 57 + 2 * length):
        return ""
    return _plain(content[57 : 57 + 2 * length].decode("utf-16-le", "replace"))


def _libreoffice_user(content: bytes) -> str:
    """The user of a LibreOffice lock: own name, login, machine, time, profile; `,` `;` and a backslash come after one."""
    fields = re.findall(r"((?:[^\\,;]|\\.)*)[,;]", content.decode("utf-8", "replace"), re.DOTALL)
    name, login, machine = (re.sub(r"\\(.)", r"\1", field) for field in (*fields, "", "", "")[:3])
    user = _plain(name) or _plain(login)
    return f"{user} ({_plain(machine)})" if user and _plain(machine) else user


def _plain(name: str) -> str:
    return "".join(char for char in name if char.isprintable()).strip()
