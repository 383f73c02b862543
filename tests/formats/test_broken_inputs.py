"""Every broken file of docs/broken-inputs.md is told as that page says: one table, one run each.

`pytest tests/formats/test_broken_inputs.py --rewrite-cases` writes the page anew.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from broken import CSV, FEC, GROUPS, READ, WORKBOOKS, Broken, Content
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from oak import OWN, STATUTE

PAGE = Path(__file__).parents[2] / "docs" / "broken-inputs.md"
MARKS = ("<!-- {} -->\n", "<!-- end -->\n")
HEADING = ["| handed in | place | code | told |", "| --- | --- | --- | --- |"]
# What is told and read all the same.
READ_ALL_THE_SAME = {
    "a total that is not the sum",
    "a file of nothing known",
    "a value fetched from another workbook",
    "a sheet with a misspelt name",
    "a hidden sheet",
    "a sum without a name, in a sheet",
}


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "statute.en.coop").write_text(STATUTE)
    (tmp_path / "2024").mkdir()
    return tmp_path / "2024"


def hand_in(year: Path, name: str, content: Content, *, own: bool) -> None:
    if own:
        (year / "cooperative.toml").write_text(OWN)
    path = year / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def told(*more: str) -> tuple[int, list[dict[str, Any]]]:
    ended = CliRunner().invoke(cli, ["run", ".", "2024", "--format", "json", *more])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    found: dict[str, Any] = json.loads(ended.stdout)
    # A result is there as a whole or not at all.
    assert ("values" in found) == (ended.exit_code != 2)
    return ended.exit_code, [
        one for one in found["diagnostics"] if one["code"] not in ("R801", "fec.W06")
    ]


def row(what: str, one: dict[str, Any]) -> str:
    place = (one["file"] or "").removeprefix("2024/")
    if one["line"]:
        place += f":{one['line']}:{one['column']}"
    message = one["message"].replace("|", "\\|").replace("\n", " ")
    return f"| {what} | {f'`{place}`' if place else ''} | {one['code']} | {message} |"


CASES = [
    pytest.param(group, what, id=f"{group}: {what}")
    for group, files in GROUPS.items()
    for what in files
]


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], list[str]]:
    return {}


@pytest.mark.parametrize(("group", "what"), CASES)
def test_a_broken_file_is_told_with_its_place_and_what_to_do(
    year: Path, group: str, what: str, golden: Callable[[Path, str], None]
) -> None:
    name, content = GROUPS[group][what]
    hand_in(year, name, content, own=group != "The accounting export")
    status, items = told()
    assert items and (status != 2) == (what in READ_ALL_THE_SAME)
    assert not any(one["code"] in ("P931", "P904") for one in items)
    for one in items:
        assert one["message"] and one["help"] and "{" not in one["message"] + one["help"]
        assert one["file"] or one["code"] in ("D718", "D724", "D730", "P901"), one
    golden(PAGE, page_with(group, what, items))


def rows_of(group: str) -> dict[str, list[str]]:
    """The rows of one table of the page, by what is handed in, with that left empty."""
    rows: dict[str, list[str]] = {}
    what = ""
    part = PAGE.read_text("utf-8").partition(MARKS[0].format(group))[2].partition(MARKS[1])[0]
    for line in part.splitlines()[len(HEADING) :]:
        first, _, rest = line.removeprefix("|").partition("|")
        what = first.strip() or what
        rows.setdefault(what, []).append(f"|  |{rest}")
    return rows


def page_with(group: str, what: str, items: list[dict[str, Any]]) -> str:
    """The page with what is told of one file."""
    rows = rows_of(group) | {what: [row("", one) for one in items]}
    lines = [
        line.replace("|  |", f"| {name} |", 1) if number == 0 else line
        for name in GROUPS[group]
        for number, line in enumerate(rows.get(name, []))
    ]
    mark = MARKS[0].format(group)
    before, _, rest = PAGE.read_text("utf-8").partition(mark)
    after = rest.partition(MARKS[1])[2]
    table = "".join(f"{line}\n" for line in (*HEADING, *lines))
    return before + mark + table + MARKS[1] + after


def test_the_page_shows_these_files_and_no_others() -> None:
    for group, files in GROUPS.items():
        assert list(rows_of(group)) == list(files)
    assert sum(map(len, GROUPS.values())) >= 60


@pytest.mark.parametrize("what", READ)
def test_what_looks_odd_and_is_certain_is_read(year: Path, what: str) -> None:
    name, content = READ[what]
    hand_in(year, name, content, own="FEC" not in name)
    status, items = told()
    assert status in (0, 1) and not items


@pytest.mark.parametrize(
    ("files", "what"),
    [(CSV, "negative hours"), (WORKBOOKS, "merged cells"), (FEC, "an entry that does not balance")],
)
@pytest.mark.parametrize("language", ["fr", "es", "it"])
def test_it_is_told_in_the_reader_s_language(
    year: Path, files: Broken, what: str, language: str
) -> None:
    hand_in(year, *files[what], own=files is not FEC)
    english, here = told(), told("--lang", language)
    assert [one["code"] for one in here[1]] == [one["code"] for one in english[1]]
    assert all(a["message"] != b["message"] for a, b in zip(here[1], english[1], strict=True))
