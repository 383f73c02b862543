"""A language that a plugin brings in one file: read, run, spoken in, and refused where it lacks words."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result
from word_by_word import PORTUGUESE, said_in

from coopfx import pipeline
from coopfx.apps.cli.main import cli
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.ground.report import Report
from coopfx.language import ir
from coopfx.plugged.hookspecs import Language, hookimpl
from coopfx.plugged.world import Found, World, load_world

MODULE = """
from pathlib import Path
from coopfx.plugged.hookspecs import Language, hookimpl

@hookimpl
def coopfx_languages():
    return [Language("pt", (Path(__file__).parent / "pt.toml").read_text("utf-8"))]
"""
STATUTE = """estatutos «Carvalho»
moeda EUR
em vigor desde 2024-01-01

artigo 1 «Distribuição do excedente»
  distribuir o excedente
    60% à parte_do_trabalho
    o resto às reservas.desenvolvimento
    perdas a losses_brought_forward

artigo 2 «Parte do trabalho»
  repartir parte_do_trabalho entre os trabalhadores
    segundo horas

exemplo «um pequeno ano»
  sendo excedente = 100 000 EUR
  obtém-se parte_do_trabalho = 60 000 EUR
"""

PAGE = Path(__file__).parents[2] / "docs" / "writing-a-plugin.md"
LAW_MODULE = """
from coopfx.plugged.hookspecs import laws_in

@hookimpl
def coopfx_laws():
    return laws_in(Path(__file__).parent, "pt")
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path with the distribution `coopfx-pt`, and one to write statutes in."""
    site = tmp_path / "site"
    described = site / "coopfx_pt-1.0.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: coopfx-pt\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[coopfx]\npt = coopfx_pt_words\n")
    (site / "coopfx_pt_words.py").write_text(MODULE)
    (site / "pt.toml").write_text(PORTUGUESE, "utf-8")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "coopfx_pt_words", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    policy = tmp_path / "carvalho"
    policy.mkdir()
    return policy


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_a_statute_is_read_and_run_in_it(installed: Path) -> None:
    path = installed / "statute.pt.coop"
    path.write_text(STATUTE, "utf-8")
    year = installed / "2024"
    year.mkdir()
    (year / "cooperative.toml").write_text('closing = 2024-12-31\nexcedente = "1000.00"\n')
    (year / "people.csv").write_text("id,worker,horas\nana,yes,100\nbo,yes,300\n")

    checked = call("check", str(path), "--lang", "pt")
    assert (checked.exit_code, checked.stdout) == (0, f"{path}: nada a assinalar.\n")
    tested = call("test", str(installed))
    assert tested.exit_code == 0
    assert tested.stdout.endswith("1 of 1 example passed.\n"), "what it lacks is in English"
    ran = call("run", str(installed), "--lang", "pt")
    assert ran.exit_code == 0, ran.output
    assert "Distribuição do excedente (artigo 1)" in ran.stdout
    assert "parte do trabalho" in ran.stdout and "600,00\u00a0€" in ran.stdout
    assert "year closed on 31 de dezembro de 2024" in ran.stdout
    assert "from 150,00\u00a0€ to 450,00\u00a0€ each" in ran.stdout


def test_a_law_is_written_in_it_by_the_plugin_that_brings_it(installed: Path) -> None:
    site = installed.parent / "site"
    (site / "coopfx_pt_words.py").write_text(MODULE + LAW_MODULE)
    (site / "law").mkdir()
    law = next(
        text for text in PAGE.read_text("utf-8").split("```text\n") if text.startswith("lei")
    )
    (site / "law" / "pão.pt.coop").write_text(law.partition("```")[0], "utf-8")
    statute = installed / "statute.pt.coop"
    under = STATUTE.replace("estatutos «Carvalho»", "estatutos «Carvalho» regidos por pt.pão")
    for percent, verdict in ((95, "cumprida"), (96, "violada")):
        text = under.replace("60%", f"{percent}%").replace("60 000", f"{percent} 000")
        statute.write_text(f"{text}  obtém-se fundo_do_pão {verdict}\n", "utf-8")
        tested = call("test", str(installed))
        assert tested.exit_code == 0, tested.output


def test_it_gives_the_program_that_english_gives(installed: Path) -> None:
    report = Report()
    world = load_world(report)
    text = said_in(STATUTE, world.words("pt"), world.words("en"))
    programs = []
    for language, said in (("pt", STATUTE), ("en", text)):
        path = installed / f"statute.{language}.coop"
        path.write_text(said, "utf-8")
        file = StatuteFile(path, "", language)
        statute = pipeline.compile_statute(file, Policy(path, "en", {}, (file,)), world, report)
        assert statute is not None, [world.words("en").message(one) for one in report.diagnostics]
        programs.append(statute.program)
    assert report.errors() == 0
    assert ir.difference(*programs) is None


def test_a_mistake_is_told_in_it_or_else_in_english(installed: Path) -> None:
    path = installed / "statute.pt.coop"
    broken = STATUTE.replace("segundo horas", "segundo horaz").replace("moeda EUR\n", "")
    path.write_text(broken, "utf-8")
    told = call("check", str(path), "--lang", "pt")
    assert told.exit_code == 1
    assert "This text does not say which currency" in told.stderr, "S117, which it has not"
    path.write_text(STATUTE.replace("segundo horas", "segundo horaz"), "utf-8")
    told = call("check", str(path), "--lang", "pt")
    assert "O nome `horaz` não é conhecido." in told.stderr
    assert "Seria `horas`?" in told.stderr
    assert "N201" in told.stderr and "severity" not in told.stderr


def bringing(text: str, name: str = "pt") -> tuple[World, Report]:
    module = ModuleType("words")

    @hookimpl
    def coopfx_languages() -> list[Language]:
        return [Language(name, text)]

    module.coopfx_languages = coopfx_languages  # type: ignore[attr-defined]
    report = Report()
    found = Found("words", "words", "coopfx-words", "1")
    return load_world(report, [(found, module)]), report


@pytest.mark.parametrize(
    ("amiss", "reason"),
    [
        (PORTUGUESE.replace('ABOVE = ["acima de"]\n', ""), "lacks ABOVE"),
        (PORTUGUESE.replace('YES = ["sim"]', "YES = []"), "lacks YES"),
        (PORTUGUESE.replace("months = ", "moons = "), "lacks months"),
        (PORTUGUESE.replace('day = ["dia", "dias"]\n', ""), "lacks day"),
        (PORTUGUESE.replace('["sim"]', '["+sim"]'), "begins with no letter"),
        (PORTUGUESE.replace("ABOVE = ", "BEYOND = "), "lacks ABOVE"),
        (PORTUGUESE.replace('YES = ["sim"]', 'YES = ["sim"]\nMAYBE = ["talvez"]'), "MAYBE"),
        (PORTUGUESE.replace('language = "pt"', 'language = "gl"'), "its file says gl"),
        ("language = ", "Invalid value"),
    ],
)
def test_a_word_file_that_cannot_serve_is_told_and_left_out(amiss: str, reason: str) -> None:
    world, report = bringing(amiss)
    assert set(world.languages) == {"en", "es", "fr", "it"}
    (told,) = report.diagnostics
    assert told.code == "P903"
    assert reason in world.words("en").message(told)


def test_a_language_that_is_there_already_is_not_replaced() -> None:
    world, report = bringing(PORTUGUESE.replace('language = "pt"', 'language = "it"'), "it")
    assert [item.code for item in report.diagnostics] == ["P910"]
    assert world.words("it").keywords["SHARE"][0] == "ripartire"


def test_a_label_is_english_only_where_the_name_is() -> None:
    world, report = bringing(PORTUGUESE)
    assert not report.diagnostics
    words = world.words("pt")
    assert words.label("work_share") == "parte do trabalho"
    assert words.label("reserves.development") == "reservas.desenvolvimento"
    assert words.label("share_interest") == "interest on shares"
