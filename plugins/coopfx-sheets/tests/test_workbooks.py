"""Workbooks as they come, a template filled in, the treasurer's workbook recalculated."""

import io
import json
import re
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from click.testing import CliRunner, Result

import workbooks
from coopfx import pipeline
from coopfx.apps.cli.main import cli
from coopfx.desk.policy import open_policy
from coopfx.desk.years import schema_of
from coopfx.formats import cells
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.laws.book import open_law
from coopfx.plugged.world import load_world
from coopfx_sheets import ods, xlsx
from coopfx_sheets.archive import Archive
from coopfx_sheets.grid import Grid
from oak import OVEN as STATUTE
from workbooks import Sheets, archive
from workbooks import xlsx as book

POLICIES = Path(__file__).parents[3] / "policies"
OWN: list[list[Any]] = [["name", "value"], ["closing", date(2024, 12, 31)], ["surplus", 1000.1]]
PEOPLE: list[list[Any]] = [["id", "worker", "hours"], ["ana", True, 100.5], ["ben", "yes", "300"]]


@pytest.fixture
def oven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "oven" / "2024").mkdir(parents=True)
    (tmp_path / "oven" / "statute.en.coop").write_text(STATUTE)
    return tmp_path / "oven" / "2024" / "year.xlsx"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["run", "oven", "2024", "--parts", *arguments])


def good() -> Sheets:
    return {"Cooperative": OWN, "People": PEOPLE}


# ---- as they come


def test_a_workbook_alone_is_a_year(oven: Path) -> None:
    oven.write_bytes(book(good()))
    ended = run()
    assert ended.exit_code == 0, ended.output
    assert "€500.05" in ended.stdout and "ana" in ended.stdout


def test_titles_empty_rows_and_columns_and_other_names_change_nothing(oven: Path) -> None:
    oven.write_bytes(book(good()))
    plain = run().stdout
    moved: Sheets = {
        "Coopérative": [["Chiffres"], [], *OWN, [], ["note"]],
        "Salariés": [
            ["Paie de décembre"],
            [],
            [None, "heures", None, "ID", "salarié"],
            [],
            *([None, row[2], None, row[0], row[1]] for row in PEOPLE[1:]),
        ],
        "Read me": [["Nothing of ours"], ["a", "b"]],
    }
    oven.write_bytes(book(moved, lambda made, sheets: made.set_calc_mode("auto")))
    ended = run()
    assert (ended.exit_code, ended.stderr) == (0, ""), ended.stderr
    assert ended.stdout == plain


def test_days_count_from_1904_where_the_workbook_says_so(oven: Path) -> None:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"date_1904": True})
    sheet = made.add_worksheet("Cooperative")
    sheet.write_row(0, 0, ["name", "value"])
    sheet.write_string(1, 0, "closing")
    sheet.write_datetime(1, 1, datetime(2024, 12, 31), made.add_format({"num_format": 14}))
    made.close()
    oven.write_bytes(file.getvalue())
    assert "31 December 2024" in run().stdout


def test_a_formula_gives_its_kept_value(oven: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["People"].write_formula("C2", "=50+50.5", None, 100.5)

    oven.write_bytes(book(good()))
    plain = run().stdout
    oven.write_bytes(book(good(), change))
    assert run().stdout == plain


FORMULAS = {
    "='[1]Other books'!A1": True,
    "=[2]People!$C$2+1": True,
    "=[1]!paid": True,
    '=WEBSERVICE("http://example.org/hours")': True,
    "=Table1[2024]": False,
    "=Table1[[2024]:[2025]]": False,
    '=LEN("[1]People!A1")': False,
    "=[0]!paid": False,
}


@pytest.mark.parametrize(("formula", "elsewhere"), FORMULAS.items())
def test_a_value_from_another_file_is_told_and_the_file_never_opened(
    oven: Path, formula: str, elsewhere: bool
) -> None:
    oven.write_bytes(book(good()))
    plain = run().stdout
    link = (
        '<Relationships xmlns="r"><Relationship Id="rId1" TargetMode="External" '
        'Type="x/externalLinkPath" Target="file:///etc/passwd"/></Relationships>'
    )
    cell = f"<f>{escape(formula[1:])}</f><v>100.5</v>"
    changed = with_part(SHEET, lambda text: text.replace(b"<v>100.5</v>", cell.encode()))
    with zipfile.ZipFile(io.BytesIO(changed)) as there:
        parts = {one: there.read(one) for one in there.namelist()}
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = link.encode()
    oven.write_bytes(archive(parts))
    ended = run()
    assert (ended.exit_code, ended.stdout) == (0, plain), ended.stderr
    assert ("warning sheets.W03 " in ended.stderr) == elsewhere
    assert ("[People!C2]" in ended.stderr) == elsewhere and "passwd" not in ended.stderr


def test_cells_that_share_a_formula_of_another_file_are_told_each(oven: Path) -> None:
    people: list[list[Any]] = [["id", "worker", "hours"], ["ana", True, 1.5], ["ben", True, 2.5]]
    oven.write_bytes(book({"Cooperative": OWN, "People": people}))
    with zipfile.ZipFile(oven) as there:
        parts = {one: there.read(one) for one in there.namelist()}
    first = b'<f t="shared" ref="C2:C3" si="0">[1]A!A1</f><v>1.5</v>'
    parts[SHEET] = parts[SHEET].replace(b"<v>1.5</v>", first)
    parts[SHEET] = parts[SHEET].replace(b"<v>2.5</v>", b'<f t="shared" si="0"/><v>2.5</v>')
    oven.write_bytes(archive(parts))
    assert run().stderr.count("warning sheets.W03 ") == 2


def test_a_value_of_another_file_in_an_ods_is_told_too(oven: Path) -> None:
    kept = b'office:value="100.5"'
    formula = b"table:formula=\"of:=['file:///home/x/hours.ods'#$Sheet1.A1]\" " + kept
    with zipfile.ZipFile(io.BytesIO(workbooks.ods(good()))) as there:
        parts = {one: there.read(one) for one in there.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(kept, formula)
    oven.with_suffix(".ods").write_bytes(archive(parts))
    ended = run()
    assert ended.exit_code == 0 and "sheets.W03" in ended.stderr and "hours.ods" not in ended.stderr


def test_rows_that_are_written_once_for_several_are_read_as_several(oven: Path) -> None:
    rows: list[list[Any]] = [["id", "worker", "hours"], ["ana", "1.5", 1.607], ["ben", "x", 1.607]]
    with zipfile.ZipFile(io.BytesIO(workbooks.ods({"A": rows}))) as there:
        parts = {one: there.read(one) for one in there.namelist()}
    again = parts["content.xml"].replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="2">'
    )
    (grid,) = ods.grids(Archive(io.BytesIO(archive({**parts, "content.xml": again}))), Report())
    assert [line for line, _ in grid.rows] == [1, 2, 3, 4, 5, 6]
    assert grid.numbers == {(line, 2) for line in (3, 4, 5, 6)}


PAYROLL: Sheets = {
    "Feuil1": [["Paie 2024"], ["N° de paie", "Nom", "Contrat", "Payées"], ["ana", "A", True, 12.5]],
    "Cooperative": OWN,
}
MAPPED = """["{}"]
record = "person"
columns = {{ "N° de paie" = "id", Contrat = "worker", "Payées" = "hours", Nom = "" }}
"""


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_sheet_of_another_program_is_read_by_columns_toml(oven: Path, ending: str) -> None:
    path = oven.with_suffix(f".{ending}")
    path.write_bytes(book(PAYROLL) if ending == "xlsx" else workbooks.ods(PAYROLL))
    mapping = oven.with_name("columns.toml")
    mapping.write_text(MAPPED.format(f"{path.name} [Feuil1]"))
    ended = run()
    assert (ended.exit_code, ended.stderr) == (0, ""), ended.stderr
    assert "ana" in ended.stdout
    mapping.write_text(MAPPED.format(f"{path.name[:2]}*.{ending} [Feuil1]"))
    assert run().stdout == ended.stdout
    mapping.write_text(MAPPED.format(f"{path.name} [Feuil2]"))
    ended = run()
    assert ended.exit_code == 2 and "error D744 " in ended.stderr, ended.stderr
    mapping.write_text(MAPPED.format(f"{path.name} [Feuil1]").replace("Payées", "Payés"))
    ended = run()
    assert ended.exit_code == 2 and "error D745 " in ended.stderr, ended.stderr


def test_numbers_as_text_and_in_french_are_read(oven: Path) -> None:
    people: list[list[Any]] = [
        ["id", "worker", "hours"],
        ["ana", "oui", "1 234,50"],
        ["ben", 1, 1.607],
    ]
    oven.write_bytes(book({"Cooperative": OWN, "People": people}))
    ended = run("--format", "json")
    assert ended.exit_code == 0, ended.stderr
    (share,) = json.loads(ended.stdout)["shares"]
    parts = {part["id"]: part["amount"] for part in share["parts"]}
    assert parts["ben"] == "0.65"  # 500.05 × 1.607 / 1236.107


def test_what_an_ods_holds_is_what_an_xlsx_holds(oven: Path) -> None:
    oven.write_bytes(book(good()))
    plain = run().stdout
    oven.unlink()
    oven.with_suffix(".ods").write_bytes(workbooks.ods(good()))
    ended = run()
    assert (ended.exit_code, ended.stdout) == (0, plain), ended.stderr


# ---- broken: each one told with its place


def people(*rows: list[Any]) -> Sheets:
    return {"Cooperative": OWN, "People": [PEOPLE[0], *rows]}


def changed(change: Callable[[Any, dict[str, Any]], None]) -> bytes:
    return book(good(), change)


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook with one part changed."""
    with zipfile.ZipFile(io.BytesIO(book(good()))) as there:
        parts = {one: there.read(one) for one in there.namelist()}
    parts[name] = change(parts.get(name, b""))
    return archive(parts)


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
SHEET = "xl/worksheets/sheet2.xml"
BROKEN: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "sheets.E01", "it is empty"),
    "a web page": (lambda: b"<html><table><tr><td>1</td></tr></table>", "sheets.E01", "web page"),
    "a csv": (lambda: b"id;worker\nana;yes\n", "sheets.E01", "CSV"),
    "an old or a locked workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "sheets.E01", ".xls"),
    "a pdf": (lambda: b"%PDF-1.7\n", "sheets.E01", "PDF"),
    "bytes": (lambda: b"\x07\0\0\1" * 100, "sheets.E01", "another kind"),
    "another archive": (lambda: archive({"word/document.xml": b"<a/>"}), "sheets.E01", "archive"),
    "broken off": (lambda: book(good())[:-700], "sheets.E03", "year.xlsx"),
    "a part broken off": (lambda: with_part(SHEET, lambda text: text[:400]), "sheets.E03", "sheet2"),
    "no sheet's xml": (lambda: with_part(SHEET, lambda text: b"%%%"), "sheets.E03", "sheet2"),
    "entities": (lambda: with_part(SHEET, lambda text: ENTITIES + b"<a>&b;</a>"), "sheets.E04", "sheet2"),
    "a path out": (
        lambda: with_part("../../etc/passwd", lambda text: b"x"), "sheets.E08", "../../etc/passwd",
    ),
    "a relationship out": (
        lambda: with_part(
            "xl/_rels/workbook.xml.rels",
            lambda text: text.replace(b"worksheets/sheet2.xml", b"../../secret.xml"),
        ),
        "sheets.E08", "../../secret.xml",
    ),
    "a formula's error": (
        lambda: changed(lambda made, sheets: sheets["People"].write_formula("C3", "=1/0", None, "#DIV/0!")),
        "sheets.E05", "[People!C3]",
    ),
    "a formula without a value": (
        lambda: with_part(SHEET, lambda text: text.replace(b"<v>100.5</v>", b"<f>SUM(1,2)</f>")),
        "sheets.E06", "[People!C2]",
    ),
    "merged cells": (
        lambda: changed(lambda made, sheets: sheets["People"].merge_range("C2:C3", 7)),
        "sheets.E07", "C2:C3",
    ),
    "no id": (
        lambda: book({"Cooperative": OWN, "People": [["worker", "hours"], ["yes", 3]]}),
        "D712", "[People!A1]",
    ),
    "an unknown column": (
        lambda: book({"Cooperative": OWN, "People": [["id", "hurs"], ["ana", 3]]}),
        "D701", "[People!B1]",
    ),
    "a column twice": (
        lambda: book({"Cooperative": OWN, "People": [["id", "hours", "hours"], ["ana", 3, 4]]}),
        "D715", "[People!C1]",
    ),
    "a person twice": (lambda: book(people(["ana", True, 1], ["ana", True, 2])), "D705", "[People]"),
    "negative hours": (lambda: book(people(["ana", True, -1])), "D704", "[People!C2]"),
    "a word for a number": (lambda: book(people(["ana", True, "many"])), "D703", "[People!C2]"),
    "a number for a yes or no": (lambda: book(people(["ana", 7, 1])), "D703", "[People!B2]"),
    "no identifier": (lambda: book(people(["ana", True, 1], [None, True, 2])), "D723", "[People]"),
    "a number in two readings": (lambda: book(people(["ana", True, "1,607"])), "D725", "[People!C2]"),
    "too many decimals": (
        lambda: book({"Cooperative": [*OWN[:2], ["surplus", 1000.125]], "People": PEOPLE}),
        "D720", "[Cooperative!B3]",
    ),
    "no closing date": (lambda: book({"Cooperative": [OWN[0], OWN[2]]}), "D711", "year.xlsx"),
    "an unknown figure": (
        lambda: book({"Cooperative": [*OWN, ["surplis", 3]]}), "D701", "[Cooperative!A4]",
    ),
    "an impossible day": (
        lambda: book({"Cooperative": [OWN[0], ["closing", "31 of December"]]}),
        "D711", "[Cooperative!B2]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workbook_is_told_with_its_place(oven: Path, name: str) -> None:
    made, code, said = BROKEN[name]
    oven.write_bytes(made())
    ended = run()
    assert ended.exit_code == 2 and not ended.stdout, ended.output
    assert f"error {code} " in ended.stderr and said in ended.stderr, ended.stderr
    assert "Traceback" not in ended.output and "P931" not in ended.stderr
    for language in ("fr", "es", "it"):
        shown = run("--lang", language).stderr
        assert code in shown and "sheets.sort" not in shown


UNREADABLE = ("a web page", "broken off", "entities", "an impossible day")


@pytest.mark.parametrize("name", UNREADABLE)
def test_where_no_year_is_named_the_reason_is_told_too(oven: Path, name: str) -> None:
    made, code, said = BROKEN[name]
    oven.write_bytes(made())
    before = oven.parent.with_name("2023")
    before.mkdir()
    (before / "cooperative.toml").write_text("closing = 2023-12-31\nsurplus = 1\n")
    ended = CliRunner().invoke(cli, ["run", "oven"])
    assert ended.exit_code == 2 and not ended.stdout, ended.output
    assert f"error {code} " in ended.stderr and said in ended.stderr, ended.stderr
    assert "P904" not in ended.stderr


def test_a_folder_whose_workbook_is_of_something_else_is_no_year(oven: Path) -> None:
    oven.write_bytes(book({"Notes": [["x", 1]]}))
    ended = CliRunner().invoke(cli, ["run", "oven"])
    assert ended.exit_code == 2 and "P904" in ended.stderr, ended.output


def test_hidden_and_unknown_sheets_are_told_and_the_rest_runs(oven: Path) -> None:
    sheets = good() | {"Peple": PEOPLE, "Notes": [["x", 1]]}
    oven.write_bytes(book(sheets, lambda made, there: there["People"].hide()))
    ended = run()
    assert ended.exit_code == 0, ended.output
    assert "sheets.W02" in ended.stderr and "Did you mean `People`?" in ended.stderr
    assert ended.stderr.count("sheets.W01") == 2


def test_all_that_is_amiss_is_told_in_one_run(oven: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["People"].write_formula("B2", "=NA()", None, "#N/A")
        sheets["People"].write("C3", -4)

    oven.write_bytes(changed(change))
    told = run().stderr
    assert "sheets.E05" in told and "D704" in told and "#N/A" in told


# ---- hostile: an answer in little memory

ROWS = b'<row r="1"><c r="A1"><v>1</v></c></row>'
HEAD = b'<worksheet xmlns="x"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def bomb() -> bytes:
    return with_part(SHEET, lambda text: HEAD + b" " * 257_000_000 + TAIL)


def cells_without_end() -> bytes:
    return with_part(
        SHEET, lambda text: HEAD + b"<row>" + b"<c><v>1</v></c>" * 3_000_000 + b"</row>" + TAIL
    )


def far_corner() -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_part(SHEET, lambda text: HEAD + ROWS + far + TAIL)


def empty_rows() -> bytes:
    return with_part(SHEET, lambda text: HEAD + b"<row/>" * 1_000_000 + TAIL)


def attributes_without_end() -> bytes:
    names = b" ".join(b'a%d=""' % number for number in range(300_000))
    return with_part(SHEET, lambda text: HEAD + b"<row " + names + b"/>" + TAIL)


def many_parts() -> bytes:
    return archive({f"xl/{number}": b"" for number in range(30_000)})


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (bomb, "sheets.E02"),
        (cells_without_end, "sheets.E03"),
        (attributes_without_end, "sheets.E03"),
        (many_parts, "sheets.E10"),
        (far_corner, "D731"),
        (empty_rows, ""),
    ],
)
def test_a_hostile_workbook_is_answered_in_bounded_memory(
    oven: Path, made: Callable[[], bytes], code: str
) -> None:
    oven.write_bytes(made())
    limit = 700_000_000
    ended = subprocess.run(
        [sys.executable, "-m", "coopfx", "run", "oven", "2024"],
        capture_output=True, encoding="utf-8", check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert "Traceback" not in ended.stderr and "MemoryError" not in ended.stderr, ended.stderr
    assert code in ended.stderr and ended.returncode == (2 if code else 0), ended.stderr


# ---- the template, filled in


def facts_of(policy: Path, year: str) -> Facts:
    report = Report()
    world = load_world(report)
    opened = open_policy(policy, report)
    assert opened is not None
    found = pipeline.evaluate_policy(opened, policy / year, world, report)
    assert found is not None, [item.code for item in report.diagnostics]
    return found.facts


def cell(value: Known | None) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def filled(template: bytes, facts: Facts, policy: Path) -> bytes:
    """The template with a year's figures in the rows and columns that it has."""
    report = Report()
    world = load_world(report)
    opened = open_policy(policy, report)
    assert opened is not None
    statute = pipeline.check_policy(opened, world, report)[0]
    schema = schema_of(statute.program)
    words = [statute.words]
    sheets: Sheets = {}
    grids = xlsx.grids(Archive(io.BytesIO(template)), report)
    from coopfx_sheets.read import record_of

    for grid in grids[1:]:
        record = record_of(grid.name, schema)
        rows = dict(grid.rows)
        if record == "cooperative":
            sheets[grid.name] = own_rows(grid, facts, schema, words)
            continue
        header = rows[3]
        fields = schema.of(record)
        names = [cells.canonical(header[column], fields, words) for column in sorted(header)[1:]]
        assert all(names), header
        table = facts.tables.get(record or "")
        if table is None:
            continue
        given: list[list[Any]] = [["id", *(header[column] for column in sorted(header)[1:])]]
        for at, identifier in enumerate(table.ids):
            columns = [table.columns.get(name or "") for name in names]
            given.append([identifier, *(cell(one[at]) if one else None for one in columns)])
        sheets[grid.name] = given
    return book(sheets)


def own_rows(grid: Grid, facts: Facts, schema: Any, words: Any) -> list[list[Any]]:
    rows: list[list[Any]] = []
    accounts = dict.fromkeys(schema.accounts)
    known = schema.of(None) | {item.name: item for item in schema.decisions}
    for line, row in grid.rows:
        label = row.get(0, "")
        if line == 3:
            rows.append([label, row.get(1, "")])
        elif name := cells.canonical(label, known, words):
            rows.append([label, cell(facts.figures.get(name))])
        elif name := cells.canonical(label, accounts, words):
            rows.append([label, cell(facts.balances.get(name))])
        elif line == 4:
            rows.append([label, facts.closing])
        elif line == 5:
            rows.append([label, facts.cooperative])
    return rows


@pytest.mark.parametrize(
    ("policy", "year"),
    [("alma", "2024"), ("la-halle", "2023"), ("txirbil", "2024"), ("il-filo", "2024")],
)
def test_a_template_filled_in_gives_what_the_files_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policy: str, year: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(POLICIES / policy, tmp_path / "pack")
    by_files = CliRunner().invoke(cli, ["run", "pack", year, "--format", "json"])
    made = CliRunner().invoke(cli, ["template", "pack", "--year", year, "--output", "t.xlsx"])
    assert made.exit_code == 0, made.output
    content = filled(Path("t.xlsx").read_bytes(), facts_of(tmp_path / "pack", year), Path("pack"))
    shutil.rmtree(tmp_path / "pack" / year)
    (tmp_path / "pack" / year).mkdir()
    (tmp_path / "pack" / year / "year.xlsx").write_bytes(content)
    by_workbook = CliRunner().invoke(cli, ["run", "pack", year, "--format", "json"])
    assert by_workbook.exit_code == by_files.exit_code, by_workbook.stderr
    first, second = json.loads(by_files.stdout), json.loads(by_workbook.stdout)
    for one in (first, second):
        one.pop("diagnostics")
    assert second == first


def test_a_template_says_in_the_words_of_law_and_statute_what_each_fact_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(POLICIES / "txirbil", tmp_path / "pack")
    made = CliRunner().invoke(cli, ["template", "pack", "--output", "t.xlsx", "--lang", "fr"])
    assert made.exit_code == 0, made.output
    opened = zipfile.ZipFile("t.xlsx")
    texts = [opened.read(name).decode() for name in opened.namelist() if name.endswith("xml")]
    whole = "".join(texts)
    law = open_law("es.euskadi", load_world(Report()), Report())
    assert law is not None
    facts = [fact for article in law.articles for fact in article.facts]
    # The interest is said by the statute, so that the law's own fact of it is not asked.
    asked = [fact for fact in facts if fact.name != "charged_interest"]
    assert len(asked) > 40
    assert [fact.name for fact in asked if fact.label not in whole] == []
    assert "índice laboral" in whole


def test_a_template_is_the_same_bytes_twice_and_overwrites_nothing(oven: Path) -> None:
    oven.write_bytes(book(good()))
    for name in ("a.xlsx", "b.xlsx"):
        made = CliRunner().invoke(cli, ["template", "oven", "--output", name])
        assert made.exit_code == 0, made.output
    assert Path("a.xlsx").read_bytes() == Path("b.xlsx").read_bytes()
    again = CliRunner().invoke(cli, ["template", "oven", "--output", "a.xlsx"])
    assert again.exit_code == 2 and "sheets.E11" in again.stderr


def test_a_template_asks_for_what_is_read_alone_and_carries_over(oven: Path) -> None:
    own = [*OWN, ["reserves.development", 0]]
    oven.write_bytes(book(good() | {"Cooperative": own}))
    CliRunner().invoke(cli, ["template", "oven", "--output", "next.xlsx"])
    grids = {
        one.name: one
        for one in xlsx.grids(Archive(io.BytesIO(Path("next.xlsx").read_bytes())), Report())
    }
    people = dict(grids["People"].rows)
    assert set(people[3].values()) == {"id", "worker", "hours"}
    assert [people[line] for line in (4, 5)] == [{0: "ana", 1: "yes"}, {0: "ben", 1: "yes"}]
    given = {row[0]: row.get(1) for _, row in grids["Cooperative"].rows}
    assert given["closing"] == "2025-12-31" and given["reserves.development"] == "500.05"
    assert given["surplus"] is None


def test_a_template_carries_over_what_stays_and_a_year_of_seniority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(POLICIES / "le-rabot", tmp_path / "pack")
    before = facts_of(tmp_path / "pack", "2024").tables["person"]
    made = CliRunner().invoke(cli, ["template", "pack", "--output", "t.xlsx"])
    assert made.exit_code == 0, made.output
    content = Path("t.xlsx").read_bytes()
    (grid,) = (
        one for one in xlsx.grids(Archive(io.BytesIO(content)), Report()) if one.name == "Personnes"
    )
    rows = [row for line, row in grid.rows if line > 3]
    heading = dict(next(row for line, row in grid.rows if line == 3))
    at = {name: column for column, name in heading.items()}
    assert tuple(row[0] for row in rows) == before.ids
    given = {name: [row.get(column, "") for row in rows] for name, column in at.items()}
    old = before.columns
    assert given["ancienneté"] == [
        str(one + 12) for one in old["seniority"] if isinstance(one, Fraction)
    ]
    assert given["salaire temps plein"] == [f"{one}" for one in old["full_time_pay"]]
    assert given["parts détenues"] == [f"{one}" for one in old["shares_held"]]
    assert given["associé"] == ["oui" if one else "non" for one in old["member"]]
    # What a year brings is asked anew.
    for name in ("salaire", "heures", "présence"):
        assert set(given[name]) == {""}
    own = {one.name: one for one in xlsx.grids(Archive(io.BytesIO(content)), Report())}[
        "Coopérative"
    ]
    notes = {row[0]: row.get(2, "") for _, row in own.rows}
    assert "Sans décision : 45 %" in notes["taux du travail"].replace("\u00a0", " ")
    assert "40 % ou plus" in notes["taux du travail"].replace("\u00a0", " ")


# ---- the treasurer's workbook


def test_the_outcome_as_a_workbook_is_the_same_bytes_twice(oven: Path) -> None:
    oven.write_bytes(book(good()))
    for name in ("a.xlsx", "b.xlsx"):
        assert run("--format", "xlsx", "--output", name).exit_code == 0
    assert Path("a.xlsx").read_bytes() == Path("b.xlsx").read_bytes()


@pytest.mark.parametrize("name", ["=1+2", "+1", "-1", "@ABS(A1)", '=HYPERLINK("http://x")'])
def test_no_name_becomes_a_formula(oven: Path, name: str) -> None:
    sheets = good() | {"People": [PEOPLE[0], [f" {name}", True, 1], ["ben", True, 1]]}
    oven.write_bytes(book(sheets))
    assert run("--format", "xlsx", "--output", "a.xlsx").exit_code == 0
    CliRunner().invoke(cli, ["template", "oven", "--output", "t.xlsx"])
    for file in ("a.xlsx", "t.xlsx"):
        with zipfile.ZipFile(file) as made:
            parts = [made.read(one).decode() for one in made.namelist() if "worksheets/s" in one]
            assert not any("HYPERLINK" in part for part in parts)
            assert "<f>1+2" not in "".join(parts) and "@ABS(A1)</f>" not in "".join(parts)
            assert not any(one.startswith("xl/externalLinks") for one in made.namelist())


def test_rows_are_as_high_as_their_texts_and_heads_come_again_on_each_page(oven: Path) -> None:
    long = "Marie-Clémentine Philippine de la Rochefoucauld-Montesquieu"
    oven.write_bytes(book(good() | {"People": [PEOPLE[0], [long, True, 1], ["ben", True, 1]]}))
    assert run("--format", "xlsx", "--output", "a.xlsx").exit_code == 0
    with zipfile.ZipFile("a.xlsx") as made:
        shares, titles = (
            made.read(f"xl/{name}").decode() for name in ("worksheets/sheet4.xml", "workbook.xml")
        )
    heights = dict(re.findall(r'<row r="(\d+)"[^>]* ht="([\d.]+)"', shares))
    # "Work share (article 2)" takes two lines, the name four; the other rows have one.
    assert heights == {"3": "30", "4": "60"}
    assert "Print_Titles" in titles


@pytest.mark.office
@pytest.mark.parametrize("policy", ["alma", "la-halle", "txirbil", "il-filo"])
def test_a_spreadsheet_program_works_out_the_same(tmp_path: Path, policy: str) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: the formulas were not worked out anew")
    shutil.copytree(POLICIES / policy, tmp_path / "pack")
    written = tmp_path / "out.xlsx"
    ended = CliRunner().invoke(
        cli, ["run", str(tmp_path / "pack"), "--format", "xlsx", "--output", str(written)]
    )
    assert ended.exit_code in (0, 1), ended.output
    ours = xlsx.grids(Archive(io.BytesIO(written.read_bytes())), Report())
    # Every formula gets a wrong value first: what comes back was worked out by the program.
    spoilt = tmp_path / "spoilt.xlsx"
    spoilt.write_bytes(spoil(written.read_bytes()))
    home = f"-env:UserInstallation=file://{tmp_path / 'office'}"
    subprocess.run(
        [program, home, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(spoilt)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    theirs = ods.grids(Archive(io.BytesIO((tmp_path / "spoilt.ods").read_bytes())), Report())
    assert [grid.name for grid in theirs] == [grid.name for grid in ours]
    for mine, other in zip(ours, theirs, strict=True):
        there = dict(other.rows)
        for line, row in mine.rows:
            got = {column: there.get(line, {}).get(column, "") for column in row}
            same = [alike(got[column], text) for column, text in row.items()]
            assert all(same), (mine.name, line, got, row)


def alike(theirs: str, ours: str) -> bool:
    """Whether two cells show the same: a check may be kept as 1, a sum in binary fractions."""
    if ours == "true":
        return theirs in ("true", "1")
    try:
        left, right = (Decimal(text.removesuffix(" %")) for text in (theirs, ours))
    except InvalidOperation:
        return theirs == ours
    return round(left, 6) == round(right, 6)


def spoil(data: bytes) -> bytes:
    """A workbook whose formulas have lost their results."""
    with zipfile.ZipFile(io.BytesIO(data)) as there:
        parts = {one: there.read(one) for one in there.namelist()}
    return archive({
        name: re.sub(rb"</f><v>[^<]*</v>", rb"</f>", part) if "worksheets/" in name else part
        for name, part in parts.items()
    })  # fmt: skip
