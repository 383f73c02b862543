"""What stands in one cell of a data file, read as a fact: shared by all the formats that are tables."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import frozen

from coopfx.formats.notation import (
    COMPUTED,
    FINER,
    ORDERS,
    OUTSIDE,
    PERCENT,
    TWO_DAYS,
    TWO_WAYS,
    WRONG,
    Amiss,
    Style,
    Written,
    figure,
    in_two_ways,
)
from coopfx.formats.rows import bare
from coopfx.ground.exact import (
    DAY,
    HOUR,
    MONTH,
    Kind,
    Known,
    Type,
    Unit,
    currency_of,
    decimals_of,
    money,
    quantity,
    quotients,
    signs_of,
)
from coopfx.ground.facts import COOPERATIVE, Field, Schema
from coopfx.ground.report import Report, Said, Word
from coopfx.ground.source import Span
from coopfx.ground.words import HARD_SPACES, Words, nearest

NOUGHT = Fraction(0)
MOST_MISTAKES = 200
"""After so many mistakes the rest of a table is left unread."""

# The words of a language for each unit of time that a fact may be in, and how many of it they are.
_TIMES = {MONTH: {"MONTHS": 1, "YEARS": 12}, DAY: {"DAYS": 1}, HOUR: {"HOURS": 1}}
_TIMED = re.compile(rf"(?P<number>.*\d)[ {HARD_SPACES}]*(?P<unit>[^\W\d_]+)")
_DAY = re.compile(
    r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})"
    r"(?:[T ]+(?:\d{1,2}[:hH]\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:?\d\d| ?[AaPp]\.?[Mm]\.?)?)?)?"
)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:er|st|nd|rd|th|º|°|\.)?[\s-]+(?:de\s+)?(?P<month>[^\W\d_]+)\.?"
    r"|(?P<first>[^\W\d_]+)\.?[\s-]+(?P<second>\d{1,2})(?:st|nd|rd|th)?,?)"
    r"[\s-]+(?:del?\s+)?(?P<year>\d{4})"
)
_CLOCK = re.compile(
    r"(?P<sign>-?)(?P<hours>\d{1,6})(?::| ?[hH] ?)(?P<minutes>[0-5]\d)"
    r"(?::(?P<seconds>[0-5]\d)| ?mi?n\.?)?"
)
# What a spreadsheet shows in place of a value, in any of its languages: `#DIV/0!`, `#¿NOMBRE?`, `Err:502`.
_ERROR = re.compile(rf"#[¡¿]?[A-ZÀ-Ý][A-ZÀ-Ý0-9/_]*[ {HARD_SPACES}]?[!?]|#N/[AD]|Err:\d{{3}}")
_BARE = re.compile(rf"[-+(\u2212]?[\d.,'\u2019 {HARD_SPACES}]*\d[-)\u2212]?")
_CENTURY = 30
"""Of two digits for a year, from this number on the last century is meant, as spreadsheets have it."""
_DASHES = {"-", "--", "\u2013", "\u2014", "\u2212"}
_LONGEST_ABSENT = 8
_SIGNS_OF_YES = {"true", "1", "x", "\u2713", "\u2714", "\u2611"}
_SIGNS_OF_NO = {"false", "0", "\u2717", "\u2718", "\u2610"}


# The files of a year's folder, by the record they hold; another record's file is named after it.
_FILES = {"person": "people", "team": "teams", "subsidiary": "subsidiaries"}


def file_of(record: str | None) -> str:
    """The file of a year's folder that holds a sort of record, or the cooperative's own figures."""
    return "cooperative.toml" if record is None else f"{_FILES.get(record, record)}.csv"


def record_named(path: Path, ending: str, schema: Schema, report: Report) -> str | None:
    """The record that a table's file is named after, or that the year says it holds.

    None where that is nothing which the statute or the prelude declares, which is told (D718).
    """
    known = {
        file_of(record).removesuffix(".csv") + ending: record
        for record in (*schema.records, COOPERATIVE)
    }
    record = schema.files.get(path.name) or known.get(path.name) or schema.otherwise or None
    if record is None:
        near = nearest(path.name, known)
        report.tell("D718", None, path=str(path), nearest=near, known=tuple(sorted(known)))
    return record


@frozen(slots=True)
class Place:
    """A cell: how to find its place, the name of its column, the record of its row."""

    locate: Callable[[], Span]
    name: str
    record: str = ""


def money_type(currency: str) -> Type:
    """The type of an amount in a currency."""
    return quantity(money(currency))


def canonical(name: str, known: Mapping[str, Any], words: list[Words]) -> str | None:
    """The canonical name among the known that a column's name stands for in any language."""
    spoken = " ".join(name.split())
    name = spoken.replace(" ", "_")
    figures = (language.figure(spoken) for language in words)
    for candidate in (name, *(language.canonical(name) for language in words), *figures):
        if candidate in known:
            return candidate
    folded = name.casefold()
    for language in words:
        if language.canonical(folded) in known:
            return language.canonical(folded)
    return None


def nearest_form(
    name: str, known: Iterable[str], words: list[Words], others: Iterable[str] = ()
) -> str:
    """What a misspelt name may have meant: a known name as the first language that has one writes it."""
    names, more = list(known), list(others)
    found = (nearest(name, [*(language.word(item) for item in names), *more]) for language in words)
    return next(filter(None, found), "")


def usual(words: Words, delimiter: str) -> str:
    """The sign by which a file parts decimals where its numbers do not show it.

    What parts the cells cannot be what parts decimals, unless a cell stands in quotation marks.
    """
    sign = words.numbers["decimal"]
    return "" if sign == delimiter else sign


def days_of(texts: Iterable[str]) -> str:
    """The order of day, month and year that alone fits every day of a column; empty where two do.

    >>> days_of(["03/04/2024", "31/12/2024"]), days_of(["03/04/2024"])
    ('dmy', '')
    """
    fits = dict.fromkeys(ORDERS, True)
    same = True
    for text in texts:
        found = _DAY.fullmatch(text.strip())
        if found is None or len(found[1]) > 2 or len(found[4]) not in (2, 4) or found[2] == ".":
            continue
        same = same and found[1].zfill(2) == found[3].zfill(2)
        for order in ORDERS:
            fits[order] = fits[order] and _day(found, order) is not None
    left = [order for order in ORDERS if fits[order]]
    return left[0] if len(left) == 1 or same else ""


def _day(found: re.Match[str], order: str) -> date | None:
    parts = dict(zip(order, (found[1], found[3], found[4]), strict=True))
    if len(parts["y"]) == 2 and found[2] in "/.":
        parts["y"] = ("19" if int(parts["y"]) >= _CENTURY else "20") + parts["y"]
    if len(parts["y"]) != 4 or len(parts["d"]) > 2:
        return None
    try:
        return date(*(int(parts[part]) for part in "ymd"))
    except ValueError:
        return None


def usual_days(words: Words) -> str:
    """The order of day, month and year that all who write a language use; empty where they use two."""
    return words.phrases["days.usual"]


def short_year(texts: Iterable[str]) -> str:
    """A day of a column whose year has two digits; empty where there is none."""
    found = ((text, _DAY.fullmatch(text.strip())) for text in texts)
    return next((text for text, one in found if one and len(one[4]) == 2 and len(one[1]) < 3), "")


def mixes_durations(texts: Iterable[str]) -> str:
    """A number of a column that has durations such as ``1607:00`` too; empty where it is of one kind.

    >>> mixes_durations(["1607:00", "803,5"]), mixes_durations(["1607:00", ""])
    ('803,5', '')
    """
    clocks, numbers = False, ""
    for text in texts:
        plain = text.strip()
        if _CLOCK.fullmatch(plain):
            clocks = True
        elif not numbers and _BARE.fullmatch(plain):
            numbers = plain
    return numbers if clocks else ""


def tell_elsewhere(
    name: str, record: str | None, schema: Schema, words: list[Words], place: Span, report: Report
) -> bool:
    """Whether a name is a figure of another sort of record, which is then told (D726)."""
    others = {item.name: item for item in schema.fields if item.record != record}
    found = canonical(name, others, words)
    if found is None:
        return False
    owner = others[found].record
    # An author who left out whose figure it is meant each one's.
    own = record if owner is None and not any(one.is_standard(name) for one in words) else None
    report.tell(
        "D726",
        place,
        name=name[:60],
        record=Said("record.each", {"record": Word(owner)})
        if owner
        else Said("record.cooperative"),
        file=file_of(owner),
        expected=Word(own) if own else "",
    )
    return True


def value(
    text: str, field: Field, words: list[Words], place: Place, style: Style, report: Report
) -> Known | None:
    """A cell's text as a fact; None where it is empty, or is told to be amiss."""
    found = read(text, field, words, style)
    if isinstance(found, Amiss):
        say(found, text, field, place, report)
        return None
    return found


def read(text: str, field: Field, words: list[Words], style: Style) -> Known | Amiss | None:
    """A cell's text as a fact, what is amiss with it, or None where it is empty."""
    text = text.strip().strip(HARD_SPACES)
    if not text or text in _DASHES:
        return None
    short = text.casefold() if len(text) <= _LONGEST_ABSENT else ""
    if short and any(short in one.phrases["answer.absent"].split() for one in words):
        return None
    match field.type.kind:
        case Kind.TEXT | Kind.LINK:
            return WRONG if is_error(text) else text
        case Kind.DATE:
            return _date(text, words, style)
        case Kind.YES_NO:
            answer = _yes_no(text.casefold(), words)
            return WRONG if answer is None else answer
        case Kind.QUANTITY:
            return _quantity(text, field, words, style)


def is_blank(text: str) -> bool:
    """Whether a cell has nothing in it, or a dash.

    >>> is_blank(" - "), is_blank("0")
    (True, False)
    """
    plain = text.strip().strip(HARD_SPACES)
    return not plain or plain in _DASHES


def is_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows in place of a value.

    >>> is_error("#DIV/0!"), is_error("#N/A"), is_error("#12")
    (True, True, False)
    """
    return _ERROR.fullmatch(text) is not None


def most_decimals(field: Field) -> int:
    """How many decimals a fact may have that is written plainly."""
    currency = currency_of(field.type.unit) if field.paid else None
    return decimals_of(currency) if currency else 0 if field.type.whole else 30


def quantities(
    written: Written, field: Field, words: list[Words], style: Style
) -> list[Known | Amiss | None]:
    """A column's numbers as facts, what is amiss with them, or None where a cell is empty.

    The plain ones are read all at once; ``read`` is for whatever else there is, or lies outside the
    fact's domain.
    """
    above, below = written.plain(style, most_decimals(field))
    left = {place for place, one in enumerate(below) if not one} if 0 in below else set[int]()
    left.update(_beyond(above, below, field.low, -1))
    left.update(_beyond(above, below, field.high, 1))
    for place in left:
        below[place] = 1
    values: list[Known | Amiss | None] = [*quotients(above, below)]
    others: dict[str, Known | Amiss | None] = {}
    for place in left:
        text = written.texts[place]
        if text not in others:
            others[text] = read(text, field, words, style)
        values[place] = others[text]
    return values


def _beyond(above: list[int], below: list[int], bound: Fraction | None, side: int) -> Iterable[int]:
    """The places of the quotients that lie beyond a bound: above it (1), or under it (-1)."""
    if bound is None or (bound == 0 and side < 0 and min(above, default=0) >= 0):
        return ()
    up, down = side * bound.numerator, side * bound.denominator
    pairs = enumerate(zip(above, below, strict=True))
    return (at for at, (one, other) in pairs if one * down > up * other)


def say(amiss: Amiss, text: str, field: Field, place: Place, report: Report) -> None:
    """Tell what is amiss with a cell."""
    span, name, record = place.locate(), place.name, place.record
    found = text.strip().strip(HARD_SPACES)[:60]
    currency = currency_of(field.type.unit)
    most = decimals_of(currency) if currency else 0
    match amiss.code:
        case "D703":
            example, type_ = how_to_write(field.type), field.type
            report.tell(
                "D703", span, name=name, record=record, found=found, type=type_, example=example
            )
        case "D720":
            report.tell("D720", span, name=name, record=record, found=found, most=most)
        case "D739":
            report.tell("D739", span, name=name, record=record, found=found, most=most)
        case "D725":
            report.tell("D725", span, name=name, found=found)
        case "D738":
            report.tell("D738", span, name=name, record=record, found=found)
        case "D761":
            report.tell("D761", span, name=name, record=record, found=found)
        case _:
            domain = field.domain()
            report.tell("D704", span, name=name, record=record, found=found, domain=domain)


def decided(texts: Sequence[str], field: Field, style: Style) -> str:
    """A cell of a column that could be read in two ways, and that the others decided about; or empty."""
    if field.type.kind is Kind.DATE and style.days:
        for text in texts:
            found = _DAY.fullmatch(text.strip())
            if found is None or len(found[1]) == 4 or found[2] == ".":
                continue
            if style.usual:
                return ""
            days = {_day(found, order) for order in ORDERS}
            if len(days) > 1 and None not in days:
                return text
        return ""
    return in_two_ways(texts, style) if field.type.kind is Kind.QUANTITY else ""


def how_to_write(type_: Type) -> Said:
    """An example of how a fact of a type is written."""
    if type_.kind is not Kind.QUANTITY:
        return Said(f"write.{type_.kind.value}")
    if currency_of(type_.unit):
        return Said("write.money")
    if len(type_.unit) == 1 and type_.unit[0][0] in ("month", "day", "hour"):
        return Said(f"write.{type_.unit[0][0]}")
    return Said("write.whole" if type_.whole else "write.number")


def _date(text: str, words: list[Words], style: Style) -> date | Amiss:
    try:
        return date.fromisoformat(text)
    except ValueError:
        found = _DAY.fullmatch(text)
    if found is None:
        return _with_month_name(text, words)
    if len(found[1]) == 4:
        day = _day(found, "ymd")
    elif found[2] == "." or style.days:
        day = _day(found, "dmy" if found[2] == "." else style.days)
    else:
        return TWO_DAYS if all(_day(found, order) for order in ORDERS) else WRONG
    return WRONG if day is None else day


def _with_month_name(text: str, words: list[Words]) -> date | Amiss:
    """A day whose month stands in words: `3 avril 2024`, `15-Jan-2024`, `April 3rd, 2024`."""
    found = _NAMED.fullmatch(text)
    name = found and (found["month"] or found["first"])
    months = {number for one in words if name and (number := _month(name, one))}
    if found is None or len(months) != 1:
        return WRONG
    day = _day_of(found["year"], months.pop(), found["day"] or found["second"])
    return WRONG if day is None else day


def _month(name: str, words: Words) -> int:
    """The month that a word, or the beginning of one, means; 0 where it means none, or could be two."""
    own = bare(name)
    names = words.phrases["known_as.month_names"].split()[:12]
    found = [number for number, one in enumerate(names, 1) if bare(one).startswith(own)]
    return found[0] if len(found) == 1 and len(own) > 2 else 0


def _day_of(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _yes_no(text: str, words: list[Words]) -> bool | None:
    if text in _SIGNS_OF_YES or text in _SIGNS_OF_NO:
        return text in _SIGNS_OF_YES
    for language in words:
        if text in language.keywords["YES"] or text in language.phrases["answer.yes"].split():
            return True
        if text in language.keywords["NO"] or text in language.phrases["answer.no"].split():
            return False
    return None


def _quantity(text: str, field: Field, words: list[Words], style: Style) -> Fraction | Amiss:
    unit = field.type.unit
    currency = currency_of(unit)
    found = _number(text, field.type, currency, words, style)
    if isinstance(found, Amiss):
        return found
    if currency and field.paid:
        decimals = decimals_of(currency)
        if (found * 10**decimals).denominator != 1:
            computed = len(re.split("[.,]", text)[-1]) > decimals + 2
            return COMPUTED if computed else FINER
    if not text.endswith("%") and field.lacks_percent(found):
        return PERCENT
    return found if field.admits(found) else OUTSIDE


def _number(
    text: str, type_: Type, currency: str | None, words: list[Words], style: Style
) -> Fraction | Amiss:
    if text.endswith("%") and not type_.unit:
        number = figure(text[:-1].strip().strip(HARD_SPACES), style)
        return number if isinstance(number, Amiss) else number / 100
    clock = _CLOCK.fullmatch(text)
    if clock and type_.unit == HOUR:
        seconds = 60 * int(clock["minutes"]) + int(clock["seconds"] or 0)
        hours = int(clock["hours"]) + Fraction(seconds, 3600)
        return -hours if clock["sign"] else hours
    timed = _TIMED.fullmatch(text)
    if timed and type_.unit in _TIMES:
        factor = _factor(timed["unit"].casefold(), type_.unit, words)
        number = figure(timed["number"], style)
        if factor is None or isinstance(number, Amiss):
            return number if isinstance(number, Amiss) else WRONG
        return number * factor
    number = figure(_without_currency(text, currency), style)
    if number is TWO_WAYS and currency and decimals_of(currency) < 3:
        return FINER
    return number


def _without_currency(text: str, currency: str | None) -> str:
    for sign in (currency, *signs_of(currency)) if currency else ():
        if text.endswith(sign):
            text = text.removesuffix(sign).strip().strip(HARD_SPACES)
        elif text.startswith(sign):
            text = text.removeprefix(sign).strip().strip(HARD_SPACES)
        elif text.startswith(f"({sign}") and text.endswith(")"):
            text = "(" + text.removeprefix(f"({sign}").strip().strip(HARD_SPACES)
        elif text.startswith("(") and text.endswith(f"{sign})"):
            text = text.removesuffix(f"{sign})").strip().strip(HARD_SPACES) + ")"
        elif sign and text.startswith(("-" + sign, "\u2212" + sign)):
            text = "-" + text[1 + len(sign) :].strip().strip(HARD_SPACES)
    return text


def _factor(word: str, unit: Unit, words: list[Words]) -> int | None:
    """How many of a fact's unit of time one of another is; None where they are not of one family."""
    for terminal, factor in _TIMES[unit].items():
        if any(word in language.keywords[terminal] for language in words):
            return factor
    return 1 if unit == HOUR and word == "h" else None
