"""Scenarios of many cooperatives in one run: what two runs, and the reference, say of each."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli
from coopfx.engine.compare import compare
from coopfx.federation.why import year_of
from coopfx.ground.report import Report
from coopfx.plugged.world import World

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "docs" / "schema" / "federation.schema.json"
Row = dict[str, str]
SUMS = ("records", "accounts", "sources", "rest")


def call(source: Path, output: Path, *options: str) -> Result:
    arguments = ["run", source, "--output", output, "--tables", "csv", "--lang", "en", *options]
    return CliRunner().invoke(cli, ["federation", *map(str, arguments)])


def rows(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def put(folder: Path, table: str, found: list[Row]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)


SCENARIOS = """scenario,cooperative,work_rate,surplus,statute
less,,30%,,
less,c000002,45%,,
poor,c000001,,-2500.00,
poor,c000004,,90000.00,
other,,,,{statute}
"""


def changed(name: str, own: list[Row], statute: str) -> Iterator[Row]:
    """The cooperatives' own table as a scenario would have it written by hand."""
    for row in own:
        whose = row["cooperative"]
        if name == "less":
            yield row | {"work_rate": "45%" if whose == "c000002" else "30%"}
        elif name == "poor" and whose in ("c000001", "c000004"):
            yield row | {"surplus": "-2500.00" if whose == "c000001" else "90000.00"}
        elif name == "other":
            yield row | {"statute": statute}


@pytest.fixture(scope="module")
def tried(few: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """Tables of six cooperatives with scenarios, the outcome, and the statute that one scenario names."""
    home = tmp_path_factory.mktemp("tried")
    folder = home / "tables"
    copytree(few, folder)
    statute = rows(folder, "cooperatives")[0]["statute"]
    (folder / "scenarios.csv").write_text(SCENARIOS.format(statute=statute), "utf-8")
    result = call(folder, home / "outcome")
    assert result.exit_code < 2, result.output
    return folder, home / "outcome", statute


@pytest.mark.parametrize("name", ["less", "poor", "other"])
def test_a_scenario_is_the_difference_of_two_runs(
    name: str, tried: tuple[Path, Path, str], tmp_path: Path
) -> None:
    folder, outcome, statute = tried
    other = tmp_path / "tables"
    copytree(folder, other)
    (other / "scenarios.csv").unlink()
    put(other, "cooperatives", list(changed(name, rows(folder, "cooperatives"), statute)))
    known = {row["cooperative"] for row in rows(other, "cooperatives")}
    for table in ("people", "teams"):
        put(other, table, [row for row in rows(folder, table) if row["cooperative"] in known])
    assert call(other, tmp_path / "outcome").exit_code < 2
    old, new = (received(of, known) for of in (outcome, tmp_path / "outcome"))
    found = [row for row in rows(outcome, "gains") if row["scenario"] == name]
    assert {(row["cooperative"], row["id"]): Fraction(row["difference"]) for row in found} == {
        key: new.get(key, Fraction(0)) - old.get(key, Fraction(0)) for key in old | new
    }
    assert found
    moved = [movements(of, known) for of in (outcome, tmp_path / "outcome")]
    for row in rows(outcome, "differences"):
        if row["scenario"] == name and row["kind"] == "account" and row["difference"]:
            key = row["cooperative"], row["name"]
            assert Fraction(row["difference"]) == moved[1][key] - moved[0][key]
    broken = {row["cooperative"]: row["broken"] for row in rows(tmp_path / "outcome", "runs")}
    own = [row for row in rows(outcome, "scenarios") if row["scenario"] == name]
    assert {row["cooperative"]: row["broken"] for row in own} == broken


def received(folder: Path, known: set[str]) -> dict[tuple[str, str], Fraction]:
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in rows(folder, "shares"):
        if row["cooperative"] in known:
            found[row["cooperative"], row["id"]] += Fraction(row["amount"])
    return found


def movements(folder: Path, known: set[str]) -> dict[tuple[str, str], Fraction]:
    return {
        (row["cooperative"], row["account"]): Fraction(row["added"]) - Fraction(row["taken"])
        for row in rows(folder, "accounts")
        if row["cooperative"] in known and row["added"]
    }


def test_each_row_is_what_the_reference_compares_and_closes(
    tried: tuple[Path, Path, str], world: World, tmp_path: Path
) -> None:
    folder, outcome, statute = tried
    held = 0
    for name in ("less", "poor", "other"):
        other = tmp_path / name
        copytree(folder, other)
        put(other, "cooperatives", list(changed(name, rows(folder, "cooperatives"), statute)))
        known = {row["cooperative"] for row in rows(other, "cooperatives")}
        for table in ("people", "teams"):
            put(other, table, [row for row in rows(folder, table) if row["cooperative"] in known])
        for row in rows(outcome, "scenarios"):
            if row["scenario"] != name:
                continue
            years = [year_of(of, row["cooperative"], "", world, Report()) for of in (folder, other)]
            assert years[0] is not None and years[1] is not None
            found = compare(years[0][1].outcome, years[1][1].outcome, {})
            for part in ("records", "accounts", "sources"):
                total = found.total(part)
                shown = Fraction(row[part]) if row[part] else None
                assert shown == (total if isinstance(total, Fraction) else None), (row, part)
            if row["rest"]:
                assert Fraction(row["rest"]) == 0
                held += 1
    assert held > 8


def test_the_sector_s_sums_are_those_of_its_cooperatives(tried: tuple[Path, Path, str]) -> None:
    _, outcome, _ = tried
    summary = json.loads((outcome / "summary.json").read_text("utf-8"))
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(summary)
    assert [one["scenario"] for one in summary["scenarios"]] == ["less", "other", "poor"]
    for one in summary["scenarios"]:
        own = [row for row in rows(outcome, "scenarios") if row["scenario"] == one["scenario"]]
        assert one["compared"] == len(own) and all(row["status"] == "compared" for row in own)
        known = [row for row in own if all(row[key] for key in SUMS)]
        assert one["not_known"] == len(own) - len(known)
        for key in ("gains", "losses", *SUMS):
            assert Fraction(one[key]) == sum(Fraction(row[key]) for row in known)
        for key in ("gain", "lose", "same"):
            assert one[key] == sum(int(row[key]) for row in own)


def test_no_cut_into_buckets_changes_anything(
    tried: tuple[Path, Path, str], tmp_path: Path, digests: Callable[[Path], dict[str, str]]
) -> None:
    folder, outcome, _ = tried
    assert call(folder, tmp_path / "outcome", "--block", "1", "--workers", "2").exit_code < 2
    assert digests(tmp_path / "outcome") == digests(outcome)


def test_without_scenarios_nothing_is_otherwise(few: Path, tried: tuple[Path, Path, str]) -> None:
    home = few.parent / "plain"
    assert call(few, home).exit_code < 2
    assert not any((home / f"{name}.csv").exists() for name in ("scenarios", "gains"))
    for table in ("runs", "entries", "shares", "verdicts"):
        assert rows(home, table) == rows(tried[1], table)


def test_what_is_amiss_in_one_scenario_refuses_its_cooperative_there_alone(
    few: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    copytree(few, folder)
    text = "scenario,cooperative,surplus\nhuge,c000001,1" + "0" * 40 + "\nhuge,c000002,5\n"
    (folder / "scenarios.csv").write_text(text, "utf-8")
    assert call(folder, tmp_path / "outcome").exit_code < 2
    found = {row["cooperative"]: row for row in rows(tmp_path / "outcome", "scenarios")}
    assert (found["c000001"]["status"], found["c000001"]["told"]) == ("refused", "D808")
    assert found["c000002"]["status"] == "compared" and not found["c000001"]["records"]
    assert all(row["status"] == "evaluated" for row in rows(tmp_path / "outcome", "runs"))


def test_what_is_not_known_of_one_side_is_no_gain(few: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    copytree(few, folder)
    own = rows(folder, "cooperatives")
    first = own[0]["cooperative"]
    put(folder, "cooperatives", [own[0] | {"surplus": ""}, *own[1:]])
    text = f"scenario,cooperative,surplus\nknown,{first},{own[0]['surplus']}\n"
    (folder / "scenarios.csv").write_text(text, "utf-8")
    assert call(folder, tmp_path / "outcome").exit_code < 2
    (found,) = rows(tmp_path / "outcome", "scenarios")
    assert found["status"] == "compared" and not found["records"]
    gains = rows(tmp_path / "outcome", "gains")
    assert gains and all(row["after"] and not row["before"] + row["difference"] for row in gains)
    people = sum(row["record"] == "person" for row in gains)
    counts = {key: int(found[key]) for key in ("gain", "lose", "same", "unknown")}
    assert counts == {"gain": 0, "lose": 0, "same": 0, "unknown": people}


def test_a_rule_that_cannot_be_judged_in_a_scenario_is_not_newly_kept(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    text = 'statute "{}"\ncurrency EUR\nin force from 2020-01-01\n{}\nrequire saved: surplus >= floor\n'
    floors = {
        "now": "define floor = 5 EUR",
        "low": "define floor = 1 EUR",
        "asked": "input floor : money",
    }
    for name, floor in floors.items():
        (folder / "statutes" / name).mkdir(parents=True)
        (folder / "statutes" / name / "statute.en.coop").write_text(
            text.format(name, floor), "utf-8"
        )
    own = "cooperative,closing,statute,surplus\nmill,2024-12-31,now,3.00\n"
    (folder / "cooperatives.csv").write_text(own, "utf-8")
    (folder / "scenarios.csv").write_text("scenario,statute\nkept,low\nnot known,asked\n", "utf-8")
    assert call(folder, tmp_path / "outcome").exit_code < 2
    found = {row["scenario"]: row for row in rows(tmp_path / "outcome", "scenarios")}
    assert {name: (row["newly_violated"], row["newly_kept"]) for name, row in found.items()} == {
        "kept": ("0", "1"),
        "not known": ("0", "0"),
    }


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("scenario,surplus\n,3\n", ["D790"]),
        ("scenario,surplus\na,3\na,4\n", ["D791"]),
        ("scenario,cooperative,surplus\na,c000001,\n", ["D792"]),
        ("scenario,cooperative,surplus\na,c00001,3\na,,x\n", ["D805", "D703"]),
        ("scenario,statute\na,nothing\n", ["D806"]),
        ("scenario,surplos\na,3\n", ["D701"]),
        ("surplus\n3\n", ["D800"]),
    ],
)
def test_what_cannot_be_read_is_told_before_anything_is_run(
    text: str, codes: list[str], few: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    copytree(few, folder)
    (folder / "scenarios.csv").write_text(text, "utf-8")
    result = call(folder, tmp_path / "outcome")
    assert result.exit_code == 2 and not (tmp_path / "outcome" / "summary.json").exists()
    assert all(code in result.stderr and "scenarios.csv" in result.stderr for code in codes)


def test_two_tables_of_scenarios_are_told(few: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    copytree(few, folder)
    for suffix in ("csv", "parquet"):
        (folder / f"scenarios.{suffix}").write_text("scenario,surplus\na,3\n", "utf-8")
    result = call(folder, tmp_path / "outcome")
    assert result.exit_code == 2 and "D728" in result.stderr
    assert "scenarios.parquet" in result.stderr and "`scenarios.csv`" in result.stderr
