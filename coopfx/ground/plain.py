"""What the hundreds of small classes have in common: how they compare, show and are kept.

attrs would generate these methods for each of them at every start of the process; written once here,
they leave it only the constructor, and the command starts a quarter sooner.
"""

from functools import cache
from typing import Any, ClassVar


@cache
def _compared(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in kind.__attrs_attrs__ if one.eq)


def _shown(value: object) -> str:
    """A value as Python writes it; a set in an order of its own, so that what is equal shows the same.

    >>> _shown(frozenset([9, 1])) == _shown(frozenset([1, 9]))
    True
    """
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(sorted(map(repr, value)))}}})"
    return repr(value)


class Plain:
    """The base of frozen attrs classes with ``repr=False, eq=False, getstate_setstate=False``."""

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

    # The state that attrs itself keeps: what an earlier version left in the cache is read too.
    def __getstate__(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in self.__attrs_attrs__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        fields = ", ".join(
            f"{one.name}={_shown(getattr(self, one.name))}" for one in self.__attrs_attrs__
        )
        return f"{type(self).__name__}({fields})"
