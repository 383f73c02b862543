"""Every obligation of every statute that is published here is decided, as the page of proofs says."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from coopfx.plugins import load_world
from coopfx.report import Report

DOCS = Path(__file__).parents[2] / "docs"


def writer() -> ModuleType:
    spec = spec_from_file_location("write_proofs", DOCS / "write_proofs.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_proofs_is_up_to_date_and_leaves_nothing_undecided() -> None:
    page = (DOCS / "proofs.md").read_text("utf-8")
    assert "not decided" not in page
    assert page.count("\n## ") >= 6
    assert writer().page(load_world(Report())) == page
