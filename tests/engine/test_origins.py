"""Where money comes from: each kind of fault by which money was paid twice, or out of nothing.

The texts are tried in the four languages in turn: the English one is translated, and has to give the
same.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import cycle

import pytest
from attrs import evolve
from truths import untrue

from compiling import NOWHERE, tried
from coopfx import pipeline
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import Outcome
from coopfx.engine.proof.prove import prove_clauses
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.other_years import with_other_years
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts, Table
from coopfx.ground.report import Diagnostic, OneOf, Report, Severity, Word
from coopfx.ground.source import Source
from coopfx.language.mended import mended
from coopfx.plugged.world import World

HEAD = """statute "Grove"
currency {currency}
in force from 2024-01-01
input leaver : yes/no of person
input gift : money
input yard : money measure
input toll : money included in gift
input fee : money included in toll
input lease : money included in yard
account kitty
account nest of person
account chest of team
article 1 "Money"
  allocate surplus
    rest to kitty
    losses to losses_brought_forward
"""
LANGUAGES = ("en", "fr", "es", "it")


def said_in_turn(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each case in one language, the four in turn."""
    return list(zip(names, cycle(LANGUAGES), strict=False))


def compiled(
    text: str, language: str, world: World, currency: str = "EUR"
) -> tuple[Statute | None, set[str]]:
    """A statute said in a language, and the codes of its errors."""
    statute, errors = told(said(text, language, world, currency), world)
    return statute, {one.code for one in errors}


def said(text: str, language: str, world: World, currency: str = "EUR") -> Source:
    """The text of a statute in a language."""
    source = Source("statute.en.coop", HEAD.format(currency=currency) + text, "en")
    if language == "en":
        return source
    found = pipeline.translate_source(source, language, NOWHERE, world, Report())
    assert found is not None
    return Source(f"statute.{language}.coop", found, language)


def told(source: Source, world: World) -> tuple[Statute | None, list[Diagnostic]]:
    """A statute, and its errors."""
    statute, report = tried(source.text, world, source.language)
    return statute, [one for one in report.diagnostics if one.severity is Severity.ERROR]


def outcome(statute: Statute, world: World, figures: dict[str, str]) -> Outcome:
    """The outcome of a year of three people in two teams; ``figures`` are changed or further ones."""
    return pipeline.evaluate(statute, facts_of(statute, figures), world)


def facts_of(statute: Statute, figures: dict[str, str]) -> Facts:
    """The facts of a year of three people in two teams; ``figures`` are changed or further ones."""
    balances = dict.fromkeys(statute.program.accounts, Fraction(0)) | {"kitty": Fraction(500)}
    own: dict[str, Known] = {"surplus": Fraction(1000), "gift": Fraction(101)}
    for name, value in figures.items():
        given = balances if name.startswith("opening ") else own
        given[name.removeprefix("opening ")] = Fraction(value)
    people: dict[str, tuple[Known | None, ...]] = {
        "worker": (True, True, True),
        "member": (True, True, False),
        "leaver": (True, False, False),
        "team": ("forge", "shop", "shop"),
        "opening nest": (Fraction(100), Fraction(50), Fraction(0)),
    }
    teams: dict[str, tuple[Known | None, ...]] = {
        "opening chest": (Fraction(40), Fraction(60)),
        "result": (Fraction(200), Fraction(-50)),
    }
    tables = {
        "person": Table(("ana", "ben", "cy"), people),
        "team": Table(("forge", "shop"), teams),
    }
    return Facts(date(2024, 12, 31), own, tables, balances)


AMONG = " among members equally\n"
GIVES_A_LINE = ("M416", "M417", "M418", "M422", "M423")
OUT = "\n    rest to gifts\n    losses to gifts\n"
REFUSED = {
    "five times": (f"  allocate 5 * kitty{OUT}", "M417"),
    "two hundred percent": (f"  share 200% of gift{AMONG}", "M417"),
    "two defines deep": (
        f"  define twice = 2 * opening kitty\n  define four = 2 * twice\n  share four{AMONG}",
        "M417",
    ),
    "a quotient": (f"  share all of kitty / 50%{AMONG}", "M417"),
    "a whole of each person": (
        f"  allocate 150% of opening nest of person for each member{OUT}",
        "M417",
    ),
    "a whole of each team": (
        "  share 300% of opening chest of team among people of each team equally\n",
        "M417",
    ),
    "two parts": (f"  share 60% of kitty{AMONG}  share 50% of kitty{AMONG}", "M403"),
    "a multiple of a part, and more than is left": (
        "  define third = 30% of gift\n  define sixth = 2 * third\n"
        f"  share third{AMONG}  share sixth{AMONG}  share 20% of gift{AMONG}",
        "M403",
    ),
    "a part of what is given out whole": (
        f"  define third = 30% of gift\n  share third{AMONG}  share 50% of third{AMONG}",
        "M403",
    ),
    "a multiple of what has no one part": (
        "  define most = min(30% of gift, 100 EUR)\n"
        f"  share most from gift{AMONG}  allocate 2 * most{OUT}",
        "M416",
    ),
    "the whole to each team": ("  share gift among people of each team equally\n", "M416"),
    "what measures": (f"  share 5% of yard{AMONG}", "M416"),
    "what measures, by a define": (
        f"  define due = 5% of share_capital\n  share due{AMONG}",
        "M416",
    ),
    "an earlier year": (f"  share previous surplus{AMONG}", "M416"),
    "a condition": (f"  share (if gift > 1 EUR then kitty else opening kitty){AMONG}", "M416"),
    "a decision": (
        f"  decide payout between 0 EUR and all of kitty\n  share payout{AMONG}",
        "M416",
    ),
    "a scale": (
        f"  scale due by gift\n    from 0 EUR: 1 EUR\n    from 9 EUR: 5 EUR\n  share due{AMONG}",
        "M416",
    ),
    "a sum": (f"  share opening kitty + kitty{AMONG}", "M416"),
    "a constant": (f"  share 100 EUR{AMONG}", "M416"),
    "what is in each person's account": (
        "  share kitty among members to nest of person equally\n"
        f"  allocate kitty of person for each member{OUT}",
        "M403",
    ),
    "a rate that reads an account": (f"  share (kitty / gift) * kitty{AMONG}", "M416"),
    "a part of what each team received": (
        "  share kitty among teams by headcount\n"
        "  share 50% of kitty among people of each team equally\n",
        "M422",
    ),
    "what is put together": (
        "  pool result of teams\n    15% kept by each\n    rest to commons\n"
        "  share result of team among people of each team equally\n",
        "M403",
    ),
    "more than each team has": (
        "  pool result of teams\n    60% + 60% kept by each\n    rest to commons\n",
        "M417",
    ),
    "what is put together above what else is fed": (
        "  allocate gift\n    rest to pot.gifts\n    losses to losses_brought_forward\n"
        "  pool result of teams\n    15% kept by each\n    rest to pot\n",
        "M405",
    ),
    "what is put together, given out to a reserve": (
        "  pool result of teams\n    15% kept by each\n    rest to commons\n"
        "  allocate all of commons\n    rest to reserves.teams\n    losses to shortfall\n",
        "M405",
    ),
    "a sum of parts": (
        f"  define most = 60%\n  define more = most + most\n  share more * kitty{AMONG}",
        "M417",
    ),
    "hundreds of names deep": (
        "  define name_0 = kitty\n"
        + "".join(f"  define name_{n} = 100% of name_{n - 1}\n" for n in range(1, 200))
        + f"  share name_199{AMONG}  share kitty{AMONG}",
        "M403",
    ),
    "what measures as an origin": (f"  share 1 EUR from yard{AMONG}", "M418"),
    "a part of what measures": (f"  share lease{AMONG}", "M416"),
    "a whole and what it includes": (f"  share fee{AMONG}  share gift{AMONG}", "M403"),
    "twice what is included": (f"  share 200% of toll{AMONG}", "M417"),
    "what a define includes": (
        f"  define most = 50% of gift\n  input less : money included in most\n  share less{AMONG}",
        "M441",
    ),
    "what includes itself": ("  input less : money included in less\n", "M441"),
    "what is each one's": ("  input own : money of person included in gift\n", "M441"),
    "a define as an origin": (f"  define due = kitty\n  share 1 EUR from due{AMONG}", "M418"),
    "a decision as an origin": (
        f"  decide payout at least 0 EUR\n  share 1 EUR from payout{AMONG}",
        "M418",
    ),
}


@pytest.mark.parametrize(("name", "language"), said_in_turn(REFUSED))
def test_what_has_no_one_origin_is_refused_before_any_figures(
    name: str, language: str, world: World
) -> None:
    text, code = REFUSED[name]
    statute, errors = compiled(text, language, world)
    assert statute is None and errors == {code}


ADVISED = {
    name: text
    for name, (text, code) in REFUSED.items()
    if code in GIVES_A_LINE and "pool" not in text
}
ADVISED |= {
    "what is left afterwards": (
        "  decide payout between 0 EUR and max(0 EUR, closing kitty)\n"
        "  share payout among members\n    equally\n"
    ),
    "what each team has left": (
        "  share max(closing chest, 0 EUR) among people of each team equally\n"
    ),
    "an account that is only a sum": f"  share min(reserves, gift){AMONG}",
    "an account that nobody may give out": (
        f"  account vault indivisible\n  define most = min(gift, kitty)\n  share most{AMONG}"
    ),
}


@pytest.mark.parametrize(("name", "language"), said_in_turn(ADVISED))
def test_the_line_that_is_advised_can_be_pasted(name: str, language: str, world: World) -> None:
    source = said(ADVISED[name], language, world)
    (first, *_) = [one for one in told(source, world)[1] if one.code in GIVES_A_LINE]
    near, words = first.arguments.get("nearest", ""), world.words(language)
    lines = [str(item).strip("`") for item in near.items] if isinstance(near, OneOf) else []
    lines += [str(line) for name in ("expected", "charged") if (line := first.arguments.get(name))]
    if not lines:  # what is said of every such clause: name what gives money, such as charges
        assert first.code == "M418" and first.span is not None
        taken = f"{words.keywords['DRAWN_FROM'][0]} {words.keywords['CHARGES'][0]}"
        line, span = source.line(first.span.line), first.span
        lines = [f"{line[: span.column - 1]}{taken}{line[span.end_column - 1 :]}".strip()]
    for line in lines:
        one = evolve(first, arguments=first.arguments | {"expected": line})
        text = mended(source, [one], GIVES_A_LINE)
        statute, errors = told(Source(source.file, text, language), world)
        assert statute is not None, (line, errors)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_mended_where_one_reading_is_possible(language: str, world: World) -> None:
    def text(from_kitty: str, whole: str, of_team: str) -> str:
        return (
            f"  decide payout between 0 EUR and {whole} kitty\n  share payout{from_kitty}{AMONG}"
            f"  share min(gift, 5 EUR) from gift{AMONG}  share work_share among teams by headcount\n"
            f"  share 40% of work_share{of_team} among people of each team equally\n"
        )

    before = text("", "closing", "").replace(" from gift", "")
    mended_text = pipeline.mend_source(said(before, language, world), NOWHERE, world)
    wanted = said(text(" from kitty", "all of", " of team"), language, world)
    back = [
        pipeline.translate_source(one, "en", NOWHERE, world, Report())
        for one in (mended_text, wanted)
    ]
    assert back[0] is not None and back[0] == back[1]


BACK = {
    # name: (text, codes told, in order)
    "interest, of each": (
        "  allocate 3% of opening nest for each member\n    rest to nest of person\n",
        ["M435"],
    ),
    "interest, two defines deep": (
        "  define due = 3% of opening nest for each person\n  define owed = due for each person\n"
        "  allocate owed for each member\n    rest to nest of person\n    losses to cash\n",
        ["M435"],
    ),
    "of the cooperative": (
        "  allocate 3% of all of kitty\n    10% to kitty\n    rest to kitty\n    losses to kitty\n",
        ["M435"],
    ),
    "what a clause names": (
        "  allocate min(gift, 9 EUR) from kitty\n    rest to kitty\n    losses to cash\n",
        ["M435"],
    ),
    "what flows over into it again": (
        "  allocate all of kitty\n    50% to kitty until 90 EUR then to kitty\n    rest to kitty\n",
        ["M435"],
    ),
    "a line of several": (
        "  allocate all of kitty\n    30 EUR to kitty\n    rest to cash\n    losses to cash\n",
        ["M436"],
    ),
    "a loss": ("  allocate all of kitty\n    rest to cash\n    losses to kitty\n", []),
    "what flows over": (
        "  allocate all of kitty\n    30% to cash until 9 EUR then to kitty\n    rest to cash\n"
        "    losses to cash\n",
        ["M436"],
    ),
    "one's own into all's": (
        "  allocate 30% of nest for each member\n    rest to kitty\n    losses to kitty\n",
        [],
    ),
    "a cost": (
        "  allocate 3% of opening nest from charges for each member\n    rest to nest of person\n",
        [],
    ),
}


@pytest.mark.parametrize(("name", "language"), said_in_turn(BACK))
def test_what_goes_back_where_it_comes_from_is_told(name: str, language: str, world: World) -> None:
    text, codes = BACK[name]
    source = said(text, language, world)
    statute, report = tried(source.text, world, language)
    back = [one for one in report.diagnostics if one.code in ("M410", "M435", "M436")]
    assert statute is not None and [one.code for one in back] == codes
    if codes == ["M435"] and back[0].arguments["expected"]:
        statute, report = tried(mended(source, back, ("M435",)), world, language)
        assert statute is not None and "M435" not in {one.code for one in report.diagnostics}


EACH_OWN = {
    "all of it": "  share nest of person among members where leaver equally\n",
    "a part": "  share 30% of nest among members equally\n",
    "its opening": "  share opening nest among members when gift > 1 EUR equally\n",
    "by a define": (
        "  define due = 30% of opening nest for each person\n  share due among members equally\n"
    ),
    "named, by what is held": (
        "  share sum of shares_held over (members where leaver) from nest of person\n"
        "    among members where leaver\n    by shares_held\n"
    ),
    "named, by a formula": f"  share min(gift, 9 EUR) from nest of person{AMONG}",
    "an allocation": f"  allocate 50% of nest{OUT}",
    "an allocation that names it": f"  allocate 9 EUR from nest when gift > 1 EUR{OUT}",
}


@pytest.mark.parametrize(("name", "language"), said_in_turn(EACH_OWN))
def test_what_each_has_of_their_own_is_no_sum_of_all(
    name: str, language: str, world: World
) -> None:
    source = said(EACH_OWN[name], language, world)
    _, errors = told(source, world)
    assert [one.code for one in errors] == ["M437"]
    line, keywords, span = (
        errors[0].arguments["expected"],
        world.words(language).keywords,
        errors[0].span,
    )
    assert line and span is not None
    above = source.text.splitlines()[: span.line - 1]
    text = "\n".join(
        [*above, f"  {line}", f"    {keywords['REST'][0]} {keywords['TO'][0]} gifts\n"]
    )
    statute, errors = told(Source(source.file, text, language), world)
    assert statute is not None, (line, errors)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_measures_is_taken_from_an_account_of_the_same_record(
    language: str, world: World
) -> None:
    text = f"  allocate shares_held of person for each member when leaver{OUT}"
    source = said(text, language, world)
    (first,) = told(source, world)[1]
    near = first.arguments["nearest"]
    assert first.code == "M416" and isinstance(near, OneOf) and len(near.items) == 1
    line = str(near.items[0]).strip("`")
    text = source.text.replace(source.line(first.span.line).strip(), line) if first.span else ""
    assert told(Source(source.file, text, language), world)[0] is not None, line
    assert pipeline.mend_source(source, NOWHERE, world).text == source.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("before", ["OPENING", "CLOSING", "ALL_OF", "TAKEN", "50 %"])
def test_only_the_bare_name_stands_after_from(before: str, language: str, world: World) -> None:
    right = said(f"  share 9 EUR from kitty{AMONG}", language, world)
    keywords = world.words(language).keywords
    taken = keywords["DRAWN_FROM"][0]
    word = keywords.get(before, (before,))[0]
    wrong = right.text.replace(f"{taken} kitty", f"{taken} {word} kitty")
    _, errors = told(Source(right.file, wrong, language), world)
    assert wrong != right.text and [one.code for one in errors] == ["M438"]
    assert errors[0].arguments["expected"] == f"{taken} kitty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_circle_names_the_account_of_the_text(language: str, world: World) -> None:
    text = f"  share max(0 EUR, closing kitty - 9 EUR) from kitty{AMONG}"
    (first,) = told(said(text, language, world), world)[1]
    assert first.code == "N205" and first.arguments["expected"] == Word("kitty")


def test_what_follows_from_a_share_without_origin_is_not_told(world: World) -> None:
    rule = "  require fair: kitty of person <= 9 EUR for each member\n"
    unsaid = f"  share all of kitty - 200 EUR among members equally\n{rule}"
    assert compiled(unsaid, "en", world)[1] == {"M416"}
    assert compiled(rule, "en", world)[1] == {"N212"}


@pytest.mark.parametrize(
    ("clause", "stays"),
    [
        ("allocate nest of person for each member when leaver", 100),
        ("allocate nest for each member", 150),
        ("allocate all of nest for each member when leaver", 0),
        ("share chest among people of each team when gift > 1 EUR equally", 100),
        ("allocate nest for each member when shares_held > 999 EUR", 0),
    ],
)
def test_what_stays_in_an_account_of_each_is_told(clause: str, stays: int, world: World) -> None:
    statute, errors = compiled(f"  {clause}{OUT if 'for' in clause else ''}\n", "en", world)
    assert statute is not None, errors
    found = outcome(statute, world, {})
    amounts = [one.arguments["amount"] for one in found.diagnostics if one.code == "R814"]
    assert [amount[0] for amount in amounts] == ([stays] if stays else [])  # type: ignore[index]


KEPT: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    # name: (text, figures of the year, what accounts close at)
    "an opening balance": (f"  share opening kitty{AMONG}", {}, {"kitty": "1000"}),
    "an opening balance, two defines deep": (
        f"  define old = opening kitty\n  define half = 50% of old\n  share half{AMONG}",
        {},
        {"kitty": "1250"},
    ),
    "an opening balance, item by item": (
        "  allocate opening kitty\n    30 EUR to leavers\n    rest to kitty\n    losses to kitty\n",
        {},
        {"kitty": "1470", "leavers": "30"},
    ),
    "a part, and a multiple of it": (
        "  define third = 30% of opening kitty\n  define sixth = 2 * third\n"
        f"  share third{AMONG}  share sixth{AMONG}",
        {},
        {"kitty": "1050"},
    ),
    "all of an account": (f"  share all of kitty{AMONG}", {}, {"kitty": "0"}),
    "what a year has added": (f"  share kitty{AMONG}", {}, {"kitty": "500"}),
    "a rate of a scale": (
        "  scale rate_due by gift\n    from 0 EUR: 10%\n    from 100 EUR: 20%\n"
        f"  share rate_due * kitty{AMONG}",
        {},
        {"kitty": "1300"},
    ),
    "an amount of a scale": (
        "  scale due by gift\n    from 0 EUR: 10 EUR\n    from 100 EUR: 20 EUR\n"
        f"  share due from kitty{AMONG}",
        {},
        {"kitty": "1480"},
    ),
    "a decision": (
        f"  decide payout between 0 EUR and all of kitty\n  share payout from kitty{AMONG}",
        {"payout": "1500"},
        {"kitty": "0"},
    ),
    "a condition": (
        f"  share (if gift > 1 EUR then kitty else opening kitty) from kitty{AMONG}",
        {},
        {"kitty": "500"},
    ),
    "an earlier year": (
        f"  share min(previous surplus, all of kitty) from kitty{AMONG}",
        {"previous surplus": "300"},
        {"kitty": "1200"},
    ),
    "each person's own": (
        f"  allocate opening nest of person for each member when leaver{OUT}",
        {},
        {"nest": "50", "gifts": "100"},
    ),
    "to each person": (
        "  allocate 30% of opening nest from kitty for each member\n    rest to nest of person\n"
        "    losses to kitty\n",
        {},
        {"kitty": "1455", "nest": "195"},
    ),
    "each team's own": (
        "  share 50% of opening chest of team among people of each team equally\n",
        {},
        {"chest": "50"},
    ),
    "to each team's people": (
        "  share max(result, 0 EUR) from kitty among people of each team equally\n",
        {},
        {"kitty": "1300"},
    ),
    "what each received, of all clauses": (
        f"  share 50 EUR from kitty{AMONG}  share kitty{AMONG}"
        f"  allocate kitty of person for each member{OUT}",
        {},
        {"kitty": "450", "gifts": "1050"},
    ),
    "what each received, by another's measure": (
        "  account vault\n  allocate gift\n    rest to vault\n    losses to gifts\n"
        f"  share min(kitty, vault) from vault{AMONG}"
        f"  allocate vault of person for each member{OUT}",
        {},
        {"kitty": "1500", "vault": "0", "gifts": "101"},
    ),
    "of members alone": (
        f"  share kitty{AMONG}  allocate 5 EUR from kitty of person for each member{OUT}",
        {},
        {"gifts": "10"},
    ),
    "what each team received, in parts": (
        "  share kitty among teams by result\n"
        "  share 1/3 * kitty of team among people of each team equally\n"
        "  share 2/3 * kitty of team among people of each team equally\n",
        {},
        {"kitty": "1500"},
    ),
    "what owes of its opening": (
        "  account vault\n  allocate gift\n    rest to vault\n    losses to vault\n"
        f"  share 60% of vault{AMONG}",
        {"opening vault": "-10"},
        {"vault": "30.40"},
    ),
    "a cost of the year": (
        "  share 10% * sum of opening nest over members from charges among members"
        " to nest of person equally\n",
        {},
        {"kitty": "1500", "nest": "165"},
    ),
    "a cap on the reserves above": (
        "  allocate gift\n    10 EUR to reserves.legal\n    60 EUR to work_share\n"
        "    30 EUR to share_interest at most work_share at most reserves so far\n"
        "    rest to reserves.development\n    losses to gifts\n",
        {},
        {"share_interest": "10", "reserves.development": "21"},
    ),
}


@pytest.mark.parametrize(("name", "language"), said_in_turn(KEPT))
def test_an_account_loses_what_is_taken_of_it(name: str, language: str, world: World) -> None:
    text, figures, closings = KEPT[name]
    statute, errors = compiled(text, language, world)
    assert statute is not None, errors
    found = outcome(statute, world, figures)
    closing = {one.name: one.closing for one in found.accounts}
    assert {account: closing[account] for account in closings} == {
        account: Fraction(value) for account, value in closings.items()
    }
    assert not untrue(found)
    told = {one.code for one in found.diagnostics}
    assert told <= {"R814", "R801", "R802", "R805"}
    assert name != "what a year has added" or "R814" in told


OWING = {"opening kitty": "-0.01"}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (f"  share 600 EUR from kitty{AMONG}  allocate 1 000 EUR from kitty{OUT}", {}),
        (f"  decide payout at least 0 EUR\n  share payout from kitty{AMONG}", {"payout": "1501"}),
        (
            f"  share 900 EUR from kitty{AMONG}"
            "  share 60% of all of kitty among members when gift > 1 EUR\n    equally\n",
            {},
        ),
        (
            f"  allocate 400 EUR from kitty for each worker when leaver{OUT}"
            f"  share 1 200 EUR from kitty{AMONG}",
            {},
        ),
        ("  share 800 EUR from kitty among people of each team equally\n", {}),
        (f"  allocate 600 EUR from kitty for each person{OUT}", {}),
        (f"  allocate gift\n    rest to kitty\n    losses to kitty\n  share kitty{AMONG}", OWING),
    ],
)
def test_clauses_that_ask_more_than_there_is_move_nothing(
    text: str, figures: dict[str, str], world: World
) -> None:
    statute, errors = compiled(text, "en", world)
    assert statute is not None, errors
    found = outcome(statute, world, figures)
    assert "R813" in {one.code for one in found.diagnostics} and not untrue(found)
    taken = [one for one in found.books if one.source[:2] == ("account", "kitty")]
    assert taken and not any(isinstance(one.amount, Fraction) for one in taken)
    closing = next(one.closing for one in found.accounts if one.name == "kitty")
    assert not isinstance(closing, Fraction)


PARTS = f"  allocate max(0 EUR, gift - toll) from gift{OUT}  share attendance * toll{AMONG}"


@pytest.mark.parametrize(
    ("figures", "moved"),
    [
        ({"gift": "101", "toll": "12"}, 101),
        ({"gift": "101", "toll": "102"}, None),
        ({"gift": "-101", "toll": "1"}, None),
        ({"gift": "101", "toll": "12", "attendance": "1.1"}, None),
        ({"gift": "-101", "toll": "0"}, 0),
    ],
    ids=["as much", "more than the whole", "of a loss", "more than the part", "nothing"],
)
def test_what_is_included_in_a_figure_is_taken_from_that(
    figures: dict[str, str], moved: int | None, world: World
) -> None:
    statute, errors = compiled(PARTS, "fr", world)
    assert statute is not None, errors
    found = outcome(statute, world, {"attendance": "1"} | figures)
    taken = [one.amount for one in found.books if one.source[1] == "gift"]
    assert not untrue(found) and not any(one.source[1] == "toll" for one in found.books)
    if moved is not None:
        assert sum(one for one in taken if isinstance(one, Fraction)) == moved
    assert ("R813" in {one.code for one in found.diagnostics}) == (moved is None)
    assert moved is not None or not any(isinstance(one, Fraction) and one for one in taken[-1:])


CASCADE = """  allocate gift
    10% to gifts
    {first} * gift to fund
    25% of fund so far to old_fund
    90% * gift - fund so far - old_fund so far to wages
    losses to old_losses
"""


@pytest.mark.parametrize(
    ("first", "told"), [("33% * 65%", False), ("33%", False), ("90%", True)], ids=str
)
def test_what_is_read_so_far_asks_no_cent_more_than_there_is(
    first: str, told: bool, world: World
) -> None:
    statute, errors = compiled(CASCADE.format(first=first), "it", world)
    assert statute is not None, errors
    found = outcome(statute, world, {"gift": "100"})
    assert ("R803" in {one.code for one in found.diagnostics}) == told and not untrue(found)
    within = next(
        one
        for one in prove_clauses(statute.program, [])
        if one.kind == "within" and one.subjects == ("gift",)
    )
    assert within.holds is not told


LOSING = {
    "never": (f"  allocate max(0 EUR, gift - 1 EUR) from gift{OUT}", {"M442"}, {"R825"}),
    "in some years": (
        f"  allocate (if gift > -5 EUR then gift else max(0 EUR, gift)) from gift{OUT}",
        set[str](),
        {"R825"},
    ),
    "on a condition": (f"  allocate gift when gift > 0 EUR{OUT}", set[str](), {"R825"}),
    "by one of two": (
        f"  allocate max(0 EUR, gift - 7 EUR) from gift{OUT}  allocate min(7 EUR, gift) from gift{OUT}",
        set[str](),
        set[str](),
    ),
    "always": (f"  allocate 50% of gift{OUT}", set[str](), set[str]()),
}


@pytest.mark.parametrize("name", LOSING)
def test_a_loss_that_no_clause_takes_is_told(name: str, world: World) -> None:
    text, before, of_year = LOSING[name]
    statute, report = tried(said(text, "es", world).text, world, "es")
    assert statute is not None and {one.code for one in report.diagnostics} & {"M442"} == before
    for gift in ("-10", "10"):
        found = outcome(statute, world, {"gift": gift})
        told = {one.code for one in found.diagnostics} & {"R825"}
        assert told == (of_year if gift == "-10" else set()) and not untrue(found)
    proofs = [*prove_clauses(statute.program, [])]
    holds = [one.holds for one in proofs if one.kind == "loss"]
    assert holds == ([False] if of_year else [True] if name == "by one of two" else [])


@pytest.mark.parametrize(("currency", "gift"), [("EUR", "101.01"), ("USD", "0.01"), ("JPY", "101")])
@pytest.mark.parametrize(
    "parts",
    [
        ["50% of gift", "50% of gift"],
        ["1/3 * gift", "gift / 3", "1/3 * gift"],
        ["50% * attendance * gift", "(1 - 50% * attendance) * gift"],
        ["gift / 3 from gift"] * 3,
        ["10% of gift"] * 10,
    ],
)
def test_parts_that_are_the_whole_are_no_more_than_it(
    currency: str, gift: str, parts: list[str], world: World
) -> None:
    text = "".join(f"  share {part} among workers equally\n" for part in parts)
    statute, errors = compiled(text, "en", world, currency)
    assert statute is not None, errors
    found = outcome(statute, world, {"gift": gift, "attendance": "1"})
    assert sum(one.amount for one in found.shares) == Fraction(gift) and not untrue(found)  # type: ignore[misc]


@pytest.mark.parametrize(
    "conditions", [("gift > 1 EUR", "gift > 2 EUR"), ("", ""), ("gift > 1 EUR", "")]
)
@pytest.mark.parametrize("surplus", ["-10", "-0.01", "30"])
def test_a_loss_is_booked_once_by_whatever_clauses(
    surplus: str, conditions: tuple[str, str], world: World
) -> None:
    first, second = (f" when {one}" if one else "" for one in conditions)
    text = (
        f"  allocate gift - 200 EUR from surplus{first}\n    rest to fund\n    losses to old_losses\n"
        f"  allocate gift - 300 EUR from surplus{second}\n    rest to fund\n    losses to old_losses\n"
    )
    statute, errors = compiled(text, "en", world)
    assert statute is not None, errors
    found = outcome(statute, world, {"surplus": surplus})
    moved = [one.amount for one in found.books if one.source[1] == "surplus"]
    assert sum(one for one in moved if isinstance(one, Fraction) and one < 0) == min(
        Fraction(surplus), 0
    )
    assert not untrue(found)


def test_what_each_received_the_year_before_is_of_all_clauses(world: World) -> None:
    text = (
        f"  share 50 EUR from kitty{AMONG}  share kitty{AMONG}"
        "  require more: kitty of person >= previous kitty of person for each member\n"
    )
    statute, errors = compiled(text, "en", world)
    assert statute is not None, errors
    facts = facts_of(statute, {})
    before = evaluate(statute.program, facts)
    report = Report()
    later = evolve(facts, closing=date(2025, 12, 31))
    found = with_other_years(statute.program, later, (before,), report)
    table = found.tables["person"]
    assert list(table.column("previous kitty")) == [525, 525, 0]
