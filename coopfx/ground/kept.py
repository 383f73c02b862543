"""Answers that need not be worked out twice, each under the fingerprint of the code that made it.

``parts`` are what an answer rests on beside the code: texts, names, options.
"""

import pickle
from collections.abc import Callable
from typing import TypeVar, cast

from coopfx.ground import cache
from coopfx.ground.code import fingerprint

T = TypeVar("T")
Part = str | bytes


def recall(kind: str, *parts: Part) -> object:
    """The value that the same code has kept for the same parts; None where there is none."""
    data = cache.read(kind, _key(kind, parts))
    if data is None:
        return None
    try:
        found: object = pickle.loads(data)
    except Exception:  # of a library that has changed: it is made anew
        return None
    return found


def keep(value: object, kind: str, *parts: Part) -> None:
    """Keep a value for these parts."""
    cache.write(kind, _key(kind, parts), pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


def remember(make: Callable[[], T], kind: str, *parts: Part) -> T:
    """The value kept for these parts, or else the one that ``make`` returns, which is then kept.

    None is never kept: what could not be made is tried again, and what is wrong with it told again.
    """
    found = recall(kind, *parts)
    if found is not None:
        return cast(T, found)
    value = make()
    if value is not None:
        keep(value, kind, *parts)
    return value


def _key(kind: str, parts: tuple[Part, ...]) -> str:
    return cache.digest(kind, fingerprint(), *parts)
