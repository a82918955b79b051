"""`dataclass(frozen=True, slots=True)` for modules with many of them, made in a third of the time.

The standard one compiles six methods for each class, which for the hundred classes of the tree and the core takes
longer than reading a rule file. Here all classes share the same ones. Type checkers see the standard one.
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
    made.defaults_ = {
        field.name: field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        for field in fields
    }
    for name, method in _SHARED.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _nothing(_: object) -> tuple[()]:
    return ()


def _init(self: Any, *args: Any, **kwargs: Any) -> None:
    defaults = self.defaults_
    if len(args) > len(defaults):
        raise TypeError(f"{type(self).__name__}() takes {len(defaults)} values, not {len(args)}")
    names = iter(defaults)
    for value, name in zip(args, names):  # noqa: B905  # fewer values than names; the rest of them follows
        _set(self, name, value)
    for name in names:
        value = kwargs.pop(name) if name in kwargs else defaults[name]
        if value is dataclasses.MISSING:
            raise TypeError(f"{type(self).__name__}() needs {name}")
        _set(self, name, value)
    if kwargs:
        raise TypeError(f"{type(self).__name__}() takes no {', '.join(kwargs)} here")


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self.key_(self) == self.key_(other)


def _hash(self: Any) -> int:
    return hash(self.key_(self))


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.shown_)})"


def _setattr(self: Any, name: str, value: object) -> None:
    if hasattr(self, name):  # only unpickling comes before
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    _set(self, name, value)


def _delattr(_: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


_set = object.__setattr__
_SHARED: dict[str, Callable[..., Any]] = {
    "__init__": _init,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
}
