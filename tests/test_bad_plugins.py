"""Beside any other plugin, however bad, all else runs: the same bytes, one diagnostic, nothing printed."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest
from bad_plugins import AMISS, module_text
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.plugged import world as plugged_world
from coopfx.plugged.hookspecs import Command, Writer, hookimpl
from coopfx.plugged.published import BROUGHT, how_to_install
from coopfx.plugged.world import Found, World, load_world

REPOSITORY = Path(__file__).parent.parent
QUARTET, DEMO = "policies/quartet", "policies/alma"
NUMBERS = {name: number for number, name in enumerate(AMISS)}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setenv("NO_COLOR", "1")


def publish(folder: Path, name: str) -> None:
    """Put a bad plugin into a folder as pip leaves it."""
    module = f"bad_plugin_{NUMBERS[name]}"
    info = folder / f"{module}-0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text(f"[coopfx]\n{module} = {module}\n")
    (folder / f"{module}.py").write_text(module_text(NUMBERS[name], AMISS[name][0]))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs bad plugins, as if for the first time."""

    def install(*names: str) -> None:
        for name in names:
            publish(tmp_path, name)
            monkeypatch.delitem(sys.modules, f"bad_plugin_{NUMBERS[name]}", raising=False)
        monkeypatch.syspath_prepend(tmp_path)

    return install


def names(world: World) -> set[str]:
    return {key for key, plugin in world.origins.items() if "bad" not in plugin.distribution}


@pytest.fixture(scope="module")
def usual() -> World:
    """What is there where no stranger's plugin is installed."""
    return load_world(Report())


@pytest.mark.parametrize("name", AMISS)
def test_a_bad_plugin_is_one_message_and_all_else_is_there(
    name: str,
    installed: Callable[..., None],
    usual: World,
    capfd: pytest.CaptureFixture[str],
) -> None:
    installed(name)
    report = Report()
    world = load_world(report)
    assert names(world) == names(usual)
    code, words = AMISS[name][1:]
    assert [one.code for one in report.diagnostics] == [code] * bool(code)
    for language in ("en", "fr", "es", "it"):
        for told in report.diagnostics:
            shown = world.words(language).message(told) + world.words(language).help(told)
            assert not re.search(r"\{\w+\}|plugins\.problem", shown), shown
            assert f"bad_plugin_{NUMBERS[name]}" in shown
            assert words in shown or language != "en"
    assert capfd.readouterr() == ("", "") and Path.cwd() == REPOSITORY


def test_the_demo_is_the_same_beside_all_of_them_at_once(
    installed: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    alone = run("run", DEMO, "--lang", "en")
    installed(*AMISS)
    beside = run("run", DEMO, "--lang", "en")
    assert beside.exit_code == alone.exit_code == 0
    assert beside.stdout == alone.stdout and "rules are kept.\n" in alone.stdout
    amiss = [name for name, (_, code, _) in AMISS.items() if code]
    told = [line for line in beside.stderr.splitlines() if line.startswith("warning ")]
    assert len(told) == len(amiss)
    for name in amiss:
        assert sum(bool(re.search(rf"bad_plugin_{NUMBERS[name]}\b", line)) for line in told) == 1
    assert capfd.readouterr() == ("", "")
    assert run("plugins").exit_code == 1, "what is left out is told by the status"


@pytest.mark.soak
@pytest.mark.parametrize("name", AMISS)
def test_the_demo_is_the_same_beside_each(name: str, tmp_path: Path) -> None:
    publish(tmp_path, name)
    shown = [sys.executable, "-m", "coopfx", "run", DEMO, "--lang", "en"]
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    alone, beside = (
        subprocess.run(shown, env=environment | more, capture_output=True, check=False)
        for more in ({}, {"PYTHONPATH": str(tmp_path)})
    )
    assert alone.returncode == beside.returncode == 0, beside.stderr
    assert beside.stdout == alone.stdout
    told = beside.stderr.decode()
    assert "Traceback" not in told and "hello" not in told


def test_a_slow_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("slow")
    module.coopfx_writers = hookimpl(lambda: [Writer("slow", lambda *_: "")])  # type: ignore[attr-defined]
    monkeypatch.setattr(plugged_world, "SLOW", -1.0)
    report = Report()
    world = load_world(report, [(Found("slow", "slow", "slow", "1"), module)])
    told = [one for one in report.diagnostics if one.arguments["plugin"] == "slow"]
    assert [one.code for one in told] == ["P903"] and "slow" in world.writers


def test_a_distribution_whose_entry_points_are_amiss_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "torn-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: torn\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text("[coopfx]\ntorn\n")
    monkeypatch.syspath_prepend(tmp_path)
    report = Report()
    load_world(report)
    assert [one.code for one in report.diagnostics] == ["P903"]


def test_of_two_distributions_of_one_name_the_first_on_the_path_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "bad_plugin_52", raising=False)
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        publish(tmp_path / place, "calls its hook otherwise")
        monkeypatch.syspath_prepend(tmp_path / place)
    report = Report()
    load_world(report)
    assert not report.diagnostics


# ---- what a plugin's functions do when they are called


def stranger(**hooks: object) -> list[tuple[Found, object]]:
    module = ModuleType("stranger")
    for name, returned in hooks.items():
        function = hookimpl(lambda returned=returned: returned)
        setattr(module, f"coopfx_{name}", function)
    return [(Found("stranger", "stranger", "coopfx-stranger", "3.1"), module)]


def leave(*_: object) -> str:
    sys.exit(5)


def speak(*_: object) -> str:
    print("hello")
    print("hello", file=sys.stderr)
    return "the year\n"


def test_a_writer_that_ends_the_process_is_told() -> None:
    brought = stranger(writers=[Writer("bad", leave)])
    ended = CliRunner().invoke(cli, ["run", QUARTET, "--format", "bad"], obj=brought)
    assert ended.exit_code == 2
    assert "P931" in ended.stderr and "sys.exit(5)" in ended.stderr and not ended.stdout


def test_what_a_writer_prints_is_not_shown() -> None:
    brought = stranger(writers=[Writer("bad", speak)])
    ended = CliRunner().invoke(cli, ["run", QUARTET, "--format", "bad"], obj=brought)
    assert (ended.exit_code, ended.stdout) == (0, "the year\n")
    assert "hello" not in ended.stderr


@click.command("bake")
@click.argument("status", type=int)
def bake(status: int) -> None:
    """Bake."""
    click.echo("Baked.")
    sys.exit(status)


@pytest.mark.parametrize(("status", "ends", "told"), [(0, 0, 0), (1, 1, 0), (2, 2, 0), (5, 2, 1)])
def test_a_command_speaks_for_itself_and_ends_as_commands_end(
    status: int, ends: int, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("bakery_of_bad")
    module.bake = bake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bakery_of_bad", module)
    brought = stranger(commands=[Command("bake", "Bake.", "bakery_of_bad:bake")])
    ended = CliRunner().invoke(cli, ["bake", str(status)], obj=brought)
    assert (ended.exit_code, ended.stdout) == (ends, "Baked.\n")
    assert ended.stderr.count("P931") == told


# ---- what this repository's plugins bring, and where they are not


def test_what_is_said_to_be_brought_is_what_is_brought() -> None:
    world = load_world(Report())
    found: dict[str, set[str]] = {}
    for key, plugin in world.origins.items():
        if plugin.distribution != "coopfx":
            found.setdefault(plugin.distribution, set()).add(key)
    assert found == {name: set(keys) for name, keys in BROUGHT.items()}
    for name in BROUGHT:
        assert (REPOSITORY / "plugins" / name / "pyproject.toml").is_file()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """coopfx without any plugin."""
    monkeypatch.setattr(plugged_world, "discover", list)


@pytest.mark.parametrize(
    ("arguments", "plugin"),
    [
        (["papers", QUARTET, "--output", "x"], "coopfx-papers"),
        (["papers", "--help"], "coopfx-papers"),
        (["template", QUARTET], "coopfx-sheets"),
        (["fec", "show", "x"], "coopfx-fec"),
        (["run", QUARTET, "--format", "xlsx"], "coopfx-sheets"),
        (["run", QUARTET, "--format", "entries"], "coopfx-fec"),
        (["run", QUARTET, "--format", "statement.pdf"], "coopfx-papers"),
        (["federation", "run", "policies", "--output", "x", "--engine", "dask"], "coopfx-dask"),
        (["federation", "run", "policies", "--output", "x", "--engine", "ray"], "coopfx-ray"),
        (["federation", "run", "policies", "--output", "x", "--tables", "parquet"], "coopfx-parquet"),
        (["laws", "es.cooperativas"], "coopfx-es"),
        (["check", DEMO], "coopfx-fr"),
        (["check", "policies/le-rabot"], "coopfx-fr"),
        (["check", "policies/il-filo"], "coopfx-it"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("bare")
def test_what_is_not_installed_is_named_with_how_it_is(arguments: list[str], plugin: str) -> None:
    ended = run(*arguments)
    # A law that is not there is a mistake of the statute, all else is a command that cannot work.
    assert ended.exit_code == (1 if arguments[0] == "check" else 2), ended.output
    shown = " ".join(ended.stderr.split())
    assert f"`{plugin}`" in shown and f"plugins/{plugin}`" in shown
    assert "Traceback" not in shown and "No such" not in shown


@pytest.mark.usefixtures("bare")
def test_a_file_that_a_plugin_would_read_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "statute.fr.coop").write_text(
        "statuts « X »\ndevise EUR\nen vigueur depuis 2024-01-01\n"
    )
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\n")
    (tmp_path / "2024" / "people.xlsx").write_bytes(b"")
    ended = run("run", str(tmp_path))
    assert ended.exit_code == 2 and "P948" in ended.stderr and "people.xlsx" in ended.stderr


def test_the_command_that_installs_a_plugin_names_this_copy() -> None:
    shown = how_to_install("coopfx-papers")
    assert shown.endswith("-m pip install --editable plugins/coopfx-papers")
    assert how_to_install("proof").endswith("--editable '.[proof]'")
