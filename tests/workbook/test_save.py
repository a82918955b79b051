"""Saving: the file is the old or the new one, whole; nothing is left beside it; the message says what to do."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language
from gkxl.workbook.package import RefusedError
from gkxl.workbook.save import Fingerprint, retried, save

OLD, NEW = b"old" * 1000, b"new" * 2000
STALE = ".gkxl-0123456789abcdef.tmp"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "考评.xlsx"
    path.write_bytes(OLD)
    return path


def read(path: Path) -> Fingerprint:
    return Fingerprint.of(path.stat(), path.read_bytes())


def codes(found: Iterable[Diagnostic]) -> list[str]:
    return [one.code.number for one in found]


def refused(path: Path, seen: Fingerprint | None, language: Language = "zh") -> Diagnostic:
    """The one error of a save; whatever was in the folder is still there, and nothing else."""
    before = {p: None if p.is_dir() or p.is_symlink() else p.read_bytes() for p in path.parent.iterdir()}
    (found,) = save(path, [NEW], read=seen, language=language)
    assert found.code.severity == "error"
    assert {p: None if p.is_dir() or p.is_symlink() else p.read_bytes() for p in path.parent.iterdir()} == before
    return found


def test_the_new_content_takes_the_place_of_the_old(book: Path) -> None:
    inode = book.stat().st_ino
    assert save(book, [NEW[:10], memoryview(NEW)[10:]], read=read(book)) == []
    assert book.read_bytes() == NEW
    assert book.stat().st_ino != inode
    assert list(book.parent.iterdir()) == [book]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    assert save(tmp_path / "new.xlsx", [NEW], read=None) == []
    assert (tmp_path / "new.xlsx").read_bytes() == NEW
    assert (tmp_path / "new.xlsx").stat().st_mode == usual.stat().st_mode
    assert (tmp_path / "new.xlsx").stat().st_nlink == 1
    assert {path.name for path in tmp_path.iterdir()} == {"new.xlsx", "usual"}


def test_an_existing_file_is_not_overwritten_as_a_new_one(book: Path) -> None:
    found = refused(book, None)
    assert found.code.number == "GK655"
    assert "考评（评分结果）.xlsx" in found.message


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"

    def pieces() -> Iterator[bytes]:
        yield NEW
        path.write_bytes(OLD)

    assert codes(save(path, pieces(), read=None)) == ["GK655"]
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [len(OLD), 17 << 20])  # hashed each time; hashed only if it looks touched
def test_changed_meanwhile(book: Path, size: int) -> None:
    book.write_bytes(bytes(size))
    seen = read(book)
    times = book.stat()
    book.write_bytes(b"\1" + bytes(size - 1))
    os.utime(book, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a tool that hides its change
    found = refused(book, seen, "en")
    assert found.code.number == "GK652"
    assert "was changed" in found.message
    book.write_bytes(bytes(size))
    assert save(book, [NEW], read=seen) == []  # touched, but still what was read
    assert book.read_bytes() == NEW


def test_changed_while_the_new_one_is_being_written(book: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield NEW
        book.write_bytes(b"theirs")

    assert codes(save(book, pieces(), read=read(book))) == ["GK652"]
    assert book.read_bytes() == b"theirs"
    assert list(book.parent.iterdir()) == [book]


def test_gone_meanwhile(book: Path) -> None:
    seen = read(book)
    book.unlink()
    found = refused(book, seen)
    assert found.code.number == "GK652"
    assert "已被删除或改名" in found.message


# What Excel writes is known from LibreOffice's sources, which read it; both forms of the name are in it.
def owner_file(user: str) -> bytes:
    name = user.encode("gbk")
    return bytes([len(name)]) + name.ljust(54) + bytes([len(user), 0]) + user.ljust(54).encode("utf-16-le")


# As LibreOffice 7.4 wrote it, but for the names.
LIBRE = rb"Wang\, Min,wangm,office-3,22.11.2026 07:09,file:///opt/profile;"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("~$考评.xlsx", owner_file("王敏"), ["王敏", "Excel, ~$考评.xlsx"]),
        ("~$考评.xlsx", b"", ["有人", "Excel"]),
        ("~$考评.xlsx", bytes(165), ["有人", "Excel"]),
        ("~$考评.xlsx", b"\xff" * 165, ["有人", "Excel"]),
        (".~考评.xlsx", owner_file("王敏"), ["王敏", "WPS"]),
        (".~lock.考评.xlsx#", LIBRE, ["Wang, Min (office-3)", "LibreOffice"]),
        (".~lock.考评.xlsx#", LIBRE[LIBRE.index(b",wangm") :], ["wangm (office-3)"]),
        (".~lock.考评.xlsx#", b"\xff", ["有人"]),
    ],
)
def test_open_elsewhere(book: Path, name: str, content: bytes, says: list[str]) -> None:
    assert len(owner_file("王敏")) == 165
    book.with_name(name).write_bytes(content)
    found = refused(book, read(book))
    assert found.code.number == "GK650"
    assert [text for text in [*says, "考评（评分结果）.xlsx"] if text not in found.message] == []
    assert refused(book, read(book), "en").message.count("考评 (results).xlsx") == 1


def test_opened_while_the_new_one_is_being_written(book: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield NEW
        book.with_name("~$考评.xlsx").touch()

    assert codes(save(book, pieces(), read=read(book))) == ["GK650"]
    assert book.read_bytes() == OLD


def test_open_under_either_name_of_a_link(book: Path) -> None:
    (book.parent / "links").mkdir()
    link = book.parent / "links" / "l.xlsx"
    link.symlink_to(book)
    for lock in (book.with_name("~$考评.xlsx"), link.with_name(".~lock.l.xlsx#")):
        lock.touch()
        assert codes(save(link, [NEW], read=read(book))) == ["GK650"]
        lock.unlink()
    assert book.read_bytes() == OLD


def test_a_link_is_written_through(book: Path) -> None:
    (book.parent / "links").mkdir()
    link = book.parent / "links" / "a.xlsx"
    link.symlink_to("b.xlsx")
    link.with_name("b.xlsx").symlink_to(book)
    assert save(link, [NEW], read=read(book)) == []
    assert link.is_symlink()
    assert book.read_bytes() == NEW
    assert len(list(link.parent.iterdir())) == 2


def test_paths_that_lead_nowhere(book: Path) -> None:
    dangling, loop = book.with_name("d.xlsx"), book.with_name("l.xlsx")
    dangling.symlink_to("none.xlsx")
    loop.symlink_to(loop)
    for path, says in [
        (dangling, "链接指向的文件不存在"),
        (loop, "链接绕成了圈"),
        (loop / "x.xlsx", "链接绕成了圈"),
        (book.parent, "这不是普通文件"),
        (book.with_name("长" * 100 + ".xlsx"), "文件名或路径太长"),
        (book.parent / "none" / "x.xlsx", "没有文件夹"),
        (book / "x.xlsx", "没有文件夹"),
    ]:
        (found,) = save(path, [NEW], read=None)
        assert found.code.number == "GK656", path
        assert says in found.message, path
        assert found.place is not None
        assert str(found.place) == str(path)
    assert {path.name for path in book.parent.iterdir()} == {"考评.xlsx", "d.xlsx", "l.xlsx"}


def test_the_longest_name_and_strange_names(tmp_path: Path) -> None:
    for name in ("长" * 83 + "1.xlsx", "-rf.xlsx", "a\nb.xlsx", "~$a.xlsx", "[x]*?.xlsx", os.fsdecode(b"\xff.xlsx")):
        path = tmp_path / name
        assert save(path, [OLD], read=None) == []
        assert save(path, [NEW], read=read(path)) == []
        assert path.read_bytes() == NEW
        path.unlink()
    assert list(tmp_path.iterdir()) == []


def test_read_only_file_and_folder(book: Path) -> None:
    book.chmod(0o444)
    found = refused(book, read(book))
    assert (found.code.number, "只读" in found.message) == ("GK651", True)
    book.chmod(0o644)
    book.parent.chmod(0o555)
    try:
        found = refused(book, read(book), "en")
        assert found.code.number == "GK651"
        assert f"the folder “{book.parent}” may not be written to" in found.message
        assert refused(book.with_name("new.xlsx"), None).code.number == "GK651"
    finally:
        book.parent.chmod(0o755)


def test_mode_and_attributes_stay(book: Path) -> None:
    book.chmod(0o640)
    with suppress(OSError):  # some file systems have none
        os.setxattr(book, "user.note", b"kept")
    attributes = {name: os.getxattr(book, name) for name in os.listxattr(book)}
    assert save(book, [NEW], read=read(book)) == []
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert {name: os.getxattr(book, name) for name in os.listxattr(book)} == attributes


def test_hard_links_are_told(book: Path) -> None:
    other = book.with_name("other.xlsx")
    other.hardlink_to(book)
    (found,) = save(book, [NEW], read=read(book), language="en")
    assert found.code.number == "GK658"
    assert found.code.severity == "warning"
    assert ": 1;" in found.message
    assert (book.read_bytes(), other.read_bytes()) == (NEW, OLD)


def test_a_bad_check_saves_nothing(book: Path) -> None:
    def check(file) -> None:
        assert file.read() == NEW
        raise RefusedError(d.PART_MISSING, part="xl/workbook.xml")

    (found,) = save(book, [NEW], read=read(book), check=check)
    assert found.code.number == "GK614"
    assert book.read_bytes() == OLD
    assert list(book.parent.iterdir()) == [book]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_interrupted(book: Path, error: type[BaseException]) -> None:
    def pieces() -> Iterator[bytes]:
        yield NEW
        raise error

    with pytest.raises(error):
        save(book, pieces(), read=read(book))
    assert book.read_bytes() == OLD
    assert list(book.parent.iterdir()) == [book]


def test_what_dead_runs_left_is_removed(book: Path) -> None:
    stale = book.with_name(STALE)
    stale.write_bytes(b"half")
    stale.chmod(0o600)
    foreign = [book.with_name(name) for name in (".gkxl-notes.tmp", ".gkxl-0123456789abcdeg.tmp", "考评.tmp")]
    for path in foreign:
        path.touch()
    link, folder = book.with_name(f"{STALE[:-5]}0.tmp"), book.with_name(f"{STALE[:-5]}1.tmp")
    link.symlink_to(book)
    folder.mkdir()
    assert save(book, [NEW], read=read(book)) == []
    assert {path.name for path in book.parent.iterdir()} == {p.name for p in (book, link, folder, *foreign)}


def test_what_living_runs_use_stays(book: Path) -> None:
    living = book.with_name(STALE)
    with living.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert save(book, [NEW], read=read(book)) == []
        assert living.exists()
    assert save(book, [OLD], read=read(book)) == []
    assert not living.exists()


def test_many_at_once_in_one_folder(tmp_path: Path) -> None:
    found: list[Diagnostic] = []

    def work(name: str) -> None:
        path = tmp_path / name
        found.extend(save(path, [OLD], read=None))
        for _ in range(20):
            found.extend(save(path, [NEW], read=read(path)))

    threads = [threading.Thread(target=work, args=(f"{n}.xlsx",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == []
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {NEW}
    assert len(list(tmp_path.iterdir())) == 8


def windows_error(number: int) -> OSError:
    error = OSError(errno.EACCES, "in use")
    error.winerror = number
    return error


@pytest.mark.parametrize(
    ("number", "tries", "passes"), [(32, 5, True), (5, 5, True), (32, 1000, False), (112, 2, False)]
)
def test_retries_of_windows(number: int, tries: int, passes: bool) -> None:
    """A file that is in use is tried again until two seconds are over; the clock here is the number of waits."""
    calls, waited = 0, 0.0

    def action() -> None:
        nonlocal calls
        calls += 1
        if calls < tries:
            raise windows_error(number)

    def wait(seconds: float) -> None:
        nonlocal waited
        waited += seconds

    if passes:
        retried(action, lambda: waited, wait)
        assert calls == tries
    else:
        with pytest.raises(OSError, match="in use"):
            retried(action, lambda: waited, wait)
        assert waited == (0 if number == 112 else pytest.approx(2, abs=0.051))
