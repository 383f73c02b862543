"""Years to come as scripts and notebooks ask for them: each way in which things may go, with its tables."""

from collections.abc import Callable
from datetime import date
from functools import cached_property

from coopfx.engine import outcome as out
from coopfx.ground.exact import Value, money, quantity
from coopfx.ground.report import Diagnostic
from coopfx.ground.words import Words
from coopfx.scripts import tables
from coopfx.scripts.tables import Plain, Table


class HeldProjection:
    """A year and those that follow it under some assumptions: what ``HeldYear.projected`` gives.

    ``remarks`` are what was told of them. ``print`` shows what ``coopfx project`` does.
    """

    def __init__(
        self, projection: out.Projection, words: Words, remarks: tuple[Diagnostic, ...]
    ) -> None:
        self.projection = projection
        self.remarks = remarks
        self._words = words

    def __repr__(self) -> str:
        first, *_, last = self.closings
        return f"<projection {self.under or 'of one way'}, {first} to {last}>"

    def __str__(self) -> str:
        from coopfx.formats.projection import projections
        from coopfx.formats.terminal import Style

        return projections([self.projection], self._words, Style()).rstrip()

    @property
    def under(self) -> str:
        """The way in which things are assumed to go: ``low``, or another name; empty where there is one."""
        return self.projection.under

    @property
    def closings(self) -> tuple[date, ...]:
        """When each of the years closes, the one that was first."""
        return tuple(year.outcome.closing for year in self.projection.years)

    @property
    def outcomes(self) -> tuple[out.Outcome, ...]:
        """All that was worked out of each year."""
        return tuple(year.outcome for year in self.projection.years)

    @property
    def violated(self) -> bool:
        """Whether a rule to keep is violated in any of the years."""
        return self.projection.violated

    def full_in(self, account: str) -> date | None:
        """When the year closes in which an account, by its canonical name, is first full; None if none."""
        return self.projection.full_in(account)

    @cached_property
    def accounts(self) -> Table:
        """The accounts by year: ``year``, and what a year's own accounts have."""
        return self._each(tables.accounts)

    @cached_property
    def verdicts(self) -> Table:
        """The rules by year: ``year``, and what a year's own verdicts have."""
        return self._each(tables.verdicts)

    @cached_property
    def targets(self) -> Table:
        """What accounts fill up until: ``year``, ``account``, ``balance``, ``target``, ``full``."""
        return Table(
            [
                {
                    "year": year.outcome.closing,
                    "account": one.account,
                    "balance": self._amount(one.balance),
                    "target": self._amount(one.target),
                    "full": one.full,
                }
                for year in self.projection.years
                for one in year.fillings
            ]
        )

    @cached_property
    def per_head(self) -> Table:
        """What people receive on average: ``year``, ``share``, ``amount`` in all, ``heads``, ``each``."""
        return Table(
            [
                {
                    "year": year.outcome.closing,
                    "share": one.source or "",
                    "amount": self._amount(one.amount),
                    "heads": one.heads,
                    "each": self._amount(one.each),
                }
                for year in self.projection.years
                for one in year.per_head
            ]
        )

    def _amount(self, value: Value) -> Plain:
        return tables.plain(value, quantity(money(self.outcomes[0].currency)))

    def _each(self, table: Callable[[out.Outcome, Words], Table]) -> Table:
        return Table(
            [
                {"year": outcome.closing, **row}
                for outcome in self.outcomes
                for row in table(outcome, self._words)
            ]
        )
