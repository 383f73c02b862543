"""What a year came to: short ways to an outcome's figures."""

from fractions import Fraction

from coopfx.ground.exact import Value
from coopfx.pipeline import Year


def known(value: Value) -> Fraction:
    """A figure that must be known."""
    assert isinstance(value, Fraction), value
    return value


def parts(year: Year, source: str) -> dict[str, Fraction]:
    """Who received how much of an account."""
    share = next(item for item in year.outcome.shares if item.source == source)
    assert share.parts is not None
    return dict(share.parts)


def items(year: Year, source: str = "surplus") -> list[tuple[str, Fraction]]:
    """The items of the allocation of a source that holds this year, but for a loss of nothing."""
    allocation = next(
        item for item in year.outcome.allocations if item.source == source and item.held
    )
    return [
        (item.account, known(item.amount))
        for item in allocation.items
        if not (item.losses and item.amount == 0)
    ]


def balance(year: Year, account: str, at: str = "closing") -> Fraction:
    """An account's balance, or what was added or taken."""
    found = next(item for item in year.outcome.accounts if item.name == account)
    return known(getattr(found, at))


def of_each(year: Year, account: str, at: str = "closing") -> dict[str, Fraction]:
    """The balances of an account that each record has."""
    found = next(item for item in year.outcome.accounts if item.name == account)
    return {row.record: known(getattr(row, at)) for row in found.rows}


def statuses(year: Year) -> dict[str, str]:
    """How each rule ended, by its name."""
    return {item.rule: item.status for item in year.outcome.verdicts}
