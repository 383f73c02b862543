"""`coopfx test`: JUnit XML and JSON keep to their form, thresholds decide, no file is half written."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli
from oak import HEADING

REPOSITORY = Path(__file__).parent.parent.parent
ALMA = REPOSITORY / "policies" / "alma"
HEAD = f"{HEADING}define half = 50% of surplus\n"
HOSTILE = "]]> <b> & ' \U0001f33e \ufffe é"


@pytest.fixture
def oak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, *halves: int, title: str = "a year") -> None:
    """A statute with an example that passes where 500 EUR are expected, and fails elsewhere."""
    examples = "".join(
        f'example "{title}"\n  given surplus = 1 000 EUR\n  expect half = {half} EUR\n'
        for half in halves
    )
    (folder / "statute.en.coop").write_text(HEAD + examples, "utf-8")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["test", *arguments], prog_name="coopfx")


def test_junit_tells_what_passed_and_what_did_not(oak: Path) -> None:
    write(oak, 500, 400)
    assert call(".", "--junit", "results.xml").exit_code == 1
    root = ElementTree.parse(oak / "results.xml").getroot()
    assert {key: root.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
    }
    passed, failed = root.iter("testcase")
    assert (passed.find("failure"), passed.get("line")) == (None, "5")
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("type") == "E601"
    assert "€500.00" in str(failure.get("message")) and "€400.00" in str(failure.get("message"))
    assert "statute.en.coop:10: E601" in str(failure.text)


def test_a_hostile_title_is_escaped_and_what_xml_cannot_hold_replaced(oak: Path) -> None:
    write(oak, 400, title=HOSTILE)
    call(".", "--junit", "results.xml")
    (case,) = ElementTree.parse(oak / "results.xml").getroot().iter("testcase")
    shown = HOSTILE.replace("\ufffe", "\ufffd")
    assert case.get("name") == shown
    assert shown in str(case.findtext("failure"))


def test_a_statute_that_cannot_be_read_is_an_error_in_junit(oak: Path) -> None:
    (oak / "statute.en.coop").write_text(HEAD + "define other = surplu\n", "utf-8")
    assert call(".", "none", "--junit", "results.xml").exit_code == 2
    root = ElementTree.parse(oak / "results.xml").getroot()
    assert root.get("errors") == "2"
    assert [error.get("type") for error in root.iter("error")] == ["N201", "P901"]


def test_a_file_that_cannot_be_written_is_told_and_none_is_left(oak: Path) -> None:
    write(oak, 500)
    result = call(".", "--junit", "none/results.xml")
    assert (result.exit_code, "error P917 " in result.stderr) == (2, True)
    (oak / "folder.xml").mkdir()
    (oak / "folder.xml" / "kept").touch()
    assert call(".", "--junit", "folder.xml").exit_code == 2
    assert {path.name for path in oak.iterdir()} == {"statute.en.coop", "folder.xml"}


@pytest.mark.parametrize("options", [[], ["--coverage"], ["--coverage", "--mutate"]])
def test_the_results_of_programs_keep_to_their_schema(options: list[str]) -> None:
    schema = json.loads((REPOSITORY / "docs" / "schema" / "tests.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    ended = call(str(ALMA), *options, "--format", "json")
    assert ended.exit_code == 0
    found = json.loads(ended.stdout)
    Draft202012Validator(schema).validate(found)
    english = (ALMA / "statute.en.coop").read_text("utf-8").count("\nexample ")
    assert len(found["examples"]) == english * len(list(ALMA.glob("statute.*.coop")))
    assert (found["coverage"] is None) == ("--coverage" not in options)
    assert (found["mutation"] is None) == ("--mutate" not in options)


@pytest.mark.parametrize(
    ("threshold", "option", "status"),
    [
        ("0", "--coverage", 0),
        ("100", "--coverage", 1),
        ("0", "--mutate", 0),
        ("100", "--mutate", 1),
    ],
)
def test_a_threshold_decides(oak: Path, threshold: str, option: str, status: int) -> None:
    write(oak, 500)
    with (oak / "statute.en.coop").open("a", encoding="utf-8") as statute:
        statute.write("require unguarded: half >= 100 EUR\n")
    result = call(".", option, "--threshold", threshold)
    assert result.exit_code == status
    assert bool(result.stderr) == bool(status)


def test_a_statute_whose_examples_reach_all_passes_every_threshold(oak: Path) -> None:
    write(oak, 500)
    result = call(".", "--coverage", "--mutate", "--threshold", "100")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_threshold_of_nothing_is_refused(oak: Path) -> None:
    write(oak, 500)
    result = call(".", "--threshold", "80")
    assert (result.exit_code, "--coverage or --mutate" in result.stderr) == (2, True)


def test_changes_wait_for_examples_that_pass(oak: Path) -> None:
    write(oak, 500, 400)
    result = call(".", "--mutate")
    assert result.exit_code == 1
    assert "Changes are tried once all the examples pass." in result.stdout
