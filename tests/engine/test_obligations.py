"""What clauses must do, conditions under which a rule holds, the nearest change, and two statutes."""

from fractions import Fraction

import pytest
from attrs import evolve

from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    ONLY_IF,
    REFUTED,
    VIOLATED,
    Difference,
    Proof,
    Provenance,
)
from coopfx.engine.proof.equivalence import same
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.engine.proof.prover import Prover
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import settle
from coopfx.formats.proof import condition_text
from coopfx.ground.exact import Undefined
from coopfx.language import ir
from coopfx.language.ranges import ranges
from coopfx.plugged.world import World
from sharing import BARE, LEGAL, REST, SCOP, Compile, allocation


def clauses(program: ir.Program) -> dict[str, Proof]:
    """The proofs of what clauses must do, by what they are and of what."""
    rules = list(prove(program))
    found = prove_clauses(program, rules)
    return {f"{proof.kind} {' '.join(proof.subjects)}": proof for proof in found}


def attendance(proof: Proof) -> Fraction:
    """The attendance of the year that a proof found."""
    assert proof.year is not None
    found = proof.year.figures["attendance"]
    assert isinstance(found, Fraction)
    return found


# ---- what clauses must do


@pytest.mark.parametrize(
    ("items", "broken"),
    [
        (("60% to work_share", REST), set()),
        (("60% to work_share", "40% to reserves.development"), set()),
        (("10 000 EUR to work_share", REST), {"within surplus"}),
        (("50% of turnover to work_share", REST), {"within surplus"}),
        (("min(surplus, 10 000 EUR) to work_share", REST), set()),
        (("60% to work_share", "40% to reserves.legal until share_capital"), {"whole surplus"}),
        (("100% to work_share when turnover > 0 EUR",), {"whole surplus"}),
    ],
)
def test_what_is_over_allocated_or_left_is_found(
    compile_text: Compile, items: tuple[str, ...], broken: set[str]
) -> None:
    program = compile_text(BARE + allocation(*items)).program
    found = clauses(program)
    assert {key for key, one in found.items() if one.verdict in (REFUTED, ONLY_IF)} == broken
    held = {"within surplus", "whole surplus"} - broken
    assert all(found[key].verdict == ALWAYS for key in held)
    codes = {"within surplus": "R803", "whole surplus": "R804"}
    for key in broken:
        year = found[key].year
        assert year is not None
        assert codes[key] in {item.code for item in evaluate(program, year).diagnostics}


COVERED = {
    "within what there is": "share min(5 EUR, max(all of kitty, 0 EUR)) from kitty among members equally",
    "parts that are the whole": (
        "share attendance * all of kitty among members equally\n"
        "  share (1 - attendance) * all of kitty among workers equally"
    ),
    "of each one's own": (
        "allocate min(opening nest, 5 EUR) from nest of person for each member\n"
        "    rest to gifts\n    losses to gifts"
    ),
    "one of two conditions": (
        "share 60% of all of kitty among members when attendance > 50% equally\n"
        "  share 60% of all of kitty among workers when attendance <= 50% equally"
    ),
}
OVERDRAWN = {
    "a sum": "share 5 EUR from kitty among members equally",
    "parts beyond the whole": (
        "share attendance * kitty among members equally\n  share 1% of kitty among workers equally"
    ),
    "a decision": (
        "decide payout between 0 EUR and 100 EUR\n  share payout from kitty among members equally"
    ),
    "what each has": (
        "allocate 5 EUR from nest of person for each member\n    rest to gifts\n    losses to gifts"
    ),
    "an opening that a loss eats": "share opening kitty among members equally",
    "what is owed of a loss": "share kitty among members equally",
    "a condition beside a sum": (
        "share 60% of all of kitty among members when attendance > 50% equally\n"
        "  share 5 EUR from kitty among workers equally"
    ),
}
KITTY = """  account nest of person
  allocate surplus
    rest to kitty
    losses to kitty
  """


def origins(text: str, compile_text: Compile) -> list[Proof]:
    found = clauses(compile_text(BARE + KITTY + text + "\n").program)
    return [one for key, one in found.items() if key.startswith("origin")]


@pytest.mark.parametrize("text", COVERED.values(), ids=COVERED)
def test_an_origin_that_always_covers_what_is_asked_is_proved(
    text: str, compile_text: Compile
) -> None:
    found = origins(text, compile_text)
    assert found and all(one.verdict == ALWAYS for one in found)


@pytest.mark.parametrize("text", OVERDRAWN.values(), ids=OVERDRAWN)
def test_a_year_in_which_more_is_asked_than_there_is_is_found(
    text: str, compile_text: Compile
) -> None:
    (found,) = origins(text, compile_text)
    assert found.verdict in (REFUTED, ONLY_IF) and found.year is not None
    program = compile_text(BARE + KITTY + text + "\n").program
    assert "R813" in {item.code for item in evaluate(program, found.year).diagnostics}


NO_CHOICE = {
    "two sums": "  decide gift between 2 EUR and 0.01 EUR otherwise 0 EUR\n",
    "a figure and less of it": "  decide gift between turnover + 1 EUR and turnover otherwise 0 EUR\n",
    "one decision beside another": (
        "  decide other between 1 EUR and 2 EUR otherwise 1 EUR\n"
        "  decide gift between other + 5 EUR and 3 EUR otherwise 0 EUR\n"
    ),
}


@pytest.mark.parametrize("decided", NO_CHOICE.values(), ids=NO_CHOICE)
def test_where_no_decision_keeps_its_bounds_nothing_is_proved_by_that(
    compile_text: Compile, decided: str
) -> None:
    """Of years that there are not, anything is true: what is proved holds without the bounds."""
    rule = "  require enough: work_share >= 100 EUR\n  require small: work_share <= 100 EUR\n"
    text = decided + allocation("gift to work_share", REST) + rule
    program = compile_text(BARE + text).program
    rules = {one.rule: one for one in prove(program)}
    for name in ("enough", "small"):
        found = rules[name]
        assert found.verdict not in (ALWAYS, NEVER) and found.year is not None, name
        assert not [one for one in found.assumptions if one.key == "decisions"]
    others = clauses(program)
    assert others["within surplus"].verdict in (REFUTED, ONLY_IF)
    assert {key for key in others if key.startswith(("conflict", "line"))} <= {
        "conflict other gift"
    }


def test_bounds_that_leave_no_choice_are_found(compile_text: Compile) -> None:
    text = "  decide part between 10% and {} otherwise 10%\n" + allocation(
        "part * surplus to work_share", REST
    )
    sure = clauses(compile_text(BARE + text.format("attendance + 10%")).program)
    assert sure["decision part"].verdict == ALWAYS
    found = clauses(compile_text(BARE + text.format("attendance")).program)["decision part"]
    assert found.verdict == REFUTED
    assert attendance(found) < Fraction(1, 10)


def test_rules_that_cannot_both_be_kept_are_found(compile_text: Compile) -> None:
    rules = """  require low: turnover <= 100 EUR when attendance >= 50%
  require high: turnover >= 200 EUR when attendance >= 80%
  require other: turnover >= 200 EUR when attendance < 50%
"""
    found = clauses(compile_text(BARE + allocation("60% to work_share", REST) + rules).program)
    conflicts = [key for key in found if key.startswith("conflict")]
    assert conflicts == ["conflict low high"]
    assert attendance(found["conflict low high"]) >= Fraction(8, 10)


def test_a_line_that_never_receives_anything_is_found(compile_text: Compile) -> None:
    items = ("60% to work_share", "10% to gifts when turnover < 0 EUR", REST)
    found = clauses(compile_text(BARE + allocation(*items)).program)
    (line,) = (proof for proof in found.values() if proof.kind == "line")
    assert (line.verdict, line.subjects) == (NEVER, ("gifts", "7"))
    assert not line.binding


# ---- only if


@pytest.mark.parametrize(
    ("items", "rule", "expected"),
    [
        (
            ("min(25% of surplus, 1 000 000 EUR) to work_share", REST),
            "fr.scop.work_share_minimum",
            "surplus <= 4 000 000 EUR",
        ),
        (
            ("25% to work_share", LEGAL.replace("highest_share_capital", "share_capital"), REST),
            "fr.scop.legal_reserve",
            "share_capital >= highest_share_capital",
        ),
        (
            ("10 000 EUR to reserves.projects", "25% to work_share", REST),
            "fr.scop.work_share_minimum",
            "surplus >= 14 000 EUR",
        ),
    ],
)
def test_a_condition_is_found_in_the_statutes_own_words(
    compile_text: Compile, world: World, items: tuple[str, ...], rule: str, expected: str
) -> None:
    program = compile_text(SCOP + allocation(*items)).program
    proof = next(item for item in prove(program) if item.rule == rule)
    assert proof.verdict == ONLY_IF and proof.only_if is not None and proof.year is not None
    assert condition_text(proof.only_if, world.words("en")) == expected


def test_a_condition_that_is_said_is_enough_and_a_weaker_one_is_not(
    compile_text: Compile, world: World
) -> None:
    items = allocation("50% of share_capital to work_share", REST)
    rule = "  require some: work_share <= 20% of surplus when surplus >= 0 EUR{}\n"
    (proof,) = prove(compile_text(BARE + items + rule.format("")).program)
    assert proof.only_if is not None
    assert proof.only_if == evolve(
        proof.only_if,
        left="share_capital",
        relation="at_most",
        figure=Fraction(4, 10),
        right="surplus",
    )
    written = condition_text(proof.only_if, world.words("en"))
    assert written == "share_capital <= 40% of surplus exactly"
    for condition, verdict_ in (
        (written, ALWAYS),
        ("share_capital <= 40.01% of surplus exactly", REFUTED),
    ):
        text = BARE + items + rule.format(f" and {condition}")
        (again,) = prove(compile_text(text).program)
        assert (again.verdict == ALWAYS) is (verdict_ == ALWAYS)


DECIDED = """  decide part between {part} otherwise 30%
  decide gift between 0 EUR and {gift} otherwise 0 EUR
  account school
  allocate surplus
    part to work_share
    gift to school
    rest to reserves.development
    losses to losses_brought_forward
  require quarter: work_share >= 25% of surplus when surplus > 0 EUR
  require half: work_share <= 50% of surplus when surplus > 0 EUR
  require tenth: school <= 10% of surplus when surplus > 0 EUR
  require small: school <= 10 000 EUR when surplus > 0 EUR
"""


@pytest.mark.parametrize(
    ("rule", "part", "gift", "condition", "weaker"),
    [
        ("quarter", "10% and 50%", "10% of surplus", "part >= 25%", "24.99% and 50%"),
        ("half", "25% and 70%", "10% of surplus", "part <= 50%", "25% and 50.01%"),
        ("tenth", "25% and 50%", "40% of surplus", "gift <= 10% of surplus exactly", None),
        ("small", "25% and 50%", "1 000 000 EUR", "gift <= 10 000 EUR", None),
    ],
)
def test_a_decision_that_is_too_free_is_told_by_what_the_meeting_may_decide(
    compile_text: Compile,
    world: World,
    rule: str,
    part: str,
    gift: str,
    condition: str,
    weaker: str | None,
) -> None:
    def proof(part: str, gift: str) -> Proof:
        program = compile_text(BARE + DECIDED.format(part=part, gift=gift)).program
        # Of the rules of the statute the one alone, beside what the meeting decides.
        asked = [one for one in program.rules if one.name in (rule, "part", "gift")]
        proofs = {one.rule: one for one in prove(evolve(program, rules=tuple(asked)))}
        return proofs[rule]

    found = proof(part, gift)
    assert found.verdict == ONLY_IF and found.only_if is not None and found.only_if.decided
    assert condition_text(found.only_if, world.words("en")) == condition
    narrower = {"quarter": "25% and 50%", "half": "25% and 50%"}.get(rule, part)
    lesser = {"tenth": "10% of surplus", "small": "10 000 EUR"}.get(rule, gift)
    assert proof(narrower, lesser).verdict == ALWAYS
    if weaker is not None:
        assert proof(weaker, gift).verdict == ONLY_IF


LAST_CENT = """  decide part between {part}
  allocate surplus
    15% to reserves.legal
    part * surplus to work_share
    rest to reserves.development
    losses to losses_brought_forward
  require some: reserves.development > 0 EUR when surplus > 0 EUR{more}
"""


def test_no_year_of_a_cent_makes_a_condition_of_half(compile_text: Compile, world: World) -> None:
    def proof(part: str, more: str = "") -> Proof:
        program = compile_text(BARE + LAST_CENT.format(part=part, more=more)).program
        return next(item for item in prove(program) if item.rule == "some")

    found = proof("0% and 85%")
    assert found.verdict == ONLY_IF and found.only_if is not None and found.year is not None
    condition = condition_text(found.only_if, world.words("en"))
    assert condition == "part <= 84.99% and surplus >= 1 000 EUR"
    assert found.year.figures["surplus"] == 100_000
    # Put behind `when`, it makes the rule hold; a step further, it does not.
    assert proof("0% and 85%", f" and {condition}").verdict == ALWAYS
    assert proof("0% and 85%", f" and {condition.replace('84.99', '85')}").verdict != ALWAYS


def test_a_clause_is_told_under_which_condition_it_does_what_it_must(
    compile_text: Compile, world: World
) -> None:
    text = (
        BARE
        + "  decide gift between 10 EUR and 5% of turnover\n"
        + allocation("10 000 EUR to work_share", "rest to reserves")
    )
    found = clauses(compile_text(text).program)
    for kind, condition in (
        ("within surplus", "surplus >= 10 000 EUR"),
        ("decision gift", "turnover >= 200 EUR"),
    ):
        proof = found[kind]
        assert proof.verdict == ONLY_IF and proof.only_if is not None, kind
        assert condition_text(proof.only_if, world.words("en")) == condition


VALUES = {
    "a division": ("define due = salary / hours for each person", "by due", REFUTED),
    "a division that is guarded": (
        "define due = if hours > 0 hours then salary / hours else 0 EUR per hour for each person",
        "by due",
        ALWAYS,
    ),
    "a divisor above nought": (
        "input rate_of : number of person >= 1\n  define due = salary / rate_of for each person",
        "by due",
        None,
    ),
    "a logarithm that may be nought": (
        "define due = 1 / log(seniority / 1 month, 4 decimals) for each person",
        "by due",
        REFUTED,
    ),
    "steps without a last word": (
        "scale due by seniority\n    from 1 year: 1\n    from 5 years: 2",
        "by due",
        REFUTED,
    ),
    "the least of nobody": (
        "define due = min(salary, min of salary over (people where member)) for each person",
        "by due",
        REFUTED,
    ),
    "what nobody is paid by": ("define due = salary / hours for each person", "by hours", None),
}


@pytest.mark.parametrize("name", VALUES)
def test_what_money_is_moved_by_has_a_value_or_a_year_is_found_in_which_it_has_none(
    name: str, compile_text: Compile
) -> None:
    text, key, verdict = VALUES[name]
    share = f"  share work_share among workers\n    {key}\n"
    more = "  require fair: due >= 0 EUR per hour for each person\n" if key == "by hours" else ""
    rule = f"  {text}\n{allocation('60% to work_share', REST)}{share}{more}"
    program = compile_text(BARE + rule).program
    found = clauses(program).get("value work_share due")
    assert (None if found is None else found.verdict) == verdict
    if verdict == REFUTED:
        assert found is not None and found.year is not None and not found.binding
        # With a surplus, nobody is paid for it in that year.
        facts = evolve(found.year, figures=found.year.figures | {"surplus": Fraction(1000)})
        told = settle(evaluate(program, facts), Provenance()).diagnostics
        assert "R815" in {one.code for one in told}


POOLED = {
    "a rate": ("define due = 1 / attendance", "pool result of teams\n    due kept by each"),
    "a figure": (
        "define due = result / headcount * 1 for each team",
        "pool due of teams\n    15% kept by each",
    ),
}


@pytest.mark.parametrize("name", POOLED)
def test_what_is_pooled_and_by_which_rate_has_a_value_or_a_year_is_found(
    name: str, compile_text: Compile
) -> None:
    define, pool = POOLED[name]
    text = f"  {define}\n{allocation('60% to work_share', REST)}  {pool}\n    rest to kitty\n"
    program = compile_text(BARE + text).program
    (found,) = (one for one in clauses(program).values() if one.kind == "value")
    assert found.verdict == REFUTED and found.year is not None
    run = evaluate(program, found.year, roots=range(len(program.nodes)))
    (clause,) = (node for node in program.nodes if isinstance(node, ir.Pool))
    rate, figures = run.value(clause.kept), run.values[clause.figure]
    rows = figures if isinstance(figures, list) else []
    assert any(isinstance(one, Undefined) for one in (rate, *rows))


def test_a_prover_that_is_asked_of_another_text_looks_anew_whether_bounds_can_be_kept(
    compile_text: Compile,
) -> None:
    """As the search for a nearer change asks it: what is proved says that it rests on the bounds."""
    text = "  decide gift between {} and 5 EUR otherwise 5 EUR\n" + allocation(
        "gift to work_share", REST
    )
    text += "  require small: work_share <= 5 EUR\n"
    never, some = (compile_text(BARE + text.format(low)).program for low in ("9 EUR", "1 EUR"))
    (rule,) = (one for one in never.rules if one.name == "small")
    bounds = ranges(never.nodes, never.constants)
    prover = Prover(never, rule, None, None, bounds)
    assert prover.proof().verdict == REFUTED
    prover.program, prover.bounds = some, ranges(some.nodes, some.constants)
    (prover.rule,) = (one for one in some.rules if one.name == "small")
    found = prover.proof()
    assert found.verdict == ALWAYS
    assert "decisions" in {one.key for one in found.assumptions}


def test_an_account_is_proved_to_close_at_no_less_than_the_statute_says(
    compile_text: Compile, world: World
) -> None:
    text = (
        BARE
        + "  account kitty >= 100 EUR\n  account chest >= 0 EUR\n"
        + allocation("30% to kitty", "10% to chest", REST)
        + "  share {} among members equally\n"
    )
    kept = clauses(compile_text(text.format("kitty")).program)
    assert kept["floor kitty"].verdict == kept["floor chest"].verdict == ALWAYS
    broken = clauses(compile_text(text.format("10% of all of kitty")).program)["floor kitty"]
    assert broken.verdict == ONLY_IF and broken.year is not None and broken.binding
    opening, surplus = broken.year.balances["kitty"], broken.year.figures["surplus"]
    assert isinstance(surplus, Fraction) and opening >= 100 and surplus < opening


# ---- two statutes

SHARE = "  share work_share among workers\n    by salary\n"
BASE = ("60% to work_share", LEGAL, REST)


def compared(compile_text: Compile, one: str, two: str) -> dict[str, Difference]:
    """What two statutes do not have in common, by name."""
    old, new = (compile_text(BARE + text).program for text in (one, two))
    found = same(old, new)
    return {f"{item.kind} {item.name}": item for item in found if item.verdict != ALWAYS}


@pytest.mark.parametrize(
    "items",
    [
        BASE,
        ("60% of surplus to work_share when surplus > 0 EUR", LEGAL, REST),
        ("min(3 / 5 * surplus, surplus) to work_share", LEGAL, REST),
        ("60% to work_share", LEGAL.replace("15%", "15% of surplus"), REST),
    ],
)
def test_statutes_that_say_the_same_in_other_words_are_the_same(
    compile_text: Compile, items: tuple[str, ...]
) -> None:
    assert compared(compile_text, allocation(*BASE) + SHARE, allocation(*items) + SHARE) == {}


def test_a_year_in_which_two_statutes_differ_is_found_and_confirmed(compile_text: Compile) -> None:
    one, two = allocation(*BASE), allocation("61% to work_share", LEGAL, REST)
    found = compared(compile_text, one, two)
    assert set(found) == {"account work_share", "account reserves.development", "account reserves"}
    item = found["account work_share"]
    assert item.verdict == REFUTED and item.values == (60_000, 61_000)
    assert item.year is not None and item.year.figures["surplus"] == 100_000
    for text, expected in ((one, 60_000), (two, 61_000)):
        program = compile_text(BARE + text).program
        run = evaluate(program, item.year)
        assert run.value(program.accounts["work_share"].added) == expected


def test_what_records_receive_and_rules_are_compared_too(compile_text: Compile) -> None:
    equally = SHARE.replace("by salary", "equally")
    found = compared(compile_text, allocation(*BASE) + SHARE, allocation(*BASE) + equally)
    assert set(found) == {"fact salary", "account work_share", "share work_share"}
    assert found["share work_share"].year is not None
    rule = "  require half: work_share >= {} of surplus when surplus > 0 EUR\n"
    found = compared(
        compile_text,
        allocation(*BASE) + rule.format("59%"),
        allocation(*BASE) + rule.format("61%") + rule.format("10%").replace("half", "tenth"),
    )
    assert {key: item.verdict for key, item in found.items()} == {
        "rule half": REFUTED,
        "rule tenth": "only_new",
    }
    values = found["rule half"].values or ()
    assert [one[0] for one in values if isinstance(one, tuple)] == ["satisfied", VIOLATED]


def test_a_difference_in_force_is_told(compile_text: Compile) -> None:
    one = compile_text(BARE + allocation(*BASE)).program
    other = evolve(one, in_force=one.in_force.replace(year=2020))
    found = [item for item in same(one, other) if item.verdict != ALWAYS]
    assert [item.kind for item in found] == ["term"]
