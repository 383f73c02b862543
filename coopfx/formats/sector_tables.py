"""The tables of a federation's run as its reader's spreadsheet opens them: names, numbers, heads.

The tables themselves are for programs: canonical names, points between decimals, fractions as ``p/q``.
Here a name is what people call it, a number is one that the spreadsheet adds up, and all else is text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from coopfx.ground.tables import DATE, MONEY, WHOLE, Cell, Spread
from coopfx.ground.words import Words

_NAMED = ("name", "account", "source", "figure", "from", "to", "pillar")
_CODED = (
    "type",
    "way",
    "book",
    "from_kind",
    "to_kind",
    "strength",
    "unknown",
    "severity",
    "met",
    "kind",
)
_RECORDS = ("record", "from_record", "to_record")
_FIGURES = ("exact", "left", "right", "margin", "target")
"""The columns in which a number is written as it is exactly, whatever it counts."""
_CODE = "federation.code."


def spread_of(
    name: str,
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, str | None]],
    words: Words,
    *,
    exact: bool = False,
) -> Spread:
    """A table in the language of the words; ``exact`` adds each fraction as it is, as a text.

    ``columns`` has the sort of each column by its name.
    """
    fractions = [one for one in columns if exact and one in _FIGURES]
    heads = [_head(name, one, words) for one in columns]
    heads += [
        words.phrase("federation.exactly", column=_head(name, one, words)) for one in fractions
    ]
    made = tuple(_rows(name, columns, fractions, rows, words))
    return Spread(words.phrase(f"federation.table.{name}"), heads, made)


def _rows(
    name: str,
    columns: Mapping[str, str],
    fractions: Sequence[str],
    rows: Iterable[Mapping[str, str | None]],
    words: Words,
) -> Iterator[list[Cell]]:
    for row in rows:
        cells = [_cell(name, one, sort, row[one], words) for one, sort in columns.items()]
        # A number with so many decimals is exact as it is.
        yield [*cells, *(text if "/" in (text := row[one] or "") else None for one in fractions)]


def _head(table: str, column: str, words: Words) -> str:
    """What a column is called; the same name may say another thing in one table."""
    own = words.phrases.get(f"federation.head.{table}_{column}")
    return own or words.phrase(f"federation.head.{column}")


def _cell(table: str, column: str, sort: str, text: str | None, words: Words) -> Cell:
    """A cell as its reader takes it."""
    if text is None or text == "":
        return None
    if sort == MONEY or column in _FIGURES:
        return _number(text, words)
    if sort in (WHOLE, DATE):
        return int(text) if sort == WHOLE else date.fromisoformat(text)
    if column == "rule":
        return words.phrases.get(f"rule.{text}") or words.label(text)
    if column == "status":
        key = f"status.{text.replace('_', ' ')}"
        return words.phrases.get(key) or _coded(text, words)
    if column == "relation":
        return words.phrase(f"relation.{text}")
    if column in _CODED:
        return _coded(text, words)
    if column in _RECORDS:
        return words.word(text)
    if column in _NAMED and not (table == "runs" and column == "name"):
        return words.label(text)
    return text


def _number(text: str, words: Words) -> Cell:
    """A number, or yes or no; any other text as it stands."""
    if text in ("yes", "no"):
        return words.phrase(f"value.{text}")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text


def _coded(text: str, words: Words) -> str:
    """A word that tables have for programs, as people say it; a unit and other texts as they stand."""
    return words.phrases.get(f"{_CODE}{text.replace(' ', '_').replace('/', '_')}", text)
