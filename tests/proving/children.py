"""Work done in child processes with limits, several at once: a crash or a hang is an outcome, never the end of the run.

Children are forked, since most of a short one's time would be its imports; so this needs Linux.
"""

import faulthandler
import os
import pickle
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Task:
    """What a child is to do, and what it may take."""

    work: Callable[[], Any]
    seconds: float = 10
    mib: int = 1024


@dataclass(frozen=True)
class Ended:
    """How a child ended: "done" with its result; "raised" with a text; "hang", "memory", or "crash"."""

    how: str
    result: Any = None
    seconds: float = 0
    mib: float = 0  # at most, beyond what it began with


Steps = Generator[Task, Ended, Any]


@dataclass
class _Running:
    steps: Steps
    child: int
    pipe: int
    began: float
    seconds: float
    said: bytearray = field(default_factory=bytearray)


def run(jobs: Iterable[Steps], at_once: int = 2) -> Iterator[Any]:
    """Each job yields tasks and is sent how they ended; what it returns is given here, in the order of ending."""
    waiting, running = iter(jobs), dict[int, _Running]()
    exhausted = False
    while True:
        while len(running) < at_once and not exhausted:
            steps = next(waiting, None)
            exhausted = steps is None
            if steps is not None:
                try:
                    _start(steps, next(steps), running)
                except StopIteration as stop:
                    yield stop.value
        if not running:
            return
        first = min(one.began + one.seconds for one in running.values())
        ready, _, _ = select.select(list(running), [], [], max(0, first - time.monotonic()))
        for pipe in ready:
            chunk = os.read(pipe, 1 << 20)
            running[pipe].said += chunk
            if not chunk:
                yield from _finish(running.pop(pipe), running)
        for one in [one for one in running.values() if time.monotonic() > one.began + one.seconds]:
            os.kill(one.child, signal.SIGKILL)
            yield from _finish(running.pop(one.pipe), running, late=True)


def _start(steps: Steps, task: Task, running: dict[int, _Running]) -> None:
    out, into = os.pipe()
    with warnings.catch_warnings():  # pytest's watchdog is a thread, which a child has no need of
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(out)
        _child(task, into)
    os.close(into)
    running[out] = _Running(steps, child, out, time.monotonic(), task.seconds)


def _finish(one: _Running, running: dict[int, _Running], *, late: bool = False) -> Iterator[Any]:
    os.close(one.pipe)
    _, status = os.waitpid(one.child, 0)
    seconds = time.monotonic() - one.began
    if late:
        ended = Ended("hang", seconds=seconds)
    elif status or not one.said:
        ended = Ended("crash", f"status {status}", seconds)
    else:
        how, result, seconds, mib = pickle.loads(bytes(one.said))
        ended = Ended(how, result, seconds, mib)
    try:
        _start(one.steps, one.steps.send(ended), running)
    except StopIteration as stop:
        yield stop.value


def _child(task: Task, pipe: int) -> None:
    """Does the work, says how it went, and is gone without a word to what the parent had open."""
    faulthandler.disable()  # a crash is told by how the child ends
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    begin = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    most = (_memory("VmSize") + (task.mib << 10)) << 10
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    began = time.monotonic()
    try:
        how, result = "done", task.work()
    except MemoryError:
        how, result = "memory", None
    except BaseException as error:
        how, result = "raised", _told(error)
    seconds = time.monotonic() - began
    said = pickle.dumps((how, result, seconds, max(0, _memory("VmHWM") - begin) / 1024))
    while said:
        said = said[os.write(pipe, said) :]
    os._exit(0)


def _told(error: BaseException) -> str:
    """The error, and the last places it went through."""
    places, trace = [], error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__}: {str(error)[:300]} ({' > '.join(places[-4:])})"


def _memory(what: str) -> int:
    """In KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what + ":"))
