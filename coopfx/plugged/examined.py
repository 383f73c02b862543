"""What a plugin declares, looked at before any of it is used: a slip is a refusal that says what it is."""

import re
from collections.abc import Callable
from typing import Any

from attrs import fields

from coopfx.ground.report import Argument, Said
from coopfx.ground.words import nearest
from coopfx.plugged.hookspecs import HOOKS, Command, Declaration, Reader, TableFormat

_NAME = re.compile(r"\w[\w-]*(\.\w[\w-]*)*")
_SUFFIX = re.compile(r"[\w?#*]*(\.\w+)+|\w*[?#][\w?#]*")
"""How names of files end: with a dot, or with a ``?`` or ``#`` for each sign or digit that may be any."""
_MARK, _SPECIFIED = "coopfx_impl", "coopfx_spec"
"""What pluggy leaves on a function that is marked with ``@hookimpl``, or specifies a hook."""


class RefusedError(Exception):
    """Why a plugin is not taken: a phrase of the word files, and its arguments."""

    def __init__(self, problem: str, **arguments: Argument) -> None:
        super().__init__(problem)
        self.said = Said(f"plugins.problem.{problem}", arguments)


def look_for_slips(module: Any) -> None:
    """Refuse hooks whose name is none, and functions that lack the mark: both would bring nothing.

    A function may be called otherwise and say by ``specname`` which hook it is, and by ``optionalhook``
    that its hook may be one of another coopfx.
    """
    for name in dir(module):
        value = getattr(module, name)
        if hasattr(value, _SPECIFIED):  # imported with the rest of hookspecs
            continue
        options = getattr(value, _MARK, None)
        marked = isinstance(options, dict)
        if isinstance(options, dict):
            if options.get("optionalhook"):
                continue
            name = options.get("specname") or name
        if name not in HOOKS and (marked or (name.startswith("coopfx_") and callable(value))):
            near = nearest(name, HOOKS)
            raise RefusedError("misspelt" if near else "unknown", hook=name, nearest=near)
        if name in HOOKS and not marked:
            raise RefusedError("unmarked", hook=name)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, (*value, *value.values())))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _may_lack(value: object) -> bool:
    return value is None or callable(value)


_FITS: dict[str, Callable[[object], bool]] = {
    "contract": _is_whole,
    "most": _is_whole,
    **dict.fromkeys(("personal", "naming"), lambda value: isinstance(value, bool)),
    "words": _are_texts,
    "texts": _are_texts,
    **dict.fromkeys(
        ("suffixes", "beside"),
        lambda value: isinstance(value, tuple) and all(map(_is_text, value)),
    ),
    **dict.fromkeys(("read", "write", "run"), callable),
    **dict.fromkeys(("anonymous", "find", "knows"), _may_lack),
}
"""What each part of a declaration must be, where it is no text."""


def examine(item: object, hook: str, sort: type[Declaration]) -> None:
    """Refuse what is not the declaration that a hook returns, or bears no name that could be asked for."""
    if not isinstance(item, sort):
        raise RefusedError(
            "declaration", hook=hook, expected=sort.__name__, found=type(item).__name__
        )
    for name, value in ((one.name, getattr(item, one.name)) for one in fields(sort)):
        if not _FITS.get(name, _is_text)(value):
            raise RefusedError("field", hook=hook, field=name, found=type(value).__name__)
    if not _NAME.fullmatch(item.name):
        raise RefusedError("name", hook=hook, found=str(item.name)[:60])
    if isinstance(item, Reader):
        amiss = [end for end in item.suffixes if not _SUFFIX.fullmatch(end)]
        if amiss or not item.suffixes:
            raise RefusedError("suffix", hook=hook, found=str(amiss[0] if amiss else ""))
    if isinstance(item, TableFormat) and not re.fullmatch(r"(\.\w+)+", item.suffix):
        raise RefusedError("suffix", hook=hook, found=str(item.suffix)[:60])
    if isinstance(item, Command) and not re.fullmatch(r"[\w.]+:\w+", item.target):
        raise RefusedError("target", hook=hook, found=str(item.target)[:60])
