"""What a law says of an account follows its money: through names, formulas, other accounts and years.

Of each way there is a pair, the same but for one thing: as the law lets it be, and as it does not. They
are tried in the four languages in turn.
"""

from itertools import cycle

import pytest
from test_laws import world as world_of

from compiling import NOWHERE, tried
from coopfx import pipeline
from coopfx.ground.report import Report, Severity
from coopfx.ground.source import Source
from coopfx.plugged.world import World

LAW = """law grove "Law of the groves"
currency EUR
in force from 2000-01-01
article 1 "Work share"
  account vault indivisible
  permit share work_share among workers
    where presence >= 3 months or seniority >= 6 months by salary, hours, equally
    multiplied by seniority at most 2
"""
HEAD = """statute "Grove" under grove
currency EUR
in force from 2024-01-01
input leaver : yes/no of person
input points : number of person >= 0 <= 9
account nest of person
account reserves_free
article 1 "Money"
  allocate surplus
    40% to work_share
    15% to reserves.legal until highest_share_capital then to reserves.development
    1% to vault
    1% to reserves_free
    rest to reserves.development
    losses to losses_brought_forward
article 2 "What is shared"
"""
ENTITLED = " among workers\n    where presence >= 3 months or seniority >= 6 months"
SHARE = f"  share work_share{ENTITLED}\n    by "
POT = "  allocate work_share\n    rest to pot\n    losses to pot\n"
SHARE_POT = f"  share pot{ENTITLED}\n    by "


KEYS = ("hours", "shares_held")
"""A key that the law permits, and one that it does not."""
WAYS = {
    "a key": SHARE + "{}\n",
    "a name": "  define key_of = {} for each person\n" + SHARE + "key_of\n",
    "a name of a name": (
        "  define inner = {} for each person\n  define key_of = inner for each person\n"
        f"{SHARE}key_of\n"
    ),
    "one line of several": f"  share work_share{ENTITLED}\n    50% by {{}}\n    50% equally\n",
    "a part": f"  share 50% of work_share{ENTITLED}\n    by {{}}\n",
    "a named part": f"  define half = 50% of work_share\n  share half{ENTITLED}\n    by {{}}\n",
    "a named part of a named part": (
        "  define half = 50% of work_share\n  define fourth = 50% of half\n"
        f"  share fourth{ENTITLED}\n    by {{}}\n"
    ),
    "an earlier balance": f"  share opening work_share{ENTITLED}\n    by {{}}\n",
    "a named earlier balance": (
        f"  define old = opening work_share\n  share old{ENTITLED}\n    by {{}}\n"
    ),
    "all of an account": f"  share all of work_share{ENTITLED}\n    by {{}}\n",
    "a formula from it": f"  share min(work_share, 9 EUR) from work_share{ENTITLED}\n    by {{}}\n",
    "a sum of other figures from it": f"  share 1% of turnover from work_share{ENTITLED}\n    by {{}}\n",
    "an earlier year": (
        f"  share min(previous work_share, 5 EUR) from work_share{ENTITLED}\n    by {{}}\n"
    ),
    "a choice": (
        "  share (if turnover > 1 EUR then work_share else 0 EUR) from work_share"
        f"{ENTITLED}\n    by {{}}\n"
    ),
    "a decision": (
        "  decide payout between 0 EUR and all of work_share\n"
        f"  share payout from work_share{ENTITLED}\n    by {{}}\n"
    ),
    "a scale": (
        "  scale payout by turnover\n    from 0 EUR: 1 EUR\n    from 9 EUR: 5 EUR\n"
        f"  share payout from work_share{ENTITLED}\n    by {{}}\n"
    ),
    "another account": POT + SHARE_POT + "{}\n",
    "another account's earlier balance": f"{POT}  share opening pot{ENTITLED}\n    by {{}}\n",
    "an account behind another": (
        POT + "  allocate pot\n    rest to kitty\n    losses to kitty\n"
        f"  share kitty{ENTITLED}\n    by {{}}\n"
    ),
    "a branch": (
        "  allocate work_share\n    50% to pot.old\n    rest to pot.new\n    losses to pot.new\n"
        f"  share pot.old{ENTITLED}\n    by {{}}\n"
    ),
    "what is over": (
        f"{SHARE}hours\n    at most 9 EUR each\n    excess to pot\n" + SHARE_POT + "{}\n"
    ),
    "what no longer fits": (
        "  allocate work_share\n    rest to kitty until 9 EUR then to pot\n    losses to pot\n"
        + SHARE_POT
        + "{}\n"
    ),
    "what people pass on": (
        f"{SHARE}hours\n  allocate 10% of work_share of person for each worker\n    rest to pot\n"
        + SHARE_POT
        + "{}\n"
    ),
    "their own accounts": "  share work_share among workers to nest of person\n    by {}\n",
    "a condition": f"  share work_share{ENTITLED}\n    when turnover > 1 EUR\n    by {{}}\n",
}
LOYALTY = "  scale loyalty by {}\n    {}    {}" + SHARE + "hours\n    multiplied by {}\n"


def loyal(figure: str, first: str, second: str, coefficient: str = "loyalty") -> str:
    """A share with a coefficient that rests on what a scale reads off a figure."""
    unit = {"seniority": " months", "salary": " EUR"}.get(figure, "")
    steps = (f"from 0{unit}: {first}\n", f"from 9{unit}: {second}\n")
    return LOYALTY.format(figure, *steps, coefficient)


GIVEN = "  share {} among workers equally\n"
PAIRS: dict[str, tuple[str, str, str]] = {
    # name: (what the law lets be, what it does not, how that is told)
    **{name: (text.format(KEYS[0]), text.format(KEYS[1]), "L501") for name, text in WAYS.items()},
    "a formula as a key": (f"{SHARE}salary\n", f"{SHARE}salary + 1 EUR\n", "L501"),
    "a choice as a key": (
        f"{SHARE}hours\n",
        f"{SHARE}if member then hours else 0 hours\n",
        "L501",
    ),
    "to each by a formula": (
        f"  define due = work_share / 9\n  share due from work_share{ENTITLED}\n    equally\n",
        "  define due = work_share * shares_held / share_capital for each person\n"
        "  allocate due from work_share for each worker\n    rest to nest of person\n",
        "L501",
    ),
    "to each by a formula of another account": (
        f"{POT}{SHARE_POT}hours\n",
        f"{POT}  allocate 5 EUR * points from pot for each worker\n    rest to nest of person\n",
        "L501",
    ),
    "whom it entitles": (
        "  share work_share among workers where presence >= 3 months\n    or seniority >= 5 months\n"
        "    by hours\n",
        "  share work_share among workers where presence >= 4 months\n    or seniority >= 6 months\n"
        "    by hours\n",
        "L502",
    ),
    "whom it entitles, by a group": (
        "  group those = workers where presence >= 1 months\n    or seniority >= 6 months\n"
        "  share opening work_share among those by hours\n",
        "  group those = workers where member and presence >= 1 months\n"
        "  share opening work_share among those by hours\n",
        "L502",
    ),
    "a coefficient by its figure": (
        loyal("seniority", "1", "2"),
        loyal("salary", "1", "2"),
        "L516",
    ),
    "a coefficient that rises": (
        loyal("seniority", "1", "2"),
        loyal("seniority", "2", "1"),
        "L516",
    ),
    "a coefficient so high": (loyal("seniority", "1", "2"), loyal("seniority", "1", "3"), "L513"),
    "a coefficient of the data": (
        f"{SHARE}hours\n    multiplied by min(1 + seniority / 9 years, 2)\n",
        f"{SHARE}hours\n    multiplied by min(points, 2)\n",
        "L516",
    ),
    "a named coefficient": (
        f"  define rate_of = min(1 + seniority / 9 years, 2) for each person\n{SHARE}hours\n"
        "    multiplied by rate_of\n",
        f"  define rate_of = 1 + seniority / 9 years for each person\n{SHARE}hours\n"
        "    multiplied by rate_of\n",
        "L513",
    ),
    "a coefficient by whether": (
        f"{SHARE}hours\n    multiplied by 2\n",
        f"{SHARE}hours\n    multiplied by if member then 2 else 1\n",
        "L516",
    ),
    "a coefficient of two figures": (
        loyal("seniority", "0.5", "1", "loyalty + loyalty"),
        loyal("seniority", "0.5", "1", "loyalty + presence / 12 months"),
        "L516",
    ),
    "a coefficient that is decided": (
        f"{SHARE}hours\n    multiplied by 1.5\n",
        f"  decide most_loyal between 1 and 2\n{SHARE}hours\n    multiplied by min(most_loyal, 2)\n",
        "L516",
    ),
    "a coefficient of another account": (
        POT + loyal("seniority", "1", "2").replace("share work_share", "share pot"),
        POT + loyal("salary", "1", "2").replace("share work_share", "share pot"),
        "L516",
    ),
    **{
        f"indivisible: {name}": (text.replace("vault", "reserves_free"), text, "M404")
        for name, text in {
            "of this year": GIVEN.format("vault"),
            "of older years": GIVEN.format("opening vault"),
            "in all": GIVEN.format("all of vault"),
            "by a formula": GIVEN.format("min(turnover, 9 EUR) from vault"),
            "by names": "  define half = 50% of opening vault\n  define due = half\n"
            + GIVEN.format("due"),
            "to each": "  allocate 9 EUR from vault for each worker\n    rest to nest of person\n",
            "to an account": "  allocate vault\n    rest to pot\n    losses to pot\n",
        }.items()
    },
}


@pytest.fixture(scope="module")
def grove() -> World:
    """A world with the law of the groves."""
    return world_of(LAW)


def errors(text: str, language: str, world: World) -> set[str]:
    """The errors that are told of a text, said in a language."""
    said: str | None = HEAD + text
    if language != "en":
        source = Source("statute.en.coop", HEAD + text, "en")
        said = pipeline.translate_source(source, language, NOWHERE, world, Report())
    assert said is not None
    _, report = tried(said, world, language)
    return {one.code for one in report.diagnostics if one.severity is Severity.ERROR}


def test_there_are_forty_ways() -> None:
    assert len(PAIRS) >= 40


@pytest.mark.parametrize(
    ("name", "language"), [*zip(PAIRS, cycle(["en", "fr", "es", "it"]), strict=False)]
)
def test_the_law_follows_the_money(name: str, language: str, grove: World) -> None:
    lawful, unlawful, code = PAIRS[name]
    assert not errors(lawful, language, grove)
    assert errors(unlawful, language, grove) == {code}
