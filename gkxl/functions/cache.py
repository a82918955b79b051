"""What was worked out last, kept by what it was worked out from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Cache(Generic[Answer]):
    """Keeps the answers used last, of at most so much `weight` together. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._kept: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Answer], weight: int = 1) -> Answer:
        """The answer for a key, made if it is not there; one heavier than all that is kept is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found[0]
        answer = make()
        with self._lock:
            if weight <= self._most and key not in self._kept:
                self._kept[key] = answer, weight
                self._weight += weight
                while self._weight > self._most:
                    _, (_, lost) = self._kept.popitem(last=False)
                    self._weight -= lost
        return answer
