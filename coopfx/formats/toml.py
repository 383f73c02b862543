"""TOML: a cooperative's own figures, balances and decisions, and a policy's settings.

A money amount is a string or an integer. A TOML float is refused, because most readers of TOML would
round it; numbers that are no whole are strings too: ``"2.5"``, ``"92 %"``.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from coopfx.ground.report import Report
from coopfx.ground.source import Source, Span

LARGEST_FILE = 4_000_000
TABLES = ("balances", "between", "decisions", "previous")
"""The tables of a cooperative's own year."""
_PART = r"""(?:"[^"]*"|'[^']*'|[^\s."'\[\]=#]+)"""
_KEY = rf"{_PART}(?:\s*\.\s*{_PART})*"
_LINE = re.compile(rf"^\s*(?:\[{{1,2}}\s*(?P<table>{_KEY})\s*\]|(?P<key>{_KEY})\s*=)")


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


def read(path: Path, report: Report, over: str | None = None) -> Document | None:
    """Read a TOML file, or what lies over it; None, and told (D710, D714, D716), where it is none."""
    start = Span(str(path), 1, 1, 1, 1)
    try:
        if over is None and path.stat().st_size > LARGEST_FILE:
            report.tell("D714", start, most=LARGEST_FILE)
            return None
        text = path.read_bytes().decode("utf-8-sig") if over is None else over
    except UnicodeDecodeError:
        report.tell("D716", start)
        return None
    except OSError as error:
        report.tell("P901", None, path=str(path), reason=error.strerror or "", nearest="")
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


def with_values(text: str, values: Mapping[str, tuple[Any, str]]) -> str:
    """A TOML text with values in it: in the place of those it has, new ones below a remark each.

    All else stays as it is. Values stand before the first table, as those of no table do.

    >>> print(with_values("a = 1  # one\\n", {"a": (2, "A?"), "b c": ("x", "B?")}), end="")
    a = 2  # one
    <BLANKLINE>
    # B?
    "b c" = "x"
    """
    import tomlkit

    document = tomlkit.parse(text.replace("\r\n", "\n"))
    new = {key: one for key, one in values.items() if key not in document}
    for key, (value, _) in values.items():
        if key not in new and document[key] != value:
            document[key] = value
    lines = []
    for key, (value, remark) in new.items():
        own = tomlkit.document()
        own.add(tomlkit.comment(" ".join(remark.split())))
        own.add(tomlkit.key(key), tomlkit.item(value))
        lines.append(own.as_string())
    written = document.as_string()
    table = next((found for found in re.finditer(r"(?m)^\s*\[", written)), None)
    at = len(written) if table is None else table.start()
    head, tail = written[:at].rstrip("\n"), written[at:].lstrip("\n")
    written = "\n\n".join(part.rstrip("\n") for part in (head, *lines, tail) if part) + "\n"
    return written.replace("\n", "\r\n") if "\r\n" in text else written


def with_tables(
    text: str, tables: Mapping[str, Mapping[str, Any]], *, anew: Collection[str] = ()
) -> str:
    """A TOML text in which tables say what is given; what stands by hand, and its remarks, stays.

    A key that a table has already keeps its line, but where its value is another now. Those that are
    written ``anew`` lose what is not given.

    >>> print(with_tables("# mine\\n", {"a b.csv": {"record": "person", "columns": {"No": "id"}}}), end="")
    # mine
    <BLANKLINE>
    ["a b.csv"]
    record = "person"
    <BLANKLINE>
    ["a b.csv".columns]
    No = "id"
    """
    import tomlkit

    document = tomlkit.parse(text.replace("\r\n", "\n"))
    for name, table in tables.items():
        if name not in document:
            if document.as_string().strip():
                document.add(tomlkit.nl())
            document.add(tomlkit.key(name), _table(table))
        else:
            if name in anew:
                _leave_out(document[name], table)
            _merge(document[name], table)
    written = document.as_string()
    return written.replace("\n", "\r\n") if "\r\n" in text else written


def _table(given: Mapping[str, Any]) -> Any:
    """A table as it is laid out: plain lines, then tables in it, whose own tables stand on one line."""
    import tomlkit

    table = tomlkit.table()
    for key, value in given.items():
        if not isinstance(value, Mapping):
            table.append(tomlkit.key(key), value)
    for key, value in given.items():
        if isinstance(value, Mapping):
            inner = tomlkit.table()
            for name, one in value.items():
                inner.append(tomlkit.key(name), _inline(one))
            table.append(tomlkit.key(key), inner)
    return table


def _inline(value: Any) -> Any:
    import tomlkit

    if not isinstance(value, Mapping):
        return value
    table = tomlkit.inline_table()
    for key, one in value.items():
        table.append(tomlkit.key(key), _inline(one))
    return table


def with_keys(text: str, keys: Collection[str]) -> str:
    """A TOML text with no other keys and tables than these.

    >>> with_keys("a = 1\\nb = 2\\n[c]\\nd = 3\\n", ("a",))
    'a = 1\\n'
    """
    import tomlkit

    document = tomlkit.parse(text)
    for key in [one for one in document if one not in keys]:
        del document[key]
    return document.as_string()


def _leave_out(there: Any, given: Mapping[str, Any]) -> None:
    """Take out of a table, and of those in it, the keys that are not given."""
    for key in [one for one in there if one not in given]:
        del there[key]
    for key, value in given.items():
        if key in there and isinstance(value, Mapping) and isinstance(there[key], Mapping):
            _leave_out(there[key], value)


def _merge(there: Any, given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        if key not in there:
            whole = isinstance(value, Mapping) and all(
                not isinstance(one, Mapping) for one in there.values()
            )
            there[key] = _inline(value) if whole else value
        elif isinstance(value, Mapping) and isinstance(there[key], Mapping):
            _merge(there[key], value)
        elif there[key] != value:
            there[key] = value


def apart(said: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What is said, without what another says alike."""
    found: dict[str, Any] = {}
    for key, value in said.items():
        there = other.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            rest = {name: one for name, one in value.items() if there.get(name) != one}
            found |= {key: rest} if rest else {}
        elif value != there:
            found[key] = value
    return found


def _lines(text: str) -> dict[tuple[str, str], int]:
    lines: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.match(line)
        if match and match["table"]:
            table = _unquoted(match["table"])
            first = _unquoted(re.findall(_PART, match["table"])[0])
            for branch in (table, first, table.partition(".")[0]):
                lines.setdefault((branch, ""), number)
        elif match:
            lines.setdefault((table, _unquoted(match["key"])), number)
    return lines


def _unquoted(key: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(_PART, key))
