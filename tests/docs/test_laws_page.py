"""The page of the laws is what the laws' texts say today."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from coopfx.plugins import load_world
from coopfx.report import Report

DOCS = Path(__file__).parents[2] / "docs"


def writer() -> ModuleType:
    spec = spec_from_file_location("write_laws", DOCS / "write_laws.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_laws_is_up_to_date() -> None:
    world = load_world(Report())
    written = (DOCS / "laws.md").read_text("utf-8")
    assert writer().page(world) == written, "write it anew: make laws"


def test_every_rule_of_every_law_stands_on_the_page() -> None:
    world = load_world(Report())
    module = writer()
    text = (DOCS / "laws.md").read_text("utf-8")
    for name in world.laws:
        program, _ = module._program(name, world)
        for rule in program.rules:
            assert f"`{rule.name.removeprefix(f'{rule.origin.law}.')}`" in text, rule.name
