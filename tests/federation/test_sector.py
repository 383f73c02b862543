"""The figures of the sector's page are rounded as everything else is."""

import csv
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.federation.sector import _figure, sector_of
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world

POLICIES = Path(__file__).parent.parent.parent / "policies"


def test_a_negative_half_of_a_cent_is_rounded_away_from_zero() -> None:
    figure = _figure("surplus", "figure", {"oven": Fraction("-0.01"), "mill": Fraction(0)})
    assert figure is not None
    assert (figure.average, figure.median) == (Fraction("-0.01"), Fraction("-0.01"))


def test_the_median_of_an_odd_number_is_one_of_them() -> None:
    figure = _figure("surplus", "figure", dict(zip("abc", map(Fraction, (3, 1, 10)), strict=True)))
    assert figure is not None and figure.median == 3


def test_a_figure_that_is_not_known_is_in_no_average_and_told_of_whom() -> None:
    figure = _figure("surplus", "figure", {"oven": Fraction(4), "mill": None})
    assert figure is not None
    assert (figure.known, figure.average, figure.missing) == (1, Fraction(4), ("mill",))
    of_nobody = _figure("surplus", "figure", {"mill": None})
    assert of_nobody is not None and of_nobody.missing == ("mill",)
    assert (of_nobody.known, of_nobody.average, of_nobody.own) == (0, None, {})
    some = _figure("surplus", "figure", {"oven": Fraction(0), "mill": None})
    assert some is not None and (some.known, some.missing) == (1, ("mill",))
    assert _figure("surplus", "figure", {"oven": Fraction(0)}) is None


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

    # Statutes without a law have in their own accounts what any of those under them have money in.
    statute = {row["cooperative"]: row["statute"] for row in _rows(output, "runs")}
    amounts = ("opening", "added", "taken", "balance")
    used = {
        (statute[row["cooperative"]], row["account"])
        for row in _rows(output, "accounts")
        if any(row[one].strip("0.") for one in amounts)
    }
    balances: dict[str, dict[str, Fraction]] = {}
    for row in _rows(output, "accounts"):
        if row["balance"] and (statute[row["cooperative"]], row["account"]) in used:
            own = balances.setdefault(row["account"], {})
            own[row["cooperative"]] = Fraction(row["balance"])
    shown = {name: own for name, own in balances.items() if any(own.values())}
    assert shown and shown == {
        name: own for (sort, name), own in found.items() if sort == "balance" and own
    }
    # One whose balance is known of nobody is there too, and says of whom it is wanting.
    wanting = {
        one.name: set(one.missing)
        for one in sector.figures
        if one.sort == "balance" and not one.own
    }
    whose: dict[str, set[str]] = {}
    for row in _rows(output, "accounts"):
        if row["account"] not in balances:
            whose.setdefault(row["account"], set()).add(row["cooperative"])
    assert wanting and wanting == whose
    parts: dict[str, Fraction] = {}
    for row in _rows(output, "shares"):
        if row["source"] == "work_share":
            paid = parts.get(row["cooperative"], Fraction(0)) + Fraction(row["amount"])
            parts[row["cooperative"]] = paid
    assert found["received", "work_share"] == {key: paid for key, paid in parts.items() if paid}
    assert ("figure", "work_share") not in found


def _rows(output: Path, name: str) -> list[dict[str, str]]:
    with (output / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


SCOP, SCIC, ITALIAN = "le-rabot", "la-halle", "il-filo"


def test_cooperatives_of_three_laws_have_on_the_page_what_the_tables_have(tmp_path: Path) -> None:
    """An account that a law does not know is nobody's zero; what must be equal is never near its limit."""
    policies, output = tmp_path / "policies", tmp_path / "outcome"
    for name in (SCOP, SCIC, ITALIAN):
        shutil.copytree(POLICIES / name, policies / name)
    report = Report()
    form = load_world(report).tables["csv"]
    arguments = [str(policies), "--output", str(output), "--tables", "csv", "--lang", "fr"]
    assert CliRunner().invoke(cli, ["federation", "run", *arguments]).exit_code == 0
    sector = sector_of(output, form, report)
    assert sector is not None and not report.diagnostics
    found = {(one.sort, one.name): one for one in sector.figures}
    assert set(found["balance", "reserves.development"].own) == {SCOP}
    assert set(found["balance", "mutual_funds"].own) == {ITALIAN}
    assert set(found["balance", "reserves"].own) == {SCOP, SCIC, ITALIAN}
    said = {
        **{("balance", row["account"], row["cooperative"]): row["balance"]
           for row in _rows(output, "accounts")},
        **{("figure", row["name"], row["cooperative"]): row["money"] or row["exact"]
           for row in _rows(output, "values")},
    }  # fmt: skip
    for one in sector.figures:
        if one.sort != "received":
            told = {who: said[one.sort, one.name, who] for who in (*one.own, *one.missing)}
            assert told == {
                who: told[who] for who in one.own if Fraction(told[who]) == one.own[who]
            } | dict.fromkeys(one.missing, "")
    assert SCOP in found["figure", "paid_up_capital"].missing
    equal = {row["rule"] for row in _rows(output, "verdicts") if row["relation"] == "equal"}
    assert equal and not equal & {one.rule for one in sector.near}
    assert not equal & {one.name for one in sector.rules if one.on_edge}
    assert any(one.on_edge for one in sector.rules)

    page = output / "report.html"
    assert (
        CliRunner().invoke(cli, ["federation", "report", str(output), "--lang", "fr"]).exit_code
        == 0
    )
    text = page.read_text("utf-8")
    assert "31 décembre 2024" in text and "2024-12-31" not in text
    assert "Sociétés coopératives de production (Scop)" in text and "fr.scop" not in text
    assert "Taux du travail" in text and "Work rate" not in text


def test_an_account_whose_movements_are_not_known_is_not_taken_for_one_of_another_law(
    tmp_path: Path,
) -> None:
    policies, output = tmp_path / "policies", tmp_path / "outcome"
    for name in (SCOP, ITALIAN):
        shutil.copytree(POLICIES / name, policies / name)
    report = Report()
    form = load_world(report).tables["csv"]
    arguments = [str(policies), "--output", str(output), "--tables", "csv"]
    assert CliRunner().invoke(cli, ["federation", "run", *arguments]).exit_code == 0
    rows = _rows(output, "accounts")
    for row in rows:
        if (row["cooperative"], row["account"]) == (SCOP, "reserves"):
            row.update(dict.fromkeys(("opening", "added", "taken", "balance"), ""))
    with (output / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    sector = sector_of(output, form, report)
    assert sector is not None and not report.diagnostics
    found = {(one.sort, one.name): one for one in sector.figures}["balance", "reserves"]
    assert set(found.own) == {ITALIAN} and found.missing == (SCOP,)


def test_a_run_speaks_the_language_that_all_statutes_share(tmp_path: Path) -> None:
    shutil.copytree(POLICIES / SCOP, tmp_path / "policies" / SCOP)
    run = ["federation", "run", str(tmp_path / "policies"), "--output", str(tmp_path / "outcome")]
    assert (
        CliRunner()
        .invoke(cli, run)
        .output.startswith("Coopératives évaluées\N{NO-BREAK SPACE}: 1\n")
    )
    report = ["federation", "report", str(tmp_path / "outcome")]
    assert CliRunner().invoke(cli, report).output.startswith("Page écrite dans")
    assert '<html lang="fr">' in (tmp_path / "outcome" / "report.html").read_text("utf-8")


@pytest.mark.parametrize("given", [".", "2024"])
def test_the_folder_of_one_cooperative_is_told_as_such(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the two commands that it advises are of that cooperative, and of all."""
    shutil.copytree(POLICIES / SCOP, tmp_path / "policies" / SCOP)
    monkeypatch.chdir(tmp_path / "policies" / SCOP)
    run = ["federation", "run", given, "--output", str(tmp_path / "outcome")]
    told = CliRunner().invoke(cli, run)
    assert told.exit_code == 2 and "P970" in told.output
    above, alone = re.findall(r"`([^`]+)`", told.output.replace("\n    ", " "))[1:]
    assert Path(above).resolve() == tmp_path / "policies"
    assert CliRunner().invoke(cli, alone.split()[1:]).exit_code == 0
