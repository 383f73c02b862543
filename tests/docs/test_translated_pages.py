"""The pages in French, Spanish and Italian: each says of which page, as it then stood, it is one.

A page that is behind is read again beside its original and mended; its last line then gets the digest
that the failing test shows. What commands answer is held by test_docs.py, and no part of it.
"""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from coopfx.apps.cli import pages
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import load_world

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
LANGUAGES = ("fr", "es", "it")
TRANSLATED = sorted(page for language in LANGUAGES for page in (DOCS / language).glob("*.md"))
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LAST = re.compile(r"\n<!-- (\w+) -->\n\Z")
# So many pages of diagnostics lie between two that are made anew: to run them all takes minutes.
EVERY = 40


def original(page: Path) -> Path:
    return REPOSITORY / page.name if page.name == "README.md" else DOCS / page.name


def digest(page: Path) -> str:
    """What a page says but for what commands answer."""

    def typed(block: re.Match[str]) -> str:
        if block[1] != "console":
            return block[0]
        return "\n".join(line for line in block[3].splitlines() if line.startswith("$ "))

    text = BLOCK.sub(typed, page.read_text("utf-8"))
    return sha256(text.encode()).hexdigest()[:12]


def test_each_language_has_its_first_pages() -> None:
    found = {page.relative_to(DOCS).as_posix() for page in TRANSLATED}
    wanted = {f"{one}/{name}.md" for one in LANGUAGES for name in ("tutorial", "cheat-sheet")}
    assert found == wanted | {"fr/README.md"}


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_translated_page_is_not_behind(page: Path) -> None:
    found = LAST.search(page.read_text("utf-8"))
    now = digest(original(page))
    assert found and found[1] == now, (
        f"{page.relative_to(REPOSITORY)} is behind {original(page).relative_to(REPOSITORY)}: read both, "
        f"mend it, and end it with the line <!-- {now} -->"
    )


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_translated_page_shows_what_its_original_shows(page: Path) -> None:
    shown = [
        [block[1] for block in BLOCK.finditer(one.read_text("utf-8"))]
        for one in (page, original(page))
    ]
    assert shown[0] == shown[1]


def test_the_french_first_page_is_short() -> None:
    assert len((DOCS / "fr" / "README.md").read_text("utf-8").split()) <= 900


def test_the_first_page_names_those_of_other_languages() -> None:
    text = (REPOSITORY / "README.md").read_text("utf-8")
    assert all(f"](docs/{one}/" in text for one in LANGUAGES)


# ---- the pages of diagnostics


def english_page(code: str) -> str:
    return (DOCS / "diagnostics" / f"{code}.md").read_text("utf-8")


def words(language: str) -> Words:
    return load_world(Report()).words(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_diagnostic_has_its_page_in_the_language(language: str) -> None:
    folder, english, own = DOCS / language / "diagnostics", words("en"), words(language)
    wanted = [code for code in pages.codes(english) if "." not in code]
    there = sorted(path.stem for path in folder.glob("*.md") if path.stem != "README")
    assert there == sorted(wanted), "run `make pages`"
    behind = []
    for code in wanted:
        found = LAST.search((folder / f"{code}.md").read_text("utf-8"))
        if not found or found[1] != pages.made_of(code, own, english_page(code)):
            behind.append(code)
    assert not behind, f"run `make pages`: {', '.join(behind)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_the_one_that_the_source_makes(language: str) -> None:
    english, own = words("en"), words(language)
    wanted = [code for code in pages.codes(english) if "." not in code]
    for code in wanted[LANGUAGES.index(language) :: EVERY]:
        made = pages.translated_page(code, own, english, english_page(code))
        assert made == (DOCS / language / "diagnostics" / f"{code}.md").read_text("utf-8"), code
