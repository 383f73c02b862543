"""A year's accounts, as the lines of a FEC add up to them."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from attrs import Factory, define, frozen

from coopfx_fec.amounts import day

_OF_PERSONS = ("101", "104", "108", "40", "41", "42", "43", "45", "46")
"""The accounts that are kept by member, employee, customer or supplier."""


@define(slots=True)
class Account:
    """An account's year in cents: what it opened with (a debit is positive), and what has moved since."""

    number: str
    label: str
    line: int
    opening: int = 0
    debits: int = 0
    credits: int = 0
    kind: int = 0

    @property
    def general(self) -> bool:
        """Whether it is an account of the general chart, and none of a person, whose label is a name."""
        plain = self.number.rstrip("0")
        return len(plain) < 5 and plain.isdigit() and not self.number.startswith(_OF_PERSONS)

    @property
    def movement(self) -> int:
        """What has moved since the opening; a debit is positive."""
        return self.debits - self.credits

    @property
    def closing(self) -> int:
        """The balance at the end; a debit is positive."""
        return self.opening + self.debits - self.credits


@frozen(slots=True)
class Ledger:
    """A year's accounts by number. ``closing`` is what the file's name or text gives, if anything."""

    path: Path
    accounts: dict[str, Account] = Factory(dict)
    closing: date | None = None
    lines: int = 0
    opened: bool = False
    """Whether any line stood in a journal of opening balances."""

    def of(self, prefixes: Iterable[str]) -> Iterator[Account]:
        """The accounts whose number begins with one of these."""
        begins = tuple(prefixes)
        return (account for account in self.accounts.values() if account.number.startswith(begins))


def closing_of(path: Path) -> date | None:
    """The closing date in a file's name, as the law has it: SirenFECAAAAMMJJ.

    >>> closing_of(Path("123456789FEC20241231.txt")), closing_of(Path("fec.txt"))
    (datetime.date(2024, 12, 31), None)
    """
    siren, found, rest = path.name.upper().partition("FEC")
    return day(rest[:8]) if found and len(rest) >= 8 and siren.isdigit() else None
