"""The items of a French ordinary meeting, row by row: printed, a blank, or not of this meeting.

The rows are those of the meeting's usual order, over made-up years. What the year does not say is a blank,
each told at the end; no result of a vote stands anywhere before it was voted.
"""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from attrs import evolve
from meeting_papers import POLICIES, year_of

import meeting as drawn
from coopfx.engine.outcome import Results
from coopfx.ground.words import Words
from coopfx_papers import docx, markdown, resolutions
from coopfx_papers.agenda import GAP, Agenda, Blanks, Item
from coopfx_papers.french import FrenchMeeting
from coopfx_papers.meeting import Entry, Meeting
from coopfx_papers.paper import Listing, Paper, Paragraph, Table
from coopfx_papers.said import Speaker

Year = tuple[Results, Words]
SOMEBODY = (Entry("Ana Exemple", date(2025, 1, 31), "démission", Fraction(800)),)


@cache
def year(policy: str, language: str = "fr") -> Year:
    return year_of(POLICIES / policy, language)


@pytest.fixture(scope="module")
def rabot() -> Year:
    """A Scop SARL of two dozen people, without an agreement."""
    return year("le-rabot")


@pytest.fixture(scope="module")
def halle() -> Year:
    """A Scic SAS with four colleges."""
    return year("la-halle")


def told(of: Year, **figures: object) -> Year:
    """The same year, saying other figures of the cooperative; None takes one away."""
    results, words = of
    given = {**results.facts.figures, **figures}
    kept = {name: value for name, value in given.items() if value is not None}
    return evolve(results, facts=evolve(results.facts, figures=kept)), words


def agenda(of: Year, **said: Any) -> tuple[dict[str, Item], dict[str, str]]:
    """The items by their keys, and what may yet be for the agenda."""
    results, words = of
    speaker = Speaker(words, "EUR")
    blanks = Blanks(speaker)
    asked = FrenchMeeting(Agenda(results, speaker, blanks), Meeting(**said))
    return {item.key: item for item in asked.items()}, blanks.unsure


def state(of: Year, row: str, **said: Any) -> str:
    """Whether a row is printed, printed with a blank, a blank of its own, or none."""
    items, unsure = agenda(of, **said)
    if row in unsure:
        assert row not in items
        return "blank"
    if row not in items:
        return "none"
    return "with a blank" if GAP in "".join(texts(items[row])) else "printed"


def texts(item: Item) -> list[str]:
    found = []
    for block in item.blocks:
        match block:
            case Paragraph(text):
                found.append(text)
            case Listing(items):
                found += items
            case Table():
                found += [cell for row in block.rows for cell in row]
    return found


# Row of the usual order, its key, what is told of the meeting or of the year, what becomes of it.
ROWS: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
    ("0", "candidates", {}, {}, "blank"),
    ("0", "candidates", {"candidates": ()}, {}, "none"),
    ("0", "candidates", {"candidates": SOMEBODY}, {}, "printed"),
    ("1", "accounts", {}, {}, "with a blank"),
    ("1", "accounts", {"non_deductible": Fraction(0)}, {}, "printed"),
    ("1", "accounts", {"non_deductible": Fraction(12)}, {}, "printed"),
    ("2", "discharge", {}, {}, "printed"),
    ("2", "discharge", {"discharge": False}, {}, "none"),
    ("3a", "allocate:surplus", {}, {}, "with a blank"),
    ("3b", "ratify", {}, {"profit_sharing_agreement": None}, "blank"),
    ("5", "share:share_interest", {}, {}, "with a blank"),
    (
        "5",
        "share:share_interest",
        {},
        {"share_interest_payment_date": date(2025, 6, 30)},
        "printed",
    ),
    ("6", "allocate:work_share", {}, {}, "printed"),
    ("7", "agreements", {}, {}, "with a blank"),
    ("7", "agreements", {"agreements": ()}, {}, "printed"),
    ("7", "agreements", {"agreements": SOMEBODY}, {}, "printed"),
    ("8", "exits", {}, {}, "blank"),
    ("8", "exits", {"exits": ()}, {}, "none"),
    ("8", "exits", {"exits": SOMEBODY}, {}, "printed"),
    ("9", "refunds", {}, {}, "blank"),
    ("9", "refunds", {"refunds": ()}, {}, "none"),
    ("9", "refunds", {"refunds": SOMEBODY}, {}, "printed"),
    ("10", "capital", {}, {}, "with a blank"),
    (
        "10",
        "capital",
        {"capital_opening": Fraction(9), "capital_subscribed": Fraction(0)},
        {},
        "printed",
    ),
    ("11", "mandates", {}, {}, "blank"),
    ("11", "mandates", {"mandates": ()}, {}, "none"),
    ("11", "mandates", {"mandates": SOMEBODY}, {}, "printed"),
    ("12", "revision", {}, {}, "none"),
    ("12", "revision", {}, {"years_since_audit": None}, "blank"),
    ("12", "revision", {}, {"years_since_audit": Fraction(1)}, "with a blank"),
    ("12b", "reviser", {}, {}, "blank"),
    ("12b", "reviser", {"reviser": False}, {}, "none"),
    ("12b", "reviser", {"reviser": True}, {}, "with a blank"),
    ("13", "project", {}, {}, "none"),
    ("14", "securities", {}, {}, "blank"),
    ("14", "securities", {"participating_securities": False}, {}, "none"),
    ("14", "securities", {"participating_securities": True}, {}, "with a blank"),
    ("15", "powers", {}, {}, "printed"),
]


@pytest.mark.parametrize(("row", "key", "said", "figures", "expected"), ROWS)
def test_each_row_is_printed_blank_or_not_of_this_meeting(
    rabot: Year, row: str, key: str, said: dict[str, Any], figures: dict[str, Any], expected: str
) -> None:
    assert state(told(rabot, **figures), key, **said) == expected, row


def test_the_order_is_the_usual_one(rabot: Year) -> None:
    items, _ = agenda(
        told(rabot, years_since_audit=Fraction(1)),
        candidates=SOMEBODY,
        exits=SOMEBODY,
        refunds=SOMEBODY,
        mandates=SOMEBODY,
        reviser=True,
        participating_securities=True,
    )
    assert list(items) == [
        *("candidates", "accounts", "discharge", "allocate:surplus"),
        *("share:share_interest", "share:work_share", "allocate:work_share"),
        *("agreements", "exits", "refunds", "capital", "mandates", "revision", "reviser"),
        *("securities", "powers"),
    ]


def test_a_split_decided_before_the_accounts_is_ratified(rabot: Year) -> None:
    ratified = told(rabot, shared_before_closing=True, profit_sharing_agreement=True)
    items, unsure = agenda(ratified)
    assert "ratifie" in texts(items["allocate:surplus"])[0] and "ratify" not in unsure
    items, _ = agenda(ratified, split_decided_on=date(2024, 12, 12))
    assert "12 décembre 2024" in texts(items["allocate:surplus"])[0]
    items, unsure = agenda(told(rabot, shared_before_closing=False))
    assert "ratifie" not in "".join(texts(items["allocate:surplus"])) and "ratify" not in unsure


def test_rates_are_voted_with_their_amounts(rabot: Year) -> None:
    items, _ = agenda(rabot)
    said = " ".join(texts(items["allocate:surplus"])).replace("\u00a0", " ")
    assert "Taux du travail : 55 %" in said and "à défaut" not in said
    items, _ = agenda(told(rabot, work_rate=None))
    assert "comme le prévoient les statuts à défaut" in " ".join(texts(items["allocate:surplus"]))


def test_three_years_of_interest_are_told_and_none_is_zero_for_want_of_data(rabot: Year) -> None:
    items, _ = agenda(rabot)
    blocks = items["allocate:surplus"].blocks
    *_, table = (one for one in blocks if isinstance(one, Table))
    assert [row[0] for row in table.rows] == ["2021", "2022", "2023"]
    assert [row[1] == GAP for row in table.rows] == [True, True, False]


def test_a_loss_shares_nothing(tmp_path: Path) -> None:
    made = year_of(drawn.write(tmp_path / "policy", 23, loss=True, whole=True), "fr")
    items, unsure = agenda(made)
    assert not any(key.startswith("share:") for key in items)
    assert "conversion" not in items and "conversion" not in unsure and "ratify" not in unsure
    assert "Exercice sans excédent" in items["allocate:surplus"].condition
    assert not any("fixe" in text for text in texts(items["allocate:surplus"]))  # no rate is voted


def with_surplus(folder: Path, surplus: str) -> Year:
    """Le Rabot with another surplus; with none said where that is empty."""
    copytree(POLICIES / "le-rabot", folder)
    file = folder / "2024" / "cooperative.toml"
    line = f'"excédent" = "{surplus}"' if surplus else ""
    file.write_text(re.sub(r'(?m)^"excédent" = .*$', line, file.read_text("utf-8")), "utf-8")
    return year_of(folder, "fr")


def test_where_there_is_nothing_to_share_no_table_stands_empty(tmp_path: Path) -> None:
    items, _ = agenda(with_surplus(tmp_path / "policy", "0"))
    assert "allocate:work_share" not in items  # nobody received what could be passed on
    said, *_ = texts(items["allocate:surplus"])
    assert said.endswith("ne laisse aucun excédent à affecter.")
    assert not any("comme suit" in text for item in items.values() for text in texts(item))
    assert "Exercice sans excédent" in items["allocate:surplus"].condition


def test_a_surplus_that_is_not_known_is_no_loss_and_hides_no_share(tmp_path: Path) -> None:
    items, _ = agenda(with_surplus(tmp_path / "policy", ""))
    assert items["allocate:surplus"].condition.startswith("C. com., art. L. 232-12")
    assert {"share:share_interest", "share:work_share"} <= items.keys()
    assert items["share:share_interest"].title == "Intérêt aux parts"
    work, *_ = texts(items["share:work_share"])
    assert f"répartir {GAP} (part travail) entre les ayants droit" in work
    interest = re.sub(r"\s", " ", texts(items["share:share_interest"])[-1])
    assert f"représente {GAP} du capital à la clôture, qui est de 58 080,00 €" in interest


def test_conversion_is_asked_where_the_statute_does_not_say_it(tmp_path: Path) -> None:
    made = year_of(drawn.write(tmp_path / "policy", 9, whole=True), "fr")
    assert state(made, "conversion") == "blank"
    assert state(made, "conversion", conversion=False) == "none"
    assert state(made, "conversion", conversion=True) == "with a blank"


def test_a_scic_hears_of_its_project_and_votes_by_college(halle: Year) -> None:
    items, _ = agenda(halle)
    assert "project" in items
    results, words = halle
    votes = [
        block
        for block in resolutions.minutes(results, words).blocks
        if isinstance(block, Table) and block.caption.startswith("Vote de")
    ]
    assert len(votes) == len(items)
    for table in votes:
        assert len(table.rows) == 5 and table.rows[-1][0].startswith("Ensemble, pondéré")
        assert all(cell == GAP for row in table.rows for cell in row[1:])


def test_the_law_of_scops_is_cited_to_scops_alone(rabot: Year, halle: Year) -> None:
    asked = {"candidates": SOMEBODY, "exits": SOMEBODY, "mandates": SOMEBODY}
    cited = {key: item.condition for key, item in agenda(rabot, **asked)[0].items()}
    assert all("19 juillet 1978" in cited[key] for key in asked)
    cited = {key: item.condition for key, item in agenda(halle, **asked)[0].items()}
    assert {cited[key] for key in asked} == {"Selon les statuts."}
    results, words = told(halle, voting_colleges=False)
    voted = markdown.text(resolutions.paper(results, words))
    assert "Un associé, une voix" in voted and "1978" not in voted and "pouvoirs qu'" not in voted


@pytest.mark.parametrize("form", ["SARL", "SA", "SAS", None])
def test_quorum_majority_and_signatures_follow_the_form(rabot: Year, form: str | None) -> None:
    results, words = told(rabot, legal_form=form)
    voted = markdown.text(resolutions.paper(results, words))
    held = markdown.text(resolutions.minutes(results, words))
    assert ("L. 223-29" in voted) == (form == "SARL") and ("L. 225-98" in voted) == (form == "SA")
    assert ("R. 223-24" in held) == (form == "SARL") and ("R. 225-106" in held) == (form == "SA")
    assert ("| r01 |" in held) == (form == "SARL")
    if form == "SA":
        assert "| Quorum exigé | 4 |" in held and "est donc de 4 voix" in voted
    if form is None:
        assert "qui n'est pas connue" in voted and f"| Quorum exigé | {GAP} |" in held


@pytest.mark.parametrize(
    "made", [resolutions.paper, resolutions.minutes], ids=["resolutions", "minutes"]
)
@pytest.mark.parametrize(
    ("policy", "language"),
    [("le-rabot", "fr"), ("la-halle", "fr"), ("txirbil", "es"), ("il-filo", "it")],
)
def test_no_result_is_printed_and_every_blank_is_told(
    policy: str, language: str, made: Callable[[Results, Words], Paper]
) -> None:
    results, words = year(policy, language)
    paper = made(results, words)
    said = markdown.text(paper)
    results_of_votes = (
        r"adopté|rejeté|carried|rejected|aprobad[oa]s? por|rechazad|approvat[oa] con|respint"
    )
    assert not re.search(results_of_votes, said, re.IGNORECASE)
    if GAP in said:
        listed = paper.blocks[-1]
        assert isinstance(listed, Listing) and listed.numbered and len(listed.items) >= 1
    assert made(results, words) == paper and docx.document(paper) == docx.document(paper)


ASKED = {
    "es.euskadi": (
        *("Ley 11/2019, art. 39", "Se convocó el", "Texto íntegro de la convocatoria", "art. 36"),
        *("visto bueno", "Resumen de los asuntos debatidos", "la oposición", "dos personas socias"),
    ),
    "es.cooperativas": (
        *(
            "Ley 27/1999, art. 29",
            "a las ……………",
            "convocatoria",
            "Relación de asistentes",
            "(art. 25)",
        ),
        *("Resumen de las deliberaciones", "dos socios sin cargo"),
    ),
    "it.cooperative": (
        *("codice civile, art. 2375", "il capitale rappresentato da ciascuno", "Modalità"),
        *("favorevoli, astenuti e dissenzienti", "dal segretario, o dal notaio"),
    ),
    "": ("Preside", "Firman el acta quienes designan la ley o los estatutos"),
}


@pytest.mark.parametrize("law", ASKED, ids=lambda law: law or "another law")
def test_minutes_have_what_the_article_of_their_law_asks_for_and_no_more(law: str) -> None:
    results, words = year(*(("il-filo", "it") if law.startswith("it") else ("txirbil", "es")))
    provenance = results.outcome.provenance
    laws = tuple(evolve(one, name=law) for one in provenance.laws[:1])
    outcome = evolve(results.outcome, provenance=evolve(provenance, laws=laws))
    said = markdown.text(resolutions.minutes(evolve(results, outcome=outcome), words))
    for each in ASKED[law]:
        assert markdown.plain(each) in said.replace("\u00a0", " "), each
    others = {one for name, asked in ASKED.items() if name != law for one in asked[:1] if name}
    assert not [one for one in others if one in said]
    for french in ("Gerente", "escrutadores", "se levanta la sesión", "scrutatori", "Documentos"):
        assert french not in said


def test_the_article_of_companies_by_shares_is_not_that_of_an_srl() -> None:
    results, words = told(year("il-filo", "it"), rules_of_the_srl=True)
    assert "2375" not in markdown.text(resolutions.minutes(results, words))


@pytest.mark.parametrize("policy", ["txirbil", "il-filo"])
def test_other_laws_have_the_items_that_follow_from_the_year_alone(policy: str) -> None:
    results, words = year(policy, {"txirbil": "es", "il-filo": "it"}[policy])
    said = markdown.text(resolutions.paper(results, words))
    for french in ("223-", "225-", "243 bis", "39-4", "1978"):
        assert french not in said
