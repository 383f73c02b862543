"""What may be shown where nobody is to be recognised: no group of fewer than five people.

A table whose total is known gives away what it hides: the total less what is shown. So where the hidden
groups together are fewer than five people, the smallest of the others is hidden too. Two counts that
differ by a few give those few away: people are counted in fives. Of figures that are worked out from
people's own, such as an average, nothing says how they overlap: none of them is shown.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from coopfx.engine import outcome as out
from coopfx.extending import LEAST
from coopfx.ground.report import Report, Said, Word


def bands(sizes: Sequence[int], least: int = LEAST) -> list[tuple[int, int]]:
    """Neighbouring groups of a scale, joined until each has ``least`` people: first and last of each.

    Empty where all together are fewer.

    >>> bands([2, 9, 6, 1, 1, 0])
    [(0, 1), (2, 5)]
    """
    found: list[tuple[int, int]] = []
    first, people = 0, 0
    for place, size in enumerate(sizes):
        people += size
        if people >= least:
            found.append((first, place))
            first, people = place + 1, 0
    if first < len(sizes) and found:
        found[-1] = (found[-1][0], len(sizes) - 1)
    return found


def rounded(people: int, least: int = LEAST) -> int:
    """A number of people to the nearest five: no two of them differ by fewer than five.

    >>> [rounded(count) for count in (5, 7, 8, 178, 180)]
    [5, 5, 10, 180, 180]
    """
    return (2 * people + least) // (2 * least) * least


def hidden_of(results: out.Results) -> frozenset[str]:
    """The accounts that anonymous papers of a year do not show, also beside those of the year before."""
    before = [one for one in results.before() if one.closing < results.outcome.closing]
    return unseen(results.outcome, before[-1] if before else None)


def tell_few(results: out.Results, report: Report) -> bool:
    """Whether fewer than five people stand behind an amount that no paper can leave out; told if so."""
    table = results.facts.tables.get("person")
    everyone = len(table.ids) if table else 0
    if 0 < everyone < LEAST:
        report.tell("papers.E02", None, count=_people(everyone))
        return True
    few = [
        (share.source, receive)
        for share in results.outcome.shares
        if share.record == "person"
        and 0 < (receive := sum(part != 0 for _, part in share.parts or ())) < LEAST
    ]
    for source, receive in few:
        account = Word(source) if source else Said("origin.charges")
        report.tell("papers.E01", None, account=account, count=_people(receive))
    return bool(few)


def _people(count: int) -> Said:
    return Said(f"papers.people.{'one' if count == 1 else 'many'}", {"count": count})


def unseen(outcome: out.Outcome, last: out.Outcome | None = None) -> frozenset[str]:
    """Accounts whose balances are not shown: what moved them came from or went to few people.

    So are accounts that people have of their own where few of them opened at another sum than they closed
    at in the ``last`` year, as those do who left: its papers, beside these, would have what they held.

    So are the accounts that they branch from, which are their sums. What a share's limits withhold goes
    to an account beside what the statute puts there, and comes from nobody knows how few. Where some
    records alone pass on what they received, what is left is that of the others, who may be few; so
    may those be who pass it on.
    """
    found = {
        share.excess_account
        for share in outcome.shares
        if share.record == "person" and share.excess_account and share.excess != 0
    }
    own = {item.name for item in outcome.accounts if item.record is not None}
    passing = [item for item in outcome.allocations if item.record is not None and item.held]
    found |= {item.name for item in outcome.accounts if item.rows and _few_rows(item)}
    closed = {item.name: item for item in last.accounts} if last else {}
    found |= {
        item.name
        for item in outcome.accounts
        if item.name in closed and 0 < _otherwise(closed[item.name], item) < LEAST
    }
    movers: dict[out.Place, dict[str, set[str]]] = {}
    for one in outcome.books:
        if one.source.kind == "received" and one.amount != 0:
            by_account = movers.setdefault(one.source, {})
            by_account.setdefault(one.target.name, set()).add(one.record)
    for by_account in movers.values():
        if any(len(who) < LEAST for who in by_account.values()):
            found |= by_account.keys()  # what the others got gives away what these did
    found |= {
        part.account
        for item in passing
        for part in item.items
        if part.amount != 0 and (part.account not in own or _leave_few([item], outcome))
    }
    for source in {item.source for item in passing}:
        several = [item for item in passing if item.source == source]
        if _leave_few(several, outcome):
            found |= {part.account for item in several for part in item.items if part.amount != 0}
    return frozenset(above for name in found if name for above in _with_those_above(name))


def _leave_few(passing: Sequence[out.Allocation], outcome: out.Outcome) -> bool:
    """Whether what is left, once records have passed on what they received, may be that of few.

    Who has passed it on shows in the accounts that it went to, unless more than that moved them.
    """
    received: dict[str, Fraction] = {}
    for share in outcome.shares:
        if share.source == passing[0].source:
            for record, part in share.parts or ():
                received[record] = received.get(record, Fraction(0)) + part
    amounts = [item.amount for item in passing if isinstance(item.amount, Fraction)]
    total = sum(amounts, Fraction(0))
    if len(amounts) == len(passing) and total == sum(received.values(), Fraction(0)):
        return False
    into = {part.account for item in passing for part in item.items}
    added = [
        (row.record, row.added) for one in outcome.accounts if one.name in into for row in one.rows
    ]
    moved = sum((value for _, value in added if isinstance(value, Fraction)), Fraction(0))
    if len(amounts) < len(passing) or moved != total:
        return True
    passed = {record for record, value in added if value != 0}
    left = [record for record, part in received.items() if part != 0 and record not in passed]
    return len(left) < LEAST


def is_shown(allocation: out.Allocation, unseen: frozenset[str]) -> bool:
    """Whether an allocation is shown: not where records' own money goes to accounts that are not."""
    return allocation.record is None or not any(part.account in unseen for part in allocation.items)


def _few_rows(account: out.AccountYear) -> bool:
    """Whether one of an account's figures is the sum of some, but fewer than five, records' own."""
    figures = zip(
        *((row.opening, row.added, row.taken, row.closing) for row in account.rows), strict=True
    )
    counts = [sum(value != Fraction(0) for value in column) for column in figures]
    return any(0 < count < LEAST for count in counts)


def _otherwise(closed: out.AccountYear, opened: out.AccountYear) -> int:
    """How many records opened at another sum than they closed at the year before."""
    before = {row.record: row.closing for row in closed.rows}
    after = {row.record: row.opening for row in opened.rows}
    nothing = Fraction(0)
    return sum(
        before.get(one, nothing) != after.get(one, nothing) for one in before.keys() | after.keys()
    )


def _with_those_above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def reads_records(step: out.Explanation | None) -> bool:
    """Whether an explanation brings together figures of records, people's among them."""
    if step is None:
        return True
    return any(map(_aggregates, step.arguments.values())) or any(map(reads_records, step.steps))


def _aggregates(item: object) -> bool:
    key, arguments = getattr(item, "key", ""), getattr(item, "arguments", {})
    return key.startswith("formula.aggregate.") or any(map(_aggregates, arguments.values()))
