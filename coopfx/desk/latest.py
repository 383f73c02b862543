"""Which of a policy's years is the latest, and which of two that close on one day is meant.

A folder is copied as easily as a file, and stands beside the year that it was copied from. So a year is
the latest by the day on which it closes; its name decides only where it says that day plainly.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from coopfx.ground.report import Report

_PLAIN = re.compile(r"(?P<year>\d{4})|\d{4}[-_](?P<last>\d{4}|\d{2})|(?P<day>\d{4}-\d{2}-\d{2})")


def is_plain(year: Path) -> bool:
    """Whether a year's name is a year, two that follow each other, or a day, and nothing more.

    >>> [is_plain(Path(name)) for name in ("2024", "2023-2024", "2024-06-30", "2024 - Copie")]
    [True, True, True, False]
    """
    return _PLAIN.fullmatch(_name(year)) is not None


def says(year: Path, closing: date) -> bool:
    """Whether a year's name says plainly on which day, or in which year, it closes."""
    found = _PLAIN.fullmatch(_name(year))
    if found is None:
        return False
    last = found["year"] or found["last"]
    return found["day"] == closing.isoformat() if last is None else str(closing.year).endswith(last)


def said_of(year: Path, policy: Path, closing: date) -> str:
    """Where a year's data stand, as a heading is to say it; empty where the closing date says it."""
    whole = (policy if policy.is_dir() else policy.parent).resolve()
    inside = year.resolve().is_relative_to(whole)
    if inside and says(year, closing):
        return ""
    return year.resolve().relative_to(whole).as_posix() if inside else str(year)


def one_a_day(closings: Mapping[Path, date | None], report: Report) -> dict[date, Path]:
    """The years by the day on which each closes, in order; told (P949), which of several is taken.

    Of several, it is the one whose name says that day plainly, else the first by name. Those without a
    date are left out.
    """
    found: dict[date, list[Path]] = {}
    for year, day in closings.items():
        if day is not None:
            found.setdefault(day, []).append(year)
    taken = {}
    for day, years in sorted(found.items()):
        first, *others = sorted(years, key=lambda year: (not says(year, day), year.name))
        taken[day] = first
        if others:
            _tell_copies(first, others, day, report)
    return taken


def _tell_copies(taken: Path, others: Iterable[Path], closing: date, report: Report) -> None:
    names = tuple(f"`{year.name}`" for year in others)
    policy = str(taken.parent)
    report.tell("P949", None, path=taken.name, others=names, closing=closing, policy=policy)


def _name(year: Path) -> str:
    return year.stem if year.is_file() else year.name
