"""One Scop's year handed in as CSV, workbooks, Parquet and accounts: one outcome, to the cent."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import ways
from coopfx.apps.cli.main import cli

SCRIPT = Path(ways.__file__)
WAYS = (*ways.WAYS, "fec")
SEEDS = range(1, 21)


def outcome(policy: Path, way: str) -> dict[str, Any]:
    """What one command says of the year that came in one way, the hash of its facts included."""
    ended = CliRunner().invoke(cli, ["run", str(policy), way, "--format", "json"])
    assert ended.exit_code in (0, 1), ended.output + ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    assert len(found["provenance"]["data_sha256"]) == 64
    return found


def test_a_year_is_the_same_to_the_cent_whichever_way_it_came_in(tmp_path: Path) -> None:
    ways.write(tmp_path, people=48, lines=2_000, seed=1)
    found = {way: outcome(tmp_path, way) for way in WAYS}
    first = found["csv"]
    assert not first["diagnostics"] and first["values"]["surplus"]["value"]
    assert {share["source"] for share in first["shares"]} == {"work_share", "share_interest"}
    assert all(len(share["parts"]) > 40 for share in first["shares"][:1])
    for way, other in found.items():
        assert other == first, way


def a_cent_more(text: str) -> str:
    """The first of the people has a cent more of pay."""
    lines = text.split("\n")
    cells = lines[1].split(";")
    at = lines[0].split(";").index("salaire")
    whole, cents = cells[at].split(",")
    cells[at] = f"{whole},{(int(cents) + 1) % 100:02}"
    return "\n".join([lines[0], ";".join(cells), *lines[2:]])


def a_cent_of_surplus(text: str) -> str:
    name, _, value = next(one for one in text.split("\n") if one.startswith("excédent")).partition(
        ";"
    )
    return text.replace(f"{name};{value}", f"{name};{value[:-1]}{(int(value[-1]) + 1) % 10}")


@pytest.mark.parametrize(
    ("file", "change"), [("people.csv", a_cent_more), ("cooperative.csv", a_cent_of_surplus)]
)
def test_a_cent_elsewhere_is_another_outcome(
    tmp_path: Path, file: str, change: Callable[[str], str]
) -> None:
    ways.write(tmp_path, people=3, lines=500, seed=2)
    path = tmp_path / "csv" / file
    path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
    assert outcome(tmp_path, "csv") != outcome(tmp_path, "parquet")


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        more = ["--people", "5", "--lines", "500", "--seed", "3"]
        subprocess.run([sys.executable, SCRIPT, tmp_path / name, *more], check=True)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        written.append([(path.name, path.read_bytes()) for path in files])
    assert written[0] == written[1] and len(written[0]) > 15


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_a_hundred_thousand_lines_are_the_same_year(tmp_path: Path, seed: int) -> None:
    ways.write(tmp_path, people=1_000, lines=100_000, seed=seed)
    (path,) = (tmp_path / "fec").glob("*FEC*.txt")
    assert path.read_bytes().count(b"\n") == 100_001
    first, *others = (outcome(tmp_path, way) for way in WAYS)
    paid = sum(len(share["parts"]) for share in first["shares"])
    print(f"seed {seed}: surplus {first['values']['surplus']['value']}, {paid} parts")
    assert all(other == first for other in others)
