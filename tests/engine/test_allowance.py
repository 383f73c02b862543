"""By how many half cents a rule may fail for rounding alone: what the text says, line by line."""

from collections.abc import Callable

import pytest

from coopfx.desk.versions import Statute
from coopfx.language import ir

Compile = Callable[[str], Statute]
HEAD = """statute "Allowances"
currency EUR
in force from 2020-01-01
account own of person
parameter half : number
  from 2020-01-01: 50% ref "x"
parameter twice : number
  from 2020-01-01: 2 ref "x"
input grant : money
input subsidy : money
input legacy : money
input levy : money
article 1
  decide some_rate between 0% and 100%
  define narrow = min(ash, beech)
  allocate surplus
    20% to ash
    10% to beech
    10% to reserves.legal until highest_share_capital then to reserves.development
    5% to ash when grant > 0 EUR
    (5% of surplus rounded down to 1 000 EUR) to whole
    rest to pot
    losses to losses_brought_forward
  allocate grant
    30% to cedar
    20% to dogwood
    45% to elm
    rest to fir
    losses to losses_brought_forward
  allocate ash
    40% to gorse
    60% to hazel
    losses to losses_brought_forward
  allocate 50% of subsidy
    40% to ivy
    60% to juniper
    losses to losses_brought_forward
  allocate legacy
    levy to kiln
    5 EUR to lime
    levy to maple
    rest to oak
    losses to losses_brought_forward
  share pot among people by hours
  share beech among members to own of person equally
  allocate pot of person for each person
    50% to reserves.shared
    rest to own of person
"""
NOTHING = 0


@pytest.mark.parametrize(
    ("condition", "allowance"),
    [
        # Lines that feed an account, those above one that makes up for them, and of two accounts both.
        ("ash >= 25% of surplus", 2),
        ("beech >= 10% of surplus", 1),
        ("10% of surplus <= beech", 1),
        ("beech = 10% of surplus", 1),
        ("beech <= ash", 3),
        ("ash + beech >= 30% of surplus", 3),
        ("reserves.legal + reserves.development >= 10% of surplus", 1),
        ("pot >= 45% of surplus", 5),
        ("cedar >= 30% of grant", 1),
        ("dogwood >= 20% of grant", 1),
        ("elm >= 45% of grant", 3),
        ("fir >= 5% of grant", 4),
        ("closing cedar >= opening cedar", 1),
        # Lines of whole cents count, and leave those below them what they ask for.
        ("kiln >= 10% of legacy", 1),
        ("maple >= 10% of legacy", 1),
        ("oak >= 10% of legacy", 4),
        # Through the account, or the part of a figure, that is shared out.
        ("gorse >= 8% of surplus", 3),
        ("hazel >= 12% of surplus", 4),
        ("ivy >= 20% of subsidy", 2),
        ("juniper >= 30% of subsidy", 3),
        # Of several the larger; a part of an amount as the amount.
        ("narrow >= 1% of surplus", 2),
        ("max(beech, cedar, 1 EUR) >= 1% of surplus", 1),
        ("(if grant > 0 EUR then ash else beech) >= 1% of surplus", 2),
        ("10% of ash >= 1% of surplus", 2),
        ("half * ash >= 1% of surplus", 2),
        ("ash / 2 >= 1% of surplus", 2),
        # What cannot be counted.
        ("surplus >= 10% of turnover", NOTHING),
        ("whole >= 5% of surplus", NOTHING),
        ("ash rounded down to 10 EUR >= 25% of surplus", NOTHING),
        ("2 * beech >= 20% of surplus", NOTHING),
        ("twice * beech >= 20% of surplus", NOTHING),
        ("some_rate * beech >= 1% of surplus", NOTHING),
        ("beech * (beech / surplus) >= 1% of surplus", NOTHING),
        ("beech / 50% >= 20% of surplus", NOTHING),
        ("beech / surplus >= 10%", NOTHING),
        ("(if ash > 0 EUR then ash else beech) >= 1% of surplus", NOTHING),
        ("reserves.shared >= 1% of surplus", NOTHING),
        ("sum of pot of person over people >= 45% of surplus", NOTHING),
        ("previous surplus >= previous turnover", NOTHING),
        ("grant - surplus >= previous surplus", NOTHING),
        # Where there is none, whatever is compared.
        ("beech > 10% of surplus", NOTHING),
        ("beech < 10% of surplus", NOTHING),
        ("beech != 10% of surplus", NOTHING),
        ("beech >= 0 EUR", NOTHING),
        ("beech <= 0% of surplus", NOTHING),
        ("0 EUR = beech", NOTHING),
        ("beech >= 10% of surplus exactly", NOTHING),
        ("not beech >= 10% of surplus", NOTHING),
        # A person's part of a share, and of the account that is shared.
        ("pot of person >= 1% of surplus for each person", 7),
        ("closing own of person >= opening own of person for each person", 3),
    ],
)
def test_what_rounds_is_counted(compile_text: Compile, condition: str, allowance: int) -> None:
    program = compile_text(f"{HEAD}  require asked: {condition}\n").program
    assert widest(program) == allowance


def widest(program: ir.Program) -> int:
    """The widest allowance of a program's last rule."""
    nearly = program.rules[-1].nearly
    if nearly is None:
        return NOTHING
    nodes = [program.nodes[index] for index in ir.cone(program.nodes, [nearly])]
    return max(node.allowance for node in nodes if isinstance(node, ir.Compare))


def test_no_allowance_is_more_than_five_cents(compile_text: Compile) -> None:
    lines = "\n".join(f"    5% to a_{number}" for number in range(20))
    text = f"{HEAD.partition('article')[0]}article 1\n  allocate surplus\n{lines}\n"
    assert widest(compile_text(f"{text}  require last: a_19 >= 5% of surplus\n").program) == 10


def test_each_comparison_of_a_rule_has_its_own(compile_text: Compile) -> None:
    asked = "beech >= 10% of surplus and ash >= 25% of surplus or fir > 0 EUR"
    program = compile_text(f"{HEAD}  require asked: {asked}\n").program
    rule = program.rules[-1]
    assert rule.nearly is not None
    nodes = [program.nodes[index] for index in sorted(ir.cone(program.nodes, [rule.nearly]))]
    found = [node.allowance for node in nodes if isinstance(node, ir.Compare) and node.allowance]
    assert found == [1, 2]


def test_a_decision_a_condition_and_an_expectation_have_none(compile_text: Compile) -> None:
    text = (
        f"{HEAD}  decide gift between 10% of surplus and beech otherwise beech\n"
        "  require asked: gift > 0 EUR when beech >= 10% of surplus unless beech <= 10% of surplus\n"
        '  indicator "I" = beech target at least 10% of surplus\n'
        'example "x"\n  given surplus = 1 EUR\n  expect beech >= 10% of surplus\n'
    )
    program = compile_text(text).program
    assert all(rule.nearly is None for rule in program.rules)
    assert not any(isinstance(node, ir.Compare) and node.allowance for node in program.nodes)
