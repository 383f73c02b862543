"""The kit for plugins: what it passes, and each mistake that it must not pass."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.apps.cli.plugin import files_of

LAW = "coopfx_bakers/law/statute.en.coop"
CASES = "tests/cases/bakers.en.coop"
FRENCH = "coopfx_bakers/words/fr/statute.toml"
SETTINGS = "tests/conformance.toml"
TYPED = "$10,000.00, added reserves.development = 600 "
NAMED = '  account reserves.development "bread fund"\n'


def made(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """A plugin as `coopfx plugin new bakers` makes it, with some of its texts changed."""
    target = folder / "coopfx-bakers"
    ended = CliRunner().invoke(cli, ["plugin", "new", "bakers", "--folder", str(target)])
    assert ended.exit_code == 0, ended.output
    for name, before, after in changes:
        text = (target / name).read_text("utf-8")
        assert before in text, (name, before)
        (target / name).write_text(text.replace(before, after), "utf-8")
    return target


def own_tests(plugin: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Its own tests, as its author runs them."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            *options,
        ],
        cwd=plugin,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_new_plugin_passes_at_once(tmp_path: Path) -> None:
    plugin = made(tmp_path)
    ended = own_tests(plugin)
    assert ended.returncode == 0, ended.stdout
    assert int(re.findall(r"(\d+) passed", ended.stdout)[0]) > 15


def test_a_law_in_canadian_dollars_is_written_tested_and_listed(tmp_path: Path) -> None:
    older = CASES.replace(".en.coop", "_2023.en.coop")
    plugin = made(
        tmp_path,
        (LAW, "currency EUR", "currency CAD"),
        (LAW, "  require bread_fund_fed", NAMED + "  require bread_fund_fed"),
        (LAW, "surplus > 0 EUR", "surplus > $0"),
        (CASES, "currency EUR", "currency CAD"),
        (CASES, "10 000 EUR, added reserves.development = 600 ", TYPED),
        (CASES, " EUR", " $"),
        (older, " EUR", " CAD"),
    )  # fmt: skip
    ended = own_tests(plugin)
    assert ended.returncode == 0, ended.stdout
    statute = tmp_path / "statute.en.coop"
    heading = 'statute "Oven" under bakers.statute\ncurrency {}\nin force from 2024-01-01\n'
    share = 'article 1 "Surplus"\n  allocate surplus\n    rest to reserves.development\n'
    data = "closing = 2024-12-31\nsurplus = 75000\n"
    for currency, status in (("CAD", 0), ("EUR", 1)):
        text = f"{heading.format(currency)}{share}    losses to losses_brought_forward\n"
        statute.write_text(text)
        (tmp_path / "2024").mkdir(exist_ok=True)
        (tmp_path / "2024" / "cooperative.toml").write_text(data)
        checked = with_plugin(plugin, "check", str(tmp_path))
        assert checked.returncode == status, checked.stderr
        assert checked.stderr.count("L517") == checked.stderr.count("error ") == status
    assert "bakers.statute: Cooperatives of bakers" in with_plugin(plugin, "laws").stdout
    statute.write_text(f"{heading.format('CAD')}{share}    losses to losses_brought_forward\n")
    shown = with_plugin(plugin, "run", str(tmp_path)).stdout
    assert "bread fund" in shown and "CAD\u00a075,000.00" in shown, shown


def with_plugin(plugin: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command beside a plugin, as if it were installed."""
    info = plugin / "coopfx_bakers-0.1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: coopfx-bakers\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[coopfx]\nbakers = coopfx_bakers\n")
    return subprocess.run(
        [sys.executable, "-m", "coopfx", *arguments],
        env={**os.environ, "PYTHONPATH": str(plugin), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_new_plugin_has_all_that_one_needs_and_speaks_of_itself_alone(tmp_path: Path) -> None:
    plugin = made(tmp_path)
    for name in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        ".github/workflows/tests.yml",
        LAW,
        CASES,
    ):
        assert (plugin / name).is_file(), name
    for path in plugin.rglob("*"):
        if path.is_file() and path.name != "LICENSE":
            text = path.read_text("utf-8")
            assert "coopfx-example" not in text and "coopfx_example" not in text, path


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    plugin = made(tmp_path, ("README.md", "# coopfx-bakers", "# mine"))
    again = CliRunner().invoke(cli, ["plugin", "new", "bakers", "--folder", str(plugin)])
    assert again.exit_code == 2 and "P914" in again.stderr
    assert (plugin / "README.md").read_text("utf-8").startswith("# mine")


def test_the_prefix_of_a_distribution_is_not_doubled_and_no_file_keeps_the_example_s_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not [name for name in files_of("pt") if "bakers" in name]
    ended = CliRunner().invoke(cli, ["plugin", "new", "coopfx-pt"])
    assert ended.exit_code == 0 and Path("coopfx-pt/coopfx_pt/law/statute.en.coop").is_file()


@pytest.mark.parametrize("name", ["Bakers", "two words", "../up", "class", "1st", ""])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    target = tmp_path / "made"
    ended = CliRunner().invoke(cli, ["plugin", "new", name, "--folder", str(target)])
    assert ended.exit_code == 2 and not target.exists()


def test_the_example_is_what_a_new_plugin_is_made_from() -> None:
    example = Path(__file__).parent.parent / "plugins" / "example"
    for name, content in files_of("example").items():
        assert (example / name).read_bytes() == content, name


LATE = (LAW, "    from 2020-01-01: 5%", "    from 2021-01-01: 5%")


def excused(day: str) -> tuple[str, str, str]:
    """The change that excuses the rate that begins too late, by the day from which there is one."""
    excuse = f'excused."bread_rate before {day}" = "no earlier rate was ever published"'
    return SETTINGS, 'plugin = "bakers"', f'plugin = "bakers"\n{excuse}'


BROKEN: dict[str, tuple[Any, ...]] = {
    "a law that does not parse": ((LAW, "require few_nights", "requir few_nights"), "text"),
    "an article without a source": (
        (LAW, '\n  ref "Bakers\' Act of Example, article 7"', ""),
        "sources",
    ),
    "a parameter that begins too late": (LATE, "gaps"),
    "a rule without a title": ((FRENCH, 'few_nights = "600', 'few_night = "600'), "words"),
    "a word file that is no TOML": ((FRENCH, "[rules]", "[rules"), "words"),
    "a rule that no case violates": (
        (CASES, "| 601", "| 599"),
        "both sides",
    ),
    "a case that stands far from the edge": ((CASES, "| 601", "| 700"), "edges"),
    "a branch that no case reaches": (
        (LAW, "    when surplus > 0 EUR\n", "    when surplus > 0 EUR or ovens > 3\n"),
        (LAW, "  require bread_fund_fed", "  input ovens : whole >= 0\n  require bread_fund_fed"),
        "bread_fund_fed, when 2: where `ovens > 3` holds, no case turns on it",
    ),
    "an alternative that no case reaches": (
        (LAW, "<= 600 hours", "<= max(600 hours, 25% of hours)"),
        "few_nights, condition, max 2: where",
    ),
    "one of two equal constants that no case notices": (
        (LAW, "    when surplus > 0 EUR\n", "    when surplus > 0 EUR and surplus * 2 > 0 EUR\n"),
        "bread_fund_fed, 2 of 2 equal ones: no case notices",
    ),
    "a ceiling that has changed": ((LAW, "<= 600 hours", "<= 601 hours"), "an hour more"),
    "a rate that has changed": ((LAW, "2024-01-01: 6%", "2024-01-01: 7%"), "the bread fund gets"),
    "a past rate that has changed": ((LAW, "2020-01-01: 5%", "2020-01-01: 4%"), "older rate"),
    "a constant that no case notices": (
        (CASES, "given surplus = 1 EUR", "given surplus = 2 EUR"),
        "constants",
    ),
    "an excuse that excuses nothing": (
        (SETTINGS, 'plugin = "bakers"', 'plugin = "bakers"\nexcused."article 4" = "why"'),
        "excused",
    ),
    "a value that was typed otherwise": (
        (
            SETTINGS,
            'plugin = "bakers"',
            'plugin = "bakers"\n[values.bread_rate]\n2020-01-01 = "0.05"',
        ),
        "values",
    ),
    "a value of no parameter": (
        (SETTINGS, 'plugin = "bakers"', 'plugin = "bakers"\n[values.rye_rate]\n2020-01-01 = "5%"'),
        "values",
    ),
    "a value without its days": (
        (SETTINGS, 'plugin = "bakers"', 'plugin = "bakers"\n[values]\nbread_rate = "5%"'),
        "settings",
    ),
    "an excuse without a reason": (
        (SETTINGS, 'plugin = "bakers"', 'plugin = "bakers"\nexcused."article 4" = 4'),
        "settings",
    ),
    "settings that are no TOML": ((SETTINGS, 'plugin = "bakers"', "plugin = bakers"), "settings"),
    "a key that is none": (
        (SETTINGS, 'plugin = "bakers"', 'plugin = "bakers"\ncase = "x"'),
        "plugin",
    ),
    "a plugin that is not there": ((SETTINGS, 'plugin = "bakers"', 'plugin = "backers"'), "plugin"),
    "an excuse that is misspelt": (
        LATE,
        excused("2021-01-10"),
        "did you mean 'bread_rate before 2021-01-01'?",
    ),
    "a misspelt hook": (
        ("coopfx_bakers/__init__.py", "def coopfx_laws", "def coopfx_law"),
        "plugin",
    ),
}


def test_no_mistake_is_passed(tmp_path: Path) -> None:
    """Each by a plugin of its own, all of them in one run."""
    for place, (*changes, _) in enumerate(BROKEN.values()):
        (tmp_path / str(place)).mkdir()
        made(tmp_path / str(place), *changes)
    ended = own_tests(tmp_path, "--junitxml=told.xml")
    failed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for case in ElementTree.parse(tmp_path / "told.xml").iter("testcase"):
        for failure in case.iter("failure"):
            plugin = case.attrib["classname"].partition(".")[0]
            failed[plugin].append((case.attrib["name"].rpartition("::")[2], failure.text or ""))
    for place, (name, (*_, check)) in enumerate(BROKEN.items()):
        told = failed[str(place)]
        words = any(" " in check and check in said + text for said, text in told)
        assert words or check in dict(told), (name, told)
    assert "Traceback" not in ended.stdout


def test_what_is_excused_with_a_reason_passes(tmp_path: Path) -> None:
    assert own_tests(made(tmp_path, LATE, excused("2021-01-01"))).returncode == 0
