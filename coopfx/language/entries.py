"""The books of a year as a program keeps them: each entry takes an amount from one place to another.

An entry's amount is a node that some clause moves, so that the books of every engine are those of the
nodes that it has worked out, and no euro has an origin without a destination.
"""

from coopfx.language import ast, ir
from coopfx.language.link import Linker
from coopfx.language.origins import ACCOUNT, FIGURE, RECEIVED
from coopfx.language.placed import Feed


def entries_of(linker: Linker) -> tuple[ir.Entry, ...]:
    """The entries of all clauses that move money, in the order of the texts."""
    found: list[ir.Entry] = []
    for number in range(len(linker.money)):
        node = linker.compile(number)
        if node is not None:
            found += _of_clause(linker, number, node)
    return tuple(found)


def _of_clause(linker: Linker, number: int, node: int) -> list[ir.Entry]:
    clause, text = linker.money[number].clause, linker.money[number].text
    management = number in linker.management
    if isinstance(clause, ast.Pool):
        return _of_pool(linker, number, node, text.words.canonical(clause.figure.word))
    draw = linker.draws.get(number)
    if draw is None:
        return []
    source = ir.Place(draw.kind, draw.name, draw.record)
    made = linker.lowering.nodes[node]
    found: list[ir.Entry] = []
    along = made.segment if isinstance(made, ir.Split) and draw.record is not None else None
    if isinstance(made, ir.Split) and made.into is None:
        target = ir.Place(RECEIVED, draw.name, made.record)
        found.append(ir.Entry(node, source, target, node, management=management, along=along))
    for account, feed in sorted(linker.fed_by(number), key=lambda one: _order(one[1])):
        amount = linker.moved_to(node, feed)
        target = ir.Place(ACCOUNT, account, linker.scope.account_record(account))
        item = feed.item if feed.way in ("item", "overflow") else None
        by = along if feed.way == "into" else None
        found.append(ir.Entry(node, source, target, amount, item, feed.way, management, by))
    return found


def _order(feed: Feed) -> tuple[bool, int, str]:
    return feed.way == "losses", feed.item, feed.way


def _of_pool(linker: Linker, number: int, node: int, figure: str) -> list[ir.Entry]:
    """What each record keeps of what is pooled, and what goes to the common account."""
    record = linker.lowering.nodes[node].record
    source = ir.Place(FIGURE, figure, record)
    kept = ir.Place(RECEIVED, figure, record)
    found = [ir.Entry(node, source, kept, node, way="kept", management=True)]
    for account, feed in linker.fed_by(number):
        amount = linker.moved_to(node, feed)
        target = ir.Place(ACCOUNT, account)
        found.append(ir.Entry(node, source, target, amount, None, feed.way, management=True))
    return found
