"""`coopfx lock`: what a policy was last run with is kept, and held against what is installed."""

import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.plugged.hookspecs import Law, Model, hookimpl
from coopfx.plugged.world import Found

LAW = 'law demo.law "Law"\ncurrency EUR\nin force from 2020-01-01\narticle 1 "A" ref "Act, 1"\n'
RULE = "  require saved: reserves >= 10% of surplus\n"
MODEL = 'statute "Model"\ncurrency EUR\nin force from 2020-01-01\narticle 1 "A"\n'
MODEL += (
    "  allocate surplus\n    rest to reserves.development\n    losses to losses_brought_forward\n"
)
SETTINGS = '# Ours.\nlanguage   =  "en"   # as we speak\r\n\r\n[names.bonus]\r\nfr = "prime"\r\n'


@pytest.fixture
def oven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "oven"
    folder.mkdir()
    statute = 'statute "Oven" under demo.law\nbased on demo.model\n'
    (folder / "statute.en.coop").write_text(f"{statute}currency EUR\nin force from 2024-01-01\n")
    return folder


def call(*arguments: str, version: str = "1.0", text: str = LAW + RULE) -> Result:
    module = ModuleType("demo")
    module.coopfx_laws = hookimpl(  # type: ignore[attr-defined]
        lambda: [Law("demo.law", "law.en.coop", "en", text)]
    )
    module.coopfx_models = hookimpl(  # type: ignore[attr-defined]
        lambda: [Model("demo.model", "model.en.coop", "en", MODEL)]
    )
    found = Found("demo", "demo", "coopfx-demo", version)
    return CliRunner().invoke(cli, arguments, obj=[(found, module)])


def test_a_policy_keeps_its_packs_and_everything_else_in_its_settings(oven: Path) -> None:
    settings = oven / "coopfx.toml"
    settings.write_bytes(SETTINGS.encode())
    ended = call("lock", "oven")
    assert ended.exit_code == 0, ended.output
    assert "demo.law: coopfx-demo 1.0" in ended.stdout and "model demo.model" in ended.stdout
    written = settings.read_bytes().decode()
    assert written.replace("\r\n", "\n").startswith(SETTINGS.replace("\r\n", "\n"))
    assert "\n" not in written.replace("\r\n", "").replace("# Ours.\nlanguage", "")
    packs = tomllib.loads(written)["packs"]
    assert set(packs) == {"demo.law", "model demo.model"}
    assert packs["demo.law"]["version"] == "1.0" and len(packs["demo.law"]["sha256"]) == 64
    assert call("check", "oven").stderr == ""


def test_locking_twice_changes_nothing_and_a_new_version_one_line(oven: Path) -> None:
    call("lock", "oven")
    first = (oven / "coopfx.toml").read_text()
    call("lock", "oven")
    assert (oven / "coopfx.toml").read_text() == first
    assert call("lock", "oven", version="2.0").exit_code == 0
    assert (oven / "coopfx.toml").read_text() == first.replace('"1.0"', '"2.0"')


@pytest.mark.parametrize("command", ["check", "test"])
def test_another_version_or_another_text_is_told_at_its_line(oven: Path, command: str) -> None:
    call("lock", "oven")
    newer = call(command, "oven", version="1.1")
    assert newer.exit_code == 0
    assert newer.stderr.count("warning P932") == 2 and "coopfx.toml:" in newer.stderr
    assert "the text is the same" in newer.stderr
    both = call(command, "oven", version="1.1", text=LAW + RULE.replace("10%", "11%"))
    assert both.stderr.count("the text has changed too") == 1 and "P933" not in both.stderr
    changed = call(command, "oven", text=LAW + RULE.replace("10%", "11%"))
    assert changed.exit_code == 0
    assert changed.stderr.count("warning P933") == 1 and "`demo.law`" in changed.stderr
    assert "P932" not in changed.stderr


def test_nothing_else_writes_into_a_policy(oven: Path) -> None:
    (oven / "2024").mkdir()
    (oven / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    for command in ("check", "run", "test"):
        assert call(command, "oven").exit_code == 0
    assert not (oven / "coopfx.toml").exists()


def test_a_statute_with_mistakes_is_not_locked(oven: Path) -> None:
    (oven / "statute.en.coop").write_text("statut")
    ended = call("lock", "oven")
    assert ended.exit_code == 1 and not (oven / "coopfx.toml").exists()


def test_settings_that_cannot_be_written_are_told(oven: Path) -> None:
    (oven / "coopfx.toml").mkdir()
    ended = call("lock", "oven")
    assert ended.exit_code == 2 and "P917" in ended.stderr


@pytest.mark.parametrize("line", ['"demo.law" = "1.0"', '"demo.law" = { version = 1 }'])
def test_a_pack_that_is_not_written_as_it_should_be_is_told(oven: Path, line: str) -> None:
    (oven / "coopfx.toml").write_text(f"[packs]\n{line}\n")
    ended = call("check", "oven")
    assert "P907" in ended.stderr and "coopfx.toml:2" in ended.stderr
