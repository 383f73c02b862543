"""Entries written: as CSV for a spreadsheet, as lines of a FEC for accounting software."""

import csv
import io
from collections.abc import Callable, Iterable

from coopfx.engine.outcome import Results
from coopfx.ground.report import Diagnostic
from coopfx.ground.words import Words
from coopfx_fec.amounts import decimal
from coopfx_fec.columns import LAWFUL
from coopfx_fec.entries import CannotBookError, Entry, entries
from coopfx_fec.mapping import read_mapping

_STARTS_A_FORMULA = ("=", "+", "-", "@")


def text_cell(text: str) -> str:
    """A text that stays one: on one line, and with an apostrophe where a spreadsheet would see a formula.

    >>> text_cell("=1+1"), text_cell("réserve légale")
    ("'=1+1", 'réserve légale')
    """
    plain = " ".join(text.replace("|", " ").split())
    return f"'{plain}" if plain.startswith(_STARTS_A_FORMULA) else plain


def as_csv(made: Iterable[Entry], journal: str, words: Words) -> str:
    """A line a posting, with the separator and the decimal sign that the language's spreadsheets read."""
    mark = words.numbers["decimal"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if mark == "," else ",", lineterminator="\n")
    columns = ("entry", "date", "journal", "account", "name", "label", "debit", "credit")
    writer.writerow([words.phrase(f"fec.column.{name}") for name in columns])
    for entry in made:
        for one in entry.postings:
            writer.writerow(
                [
                    entry.number,
                    entry.day.isoformat(),
                    text_cell(journal),
                    text_cell(one.account),
                    text_cell(one.label),
                    text_cell(words.phrase(f"fec.title.{entry.title}", year=entry.year)),
                    decimal(one.debit, mark),
                    decimal(one.credit, mark),
                ]
            )
    return out.getvalue()


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


def write_csv(results: Results, words: Words) -> str:
    """The writer ``entries``; nothing, and told, where no entries can be written."""
    return _written(results, words, as_csv)


def write_fec(results: Results, words: Words) -> str:
    """The writer ``fec-entries``; nothing, and told, where no entries can be written."""
    return _written(results, words, as_fec)


def _written(
    results: Results, words: Words, form: Callable[[Iterable[Entry], str, Words], str]
) -> str:
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
