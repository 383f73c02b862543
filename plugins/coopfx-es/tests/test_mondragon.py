"""Interest on capital and a return by advances, as in Mondragón, under es.euskadi: from fractions alone.

Of the available surplus, 10% goes to the COFIP, a part to the reserve, the rest back to the members by
what they were paid in advance, into their capital accounts; interest on these accounts is an expense.
"""

from fractions import Fraction
from pathlib import Path
from random import Random

import packs
import pytest

from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED, VIOLATED
from coopfx.ground.report import Report
from coopfx.pipeline import Year
from independent import exact, half_up, split
from results import balance, known, of_each, parts, statuses

STATUTE = """estatutos «Cooperativa industrial» regidos por es.euskadi
moneda EUR
en vigor desde 2020-01-30

artículo 1 «Intereses»
  cuenta capital de persona «capital»
  acordar tipo_de_interés entre 0 % y tipo_de_interés_máximo en su defecto 0 %
  definir intereses = tipo_de_interés × suma de saldo inicial de capital entre socios
  definir remuneración_de_las_aportaciones = intereses
  repartir intereses con cargo a gastos entre socios a capital de persona según saldo inicial de capital

artículo 2 «Excedente»
  acordar parte_de_la_reserva entre 20 % y 60 % en su defecto 45 %
  distribuir el excedente
    10 % a cofip
    parte_de_la_reserva a reservas.legal
    el resto al retorno
    las pérdidas a pérdidas_de_ejercicios_anteriores
  repartir el retorno entre trabajadores con socio y no en_prueba a capital de persona
    según salario
"""
YEARS = 12


def drawn(seed: int) -> tuple[dict[str, str], dict[str, str], list[dict[str, str]]]:
    """A year: the cooperative's figures, what the meeting decides, the people."""
    random = Random(seed)

    def money(most: int) -> str:
        return f"{random.randrange(most)}.{random.randrange(100):02}"

    people = [
        {
            "id": f"m{number:02}",
            "trabajador": "sí",
            "socio": "sí" if number < 9 else "no",
            "en_prueba": "sí" if number == 8 else "no",
            "salario": money(60_000),
            "saldo inicial capital": money(40_000) if number < 8 else "0",
        }
        for number in range(11)
    ]
    surplus = money(900_000)
    figures = {
        "excedente": f"-{surplus}" if seed % 6 == 0 else surplus,
        "excedente_neto_antes_de_intereses": money(60_000),
        "reservas_libres": money(4_000),
        "interés_legal": f"{random.choice((0, 1, 3))},25 %",
        "capital_social": money(400_000),
        "pérdidas_del_ejercicio": money(50_000),
        "pérdidas_a_la_reserva": random.choice(("0", money(15_000), money(30_000))),
        "porcentaje_medio_a_la_reserva": "20 %",
        "porcentaje_medio_a_la_cofip": "10 %",
    }
    decisions = {
        "tipo_de_interés": f"{random.choice((0, 3, 6, 9))},5 %",
        "parte_de_la_reserva": f"{random.choice((20, 45, 60))} %",
    }
    return figures, decisions, people


def run(folder: Path, seed: int) -> Year:
    """The year as the command evaluates it."""
    figures, decisions, people = drawn(seed)
    year = folder / "2024"
    year.mkdir()
    (folder / "statute.es.coop").write_text(STATUTE, "utf-8")
    (folder / "coopfx.toml").write_text('language = "es"\n', "utf-8")
    lines = ["closing = 2024-12-31", *(f'"{key}" = "{value}"' for key, value in figures.items())]
    lines += [
        "[balances]",
        '"reservas.legal" = "90000.00"',
        '"cofip" = 0',
        '"retorno" = 0',
    ]
    lines += ["[decisions]", *(f'"{key}" = "{value}"' for key, value in decisions.items())]
    (year / "cooperative.toml").write_text("\n".join(lines), "utf-8")
    table = [";".join(people[0]), *(";".join(row.values()) for row in people)]
    (year / "people.csv").write_text("\n".join(table), "utf-8")
    report = Report()
    policy = open_policy(folder, report)
    assert policy is not None
    found = pipeline.evaluate_policy(policy, year, packs.installed(), report)
    assert found is not None, [item.code for item in report.in_order()]
    return found


@pytest.mark.parametrize("seed", range(YEARS))
def test_the_formula_is_what_fractions_give(tmp_path: Path, seed: int) -> None:
    figures, decisions, people = drawn(seed)
    year, given = run(tmp_path, seed), {name: exact(value) for name, value in figures.items()}
    surplus = given["excedente"]
    members = [row for row in people if row["socio"] == "sí"]
    held = {row["id"]: exact(row["saldo inicial capital"]) for row in members}
    interest = half_up(exact(decisions["tipo_de_interés"]) * sum(held.values()))
    credited = split(interest, held) if interest else {}
    cofip = reserve = rest = Fraction(0)
    returned: dict[str, Fraction] = {}
    if surplus > 0:
        cofip = half_up(surplus / 10)
        reserve = half_up(surplus * exact(decisions["parte_de_la_reserva"]))
        rest = surplus - cofip - reserve
        paid = {row["id"]: exact(row["salario"]) for row in members if row["en_prueba"] == "no"}
        returned = split(rest, paid)
        assert parts(year, "retorno") == returned
    assert (balance(year, "cofip", "added"), balance(year, "reserves.legal", "added")) == (
        cofip,
        reserve,
    )
    capital = of_each(year, "capital")
    for row in people:
        name = row["id"]
        opening = exact(row["saldo inicial capital"])
        assert capital[name] == opening + credited.get(name, 0) + returned.get(name, 0)
    assert known(year.evaluation.value(year.statute.program.figures["remuneration_of_shares"])) == (
        exact(decisions["tipo_de_interés"]) * sum(held.values())
    )
    expected = verdicts(given, interest, cofip, reserve)
    found = statuses(year)
    assert {name: found[f"es.euskadi.{name}"] for name in expected} == expected


def verdicts(
    given: dict[str, Fraction], interest: Fraction, cofip: Fraction, reserve: Fraction
) -> dict[str, str]:
    """What Ley 11/2019, art. 63, 70 and 73, says of the year."""

    def judged(applies: bool, kept: bool) -> str:
        return (SATISFIED if kept else VIOLATED) if applies else NOT_APPLICABLE

    surplus, capital = given["excedente"], given["capital_social"]
    opening = Fraction(90_000)
    least = Fraction(1, 20) if opening < capital / 2 else Fraction(1, 10)
    within = max(Fraction(0), given["excedente_neto_antes_de_intereses"]) + given["reservas_libres"]
    mean = given["porcentaje_medio_a_la_reserva"] + given["porcentaje_medio_a_la_cofip"]
    borne = mean * given["pérdidas_del_ejercicio"] + max(Fraction(0), opening - capital / 2)
    charged = given["pérdidas_a_la_reserva"]
    cap = (given["interés_legal"] + Fraction(6, 100)) * capital
    return {
        "interest_cap": judged(interest > 0, interest <= half_up(cap)),
        "interest_out_of_surplus_or_reserves": judged(interest > 0, interest <= within),
        "compulsory_reserve": judged(surplus > 0, reserve >= half_up(surplus / 5)),
        "allocation_to_cofip": judged(surplus > 0, cofip >= half_up(least * surplus)),
        "thirty_percent": judged(surplus > 0, cofip + reserve >= half_up(surplus * 3 / 10)),
        "losses_on_reserve": judged(charged > 0, charged <= half_up(borne)),
    }


def test_the_years_drawn_decide_each_rule_both_ways() -> None:
    both: dict[str, set[str]] = {}
    for seed in range(YEARS):
        figures, decisions, people = drawn(seed)
        given = {name: exact(value) for name, value in figures.items()}
        held = sum(exact(row["saldo inicial capital"]) for row in people if row["socio"] == "sí")
        interest = half_up(exact(decisions["tipo_de_interés"]) * held)
        for name, status in verdicts(given, interest, Fraction(0), Fraction(0)).items():
            both.setdefault(name, set()).add(status)
    for name in ("interest_cap", "interest_out_of_surplus_or_reserves", "losses_on_reserve"):
        assert {SATISFIED, VIOLATED} <= both[name], name
