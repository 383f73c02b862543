"""The plain evaluator: what is known although facts are missing, verdicts, explanations."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from compiling import Rows, table
from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.desk.speaking import words_for
from coopfx.desk.versions import Statute
from coopfx.engine.explain.explanation import explain, known_names
from coopfx.engine.outcome import (
    NOT_APPLICABLE,
    SATISFIED,
    UNDETERMINED,
    VIOLATED,
    Explanation,
    Outcome,
    Verdict,
)
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import settle
from coopfx.formats import json
from coopfx.ground.exact import Known, Missing, Undefined, Value
from coopfx.ground.facts import Facts
from coopfx.ground.report import Argument, Report, Said
from coopfx.ground.words import Words
from coopfx.pipeline import Year
from coopfx.plugged.world import World

Compile = Callable[[str], Statute]

CLOSING = date(2024, 12, 31)
CENT = Fraction(1, 100)
HEAD = """statute "Reference"
currency EUR
in force from 2020-01-01

article 1
"""


def year(
    figures: dict[str, Known] | None = None,
    people: Rows | None = None,
    teams: Rows | None = None,
    balances: dict[str, Fraction] | None = None,
) -> Facts:
    tables = {"person": people, "team": teams}
    return Facts(
        CLOSING,
        figures or {},
        {record: table(rows) for record, rows in tables.items() if rows is not None},
        balances or {},
    )


@pytest.fixture(scope="module")
def run(compile_text: Compile, world: World) -> Callable[[str, Facts], Outcome]:
    """The outcome of clauses on a year."""
    compiled: dict[str, Statute] = {}

    def ran(clauses: str, facts: Facts) -> Outcome:
        if clauses not in compiled:
            compiled[clauses] = compile_text(HEAD + clauses)
        return pipeline.evaluate(compiled[clauses], facts, world)

    return ran


Run = Callable[[str, Facts], Outcome]


def shared(outcome: Outcome) -> dict[str, Fraction]:
    [share] = outcome.shares
    assert share.parts is not None
    return dict(share.parts)


def value(outcome: Outcome, name: str) -> Value:
    return next(item.value for item in outcome.values if item.name == name)


def missing(*facts: str) -> Missing:
    """The facts that are missing: ``salary`` or ``salary of p2``."""
    parted = (fact.partition(" of ") for fact in facts)
    return Missing(tuple(sorted((name, record) for name, _, record in parted)))


def euros(amount: str) -> Fraction:
    return Fraction(amount)


# ---- logic


THREE: dict[str, Known | None] = {"yes": True, "no": False, "?": None}
LOGIC = (
    "  input first : yes/no\n"
    "  input second : yes/no\n"
    "  define both = first and second\n"
    "  define either = first or second\n"
    "  define opposite = not first\n"
    "  define chosen = if first then 1 else 2\n"
)


def logic(run: Run, first: str, second: str) -> Outcome:
    given = {"first": THREE[first], "second": THREE[second]}
    figures = {name: known for name, known in given.items() if known is not None}
    return run(LOGIC, year(figures))


def said(found: Value) -> str:
    return "yes" if found is True else "no" if found is False else "?"


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [
        ("yes", "yes", "yes", "yes"),
        ("yes", "no", "no", "yes"),
        ("yes", "?", "?", "yes"),
        ("no", "yes", "no", "yes"),
        ("no", "no", "no", "no"),
        ("no", "?", "no", "?"),
        ("?", "yes", "?", "yes"),
        ("?", "no", "no", "?"),
        ("?", "?", "?", "?"),
    ],
)
def test_logic_decides_without_what_is_missing_where_it_can(
    run: Run, first: str, second: str, both: str, either: str
) -> None:
    outcome = logic(run, first, second)
    assert said(value(outcome, "both")) == both
    assert said(value(outcome, "either")) == either
    absent = [name for name, given in (("first", first), ("second", second)) if given == "?"]
    for name, wanted in (("both", both), ("either", either)):
        if wanted == "?":
            assert value(outcome, name) == missing(*absent)


@pytest.mark.parametrize(
    ("first", "opposite", "chosen"), [("yes", "no", 1), ("no", "yes", 2), ("?", "?", None)]
)
def test_not_and_if_need_their_condition(
    run: Run, first: str, opposite: str, chosen: int | None
) -> None:
    outcome = logic(run, first, "yes")
    assert said(value(outcome, "opposite")) == opposite
    assert value(outcome, "chosen") == (missing("first") if chosen is None else chosen)


def test_a_branch_that_is_not_taken_may_be_missing_or_undefined(run: Run) -> None:
    clauses = (
        "  define ratio = if turnover > 0 EUR then surplus / turnover else 0\n"
        "  define known = if surplus > 0 EUR then 1 else attendance\n"
    )
    outcome = run(clauses, year({"surplus": Fraction(1), "turnover": Fraction(0)}))
    assert value(outcome, "ratio") == 0
    assert value(outcome, "known") == 1


# ---- missing and undefined


def test_all_that_is_missing_is_named(run: Run) -> None:
    clauses = "  define total = surplus + turnover + 2 * share_capital\n"
    outcome = run(clauses, year({"turnover": Fraction(1)}))
    assert value(outcome, "total") == missing("surplus", "share_capital")


def test_a_division_by_zero_is_undefined_and_so_is_what_rests_on_it(run: Run) -> None:
    clauses = "  define quotient = surplus / turnover\n  define twice = 2 * quotient\n"
    outcome = run(clauses, year({"surplus": Fraction(0), "turnover": Fraction(0)}))
    assert value(outcome, "quotient") == value(outcome, "twice") == Undefined("division")


def test_what_is_missing_is_told_before_what_is_undefined(run: Run) -> None:
    clauses = "  define quotient = surplus / turnover + attendance\n"
    outcome = run(clauses, year({"surplus": Fraction(1), "turnover": Fraction(0)}))
    assert value(outcome, "quotient") == missing("attendance")


AGGREGATES = (
    "  define total = sum of salary over workers\n"
    "  define lowest = min of salary over workers\n"
    "  define highest = max of salary over workers\n"
    "  define middle = average of salary over workers\n"
    "  define heads = count over workers\n"
    "  define members_part = rate of member over workers\n"
)
NAMES = ("total", "lowest", "highest", "middle", "heads", "members_part")


def aggregates(run: Run, people: Rows | None) -> dict[str, Value]:
    outcome = run(AGGREGATES, year(people=people))
    return {name: value(outcome, name) for name in NAMES}


def worker(salary: int | None = None, **more: Known) -> dict[str, Known]:
    own: dict[str, Known] = {"worker": True, "member": True}
    return own | ({} if salary is None else {"salary": Fraction(salary)}) | more


def test_aggregates_of_known_figures(run: Run) -> None:
    found = aggregates(run, {"a": worker(10), "b": worker(20, member=False), "c": worker(60)})
    assert found == {
        "total": 90,
        "lowest": 10,
        "highest": 60,
        "middle": 30,
        "heads": 3,
        "members_part": Fraction(2, 3),
    }


def test_of_nobody_there_is_a_sum_and_a_count_and_nothing_else(run: Run) -> None:
    for people in ({}, {"a": worker(10, worker=False)}):
        assert aggregates(run, people) == {
            "total": 0,
            "lowest": Undefined("min"),
            "highest": Undefined("max"),
            "middle": Undefined("average"),
            "heads": 0,
            "members_part": Undefined("rate"),
        }


def test_a_sort_of_record_that_is_not_given_is_missing_and_not_empty(run: Run) -> None:
    assert aggregates(run, None) == dict.fromkeys(NAMES, missing("person"))


def test_a_figure_that_nobody_has_is_missing_as_a_whole_or_by_record(run: Run) -> None:
    found = aggregates(run, {"a": {"worker": True}, "b": {"worker": True}})
    assert found["heads"] == 2
    assert found["total"] in (missing("salary"), missing("salary of a", "salary of b"))


def test_a_missing_figure_is_named_with_its_record(run: Run) -> None:
    found = aggregates(run, {"a": worker(10), "b": worker(), "c": worker(60)})
    for name in ("total", "lowest", "highest", "middle"):
        assert found[name] == missing("salary of b")
    assert found["heads"] == 3
    assert found["members_part"] == 1


def test_a_missing_figure_of_one_outside_the_group_is_not_needed(run: Run) -> None:
    found = aggregates(run, {"a": worker(10), "b": worker(worker=False), "c": worker(60)})
    assert [found[name] for name in NAMES] == [70, 10, 60, 35, 2, 1]


@pytest.mark.parametrize(
    ("salary", "unknown"),
    [
        (0, {"lowest", "middle", "heads", "members_part"}),
        (5, {"total", "lowest", "middle", "heads", "members_part"}),
        (10, {"total", "middle", "heads", "members_part"}),
        (35, {"total", "middle", "heads", "members_part"}),
        (60, {"total", "middle", "heads", "members_part"}),
        (61, {"total", "highest", "middle", "heads", "members_part"}),
    ],
)
def test_where_it_is_not_known_who_belongs_what_cannot_depend_on_it_stands(
    run: Run, salary: int, unknown: set[str]
) -> None:
    doubtful: dict[str, Known] = {"member": True, "salary": Fraction(salary)}
    found = aggregates(run, {"a": worker(10), "b": doubtful, "c": worker(60)})
    # The average and the rate may happen to be the same with and without: that is not looked into.
    assert {name for name in NAMES if found[name] == missing("worker of b")} == unknown
    known = {"total": 70, "lowest": 10, "highest": 60}
    assert {name: found[name] for name in known if name not in unknown} == {
        name: amount for name, amount in known.items() if name not in unknown
    }


# ---- splits


SHARE = (
    "  allocate surplus\n"
    "    60% to work_share\n"
    "    rest to reserves.development\n"
    "    losses to losses_brought_forward\n"
    "  share work_share among workers\n"
    "    where presence >= 3 months or seniority >= 6 months\n"
    "    by salary\n"
)
HUNDRED: dict[str, Known] = {"surplus": Fraction(100)}


def entitled(salary: int | None = 1, **more: Known) -> dict[str, Known]:
    return worker(salary, presence=Fraction(12), seniority=Fraction(0)) | more


def test_a_missing_key_of_one_who_is_entitled_leaves_the_split_undetermined(run: Run) -> None:
    outcome = run(SHARE, year(HUNDRED, {"a": entitled(), "b": entitled(None)}))
    [share] = outcome.shares
    assert share.amount == 60
    assert share.parts is None
    assert share.undistributed == missing("salary of b")
    [allocation] = outcome.allocations
    assert [item.amount for item in allocation.items] == [60, 40, 0]
    balances = {item.name: item for item in outcome.accounts}
    assert balances["work_share"].added == 60
    assert balances["work_share"].taken == missing("salary of b")


def test_a_missing_key_of_one_who_is_not_entitled_is_not_needed(run: Run) -> None:
    left = worker(presence=Fraction(1), seniority=Fraction(2))
    outcome = run(SHARE, year(HUNDRED, {"a": entitled(), "b": left}))
    assert shared(outcome) == {"a": 60}


def test_half_an_entitlement_is_enough_where_the_other_half_is_missing(run: Run) -> None:
    old = worker(2, seniority=Fraction(6))
    young = worker(2, seniority=Fraction(5))
    outcome = run(SHARE, year(HUNDRED, {"a": entitled(), "b": old}))
    assert shared(outcome) == {"a": 20, "b": 40}
    outcome = run(SHARE, year(HUNDRED, {"a": entitled(), "b": young}))
    assert outcome.shares[0].undistributed == missing("presence of b")


def test_people_who_are_not_given_leave_only_their_split_undetermined(run: Run) -> None:
    outcome = run(SHARE, year(HUNDRED))
    assert outcome.shares[0].undistributed == missing("person")
    assert outcome.shares[0].parts is None
    assert [item.amount for item in outcome.allocations[0].items] == [60, 40, 0]


def test_nobody_entitled_leaves_the_money_where_it_is(run: Run) -> None:
    for code, people in (
        ("R801", {}),
        ("R801", {"a": worker(1, worker=False)}),
        ("R808", {"a": entitled(0)}),
    ):
        outcome = run(SHARE, year(HUNDRED, people))
        assert outcome.shares[0].undistributed == 60
        assert [item.code for item in outcome.diagnostics] == [code]


def test_a_negative_key_is_refused_with_its_records(run: Run) -> None:
    outcome = run(SHARE, year(HUNDRED, {"a": entitled(), "b": entitled(-1), "c": entitled(-2)}))
    assert outcome.shares[0].undistributed == 60
    [diagnostic] = outcome.diagnostics
    assert diagnostic.code == "R802"
    assert diagnostic.arguments["records"] == ("b", "c")


def test_nothing_to_share_is_shared_without_a_word(run: Run) -> None:
    outcome = run(SHARE, year({"surplus": Fraction(0)}, {}))
    assert outcome.shares[0].undistributed == 0
    assert outcome.diagnostics == ()


# ---- waterfalls


FLOW = (
    "  input grant : money\n"
    "  account grants\n"
    "  allocate surplus\n"
    "    20% to work_share\n"
    "    grant to grants\n"
    "    10% to share_interest\n"
    "    rest to reserves.development\n"
    "    losses to losses_brought_forward\n"
)


def items(outcome: Outcome) -> list[Value]:
    return [item.amount for item in outcome.allocations[0].items]


def test_the_items_above_a_missing_one_stand(run: Run) -> None:
    none = missing("grant")
    assert items(run(FLOW, year(HUNDRED))) == [20, none, none, none, 0]
    accounts = {item.name: item.added for item in run(FLOW, year(HUNDRED)).accounts}
    assert accounts["work_share"] == 20
    assert accounts["reserves.development"] == none
    assert accounts["losses_brought_forward"] == 0
    assert items(run(FLOW, year(HUNDRED | {"grant": Fraction(7)}))) == [20, 7, 10, 63, 0]


def test_without_a_source_every_item_is_missing(run: Run) -> None:
    assert items(run(FLOW, year({"grant": Fraction(7)}))) == [missing("surplus")] * 5


def test_a_loss_needs_no_item(run: Run) -> None:
    assert items(run(FLOW, year({"surplus": Fraction(-30)}))) == [0, 0, 0, 0, -30]


FILL = (
    "  allocate surplus\n"
    "    20% to reserves.legal until highest_share_capital{then}\n"
    "    30% to work_share\n"
    "    20% to reserves.legal until highest_share_capital{then}\n"
    "    rest to share_interest\n"
    "    losses to losses_brought_forward\n"
)
THEN = FILL.format(then=" then to reserves.development")
STOP = FILL.format(then="")


@pytest.mark.parametrize(
    ("opening", "flowed", "stopped"),
    [
        # What each line gets, an overflow after its item.
        ("0", [20, 0, 30, 20, 0, 30, 0], [20, 30, 20, 30, 0]),
        ("60", [20, 0, 30, 20, 0, 30, 0], [20, 30, 20, 30, 0]),
        ("70", [20, 0, 30, 10, 10, 30, 0], [20, 30, 10, 40, 0]),
        ("90", [10, 10, 30, 0, 20, 30, 0], [10, 30, 0, 60, 0]),
        ("100", [0, 20, 30, 0, 20, 30, 0], [0, 30, 0, 70, 0]),
        ("130", [0, 20, 30, 0, 20, 30, 0], [0, 30, 0, 70, 0]),
    ],
)
def test_until_sees_what_the_same_allocation_has_put_in(
    run: Run, opening: str, flowed: list[int], stopped: list[int]
) -> None:
    facts = year(
        HUNDRED | {"highest_share_capital": Fraction(100)},
        balances={"reserves.legal": euros(opening)},
    )
    assert items(run(THEN, facts)) == flowed
    assert items(run(STOP, facts)) == stopped


def test_until_sees_what_an_earlier_allocation_has_put_in(run: Run) -> None:
    clauses = (
        "  input gains : money\n"
        "  allocate gains\n"
        "    80% to reserves.legal\n"
        "    rest to reserves.development\n"
        "    losses to losses_brought_forward\n"
    ) + THEN
    facts = year(
        HUNDRED | {"highest_share_capital": Fraction(100), "gains": Fraction(100)},
        balances={"reserves.legal": Fraction(10)},
    )
    later = run(clauses, facts).allocations[1]
    assert [item.amount for item in later.items] == [10, 10, 30, 0, 20, 30, 0]


def test_where_the_room_is_missing_the_other_items_stand_if_it_flows_over(run: Run) -> None:
    facts = year(HUNDRED | {"highest_share_capital": Fraction(100)})
    none = missing("opening reserves.legal")
    assert items(run(THEN, facts)) == [none, none, 30, none, none, 30, 0]
    assert items(run(STOP, facts)) == [none, none, none, none, 0]


def test_the_room_of_a_rest_is_not_that_of_a_last_item(run: Run) -> None:
    """Three thirds of a cent make no cent before the rest, so the account still has its room."""
    clauses = (
        "  allocate surplus\n"
        "    100% / 3 to work_share\n"
        "    100% / 3 to share_interest\n"
        "    100% / 3 to reserves.legal\n"
        "    rest to reserves.legal until 0.01 EUR then to reserves.development\n"
        "    losses to losses_brought_forward\n"
    )
    facts = year({"surplus": CENT}, balances={"reserves.legal": Fraction(0)})
    assert items(run(clauses, facts)) == [0, 0, 0, CENT, 0, 0]


def test_a_whole_with_a_full_account_leaves_what_it_withholds_and_says_so(run: Run) -> None:
    clauses = (
        "  allocate surplus\n"
        "    40% to reserves.legal until highest_share_capital\n"
        "    60% to work_share\n"
        "    losses to losses_brought_forward\n"
    )
    facts = year(
        HUNDRED | {"highest_share_capital": Fraction(15)},
        balances={"reserves.legal": Fraction(0)},
    )
    outcome = run(clauses, facts)
    assert items(outcome) == [15, 60, 0]
    assert [item.code for item in outcome.diagnostics] == ["R804"]


# ---- verdicts


def judged(outcome: Outcome, name: str) -> Verdict:
    return next(item for item in outcome.verdicts if item.rule == name)


RULES = (
    "  require kept: surplus >= 100 EUR\n"
    "  recommend advised: surplus >= 100 EUR\n"
    "  require only_if: surplus >= 100 EUR when turnover > 0 EUR\n"
    "  require except_if: surplus >= 100 EUR unless turnover > 0 EUR\n"
    "  require divided: surplus / turnover >= 1\n"
)
STATUSES = ("kept", "advised", "only_if", "except_if", "divided")


@pytest.mark.parametrize(
    ("figures", "statuses"),
    [
        ({"surplus": "100", "turnover": "1"}, "S S S N S"),
        ({"surplus": "100", "turnover": "0"}, "S S N S U"),
        ({"surplus": "99", "turnover": "100"}, "V V V N V"),
        ({"surplus": "99", "turnover": "0"}, "V V N V U"),
        ({"turnover": "1"}, "U U U N U"),
        ({"turnover": "0"}, "U U N U U"),
        ({"surplus": "100"}, "S S U U U"),
        ({"surplus": "99"}, "V V U U U"),
    ],
)
def test_a_verdict_is_one_of_four(run: Run, figures: dict[str, str], statuses: str) -> None:
    outcome = run(RULES, year({name: Fraction(text) for name, text in figures.items()}))
    full = {"S": SATISFIED, "V": VIOLATED, "N": NOT_APPLICABLE, "U": UNDETERMINED}
    found = [judged(outcome, name).status for name in STATUSES]
    assert found == [full[letter] for letter in statuses.split()]
    for name in STATUSES:
        one = judged(outcome, name)
        # An undetermined rule says why; no other has anything to say.
        assert (one.missing is not None or one.undefined is not None) == (
            one.status == UNDETERMINED
        )


def test_an_undetermined_condition_names_what_is_missing(run: Run) -> None:
    outcome = run(RULES, year({"surplus": Fraction(99)}))
    assert judged(outcome, "only_if").missing == missing("turnover")
    assert judged(outcome, "divided").missing == missing("turnover")
    outcome = run(RULES, year())
    assert judged(outcome, "only_if").missing == missing("surplus", "turnover")
    outcome = run(RULES, year({"surplus": Fraction(1), "turnover": Fraction(0)}))
    assert judged(outcome, "divided").undefined == Undefined("division")
    assert judged(outcome, "divided").missing is None


def test_only_a_binding_rule_fails_the_run(run: Run) -> None:
    clauses = "  recommend advised: surplus >= 100 EUR\n"
    outcome = run(clauses, year({"surplus": Fraction(1)}))
    assert judged(outcome, "advised").status == VIOLATED
    assert not outcome.violated
    assert run(RULES, year({"surplus": Fraction(1), "turnover": Fraction(1)})).violated


@pytest.mark.parametrize(
    ("relation", "surplus", "status", "margin"),
    [
        (">=", "100", SATISFIED, "0"),
        (">=", "99.99", VIOLATED, "-0.01"),
        ("<=", "100", SATISFIED, "0"),
        ("<=", "100.01", VIOLATED, "-0.01"),
        (">", "100", VIOLATED, "0"),
        (">", "100.01", SATISFIED, "0.01"),
        ("<", "100", VIOLATED, "0"),
        ("<", "90", SATISFIED, "10"),
        ("=", "100", SATISFIED, "0"),
        ("=", "103", VIOLATED, "-3"),
        ("=", "97", VIOLATED, "-3"),
        ("!=", "103", SATISFIED, "3"),
        ("!=", "97", SATISFIED, "3"),
        ("!=", "100", VIOLATED, "0"),
    ],
)
def test_a_margin_is_the_way_to_the_edge(
    run: Run, relation: str, surplus: str, status: str, margin: str
) -> None:
    clauses = f"  require edge: surplus {relation} 100 EUR\n"
    found = judged(run(clauses, year({"surplus": Fraction(surplus)})), "edge")
    assert (found.status, found.margin) == (status, Fraction(margin))
    assert (found.left, found.right) == (Fraction(surplus), 100)


def test_money_is_compared_as_it_is_paid_and_the_margin_is_exact(run: Run) -> None:
    clauses = "  require edge: surplus >= 15% of turnover\n"
    paid: dict[str, Known] = {"surplus": Fraction(150), "turnover": Fraction("1000.03")}
    found = judged(run(clauses, year(paid)), "edge")
    assert (found.status, found.margin) == (SATISFIED, Fraction("-0.0045"))
    found = judged(run(clauses, year(paid | {"turnover": Fraction("1000.04")})), "edge")
    assert (found.status, found.margin) == (VIOLATED, Fraction("-0.006"))


@pytest.mark.parametrize(
    ("surplus", "status", "relation", "margin"),
    [
        ("12", SATISFIED, "at_most", "2"),
        ("38", SATISFIED, "at_most", "2"),
        ("9", VIOLATED, "at_most", "-1"),
        ("41", VIOLATED, "at_most", "-1"),
    ],
)
def test_of_two_comparisons_the_nearest_to_failing_is_shown(
    run: Run, surplus: str, status: str, relation: str, margin: str
) -> None:
    clauses = "  require in_between: 10 EUR <= surplus <= 40 EUR\n"
    found = judged(run(clauses, year({"surplus": Fraction(surplus)})), "in_between")
    assert (found.status, found.relation, found.margin) == (status, relation, Fraction(margin))


TEAMS = "  require sized: headcount >= 10 for each team when result > 0 EUR\n"


def team(headcount: int | None, result: int | None) -> dict[str, Known]:
    given = {"headcount": headcount, "result": result}
    return {name: Fraction(known) for name, known in given.items() if known is not None}


def test_a_rule_over_records_counts_them_and_shows_those_that_fail(run: Run) -> None:
    teams = {
        "a": team(12, 1),
        "b": team(7, 1),
        "c": team(1, 0),
        "d": team(None, 1),
        "e": team(15, None),
        "f": team(9, 1),
    }
    found = judged(run(TEAMS, year(teams=teams)), "sized")
    assert found.status == VIOLATED
    counts = {"satisfied": 1, "kept_to_a_cent": 0, "violated": 2}
    assert found.counts == {**counts, "not_applicable": 1, "undetermined": 2}
    assert [(case.record, case.status, case.margin) for case in found.cases] == [
        ("b", VIOLATED, -3),
        ("d", UNDETERMINED, None),
        ("e", UNDETERMINED, 5),
        ("f", VIOLATED, -1),
    ]
    assert found.margin == -3, "the worst one stands for all"
    assert found.missing == missing("headcount of d", "result of e")


@pytest.mark.parametrize(
    ("teams", "status"),
    [
        ({"a": team(12, 1), "b": team(1, 0)}, SATISFIED),
        ({"a": team(12, 1), "b": team(None, 1)}, UNDETERMINED),
        ({"a": team(1, 0)}, NOT_APPLICABLE),
        ({}, NOT_APPLICABLE),
    ],
)
def test_a_rule_over_records_is_as_its_worst(run: Run, teams: Rows, status: str) -> None:
    found = judged(run(TEAMS, year(teams=teams)), "sized")
    assert found.status == status
    assert found.counts is not None
    assert sum(found.counts.values()) == len(teams)


def test_a_rule_over_records_that_are_not_given_is_undetermined(run: Run) -> None:
    found = judged(run(TEAMS, year()), "sized")
    assert (found.status, found.missing) == (UNDETERMINED, missing("team"))


# ---- explanations


PLACE = re.compile(r"\{(\w+)\}")


def raw_keys(words: Words, item: Explanation) -> Iterator[str]:
    """The keys that a sentence or a step of it shows because the language has no phrase for them."""
    yield from _raw(words, Said(item.how, item.arguments))
    for step in item.steps:
        yield from raw_keys(words, step)


def _raw(words: Words, shown: Said) -> Iterator[str]:
    sentence = words.phrases.get(shown.key)
    if sentence is None:
        yield shown.key
        return
    for name in PLACE.findall(sentence):
        if name not in shown.arguments:
            yield f"{shown.key}: {{{name}}}"
        else:
            yield from _raw_argument(words, shown.arguments[name])


def _raw_argument(words: Words, argument: Argument) -> Iterator[str]:
    match argument:
        case Said():
            yield from _raw(words, argument)
        case (Undefined(reason), _):
            yield from _raw(words, Said(f"undefined.{reason}"))
        case tuple():
            for one in argument:
                yield from _raw_argument(words, one)


@pytest.fixture(scope="module", params=["fr", "en", "es", "it"])
def speaking(request: pytest.FixtureRequest, world: World, alma_folder: Path) -> Words:
    """A language with the names of the laws and of Alma."""
    policy = open_policy(alma_folder, Report())
    assert policy is not None
    return words_for(world, request.param, ("fr.scop", "fr.cooperation"), policy)


def check(words: Words, item: Explanation | None, name: str) -> None:
    assert item is not None, f"{name} cannot be explained"
    assert not sorted(set(raw_keys(words, item))), name
    tree = json.explanation(item, words)
    for text in texts(tree):
        assert text.strip(), name
        assert not re.search(r"[{}]", text), text


def texts(tree: dict[str, object]) -> Iterator[str]:
    yield str(tree["text"])
    steps = tree["steps"]
    assert isinstance(steps, list)
    for step in steps:
        yield from texts(step)


def explainable(year: Year) -> list[str]:
    program = year.evaluation.program
    return [
        *program.accounts,
        *program.figures,
        *(rule.name for rule in program.rules),
        *(indicator.label for indicator in program.indicators),
    ]


def test_all_of_alma_is_explained_in_phrases_of_each_language(alma: Year, speaking: Words) -> None:
    names = explainable(alma)
    assert len(names) == len(set(names)) > 40
    assert set(names) <= set(known_names(alma.evaluation))
    for name in names:
        check(speaking, pipeline.explain(alma, name), name)


@pytest.mark.parametrize("source", ["work_share", "share_interest"])
def test_what_each_person_of_alma_receives_is_explained(
    alma: Year, speaking: Words, source: str
) -> None:
    share = next(item for item in alma.outcome.shares if item.source == source)
    parts = dict(share.parts or ())
    people = alma.facts.tables["person"].ids
    assert len(people) == 180
    for person in people:
        found = pipeline.explain(alma, source, person)
        check(speaking, found, person)
        assert found is not None
        assert found.value == parts.get(person, 0)
        assert found.steps


def test_every_fact_of_a_record_of_alma_is_explained(alma: Year, speaking: Words) -> None:
    for item in alma.evaluation.program.inputs:
        if item.record is not None and item.key not in ("team", "trained"):
            first = alma.facts.tables[item.record].ids[0]
            check(speaking, pipeline.explain(alma, item.key, first), item.key)


def test_the_worth_of_an_explanation_is_that_of_the_outcome(alma: Year) -> None:
    for account in alma.outcome.accounts:
        found = pipeline.explain(alma, account.name)
        assert found is not None
        assert found.value == account.added
    for figure in alma.outcome.values:
        found = pipeline.explain(alma, figure.name)
        assert found is not None
        assert found.value == figure.value
    for indicator in alma.outcome.indicators:
        found = pipeline.explain(alma, indicator.label)
        assert found is not None
        assert found.value == indicator.value


def test_what_does_not_exist_is_not_explained(alma: Year) -> None:
    assert pipeline.explain(alma, "no_such_figure") is None
    assert pipeline.explain(alma, "work_share", "p999") is None
    assert pipeline.explain(alma, "no_such_figure", "p001") is None


YEARS: dict[str, Facts] = {
    "nothing is given": year(),
    "a loss": year({"surplus": Fraction(-100), "highest_share_capital": Fraction(100)}),
    "nobody": year(
        {"surplus": Fraction(100), "highest_share_capital": Fraction(100), "turnover": Fraction(0)},
        people={},
        teams={},
        balances={"reserves.legal": Fraction(0)},
    ),
    "gaps": year(
        {"surplus": Fraction(100), "research_spending": Fraction(1), "turnover": Fraction(0)},
        people={"p1": entitled(), "p2": entitled(None), "p3": {}},
        teams={"t1": team(1, -5), "t2": team(None, None)},
    ),
}


@pytest.mark.parametrize("name", YEARS)
def test_a_year_with_gaps_is_explained_too(alma: Year, speaking: Words, name: str) -> None:
    facts = YEARS[name]
    evaluation = evaluate(alma.statute.program, facts)
    outcome = settle(evaluation, alma.outcome.provenance)
    for asked in explainable(alma):
        check(speaking, explain(evaluation, outcome, asked), asked)
    for record, rows in facts.tables.items():
        for one in rows.ids:
            for asked in ("work_share", "share_interest") if record == "person" else ("result",):
                check(speaking, explain(evaluation, outcome, asked, one), f"{asked} of {one}")


def test_what_moves_inside_a_branch_neither_enters_nor_leaves_it(run: Run) -> None:
    clauses = (
        "  account fund\n"
        "  allocate surplus\n    rest to fund.open\n    losses to fund.open\n"
        "  allocate fund.open\n    40% to fund.barred\n    rest to cash\n    losses to cash\n"
    )
    balances = {"fund.open": Fraction(7), "fund.barred": Fraction(1)}
    outcome = run(clauses, year(HUNDRED, balances=balances))
    [fund] = [account for account in outcome.accounts if account.name == "fund"]
    assert (fund.opening, fund.added, fund.taken, fund.closing) == (8, 100, 60, 48)


# ---- the whole language, in its corners


def test_a_scale_goes_by_a_day_too(run: Run) -> None:
    clauses = (
        "  input hired_on : date of person\n"
        "  scale points by hired_on\n"
        "    from 2000-01-01: 3\n"
        "    above 2010-01-01: 2\n"
        "    otherwise 1\n"
        "  define all_points = sum of points over people\n"
    )
    days = [date(1999, 12, 31), date(2000, 1, 1), date(2010, 1, 1), date(2010, 1, 2)]
    people: Rows = {f"p{number}": {"hired_on": day} for number, day in enumerate(days)}
    assert value(run(clauses, year({}, people)), "all_points") == 1 + 3 + 3 + 2


def test_each_of_a_group_of_its_own_may_be_allocated_to_its_account(run: Run) -> None:
    clauses = (
        "  group seniors = workers where seniority >= 10 years\n"
        "  account savings of person\n"
        "  allocate salary for each seniors\n"
        "    10% to savings of person\n"
        "    rest to cash\n"
        "    losses to cash\n"
        "  define saved = sum of savings of person over people\n"
    )
    people: Rows = {
        "ana": {"worker": True, "seniority": Fraction(120), "salary": euros("1000")},
        "ben": {"worker": True, "seniority": Fraction(12), "salary": euros("1000")},
    }
    assert value(run(clauses, year({}, people)), "saved") == 100


def test_a_right_may_be_multiplied_by_a_whole_number(run: Run) -> None:
    clauses = (
        "  input points : whole of person >= 0\n"
        "  share surplus among people\n"
        "    equally\n"
        "    multiplied by points\n"
    )
    people: Rows = {"ana": {"points": Fraction(3)}, "ben": {"points": Fraction(1)}}
    parts = shared(run(clauses, year({"surplus": euros("100")}, people)))
    assert parts == {"ana": euros("75"), "ben": euros("25")}


def test_one_side_decides_where_no_person_is_given_but_teams_are(run: Run) -> None:
    clauses = (
        "  define small = count over people of team < 5 and headcount < 0 for each team\n"
        "  define some_small = rate of small over teams\n"
    )
    outcome = run(clauses, year({}, None, {"bakery": {"headcount": Fraction(3)}}))
    assert value(outcome, "some_small") == 0


def test_a_share_whose_condition_does_not_hold_takes_nothing_from_whoever_is_not_given(
    run: Run,
) -> None:
    clauses = (
        "  input shared_out : yes/no\n"
        "  allocate surplus\n"
        "    100% to work_share\n"
        "    losses to losses_brought_forward\n"
        "  share work_share among workers when shared_out\n"
        "    equally\n"
        "  define left = closing work_share\n"
    )
    given: dict[str, Known] = {"surplus": euros("100"), "shared_out": False}
    outcome = run(clauses, year(given, None, None, {"work_share": euros("0")}))
    assert value(outcome, "left") == 100
