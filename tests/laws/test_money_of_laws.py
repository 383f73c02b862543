"""What a law's figures give: money of its own where it comes from nowhere else, and else none.

A figure that measures, or that another contains, would be paid out beside what contains it.
"""

import packs
import pytest

from compiling import tried
from coopfx.desk.speaking import words_of_laws
from coopfx.engine.proof.prove import prove
from coopfx.ground.report import Report
from coopfx.language import ast
from coopfx.laws.book import law_document

OWN_MONEY = {"dues_and_deductions", "fines", "gains_left_out", "provision_released"}
"""What the laws keep out of the surplus, and say where it goes."""
INCLUDED = {
    "other_profits": "surplus",
    "intercooperative_results": "surplus",
    "intercooperative_results_in_reserve": "intercooperative_results",
    "dues_in_reserve": "dues_and_deductions",
    "fines_in_fund": "fines",
    "gains_to_reserves": "gains_left_out",
    "work_share_expensed": "surplus",
    "grants": "surplus",
}


@pytest.mark.parametrize("name", sorted(packs.installed().laws))
def test_a_figure_of_a_law_says_whose_money_it_is(name: str) -> None:
    world = packs.installed()
    law = world.laws[name]
    words = words_of_laws(world, law.law.language, (name,))
    document = law_document(law, world, Report())
    assert document is not None
    own, included = set[str](), dict[str, str]()
    for clause in document.clauses:
        if isinstance(clause, ast.Input) and clause.gives_money:
            figure = words.canonical(clause.name.word)
            if clause.inside is None:
                own.add(figure)
            else:
                included[figure] = words.canonical(clause.inside.word)
    assert own <= OWN_MONEY
    assert included.items() <= INCLUDED.items()


def test_a_part_of_the_surplus_is_given_out_of_the_surplus() -> None:
    world = packs.installed()
    text = "  allocate surplus\n    rest to reserves.legal\n    losses to losses_brought_forward\n"
    for figure in ("other_profits", "intercooperative_results"):
        given = f"  allocate {figure}\n    rest to reserves.legal\n"
        assert packs.told(text + given, "es.cooperativas", world) == ["M403"]
    assert packs.told("  share charged_interest among members equally\n", "es.euskadi", world) == [
        "M416"
    ]


LEAST = """estatutos «Pocos» regidos por {law}
moneda EUR
en vigor desde 2024-01-01
artículo 1 «Excedente»
  distribuir excedente
    60 % a las reservas.legal
    10 % a {fund}
    el resto a las reservas.desarrollo
    pérdidas a las pérdidas_de_ejercicios_anteriores
"""


@pytest.mark.parametrize(
    ("law", "fund", "broken"),
    [
        ("es.cooperativas", "fondo_de_educación", ["reserve_of_other_profits"]),
        ("es.euskadi", "cofip", []),
    ],
    ids=["es.cooperativas", "es.euskadi"],
)
def test_a_statute_without_interest_is_not_told_of_what_is_booked(
    law: str, fund: str, broken: list[str]
) -> None:
    statute, report = tried(LEAST.format(law=law, fund=fund), packs.installed(), "es")
    assert statute is not None, report.diagnostics
    failing = [one.rule.removeprefix(f"{law}.") for one in prove(statute.program) if one.fails]
    assert failing == broken


def test_a_reserve_that_receives_nothing_is_still_told() -> None:
    text = LEAST.format(law="es.euskadi", fund="cofip").replace(
        "    60 % a las reservas.legal\n", ""
    )
    statute, report = tried(text, packs.installed(), "es")
    assert statute is not None, report.diagnostics
    failing = {one.rule for one in prove(statute.program) if one.fails}
    assert "es.euskadi.compulsory_reserve" in failing
