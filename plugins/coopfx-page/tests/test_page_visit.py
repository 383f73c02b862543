"""What the page asks is answered as the commands answer it, in plain values."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx_page import files
from coopfx_page.inside import _bytes
from coopfx_page.visit import ASKED, Visit

REPOSITORY = Path(__file__).parents[3]
POLICIES = REPOSITORY / "policies"
CHANGE = "8: 60 % -> 45 %"


@pytest.fixture(scope="module")
def alma(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    visit = Visit(tmp_path_factory.mktemp("room"), "fr")
    visit.open_zip(files.zipped(POLICIES / "alma", "alma"), "alma.zip")
    return visit


def test_all_answers_are_plain(alma: Visit) -> None:
    answers = [
        alma.ask("year", "2024"),
        alma.ask("paper", "2024", "resolutions.md"),
        alma.ask("numbers", "2024"),
        alma.ask("compare", "2024", [{"name": "", "changes": [["change", CHANGE]]}]),
        alma.ask("why", "2024", "part travail", "p042"),
    ]
    for answer in answers:
        assert not answer["diagnostics"]
        json.dumps(answer, default=_bytes, allow_nan=False)
    with pytest.raises(KeyError):
        alma.ask("room")
    assert "ask" not in ASKED


def test_a_year_is_the_same_bytes_as_the_command_writes(alma: Visit) -> None:
    asked = ["--lang", "fr", "run", str(POLICIES / "alma"), "2024", "--format", "json"]
    shown = CliRunner().invoke(cli, asked).stdout
    assert alma.ask("outcome", "2024")["text"] == shown


def test_a_what_if_says_what_the_command_says(alma: Visit) -> None:
    answer = alma.ask("compare", "2024", [{"name": "", "changes": [["change", CHANGE]]}])
    asked = ["--lang", "fr", "compare", str(POLICIES / "alma"), "2024", "--change", CHANGE]
    shown = CliRunner().invoke(cli, [*asked, "--anonymous", "--format", "json"]).stdout
    (own,), (other,) = answer["compared"]["scenarios"], json.loads(shown)["scenarios"]
    assert own["accounts"] == other["accounts"] and answer["said"] == [other["sentence"]]
    assert "180 personnes reçoivent moins" in answer["said"][0]


def _as_the_command(*asked: str) -> str:
    name, *options = asked
    return CliRunner().invoke(cli, ["--lang", "fr", name, str(POLICIES / "alma"), *options]).stdout


def test_the_meeting_sees_groups_its_paper_and_the_years_ahead(alma: Visit) -> None:
    tried = [{"name": CHANGE, "changes": [["change", CHANGE]]}]
    assert "équipe" in [one["label"] for one in alma.ask("numbers", "2024")["groups"]]
    own = ["--change", CHANGE, "--anonymous", "--by", "équipe", "--format"]
    answer = alma.ask("compare", "2024", tried, "équipe")["compared"]["scenarios"][0]
    (other,) = json.loads(_as_the_command("compare", *own, "json"))["scenarios"]
    assert answer["groups"] == other["groups"] and answer["people"] == other["people"]
    page = alma.ask("comparison", "2024", tried, "équipe")["page"]
    assert page == _as_the_command("compare", *own, "html")
    ahead = alma.ask("ahead", "2024", tried, "excédent + 2 % par an", 2)["ahead"]["projections"]
    lines = ["--years", "2", "--assume", "excédent + 2 % par an", "--change", CHANGE]
    shown = json.loads(_as_the_command("project", *lines, "--format", "json"))["projections"]
    assert [one["years"] for one in ahead] == [one["years"] for one in shown]
    (told,) = alma.ask("ahead", "2024", [], "excédent et le reste", 2)["diagnostics"]
    assert told["severity"] == "error"


def test_what_cannot_be_tried_is_told(alma: Visit) -> None:
    answer = alma.ask("compare", "2024", [{"name": "", "changes": [["change", "8: 60 % -> x %"]]}])
    assert "said" not in answer and answer["diagnostics"][0]["severity"] == "error"


def test_the_numbers_that_a_meeting_votes_on_stand_in_their_articles(alma: Visit) -> None:
    articles = alma.ask("numbers", "2024")["articles"]
    numbers = {
        one["text"] for article in articles for line in article["lines"] for one in line["numbers"]
    }
    assert {"60 %", "10 %", "15 %", "2,5"} <= numbers
    # Those of examples and of what data may be are no figures of a vote.
    assert not any("on obtient" in line["text"] for one in articles for line in one["lines"])
    for article in articles:
        for line in article["lines"]:
            for one in line["numbers"]:
                encoded = line["text"].encode("utf-16-le")
                assert encoded[2 * one["start"] : 2 * one["end"]].decode("utf-16-le") == one["text"]


def test_a_slip_is_marked_and_mended_in_units_of_a_page(alma: Visit) -> None:
    path = POLICIES / "alma" / "statute.fr.coop"
    text = (
        path.read_text("utf-8")
        .replace("# Démocratie", "# 😋")
        .replace("60 % à la part_travail", "60 % à la part_travai")
    )
    answer = alma.ask("read", "statute.fr.coop", text)
    (told,) = answer["diagnostics"]
    (mend,) = told["mends"]
    line = text.splitlines()[mend["span"][0] - 1]
    before, after = line[: mend["span"][1] - 1], line[mend["span"][3] - 1 :]
    assert before + mend["text"] + after == "    60 % à la part_travail"
    assert {sort for *_, sort in answer["tokens"]} >= {
        "clause",
        "keyword",
        "name",
        "number",
        "text",
    }


def test_a_text_is_taken_over_and_a_year_shows_it(tmp_path: Path) -> None:
    visit = Visit(tmp_path, "en")
    visit.open_zip(files.zipped(POLICIES / "quartet", "quartet"), "quartet.zip")
    opened = visit.ask("speak", "es")
    (file, text), *_ = opened["texts"].items()
    assert visit.ask("write", file, text + "\n# seen\n")["texts"][file].endswith("# seen\n")
    assert visit.ask("year", "")["title"].startswith("Quartet")


PAYROLL = """Matricule;Nom;Date d'entrée;Salaire brut annuel;Sociétaire;Parts sociales
S1;Un;01/03/2015;30 000,00;oui;10
S2;Deux;01/09/2020;24 000,00;non;0
S3;Trois;15/02/2018;36 000,00;oui;20
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    visit = Visit(tmp_path_factory.mktemp("new"), "fr")
    visit.ask("begin", {"model": "fr.scop.sarl", "name": "Les Tilleuls", "in_force": "2025-01-01"})
    return visit


def _answers(answer: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: one["value"] for one in answer["questions"]}


def test_a_cooperative_is_begun_as_the_command_begins_it(begun: Visit, tmp_path: Path) -> None:
    given = 'model = "fr.scop.sarl"\nname = "Les Tilleuls"\nin_force = 2025-01-01\n'
    # What is proposed in a field is the answer of who leaves it there.
    proposed = _answers(begun.ask("new", {}, True))
    given += "".join(f'{key} = "{value}"\n' for key, value in proposed.items() if key not in given)
    (tmp_path / "given.toml").write_text(given, "utf-8")
    folder = tmp_path / "les-tilleuls"
    asked = ["--lang", "fr", "new", str(folder), "--answers", str(tmp_path / "given.toml")]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    saved = files.policy_of(files.unzipped(begun.ask("save")))
    assert saved[0] == "les-tilleuls"
    for name in ("statute.fr.coop", "README.md", "coopfx.toml", "2025/cooperative.toml"):
        assert saved[1][name] == (folder / name).read_bytes(), name


def test_what_is_no_answer_is_said_beside_it_and_nothing_is_written(tmp_path: Path) -> None:
    visit = Visit(tmp_path, "fr")
    assert [one["key"] for one in visit.ask("new", {})["questions"]] == ["model"]
    typed = {"model": "fr.scop.sarl", "development_rate": "beaucoup", "teams": ""}
    answer = visit.ask("begin", typed)
    amiss = {one["key"]: one["amiss"] for one in answer["questions"] if one["amiss"]}
    assert list(amiss) == ["development_rate"] and "`beaucoup`" in amiss["development_rate"]
    assert "texts" not in answer and visit.held is None and _answers(answer)["teams"] == ""


def test_files_of_a_year_are_put_in_asked_about_and_worked_out(begun: Visit) -> None:
    begun.ask("add", "2025", {"x/paie.csv": PAYROLL.encode()})
    (sheet,) = begun.ask("data", "2025", {})["sheets"]
    meant = {one["name"]: [given["word"] for given in one["given"]] for one in sheet["columns"]}
    assert meant["Matricule"] == ["id"] and meant["Parts sociales"] == []
    assert meant["Date d'entrée"] == ["présence", "ancienneté"]
    key = next(one["key"] for one in sheet["columns"] if one["name"] == "Parts sociales")
    typed = {key: "parts_détenues", "own:surplus": "120 000"}
    assert not begun.ask("take", "2025", typed | {"own:surplus": "beaucoup"})["taken"]
    typed |= {"paie.csv:all:worker": "true", "own:highest_share_capital": "30 000"}
    typed |= {"own:opening reserves.legal": "12 000,50"}
    taken = begun.ask("take", "2025", typed)
    assert taken["taken"] and taken["waited"] == []
    shown = json.loads(begun.ask("outcome", "2025")["text"])
    # 25 % go to work where the meeting decides nothing.
    assert shown["accounts"]["work_share"]["added"] == "30000.00"
    again = begun.ask("data", "2025", {})["sheets"][0]["columns"]
    assert [one["given"][0]["word"] for one in again if one["key"] == key] == ["parts_détenues"]


def test_a_year_and_its_files_are_named_as_people_name_them(begun: Visit) -> None:
    for year, name, code in (("../x", "a.csv", "page.E09"), ("2026", "x/.a", "page.E06")):
        (told,) = begun.ask("add", year, {name: b""})["diagnostics"]
        assert told["code"] == code
    (data,) = begun.ask("template", "2026")["files"].values()
    assert data.startswith(b"PK")


def test_a_law_that_is_dropped_is_checked_as_a_law(begun: Visit) -> None:
    text = (REPOSITORY / "plugins/example/coopfx_example/law/bakers.en.coop").read_text("utf-8")
    answer = begun.ask("law", "mine.coop", text.encode())
    assert not answer["diagnostics"] and answer["law"]["articles"][0]["rules"][0]["asks"]
    article = 'article 99 "Bread"\n  require bread: loaves_baked <= 1\n'
    broken = begun.ask("law", "law/bakers.en.coop", f"{text}\n{article}".encode())
    (told, *_) = broken["diagnostics"]
    assert broken["law"] is None and "loaves_baked" in told["message"] and told["line"]
    for data in (b"\xff\xfe", b'statute "Oven"\n'):
        (told,) = begun.ask("law", "x.coop", data)["diagnostics"]
        assert told["code"] == "page.E10"
