"""Clauses in their places, how they put money into accounts, and accounts as branches of others."""

from collections.abc import Iterable

from attrs import frozen

from coopfx.ground.report import Argument, Said
from coopfx.language import ast, ir
from coopfx.language.scope import Text

IN_STATUTE, IN_LAW, IN_EITHER = "statute", "law", "either"
STANDS: dict[type, str] = {
    **dict.fromkeys(
        (
            *(ast.Statute, ast.BasedOn, ast.Decide, ast.Allocate, ast.Share, ast.Pool),
            *(ast.SetAside, ast.Indicator, ast.Example),
        ),
        IN_STATUTE,
    ),
    **dict.fromkeys((ast.Law, ast.Permit), IN_LAW),
    **dict.fromkeys(
        (
            *(ast.Currency, ast.InForce, ast.SourceLine, ast.Article, ast.Record, ast.Input),
            *(ast.Group, ast.Account, ast.Parameter, ast.Define, ast.Scale, ast.Require),
        ),
        IN_EITHER,
    ),
}
"""In which sort of text each clause may stand; what says that it is a default, in a law."""


@frozen(slots=True)
class Placed:
    """A clause with its text and where it stands.

    ``terms`` are the days on which a law's clause holds: the law's own, and those of its article.
    """

    clause: ast.Clause
    text: Text
    origin: ir.Origin
    terms: tuple[ast.InForce, ...] = ()


@frozen(slots=True)
class Feed:
    """How a clause puts money into an account.

    ``way`` is ``item``, ``overflow`` or ``losses`` of an allocation, ``into`` (each record's own
    account) or ``excess`` of a share, or ``pooled``.
    """

    clause: int
    way: str
    item: int = 0


def confidence(*, to_confirm: bool) -> Argument:
    """What to say of a law's article whose wording is still to be checked; empty where it is not."""
    return Said("form.to_confirm") if to_confirm else ""


def branches(account: str) -> list[str]:
    """An account and the branches that it stands in: whoever takes from one of them takes of it.

    >>> branches("reserves.legal")
    ['reserves.legal', 'reserves']
    """
    parts = account.split(".")
    return [".".join(parts[:size]) for size in range(len(parts), 0, -1)]


def within(account: str, branch: str) -> bool:
    """Whether an account is a branch's own, or stands in it."""
    return account == branch or account.startswith(branch + ".")


def parents(account: str) -> list[str]:
    """The accounts whose branch an account stands in, the nearest first.

    >>> parents("reserves.legal.old")
    ['reserves.legal', 'reserves']
    """
    names = account.split(".")
    return [".".join(names[:size]) for size in range(len(names) - 1, 0, -1)]


def by_branch(accounts: Iterable[str]) -> dict[str, list[str]]:
    """The accounts that stand in each branch, in the order in which they are given.

    >>> by_branch(["reserves.legal", "pot", "reserves.own"])
    {'reserves': ['reserves.legal', 'reserves.own']}
    """
    found: dict[str, list[str]] = {}
    for account in dict.fromkeys(accounts):
        for parent in parents(account):
            found.setdefault(parent, []).append(account)
    return found


def origin_of(clause: ast.Clause, article: ast.Article | None, text: Text) -> ir.Origin:
    """Where a clause stands: its article, its law, and whether its wording is still to confirm."""
    default = isinstance(clause, ast.Define | ast.Allocate) and clause.default
    if article is None:
        return ir.Origin(clause.span, law=text.law or None, default=default, model=text.model)
    reference = article.reference
    return ir.Origin(
        clause.span,
        article.number,
        article.title,
        text.law or None,
        reference.text if reference else "",
        reference.to_confirm if reference else False,
        default,
        text.model,
    )


def of_rest(item: ast.Item) -> bool:
    """Whether an item asks for a part of the rest."""
    match item.amount:
        case ast.Operation("part_of", (_, ast.Rest())):
            return True
        case _:
            return False


def takes_all_the_rest(item: ast.Item) -> bool:
    """Whether an item surely leaves nothing to those below it."""
    limits = (item.high, item.until, item.when)
    return isinstance(item.amount, ast.Rest) and all(limit is None for limit in limits)
