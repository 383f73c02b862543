"""`coopfx` alone says where one is and what comes next; a healthy year fits on a screen."""

import re
import shlex
import shutil
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.desk.policy import open_policy
from coopfx.ground.report import Report

POLICIES = Path(__file__).parents[2] / "policies"
STATUTE = """statute "Oven"
currency EUR
in force from 2020-01-01

article 1 "Surplus"
  allocate surplus
    50% to work_share
    rest to reserves.legal

article 2 "Work share"
  share work_share among workers equally

article 3 "Pay"
  require one_pay: max of full_time_pay over workers = min of full_time_pay over workers
"""
YEAR = 'closing = {closing}\nsurplus = {surplus}\n[balances]\n"reserves.legal" = 0\n'


def coopfx(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
def oven(tmp_path: Path) -> Path:
    folder = tmp_path / "oven"
    folder.mkdir()
    (folder / "statute.en.coop").write_text(STATUTE, "utf-8")
    return folder


def year(policy: Path, name: str, closing: str, surplus: int, pay: str = "2000") -> Path:
    folder = policy / name
    folder.mkdir()
    text = YEAR.format(closing=closing, surplus=surplus)
    (folder / "cooperative.toml").write_text(text, "utf-8")
    people = f"id,worker,full_time_pay\nada,yes,2000\nbo,yes,{pay}\n"
    (folder / "people.csv").write_text(people, "utf-8")
    return folder


# ---- coopfx alone


def test_in_a_folder_without_a_cooperative_one_is_begun(tmp_path: Path) -> None:
    with chdir(tmp_path):
        said = coopfx("--lang", "fr")
    assert said.exit_code == 0
    assert "Il n'y a pas encore de coopérative dans ce dossier." in said.output
    assert "coopfx new fournil" in said.output
    (tmp_path / "fournil").mkdir()
    with chdir(tmp_path):
        assert "coopfx new fournil-2" in coopfx("--lang", "fr").output


def test_cooperatives_below_are_named() -> None:
    with chdir(POLICIES.parent):
        said = coopfx("--lang", "en").output
    assert "the folders of 6 cooperatives: policies/alma" in said.replace("\n", " ")
    assert "coopfx run policies/alma" in said


@pytest.mark.parametrize("name", ["l'atelier", "le four", "pain & vin", "pain(s)", "boulangerie-é"])
def test_a_command_that_is_shown_can_be_typed(oven: Path, name: str) -> None:
    oven.rename(oven.parent / name)
    with chdir(oven.parent):
        said = coopfx().output
    (command,) = re.findall(r"^  (coopfx check .*?)(?:  |$)", said, re.MULTILINE)
    typed = shlex.shlex(command, posix=True, punctuation_chars=True)
    typed.whitespace_split = True
    assert list(typed) == ["coopfx", "check", name]


def test_what_comes_next_follows_from_how_things_stand(oven: Path) -> None:
    with chdir(oven):
        assert "It has no year yet." in coopfx().output
        folder = year(oven, "2024", "2024-12-31", 1000)
        said = coopfx().output
        assert "The only rule is kept." in said and "coopfx explain . work_share" in said
        (folder / "people.csv").unlink()
        said = coopfx().output
        assert "coopfx explain . --missing" in said and "coopfx papers" not in said
        (folder / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1.5\n", "utf-8")
        assert "there is a mistake in it" in coopfx().output
        (oven / "statute.en.coop").write_text(STATUTE.replace("50%", "fifty"), "utf-8")
        said = coopfx().output
        assert "mistake" in said and "coopfx check ." in said and "coopfx run" not in said


def test_a_rule_that_is_broken_asks_for_the_nearest_statute(oven: Path) -> None:
    year(oven, "2024", "2024-12-31", 1000, pay="3000")
    with chdir(oven):
        assert "coopfx prove . --nearest" in coopfx().output


def test_inside_a_year_the_commands_name_it(oven: Path) -> None:
    year(oven, "2023", "2023-12-31", 1)
    year(oven, "2024", "2024-12-31", 1000)
    with chdir(oven / "2023"):
        said = coopfx().output
    assert "The year 2023:" in said and "coopfx run .. 2023" in said


# ---- a healthy year fits on a screen


@pytest.mark.parametrize("policy", ["il-filo", "la-halle", "quartet"])
def test_rules_that_are_well_are_counted_and_listed_where_asked(policy: str) -> None:
    short = coopfx("run", str(POLICIES / policy), "--lang", "en").output
    whole = coopfx("run", str(POLICIES / policy), "--lang", "en", "--rules").output
    assert "✓" in whole and len(short.splitlines()) < len(whole.splitlines())
    assert "`--rules` lists every rule." in short and "--rules" not in whole
    # Nothing but the rules is left out.
    listed = {line for line in whole.splitlines() if line.lstrip()[:1] in {"✓", "–"}}
    assert set(whole.splitlines()) - listed - set(short.splitlines()) <= {
        "Rules of the law",
        "Rules of the statute",
        "  * still to confirm: the current wording of the article, or a figure that the verdict rests on",
        *(line for line in whole.splitlines() if line.startswith("All ")),
        *(line for line in whole.splitlines() if line.startswith("The only rule")),
    }


def test_what_asks_to_be_looked_at_is_listed(oven: Path) -> None:
    year(oven, "2024", "2024-12-31", 1000, pay="3000")
    said = coopfx("run", str(oven)).output
    assert "✗ one pay" in said and "1 rule is violated." in said


# ---- which year is the latest


def test_a_copied_folder_is_not_silently_the_latest(oven: Path) -> None:
    folder = year(oven, "2024", "2024-12-31", 1000)
    shutil.copytree(folder, oven / "2024 - Copie")
    text = (oven / "2024 - Copie" / "cooperative.toml").read_text("utf-8")
    (oven / "2024 - Copie" / "cooperative.toml").write_text(text.replace("1000", "7777"), "utf-8")
    said = coopfx("run", str(oven))
    assert "€1,000.00" in said.output and "7,777" not in said.output
    assert "P949" in said.output and "`2024` and `2024 - Copie`" in said.output
    named = coopfx("run", str(oven), "2024 - Copie").output
    assert "7,777" in named and "(folder “2024 - Copie”)" in named


def test_the_latest_is_the_one_that_closes_last_whatever_its_name(oven: Path) -> None:
    year(oven, "2024", "2024-12-31", 1000)
    year(oven, "2023 bis", "2025-12-31", 2000)
    said = coopfx("run", str(oven)).output
    assert "31 December 2025 (folder “2023 bis”)" in said and "P949" not in said


def test_a_year_whose_date_cannot_be_read_hides_behind_no_other(oven: Path) -> None:
    year(oven, "2024", "2024-12-31", 1000)
    broken = year(oven, "2025 draft", "2025-12-31", 2000)
    (broken / "cooperative.toml").write_text('closing = "soon"\n', "utf-8")
    said = coopfx("run", str(oven))
    assert said.exit_code != 0 and "2025 draft" in said.output


def test_a_year_before_is_read_once_though_it_was_copied(oven: Path) -> None:
    text = STATUTE + "\narticle 4\n  require growth: surplus >= previous surplus\n"
    (oven / "statute.en.coop").write_text(text, "utf-8")
    folder = year(oven, "2023", "2023-12-31", 500)
    shutil.copytree(folder, oven / "2023 copy")
    copied = oven / "2023 copy" / "cooperative.toml"
    copied.write_text(copied.read_text("utf-8").replace("500", "5000"), "utf-8")
    year(oven, "2024", "2024-12-31", 1000)
    said = coopfx("run", str(oven), "--rules").output
    assert "€1,000.00 ≥ €500.00" in said and "`2023 copy`" in said


def test_a_plain_name_costs_no_further_reading(oven: Path) -> None:
    year(oven, "2023-2024", "2024-06-30", 1)
    year(oven, "2025-06-30", "2025-06-30", 2)
    said = coopfx("run", str(oven)).output
    assert "30 June 2025\n" in said
    policy = open_policy(oven, Report())
    assert policy is not None and [one.name for one in policy.years] == ["2023-2024", "2025-06-30"]
