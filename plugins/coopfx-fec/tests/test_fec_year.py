"""A year that comes from its FEC is the year that was written by hand, to the cent."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from fec import BOOKS, write

REPOSITORY = Path(__file__).parent.parent.parent.parent
FROM_ACCOUNTS = (
    *("excédent", "résultat_comptable", "part_travail_en_charges", "report_créditeur"),
    *("capital_social", "chiffre_d_affaires"),
)
"""What cooperative.toml need not say beside a FEC: figures that the accounts give."""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments], prog_name="coopfx")


def outcome(*arguments: str | Path) -> dict[str, Any]:
    ran = run("run", *arguments, "--format", "json")
    assert ran.exit_code in (0, 1), ran.output
    data: dict[str, Any] = json.loads(ran.stdout)
    return data


def fec_of(name: str, folder: Path, lines: int, **style: object) -> Path:
    books = BOOKS[name]
    path = folder / f"{books.siren}FEC{books.year}1231.txt"
    encoding = str(style.pop("encoding", "iso8859-15"))
    with path.open("w", encoding=encoding, newline="") as file:
        write(file, books, lines, 7, **style)
    return path


def without_accounts(path: Path) -> None:
    """Take from a cooperative.toml what the accounts say, and the closing date."""
    data = tomllib.loads(path.read_text("utf-8"))
    kept = {
        key: one for key, one in data.items() if key not in (*FROM_ACCOUNTS, "balances", "closing")
    }
    decisions = kept.pop("decisions", {})
    rows = [
        f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(one)}" for key, one in kept.items()
    ]
    rows += ["[decisions]", *(f'"{key}" = "{one}"' for key, one in decisions.items())]
    path.write_text("\n".join(rows), encoding="utf-8")


@pytest.fixture
def policy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A policy whose year lacks all that its accounts would say."""
    folder = tmp_path / str(request.param)
    shutil.copytree(REPOSITORY / "policies" / request.param, folder)
    without_accounts(folder / "2024" / "cooperative.toml")
    return folder


@pytest.mark.parametrize("policy", ["le-rabot", "alma"], indirect=True)
def test_a_fec_of_a_hundred_thousand_lines_gives_the_same_year(policy: Path) -> None:
    path = fec_of(policy.name, policy / "2024", 100_000)
    assert path.read_bytes().count(b"\n") == 100_001
    expected = outcome(REPOSITORY / "policies" / policy.name, "2024")
    found = outcome(policy, "2024")
    for name, value in expected.items():
        if name not in ("provenance", "diagnostics"):
            assert found[name] == value, name
    told = [item["code"] for item in found["diagnostics"]]
    assert told == (["fec.N02"] if policy.name == "alma" else [])


@pytest.mark.parametrize("policy", ["le-rabot"], indirect=True)
@pytest.mark.parametrize(
    "style",
    [
        {"separator": "|", "end": "\n", "pipe": True, "encoding": "utf-8-sig"},
        {"separator": ";", "decimal": ".", "date": "%Y-%m-%d", "encoding": "cp1252"},
        {"signed": True, "date": "%d/%m/%Y", "end": "\r", "encoding": "utf-8"},
        {"header": {"EcritureLet": "EcrtureLet", "JournalLib": "JournalLibelle"}},
    ],
    ids=["pipes", "semicolons", "signed", "wild names"],
)
def test_however_it_is_written_the_year_is_the_same(policy: Path, style: dict[str, object]) -> None:
    fec_of("le-rabot", policy / "2024", 2_000, **style)
    expected = outcome(REPOSITORY / "policies" / "le-rabot", "2024")
    found = outcome(policy, "2024")
    assert {name: found[name] for name in ("values", "allocations", "accounts", "shares")} == {
        name: expected[name] for name in ("values", "allocations", "accounts", "shares")
    }


@pytest.mark.parametrize("policy", ["le-rabot"], indirect=True)
def test_a_fec_and_the_people_are_a_year(policy: Path) -> None:
    (policy / "2024" / "cooperative.toml").unlink()
    fec_of("le-rabot", policy / "2024", 2_000)
    found = outcome(policy, "2024")
    assert found["closing"] == "2024-12-31"
    assert found["values"]["surplus"]["value"] == "88930.61"
    assert found["accounts"]["reserves.development"]["opening"] == "80323.63"


@pytest.mark.parametrize("policy", ["le-rabot"], indirect=True)
def test_a_figure_given_twice_names_both_places(policy: Path) -> None:
    fec_of("le-rabot", policy / "2024", 2_000)
    own = policy / "2024" / "cooperative.toml"
    own.write_text('"excédent" = "1.00"\n' + own.read_text("utf-8"), encoding="utf-8")
    ran = run("run", policy, "2024")
    assert ran.exit_code == 2
    assert "cooperative.toml:1" in ran.output and "FEC20241231.txt" in ran.output


@pytest.mark.parametrize("policy", ["le-rabot"], indirect=True)
def test_a_name_that_the_statute_does_not_know_is_told_in_the_mapping(policy: Path) -> None:
    fec_of("le-rabot", policy / "2024", 2_000)
    (policy / "accounts.toml").write_text(
        '[facts]\n"capital_socail" = { accounts = ["1013"], side = "credit" }\n', encoding="utf-8"
    )
    ran = run("run", policy, "2024")
    assert ran.exit_code == 2
    assert "D701" in ran.output and "accounts.toml:2" in ran.output
    assert "capital_social" in ran.output


@pytest.mark.parametrize("policy", ["le-rabot"], indirect=True)
def test_a_broken_fec_gives_no_half_result(policy: Path) -> None:
    path = fec_of("le-rabot", policy / "2024", 2_000)
    path.write_bytes(path.read_bytes()[:-500])
    ran = run("run", policy, "2024")
    assert ran.exit_code == 2 and ran.stdout == ""
    assert "fec.E" in ran.stderr
    # What follows from that alone is not told: the closing date stands in the file's name.
    assert "D711" not in ran.stderr


def test_show_tells_what_gives_each_figure(tmp_path: Path) -> None:
    path = fec_of("alma", tmp_path, 2_000)
    ran = run("fec", "show", path, "--lang", "en")
    assert ran.exit_code == 0
    assert "2000 lines" in ran.stdout and "€7,506,914.95" in ran.stdout
    assert "106300" in ran.stdout and "fec.N02" in ran.stderr


def test_the_printed_mapping_is_the_one_that_holds(tmp_path: Path) -> None:
    path = fec_of("le-rabot", tmp_path, 2_000)
    before = run("fec", "show", path).stdout.splitlines()
    printed = run("fec", "map")
    (tmp_path / "accounts.toml").write_bytes(printed.stdout_bytes)
    after = run("fec", "show", path).stdout.splitlines()
    assert before[2:] == after[2:] and str(tmp_path) in after[1]


def test_show_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    ran = run("fec", "show", tmp_path / "none.txt")
    assert ran.exit_code == 2 and "P901" in ran.output
