"""The accounting entries by which the books follow what the meeting has voted.

Pattern: debit the result of the year (120); credit prior losses (119), the reserves (1061, 1063), the
work share payable (4286) and the interest on shares payable (457). Under a profit-sharing agreement the
work share is a cost of the year itself (691 to 4284), and is allotted to the people afterwards (4246).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from attrs import Factory, define, field, frozen

from coopfx.engine.outcome import Booked, Outcome, Place
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.ground.words import Words
from coopfx_fec.amounts import euros

WORK_SHARE = "work_share"
LOSSES = "losses_brought_forward"
PROFIT = "profit_brought_forward"
PAID_OUT, CHARGES = "paid_out", "charges"
SURPLUS = Place("figure", "surplus")
_OWN_FUNDS = "1"
"""What the numbers of accounts of own funds begin with, in the French chart of accounts."""


class CannotBookError(Exception):
    """Why no entries can be written: the code of a diagnostic, and its arguments."""

    def __init__(self, code: str, **arguments: object) -> None:
        super().__init__(code)
        self.code, self.arguments = code, arguments


@frozen(slots=True)
class Posting:
    """One line of an entry, in cents: one of both sides is zero."""

    account: str
    label: str
    debit: int = 0
    credit: int = 0


@frozen(slots=True)
class Entry:
    """Lines that balance, on a day; ``title`` is the key of a phrase that says what they book."""

    number: int
    year: int
    day: date
    title: str
    postings: tuple[Posting, ...]


@define(slots=True)
class _Draft:
    """An entry while it is put together: amounts by account, in the order in which they come."""

    amounts: dict[tuple[str, str], int] = field(init=False, factory=dict)

    def credit(self, account: tuple[str, str], cents: int) -> None:
        """Credit an account, given with its label; a negative amount debits it."""
        self.amounts[account] = self.amounts.get(account, 0) + cents

    def postings(self) -> tuple[Posting, ...]:
        lines = [
            Posting(number, label, max(0, -cents), max(0, cents))
            for (number, label), cents in self.amounts.items()
            if cents
        ]
        return tuple(sorted(lines, key=lambda line: not line.debit))


def entries(outcome: Outcome, booking: dict[str, str], words: Words) -> tuple[Entry, ...]:
    """The entries of a year's allocation, in the order in which they are booked.

    ``booking`` gives the number of each account by its canonical name. Raises CannotBookError: of an
    amount that is not known (E20), of an agreement that is not known (E24), of figures that do not agree
    with one another (E22), and of what has no account (E21).
    """
    return _Books(outcome, booking, words).entries()


@define(slots=True)
class _Books:
    outcome: Outcome
    booking: dict[str, str]
    words: Words
    lacking: list[str] = Factory(list)

    def entries(self) -> tuple[Entry, ...]:
        closing = self.outcome.closing
        result, expensed = self.results()
        shared = self.given_to(WORK_SHARE)
        drafts: list[tuple[date, str, _Draft]] = []
        if shared > 0 and not expensed and self.agreed():
            # The agreement makes a cost of the work share, which the books do not have yet.
            draft = _Draft()
            draft.credit(self.account("work_share_expensed"), -shared)
            draft.credit(self.account("work_share_accrued"), shared)
            drafts.append((closing, "accrual", draft))
            expensed, result = shared, result - shared
        if expensed > shared:
            self.disagree(result, expensed)
        voted = closing + timedelta(days=1)
        drafts.append((voted, "allocation", self.allocation(result, expensed)))
        drafts.append((voted, "allotment", self.allotment(expensed)))
        drafts.append((voted, "shares", self.after_sharing(expensed)))
        if self.lacking:
            raise CannotBookError("fec.E21", names=tuple(dict.fromkeys(self.lacking)))
        made = [(day, title, draft.postings()) for day, title, draft in drafts]
        return tuple(
            Entry(number, closing.year, *one)
            for number, one in enumerate((one for one in made if one[2]), 1)
        )

    # ---- the amounts

    def figure(self, name: str) -> Value | None:
        return next((item.value for item in self.outcome.values if item.name == name), None)

    def cents(self, value: object, name: str) -> int:
        if not isinstance(value, Fraction) or (value * 100).denominator != 1:
            raise CannotBookError("fec.E20", name=self.words.word(name))
        return int(value * 100)

    def amount(self, name: str) -> int:
        """A figure in cents; nothing where the statute knows none, or it is not given."""
        value = self.figure(name)
        return self.cents(value, name) if isinstance(value, Fraction) else 0

    def results(self) -> tuple[int, int]:
        """The result of the year as the books have it, and the work share that it is already net of."""
        surplus = self.cents(self.figure("surplus"), "surplus")
        expensed = self.amount("work_share_expensed")
        known = isinstance(self.figure("accounting_result"), Fraction)
        return (self.amount("accounting_result") if known else surplus - expensed), expensed

    def agreed(self) -> bool:
        """Whether a profit-sharing agreement makes a cost of a work share that the books may not have yet.

        Raises CannotBookError (E24) where that is not known.
        """
        for name in ("profit_sharing_agreement", "work_share_expensed"):
            value = self.figure(name)
            if isinstance(value, Missing | Undefined):
                raise CannotBookError("fec.E24", name=self.words.word(name))
            if name == "profit_sharing_agreement" and value is not True:
                return False
        return True

    def booked(self, *, voted: bool) -> Iterator[Booked]:
        """The entries of the legal book: those that share out the surplus, or those that follow."""
        for one in self.outcome.books:
            if not one.management and (one.source == SURPLUS) is voted:
                yield one

    def given_to(self, account: str) -> int:
        voted = [one for one in self.booked(voted=True) if one.target.name == account]
        return sum(self.cents(one.amount, account) for one in voted)

    def opening(self, account: str) -> int | None:
        year = next((one for one in self.outcome.accounts if one.name == account), None)
        known = year is not None and isinstance(year.opening, Fraction)
        return self.cents(year.opening, account) if year is not None and known else None

    # ---- the accounts

    def account(self, name: str) -> tuple[str, str]:
        """The number of an account, and what it is called; noted where there is none.

        A branch without a number has that of what it branches from.
        """
        number = self.number(name)
        if not number:
            self.lacking.append(self.words.word(name))
        return number, self.label(name)

    def number(self, name: str) -> str:
        branch = name
        while branch and branch not in self.booking:
            branch = branch.rpartition(".")[0]
        return self.booking.get(branch, "")

    def label(self, name: str) -> str:
        key = f"fec.account.{name}"
        return self.words.phrase(key) if key in self.words.phrases else self.words.label(name)

    def owed_on(self, one: Booked) -> str:
        """The account that an entry credits: of what people receive, that on which they are owed it.

        An account for what is owed, such as the work share's, is that already.
        """
        if one.target.kind != "received":
            return one.target.name
        own_funds = self.number(one.source.name).startswith(_OWN_FUNDS)
        return PAID_OUT if one.source.kind != "account" or own_funds else one.source.name

    def payable(self, name: str, expensed: int) -> tuple[str, str]:
        """The account of what is owed to people for a share of theirs."""
        return self.account("work_share_allotted" if name == WORK_SHARE and expensed else name)

    # ---- the entries

    def allocation(self, result: int, expensed: int) -> _Draft:
        """The result of the year to where the meeting sends it."""
        draft = _Draft()
        draft.credit(self.account("gain" if result >= 0 else "loss"), -result)
        left = -self.amount_of_surplus()
        for one in self.booked(voted=True):
            target = self.owed_on(one)
            cents = self.cents(one.amount, target)
            left += cents
            if target == WORK_SHARE:
                already = min(expensed, cents)
                cents, expensed = cents - already, expensed - already
            if cents:
                draft.credit(self.account(target), cents)
        if left:
            draft.credit(self.account(PROFIT), -left)
        self.beside_the_surplus(draft)
        return draft

    def amount_of_surplus(self) -> int:
        return self.cents(self.figure("surplus"), "surplus")

    def beside_the_surplus(self, draft: _Draft) -> None:
        """What stands between the result and the surplus: prior losses that the result covers, profit
        brought forward that is shared with it, and what the law keeps out of it."""
        result, expensed = self.results()
        between = result + expensed - self.amount_of_surplus()
        taken_up = self.amount("profit_taken_up") or self.amount(PROFIT)
        losses = -(self.opening(LOSSES) or 0)
        kept_out = {name: self.amount(name) for name in ("gains_left_out", "provision_released")}
        for taken in dict.fromkeys((taken_up, 0)):
            covered = between - sum(kept_out.values()) + taken
            if 0 <= covered <= max(0, losses):
                break
        else:
            self.disagree(result, expensed)
        for name, cents in ((LOSSES, covered), (PROFIT, -taken), *kept_out.items()):
            if cents:
                draft.credit(self.account(name), cents)

    def disagree(self, result: int, expensed: int) -> None:
        raise CannotBookError(
            "fec.E22",
            result=euros(result),
            expensed=euros(expensed),
            surplus=euros(self.amount_of_surplus()),
            work_share=euros(self.given_to(WORK_SHARE)),
        )

    def allotment(self, expensed: int) -> _Draft:
        """The work share that was a cost of the year, from the debt foreseen to that to each person."""
        draft = _Draft()
        if expensed:
            draft.credit(self.account("work_share_accrued"), -expensed)
            draft.credit(self.account("work_share_allotted"), expensed)
        return draft

    def after_sharing(self, expensed: int) -> _Draft:
        """What goes on from there: the excess of a share, what people turn into shares, what is paid
        to people out of own funds, a charge of the year."""
        draft = _Draft()
        for one in self.booked(voted=False):
            target = self.owed_on(one)
            if target == one.source.name:
                continue
            if one.source.kind == "received" and one.target.record and target not in self.booking:
                # What remains a person's own claim needs no account of its own.
                continue
            cents = self.cents(one.amount, target)
            draft.credit(self.payable(one.source.name or CHARGES, expensed), -cents)
            draft.credit(self.account(target), cents)
        return draft
