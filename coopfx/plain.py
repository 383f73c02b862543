"""What the hundred small classes of the language have in common: how they compare and how they show.

attrs would generate these methods for each of them at every start of the process; written once here,
they leave it only the constructor, and the command starts a quarter sooner.
"""

from functools import cache
from typing import Any


@cache
def _compared(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in kind.__attrs_attrs__ if one.eq)  # type: ignore[attr-defined]


class Plain:
    """The base of frozen attrs classes made with ``repr=False, eq=False``."""

    __slots__ = ()

    def _key(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in _compared(type(self))])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._key() == other._key()  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def __repr__(self) -> str:
        fields = ", ".join(
            f"{one.name}={getattr(self, one.name)!r}"
            for one in type(self).__attrs_attrs__  # type: ignore[attr-defined]
        )
        return f"{type(self).__name__}({fields})"
