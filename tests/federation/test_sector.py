"""The figures of the sector's page are rounded as everything else is."""

import csv
from fractions import Fraction
from pathlib import Path

from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.federation.sector import _figure, sector_of
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world


def test_a_negative_half_of_a_cent_is_rounded_away_from_zero() -> None:
    figure = _figure("surplus", "figure", [("oven", Fraction("-0.01")), ("mill", Fraction(0))])
    assert (figure.average, figure.median) == (Fraction("-0.01"), Fraction("-0.01"))


def test_the_median_of_an_odd_number_is_one_of_them() -> None:
    values = [("oven", Fraction(3)), ("mill", Fraction(1)), ("yard", Fraction(10))]
    assert _figure("surplus", "figure", values).median == 3


def test_an_accounts_figure_is_its_balance_and_what_was_received_is_apart(
    tmp_path: Path, tables: Path
) -> None:
    """The reserves of a cooperative are what it has, not what the year put there."""
    report = Report()
    world = load_world(report)
    output, form = tmp_path / "outcome", world.tables["csv"]
    ran = CliRunner().invoke(
        cli, ["federation", "run", str(tables), "--output", str(output), "--tables", "csv"]
    )
    assert ran.exit_code in (0, 1), ran.output
    sector = sector_of(output, form, report)
    assert sector is not None and not report.diagnostics
    found = {(one.sort, one.name): one.own for one in sector.figures}

    def rows(name: str) -> list[dict[str, str]]:
        with (output / f"{name}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    balances: dict[str, dict[str, Fraction]] = {}
    for row in rows("accounts"):
        if row["balance"]:
            own = balances.setdefault(row["account"], {})
            own[row["cooperative"]] = Fraction(row["balance"])
    shown = {name: own for name, own in balances.items() if any(own.values())}
    assert shown and shown == {
        name: own for (sort, name), own in found.items() if sort == "balance"
    }
    parts: dict[str, Fraction] = {}
    for row in rows("shares"):
        if row["source"] == "work_share":
            paid = parts.get(row["cooperative"], Fraction(0)) + Fraction(row["amount"])
            parts[row["cooperative"]] = paid
    assert found["received", "work_share"] == {key: paid for key, paid in parts.items() if paid}
    assert ("figure", "work_share") not in found
