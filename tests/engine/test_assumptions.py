"""What a proof takes for granted of a year: where a text says so, and that data are held to it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.desk.policy import YEAR
from coopfx.engine.proof.prove import prove
from coopfx.ground.code import grammar_folder
from coopfx.language.ir import Program
from sharing import SCOP, Compile, TryText, allocation

STATUTE = (
    SCOP
    + """  input grants : money >= 0
  input staff : whole of team >= 1 <= 50
  decide gift_part between 0% and 5%
  account gifts
"""
    + allocation(
        "25% to work_share",
        "gift_part * surplus to gifts",
        "15% to reserves.legal until highest_share_capital then to reserves.development",
        "rest to reserves.development",
    )
    + """  require granted: reserves.development >= 1% of surplus - grants when surplus > 0 EUR
  require staffed: gifts <= 10% of surplus + sum of staff over teams * 1 EUR when surplus > 0 EUR
  require paid: work_share + minimum_hourly_wage * 1 hour >= 8 EUR when surplus >= 0 EUR
"""
)
PLUGINS = Path(__file__).parent.parent.parent / "plugins"
KEPT = {
    "closing": "2024-12-31",
    "surplus": "100000",
    "grants": "0",
    "highest_share_capital": "5000",
    "gift_part": "5%",
    "staff": "50",
}


def stated(program: Program) -> dict[str, tuple[str, int]]:
    """Where it is stated what is taken for granted, by the name that it is of."""
    found = {}
    for proof in prove(program, milliseconds=60_000):
        for one in proof.assumptions:
            if one.span is not None:
                name = one.arguments["name"]
                found[str(getattr(name, "name", name))] = (one.span.file, one.span.line)
    return found


def test_each_assumption_on_facts_is_shown_with_the_line_that_states_it(
    compile_text: Compile,
) -> None:
    program = compile_text(STATUTE).program
    places = stated(program)
    assert {"grants", "staff", "highest_share_capital", "minimum_hourly_wage"} <= set(places)
    lines = STATUTE.splitlines()
    assert lines[places["grants"][1] - 1].strip() == "input grants : money >= 0"
    assert lines[places["staff"][1] - 1].strip().startswith("input staff")
    prelude = (grammar_folder() / "prelude.coop").read_text("utf-8").splitlines()
    file, line = places["highest_share_capital"]
    assert (file, prelude[line - 1].split()[1]) == ("prelude.coop", "highest_share_capital")
    (path,) = PLUGINS.glob(f"*/{places['minimum_hourly_wage'][0]}")
    law = path.read_text("utf-8").splitlines()
    assert law[places["minimum_hourly_wage"][1] - 1].strip().startswith("paramètre smic_horaire")
    # A fact on which nothing of what is proved rests is not spoken of.
    assert "attendance" not in places


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [
        ("grants", "-0.01", "D704"),
        ("highest_share_capital", "-1", "D704"),
        ("staff", "0", "D704"),
        ("staff", "51", "D704"),
        ("staff", "1.5", "D704"),
        ("surplus", "100000.001", "D720"),
        ("closing", "2018-12-31", "R806"),
        ("gift_part", "6%", None),
    ],
)
def test_data_are_held_to_each_assumption(
    tmp_path: Path, fact: str, value: str, code: str | None
) -> None:
    (tmp_path / "statute.en.coop").write_text(STATUTE, "utf-8")
    year = tmp_path / "year"
    year.mkdir()

    def run(given: dict[str, str]) -> tuple[int, set[str], set[str]]:
        own = ("surplus", "grants", "highest_share_capital")
        lines = [f"closing = {given['closing']}", *(f'{name} = "{given[name]}"' for name in own)]
        lines += ["[decisions]", f'gift_part = "{given["gift_part"]}"']
        (year / YEAR).write_text("\n".join(lines) + "\n", "utf-8")
        (year / "teams.csv").write_text(f"id,staff\nt1,{given['staff']}\n", "utf-8")
        found = CliRunner().invoke(cli, ["run", str(tmp_path), str(year), "--format", "json"])
        told = json.loads(found.stdout)
        broken = {one["rule"] for one in told.get("verdicts", ()) if one["status"] == "violated"}
        return found.exit_code, {one["code"] for one in told["diagnostics"]}, broken

    code_of_kept, _, broken = run(KEPT)
    assert (code_of_kept, broken) == (0, set())
    ended, codes, broken = run({**KEPT, fact: value})
    if code is None:
        assert ended == 1 and fact in broken
    else:
        assert ended == 2 and code in codes


def test_a_parameter_that_falls_where_it_never_may_is_refused(try_text: TryText) -> None:
    parameter = """  parameter fee : money{never}
    from 2019-01-01: 120 EUR ref "first"
    from 2021-01-01: {fee} EUR ref "second"
  require fair: work_share + fee >= 0 EUR
"""
    for never, fee, codes in (
        (" never falling", "119.99", {"L515"}),
        (" never falling", "120", set()),
        ("", "100", set()),
    ):
        text = SCOP + parameter.format(never=never, fee=fee) + allocation("rest to work_share")
        _, report = try_text(text)
        assert {one.code for one in report.diagnostics if one.severity.value == "error"} == codes
