"""What the page asks is answered as the commands answer it, in plain values."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx_page import files
from coopfx_page.inside import _bytes
from coopfx_page.visit import ASKED, Visit

POLICIES = Path(__file__).parents[3] / "policies"
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
