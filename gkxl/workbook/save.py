"""New content → a file, in one step: whatever happens, the file is the old one or the new one, whole.

The new content goes into a temporary file of the same folder, reaches the disk, is read back, and takes the old one's name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language
from gkxl.workbook.locks import other_name, refuse_if_open
from gkxl.workbook.package import RefusedError, Value
from gkxl.workbook.read import told

if sys.platform != "win32":
    import fcntl

CHEAP = 16 << 20  # bytes that are hashed without a thought
CHUNK = 1 << 20
PATIENCE = 2.0  # seconds that a replacement is tried again on Windows
CHANGED = ("已被改动", "was changed")


@dataclass(frozen=True)
class Fingerprint:
    """What a file was when it was read. `status` was taken before its first byte, so that no change escapes."""

    status: os.stat_result
    sha256: str

    @classmethod
    def of(cls, status: os.stat_result, data: bytes) -> Fingerprint:
        return cls(status, hashlib.sha256(data).hexdigest())

    def still(self, path: Path, now: os.stat_result) -> bool:
        """Whether `path`, whose status is `now`, holds what was read. A large file that looks untouched is not read again."""
        if now.st_size != self.status.st_size:
            return False
        if now.st_size > CHEAP and _identity(now) == _identity(self.status):
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256


def save(
    path: Path,
    pieces: Iterable[bytes | memoryview],
    *,
    read: Fingerprint | None,
    check: Callable[[BinaryIO], None] | None = None,
    language: Language = "zh",
) -> list[Diagnostic]:
    """Puts `pieces`, one after the other, into the file at `path`, through symbolic links; mode, owner and attributes stay.

    `read` says what the file was when the new content was made of it; None makes a file that must not be there yet.
    `check` is given the written file, at its beginning, and raises `RefusedError` if it is not well. Returns an error (GK65x)
    if nothing was saved, and warnings where it was. What `pieces` raises passes through, `RefusedError` aside; then too
    the old file stays and nothing is left beside it.
    """
    try:
        found = _save(path, pieces, read, check)
    except RefusedError as refused:
        found = [refused]
    return [told(one, path, language) for one in found]


def retried(
    action: Callable[[], object],
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Runs `action`, again and again for 2 s while Windows says that someone has the file (errors 5 and 32)."""
    end = clock() + PATIENCE
    while True:
        try:
            action()
        except OSError as error:
            if getattr(error, "winerror", None) not in (5, 32) or clock() >= end:
                raise
        else:
            return
        wait(0.05)


def _save(
    path: Path,
    pieces: Iterable[bytes | memoryview],
    read: Fingerprint | None,
    check: Callable[[BinaryIO], None] | None,
) -> list[RefusedError]:
    counted = _Counted(pieces)
    warnings: list[RefusedError] = []
    placed = False
    target = path
    try:
        target = _target(path)
        old = _admitted(path, target, read)
        _sweep(target.parent)
        with _temporary(target.parent, 0o666 if old is None else 0o600) as (temporary, file):
            _write(file, counted)
            if check:
                file.seek(0)
                check(file)
            if old and (lost := _dress(file, target, old)):
                warnings.append(RefusedError(d.SAVED_RIGHTS, what=lost))
            os.fsync(file.fileno())
            if sys.platform == "win32":
                file.close()  # an open file is not renamed there
            now = _admitted(path, target, read)
            if now and now.st_nlink > 1:
                warnings.append(RefusedError(d.SAVED_UNLINKED, count=now.st_nlink - 1))
            _place(temporary, target, now)
            placed = True
        _sync_folder(target.parent)
    except OSError as error:
        if not placed:
            raise _refusal(error, path, target, counted) from error
        warnings.append(RefusedError(d.SAVED_UNCONFIRMED, what=_name(error)))
    return warnings


def _target(path: Path) -> Path:
    """The file that is meant, at the end of all symbolic links."""
    try:
        if path.is_symlink():
            return path.resolve(strict=True)
        folder = path.parent.resolve(strict=True)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, str(folder))
        return folder / path.name
    except (FileNotFoundError, NotADirectoryError) as error:
        what = ("链接指向的文件不存在", "it is a link to a file that is not there")
        if not path.is_symlink():
            what = (f"没有文件夹“{path.parent}”", f"there is no folder “{path.parent}”")
        raise RefusedError(d.SAVE_PATH, what=what) from error
    except RuntimeError as error:  # what Python up to 3.12 says of a loop
        raise OSError(errno.ELOOP, str(error)) from error


def _admitted(path: Path, target: Path, read: Fingerprint | None) -> os.stat_result | None:
    """The status of the file that is to be replaced, None for a new one. Raises `RefusedError` if it must stay as it is."""
    refuse_if_open(target, path)
    try:
        now = target.stat()
    except FileNotFoundError:
        now = None
    if now and not stat.S_ISREG(now.st_mode):
        raise RefusedError(d.SAVE_PATH, what=("这不是普通文件", "it is no ordinary file"))
    if now and not read:
        raise RefusedError(d.SAVE_EXISTS, other=other_name(path))
    if read and not now:
        raise RefusedError(d.SAVE_CHANGED, what=("已被删除或改名", "was removed or renamed"))
    if now and not _writable(target, now):
        raise RefusedError(d.SAVE_FORBIDDEN, what=("文件是只读的", "the file is read-only"), other=other_name(path))
    folder = target.parent
    if sys.platform != "win32" and not _writable(folder, folder.stat()):  # there the mark means something else
        what = (f"文件夹“{folder}”不能写入", f"the folder “{folder}” may not be written to")
        raise RefusedError(d.SAVE_FORBIDDEN, what=what, other=other_name(path))
    if now and read and not read.still(target, now):
        raise RefusedError(d.SAVE_CHANGED, what=CHANGED)
    return now


def _writable(path: Path, status: os.stat_result) -> bool:
    """Whether it may be written, and is meant to be: to root the system refuses nothing."""
    return bool(status.st_mode & 0o222) and os.access(path, os.W_OK)


@contextmanager
def _temporary(folder: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in `folder`, locked while it is in use; gone at the end, unless it has got another name by then.

    Its own name does not hang on the target's, which may be as long as the file system allows.
    """
    while True:
        path = folder / f".gkxl-{os.urandom(8).hex()}.tmp"
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(path, flags, mode), "w+b") as file:
                if _locked(file):
                    yield path, file
                    return
        finally:
            with suppress(OSError):
                path.unlink()


def _locked(file: BinaryIO) -> bool:
    """Locks a temporary file; False if `_sweep` of another run came first. Where there are no locks, it goes without."""
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
    return os.fstat(file.fileno()).st_nlink > 0


def _sweep(folder: Path) -> None:
    """Removes what killed runs left in `folder`. A file in use is locked (on Windows: cannot be removed), on any machine.

    Process numbers would not tell: they are used again, and those of other machines and containers mean nothing here.
    """
    found: list[Path] = []
    with suppress(OSError):
        found = list(folder.glob(f".gkxl-{'[0-9a-f]' * 16}.tmp"))
    for path in found:
        with suppress(OSError):
            if sys.platform != "win32" and stat.S_ISREG(path.lstat().st_mode):
                with path.open("r+b") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
            elif sys.platform == "win32":
                path.unlink()


class _Counted:
    """Pieces, with the number of bytes and the CRC-32 of those given out so far."""

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        self.length, self.crc, self._pieces = 0, 0, iter(pieces)

    def __iter__(self) -> Iterator[bytes | memoryview]:
        for piece in self._pieces:
            self.length += memoryview(piece).nbytes
            self.crc = zlib.crc32(piece, self.crc)
            yield piece


def _write(file: BinaryIO, pieces: _Counted) -> None:
    """Writes all, waits for the disk, and reads it back."""
    file.writelines(pieces)
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
    length, crc = 0, 0
    while chunk := file.read(CHUNK):
        length, crc = length + len(chunk), zlib.crc32(chunk, crc)
    if (length, crc) != (pieces.length, pieces.crc):
        raise RefusedError(d.SAVE_FAILED, what=("写入后读回的内容不同", "what was read back is not what was written"))


def _dress(file: BinaryIO, target: Path, old: os.stat_result) -> Value | None:
    """Gives the new file the attributes, owner and mode of the old one; returns what it could not keep."""
    if sys.platform == "win32":
        return None  # it has the rights that the folder hands down
    handle = file.fileno()
    whole = _copy_attributes(handle, target)
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(handle, old.st_uid, old.st_gid)
        except OSError:
            with suppress(OSError):
                os.fchown(handle, -1, old.st_gid)
    if stat.S_IMODE(new.st_mode) != stat.S_IMODE(old.st_mode):
        with suppress(OSError):
            os.fchmod(handle, stat.S_IMODE(old.st_mode))
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        return "所有者", "owner"
    return None if whole and new.st_mode == old.st_mode else ("权限或属性", "permissions or attributes")


def _copy_attributes(handle: int, target: Path) -> bool:
    """Extended attributes and access lists; False if the new file lacks some. Those of the system itself it has anyway."""
    if sys.platform == "linux":
        try:
            for name in os.listxattr(target):
                if name.startswith(("user.", "system.posix_acl_")):
                    os.setxattr(handle, name, os.getxattr(target, name))
        except OSError as error:
            return error.errno in (errno.ENOTSUP, errno.ENOSYS)
    return True


def _place(temporary: Path, target: Path, old: os.stat_result | None) -> None:
    """Gives the new file its name: in place of `old`, or where there is none, also if one appears this very moment."""
    if old is not None:
        retried(lambda: temporary.replace(target))
    elif sys.platform == "win32":
        retried(lambda: temporary.rename(target))  # refuses an existing name there, and replaces it elsewhere
    else:
        try:
            target.hardlink_to(temporary)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links: the name is taken first, then the file put there
            taken = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.close(taken)
                temporary.replace(target)
            except BaseException:
                with suppress(OSError):
                    target.unlink()
                raise


def _sync_folder(folder: Path) -> None:
    """Waits until the folder's new entry is on the disk, where the system can do that."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise
    finally:
        os.close(handle)


_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_ROOM = {
    errno.ENOSPC: None,
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EFBIG: ("超过此处允许的文件大小", "files of that size are not allowed there"),
}


def _refusal(error: OSError, path: Path, target: Path, pieces: _Counted) -> RefusedError:
    """What an error of the system means, now that the temporary file is gone again."""
    if getattr(error, "winerror", None) in (5, 32):
        how = ("系统说文件被占用", "the system says that the file is in use")
        return RefusedError(d.SAVE_OPEN_ELSEWHERE, who=("某个程序", "Some program"), how=how, other=other_name(path))
    if error.errno in _NO_ROOM:
        for _ in pieces:  # how much there is in all
            pass
        free = _NO_ROOM[error.errno]
        if free is None:
            room = f"{shutil.disk_usage(target.parent).free >> 10:,} KiB"
            free = (f"磁盘只剩 {room}", f"the disk has {room} left")
        return RefusedError(
            d.SAVE_NO_ROOM, needed=f"{-(-pieces.length >> 10):,} KiB", free=free, other=other_name(path)
        )
    if error.errno in _NO_RIGHT:
        return RefusedError(d.SAVE_FORBIDDEN, what=_name(error), other=other_name(path))
    if isinstance(error, FileExistsError):
        return RefusedError(d.SAVE_EXISTS, other=other_name(path))
    if error.errno == errno.ENAMETOOLONG:
        return RefusedError(d.SAVE_PATH, what=("文件名或路径太长", "its name or path is too long"))
    if error.errno == errno.ELOOP:
        return RefusedError(d.SAVE_PATH, what=("链接绕成了圈", "it is a link that leads to itself"))
    return RefusedError(d.SAVE_FAILED, what=_name(error))


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error))


def _identity(status: os.stat_result) -> tuple[int, ...]:
    """What no change leaves as it was; on Windows the last is the time of creation."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
