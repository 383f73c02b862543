"""What the hundred small classes of the language have in common: how they compare and how they show.

attrs would generate these methods for each of them at every start of the process; written once here,
they leave it only the constructor, and the command starts a quarter sooner.
"""

from functools import cache
from typing import Any, ClassVar


@cache
def _compared(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in kind.__attrs_attrs__ if one.eq)


class Plain:
    """The base of frozen attrs classes made with ``repr=False, eq=False``."""

    __slots__ = ()
    __attrs_attrs__: ClassVar[tuple[Any, ...]] = ()

    def _key(self) -> tuple[Any, ...]:
        kind: Any = type(self)
        return tuple([getattr(self, name) for name in _compared(kind)])

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Plain) and type(self) is type(other) and self._key() == other._key()
        )

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def __repr__(self) -> str:
        fields = ", ".join(
            f"{one.name}={getattr(self, one.name)!r}" for one in self.__attrs_attrs__
        )
        return f"{type(self).__name__}({fields})"
