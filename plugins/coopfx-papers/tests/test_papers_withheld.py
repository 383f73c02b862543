"""What a statement says is withheld: by the day of payment and the agreement, or that it is not known."""

import re
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import TypeVar

import pytest
from attrs import evolve
from click.testing import CliRunner
from meeting_papers import POLICIES, year_of

from coopfx.apps.cli.main import cli
from coopfx.engine.outcome import SET_ASIDE, UNDETERMINED, VIOLATED, Figure, Results
from coopfx.ground.exact import NUMBER
from coopfx.ground.words import Words
from coopfx_papers import statement
from coopfx_papers.meeting import Meeting
from coopfx_papers.paper import KeyFigures, Listing, Paper, Steps, Table
from coopfx_papers.said import Speaker
from coopfx_papers.withheld import Withheld

Kind = TypeVar("Kind")
RATES = {
    "rate_of_levies_on_profit_sharing": Fraction(97, 1000),
    "social_rate_of_share_interest": Fraction(186, 1000),
    "tax_rate_of_share_interest": Fraction(128, 1000),
}
AGREED = {"profit_sharing_agreement": True}


@cache
def rabot() -> tuple[Results, Words]:
    return year_of(POLICIES / "le-rabot", "fr")


def told(
    source: str, meeting: Meeting | None = None, *, rates: bool = True, **figures: object
) -> str:
    """What is said of 1 000.50 € of a source, where the year says these figures besides."""
    results, words = rabot()
    values = [one for one in results.outcome.values if one.name not in RATES]
    values += [Figure(name, NUMBER, rate) for name, rate in RATES.items() if rates]
    (share,) = (one for one in results.outcome.shares if one.source == source)
    reserve = share.amount if figures.get("profit_sharing_agreement") else Fraction(0)
    given = {**results.facts.figures, "profit_sharing_reserve": reserve, **figures}
    kept = {name: value for name, value in given.items() if value is not None}
    results = evolve(
        results,
        facts=evolve(results.facts, figures=kept),
        outcome=evolve(results.outcome, values=tuple(values)),
    )
    made = Withheld(results, Speaker(words, "EUR"), meeting or Meeting())
    said = next(made.lines([(share, Fraction(2001, 2))]))
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_without_an_agreement_it_is_pay_and_no_net_is_made_up() -> None:
    said = told("work_share", profit_sharing_agreement=False)
    assert said == (
        "Part travail : brut 1 000,50 €, avant cotisations sociales, CSG, CRDS et impôt : le net "
        "figurera sur votre bulletin de paie. Date de paiement : non connue."
    )


def test_an_agreement_that_is_not_known_leaves_all_unknown() -> None:
    said = told("work_share", profit_sharing_agreement=None)
    assert "dépend de l'accord de participation : non connu" in said and "9,7" not in said


def test_with_an_agreement_csg_and_crds_are_taken_of_the_whole() -> None:
    said = told("work_share", **AGREED, sharing_kept_in_the_company=True)
    assert "CSG et CRDS (9,7 %) : 97,05 €. Porté à votre compte : 903,45 €." in said
    assert "Durée du blocage : voir l'accord." in said
    until = Meeting(blocked_until=date(2030, 6, 1))
    said = told("work_share", until, **AGREED, sharing_kept_in_the_company=True)
    assert "Indisponible jusqu'au 1er juin 2030, sauf cas de déblocage." in said
    said = told("work_share", **AGREED, sharing_kept_in_the_company=None)
    assert "Reste 903,45 €, versé ou bloqué selon l'accord" in said


def test_a_part_of_the_agreement_or_no_rate_makes_no_net() -> None:
    partly = told("work_share", **AGREED, profit_sharing_reserve=Fraction(1))
    assert "n'en couvre qu'une partie" in partly and "97,05" not in partly
    unknown = told("work_share", rates=False, **AGREED)
    assert "CSG et CRDS, selon la date de paiement : non connues." in unknown


@pytest.mark.parametrize("status", [VIOLATED, UNDETERMINED, SET_ASIDE])
def test_rights_that_exceed_their_ceiling_or_may_make_no_net(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    results, words = rabot()
    (rule,) = (
        one for one in results.outcome.verdicts if one.rule == "fr.scop.rights_within_the_ceiling"
    )
    others = tuple(one for one in results.outcome.verdicts if one is not rule)
    outcome = evolve(results.outcome, verdicts=(*others, evolve(rule, status=status)))
    monkeypatch.setattr(f"{__name__}.rabot", lambda: (evolve(results, outcome=outcome), words))
    said = told("work_share", **AGREED)
    assert "ce qui sera retenu n'est pas connu" in said and "97,05" not in said


def test_interest_has_both_nets_and_the_rates_of_its_day() -> None:
    said = told("share_interest", share_interest_payment_date=date(2026, 6, 30))
    assert "Prélèvements sociaux (18,6 %) : 186,09 €. Acompte d'impôt (12,8 %) : 128,06 €" in said
    assert "Net 686,35 €, ou 814,41 € avec la dispense." in said
    assert said.endswith("Paiement le 30 juin 2026.")
    said = told("share_interest", rates=False)
    assert "selon la date de paiement : non connus" in said and "neuf mois" in said


def written(folder: Path, paid: str) -> Path:
    """Le Rabot with a day of payment among its data."""
    policy = folder / "policy"
    copytree(POLICIES / "le-rabot", policy)
    file = policy / "2024" / "cooperative.toml"
    day = f'"date_de_paiement_de_l_intérêt" = {paid}\n\n[balances]'
    file.write_text(file.read_text("utf-8").replace("[balances]", day, 1), "utf-8")
    (policy / "2024" / "meeting.toml").write_text("date = 2025-06-14\n", "utf-8")
    return policy


@pytest.mark.parametrize(("paid", "rate"), [("2025-12-31", "17,2 %"), ("2026-01-01", "18,6 %")])
def test_the_rate_is_that_of_the_day_of_payment(tmp_path: Path, paid: str, rate: str) -> None:
    results, words = year_of(written(tmp_path, paid), "fr")
    paper = statement.paper(results, Speaker(words, "EUR"), "r05")
    said = " ".join(found(paper, Listing).items).replace("\u00a0", " ")
    assert f"({rate})" in said and "assemblée générale du 14 juin 2025" in said


def test_the_meetings_file_is_not_told_to_be_unread(tmp_path: Path) -> None:
    policy = written(tmp_path, "2025-06-30")
    arguments = ["run", str(policy), "2024", "--format", "resolutions.md", "--output"]
    ended = CliRunner().invoke(cli, [*arguments, str(tmp_path / "r.md")])
    assert "meeting.toml" not in ended.stderr


def found(paper: Paper, kind: type[Kind]) -> Kind:
    """The first block of a sort."""
    return next(block for block in paper.blocks if isinstance(block, kind))


def test_the_year_before_stands_beside() -> None:
    results, words = rabot()
    paper = statement.paper(results, Speaker(words, "EUR"), "r05")
    last = results.before()[-1]
    parts = [dict(share.parts or ()).get("r05", Fraction(0)) for share in last.shares]
    figures = found(paper, KeyFigures)
    assert [one.label for one in figures.items] == ["Votre part brute", "L'exercice précédent"]
    assert figures.items[1].value == words.money(sum(parts, Fraction(0)), "EUR")
    table = found(paper, Table)
    assert [column.head for column in table.columns][4] == "L'exercice précédent"
    newcomer = [
        one for one in statement.people(results) if one not in dict(last.shares[0].parts or ())
    ]
    newcomer = [one for one in newcomer if not any(one in dict(s.parts or ()) for s in last.shares)]
    assert newcomer
    paper = statement.paper(results, Speaker(words, "EUR"), newcomer[0])
    assert len(found(paper, KeyFigures).items) == 1 and len(found(paper, Table).columns) == 5


def test_the_calculation_is_prose_without_formulas_and_files() -> None:
    results, words = rabot()
    paper = statement.paper(results, Speaker(words, "EUR"), "r05")
    said = " ".join(text for _, text, _ in found(paper, Steps).items)
    assert "Selon l'article 33-3 des statuts, r05 reçoit" in said
    assert not re.search(r"\w_\w|\.coop|\.csv|\.toml|ligne \d", said)
    assert "vous recevez" not in str(paper).lower()
