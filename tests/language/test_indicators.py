"""What a text says of an indicator beside its figure: unit, direction, year, former labels, breaks."""

import pytest

from compiling import NOWHERE, compiled, tried
from coopfx import pipeline
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.language import ir
from coopfx.plugged.world import World, load_world

HEAD = """statute "Grove"
currency EUR
in force from 2024-01-01
input area : number >= 0
input before : number >= 0
input well : number >= 0% <= 100%
"""
WHOLE = (
    HEAD
    + """indicator "Green area a head" in ecology
  = area / count over people
  measured in "m²"
  target at most 90 by the end of 2030
  formerly "Green space", "Parks"
  series break in 2022 "fields left out"
  series break in 2019
indicator "Trees" = area higher is better
indicator "Waste" = area lower is better
"""
)


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Report())


def indicator(text: str, world: World) -> ir.Indicator:
    """The last indicator of a text."""
    return compiled(HEAD + text + "\n", world).program.indicators[-1]


def test_all_that_a_text_says_of_an_indicator_is_in_its_program(world: World) -> None:
    first, trees, waste = compiled(WHOLE, world).program.indicators
    assert (first.by, first.unit, first.better) == (2030, "m²", "lower")
    assert first.formerly == ("Green space", "Parks")
    assert first.breaks == ((2019, ""), (2022, "fields left out"))
    assert (trees.better, waste.better) == ("higher", "lower")


@pytest.mark.parametrize("language", ["fr", "es", "it"])
def test_it_says_the_same_in_each_language(world: World, language: str) -> None:
    english = compiled(WHOLE, world).program
    source, report = Source("statute.en.coop", WHOLE, "en"), Report()
    text = pipeline.translate_source(source, language, NOWHERE, world, report)
    assert text is not None, report.diagnostics
    own = compiled(text, world, language).program
    assert english == own
    assert [one.said for one in english.indicators] == [one.said for one in own.indicators]
    back = pipeline.translate_source(
        Source(f"statute.{language}.coop", text, language), "en", NOWHERE, world, report
    )
    assert back == pipeline.format_source(source, world, Report())


@pytest.mark.parametrize(
    ("left_out", "written"),
    [
        (" by the end of 2030", ""),
        ("by the end of 2030", "by the end of 2031"),
        ('  measured in "m²"\n', ""),
        ('"Green space", "Parks"', '"Parks"'),
        ("break in 2019", "break in 2018"),
        (' "fields left out"', ""),
        ("higher is better", "lower is better"),
    ],
)
def test_two_texts_that_say_otherwise_differ(world: World, left_out: str, written: str) -> None:
    assert left_out in WHOLE
    assert (
        compiled(WHOLE, world).program != compiled(WHOLE.replace(left_out, written), world).program
    )


@pytest.mark.parametrize(
    ("figure", "percent"),
    [
        ("100% * area / before", True),
        ("area * 100% / before", True),
        ("100% * (area / before)", True),
        ("100% * opening reserves / turnover", True),
        ("area / before - 100%", True),
        ("100% - area / before", True),
        ("1 - well", True),
        ("area / before", False),
        ("area / 100%", False),
        ("50% * area", False),
        ("50% * area / 2", False),
        ("area - 5%", False),
        ("area / before - 1", False),
    ],
)
def test_so_many_parts_of_a_hundred_per_cent_are_a_rate(
    world: World, figure: str, percent: bool
) -> None:
    assert indicator(f'indicator "Rate" = {figure}', world).percent is percent


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('indicator "A" = area target 5 by the end of 2030.5', "T320"),
        ('indicator "A" = area series break in 23', "T320"),
        ('indicator "A" = turnover measured in "EUR"', "T321"),
        ('indicator "A" = well measured in "%"', "T321"),
        ('indicator "A" = area target at most 5 higher is better', "T322"),
        ('indicator "A" = area target 5 lower is better', "T322"),
        ('indicator "A" = area formerly "A"', "N227"),
        ('indicator "A" = area formerly "B"\nindicator "C" = area formerly "B"', "N227"),
        ('indicator "A" = area\nindicator "A" = before', "N226"),
        ('indicator "A" = area series break in 2020 series break in 2020 "why"', "S114"),
        ('indicator "A" = area measured in "m²" measured in "ha"', "S114"),
        ('indicator "A" = area target 5 target 6', "S114"),
    ],
)
def test_what_contradicts_itself_is_told(world: World, text: str, code: str) -> None:
    _, report = tried(f"{HEAD}{text}\n", world)
    unused = {"N204"}  # the inputs of the heading that no case uses
    assert [one.code for one in report.diagnostics if one.code not in unused] == [code]


def test_two_of_one_label_run_on(world: World) -> None:
    """Texts in which two indicators have one label were never refused: they are told, and run."""
    statute, report = tried(HEAD + 'indicator "A" = area\nindicator "A" = before\n', world)
    assert statute is not None and not report.failed


def test_words_of_indicators_stay_free_for_names(world: World) -> None:
    """Texts in use may call figures so."""
    text = (
        "input unit : number\ninput better : number\ninput higher : number\ninput break : number\n"
    )
    text += 'indicator "A" = unit + better + higher + break\n'
    assert compiled(HEAD + text, world).program.indicators
