"""`dataclass(frozen=True, slots=True)` for modules with many of them, made in a third of the time.

The standard one compiles six methods for each class, which for the hundred classes of the tree and the core takes
longer than reading a rule file. Here the constructor alone is compiled, when the first object is made; the others are
shared by all classes. Type checkers see the standard one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        if not (frozen and slots):
            raise TypeError("for others take the standard one")
        return _make


def _make(cls: type) -> type:
    cls.__doc__ = cls.__doc__ or cls.__name__  # else the standard one would work out a signature
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    fields = dataclasses.fields(made)
    compared = [field.name for field in fields if field.compare]
    made.key_ = staticmethod(attrgetter(*compared) if compared else _nothing)
    made.shown_ = tuple(field.name for field in fields if field.repr)
    made.__init__ = _first(made)
    for name, method in _SHARED.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _first(made: Any) -> Callable[..., None]:
    """The constructor until it has been called: makes the real one."""

    def first(self: Any, *args: Any, **kwargs: Any) -> None:
        made.__init__ = _constructor(made)
        made.__init__(self, *args, **kwargs)

    return first


def _constructor(made: Any) -> Any:
    fields = dataclasses.fields(made)
    known: dict[str, Any] = {"_set": object.__setattr__}
    known |= {f"_{field.name}": field.default for field in fields}
    given = [name if known[f"_{name}"] is dataclasses.MISSING else f"{name}=_{name}" for name in made.__match_args__]
    lines = [f"_set(self, {name!r}, {name})" for name in made.__match_args__] or ["pass"]
    exec(f"def __init__({', '.join(['self', *given])}):\n  " + "\n  ".join(lines), known)  # noqa: S102  # as the standard one does
    return known["__init__"]


def _nothing(_: object) -> tuple[()]:
    return ()


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self.key_(self) == self.key_(other)


def _hash(self: Any) -> int:
    return hash(self.key_(self))


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.shown_)})"


def _setattr(self: Any, name: str, value: object) -> None:
    if hasattr(self, name):  # only the constructor comes before
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    _set(self, name, value)


def _delattr(_: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


_set = object.__setattr__
_SHARED: dict[str, Callable[..., Any]] = {
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
}
