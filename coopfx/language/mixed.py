"""Whether the teams' own book stays apart from the cooperative's money: no account may count both."""

from collections.abc import Collection, Mapping, Sequence

from coopfx.ground.report import Report, Said, Word
from coopfx.language.placed import Feed, Placed, branches, within
from coopfx.language.scope import Scope

_Feeds = Mapping[str, Sequence[Feed]]


def tell_mixed_books(
    money: Sequence[Placed],
    feeds: _Feeds,
    management: Collection[int],
    scope: Scope,
    report: Report,
) -> None:
    """Tell (M405) clauses of the teams' book that feed an account of the cooperative's own money.

    ``management`` are the clauses of that book. Of the cooperative's own money are the accounts that
    other clauses feed and those that prelude and laws declare; and, since an account counts its
    branches, all that stand in the same tree as one that other clauses feed.
    """
    trees: dict[str, list[str]] = {}
    for account in dict.fromkeys([*scope.accounts, *feeds]):
        trees.setdefault(_top(account), []).append(account)
    found = sorted(
        (feed.clause, feed.way == "losses", feed.item, account)
        for account in feeds
        for feed in feeds[account]
        if feed.clause in management
    )
    told: set[int] = set()
    for clause, *_, account in found:
        also, others = _own_money(account, trees[_top(account)], feeds, management, scope)
        if also is not None and clause not in told:
            told.add(clause)
            span = money[clause].clause.span
            related = tuple(money[other].clause.span for other in others[:1])
            report.tell("M405", span, related=related, account=Word(account), also=also)


def _top(account: str) -> str:
    return account.split(".")[0]


def _own_money(
    account: str, tree: Sequence[str], feeds: _Feeds, management: Collection[int], scope: Scope
) -> tuple[Said | None, list[int]]:
    """Why an account is of the cooperative's own money, with the clauses by which it is."""
    for other in (account, *tree):
        others = [feed.clause for feed in feeds.get(other, ()) if feed.clause not in management]
        if others and other == account:
            return Said("form.also_other_money"), others
        if others:
            whole = next(one for one in branches(account) if within(other, one))
            whole = other if within(account, other) else whole
            return Said("form.also_counted", {"whole": Word(whole), "other": Word(other)}), others
    declared = [scope.accounts.get(name) for name in branches(account)]
    if any(one is not None and not one.text.is_statute for one in declared):
        return Said("form.also_legal"), []
    return None, []
