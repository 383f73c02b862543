"""The rows of a FEC put right, where their cells are more or fewer than the header's."""

from coopfx_fec.amounts import cents, day
from coopfx_fec.columns import TEXTS, Columns, known


def mended(row: list[str], columns: Columns, separator: str) -> list[str] | None:
    """A row of more or fewer cells as it was meant; None where that cannot be said.

    A sign that parts columns may stand in a text: its pieces are one cell again where only then the
    dates, amounts and the account stand in their columns. Empty cells at the end may be left out, or
    be one too many.
    """
    more = len(row) - columns.width
    if more < 0:
        if len(row) <= columns.last_needed:
            return None
        row = [*row, *[""] * -more]
        return row if _fits(row, columns) else None
    if not any(cell.strip() for cell in row[columns.width :]) and _fits(row, columns):
        return row[: columns.width]
    for name in TEXTS:
        index = columns.index.get(name)
        if index is not None:
            joined = separator.join(row[index : index + more + 1])
            whole = [*row[:index], joined, *row[index + more + 1 :]]
            if _fits(whole, columns):
                return whole
    return None


def _fits(row: list[str], columns: Columns) -> bool:
    index = columns.index
    dates = [row[index["EcritureDate"]]]
    dates += [row[index[name]] for name in ("PieceDate", "ValidDate") if name in index]
    amounts = [row[index[name]] for name in ("Debit", "Credit", "Montant") if name in index]
    return (
        day(dates[0]) is not None
        and all(not text.strip() or day(text) for text in dates)
        and all(cents(text) is not None for text in amounts)
        and any(text.strip() for text in amounts)
        and has_three_digits(row[index["CompteNum"]].strip())
    )


def has_three_digits(number: str) -> bool:
    """Whether an account's number begins as all do."""
    first = number[:3]
    return len(first) == 3 and first.isascii() and first.isdigit()


def is_header(row: list[str], columns: Columns) -> bool:
    """Whether a row names the columns once more."""
    return all(known(row[index]) == name for name, index in columns.index.items())
