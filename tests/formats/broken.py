"""Broken files as cooperatives hand them in, each with the year that it is handed in with.

A file is what is amiss with it, its name, and what it holds: bytes, or a function that makes it in a
folder. ``test_broken_inputs.py`` hands in each and holds docs/broken-inputs.md against what is told.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import evolve
from conftest_fec import FILE, LINES, Line, text, with_line, without

import workbooks
from oak import HEAD, TWO

Content = bytes | str | Callable[[Path], object]
Broken = dict[str, tuple[str, Content]]
"""What is amiss, the file's name, what it holds or what makes it of its path."""


def csv(what: str, name: str = "people.csv") -> tuple[str, Content]:
    return name, what


def mapped(said: str) -> tuple[str, Content]:
    def make(path: Path) -> None:
        path.write_text(said)
        path.with_name("payroll.csv").write_text("id,Heures payées\nana,1\n")

    return "columns.toml", make


def unknown_team(path: Path) -> None:
    path.write_text("id,worker,team\nana,yes,t9\n")
    path.with_name("teams.csv").write_text("id,headcount\nt1,3\n")


def link_out(path: Path) -> None:
    outside = path.parent.parent / "elsewhere.csv"
    outside.write_text(HEAD + TWO)
    path.symlink_to(outside)


def given_twice(path: Path) -> None:
    path.write_text("name,value\nsurplus,5\n")


CSV: Broken = {
    "nothing at all": csv(""),
    "cut off within quotation marks": csv(HEAD + 'ana,yes,"10'),
    "bytes of no encoding": ("people.csv", HEAD.encode() + b"\x81\x8d,yes,1,2\n"),
    "UTF-16, cut in the middle of a letter": ("people.csv", (HEAD + TWO).encode("utf-16")[:-1]),
    "UTF-16 without its mark": ("people.csv", (HEAD + TWO).encode("utf-16-le")),
    "a web page under the name of a CSV": csv("<!DOCTYPE html><table><tr><td>id</td></tr></table>"),
    "a workbook under the name of a CSV": ("people.csv", b"PK\x03\x04" + bytes(20)),
    "a PDF under the name of a CSV": csv("%PDF-1.7\n"),
    "a packed file under the name of a CSV": ("people.csv", b"\x1f\x8b\x08"),
    "one line without end": csv("id" + "x" * 1_100_000),
    "thousands of columns": csv("id," + ",".join("x" * 2500) + "\n"),
    "no names of columns": csv("ana,yes,100,12\nben,yes,300,20\n"),
    "the names of the columns twice": csv(HEAD + "ana,yes,1,2\n" + HEAD + "ben,yes,1,2\n"),
    "a total that is not the sum": csv(HEAD + TWO + "Total,,401,3234.50\n"),
    "one column twice": csv("id,hours,heures\nana,1,2\n"),
    "a misspelt column": csv("id,worker,hurs\nana,yes,1\n"),
    "no identifiers": csv("worker,hours\nyes,100\n"),
    "a row without its identifier": csv(HEAD + TWO + ",yes,1,2\n"),
    "a row with a cell too many": csv(HEAD + "ana,yes,1,607,2\n"),
    "one person twice": csv(HEAD + TWO + "ana,yes,5,6\n"),
    "a team that does not exist": ("people.csv", unknown_team),
    "negative hours": csv(HEAD + "ana,yes,-1,2\n"),
    "a word for a number": csv(HEAD + "ana,yes,many,2\n"),
    "a formula's error": csv(HEAD + "ana,yes,#REF!,2\n"),
    "a formula's error for an identifier": csv(HEAD + TWO + "#N/A,yes,1,2\n"),
    "durations beside numbers": csv(HEAD + "ana,yes,1607:00,2\nben,yes,803.5,2\n"),
    "dates as numbers": csv("id,worker,joined\nana,yes,45292\n"),
    "day or month first": csv("id,worker,joined\nana,yes,03/04/2024\n"),
    "a day that does not exist": csv("id,worker,joined\nana,yes,31/02/2024\n"),
    "thousands or decimals": csv("id;worker;hours\nana;yes;1,607\nben;yes;2.5\nche;yes;2,5\n"),
    "an amount finer than a cent": csv(HEAD + "ana,yes,1,12.345\n"),
    "the decimals of a calculation": csv(HEAD + "ana,yes,1,1234.5600000001\n"),
    "another currency": csv(HEAD + "ana,yes,1,12 $\n"),
    "all of a file's mistakes in one run": csv(
        HEAD + "ana,perhaps,-1,x\nana,yes,1,1\n,yes,1,1\nben,yes,1,2,3\n"
    ),
    "a file of nothing known": csv(HEAD + TWO, "peopel.csv"),
    "a folder under the name of a file": ("people.csv", lambda path: path.mkdir()),
    "a link that leads out of the folder": ("people.csv", link_out),
    "a path out of the folder in columns.toml": mapped(
        '["../secret.csv"]\nrecord = "person"\n["payroll.csv"]\nrecord = "person"\n'
        'columns = { "Heures payées" = "hours" }\n'
    ),
    "a column of columns.toml that is not there": mapped(
        '["payroll.csv"]\nrecord = "person"\ncolumns = { Heures = "hours" }\n'
    ),
    "a float in TOML": csv("closing = 2024-12-31\nsurplus = 1000.10\n", "cooperative.toml"),
    "no closing date": csv("surplus = 1000\n", "cooperative.toml"),
    "one figure in two files": ("cooperative.csv", given_twice),
}


# ---- workbooks

PEOPLE: list[list[Any]] = [["id", "worker", "hours"], ["ana", True, 100.5], ["ben", "yes", 300]]
SHEET = "xl/worksheets/sheet1.xml"


def book(*rows: list[Any], **more: list[list[Any]]) -> bytes:
    return workbooks.xlsx({"People": [PEOPLE[0], *rows], **more})


def changed(change: Callable[[Any, dict[str, Any]], None]) -> bytes:
    return workbooks.xlsx({"People": PEOPLE}, change)


def with_part(name: str, change: Callable[[bytes], bytes], whole: bytes = b"") -> bytes:
    return workbooks.with_part(whole or book(*PEOPLE[1:]), name, change)


def xlsx(content: bytes) -> tuple[str, Content]:
    return "year.xlsx", content


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'


def bomb(path: Path) -> None:
    path.write_bytes(
        with_part(SHEET, lambda part: part.replace(b"<row ", b" " * 257_000_000 + b"<row ", 1))
    )


EXTERNAL = b"<f>'[1]Other hours'!A1</f><v>100.5</v>"
ENCRYPTED = (
    b'<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
)
ODS_ERROR = b'table:formula="of:=1/0" calcext:value-type="error"'
WORKBOOKS: Broken = {
    "a workbook cut off": xlsx(book(*PEOPLE[1:])[:-700]),
    "a web page under the name of a workbook": xlsx(b"<html><table><tr><td>1</td></tr></table>"),
    "an old or a locked workbook": xlsx(b"\xd0\xcf\x11\xe0" + bytes(600)),
    "a CSV under the name of a workbook": xlsx(b"id;worker\nana;yes\n"),
    "an archive of something else": xlsx(workbooks.archive({"word/document.xml": b"<a/>"})),
    "a zip bomb": ("year.xlsx", bomb),
    "XML that declares entities": xlsx(
        with_part(SHEET, lambda part: ENTITIES + part.replace(b'encoding="UTF-8" ', b"")[55:])
    ),
    "a path that leads out of the archive": xlsx(with_part("../../etc/passwd", lambda part: b"x")),
    "a sheet that lies outside": xlsx(
        with_part(
            "xl/_rels/workbook.xml.rels",
            lambda part: part.replace(b"worksheets/sheet1.xml", b"../../secret.xml"),
        )
    ),
    "merged cells": xlsx(changed(lambda made, there: there["People"].merge_range("C2:C3", 7))),
    "the error of a formula": xlsx(
        changed(lambda made, there: there["People"].write_formula("C3", "=1/0", None, "#DIV/0!"))
    ),
    "a formula without a value": xlsx(
        with_part(SHEET, lambda part: part.replace(b"<v>100.5</v>", b"<f>SUM(1,2)</f>"))
    ),
    "a formula that was never worked out": xlsx(
        changed(lambda made, there: there["People"].write_formula("C2", "=1600+7"))
    ),
    "durations beside numbers, in a sheet": xlsx(
        changed(
            lambda made, there: there["People"].write_number(
                "C2", 1607 / 24, made.add_format({"num_format": "[h]:mm"})
            )
        )
    ),
    "a value fetched from another workbook": xlsx(
        with_part(SHEET, lambda part: part.replace(b"<v>100.5</v>", EXTERNAL))
    ),
    "a day that is kept as a bare number": xlsx(
        workbooks.xlsx({"People": [["id", "worker", "joined"], ["ana", True, 45292]]})
    ),
    "the names of the columns twice, in a sheet": xlsx(book(*PEOPLE[1:], PEOPLE[0])),
    "one person twice, in a sheet": xlsx(book(*PEOPLE[1:], ["ana", True, 2])),
    "negative hours, in a sheet": xlsx(book(["ana", True, -1])),
    "a sum without a name, in a sheet": xlsx(book(*PEOPLE[1:], [None, None, 400.5])),
    "two sheets of people": xlsx(book(*PEOPLE[1:], Members=PEOPLE)),
    "a sheet with a misspelt name": xlsx(book(*PEOPLE[1:], Temas=[["id", "headcount"], ["t1", 3]])),
    "a hidden sheet": xlsx(
        workbooks.xlsx(
            {"Cooperative": [["name", "Oak"]], "People": PEOPLE},
            lambda made, there: there["People"].hide(),
        )
    ),
    "an ODS cut off": ("year.ods", workbooks.ods({"People": PEOPLE})[:-100]),
    "an ODS that is locked": (
        "year.ods",
        with_part("META-INF/manifest.xml", lambda part: ENCRYPTED, workbooks.ods({"People": PEOPLE})),
    ),
    "the error of a formula, in an ODS": (
        "year.ods",
        with_part(
            "content.xml",
            lambda part: part.replace(b'office:value-type="float" office:value="100.5"', ODS_ERROR)
            .replace(b"100.5", b"#DIV/0!"),
            workbooks.ods({"People": PEOPLE}),
        ),
    ),
}  # fmt: skip


# ---- the French accounting export


def fec(what: str | bytes) -> tuple[str, Content]:
    return FILE, what.encode() if isinstance(what, str) else what


CLOSED = (
    Line("OD", "9", "20241231", "706000", "1000,00"),
    Line("OD", "9", "20241231", "601000", credit="250,50"),
    Line("OD", "9", "20241231", "120000", credit="749,50"),
)
FEC: Broken = {
    "an entry that does not balance": fec(with_line(4, credit="999,99")),
    "the last line cut in two": fec(text()[:-60]),
    "no column of accounts": fec(without("CompteNum")),
    "no column of credits": fec(without("Credit")),
    "a FEC without the names of its columns": fec(text().split("\r\n", 1)[1]),
    "two headers": fec(text() + text()),
    "an impossible date": fec(with_line(3, day="20240231")),
    "a date as a number of days": fec(with_line(3, day="45366")),
    "a date of the year after": fec(with_line(3, day="20250315")),
    "an amount in letters": fec(with_line(3, debit="douze")),
    "thousands or decimals, in a FEC": fec(with_line(3, debit="1,200")),
    "an account of letters": fec(with_line(3, account="CDUPONT")),
    "closing entries": fec(text((*LINES, *CLOSED))),
    "a workbook under the name of a FEC": fec(b"PK\x03\x04" + bytes(200)),
    "a web page under the name of a FEC": fec("<!DOCTYPE html><html><body>FEC</body></html>"),
    "a FEC in XML with an entity of another file": fec(
        '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><c>&x;</c>'
    ),
    "a FEC without entries": fec(text(())),
}


# ---- Parquet


def parquet(**columns: Any) -> tuple[str, Content]:
    return "people.parquet", lambda path: pq.write_table(pa.table(columns), path)


PARQUET: Broken = {
    "durations beside numbers, in Parquet": parquet(id=["ana", "ben"], hours=["1607:00", "803.5"]),
    "a Parquet file cut off": ("people.parquet", b"PAR1" + bytes(200)),
    "a column of floats": parquet(id=["ana"], worker=[True], hours=[1.5]),
    "a column of lists": parquet(id=["ana"], worker=[True], hours=[[1]]),
    "one person twice, in Parquet": parquet(id=["ana", "ana"], hours=[1, 2]),
    "negative hours, in Parquet": parquet(id=["ana"], worker=[True], hours=[-1]),
    "a day before the year, as a word": parquet(id=["ana"], worker=[True], joined=["yesterday"]),
    "an index of pandas under a name": parquet(id=["ana"], index=[0]),
}

READ: Broken = {
    "a FEC with ISO dates and decimal points": fec(
        text(tuple(evolve(one, day=f"{one.day[:4]}-{one.day[4:6]}-{one.day[6:]}") for one in LINES))
        .replace(",", ".")
    ),
    "a CSV of the continent in an old encoding": (
        "people.csv", "id;salarié;heures;salaire\nana;oui;100;1 234,50 €\n".encode("cp1252"),
    ),
    "a workbook whose days count from 1904, with titles and empty columns": xlsx(
        workbooks.xlsx({
            "Salariés": [["Paie"], [], [None, "heures", None, "ID"], [None, 7, None, "ana"]],
        })
    ),
    "a day at midnight and a category, in Parquet": parquet(
        id=pa.array(["ana"]).dictionary_encode(),
        joined=pa.array([date(2020, 1, 31)]).cast(pa.timestamp("us")),
    ),
}  # fmt: skip

GROUPS: dict[str, Broken] = {
    "CSV and TOML": CSV,
    "Workbooks": WORKBOOKS,
    "The accounting export": FEC,
    "Parquet": PARQUET,
}
