"""The pages of the laws are what the laws' texts say today."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from coopfx.ground.report import Report
from coopfx.laws.book import open_law
from coopfx.plugged.world import World, load_world

DOCS = Path(__file__).parents[2] / "docs"


def writer() -> ModuleType:
    spec = spec_from_file_location("write_laws", DOCS / "write_laws.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def world() -> World:
    return load_world(Report())


def test_the_pages_of_the_laws_are_up_to_date(golden: Callable[..., None]) -> None:
    written = writer().pages(world())
    there = {path.relative_to(DOCS).as_posix() for path in (DOCS / "laws").iterdir()}
    assert there | {"laws.md"} == set(written), "write them anew: make laws"
    for name, text in written.items():
        golden(DOCS / name, text, "make laws")


def test_every_rule_and_every_parameter_stands_on_its_laws_page() -> None:
    whole = (DOCS / "laws.md").read_text("utf-8")
    for name in world().laws:
        book = open_law(name, world(), Report())
        assert book is not None
        page = (DOCS / "laws" / f"{name}.md").read_text("utf-8")
        items = [(item.name, item.line) for item in book.rules]
        items += [(item.name, item.line) for item in book.parameters]
        for item, line in items:
            for text in (whole, page):
                assert f"`{item.removeprefix(f'{name}.')}`" in text, item
            assert f"(line {line})" in page, item


def test_the_lines_that_a_page_names_are_those_of_the_text() -> None:
    for name, provided in world().laws.items():
        lines = provided.law.text.split("\n")
        book = open_law(name, world(), Report())
        assert book is not None
        words = world().words(provided.law.language).keywords
        starts = (*words["REQUIRE"], *words["RECOMMEND"])
        for rule in book.rules:
            assert lines[rule.line - 1].strip().startswith(starts), f"{name}: {rule.name}"


def test_every_chart_is_well_formed_and_small() -> None:
    charts = sorted((DOCS / "laws").glob("*.svg"))
    assert charts
    for chart in charts:
        assert chart.stat().st_size < 4000
        root = ElementTree.fromstring(chart.read_text("utf-8"))
        assert root.tag.endswith("svg")
