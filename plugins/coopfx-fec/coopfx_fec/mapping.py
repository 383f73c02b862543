"""The mapping from accounts to facts, which a cooperative may change: ``accounts.toml``.

It stands in the year's folder or in the policy's; where it is in neither, the one that comes with this
distribution holds, and so does each of its tables that the cooperative's own file leaves out. Numbers to
book to are taken from it one by one.
"""

from pathlib import Path
from typing import Any

from attrs import Factory, define, evolve, frozen

from coopfx.extending import Document, read_toml
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Span
from coopfx.ground.words import nearest
from coopfx_fec.ledger import Account, Ledger

FILE = "accounts.toml"
DEFAULT = Path(__file__).parent / FILE

_AT = ("closing", "opening", "movement")
_SIDES = ("debit", "credit")
_OF_A_LINE = ("accounts", "except", "side", "at", "sum", "covers", "otherwise", "absent")
_ABSENT = ("zero", "unknown")
_TOP = ("opening_journals", "passed_over", "facts", "balances", "booking")


@frozen(slots=True)
class Line:
    """A figure of the cooperative, and the accounts or the other lines that it is the sum of."""

    name: str
    place: Span
    balance: bool
    accounts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    credit: bool = True
    at: str = "closing"
    sums: tuple[str, ...] | None = None
    covers: str = ""
    otherwise: tuple[str, ...] | None = None
    absent: str = "unknown"

    def known(self, ledger: Ledger) -> bool:
        """Whether the accounts of the line say something: they are there, or there is then none."""
        there = any(self.holds(account.number) for account in ledger.of(self.accounts))
        return there or self.absent == "zero" or not self.accounts

    def holds(self, number: str) -> bool:
        """Whether an account is one of the line's."""
        return number.startswith(self.accounts) and not number.startswith(self.without)

    def of(self, account: Account) -> int:
        """What an account adds to the figure, in cents."""
        amount: int = getattr(account, self.at)
        return -amount if self.credit else amount


@define(slots=True)
class Mapping:
    """What a file of accounts says."""

    path: Path
    opening_journals: frozenset[str] = frozenset()
    passed_over: tuple[str, ...] = ()
    lines: dict[str, Line] = Factory(dict)
    booking: dict[str, str] = Factory(dict)

    def unmapped(self, ledger: Ledger) -> list[Account]:
        """The accounts with a balance that no line names and that are not passed over, largest first."""
        left = [
            account
            for account in ledger.accounts.values()
            if account.closing
            and not account.number.startswith(self.passed_over)
            and not any(line.holds(account.number) for line in self.lines.values())
        ]
        return sorted(left, key=lambda account: (-abs(account.closing), account.number))


def find(folder: Path) -> Path:
    """The file of accounts that holds for a year's folder: its own, its policy's, or the default."""
    for place in (folder, folder.parent):
        if (place / FILE).is_file():
            return place / FILE
    return DEFAULT


def read_mapping(folder: Path, report: Report) -> Mapping | None:
    """The mapping of a year's folder; None, and told, where its file has a mistake.

    A link that leads out of the folder is not followed (D730).
    """
    path = find(folder)
    if path != DEFAULT and not path.resolve().is_relative_to(path.parent.resolve()):
        report.tell("D730", None, path=str(path))
        return None
    before = report.errors()
    document = read_toml(path, report)
    if document is None:
        return None
    mapping, absent = Mapping(path), dict[str, str]()
    if path != DEFAULT:
        default = default_mapping()
        mapping = _unsaid(document.data, path, default)
        absent = {name: line.absent for name, line in default.lines.items()}
    reading = _Reading(document, report, absent)
    for key, value in document.data.items():
        place = document.place(key)
        if key not in _TOP:
            reading.unknown(key, _TOP, place)
        elif key == "opening_journals":
            journals = reading.texts(key, value, place)
            mapping.opening_journals = frozenset(name.casefold() for name in journals)
        elif key == "passed_over":
            mapping.passed_over = reading.texts(key, value, place)
        elif not isinstance(value, dict):
            reading.wrong(key, place, "table")
        elif key == "booking":
            mapping.booking |= reading.booking(value)
        else:
            mapping.lines |= reading.lines(key, value)
    for line in mapping.lines.values():
        reading.check_names(line, mapping.lines)
    return None if report.errors() > before else mapping


def default_mapping() -> Mapping:
    """The mapping that comes with this distribution."""
    mapping = read_mapping(DEFAULT.parent, Report())
    assert mapping is not None, "the mapping of the distribution is well formed"
    return mapping


def _unsaid(said: dict[str, Any], path: Path, default: Mapping) -> Mapping:
    """A mapping with all that a file of the cooperative says nothing of, as the default has it."""
    lines = {
        name: line
        for name, line in default.lines.items()
        if ("balances" if line.balance else "facts") not in said
    }
    return evolve(default, path=path, lines=lines, booking=dict(default.booking))


@frozen(slots=True)
class _Reading:
    """One file while it is read: every mistake is told with its line."""

    document: Document
    report: Report
    absent: dict[str, str] = Factory(dict)
    """What the default says of a figure without accounts, for a line that says nothing of it."""

    def unknown(self, key: str, known: tuple[str, ...], place: Span) -> None:
        near = nearest(key, known)
        self.report.tell("fec.E18", place, name=key[:60], nearest=near, known=known)

    def wrong(self, key: str, place: Span, what: str) -> None:
        self.report.tell("fec.E19", place, name=key[:60], expected=Said(f"fec.expected.{what}"))

    def texts(self, key: str, value: Any, place: Span) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self.wrong(key, place, "texts")
        return ()

    def booking(self, table: dict[str, Any]) -> dict[str, str]:
        found = {}
        for name, value in _flat(table).items():
            if isinstance(value, str) and value.strip():
                found[name] = value.strip()
            else:
                self.wrong(name, self.document.place(name, "booking"), "account")
        return found

    def lines(self, table: str, values: dict[str, Any]) -> dict[str, Line]:
        found = {}
        for name, value in _rows(values).items():
            place = self.document.place(name, table)
            if isinstance(value, dict):
                line = self.line(name, value, place, table == "balances")
                if line is not None:
                    found[name] = line
            else:
                self.wrong(name, place, "line")
        return found

    def line(self, name: str, value: dict[str, Any], place: Span, balance: bool) -> Line | None:
        before = self.report.errors()
        for key in value:
            if key not in _OF_A_LINE:
                self.unknown(key, _OF_A_LINE, place)
        if ("accounts" in value) == ("sum" in value):
            self.wrong(name, place, "line")
        lists = {
            key: self.texts(f"{name}.{key}", value[key], place)
            for key in ("accounts", "except", "sum", "otherwise")
            if key in value
        }
        side, at = value.get("side", "credit"), value.get("at", "closing")
        if side not in _SIDES or ("accounts" in value and "side" not in value):
            self.wrong(f"{name}.side", place, "side")
        if at not in _AT:
            self.wrong(f"{name}.at", place, "at")
        absent = value.get("absent", self.absent.get(name, "unknown"))
        if absent not in _ABSENT:
            self.wrong(f"{name}.absent", place, "absent")
        covers = value.get("covers", "")
        if not isinstance(covers, str):
            self.wrong(f"{name}.covers", place, "name")
        if self.report.errors() > before:
            return None
        return Line(
            name,
            place,
            balance,
            lists.get("accounts", ()),
            lists.get("except", ()),
            side == "credit",
            at,
            lists.get("sum"),
            covers,
            lists.get("otherwise"),
            absent,
        )

    def check_names(self, line: Line, lines: dict[str, Line]) -> None:
        """A sum may name lines of accounts alone, so that no two wait for each other."""
        plain = tuple(name for name, other in lines.items() if other.sums is None)
        named = (*(line.sums or ()), *(line.otherwise or ()), *([line.covers] * bool(line.covers)))
        for name in named:
            if name not in plain:
                self.unknown(name, plain, line.place)


def _rows(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The lines of a table by their dotted names: ``reserves.legal`` may be written with or without
    quotation marks."""
    rows: dict[str, Any] = {}
    for name, value in table.items():
        nested = isinstance(value, dict) and value and not set(value) & set(_OF_A_LINE)
        if nested and all(isinstance(item, dict) for item in value.values()):
            rows |= _rows(value, f"{prefix}{name}.")
        else:
            rows[prefix + name] = value
    return rows


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for name, value in table.items():
        rows |= (
            _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
        )
    return rows
