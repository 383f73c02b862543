"""TOML: a cooperative's own figures, balances and decisions, and a policy's settings.

A money amount is a string or an integer. A TOML float is refused, because most readers of TOML would
round it; numbers that are no whole are strings too: ``"2.5"``, ``"92 %"``.
"""

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import Factory, frozen

from coopfx.exact import TEXT, Kind, Known, Type
from coopfx.facts import Field, Schema
from coopfx.formats import cells
from coopfx.report import Report, Word
from coopfx.source import Source, Span
from coopfx.words import Words, flat, nearest

LARGEST_FILE = 4_000_000
_TABLES = ("balances", "decisions", "previous")
_LINE = re.compile(r"^\s*(?:\[{1,2}(?P<table>[^\[\]]+)\]|(?P<key>[^=#\[]+?)\s*=)")


@frozen(slots=True)
class Float:
    """A TOML float, as it was written."""

    text: str


@frozen(slots=True)
class Document:
    """A parsed TOML file, with the line of each key."""

    source: Source
    data: dict[str, Any]
    lines: dict[tuple[str, str], int]

    def place(self, key: str, table: str = "") -> Span:
        """Where a key stands; the first line where that is not known."""
        line = (
            self.lines.get((table, key)) or self.lines.get((f"{table}.{key}".strip("."), "")) or 1
        )
        return self.source.whole_line(line)


def read(path: Path, report: Report) -> Document | None:
    """Read a TOML file; None, and told (D710, D714, D716), where it is none."""
    start = Span(str(path), 1, 1, 1, 1)
    try:
        if path.stat().st_size > LARGEST_FILE:
            report.tell("D714", start, most=LARGEST_FILE)
            return None
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        report.tell("D716", start)
        return None
    except OSError as error:
        report.tell("P901", None, path=str(path), reason=error.strerror or "")
        return None
    source = Source(str(path), text)
    report.read(source)
    try:
        data = tomllib.loads(source.text, parse_float=Float)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        key = _LINE.match(source.line(line))
        if key and re.match(r"Cannot (overwrite|declare)", str(error)):
            name = _unquoted(key["table"] or key["key"])
            report.tell("D715", source.whole_line(line), name=name[:60])
        else:
            span = Span(str(path), line, column, line, column)
            report.tell("D710", span, reason=re.sub(r" \(at .*", "", str(error)))
        return None
    return Document(source, data, _lines(source.text))


def with_table(text: str, name: str, rows: dict[str, dict[str, str]], comment: str) -> str:
    """A TOML text with a table of rows in it, in the place of one of that name or at its end.

    All else stays as it is: comments, spaces, the order of the lines, how they end.
    """
    import tomlkit  # the only writer that keeps a file's layout; needed by one command alone

    document = tomlkit.parse(text.replace("\r\n", "\n"))
    if rows:
        table = tomlkit.table()
        table.comment(comment)
        for key, row in rows.items():
            line = tomlkit.inline_table()
            line.update(row)
            table.append(tomlkit.key(key), line)
        if name not in document and document.as_string().strip():
            document.add(tomlkit.nl())
        document[name] = table
    else:
        document.pop(name, None)
    written = document.as_string()
    return written.replace("\n", "\r\n") if "\r\n" in text else written


def _lines(text: str) -> dict[tuple[str, str], int]:
    lines: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.match(line)
        if match and match["table"]:
            table = _unquoted(match["table"])
            for branch in (table, table.partition(".")[0]):
                lines.setdefault((branch, ""), number)
        elif match:
            lines.setdefault((table, _unquoted(match["key"])), number)
    return lines


def _unquoted(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


@frozen(slots=True)
class Year:
    """A cooperative's own year: what its file says."""

    closing: date
    name: str = ""
    figures: dict[str, Known] = Factory(dict)
    balances: dict[str, Any] = Factory(dict)


def read_year(path: Path, schema: Schema, words: list[Words], report: Report) -> Year | None:
    """Read ``cooperative.toml``: the closing date, the cooperative's facts, ``[balances]``,
    ``[decisions]``, and under ``[previous]`` figures of the year before.

    Names may be in any of the given languages. Every mistake is told; None where there is any that
    leaves the year without its closing date.
    """
    document = read(path, report)
    if document is None:
        return None
    fields = schema.of(None)
    figures: dict[str, Known] = {}
    given: dict[str, Span] = {}
    balances: dict[str, Any] = {}
    closing: date | None = None
    name = ""
    signs = cells.Signs(words[0].numbers["decimal"])
    decisions = {item.name: item for item in schema.decisions}

    def figure(key: str, value: Any, place: Span, known: dict[str, Field]) -> None:
        canonical = cells.canonical(key, known, words)
        if canonical is None:
            _tell_unknown(key, place, schema, words, report, tuple(known))
            return
        if canonical in given:
            report.tell("D715", place, related=(given[canonical],), name=key)
            return
        given[canonical] = place
        read_value = _value(value, known[canonical], _at(place, key), words, signs, report)
        if read_value is not None:
            figures[canonical] = read_value

    for key, value in document.data.items():
        place = document.place(key)
        if key == "closing":
            if type(value) is date:
                closing = value
            else:
                report.tell("D711", place, found=_shown(value))
        elif key == "name":
            if isinstance(value, str):
                name = value
            else:
                _tell_wrong(_at(place, key), value, TEXT, report)
        elif key == "balances" and isinstance(value, dict):
            balances = _balances(document, value, schema, words, signs, report)
        elif key in ("decisions", "previous") and isinstance(value, dict):
            before = "previous " if key == "previous" else ""
            known = decisions if key == "decisions" else fields
            for name_, one in flat(value).items():
                figure(f"{before}{name_}", one, document.place(name_, key), known)
        else:
            figure(key, value, place, fields)
    signs.refuse(report, len(signs.doubtful))
    if closing is None:
        if "closing" not in document.data:
            report.tell("D711", Span(str(path), 1, 1, 1, 1), found="")
        return None
    return Year(closing, name, figures, balances)


def _tell_unknown(
    key: str,
    place: Span,
    schema: Schema,
    words: list[Words],
    report: Report,
    known: tuple[str, ...],
) -> None:
    decided = cells.canonical(key, {item.name: None for item in schema.decisions}, words)
    if decided is not None:
        report.tell("D727", place, name=key)
        return
    defined = cells.canonical(key, dict.fromkeys(schema.defined), words)
    if defined is not None:
        report.tell("D709", place, name=key)
        return
    if cells.tell_elsewhere(key, None, schema, words, place, report):
        return
    others = ("closing", "name", "[balances]", "[decisions]", "[previous]")
    near = _own_key(key, words) or cells.nearest_form(key, known, words, others)
    report.tell("D701", place, name=key[:60], nearest=near)


def _own_key(key: str, words: list[Words]) -> str:
    """The key of this file that a word of some language stands for, which is read in English alone."""
    own = {
        form: f"[{name}]" if name in _TABLES else name
        for language in words
        for name in ("closing", "name", *_TABLES)
        for form in language.phrases.get(f"year.{name}", "").split()
    }
    return own.get(nearest(key.casefold(), own), "")


def _balances(
    document: Document,
    table: dict[str, Any],
    schema: Schema,
    words: list[Words],
    signs: cells.Signs,
    report: Report,
) -> dict[str, Any]:
    accounts = dict.fromkeys(schema.accounts)
    found: dict[str, Any] = {}
    given: dict[str, Span] = {}
    amount = Field("balance", cells.money_type(schema.currency))
    for key, value in flat(table).items():
        place = document.place(key, "balances")
        account = cells.canonical(key, accounts, words)
        if account is None:
            near = cells.nearest_form(key, accounts, words)
            report.tell("D717", place, name=key[:60], nearest=near)
            continue
        branches = [name for name in accounts if name.startswith(account + ".")]
        if branches:
            shown = tuple(Word(name) for name in branches)
            report.tell("D719", place, name=key, branches=shown)
            continue
        if account in given:
            report.tell("D715", place, related=(given[account],), name=key)
            continue
        given[account] = place
        read_value = _value(value, amount, _at(place, key), words, signs, report)
        if read_value is not None:
            found[account] = read_value
    return found


def _at(place: Span, key: str) -> cells.Place:
    return cells.Place(lambda: place, key)


def _value(
    value: Any,
    field: Field,
    place: cells.Place,
    words: list[Words],
    signs: cells.Signs,
    report: Report,
) -> Known | None:
    if isinstance(value, Float) and any(sign.isdigit() for sign in value.text):
        report.tell("D702", place.locate(), name=place.name, found=value.text)
        return None
    if field.type.kind is Kind.DATE and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if field.type.kind is Kind.YES_NO and isinstance(value, bool):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        _tell_wrong(place, value, field.type, report)
        return None
    return cells.value(str(value), field, words, place, signs, report)


def _tell_wrong(place: cells.Place, value: Any, type_: Type, report: Report) -> None:
    report.tell(
        "D703",
        place.locate(),
        name=place.name,
        record="",
        found=_shown(value),
        type=type_,
        example=cells.how_to_write(type_),
    )


def _shown(value: Any) -> str:
    """A value as TOML writes it; of what holds others, only that it does."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return "[…]"
        case dict():
            return "{…}"
        case Float(text):
            return text
        case _:
            return str(value)[:60]
