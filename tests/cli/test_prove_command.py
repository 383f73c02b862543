"""`coopfx prove` as it is called: what it writes, what it refuses, how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from coopfx.apps.cli import check, prove, proving
from coopfx.apps.cli.main import cli
from sharing import LEGAL, REST, SCOP, allocation

LAWFUL = (
    SCOP
    + allocation("40% to work_share", LEGAL, REST)
    + "  share work_share among workers by salary\n"
)
OF_PEOPLE = (
    LAWFUL
    + """  input bonus : number of person >= 0
  input hired : date of person
  require part: work_share of person <= bonus * salary for each worker when hired < 2018-01-01
"""
)


@pytest.fixture
def oak(tmp_path: Path) -> Path:
    """A policy that is lawful."""
    folder = tmp_path / "oak"
    folder.mkdir()
    write(folder, LAWFUL)
    return folder


def write(folder: Path, text: str) -> None:
    (folder / "statute.en.coop").write_text(text, "utf-8")


def call(*arguments: object) -> Result:
    """Call the command; a proof has time enough on any machine, unless a test says otherwise."""
    proves = arguments[0] == "prove" or "--prove" in arguments
    if proves and "--time-limit" not in arguments:
        arguments = (*arguments, "--time-limit", 60_000)
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def test_a_year_of_people_is_written_and_confirmed(oak: Path, tmp_path: Path) -> None:
    write(oak, OF_PEOPLE)
    year = tmp_path / "year"
    proved = call("prove", oak, "--write", year)
    assert proved.exit_code == 1
    assert str(year) in proved.stdout
    assert set(contents(year)) == {"cooperative.toml", "people.csv"}
    assert contents(year)["cooperative.toml"].startswith("# A year that breaks a rule: part.")
    assert contents(year)["people.csv"].startswith("id;")
    ran = call("run", oak, year, "--format", "json")
    assert ran.exit_code == 1
    verdicts = {item["rule"]: item["status"] for item in json.loads(ran.stdout)["verdicts"]}
    assert verdicts["part"] == "violated"


def test_where_no_year_breaks_a_rule_nothing_is_written(oak: Path, tmp_path: Path) -> None:
    result = call("prove", oak, "--write", tmp_path / "year")
    assert result.exit_code == 0
    assert f"{tmp_path / 'year'} is not written" in result.stdout
    assert not (tmp_path / "year").exists()


@pytest.mark.parametrize("sort", ["folder", "file", "broken link"])
def test_what_is_there_is_never_overwritten(oak: Path, tmp_path: Path, sort: str) -> None:
    write(oak, LAWFUL.replace("40%", "20%"))
    target = tmp_path / "year"
    if sort == "folder":
        target.mkdir()
    elif sort == "file":
        target.write_text("mine", "utf-8")
    else:
        target.symlink_to(tmp_path / "nowhere")
    result = call("prove", oak, "--write", target)
    assert result.exit_code == 2
    assert "P914" in result.stderr
    assert not result.stdout
    assert target.is_symlink() or target.is_file() or not contents(target)


def test_a_folder_that_cannot_be_written_is_told(oak: Path, tmp_path: Path) -> None:
    write(oak, LAWFUL.replace("40%", "20%"))
    result = call("prove", oak, "--write", tmp_path / "nowhere" / "year")
    assert result.exit_code == 2
    assert "P915" in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"oak"}


def test_a_year_that_cannot_be_written_whole_is_not_written(
    oak: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(oak, LAWFUL.replace("40%", "20%"))

    def full(self: Path, *arguments: Any, **options: Any) -> int:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = call("prove", oak, "--write", tmp_path / "year")
    assert result.exit_code == 2
    assert {path.name for path in tmp_path.iterdir()} == {"oak"}


def test_without_the_solver_it_says_how_to_install_it(
    oak: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prove, "find_spec", lambda name: None)
    result = call("prove", oak)
    assert result.exit_code == 2
    assert "P913" in result.stderr
    assert "[proof]" in result.stderr
    assert not result.stdout


def test_a_statute_with_a_mistake_is_not_proved(oak: Path) -> None:
    write(oak, LAWFUL.replace("40%", "95%"))
    result = call("prove", oak)
    assert result.exit_code == 2
    assert "M401" in result.stderr
    assert not result.stdout


def test_too_little_time_leaves_rules_undecided(oak: Path) -> None:
    result = call("prove", oak, "--time-limit", 1)
    assert result.exit_code == 1
    assert "--time-limit" in result.stdout


def test_a_recommendation_that_a_year_breaks_is_no_failure(oak: Path) -> None:
    write(oak, LAWFUL + "  recommend steady: work_share >= 1% of turnover\n")
    result = call("prove", oak)
    assert result.exit_code == 0
    assert "! steady" in result.stdout


def test_json_says_the_same(oak: Path) -> None:
    write(oak, OF_PEOPLE)
    result = call("prove", oak, "--format", "json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["schema"] == "coopfx.proof/1"
    assert said["diagnostics"] == []
    (statute,) = said["statutes"]
    rules = {item["rule"]: item for item in statute["rules"]}
    assert rules["fr.scop.work_share_minimum"]["verdict"] == "always"
    assert rules["fr.scop.work_share_minimum"]["year"] is None
    part = rules["part"]
    assert part["verdict"] == "refuted"
    assert part["year"]["figures"]["surplus"] == "100000.00"
    assert part["year"]["balances"] == {"reserves.legal": "0.00"}
    (person,) = part["year"]["records"]["person"].values()
    assert person["worker"] is True
    assert person["hired"] < "2018-01-01"
    assert call("prove", oak, "--format", "json").stdout == result.stdout


# ---- what the clauses must do, the nearest change, two statutes, check --prove


def test_what_the_clauses_must_do_is_shown(oak: Path) -> None:
    result = call("prove", oak)
    assert result.exit_code == 0
    assert "✓ surplus: nothing is left that goes nowhere" in result.stdout


def test_the_nearest_lawful_change_is_shown_as_a_difference(oak: Path) -> None:
    write(oak, LAWFUL.replace("40%", "24.5%"))
    result = call("prove", oak, "--nearest")
    assert result.exit_code == 1
    assert "24.5% becomes 25%" in result.stdout
    assert [line.strip() for line in result.stdout.splitlines() if line.startswith("  +  ")] == [
        "+    25% to work_share"
    ]
    said = json.loads(call("prove", oak, "--nearest", "--format", "json").stdout)
    (statute,) = said["statutes"]
    (((change,)),) = statute["nearest"]
    assert (change["unit"], change["old"], change["new"]) == ("number", "0.245", "0.25")
    assert "nearest" not in call("prove", oak).stdout


def test_two_statutes_are_compared(oak: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(other, LAWFUL.replace("40%", "41%"))
    assert call("prove", "--same", oak, oak).exit_code == 0
    result = call("prove", "--same", oak, other)
    assert result.exit_code == 1
    assert "€40,000.00 becomes €41,000.00" in result.stdout
    said = json.loads(call("prove", "--same", oak, other, "--format", "json").stdout)
    schema = Path(__file__).parent.parent.parent / "docs" / "schema" / "same.schema.json"
    validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(said)] == []
    things = {item["name"]: item for item in said["things"] if item["kind"] == "account"}
    assert (things["work_share"]["old"], things["work_share"]["new"]) == ("40000.00", "41000.00")


def test_only_two_statutes_can_be_compared(oak: Path) -> None:
    for paths in ((oak,), (oak, oak, oak)):
        result = call("prove", "--same", *paths)
        assert result.exit_code == 2
        assert "P944" in result.stderr and not result.stdout


def test_check_proves_unless_it_is_to_be_fast(oak: Path) -> None:
    assert call("check", oak).exit_code == 0
    write(oak, LAWFUL.replace("40%", "20%"))
    assert call("check", oak, "--fast").exit_code == 0
    for options in ((), ("--prove",)):
        result = call("check", oak, *options)
        assert result.exit_code == 1
        assert "P942" in result.stderr and "surplus = €100,000.00" in result.stderr
        place = f"{oak / 'statute.en.coop'}:{line_of('20% to')}:"
        assert place in result.stderr, "it is told at the line that gives too little"
        assert "(20% instead of 25% of what is shared out)" in result.stderr


def line_of(start: str) -> int:
    """The line of a statute with too little for work that begins so."""
    lines = LAWFUL.replace("40%", "20%").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip().startswith(start))


def test_check_says_where_a_rule_could_not_be_proved(
    oak: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(oak, LAWFUL.replace("to work_share", "to work_shar"))
    assert "P993" in call("check", oak).stderr
    assert "P993" not in call("check", oak, "--fast").stderr
    write(oak, LAWFUL.replace("40%", "20%"))
    monkeypatch.setattr(check, "find_spec", lambda name: None)
    without = call("check", oak)
    assert without.exit_code == 0 and "P992" in without.stderr and "[proof]" in without.stderr
    assert not call("check", oak, "--fast").stderr


def test_a_very_large_statute_is_proved_where_it_is_asked_for_alone(oak: Path) -> None:
    lines = "".join(f"    1 EUR to fund_{number}\n" for number in range(60))
    write(oak, LAWFUL.replace("    40% to work_share\n", "    40% to work_share\n" + lines))
    result = call("check", oak)
    assert result.exit_code == 0 and "P995" in result.stderr


def test_what_the_facts_alone_break_is_no_mistake_of_a_statute(oak: Path) -> None:
    write(oak, LAWFUL + "  require filled: closing reserves.legal >= 1 000 EUR\n")
    result = call("check", oak)
    assert result.exit_code == 0
    assert "P994" in result.stderr and "€0.00 instead of ≥ €1,000.00" in result.stderr
    # Whatever surplus that year has, its reserve is full at nought: no condition would keep the rule.
    assert "when surplus" not in result.stderr
    write(oak, LAWFUL + "  require filled: closing reserves.development >= 1 000 EUR\n")
    assert "`when surplus > 0 EUR`" in call("check", oak).stderr


def test_a_surplus_that_no_clause_gives_out_is_a_mistake_of_the_statute(oak: Path) -> None:
    pool = "  pool result of teams\n    15% kept by each\n    rest to common\n"
    write(oak, SCOP + pool + "  require saved: reserves.legal >= 1% of surplus\n")
    result = call("check", oak)
    assert result.exit_code == 1 and "P994" not in result.stderr
    assert "allocate surplus" in result.stderr and "Change what this line" not in result.stderr


def test_check_tells_what_is_not_decided(oak: Path) -> None:
    result = call("check", oak, "--prove", "--time-limit", 1)
    assert result.exit_code == 0
    assert "P943" in result.stderr


def test_proofs_are_kept_until_the_statute_changes(
    oak: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    made: list[None] = []
    monkeypatch.setattr(proving, "_made", counting(proving._made, made))
    first = call("prove", oak, "--time-limit", 60_000)
    assert call("prove", oak, "--time-limit", 60_000).stdout == first.stdout
    assert len(made) == 1
    write(oak, LAWFUL.replace("40%", "41%"))
    assert call("prove", oak, "--time-limit", 60_000).exit_code == 0
    assert len(made) == 2


def counting(function: Any, calls: list[None]) -> Any:
    def counted(*arguments: Any) -> Any:
        calls.append(None)
        return function(*arguments)

    return counted


def test_check_without_the_solver_says_how_to_install_it(
    oak: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "find_spec", lambda name: None)
    result = call("check", oak, "--prove")
    assert result.exit_code == 2
    assert "P913" in result.stderr and "[proof]" in result.stderr


def test_what_a_statute_makes_of_a_law_s_word_may_empty_its_rules(tmp_path: Path) -> None:
    text = 'statute "Roble" under es.cooperativas\ncurrency EUR\nin force from 2024-01-01\n'
    own = "define remuneration_of_shares = {}\n"
    for meant, told in (("0% of surplus", True), ("interest_on_shares", False)):
        more = own.format(meant)
        write(tmp_path, text + more + "allocate surplus\n  rest to reserves.legal\n")
        assert ("P996" in call("check", tmp_path).stderr) == told
