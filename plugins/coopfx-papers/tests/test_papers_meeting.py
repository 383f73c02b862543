"""What ``meeting.toml`` and the settings say stands on the papers; what is amiss in them is told."""

from pathlib import Path
from shutil import copytree

import pytest
from meeting_papers import POLICIES, year_of

from coopfx_papers import markdown, resolutions
from coopfx_papers.agenda import GAP
from coopfx_papers.meeting import Meeting, identity_of, meeting_of

WHOLE = """
jour = 2025-06-14
lieu = "12 rue des Ateliers"
heure = "18 h"
"présidence" = "Ana Exemple, gérante"
secretaire = "Bao Exemple"
convoquee_le = 2025-05-28
convoquee_par = "la gérance"
presents = 17
representes = 3
depenses_non_deductibles = "1 250,40"
candidatures = ["r21", "Zoé *Exemple*"]
departs = [{ qui = "r03", motif = "démission", le = 2025-01-31, montant = "840.00" }]
remboursements = []
conventions = []
mandats = []
reviseur = false
titres_participatifs = false
capital_a_l_ouverture = 55000
capital_souscrit = "3080.00"
"""
SETTINGS = (
    '\n[papers]\nraison_sociale = "Le Rabot, Scop"\nsiren = "SIREN 000 000 000"\nsiege = "Brive"\n'
)


def written(folder: Path, meeting: str, settings: str = "") -> Path:
    """Le Rabot with what its meeting's file and its settings say besides."""
    policy = folder / "policy"
    copytree(POLICIES / "le-rabot", policy)
    (policy / "2024" / "meeting.toml").write_text(meeting, "utf-8")
    with (policy / "coopfx.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return policy


def test_all_that_the_files_say_stands_on_the_minutes(tmp_path: Path) -> None:
    results, words = year_of(written(tmp_path, WHOLE, SETTINGS), "fr")
    paper = resolutions.minutes(results, words)
    said = markdown.text(paper).replace("\u00a0", " ").replace("\u202f", " ")
    for shown in (
        "Le 14 juin 2025, à 18 h, les associés de la société Le Rabot, Scop",
        "à 12 rue des Ateliers, sur convocation de la gérance du 28 mai 2025",
        "| Présents | 17 |",
        "| Voix présentes ou représentées | 20 |",
        "code général des impôts) : 1 250,40 €.",
        r"- Zoé \*Exemple\*",
        "- r03, démission, 31 janvier 2025, 840,00 €",
        "aucune convention de cette nature",
        "| À l'ouverture | 55 000,00 € |",
    ):
        assert shown in said, shown
    assert paper.below == "Le Rabot, Scop – SIREN 000 000 000 – Brive"
    for settled in ("Départs", "Remboursements", "Mandats", "Réviseur", "Titres"):
        assert f"{settled} :" not in said, settled
    assert not results.report.diagnostics


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("lieux = 'x'", "papers.W08"),
        ("presents = -1", "papers.E06"),
        ("presents = true", "papers.E06"),
        ("depenses_non_deductibles = 12.50", "papers.E06"),
        ("depenses_non_deductibles = '12.505'", "papers.E06"),
        ("depenses_non_deductibles = 'douze'", "papers.E06"),
        ("jour = '14 juin'", "papers.E06"),
        ("jour = 2025-06-14T10:00:00", "papers.E06"),
        ("quitus = 1", "papers.E06"),
        ("lieu = 3", "papers.E06"),
        ("departs = 'r03'", "papers.E06"),
        ("departs = [3]", "papers.E06"),
        ("departs = [{ qui = 'r03', foo = 1 }]", "papers.E06"),
        ("departs = [{ qui = 'r03', le = 3 }]", "papers.E06"),
        ("quitus = []", "papers.E06"),
        ("departs = [{ qui = 'r03', le = [] }]", "papers.E06"),
        ("departs = [{ qui = 'r03', montant = 840.00 }]", "papers.E06"),
        ("departs = [{ qui = 'r03', who = 'r04' }]", "D715"),
        ("lieu = ", "D710"),
    ],
)
def test_what_is_amiss_is_told_with_its_line_and_stays_a_blank(
    tmp_path: Path, line: str, code: str
) -> None:
    results, _ = year_of(written(tmp_path, f"# a remark\n{line}\n"), "fr")
    assert meeting_of(results) == Meeting()
    (told,) = results.report.diagnostics
    assert told.code == code and told.span is not None and told.span.line == 2


def test_a_key_in_two_languages_is_given_twice(tmp_path: Path) -> None:
    results, _ = year_of(written(tmp_path, "presents = 17\npresent = 16\n"), "fr")
    assert meeting_of(results).present == 17
    (told,) = results.report.diagnostics
    assert told.code == "D715" and told.span is not None and told.span.line == 2


@pytest.mark.parametrize(
    ("part", "advice", "mended"),
    [
        ("montant = 840.00", "un montant entre guillemets", "montant = '840.00'"),
        ("le = '14 juin'", "un jour, comme", "le = 2025-06-14"),
        ("date = 2025-06-14", "qui, le, motif", "le = 2025-06-14"),
    ],
)
def test_what_is_told_of_an_entry_mends_it(
    tmp_path: Path, part: str, advice: str, mended: str
) -> None:
    said = "departs = [{{ qui = 'r03', {} }}]\n"
    results, words = year_of(written(tmp_path / "one", said.format(part)), "fr")
    assert meeting_of(results).exits is None
    (told,) = results.report.diagnostics
    assert f"`{part.split()[0]}`" in words.message(told) and advice in words.message(told)
    results, _ = year_of(written(tmp_path / "two", said.format(mended)), "fr")
    assert meeting_of(results).exits and not results.report.diagnostics


def test_a_name_near_the_key_is_offered(tmp_path: Path) -> None:
    results, words = year_of(written(tmp_path, "lieux = 'x'\n"), "fr")
    meeting_of(results)
    assert "`lieu`" in words.help(results.report.diagnostics[0])


def test_without_files_all_is_blank_and_nothing_is_told() -> None:
    results, words = year_of(POLICIES / "le-rabot", "fr")
    assert meeting_of(results) == Meeting() and not results.report.diagnostics
    assert identity_of(results).name == "Le Rabot"
    assert GAP in markdown.text(resolutions.paper(results, words))


@pytest.mark.parametrize("logo", ["../secret.png", "logo.exe", "none.png", "large.svg"])
def test_a_logo_that_is_none_is_told(tmp_path: Path, logo: str) -> None:
    policy = written(tmp_path, "", f"\n[papers]\nlogo = '{logo}'\n")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (policy / "logo.exe").write_bytes(b"x")
    (policy / "large.svg").write_bytes(b" " * 500_001)
    results, _ = year_of(policy, "fr")
    assert identity_of(results).logo == ""
    assert [one.code for one in results.report.diagnostics] == ["papers.W09"]
