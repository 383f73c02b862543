"""The lines of a FEC posted to their accounts, and what is amiss in them told.

One pass over a file of any length: kept are an account each, and the entries that do not balance yet.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from attrs import Factory, define

from coopfx.ground.report import Report, Said
from coopfx.ground.source import Span
from coopfx_fec import flat, xml
from coopfx_fec.amounts import cents, day, euros, is_short
from coopfx_fec.columns import SIGNED, Columns, read_header
from coopfx_fec.ledger import Account, Ledger, closing_of
from coopfx_fec.rows import has_three_digits, is_header, mended

MOST_MISTAKES = 200
_MOST_TOTALS = 12
MOST_OPEN = 300_000
"""How many entries may be begun and not balanced at a time, before they are no longer followed."""

MOST_ACCOUNTS = 100_000
"""How many accounts a cooperative may have; a chart of accounts of thousands is a large one."""

_DEBIT = {"d": 1, "debit": 1, "débit": 1, "+1": 1, "1": 1, "+": 1}
_SIDES = _DEBIT | {"c": -1, "credit": -1, "crédit": -1, "-1": -1, "-": -1}
_LONG_BEFORE = timedelta(days=200)
"""If the last line of a year stands more days before its closing, it may be that of another year."""
_TOTAL = re.compile(
    r"\W*(?:grand |sous[- ]?)?(?:tota(?:l|ux)|cumul|totale|totali|totales)\b", re.IGNORECASE
)
_RESULT, _COSTS_AND_INCOME = 1, 2
_OPENING = re.compile(r"\b[aà][ _-]?nouveaux?\b|\bouverture\b", re.IGNORECASE)


@define(slots=True)
class _Entry:
    """An entry whose lines do not balance yet."""

    first: int
    last: int
    debits: int = 0
    credits: int = 0
    kinds: int = 0


@define(slots=True)
class _Reading:
    """One file while it is gone through."""

    path: Path
    columns: Columns
    report: Report
    closing: date | None
    opening_journals: frozenset[str]
    separator: str
    accounts: dict[str, Account] = Factory(dict)
    open: dict[str, _Entry] = Factory(dict)
    dates: dict[str, date | None] = Factory(dict)
    journals: dict[tuple[str, str], bool] = Factory(dict)
    followed: bool = True
    opened: bool = False
    unread: list[int] = Factory(list)
    outside: list[tuple[date, Span]] = Factory(list)
    totals: list[int] = Factory(list)
    odd_dates: set[str] = Factory(set)
    doubtful: set[str] = Factory(set)
    """The entries of which some line could not be read, by journal and number."""
    last: date | None = None
    short: bool = False

    def cell(self, line: int, row: list[str], name: str) -> Span:
        """Where a cell stands in its line; the line, in a file that is not flat."""
        index = self.columns.index[name]
        if not self.separator:
            return Span.on_line(str(self.path), line)
        start = sum(len(cell) + 1 for cell in row[:index]) + 1
        return Span(str(self.path), line, start, line, start + len(row[index]))

    def place(self, line: int) -> Span:
        return Span.on_line(str(self.path), line)

    def day(self, line: int, row: list[str], text: str) -> date | None:
        """The date of an entry; told where it is none (E08), or not of the year (E13)."""
        when = day(text)
        if when is not None and is_short(text) and not self.short:
            self.short = True
            place, found = self.cell(line, row, "EcritureDate"), text.strip()[:40]
            self.report.tell("D748", place, name="EcritureDate", found=found, date=when)
        if len(self.dates) > 4000:
            self.dates.clear()
        self.dates[text] = when
        if when is None:
            self.odd_dates.add(text)
            self.report.tell(
                "fec.E08", self.cell(line, row, "EcritureDate"), found=text.strip()[:40]
            )
        elif self.closing is not None and not self.begins() <= when <= self.closing:
            self.odd_dates.add(text)
            self.outside.append((when, self.cell(line, row, "EcritureDate")))
        if when is not None and (self.last is None or when > self.last):
            self.last = when
        return when

    def tell_dates(self) -> None:
        """Tell once of all dates beyond the year (E13); or that the lines are those of another (W05)."""
        if self.closing is None:
            return
        if self.outside:
            days, place = {day for day, _ in self.outside}, self.outside[0][1]
            how = "fec.dates.one" if len(days) == 1 else "fec.dates.many"
            first, last = min(days), max(days)
            dates = Said(how, {"date": first, "count": len(days), "first": first, "last": last})
            self.report.tell("fec.E13", place, dates=dates, closing=self.closing)
        elif self.last is not None and self.closing - self.last > _LONG_BEFORE:
            start = Span(str(self.path), 1, 1, 1, 1)
            self.report.tell("fec.W05", start, last=self.last, closing=self.closing)

    def begins(self) -> date:
        """The first day that a year may have: a first year lasts up to two, and a day of slack."""
        assert self.closing is not None
        return self.closing - timedelta(days=731)

    def is_opening(self, code: str, label: str) -> bool:
        """Whether a journal is that of the opening balances (à-nouveaux)."""
        found = code.strip().casefold() in self.opening_journals or bool(_OPENING.search(label))
        if len(self.journals) > 1000:
            self.journals.clear()
        self.journals[code, label] = found
        self.opened |= found
        return found

    def account(self, line: int, row: list[str], number: str, label: str) -> Account:
        """A new account; told where its number does not begin with three digits (E11)."""
        plain = number.strip()
        account = self.accounts.get(plain)
        if account is None:
            if not has_three_digits(plain):
                place = self.cell(line, row, "CompteNum")
                self.report.tell("fec.E11", place)
            kind = _RESULT if plain[:2] == "12" else _COSTS_AND_INCOME if plain[:1] in "67" else 0
            if len(self.accounts) == MOST_ACCOUNTS:
                self.report.tell("fec.E23", self.place(line), most=MOST_ACCOUNTS)
            account = self.accounts[plain] = Account(plain, label.strip()[:200], line, kind=kind)
        self.accounts[number] = account
        return account


def read_ledger(
    path: Path,
    lines: flat.Lines | xml.Lines,
    opening_journals: frozenset[str],
    report: Report,
) -> Ledger | None:
    """A FEC added up by account; None where nothing could be read. Mistakes are told, with their lines."""
    before = report.errors()
    rows = iter(lines)
    header = next(rows, None)
    if header is None:
        report.tell("fec.E05", Span(str(path), 1, 1, 1, 1))
        return None
    line, names = header
    if lines.titles:
        report.tell("D732", Span.on_line(str(path), line), line=line)
    columns = read_header(names, Span.on_line(str(path), line), report)
    if columns is None:
        return None
    reading = _Reading(path, columns, report, closing_of(path), opening_journals, lines.separator)
    count = _add_up(reading, rows, lines, before)
    if isinstance(lines, xml.Lines) and lines.closing:
        own = day(lines.closing)
        reading.closing = reading.closing or own
    reading.tell_dates()
    if reading.totals:
        shown = tuple(reading.totals[:_MOST_TOTALS])
        report.tell("fec.N03", reading.place(shown[0]), lines=shown)
    if report.errors() - before < MOST_MISTAKES:
        _tell_open(reading)
    accounts = {account.number: account for account in reading.accounts.values()}
    if not accounts:
        report.tell("fec.E05", Span(str(path), 1, 1, 1, 1))
        return None
    return Ledger(path, accounts, reading.closing, count, reading.opened)


def _add_up(
    reading: _Reading, rows: Iterator[flat.Line], lines: flat.Lines | xml.Lines, before: int
) -> int:
    """Add up the lines; how many there are. The loop is written out: a file may have millions."""
    index, width, report = reading.columns.index, reading.columns.width, reading.report
    journal, number = index["JournalCode"], index["EcritureNum"]
    when, account_at = index["EcritureDate"], index["CompteNum"]
    label, name = index.get("CompteLib", account_at), index.get("JournalLib", journal)
    both = "Debit" in index and "Credit" in index
    debit_at, credit_at = (index["Debit"], index["Credit"]) if both else (0, 0)
    signed = all(column in index for column in SIGNED)
    sense = index["Sens"] if signed else 0
    accounts, dates, journals, entries = (
        reading.accounts,
        reading.dates,
        reading.journals,
        reading.open,
    )
    count, line = 0, 1
    debit: int | None
    credit: int | None
    last: tuple[int, list[str]] | None = None
    for line, row in rows:
        if len(row) != width and _is_total(row):
            reading.totals.append(line)
            continue
        if len(row) != width:
            if last is not None:
                _tell_width(reading, *last)
                last = None
            whole = mended(row, reading.columns, reading.separator)
            if whole is None:
                last = line, row
                reading.unread.append(line)
                if report.errors() - before >= MOST_MISTAKES:
                    break
                continue
            row = whole
        count += 1
        text, code = row[when], row[journal]
        opening = journals.get((code, row[name]))
        if opening is None:
            opening = reading.is_opening(code, row[name])
        if text not in dates:
            if is_header(row, reading.columns):
                report.tell("fec.E04", reading.place(line))
                continue
            if not row[account_at].strip() and _is_total(row):
                reading.totals.append(line)
                count -= 1
                continue
            # What was open when the year began may be given with its own days.
            if not opening or day(text) is None:
                reading.day(line, row, text)
        if signed and (not both or row[sense]):
            value = _signed(reading, line, row)
            debit, credit = (value, 0) if value is None or value >= 0 else (0, -value)
        else:
            debit, credit = cents(row[debit_at]), cents(row[credit_at])
        if debit is None or credit is None:
            if not signed or (both and not row[sense]):
                _tell_amounts(reading, line, row, debit, credit)
            debit = credit = None
        account = accounts.get(row[account_at])
        if account is None:
            account = reading.account(line, row, row[account_at], row[label])
            if len(accounts) > MOST_ACCOUNTS:
                break
        if debit is None or credit is None:
            if report.errors() - before >= MOST_MISTAKES:
                break
            reading.doubtful.add(f"{code}\0{row[number]}")
            continue
        if opening and account.kind != _COSTS_AND_INCOME:
            account.opening += debit - credit
        else:
            account.debits += debit
            account.credits += credit
        if not reading.followed:
            continue
        if text in reading.odd_dates:
            reading.doubtful.add(f"{code}\0{row[number]}")
        # An entry has one number and one day; numbers may begin anew each month.
        key = f"{code}\0{row[number]}\0{'' if opening else text}"
        entry = entries.get(key)
        if entry is None:
            if debit == credit:
                continue
            entry = entries[key] = _Entry(line, line)
            if len(entries) > MOST_OPEN:
                reading.followed = False
                entries.clear()
                report.tell("fec.W02", reading.place(line), most=MOST_OPEN)
                continue
        entry.debits += debit
        entry.credits += credit
        entry.last = line
        entry.kinds |= account.kind
        if entry.debits == entry.credits:
            if entry.kinds == _RESULT | _COSTS_AND_INCOME:
                report.tell("fec.E12", reading.place(entry.first), number=row[number].strip()[:40])
            del entries[key]
        if report.errors() - before >= MOST_MISTAKES:
            break
    if last is not None:
        if lines.cut and last[0] == line and len(last[1]) < width:
            report.tell("fec.E07", reading.place(line), found=len(last[1]), expected=width)
        else:
            _tell_width(reading, *last)
    if report.errors() - before >= MOST_MISTAKES:
        report.tell("D721", reading.place(line), most=MOST_MISTAKES)
    return count


def _is_total(row: list[str]) -> bool:
    """Whether a row says in its first words that it is a total."""
    said = next((cell for cell in row if cell.strip()), "")
    return _TOTAL.match(said) is not None


def _tell_width(reading: _Reading, line: int, row: list[str]) -> None:
    expected = reading.columns.width
    reading.report.tell("fec.E09", reading.place(line), found=len(row), expected=expected)


def _signed(reading: _Reading, line: int, row: list[str]) -> int | None:
    """``Montant`` with its ``Sens``: positive for a debit; told (E14) where either is none."""
    amount_text, sense_text = (row[reading.columns.index[name]] for name in SIGNED)
    amount, side = cents(amount_text), _SIDES.get(sense_text.strip().casefold())
    if amount is None:
        reading.report.tell(
            "fec.E10", reading.cell(line, row, "Montant"), column="Montant", found=amount_text[:40]
        )
    if side is None:
        reading.report.tell("fec.E14", reading.cell(line, row, "Sens"), found=sense_text[:40])
    return None if amount is None or side is None else amount * side


def _tell_amounts(
    reading: _Reading, line: int, row: list[str], debit: int | None, credit: int | None
) -> None:
    for name, value in (("Debit", debit), ("Credit", credit)):
        if value is None:
            found = row[reading.columns.index[name]].strip()[:40]
            place = reading.cell(line, row, name)
            reading.report.tell("fec.E10", place, column=name, found=found)


def _tell_open(reading: _Reading) -> None:
    """Tell the entries that do not balance (E15), unless what of theirs could not be read may be why."""
    entries = reading.open
    told = 0
    for key, entry in entries.items():
        beside = (entry.first - 1 <= line <= entry.last + 1 for line in reading.unread)
        if key.rpartition("\0")[0] in reading.doubtful or any(beside):
            continue
        if told == MOST_MISTAKES:
            reading.report.tell("D721", reading.place(entry.first), most=MOST_MISTAKES)
            return
        told += 1
        journal, number, _ = key.split("\0")
        reading.report.tell(
            "fec.E15",
            reading.place(entry.first),
            number=number.strip()[:40],
            journal=journal.strip()[:40],
            lines=Said(
                "fec.line" if entry.first == entry.last else "fec.lines",
                {"first": entry.first, "last": entry.last},
            ),
            debits=euros(entry.debits),
            credits=euros(entry.credits),
        )
