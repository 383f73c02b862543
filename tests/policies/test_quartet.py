"""Quartet: losses first, then a cushion, the rest in equal parts."""

from collections.abc import Callable
from fractions import Fraction

from coopfx.engine.outcome import SATISFIED
from coopfx.pipeline import Year
from independent import POLICIES, cooperative, exact, figure, half_up, rows, split
from results import balance, items, parts, statuses

Evaluated = Callable[[str, str], Year]
FOLDER = POLICIES / "quartet"


def test_the_good_year_is_what_the_files_give(evaluated: Evaluated) -> None:
    own, people = cooperative(FOLDER / "2024"), rows(FOLDER / "2024" / "people.csv")
    surplus = exact(own["surplus"])
    uncovered = -exact(own["balances"]["losses_brought_forward"])
    three_months = 3 * sum(figure(row, "full_time_pay") for row in people)
    room = three_months - exact(own["balances"]["cushion"])
    cushion = min(half_up((surplus - uncovered) / 5), room)
    year = evaluated("quartet", "2024")
    assert items(year) == [
        ("losses_brought_forward", uncovered),
        ("cushion", cushion),
        ("work_share", surplus - uncovered - cushion),
    ]
    equally = {row["id"]: Fraction(1, 4) for row in people}
    assert parts(year, "work_share") == split(surplus - uncovered - cushion, equally)
    assert len(set(parts(year, "work_share").values())) == 2, "there are odd cents"
    assert 0 < room < (surplus - uncovered) / 5, "the cushion is filled in this year"
    assert balance(year, "losses_brought_forward") == 0


def test_the_loss_is_kept_for_the_year_after(evaluated: Evaluated) -> None:
    year = evaluated("quartet", "2023")
    loss = exact(cooperative(FOLDER / "2023")["surplus"])
    next_year = cooperative(FOLDER / "2024")["balances"]
    assert balance(year, "losses_brought_forward") == loss < 0
    assert balance(year, "losses_brought_forward") == exact(next_year["losses_brought_forward"])
    assert balance(year, "cushion") == exact(next_year["cushion"])
    assert set(parts(year, "work_share").values()) == {0}


def test_the_one_rule_is_kept(evaluated: Evaluated) -> None:
    assert statuses(evaluated("quartet", "2024")) == {"one_pay": SATISFIED}
