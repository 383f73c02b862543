"""Which parts of a statute its examples reach: each sort of part reached, and each one missed."""

from compiling import compiled
from coopfx.engine.examples.coverage import parts
from coopfx.engine.examples.run import run_example, run_examples
from coopfx.engine.outcome import Part
from coopfx.ground.report import Report
from coopfx.plugged.world import World
from oak import HEADING

FILE = "statute.en.coop"
BODY = """
article 1 "Money"
  decide work_part between 25% and 50% otherwise 40%
  allocate surplus
    work_part * surplus to work_share
    15% to reserves.legal until 100 EUR then to reserves.development
    rest to cash
    losses to losses_brought_forward
  share work_share among workers
    by hours
    at most 250 EUR each
    excess to solidarity
article 2 "Figures"
  scale loyalty by seniority
    from 1 year: 1
    above 5 years: 2
    otherwise 0
  define bonus = if turnover > 10 EUR then 5 EUR else 0 EUR
  define points = if member then 3 else 2 for each person
article 3 "Rules"
  require enough: bonus >= 1 EUR
  require loyal: loyalty * points >= 0 for each person
  indicator "Never asked" = if surplus > 0 EUR then 1 else 2
  pool result of teams
    15% kept by each
    rest to common
"""
YEAR = "\n  given surplus = 1 000 EUR, opening reserves.legal = 0 EUR"


def covered(world: World, *examples: str, body: str = BODY) -> list[Part]:
    """The parts of the statute, with these examples."""
    text = HEADING + body + "".join(f'example "{n}"{one}\n' for n, one in enumerate(examples))
    report, statute = Report(), compiled(text, world)
    assert all(result.passed for result in run_examples(statute.program, report)), report
    runs = [run_example(statute.program, one) for one in statute.program.examples]
    return parts(statute.program, runs, FILE)


def reached(found: list[Part]) -> set[str]:
    return {f"{one.kind}:{one.line}" for one in found if one.reached}


def test_every_part_is_listed_once_in_the_order_of_the_text(world: World) -> None:
    found = covered(world)
    assert reached(found) == set()
    assert [f"{one.kind}:{one.line}" for one in found] == [
        "rule:6",
        "otherwise:6",
        "item:8",
        "item:9",
        "overflow:9",
        "item:10",
        "losses:11",
        "share:12",
        "excess:12",
        "define:17",
        "step:18",
        "step:19",
        "below:20",
        "define:21",
        "if.met:21",
        "if.unmet:21",
        "define:22",
        "if.met:22",
        "if.unmet:22",
        "rule:24",
        "rule:25",
        "pool:27",
    ]
    assert {one.article for one in found} == {"1", "2", "3"}


def test_an_item_is_reached_where_something_is_expected_of_it(world: World) -> None:
    found = covered(world, f"{YEAR}\n  expect reserves.legal = 100 EUR")
    assert reached(found) == {"item:9", "otherwise:6"}
    found = covered(world, f"{YEAR}\n  expect reserves.development = 50 EUR")
    assert reached(found) == {"overflow:9", "otherwise:6"}


def test_an_item_that_receives_nothing_is_not_reached(world: World) -> None:
    full = YEAR.replace("legal = 0", "legal = 100")
    found = covered(world, f"{full}\n  expect reserves.legal = 0 EUR")
    assert "item:9" not in reached(found)


def test_a_loss_reaches_its_line(world: World) -> None:
    found = covered(world, "\n  given surplus = -1 EUR\n  expect losses_brought_forward = -1 EUR")
    assert "losses:11" in reached(found)


def test_a_share_is_reached_and_what_its_limits_leave(world: World) -> None:
    workers = "\n  given person | worker | hours\n    ana | yes | 1"
    found = covered(world, f"{YEAR}{workers}\n  expect work_share of ana = 250 EUR")
    assert {"share:12"} == reached(found) & {"share:12", "excess:12"} or "excess:12" in reached(
        found
    )
    found = covered(world, f"{YEAR}{workers}\n  expect solidarity = 150 EUR")
    assert {"share:12", "excess:12"} <= reached(found)


def test_each_step_of_a_scale_is_reached_by_itself(world: World) -> None:
    people = "\n  given person | seniority\n    ana | {} years\n  expect loyalty of ana = {}"
    assert "step:18" in reached(covered(world, people.format(5, 1)))
    assert "step:19" in reached(covered(world, people.format(6, 2)))
    assert "below:20" in reached(covered(world, people.format(0, 0)))


def test_both_branches_are_asked_for(world: World) -> None:
    found = covered(world, "\n  given turnover = 11 EUR\n  expect bonus = 5 EUR")
    assert reached(found) == {"define:21", "if.met:21"}
    found = covered(
        world,
        "\n  given turnover = 11 EUR\n  expect bonus = 5 EUR",
        "\n  given turnover = 10 EUR\n  expect bonus = 0 EUR",
    )
    assert reached(found) == {"define:21", "if.met:21", "if.unmet:21"}


def test_a_rule_is_reached_by_its_verdict_alone(world: World) -> None:
    given = "\n  given turnover = 11 EUR\n  expect "
    assert "rule:24" in reached(covered(world, f"{given}enough satisfied"))
    assert "rule:24" not in reached(
        covered(world, "\n  given surplus = 1 EUR\n  expect enough undetermined")
    )


def test_a_given_figure_is_not_reached(world: World) -> None:
    found = covered(world, "\n  given bonus = 1 EUR\n  expect enough satisfied")
    assert reached(found) == {"rule:24"}


def test_a_decision_given_is_not_left_open(world: World) -> None:
    found = covered(world, f"{YEAR}, work_part = 30%\n  expect work_share = 300 EUR")
    assert reached(found) == {"item:8"}
