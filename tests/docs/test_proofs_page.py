"""Every obligation of every statute that is published here is decided, as the page of proofs says."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from coopfx.ground.report import Report
from coopfx.plugged.world import load_world

DOCS = Path(__file__).parents[2] / "docs"


def writer() -> ModuleType:
    spec = spec_from_file_location("write_proofs", DOCS / "write_proofs.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGE = (DOCS / "proofs.md").read_text("utf-8")


def test_every_obligation_of_every_published_statute_is_decided() -> None:
    assert "not decided" not in PAGE
    world = load_world(Report())
    sections = [f"\n## {name}\n" for name, _, _ in writer().statutes(world)]
    assert all(section in PAGE for section in sections) and len(sections) == PAGE.count("\n## ")


def test_what_the_page_says_of_alma_is_proved() -> None:
    made = writer()
    named = next(item for item in made.statutes(load_world(Report())) if "alma" in item[0])
    assert "\n".join(made.section(made.proved(*named))) in PAGE


@pytest.mark.soak
def test_the_page_of_proofs_is_up_to_date() -> None:
    assert without_times(writer().page(load_world(Report()))) == without_times(PAGE)


def without_times(page: str) -> str:
    """A page without how long proofs took, which another machine measures otherwise."""
    return re.sub(r"under \d+ seconds?", "", page)
