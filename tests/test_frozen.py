"""The quick frozen dataclasses behave as the standard ones do."""

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from gkxl import frozen


class _Fields:
    number: int
    names: tuple[str, ...] = ()
    label: str = dataclasses.field(default="", compare=False)
    place: object = dataclasses.field(default=None, compare=False, repr=False)


def made(decorator: Any) -> Any:
    return decorator(frozen=True, slots=True)(type("Made", (), _body()))


def _body() -> dict[str, object]:
    body = {name: vars(_Fields)[name] for name in ("names", "label", "place")}
    return {"__annotations__": dict(_Fields.__annotations__), **body, "__qualname__": "Made", "__module__": __name__}


Made = made(frozen.dataclass)
Standard = made(dataclasses.dataclass)
VALUES = [(1,), (1, ("a",)), (1, ("a",), "x"), (2, ("a",), "y", object())]


@pytest.mark.parametrize("values", VALUES)
def test_as_the_standard_ones(values: tuple[Any, ...]) -> None:
    ours, theirs = Made(*values), Standard(*values)
    assert repr(ours) == repr(theirs)
    assert dataclasses.fields(ours)[0].name == "number"
    assert dataclasses.replace(ours, number=5).number == 5
    assert copy.deepcopy(ours) == ours == copy.copy(ours)
    assert Made.__match_args__ == Standard.__match_args__
    assert not hasattr(ours, "__dict__")
    for other in VALUES:
        assert (ours == Made(*other)) is (theirs == Standard(*other))
        assert (hash(ours) == hash(Made(*other))) is (hash(theirs) == hash(Standard(*other)))
    assert ours != theirs


def test_frozen() -> None:
    one = Made(1)
    for change in (lambda: setattr(one, "number", 2), lambda: delattr(one, "number")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    with pytest.raises(AttributeError):
        one.other = 1
    assert pickle.loads(pickle.dumps(one)) == one


def test_constructor() -> None:
    assert Made(1, label="x") == Made(number=1, label="x") == Made(1, (), "x", place=None)
    for args, kwargs in (((), {}), ((1, (), "", None, 2), {}), ((1,), {"number": 1}), ((1,), {"other": 2})):
        with pytest.raises(TypeError):
            Made(*args, **kwargs)


def test_others_are_refused() -> None:
    with pytest.raises(TypeError, match="standard"):
        frozen.dataclass(frozen=False, slots=True)
