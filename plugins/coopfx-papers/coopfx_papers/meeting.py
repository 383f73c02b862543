"""What a meeting is to decide beside the year's figures, and who the cooperative is: two small files.

``meeting.toml`` in the year's folder has what no figure of the year tells: who asks to be admitted, who
left, where one meets. What is not in it stays a blank on the papers. ``[papers]`` in the policy's
``coopfx.toml`` has the cooperative's full name, its form and number, its seat and its logo. Keys may be
written in any of the four languages, with or without accents.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from attrs import evolve, fields, frozen

from coopfx.engine.outcome import Results
from coopfx.extending import Document, read_toml
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest

FILE = "meeting.toml"
SETTINGS = "coopfx.toml"
TABLE = "papers"
_WORDS = Path(__file__).parent / "words"
_LOGOS = {".png": "png", ".svg": "svg+xml", ".jpg": "jpeg", ".jpeg": "jpeg"}
_LARGEST_LOGO = 500_000


@frozen
class Entry:
    """A line of a list: somebody or something (``who``), a day, a ground, an amount, whether early."""

    who: str = ""
    on: date | None = None
    ground: str = ""
    amount: Fraction | None = None
    early: bool | None = None
    until: str = ""


@frozen
class Meeting:
    """A meeting as its files tell it; None, or empty, what they do not. An empty list says that there
    is none."""

    day: date | None = None
    hour: str = ""
    place: str = ""
    chair: str = ""
    secretary: str = ""
    convened_on: date | None = None
    convened_by: str = ""
    present: int | None = None
    represented: int | None = None
    non_deductible: Fraction | None = None
    discharge: bool | None = None
    split_decided_on: date | None = None
    agreements: tuple[Entry, ...] | None = None
    candidates: tuple[Entry, ...] | None = None
    exits: tuple[Entry, ...] | None = None
    refunds: tuple[Entry, ...] | None = None
    capital_opening: Fraction | None = None
    capital_subscribed: Fraction | None = None
    conversion: bool | None = None
    mandates: tuple[Entry, ...] | None = None
    reviser: bool | None = None
    participating_securities: bool | None = None
    blocked_until: date | None = None


@frozen
class Identity:
    """Who the cooperative is, as its papers name it; ``logo`` is an address of data, empty without one.

    ``names`` is where its people's names stand.
    """

    name: str = ""
    form: str = ""
    number: str = ""
    seat: str = ""
    logo: str = ""
    names: str = ""


_LISTS = ("agreements", "candidates", "exits", "refunds", "mandates")
_DAYS = ("day", "convened_on", "split_decided_on", "blocked_until", "on")
_AMOUNTS = ("non_deductible", "capital_opening", "capital_subscribed", "amount")
_COUNTS = ("present", "represented")
_YES_NO = ("discharge", "conversion", "reviser", "participating_securities", "early")


def meeting_of(results: Results) -> Meeting:
    """What the year's folder tells of its meeting; what is amiss there is told (W08, E06)."""
    path = results.source / FILE
    if not path.is_file():
        return Meeting()
    document = read_toml(path, results.report)
    return Meeting() if document is None else _filled(Meeting(), document, results.report)


def identity_of(results: Results) -> Identity:
    """Who the cooperative is, by the settings of its policy; its name of the year where they say none."""
    found = Identity()
    folder, document = _settings(results)
    if document is not None:
        given = document.data.get(TABLE)
        if isinstance(given, dict):
            found = _filled(found, document, results.report, given, TABLE)
        found = evolve(found, logo=_logo(folder, found.logo, document, results.report))
    return evolve(found, name=found.name or results.outcome.cooperative)


def names_file(results: Results) -> Path | None:
    """The table of names that the settings give, beside which they stand; None, and told (W11), without."""
    folder, document = _settings(results)
    given = document.data.get(TABLE) if document else None
    if document is None or not isinstance(given, dict):
        return None
    # What else is amiss in the settings is told as the papers are made.
    name: str = _filled(Identity(), document, Report(), given, TABLE).names
    if not name:
        return None
    path = (folder / name).resolve()
    # Settings may be a stranger's: nothing of one's own that lies elsewhere goes onto papers for them.
    if path.is_file() and path.is_relative_to(folder.resolve().parent):
        return path
    written = next(key for key in given if _keys().get(_bare(key)) == "names")
    results.report.tell("papers.W11", document.place(written, TABLE), file=name)
    return None


def _settings(results: Results) -> tuple[Path, Document | None]:
    """The settings of the year's policy, with their folder; none where they cannot be read."""
    for folder in (results.source, results.source.parent):
        if (folder / SETTINGS).is_file():
            return folder, read_toml(folder / SETTINGS, results.report)
    return results.source, None


def _logo(folder: Path, name: str, document: Document | None, report: Report) -> str:
    """A picture beside the settings as an address that holds it; none, and told (W09), where it is not."""
    from base64 import b64encode

    if not name or document is None:
        return ""
    path = (folder / name).resolve()
    kind = _LOGOS.get(path.suffix.lower())
    inside = path.is_relative_to(folder.resolve())
    if not (kind and inside and path.is_file() and path.stat().st_size <= _LARGEST_LOGO):
        report.tell("papers.W09", document.place("logo", TABLE), file=name)
        return ""
    return f"data:image/{kind};base64,{b64encode(path.read_bytes()).decode()}"


def _filled(
    made: Any, document: Document, report: Report, data: Any = None, table: str = ""
) -> Any:
    """A value with what a table says of it."""
    known = {item.name for item in fields(type(made))}
    heads = {head: key for head, key in _keys().items() if key in known}
    found: dict[str, Any] = {}
    for written, value in (document.data if data is None else data).items():
        key = heads.get(_bare(written))
        place = document.place(written, table)
        if key in found:
            report.tell("D715", place, name=written)
            continue
        if key is None:
            near = nearest(_bare(written), heads)
            report.tell("papers.W08", place, name=written, nearest=near)
            continue
        if key in _LISTS and isinstance(value, list):
            entries = [_entry(one, place, report) for one in value]
            if None not in entries:
                found[key] = tuple(entries)
            continue
        read = None if key in _LISTS else _read(key, value)
        if read is None:
            _tell_kind(written, _kind(key), place, report)
            continue
        found[key] = read
    return evolve(made, **found)


def _entry(one: Any, place: Span, report: Report) -> Entry | None:
    """A name, or a table; None, and told with what is amiss in it (E06, D715), where it is neither."""
    if isinstance(one, str):
        return Entry(one)
    if not isinstance(one, dict):
        _tell_kind(str(one), "entry", place, report)
        return None
    found: dict[str, Any] = {}
    names = {item.name for item in fields(Entry)}
    amiss = False
    for written, value in one.items():
        key = _keys().get(_bare(written), "")
        if key in found:
            report.tell("D715", place, name=written)
        elif key not in names:
            _tell_kind(written, "part", place, report)
        else:
            found[key] = _read(key, value)
            if found[key] is not None:
                continue
            _tell_kind(written, _kind(key), place, report)
        amiss = True
    return None if amiss else Entry(**found)


def _tell_kind(written: str, kind: str, place: Span, report: Report) -> None:
    report.tell("papers.E06", place, name=written[:60], kind=Said(f"papers.kind_{kind}"))


def _read(key: str, value: Any) -> Any:
    """A value as its key asks for it; None where it is another. Floats are none: they are not exact."""
    if key in _DAYS:
        return value if type(value) is date else None
    if key in _YES_NO:
        return value if isinstance(value, bool) else _yes_no(value) if type(value) is str else None
    if isinstance(value, bool):
        return None
    if key in _COUNTS:
        return value if isinstance(value, int) and value >= 0 else None
    if key in _AMOUNTS:
        amount = Fraction(value) if isinstance(value, int) else None
        if isinstance(value, str):
            amount = Words.read_number(value.replace("€", "").strip())
        return amount if amount is not None and (100 * amount).denominator == 1 else None
    return " ".join(value.split()) if isinstance(value, str) else None


def _yes_no(value: str) -> bool | None:
    return {"oui": True, "yes": True, "sí": True, "sì": True, "non": False, "no": False}.get(value)


def _kind(key: str) -> str:
    for kind, keys in (
        ("list", _LISTS),
        ("day", _DAYS),
        ("yes_no", _YES_NO),
        ("count", _COUNTS),
        ("amount", _AMOUNTS),
    ):
        if key in keys:
            return kind
    return "text"


@cache
def _keys() -> dict[str, str]:
    """The keys by all that they may be written as, in small letters."""
    return {_bare(head): key for key, head in _heads()}


def _bare(key: str) -> str:
    """A key without capitals and accents: TOML has accents only between quotation marks."""
    return "".join(sign for sign in normalize("NFD", key.casefold()) if not combining(sign))


def _heads() -> Iterator[tuple[str, str]]:
    for file in sorted(_WORDS.glob("*.toml")):
        for name, said in tomllib.loads(file.read_text("utf-8"))["phrases"].items():
            if name.startswith("field_"):
                for head in said.split(" / "):
                    yield name.removeprefix("field_"), head
