"""Txirbil: capital accounts that bear interest, a return by hours and pay index, two obligatory funds."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED, SET_ASIDE
from coopfx.pipeline import Year
from independent import POLICIES, Row, cooperative, exact, figure, half_up, rows, split
from results import balance, items, of_each, parts, statuses

Evaluated = Callable[[str, str], Year]
FOLDER = POLICIES / "txirbil" / "2024"


@pytest.fixture(scope="module")
def year(evaluated: Evaluated) -> Year:
    return evaluated("txirbil", "2024")


@pytest.fixture(scope="module")
def people() -> list[Row]:
    return rows(FOLDER / "people.csv")


def members(people: list[Row]) -> list[Row]:
    return [row for row in people if row["socio"] == "sí"]


def has_return(row: Row) -> bool:
    """Whether it is a member, and not on probation."""
    return row["socio"] == "sí" and row["en_prueba"] == "no"


def waterfall() -> list[tuple[str, Fraction]]:
    own = cooperative(FOLDER)
    surplus = exact(own["excedente"])
    rates = (Fraction(1, 4), Fraction(1, 10), exact(own["decisions"]["parte_del_retorno"]))
    amounts = [half_up(surplus * rate) for rate in rates]
    accounts = ("reserves.legal", "cofip", "patronage_return")
    return [
        *zip(accounts, amounts, strict=True),
        ("reserves.voluntary", surplus - sum(amounts)),
    ]


def returned(people: list[Row]) -> dict[str, Fraction]:
    rights = {
        row["id"]: figure(row, "horas")
        * figure(row, "índice")
        * (1 if has_return(row) else Fraction(1, 4))
        for row in people
    }
    return split(dict(waterfall())["patronage_return"], rights)


def credited(people: list[Row]) -> dict[str, Fraction]:
    rate = exact(cooperative(FOLDER)["decisions"]["tipo_de_interés"])
    held = {row["id"]: figure(row, "saldo inicial capital") for row in members(people)}
    return split(half_up(rate * sum(held.values())), held)


def test_the_surplus_flows_as_the_files_give(year: Year) -> None:
    assert items(year) == waterfall()


def test_the_return_is_what_the_files_give(year: Year, people: list[Row]) -> None:
    assert parts(year, "patronage_return") == returned(people)


def test_for_equal_work_who_is_no_member_or_on_probation_receives_a_quarter(
    people: list[Row],
) -> None:
    received = returned(people)
    by_work = {
        has_return(row): received[row["id"]] / (figure(row, "horas") * figure(row, "índice"))
        for row in people
    }
    assert abs(by_work[False] - by_work[True] / 4) < Fraction(1, 1000)


def test_the_interest_is_what_the_files_give(year: Year, people: list[Row]) -> None:
    assert parts(year, "interest") == credited(people)


def test_every_account_holds_what_the_files_give(year: Year, people: list[Row]) -> None:
    received, interest = returned(people), credited(people)
    capital, paid = of_each(year, "capital"), of_each(year, "payments")
    for row in people:
        name = row["id"]
        kept_part = Fraction(4, 5) if has_return(row) else Fraction(0)
        kept = half_up(received[name] * kept_part)
        opening = figure(row, "saldo inicial capital")
        assert capital[name] == opening + interest.get(name, 0) + kept
        assert paid[name] == received[name] - kept
    assert balance(year, "capital") == sum(capital.values())


def test_both_funds_take_what_the_law_asks(year: Year) -> None:
    surplus = exact(cooperative(FOLDER)["excedente"])
    assert balance(year, "cofip", "added") >= half_up(surplus / 10)
    both = [balance(year, name, "added") for name in ("reserves.legal", "cofip")]
    assert sum(both) >= half_up(surplus * 3 / 10)


def test_pay_is_six_times_apart_and_no_more(people: list[Row]) -> None:
    pay = [figure(row, "salario_a_tiempo_completo") for row in people]
    assert max(pay) == 6 * min(pay)


def test_every_rule_is_kept(year: Year) -> None:
    found = statuses(year)
    assert len(found) == 44
    # Nothing is charged to the reserve, and hired work stays within its limit.
    for name in ("losses_on_reserve", "admission_of_employees"):
        assert found.pop(f"es.euskadi.{name}") == NOT_APPLICABLE
    assert found.pop("es.euskadi.work_share_keys") == SET_ASIDE
    assert set(found.values()) == {SATISFIED}


def test_the_law_sees_the_interest_though_it_is_an_expense(year: Year, people: list[Row]) -> None:
    own = cooperative(FOLDER)
    cap = (exact(own["interés_legal"]) + Fraction(6, 100)) * exact(own["capital_social"])
    assert sum(credited(people).values()) <= cap
    assert statuses(year)["es.euskadi.interest_cap"] == SATISFIED
