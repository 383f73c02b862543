"""What a statute sets aside of a law: it runs, and says so with the reason wherever rules are shown."""

import csv
import json
from pathlib import Path

import packs
import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.engine.examples.run import run_examples
from coopfx.engine.outcome import NOT_APPLIED
from coopfx.engine.proof.equivalence import same
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.ground.report import Report

WHY = "registered so in 2019"
ASIDE = f'  set aside fr.scop.work_share_keys "{WHY}"\n  set aside fr.scop.work_share_minimum "a ruling"\n'
CLAUSES = """  allocate surplus
    20% to reserves.legal
    20% to work_share
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among workers where presence >= 3 months or seniority >= 6 months
    by hours * seniority
"""
EXAMPLE = """example "what is set aside has no verdict"
  given surplus = 100 EUR
  expect fr.scop.work_share_minimum set aside
  expect fr.scop.work_share_keys set aside
"""
HEAD = 'statute "The Oven" under fr.scop\ncurrency EUR\nin force from 2020-01-01\narticle 1\n'
PEOPLE = "id,worker,hours,presence,seniority\nana,yes,1000,12,24\nben,yes,500,12,12\n"
YEAR = 'closing = 2024-12-31\nsurplus = "1000.00"\n'


@pytest.fixture
def oven(tmp_path: Path) -> Path:
    """A policy whose statute splits by a formula that the law refuses, and gives too little to work."""
    folder = tmp_path / "oven"
    (folder / "2024").mkdir(parents=True)
    (folder / "coopfx.toml").write_text('language = "en"\n', "utf-8")
    (folder / "statute.en.coop").write_text(HEAD + ASIDE + CLAUSES + EXAMPLE, "utf-8")
    (folder / "2024" / "cooperative.toml").write_text(YEAR, "utf-8")
    (folder / "2024" / "people.csv").write_text(PEOPLE, "utf-8")
    return folder


def output(*asked: object) -> str:
    """What a command prints; one that ends as a mistake does is told."""
    ended = CliRunner().invoke(cli, [str(one) for one in asked])
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def plain(text: str) -> str:
    """A text on one line, whatever its spaces are."""
    return " ".join(text.split())


def test_without_it_the_statute_has_no_result() -> None:
    assert packs.told(CLAUSES, "fr.scop", packs.installed()) == ["L501"]
    assert set(packs.told(ASIDE + CLAUSES, "fr.scop", packs.installed())) == {"L518"}


@pytest.mark.parametrize("language", ["en", "es", "fr", "it"])
def test_a_year_runs_and_every_reading_of_it_says_so(oven: Path, language: str) -> None:
    speaks = ("--lang", language)
    said = plain(packs.installed().words(language).phrase("report.aside", why=WHY))
    for asked in (
        ("run", oven, "2024"),
        ("prove", oven),
        ("run", oven, "2024", "--format", "report.html"),
    ):
        shown = plain(output(*asked, *speaks))
        assert shown.count("⚠") >= 2 and said in shown, asked
    for form in ("text", "prose"):
        shown = output(
            "explain", oven, "2024", "fr.scop.work_share_keys", "--format", form, *speaks
        )
        assert WHY in plain(shown)
    checked = CliRunner().invoke(cli, ["check", str(oven), *speaks])
    assert checked.exit_code == 0 and "L518" in checked.output and WHY in checked.output


def test_programs_read_a_status_of_its_own(oven: Path) -> None:
    verdicts = json.loads(output("run", oven, "2024", "--format", "json"))["verdicts"]
    aside = {one["rule"]: one for one in verdicts if one["status"] == "set aside"}
    assert set(aside) == {"fr.scop.work_share_keys", "fr.scop.work_share_minimum"}
    assert aside["fr.scop.work_share_keys"]["set_aside"] == WHY
    proofs = json.loads(output("prove", oven, "--format", "json"))["statutes"][0]["rules"]
    assert {one["rule"] for one in proofs if one["verdict"] == NOT_APPLIED} == set(aside)
    assert all("set_aside" not in one for one in verdicts if one["rule"] not in aside)


def test_a_federation_counts_it_and_its_tables_are_those_of_the_reference(
    oven: Path, tmp_path: Path
) -> None:
    folder, tables = tmp_path / "sector", tmp_path / "tables"
    for name, text in (("aside", ASIDE + CLAUSES), ("plain", CLAUSES.replace(" * seniority", ""))):
        (folder / "statutes" / name).mkdir(parents=True)
        (folder / "statutes" / name / "statute.en.coop").write_text(HEAD + text, "utf-8")
    rows = "cooperative,closing,statute,name,surplus\n"
    rows += "one,2024-12-31,aside,One,1000\ntwo,2024-12-31,plain,Two,1000\n"
    (folder / "cooperatives.csv").write_text(rows, "utf-8")
    header, *people = PEOPLE.splitlines()
    lines = [f"{name},{line}" for name in ("one", "two") for line in people]
    (folder / "people.csv").write_text("\n".join([f"cooperative,{header}", *lines, ""]), "utf-8")
    asked = ("--output", tables, "--tables", "csv")
    ran = CliRunner().invoke(cli, ["federation", "run", str(folder), *map(str, asked)])
    assert ran.exit_code == 1, ran.output  # the second gives too little to work
    with (tables / "verdicts.csv").open(encoding="utf-8") as file:
        found = {(one["cooperative"], one["rule"]): one for one in csv.DictReader(file)}
    rule = "fr.scop.work_share_minimum"
    assert found["one", rule]["status"] == "set aside"
    assert found["one", rule]["set_aside"] == "a ruling"
    assert found["two", rule]["status"] == "violated"
    assert ("two", "fr.scop.work_share_keys") not in found
    counts = json.loads((tables / "summary.json").read_text("utf-8"))["verdicts"][rule]
    assert (counts["set_aside"], counts["violated"]) == (1, 1)
    for name in ("one", "two"):  # what the sweep wrote is what the reference says
        output("federation", "why", folder, name, "work_share", *asked)
    page = tables / "report.html"
    output("federation", "report", tables, "--lang", "en")
    assert f"⚠ one: Set aside by this statute: {WHY}" in page.read_text("utf-8")


def test_the_prover_asks_nothing_of_it() -> None:
    made, _ = packs.compiled(ASIDE + CLAUSES, "fr.scop", packs.installed())
    assert made is not None
    proofs = list(prove(made.program))
    found = {one.rule: one for one in proofs if one.verdict == NOT_APPLIED}
    assert found["fr.scop.work_share_keys"].set_aside == WHY
    assert not any(one.fails for one in found.values())
    clauses = list(prove_clauses(made.program, proofs))
    assert not any(one.kind == "form" for one in clauses)
    named = {name for one in clauses if one.kind == "conflict" for name in one.subjects}
    assert named.isdisjoint(found)


def test_two_versions_of_which_one_sets_a_rule_aside_are_not_the_same() -> None:
    plain = CLAUSES.replace(" * seniority", "").replace("20% to work_share", "30% to work_share")
    world = packs.installed()
    one, _ = packs.compiled(plain, "fr.scop", world)
    other, _ = packs.compiled(ASIDE + plain, "fr.scop", world)
    assert one is not None and other is not None
    found = {item.name: item.verdict for item in same(one.program, other.program)}
    for name in ("fr.scop.work_share_keys", "fr.scop.work_share_minimum"):
        assert found[name] == "aside_new"
    found = {item.name: item.verdict for item in same(other.program, one.program)}
    assert found["fr.scop.work_share_minimum"] == "aside_old"


def test_two_languages_of_a_statute_set_aside_the_same(oven: Path) -> None:
    written = {
        language: output("translate", oven, "--to", language) for language in ("es", "fr", "it")
    }
    assert "écarter fr.scop.clés_de_la_part_travail «" in written["fr"]
    for language, text in written.items():
        (oven / f"statute.{language}.coop").write_text(text, "utf-8")
    output("run", oven, "2024")
    french = oven / "statute.fr.coop"
    lines = french.read_text("utf-8").splitlines(keepends=True)
    french.write_text(
        "".join(line for line in lines if "part_travail_minimale" not in line), "utf-8"
    )
    ended = CliRunner().invoke(cli, ["run", str(oven), "2024"])
    assert ended.exit_code == 2 and "P908" in ended.output
    assert "statute.en.coop:6" in ended.output


def test_an_example_may_expect_it() -> None:
    made, _ = packs.compiled(ASIDE + CLAUSES + EXAMPLE, "fr.scop", packs.installed())
    assert made is not None
    report = Report()
    assert [one.passed for one in run_examples(made.program, report)] == [True]
    assert not report.diagnostics


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("set aside fr.scop.work_share_minimum", "L519"),
        ('set aside fr.scop.work_share_minimum " "', "L519"),
        ('set aside fr.scop.work_share_minimun "x"', "L520"),
        ('set aside es.euskadi.work_share_keys "x"', "L520"),
        ('set aside own "x"', "L521"),
        ('set aside fr.scop.reserves "x"', "L522"),
        ('set aside reserves.legal "x"', "L522"),
        ('set aside work_share_minimum "x"\n  set aside fr.scop.work_share_minimum "y"', "L523"),
    ],
)
def test_what_cannot_be_set_aside_is_told(line: str, code: str) -> None:
    lawful = CLAUSES.replace(" * seniority", "")
    rule = "  require own: surplus > 0 EUR\n"
    found = packs.told(f"  {line}\n{rule}{lawful}", "fr.scop", packs.installed())
    assert set(found) - {"L518"} == {code}
