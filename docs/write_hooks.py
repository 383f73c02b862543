"""Writes docs/hooks.md, a part for each hook of plugins, from the docstrings of its module.

Run it after a change there: `make hooks`. A test holds the page against what it would write.
"""

import inspect
import re
from pathlib import Path

import attrs

from coopfx.engine.outcome import Results
from coopfx.ground.facts import Places, Sheet
from coopfx.plugged import hookspecs

PAGE = Path(__file__).parent / "hooks.md"
HEAD = """# The hooks

What a plugin may bring, and how. This page is written from the docstrings of
`coopfx/plugged/hookspecs.py` by `make hooks`; [writing-a-plugin.md](writing-a-plugin.md) shows a
whole plugin.

| hook | returns |
| --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = [
        f"| [`{hook}`](#{hook}) | `{sort.__name__}` |" for hook, sort in hookspecs.HOOKS.items()
    ]
    parts = [_part(hook, sort) for hook, sort in hookspecs.HOOKS.items()]
    shared = ["## What a reader returns", "", _class(Sheet), "", _class(Places), ""]
    shared += ["## What a writer is given", "", _class(Results), "", *_methods(Results)]
    general = _text(inspect.getdoc(hookspecs) or "").partition("\n\n")[2]
    head = HEAD + "\n".join(rows)
    return "\n\n".join([head, general, *parts, "\n".join(shared)]) + "\n"


def _part(hook: str, sort: type) -> str:
    said = _text(inspect.getdoc(getattr(hookspecs, hook)) or "")
    return f"## `{hook}`\n\n{said}\n\n{_class(sort)}"


def _class(sort: type) -> str:
    lines = [f"**`{sort.__name__}`.** {_text(inspect.getdoc(sort) or '')}"]
    if attrs.has(sort):
        lines += ["", "```text", *map(_field, attrs.fields(sort)), "```"]
    return "\n".join(lines)


def _methods(sort: type) -> list[str]:
    """What a class answers, a line each."""
    found = [item for name, item in vars(sort).items() if inspect.isfunction(item)]
    return [
        f"- `{item.__name__}{_signature(item)}`: {_text(inspect.getdoc(item) or '')}"
        for item in found
        if item.__module__ == sort.__module__ and not item.__name__.startswith("_")
    ]


def _signature(function: object) -> str:
    said = str(inspect.signature(function)).replace("(self, ", "(")  # type: ignore[arg-type]
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", said)


def _field(item: "attrs.Attribute[object]") -> str:
    sort = item.type if isinstance(item.type, str) else inspect.formatannotation(item.type)
    sort = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", str(sort)).replace("'", "")
    default = item.default
    if default is attrs.NOTHING:
        return f"{item.name}: {sort}"
    shown = "empty" if isinstance(default, attrs.Factory) else repr(default)  # type: ignore[arg-type]
    return f"{item.name}: {sort} = {shown}"


def _text(doc: str) -> str:
    return doc.replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
