"""Writes docs/hooks.md, a part for each hook of plugins, and docs/given/, a page for each class that
plugins and scripts are given, from their docstrings.

Run it after a change there: `make hooks`. A test holds the pages against what it would write.
"""

import inspect
import re
from functools import cached_property
from pathlib import Path

import attrs

from coopfx import editing
from coopfx.engine import outcome as out
from coopfx.engine.outcome import Results
from coopfx.ground import facts, report, source
from coopfx.ground.facts import Places, Sheet
from coopfx.ground.words import Words
from coopfx.plugged import hookspecs
from coopfx.scripts.mistakes import PolicyError
from coopfx.scripts.policy import HeldPolicy, HeldYear, Why
from coopfx.scripts.projected import HeldProjection
from coopfx.scripts.tables import Table

PAGE = Path(__file__).parent / "hooks.md"
GIVEN = Path(__file__).parent / "given"
CLASSES: dict[str, tuple[type, ...]] = {
    "outcome": (
        *(out.Outcome, out.Provenance, out.LawUsed, out.Figure, out.Allocation, out.ItemPaid),
        *(out.AccountYear, out.RecordBalances, out.Share, out.PoolYear, out.Verdict, out.Case),
        *(out.IndicatorYear, out.Results),
    ),
    "books": (out.Booked, out.Place),
    "explanation": (out.Explanation,),
    "facts": (facts.Facts, facts.Table, facts.Schema, facts.Field),
    "report": (
        report.Report,
        report.Diagnostic,
        report.Severity,
        source.Span,
        report.Word,
        report.Said,
    ),
    "words": (Words,),
    "editing": (
        *(editing.Edited, editing.Token, editing.Clause, editing.Known, editing.Expected),
        editing.Mend,
    ),
    "scripts": (HeldPolicy, HeldYear, HeldProjection, Why, Table, PolicyError),
}
"""What each page of docs/given/ describes."""
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
    lines = []
    for name, item in vars(sort).items():
        if name.startswith("_") or isinstance(item, type):
            continue
        said = _said(inspect.getdoc(item) or "")
        if inspect.isfunction(item) and item.__module__ == sort.__module__:
            lines.append(f"- `{name}{_signature(item)}`: {said}")
        elif isinstance(item, property | cached_property):
            lines.append(f"- `{name}`: {said}")
    return lines


def _said(doc: str) -> str:
    """A docstring inside a list, without its example."""
    text = _text(doc.partition("\n>>>")[0].rstrip())
    return text.replace("\n\n", " ").replace("\n", " ")


def given(name: str) -> str:
    """The page of a class that plugins and scripts are given, with those that it holds."""
    classes = CLASSES[name]
    head = f"""# {classes[0].__name__}

Written from the docstrings by `make hooks`. Contract {hookspecs.CONTRACT} of [plugins](../hooks.md)
covers it."""
    parts = []
    for sort in classes:
        doc = inspect.getdoc(sort) or ""
        said = (
            [_text(doc.partition("\n>>>")[0].rstrip())] if not doc.startswith(sort.__name__) else []
        )
        if attrs.has(sort):
            fields = [item for item in attrs.fields(sort) if not item.name.startswith("_")]
            said += ["\n".join(["```text", *map(_field, fields), "```"])]
        elif issubclass(sort, tuple):
            said += ["\n".join(["```text", *sort._fields, "```"])]  # type: ignore[attr-defined]
        said += ["\n".join(_methods(sort))] if _methods(sort) else []
        module = sort.__module__
        parts.append("\n\n".join([f"## `{sort.__name__}`", f"From `{module}`.", *said]))
    return "\n\n".join([head, *parts]) + "\n"


def _signature(function: object) -> str:
    said = str(inspect.signature(function)).replace("(self, ", "(").replace("(self)", "()")  # type: ignore[arg-type]
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
    GIVEN.mkdir(exist_ok=True)
    for one in CLASSES:
        (GIVEN / f"{one}.md").write_text(given(one), encoding="utf-8", newline="\n")
