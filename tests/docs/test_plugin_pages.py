"""The pages for authors of plugins: the hooks as their docstrings say, the example as it stands."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from coopfx.plugged import hookspecs

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
GUIDE = (DOCS / "writing-a-plugin.md").read_text("utf-8")
QUOTED = re.findall(r"^```\w+ quoted (\S+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_page_of_the_hooks_is_what_the_docstrings_say() -> None:
    spec = spec_from_file_location("write_hooks", DOCS / "write_hooks.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (DOCS / "hooks.md").read_text("utf-8")
    assert module.page() == page, "write it anew: make hooks"
    assert all(f"## `{hook}`" in page for hook in hookspecs.HOOKS)
    written = {path.stem: path.read_text("utf-8") for path in (DOCS / "given").glob("*.md")}
    assert written == {name: module.given(name) for name in module.CLASSES}, (
        "write it anew: make hooks"
    )


@pytest.mark.parametrize(("name", "text"), QUOTED, ids=[name for name, _ in QUOTED])
def test_the_guide_quotes_the_example_as_it_stands(name: str, text: str) -> None:
    assert text in (REPOSITORY / name).read_text("utf-8")


def test_the_guide_quotes_every_part_of_the_example() -> None:
    assert len(QUOTED) >= 6


def test_the_guide_names_the_checks_that_the_kit_makes() -> None:
    kit = (REPOSITORY / "coopfx" / "testing" / "plugin.py").read_text("utf-8")
    made = set(re.findall(r'^ +"([\w ]+)": lambda', kit, re.MULTILINE))
    told = set(re.findall(r"^\| `([\w ]+)` \|", GUIDE, re.MULTILINE))
    assert made and made | {"plugin", "settings", "text", "excused"} == told
