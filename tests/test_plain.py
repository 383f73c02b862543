"""What the small classes have in common: they compare, show and are kept as attrs' own do."""

import pickle

import pytest
from attrs import field, frozen
from attrs.exceptions import FrozenInstanceError

from coopfx.ground.plain import Plain


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Small(Plain):
    name: str
    place: int = field(default=0, eq=False)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Other(Plain):
    name: str


def test_they_compare_by_what_counts_and_by_kind() -> None:
    assert Small("a", 1) == Small("a", 2) and hash(Small("a", 1)) == hash(Small("a", 2))
    assert Small("a") != Small("b") and Small("a") != Other("a")


def test_they_come_back_whole_and_frozen() -> None:
    found = pickle.loads(pickle.dumps(Small("a", 7)))
    assert (found.name, found.place) == ("a", 7) and type(found) is Small
    with pytest.raises(FrozenInstanceError):
        found.name = "b"  # type: ignore[misc]


def test_they_show_every_field() -> None:
    assert repr(Small("a", 7)) == "Small(name='a', place=7)"
