"""Pairs of statutes: one that was only reworded, or changed by one small thing of every kind.

Whether a pair is the same is not said here: what is said of it is held against years, by ``differ``, which
reads outcomes alone.
"""

from collections import Counter
from fractions import Fraction

from coopfx.engine.outcome import Outcome, Provenance
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import settle
from coopfx.ground.exact import Missing, Undefined
from coopfx.ground.facts import Facts
from coopfx.language import ir

BASE = """statute "Oak"
currency EUR
in force from 2024-01-01

input grants : money >= 0
input score : number of person >= 0
input bonus : money
input gone_on : date
account pot
account savings of person
account common
account shared
article 1 "Sharing"
  decide gift between 0 EUR and 10 000 EUR otherwise 100 EUR
  scale step by seniority for each person
    from 0 months: 1
    from 24 months: 2
  group elders = workers where seniority >= 24 months
  define half = 50% of grants
  define ratio = surplus / turnover
  allocate surplus when turnover >= 0 EUR
    50% to work_share
    15% to reserves.legal until highest_share_capital then to reserves.development
    10% of rest to pot at most 1 000 EUR
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among workers
    by hours
    multiplied by step
    at most 500 EUR each
    excess to reserves.development
  share 20% of grants among elders to savings of person
    75% by salary
    25% equally
    paid from 10 EUR up
  share gift from charges among members equally
  pool result of teams
    40% kept by each
    rest to common
  require floor: work_share >= 25% of surplus when surplus > 0 EUR unless grants > 1 000 EUR
    "The work share is a quarter."
  recommend pay: salary <= 6 * 20 000 EUR for each worker
  require late: gone_on + 6 months > 2024-06-30 or bonus >= 0 EUR
  require whole: ratio <= 2
  require third: grants / 3 >= 1 EUR when grants > 2 EUR
  indicator "Members" in democracy = rate of (member) over people target at least 50%
  indicator "Growth" = previous surplus rounded down to 10 EUR
"""

SAME = (
    ("50% to work_share", "50% of surplus to work_share"),
    ("50% to work_share", "(100% / 2) to work_share"),
    ("50% to work_share", "min(1 / 2 * surplus, surplus) to work_share"),
    ("50% of grants", "grants / 2"),
    (
        "define half = 50% of grants\n",
        "define half = grants - half_again\n  define half_again = grants / 2\n",
    ),
    ("at most 1 000 EUR", "at most 1 000.00 EUR"),
    ("until highest_share_capital", "until max(highest_share_capital, highest_share_capital)"),
    ("by hours", "by 2 * hours"),
    ("multiplied by step", "multiplied by (step * 1)"),
    ("at most 500 EUR each", "at most (250 EUR + 250 EUR) each"),
    ("workers where seniority >= 24 months", "workers where not seniority < 24 months"),
    ("from 24 months: 2", "from 2 years: 2"),
    ("among members equally", "among (people where member) equally"),
    ("40% kept", "(20% + 20%) kept"),
    ("unless grants > 1 000 EUR", "unless not grants <= 1 000 EUR"),
    ("salary <= 6 * 20 000 EUR", "6 * 20 000 EUR >= salary"),
    (
        "gone_on + 6 months > 2024-06-30 or bonus >= 0 EUR",
        "bonus >= 0 EUR or gone_on + 6 months > 2024-06-30",
    ),
    ("surplus / turnover", "(surplus + surplus) / (2 * turnover)"),
    ("rate of (member) over people", "rate of (not not member) over people"),
    ('article 1 "Sharing"', 'article 7 "How it is shared" ref "as adopted"'),
    ("group elders =", "group ancients ="),
    ("otherwise 100 EUR", "otherwise 50 EUR * 2"),
    ("previous surplus rounded down to 10 EUR", "(previous surplus) rounded down to (20 EUR / 2)"),
    ("when turnover >= 0 EUR", "when not turnover < 0 EUR"),
    (" when turnover >= 0 EUR", ""),
)
"""Pieces of the base, and others that say the same."""

CHANGED = (
    ("from 2024-01-01", "from 2024-01-02"),
    ("money >= 0\n", "money\n"),
    ("money >= 0\n", "money >= 1\n"),
    ("and 10 000 EUR", "and 10 001 EUR"),
    ("between 0 EUR", "between 1 EUR"),
    (" otherwise 100 EUR", ""),
    ("otherwise 100 EUR", "otherwise 101 EUR"),
    ("from 24 months: 2", "from 24 months: 2.01"),
    ("from 24 months: 2", "above 24 months: 2"),
    ("from 24 months: 2", "from 25 months: 2"),
    ("from 0 months: 1\n", ""),
    ("    from 24 months: 2\n", "    from 24 months: 2\n    from 480 months: 3\n"),
    ("workers where seniority >= 24 months", "workers where seniority > 24 months"),
    ("50% of grants", "50.01% of grants"),
    ("surplus / turnover", "surplus / (turnover + 1 EUR)"),
    ("when turnover >= 0 EUR", "when turnover > 0 EUR"),
    ("50% to work_share", "50.01% to work_share"),
    ("50% to work_share", "50% to work_share when surplus > 10 EUR"),
    ("50% to work_share", "50% to work_share at least 1 EUR"),
    (
        "15% to reserves.legal until highest_share_capital then",
        "15% to reserves.legal until share_capital then",
    ),
    ("until highest_share_capital then to reserves.development", "until highest_share_capital"),
    ("then to reserves.development", "then to pot"),
    ("10% of rest", "10%"),
    ("at most 1 000 EUR", "at most 1 000.01 EUR"),
    (" at most 1 000 EUR", ""),
    ("rest to reserves.development", "rest to reserves.legal"),
    ("losses to losses_brought_forward", "losses to reserves.legal"),
    ("among workers\n    by hours", "among members\n    by hours"),
    ("by hours", "by salary"),
    ("by hours", "equally"),
    ("    multiplied by step\n", ""),
    ("multiplied by step", "multiplied by min(step, 1.5)"),
    ("at most 500 EUR each", "at most 500.01 EUR each"),
    ("    excess to reserves.development\n", ""),
    ("excess to reserves.development", "excess to pot"),
    ("20% of grants among", "20.01% of grants among"),
    (" to savings of person", ""),
    ("75% by salary\n    25% equally", "74% by salary\n    26% equally"),
    ("paid from 10 EUR up", "paid from 10.01 EUR up"),
    ("    paid from 10 EUR up\n", "    paid from 10 EUR up\n    alike\n"),
    ("share gift from charges", "share gift from bonus"),
    ("among members equally", "among members by shares_held"),
    ("among members equally", "among members when turnover > 5 EUR equally"),
    ("40% kept", "40.01% kept"),
    ("kept by each\n", "kept by each\n    losses kept\n"),
    ("rest to common", "rest to shared"),
    ("require floor", "recommend floor"),
    (">= 25% of surplus when", ">= 25.01% of surplus when"),
    (">= 25% of surplus when", "> 25% of surplus when"),
    (">= 1 EUR when", ">= 1 EUR exactly when"),
    ("when surplus > 0 EUR", "when surplus > 1 EUR"),
    (" unless grants > 1 000 EUR", ""),
    ("a quarter", "one quarter"),
    ('    "The work share is a quarter."\n', ""),
    ("6 * 20 000 EUR for each worker", "6 * 20 000.01 EUR for each worker"),
    ("for each worker", "for each member"),
    ("recommend pay", "require pay"),
    ("6 months >", "7 months >"),
    ("> 2024-06-30", "> 2024-07-01"),
    ("or bonus >= 0 EUR", "or bonus >= 1 EUR"),
    ("require whole: ratio <= 2\n", ""),
    ("require whole: ratio <= 2", "require whole: ratio <= 2 when turnover > 0 EUR"),
    ("in democracy", "in economy"),
    ("target at least 50%", "target at most 50%"),
    ("target at least 50%", "target at least 51%"),
    (" target at least 50%", ""),
    ("rate of (member) over people", "rate of (member) over workers"),
    ("previous surplus", "previous turnover"),
    ("rounded down", "rounded up"),
    ("rounded down to 10 EUR", "rounded down to 11 EUR"),
    ('indicator "Growth"', 'indicator "Rise"'),
)
"""Pieces of the base, and others that make one small thing different."""


def changed(piece: str, other: str) -> str:
    """The base with another piece."""
    assert piece in BASE, piece
    return BASE.replace("ancients", "elders").replace(piece, other, 1)


def settled(program: ir.Program, facts: Facts) -> Outcome:
    """The outcome of a year."""
    return settle(evaluate(program, facts), Provenance())


def differ(old: Outcome, new: Outcome) -> str:
    """The first thing that two outcomes of a year show differently; empty where there is none."""
    one, other = shown(old), shown(new)
    both = {key for key in one if key in other or key.startswith("figure")}
    for key in sorted({*one, *other}):
        if key.startswith("figure") and (key not in one or key not in other):
            continue
        if one.get(key, Fraction(0)) != other.get(key, Fraction(0)):
            return key
    assert both is not None
    return ""


def shown(outcome: Outcome) -> dict[str, object]:
    """What an outcome shows, by what it is shown of; without words."""
    found: dict[str, object] = {"currency": outcome.currency, "from": outcome.in_force_from}
    for figure in outcome.values:
        found[f"figure {figure.name}"] = _plain(figure.value)
    for share in outcome.shares:
        found[f"asked {share.source} {share.record}"] = _plain(share.amount)
    for account in outcome.accounts:
        rows = tuple(
            (row.record, *map(_plain, (row.added, row.taken, row.closing))) for row in account.rows
        )
        sides = (account.opening, account.added, account.taken, account.closing)
        if account.name and any(_plain(side) != 0 for side in sides):
            found[f"account {account.name}"] = tuple(map(_plain, sides)), rows
    books: Counter[str] = Counter()
    for entry in outcome.books:
        key = f"entry {entry.source} {entry.target} {entry.record} {entry.management}"
        if isinstance(entry.amount, Fraction):
            books[key] += entry.amount  # type: ignore[assignment]
        else:
            found[key + " unknown"] = _plain(entry.amount)
    found |= {key: amount for key, amount in books.items() if amount}
    for verdict in outcome.verdicts:
        cases = tuple((case.record, case.status) for case in verdict.cases)
        found[f"rule {verdict.rule}"] = (
            *(verdict.binding, verdict.message, verdict.status),
            *(_plain(verdict.margin), tuple((verdict.counts or {}).items()), cases),
        )
    for one in outcome.indicators:
        found[f"indicator {one.label}"] = (
            *(one.pillar, _plain(one.value), _plain(one.target), one.relation, one.met),
        )
    return found


def _plain(value: object) -> object:
    return type(value).__name__ if isinstance(value, Missing | Undefined) else value
