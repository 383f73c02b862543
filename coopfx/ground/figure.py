"""Which figure a fact is: its name, a side of an account, and the year that it speaks of.

Data and outcomes know a figure by its key, a text such as ``previous closing reserves``; here alone
keys are made and read.
"""

from datetime import date
from functools import cache

from attrs import evolve, frozen

from coopfx.ground.plain import Plain

OPENING = "opening"
BALANCES = (OPENING, "added", "taken", "closing")
PREVIOUS = "previous"
PREFIXES = (PREVIOUS, *BALANCES)
"""What may stand before a name in the key of a fact, and is a keyword of every language."""

SHARE_CAPITAL, SHARES_HELD = "share_capital", "shares_held"
"""What the cooperative's books and its register of shares say of the same money."""

SURPLUS = "surplus"
"""The money of a year that statutes give out, and laws measure what they ask by."""

HIGHEST_SHARE_CAPITAL, SENIORITY, WORKER = "highest_share_capital", "seniority", "worker"
"""What moves on by itself from one year to the next, and of whom."""

IN_FORCE = "in_force"
"""What stands before a law's rule in the name of the parameter that says on which days it holds."""

_AT = " at "

Period = str | date | None
"""The year that a figure is of: ``previous``, the one that contains a day, or None: this one."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Figure(Plain):
    """A figure of the data; ``side`` is that of an account's balance, empty for any other figure."""

    name: str
    period: Period = None
    side: str = ""

    @property
    def key(self) -> str:
        """The text by which data and outcomes know the figure.

        >>> Figure("reserves", PREVIOUS, "closing").key, Figure("surplus", date(2022, 12, 31)).key
        ('previous closing reserves', 'surplus at 2022-12-31')
        """
        return key_of(self.name, self.period, self.side)

    @property
    def day(self) -> date | None:
        """The day of the year that the figure is of, where it is told by a day."""
        return self.period if isinstance(self.period, date) else None

    @property
    def before(self) -> str:
        """The first of the words that stand before the name; empty where none does."""
        return PREVIOUS if self.period == PREVIOUS else self.side

    @property
    def inner(self) -> "Figure":
        """The figure without the first of the words before its name."""
        return evolve(self, period=None) if self.period == PREVIOUS else evolve(self, side="")


def key_of(name: str, period: Period = None, side: str = "") -> str:
    """The key of a figure, by its parts."""
    own = f"{side} {name}" if side else name
    if period is None:
        return own
    return f"{PREVIOUS} {own}" if period == PREVIOUS else f"{own}{_AT}{period}"


def opening_of(account: str) -> str:
    """The key of an account's opening balance."""
    return key_of(account, side=OPENING)


def between_of(account: str) -> str:
    """The key of what moved an account between the closing of the year before and its opening."""
    return f"between {account}"


@cache
def figure_of(key: str) -> Figure:
    """The figure that a key stands for.

    >>> figure_of("previous closing reserves") == Figure("reserves", PREVIOUS, "closing")
    True
    """
    period: Period = None
    before, _, rest = key.partition(" ")
    if before == PREVIOUS and rest:
        period, key = PREVIOUS, rest
        before, _, rest = key.partition(" ")
    side, name = (before, rest) if before in BALANCES and rest else ("", key)
    own, _, day = name.partition(_AT)
    try:
        return Figure(own, date.fromisoformat(day), side) if day else Figure(name, period, side)
    except ValueError:
        return Figure(name, period, side)


def in_force_of(rule: str) -> str:
    """The name of the parameter that says on which days a law's rule holds."""
    return f"{IN_FORCE} {rule}"


def ruled_by(parameter: str) -> str:
    """The rule of which a parameter says on which days it holds; empty where it says it of none."""
    before, _, rule = parameter.partition(" ")
    return rule if before == IN_FORCE else ""
