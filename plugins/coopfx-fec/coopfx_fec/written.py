"""Entries written: as CSV for a spreadsheet, as lines of a FEC for accounting software."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from coopfx.engine.outcome import Results
from coopfx.extending import csv_of
from coopfx.ground.report import Diagnostic
from coopfx.ground.words import Words
from coopfx_fec.amounts import decimal
from coopfx_fec.columns import LAWFUL
from coopfx_fec.entries import CannotBookError, Entry, entries
from coopfx_fec.mapping import read_mapping

_STARTS_A_FORMULA = ("=", "+", "-", "@")


def plain(text: str) -> str:
    """A text on one line, without the sign that parts columns of some exports."""
    return " ".join(text.replace("|", " ").split())


def text_cell(text: str) -> str:
    """A text that stays one: with an apostrophe where a spreadsheet would see a formula.

    >>> text_cell("=1+1"), text_cell("réserve légale")
    ("'=1+1", 'réserve légale')
    """
    said = plain(text)
    return f"'{said}" if said.startswith(_STARTS_A_FORMULA) else said


def as_csv(made: Iterable[Entry], journal: str, words: Words) -> bytes:
    """A line a posting, as the spreadsheets of the language open it."""
    columns = ("entry", "date", "journal", "account", "name", "label", "debit", "credit")
    rows = [
        (
            str(entry.number),
            entry.day.isoformat(),
            plain(journal),
            plain(one.account),
            plain(one.label),
            plain(words.phrase(f"fec.title.{entry.title}", year=entry.year)),
            Fraction(one.debit, 100),
            Fraction(one.credit, 100),
        )
        for entry in made
        for one in entry.postings
    ]
    return csv_of([words.phrase(f"fec.column.{name}") for name in columns], rows, words)


def as_fec(made: Iterable[Entry], journal: str, words: Words) -> str:
    """The same as lines of a FEC: tabs, dates ``AAAAMMJJ``, decimal comma, the eighteen columns."""
    lines = ["\t".join(LAWFUL)]
    for entry in made:
        day = entry.day.strftime("%Y%m%d")
        reference = f"AFF{entry.year}-{entry.number}"
        label = text_cell(words.phrase(f"fec.title.{entry.title}", year=entry.year))
        for one in entry.postings:
            cells = {
                "JournalCode": text_cell(journal),
                "JournalLib": text_cell(words.phrase("fec.journal")),
                "EcritureNum": reference,
                "EcritureDate": day,
                "CompteNum": text_cell(one.account),
                "CompteLib": text_cell(one.label),
                "PieceRef": reference,
                "PieceDate": day,
                "EcritureLib": label,
                "Debit": decimal(one.debit, ","),
                "Credit": decimal(one.credit, ","),
                "ValidDate": day,
            }
            lines.append("\t".join(cells.get(name, "") for name in LAWFUL))
    return "\r\n".join([*lines, ""])


def write_csv(results: Results, words: Words) -> str | bytes:
    """The writer ``entries``; nothing, and told, where no entries can be written."""
    return _written(results, words, as_csv)


def write_fec(results: Results, words: Words) -> str | bytes:
    """The writer ``fec-entries``; nothing, and told, where no entries can be written."""
    return _written(results, words, as_fec)


def _written(
    results: Results, words: Words, form: Callable[[Iterable[Entry], str, Words], str | bytes]
) -> str | bytes:
    folder = results.source if results.source.is_dir() else results.source.parent
    mapping = read_mapping(folder, results.report)
    if mapping is None:
        return ""
    booking = {words.canonical(name): number for name, number in mapping.booking.items()}
    try:
        made = entries(results.outcome, booking, words)
    except CannotBookError as error:
        results.report.add(Diagnostic(error.code, None, error.arguments))
        return ""
    return form(made, booking.get("journal", "OD"), words)
