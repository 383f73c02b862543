"""What comes in is what was meant: kinds of cells, rows and files, each in several forms, in every format
that can hold it.

A case is a table as someone keeps it. What is known of each person is compared, or the one thing that is
told; never is a year read otherwise.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import workbooks
from coopfx import pipeline
from coopfx.desk.policy import Policy, open_policy
from coopfx.desk.versions import Statute
from coopfx.formats import delimited
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world
from workbooks import Cell

STATUTE = """statuts « Chêne »
devise EUR
en vigueur depuis 2020-01-01

article 1 « L'excédent »
  répartir excédent
    40 % à la part_travail
    le reste à réserves.développement
    pertes au report_à_nouveau_débiteur

article 2 « La part travail »
  donnée entrée : date de personne
  donnée prime : montant de personne
  partager part_travail entre les salariés dont entrée <= 2024-06-30
    selon heures

article 3 « L'année »
  donnée agrément : date
  donnée heures_payées : heures
  donnée accord : oui/non
  exiger agréé : agrément <= 2024-12-31
  exiger convenu : accord
  exiger travaillé : heures_payées >= 1 heure
"""
OWN = "closing = 2024-12-31\nsurplus = 10000\n"
HEADER = ["matricule", "salarié", "entrée", "heures", "prime"]
FACTS = {"salarié": "worker", "entrée": "entrée", "heures": "hours"}
"""The facts that the statute reads; nothing reads the bonus."""
ANA = ["ana", "oui", "01/03/2019", "35,5", "100"]
"""A person in whom nothing is amiss, in every format."""
FORMATS = ("csv", "xlsx", "ods", "parquet")
BOOKS = ("xlsx", "ods")


Told = dict[str, Any]
Given = tuple[Facts | None, set[str]]
Row = list[Any]


@pytest.fixture(scope="module")
def statute(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Policy, Statute]:
    """The statute, compiled once."""
    folder = tmp_path_factory.mktemp("policy")
    (folder / "statute.fr.coop").write_text(STATUTE)
    world = load_world(Report())
    policy = open_policy(folder, Report())
    assert policy is not None
    return world, policy, pipeline.check_policy(policy, world, Report())[0]


@pytest.fixture
def year(tmp_path: Path) -> Path:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text(OWN)
    return tmp_path / "2024"


@pytest.fixture
def facts(statute: tuple[World, Policy, Statute], year: Path) -> Callable[[], Given]:
    """The facts of the year, if any, and the codes of what is told."""
    world, policy, compiled = statute

    def one() -> Given:
        report = Report()
        found = pipeline.read_year(year, compiled, world, policy, report)
        return found, {one.code for one in report.diagnostics}

    return one


@pytest.fixture
def read(facts: Callable[[], Given]) -> Callable[[], tuple[dict[str, Told], set[str]]]:
    """The facts of each person of the year, and the codes of what is told."""

    def one() -> tuple[dict[str, Told], set[str]]:
        given, told = facts()
        people = given.tables["person"] if given and "person" in given.tables else None
        found = {}
        if people is not None:
            for at, identifier in enumerate(people.ids):
                found[identifier] = {name: cells[at] for name, cells in people.columns.items()}
        return found, told

    return one


Read = Callable[[], tuple[dict[str, Told], set[str]]]


def hand_in(
    year: Path, form: str, rows: list[Row], stem: str = "salariés", sheet: str = "Salariés"
) -> Path:
    """Write a table in a format; of Parquet a cell may be of any type, and a text is a text."""
    path = year / f"{stem}.{form}"
    match form:
        case "csv":
            path.write_text("".join(";".join(map(str, row)) + "\n" for row in rows), "utf-8")
        case "parquet":
            columns = {name: column(cells) for name, *cells in map(list, zip(*rows, strict=True))}
            pq.write_table(pa.table(columns), path)
        case _:
            made = workbooks.xlsx if form == "xlsx" else workbooks.ods
            path.write_bytes(made({sheet: rows}))
    return path


def column(cells: Row) -> pa.Array:
    """A column of Parquet: of its own type where all its cells are, else of texts."""
    if isinstance(cells[-1], pa.Scalar):
        return pa.array([cells[-1].as_py()] * len(cells), cells[-1].type)
    return pa.array([str(cell) for cell in cells])


# ---- cells


def number(value: float, form: str) -> Cell:
    """A number of an XLSX that is shown by a form."""

    def write(book: Any, sheet: Any, row: int, column: int) -> None:
        sheet.write_number(row, column, value, book.add_format({"num_format": form}))

    return Cell(write)


def formula(value: Any, attributes: str, shown: str = "") -> Cell:
    """A formula with the value that a program has kept, if any."""
    return Cell(
        lambda book, sheet, row, column: sheet.write_formula(row, column, "=1+1", None, value),
        (f'table:formula="of:=1+1" {attributes}', shown),
    )


def kept(attributes: str, shown: str = "") -> Cell:
    return Cell(ods=(attributes, shown))


def of_time(value: str) -> Cell:
    return kept(f'office:value-type="time" office:time-value="{value}"', "1607:00")


LONG = timedelta(hours=1607)
ERROR_OF_CALC = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
ERROR_OF_EXCEL = 'office:value-type="float" office:value="0"'
YES = ("oui", "OUI", "O", "o", "VRAI", "Vrai", "x", "X", "true", "1", "Sí", "vero", "Y", "✓", "yes")
NO = ("non", "N", "n", "FAUX", "faux", "no", "False", "0", "✗", "falso")
ABSENT = ("-", "—", "–", "n/a", "N/A", "NC", "nc", "n.d.", "N/D", "s/o")
DAY, LATE = date(2024, 3, 15), date(2021, 9, 1)
DAYS = (
    *("15/03/2024", "15.03.2024", "15-03-2024", "2024-03-15", "15/3/2024", "2024/03/15"),
    *("15/03/2024 08:30", "15.03.2024 08:30:15", "2024-03-15T08:30:00", "2024-03-15 00:00:00"),
    *("15/03/2024 08h30", "2024-03-15T08:30:00Z", "2024-03-15T08:30:00+01:00", " 15/03/2024 "),
)
STAMP = datetime(2024, 3, 15, 8, 30)
Form = tuple[str, str, Any, Any]
"""The column of a cell, the formats that can hold it, the cell, and its fact or the one thing told."""
ALL, IN_XLSX, IN_ODS, IN_PARQUET = "csv xlsx ods parquet", "xlsx", "ods", "parquet"
CELLS: dict[str, list[Form]] = {
    "yes": [("salarié", ALL, text, True) for text in YES]
    + [
        ("salarié", "xlsx ods", True, True),
        ("salarié", "xlsx ods", 1, True),
        ("salarié", IN_PARQUET, pa.scalar(True), True),
        ("salarié", IN_PARQUET, pa.scalar("O").dictionary_encode(), True)
        if hasattr(pa.scalar("O"), "dictionary_encode")
        else ("salarié", IN_PARQUET, pa.scalar(1, pa.int8()), True),
        (
            "salarié",
            "xlsx ods",
            formula(True, 'office:value-type="boolean" office:boolean-value="true"'),
            True,
        ),
    ],
    "no": [("salarié", ALL, text, False) for text in NO]
    + [("salarié", "xlsx ods", False, False), ("salarié", IN_PARQUET, pa.scalar(False), False)],
    "neither": [
        ("salarié", ALL, text, "D703") for text in ("peut-être", "2", "oui/non", "?", "ouï")
    ],
    "not given": [
        (name, ALL, text, None) for text in ABSENT for name in ("salarié", "entrée", "heures")
    ],
    "a duration": [
        *(
            ("heures", ALL, text, Fraction(1607))
            for text in (
                "1607:00",
                "1607:00:00",
                "1607h00",
                "1607 h 00",
                "1607h",
                "1607 heures",
                "1607 h 00 min",
            )
        ),
        ("heures", ALL, "35h30", Fraction(71, 2)),
        ("heures", ALL, "0:20", Fraction(1, 3)),
        *(
            ("heures", IN_XLSX, number(1607 / 24, form), Fraction(1607))
            for form in (
                "[h]:mm",
                "[hh]:mm:ss",
                '[h]"h"mm',
                "[mm]",
                "[$-40C][h]:mm;@",
                "[H]:MM",
                "[h]",
            )
        ),
        ("heures", IN_XLSX, number(35.5 / 24, "[h]:mm"), Fraction(71, 2)),
        ("heures", IN_XLSX, number(0, "[h]:mm"), Fraction(0)),
        ("heures", IN_XLSX, number(7.5 / 24, "hh:mm"), Fraction(15, 2)),
        ("heures", IN_XLSX, number(0, "hh:mm"), Fraction(0)),
        *(
            ("heures", IN_ODS, of_time(text), Fraction(1607))
            for text in (
                "PT1607H00M00S",
                "PT1607H",
                "P66DT23H00M00S",
                "PT1607H00M00.000000000S",
                "PT96420M",
            )
        ),
        ("heures", IN_ODS, of_time("PT35H30M"), Fraction(71, 2)),
        ("heures", IN_ODS, of_time("PT00H00M00S"), Fraction(0)),
        *(
            ("heures", IN_PARQUET, pa.scalar(LONG, pa.duration(unit)), Fraction(1607))
            for unit in ("s", "ms", "us", "ns")
        ),
        (
            "heures",
            IN_PARQUET,
            pa.scalar(timedelta(hours=7, minutes=30), pa.duration("ms")),
            Fraction(15, 2),
        ),
    ],
    "a duration that is no amount": [
        ("entrée", ALL, "12:30", "D703"),
        ("salarié", ALL, "12:30", "D703"),
        ("heures", ALL, "12:75", "D703"),
        ("heures", ALL, "-12:00", "D704"),
        ("heures", IN_XLSX, number(-0.5, "[h]:mm"), "D704"),
    ],
    "a day": [
        *(("entrée", ALL, text, DAY) for text in DAYS),
        *(
            ("entrée", IN_XLSX, number(45366.354, form), DAY)
            for form in ("dd/mm/yyyy", "yyyy-mm-dd hh:mm", "[$-40C]d mmmm yyyy;@", "d-mmm-yy")
        ),
        ("entrée", "xlsx ods", DAY, DAY),
        *(
            (
                "entrée",
                IN_ODS,
                kept(f'office:value-type="date" office:date-value="{text}"', "15/03/24"),
                DAY,
            )
            for text in (
                "2024-03-15",
                "2024-03-15T08:30:00",
                "2024-03-15T08:30:00.000000000",
                "2024-03-15T00:00:00",
            )
        ),
        ("entrée", IN_PARQUET, pa.scalar(DAY), DAY),
        ("entrée", IN_PARQUET, pa.scalar(DAY, pa.date64()), DAY),
        *(
            ("entrée", IN_PARQUET, pa.scalar(STAMP, pa.timestamp(unit)), DAY)
            for unit in ("s", "ms", "us", "ns")
        ),
        ("entrée", IN_PARQUET, pa.scalar(STAMP, pa.timestamp("us", "UTC")), DAY),
    ],
    "a day with two digits for its year": [
        ("entrée", ALL, text, (when, "D748"))
        for text, when in (
            ("15/03/24", DAY),
            ("01/09/21", LATE),
            ("15.03.24", DAY),
            ("15/03/24 08:30", DAY),
            ("1/9/21", LATE),
            ("15/03/99", date(1999, 3, 15)),
        )
    ],
    "a day first": [
        ("entrée", ALL, "03/04/2024", date(2024, 4, 3)),
        ("entrée", ALL, "3.4.2024", date(2024, 4, 3)),
        ("entrée", ALL, "03-04-2024", date(2024, 4, 3)),
        ("entrée", ALL, "03/04/24", (date(2024, 4, 3), "D748")),
    ],
    "no day": [
        ("entrée", ALL, text, "D703")
        for text in ("31/02/2024", "hier", "45366", "2024-13-01", "15/03")
    ],
    "a formula without a value": [
        *(
            (name, IN_XLSX, formula("", ""), "sheets.E06")
            for name in ("matricule", "salarié", "entrée", "heures")
        ),
        *(
            (name, IN_ODS, formula("", attributes), "sheets.E06")
            for name in ("matricule", "salarié", "entrée", "heures")
            for attributes in ("", 'office:value-type="float"')
        ),
    ],
    "a formula never worked out": [
        (name, IN_XLSX, formula(0, ""), "sheets.E06") for name in ("salarié", "entrée", "heures")
    ],
    "a formula with its value": [
        (
            "heures",
            "xlsx ods",
            formula(12, 'office:value-type="float" office:value="12"', "12"),
            Fraction(12),
        ),
        (
            "heures",
            "xlsx ods",
            formula("12,5", 'office:value-type="string"', "12,5"),
            Fraction(25, 2),
        ),
    ],
    "an error": [
        *(
            (name, IN_XLSX, formula(error, ""), "sheets.E05")
            for name in ("matricule", "salarié", "entrée", "heures")
            for error in ("#DIV/0!", "#N/A", "#REF!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!")
        ),
        *(
            (name, IN_ODS, formula("", ERROR_OF_CALC, error), "sheets.E05")
            for name in ("matricule", "salarié", "heures")
            for error in ("#DIV/0!", "Err:502", "#N/D", "#VALEUR !")
        ),
        *(
            (name, IN_ODS, formula("", ERROR_OF_EXCEL, error), "sheets.E05")
            for name in ("entrée", "heures")
            for error in ("#DIV/0!", "#REF!", "#N/A", "#NOM?")
        ),
        *(
            (name, ALL, error, "D703")
            for name in ("salarié", "entrée", "heures")
            for error in ("#DIV/0!", "#N/A", "#REF!")
        ),
        *(
            ("matricule", ALL, error, "D760")
            for error in ("#N/A", "#REF!", "#VALEUR!", "#NOM?", "#¡DIV/0!")
        ),
    ],
    "an error where nothing reads": [
        ("prime", "xlsx ods", formula("#DIV/0!", ERROR_OF_CALC, "#DIV/0!"), ...),
        ("prime", "xlsx ods", formula("", ""), ...),
        ("prime", ALL, "#DIV/0!", ...),
    ],
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", CELLS)
def test_a_cell(kind: str, form: str, year: Path, read: Read) -> None:
    wrong = []
    for name, formats, cell, wanted in CELLS[kind]:
        if form not in formats.split():
            continue
        bea: Row = ["bea", "oui", "", "", ""]
        bea[HEADER.index(name)] = cell
        hand_in(year, form, [HEADER, bea])
        people, told = read()
        fact, codes = wanted if isinstance(wanted, tuple) else (wanted, "")
        if isinstance(wanted, str):
            right = (people, told) == ({}, {wanted})
        else:
            seen = people.get("bea", {}).get(FACTS[name]) if name in FACTS else fact
            right = "bea" in people and (seen, told) == (fact, {codes} - {""})
        if not right:
            wrong.append((name, cell, wanted, people, told))
    assert not wrong


# ---- rows and columns

MIXED: dict[str, Row] = {
    "csv": ["1607", "803,5", "1 607"],
    "xlsx": [1607, 803.5, "803,5", "12"],
    "ods": [1607, 803.5, "803,5", "12"],
    "parquet": ["1607", "803.5", "1 607"],
}
AS_DURATION = {
    "csv": "1607:00",
    "xlsx": number(1607 / 24, "[h]:mm"),
    "ods": of_time("PT1607H"),
    "parquet": "1607:00",
}


@pytest.mark.parametrize("form", FORMATS)
def test_durations_beside_numbers_are_refused(form: str, year: Path, read: Read) -> None:
    for other in MIXED[form]:
        rows = [["ana", "oui", "", AS_DURATION[form], ""], ["bea", "oui", "", other, ""]]
        for given in (rows, rows[::-1]):
            hand_in(year, form, [HEADER, *given])
            people, told = read()
            assert (people, told) == ({}, {"D749"}), other
    for other in ("35h30", "35 h", "-"):
        hand_in(
            year,
            form,
            [HEADER, ["ana", "oui", "", AS_DURATION[form], ""], ["bea", "oui", "", other, ""]],
        )
        assert (set(read()[0]), read()[1]) == ({"ana", "bea"}, set())


def merged(form: str, first: tuple[int, int], last: tuple[int, int], rows: list[Row]) -> bytes:
    """A workbook with some of its cells merged: rows and columns from nought, the last ones included."""
    if form == "xlsx":
        said = rows[first[0]][first[1]]
        return workbooks.xlsx(
            {"Salariés": rows},
            lambda book, sheets: sheets["Salariés"].merge_range(*first, *last, said),
        )
    high, wide = last[0] - first[0] + 1, last[1] - first[1] + 1
    spans = f'table:number-rows-spanned="{high}" table:number-columns-spanned="{wide}"'
    rows = [list(row) for row in rows]
    text = str(rows[first[0]][first[1]])
    rows[first[0]][first[1]] = kept(f'office:value-type="string" {spans}', text)
    return workbooks.ods({"Salariés": rows})


PEOPLE: list[Row] = [
    ["ana", "oui", "", "5", "1"],
    ["bea", "oui", "", None, None],
    ["carl", "oui", "", "7", "2"],
]
TITLE: Row = ["Paie 2024", None, None, None, "Page 1"]
MERGES: dict[str, tuple[tuple[int, int], tuple[int, int], list[Row], str]] = {
    "down a column": ((1, 3), (2, 3), [HEADER, *PEOPLE], "sheets.E07"),
    "over two columns that are read": ((1, 1), (1, 2), [HEADER, *PEOPLE], "sheets.E07"),
    "into a column that is read": ((1, 2), (1, 3), [HEADER, ["ana", "oui", "01/03/2019"]], "sheets.E07"),
    "in a column that nothing reads": ((1, 4), (2, 4), [HEADER, *PEOPLE], ""),
    "a title": ((0, 0), (0, 4), [["Paie 2024"], HEADER, *PEOPLE], ""),
    "a title with more beside it": ((0, 0), (0, 2), [TITLE, HEADER, *PEOPLE], "D732"),
    "a footnote": ((5, 0), (5, 4), [HEADER, *PEOPLE, [], ["Source : logiciel de paie"]], "D747"),
    "a total": ((5, 0), (5, 2), [HEADER, *PEOPLE, [], ["Total général", None, None, "12", "3"]], "D735"),
}  # fmt: skip


@pytest.mark.parametrize("form", BOOKS)
def test_merged_cells(form: str, year: Path, read: Read) -> None:
    for what, (first, last, rows, code) in MERGES.items():
        (year / f"livre.{form}").write_bytes(merged(form, first, last, rows))
        people, told = read()
        assert told == {code} - {""}, what
        assert bool(people) == (code != "sheets.E07"), what


@pytest.mark.parametrize("form", BOOKS)
def test_errors_in_rows_that_are_no_records(form: str, year: Path, read: Read) -> None:
    mean = ["Moyenne", None, None, formula("#DIV/0!", ERROR_OF_CALC, "#DIV/0!"), None]
    title = ["Paie", None, None, formula("#REF!", ERROR_OF_CALC, "#REF!"), "2024"]
    rows: list[Row] = [title, HEADER, *PEOPLE, [], mean]
    hand_in(year, form, rows)
    people, told = read()
    assert (set(people), told) == ({"ana", "bea", "carl"}, {"D732", "D735"})


def concealed(form: str, how: str) -> bytes:
    """A workbook whose third row is out of sight."""
    rows: dict[str, list[Row]] = {"Salariés": [HEADER, *PEOPLE]}
    if form == "ods":
        made = workbooks.ods(rows)
        before = '<table:table-row><table:table-cell office:value-type="string"><text:p>bea'
        after = {
            "hidden": before.replace("-row>", '-row table:visibility="collapse">', 1),
            "filtered": before.replace("-row>", '-row table:visibility="filter">', 1),
            "grouped": before.replace("-row>", '-row table:visibility="collapse">', 1),
        }[how]
        return workbooks.with_part(
            made, "content.xml", lambda part: part.replace(before.encode(), after.encode(), 1)
        )

    def change(book: Any, sheets: dict[str, Any]) -> None:
        sheet = sheets["Salariés"]
        if how == "filtered":
            sheet.autofilter(0, 0, 3, 4)
            sheet.filter_column(0, "x != bea")
        level = {"level": 1, "hidden": True} if how == "grouped" else {"hidden": True}
        sheet.set_row(2, None, None, level)

    return workbooks.xlsx(rows, change)


@pytest.mark.parametrize("form", BOOKS)
def test_rows_out_of_sight_are_read_and_told(form: str, year: Path, read: Read) -> None:
    for how in ("hidden", "filtered", "grouped"):
        (year / f"livre.{form}").write_bytes(concealed(form, how))
        people, told = read()
        assert (set(people), told) == ({"ana", "bea", "carl"}, {"sheets.W04"}), how


# ---- files

NAMES = [
    *("people", "PEOPLE", "Workers", "staff", "salariés", "Salaries", "EFFECTIF", "effectifs", "Personnel"),
    *("personnes", "trabajadores", "Plantilla", "EMPLEADOS", "dipendenti", "Lavoratori", "persone"),
    *("salarie\u0301s", "Salarié", "dipendente", "trabajador"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_known_by_its_name_in_any_language(form: str, year: Path, read: Read) -> None:
    for name in NAMES:
        for ending in (form, form.upper()):
            path = hand_in(year, form, [HEADER, ANA], name)
            path = path.rename(year / f"{name}.{ending}")
            assert read()[0].keys() == {"ana"}, path.name
            path.unlink()


@pytest.mark.parametrize("form", BOOKS)
def test_a_sheet_is_known_by_its_name_or_alone_by_its_file_s(
    form: str, year: Path, read: Read
) -> None:
    made = workbooks.xlsx if form == "xlsx" else workbooks.ods
    for name in NAMES:
        (year / f"livre.{form}").write_bytes(made({name: [HEADER, ANA]}))
        assert read() == ({"ana": read()[0]["ana"]}, set()), name
    (year / f"livre.{form}").unlink()
    for sheet in ("Feuil1", "Sheet1", "Hoja1", "Export 2024"):
        (year / f"effectif.{form}").write_bytes(made({sheet: [HEADER, ANA], "Vide": []}))
        assert read()[0].keys() == {"ana"}, sheet
    (year / f"effectif.{form}").write_bytes(made({"Feuil1": [HEADER, ANA], "Feuil2": [["a", "b"]]}))
    assert read() == ({}, {"sheets.W01"})


UNREAD: dict[str, bytes | None] = {
    "people.xls": b"\xd0\xcf\x11\xe0",
    "salariés.txt": b"id;worker\n",
    "people.tsv": b"id\tworker\n",
    "budget.numbers": b"PK",
    "notes.pdf": b"%PDF",
    "paie.zip": b"PK",
    "contrat.docx": b"PK",
    "dsn_202401.edi": b"S10.G00.00.001,'x'\n",
    "FEC 2024.txt": b"a;b\n",
    "people.csv.bak": b"id\n",
    "people.json": b"{}",
    "cooprative.toml": b"surplus = 1\n",
    "sans_suffixe": b"?",
    "archives": None,
}


@pytest.mark.parametrize("name", UNREAD)
def test_each_file_is_read_or_named(name: str, year: Path, read: Read) -> None:
    hand_in(year, "csv", [HEADER, ANA])
    content = UNREAD[name]
    if content is None:
        (year / name).mkdir()
    else:
        (year / name).write_bytes(content)
    for own in (
        ".hidden",
        "~$people.xlsx",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "accounts.toml",
    ):
        (year / own).write_text("")
    people, told = read()
    assert (set(people), told) == ({"ana"}, {"D750"})


ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "iso8859-15", "mac_roman", "cp850", "utf-16")
SAID = ("salarié;entrée;ès", "identifié à l'été", "Ça où naïf « dès »", "señor año", "perché più")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_of_western_europe_is_recognised(encoding: str, year: Path, read: Read) -> None:
    for text in SAID:
        data = text.encode(encoding)
        found = delimited.encoding_of("people.csv", [data], Report())
        assert found is not None
        assert data.decode(found).removeprefix("\ufeff") == text
    for end in ("\n", "\r\n", "\r"):
        rows = end.join(
            ";".join(row) for row in (HEADER, ANA, ["zoé", "O", "01/09/2021", "1 607,5", "-"])
        )
        (year / "effectif.csv").write_bytes(rows.encode(encoding))
        people, told = read()
        assert (set(people), told) == ({"ana", "zoé"}, set()), end


def test_nothing_else_is_taken_for_an_encoding(year: Path, read: Read) -> None:
    for data in (
        "é\u0301ł".encode("utf-16-le"),
        "матрикул;a\n".encode("koi8-r") + b"\x81",
        b"id\0;a",
    ):
        (year / "people.csv").write_bytes(data)
        people, told = read()
        assert not people and told & {"D708", "D716", "D731"}


# ---- the cooperative's own figures

OF_ITS_OWN: list[tuple[str, Any, Any]] = [
    *(("agrément", text, DAY) for text in DAYS),
    ("agrément", "03/04/2024", date(2024, 4, 3)),
    ("agrément", "15/03/24", (DAY, "D748")),
    ("agrément", "31/02/2024", "D703"),
    *(("accord", text, True) for text in YES),
    *(("accord", text, False) for text in NO),
    *((name, text, None) for name in ("agrément", "accord", "heures_payées") for text in ABSENT),
    ("heures_payées", "1607:00", Fraction(1607)),
    ("heures_payées", "1 607,5", Fraction(3215, 2)),
    ("heures_payées", "#DIV/0!", "D703"),
    ("clôture", "31/12/24", (..., "D748")),
]
IN_BOOKS: list[tuple[str, Any, Any]] = [
    ("heures_payées", formula("#DIV/0!", ERROR_OF_CALC, "#DIV/0!"), "sheets.E05"),
    ("heures_payées", formula("", ""), "sheets.E06"),
]


@pytest.mark.parametrize("form", ("csv", *BOOKS))
def test_a_figure_of_the_cooperative(form: str, year: Path, facts: Callable[[], Given]) -> None:
    (year / "cooperative.toml").unlink()
    for name, text, wanted in OF_ITS_OWN if form == "csv" else OF_ITS_OWN + IN_BOOKS:
        rows = [["donnée", "valeur"], ["excédent", "1000"], [name, text]]
        if name != "clôture":
            rows.append(["clôture", "31/12/2024"])
        hand_in(year, form, rows, "coopérative", "Coopérative")
        given, told = facts()
        figures = given.figures if given else {}
        fact, codes = wanted if isinstance(wanted, tuple) else (wanted, "")
        if isinstance(wanted, str):
            assert (given, told) == (None, {wanted}), (name, text)
        else:
            assert told == {codes} - {""}, (name, text)
            assert fact is ... or figures.get(name) == fact, (name, text)
