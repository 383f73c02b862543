"""What comes in is what was meant: yes and no, what is not given, days, durations, encodings, names of
files; in every format that can hold it."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import workbooks
from coopfx.apps.cli.main import cli
from coopfx.formats import cells, delimited
from coopfx.formats.notation import Amiss, Style
from coopfx.ground.exact import DATE, HOUR, NUMBER, YES_NO, Type, quantity
from coopfx.ground.facts import Field
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import load_world

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
  partager part_travail entre les salariés dont entrée <= 2024-06-30
    selon heures
"""
OWN = "closing = 2024-12-31\nsurplus = 10000\n"


@pytest.fixture(scope="module")
def words() -> list[Words]:
    known = load_world(Report()).languages
    return [known["fr"], *(one for name, one in known.items() if name != "fr")]


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "statute.fr.coop").write_text(STATUTE)
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text(OWN)
    return tmp_path / "2024"


def ran() -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """The parts of a year's people, and what is told, by code."""
    ended = CliRunner().invoke(cli, ["run", ".", "2024", "--format", "json"])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    found = json.loads(ended.stdout)
    shares = found.get("shares", [])
    parts = {one["id"]: one for one in shares[0]["parts"]} if shares else {}
    return parts, {one["code"]: one for one in found["diagnostics"] if one["code"] != "R801"}


def one(text: str, type_: Type, words: list[Words], days: str = "") -> object:
    return cells.read(text, Field("asked", type_), words, Style(".", True, days))


@pytest.mark.parametrize("text", ["O", "VRAI", "x", "Sí", "vero", "Y", "✓", "Oui", "s"])
def test_yes(text: str, words: list[Words]) -> None:
    assert one(text, YES_NO, words) is True


@pytest.mark.parametrize("text", ["N", "FAUX", "no", "falso", "0", "Non", "✗"])
def test_no(text: str, words: list[Words]) -> None:
    assert one(text, YES_NO, words) is False


@pytest.mark.parametrize("text", ["-", "—", "n/a", "NC", "n.d.", "N/D", " – "])
@pytest.mark.parametrize("type_", [YES_NO, NUMBER, DATE, quantity(HOUR)], ids=str)
def test_what_is_not_given(text: str, type_: Type, words: list[Words]) -> None:
    assert one(text, type_, words) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [("1607:00", "1607"), ("35h30", "35.5"), ("-0:20:00", "-1/3"), ("7:05:30", "2553/360")],
)
def test_a_duration_is_hours_and_nothing_else(text: str, hours: str, words: list[Words]) -> None:
    from fractions import Fraction

    assert one(text, quantity(HOUR), words) == Fraction(hours)
    assert isinstance(one(text, NUMBER, words), Amiss)


@pytest.mark.parametrize(
    "text",
    ["15/03/2024", "15/03/24", "2024-03-15T08:30:00", "15.03.2024 08:30", "2024-03-15 00:00:00"],
)
def test_a_day_however_it_is_written(text: str, words: list[Words]) -> None:
    assert one(text, DATE, words, "dmy") == date(2024, 3, 15)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "cp1252", "iso8859-15", "mac_roman", "cp850", "utf-16"]
)
@pytest.mark.parametrize(
    "text", ["salarié;entrée;ès", "identifié à l'été", "Ça où naïf « dès »", "señor año"]
)
def test_an_encoding_of_western_europe_is_recognised(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    found = delimited.encoding_of("people.csv", [data], Report())
    assert found is not None
    assert data.decode(found).removeprefix("\ufeff") == text


HEADER = ["matricule", "salarié", "entrée", "heures"]


def table(*rows: list[str]) -> str:
    return "\n".join(map(";".join, (HEADER, *rows))) + "\n"


def test_a_french_table_as_it_comes(year: Path) -> None:
    (year / "Salariés.CSV").write_bytes(
        table(
            ["001", "O", "01/03/2019", "1607:00"],
            ["002", "VRAI", "01/09/21", "803:30"],
            ["003", "N", "-", "NC"],
        ).encode("mac_roman")
    )
    parts, told = ran()
    assert set(parts) == {"001", "002"}
    assert told.keys() == {"D748"}
    assert "1er septembre 2021" in told["D748"]["message"]


def test_durations_beside_numbers_are_refused(year: Path) -> None:
    (year / "effectif.csv").write_text(
        table(["001", "oui", "01/03/2019", "1607:00"], ["002", "oui", "01/09/2021", "1607"])
    )
    assert ran() == ({}, {"D749": ran()[1]["D749"]})


ROWS: list[list[Any]] = [
    HEADER,
    ["001", True, date(2019, 3, 1), 1607.0],
    ["002", True, date(2021, 9, 1), 803.5],
]


def durations(book: Any, sheets: dict[str, Any]) -> None:
    form = book.add_format({"num_format": "[h]:mm"})
    for row, hours in enumerate((1607, 803.5), 1):
        sheets["Salariés"].write_number(row, 3, hours / 24, form)
    sheets["Salariés"].set_row(2, None, None, {"hidden": True})


def test_durations_and_hidden_rows_of_a_workbook(year: Path) -> None:
    (year / "livre.xlsx").write_bytes(workbooks.xlsx({"Salariés": ROWS}, durations))
    parts, told = ran()
    assert told.keys() == {"sheets.W04"}
    (year / "livre.xlsx").write_bytes(workbooks.xlsx({"Salariés": ROWS}))
    assert ran() == (parts, {})


def test_formulas_that_were_never_worked_out(year: Path) -> None:
    def formulas(book: Any, sheets: dict[str, Any]) -> None:
        sheets["Salariés"].write_formula(1, 3, "=1600+7")

    (year / "livre.xlsx").write_bytes(workbooks.xlsx({"Salariés": ROWS}, formulas))
    assert ran()[1].keys() == {"sheets.E06"}


def test_what_is_amiss_where_nothing_reads(year: Path) -> None:
    def amiss(book: Any, sheets: dict[str, Any]) -> None:
        sheets["Salariés"].write_formula(1, 4, "=1/0", None, "#DIV/0!")
        sheets["Salariés"].merge_range(1, 5, 2, 5, "Atelier")

    (year / "columns.toml").write_text(
        '["livre.xlsx [Salariés]"]\nrecord = "person"\ncolumns = { "Coût" = "", "Lieu" = "" }\n'
    )
    rows = [[*HEADER, "Coût", "Lieu"], *ROWS[1:]]
    (year / "livre.xlsx").write_bytes(workbooks.xlsx({"Salariés": rows}, amiss))
    parts, told = ran()
    assert set(parts) == {"001", "002"}
    assert not told


def test_durations_in_parquet(year: Path) -> None:
    columns = {
        "id": ["001", "002"],
        "worker": [True, True],
        "entrée": [date(2019, 3, 1), date(2021, 9, 1)],
        "hours": pa.array([timedelta(hours=1607), timedelta(hours=803.5)], pa.duration("s")),
    }
    pq.write_table(pa.table(columns), year / "salariés.parquet")
    parts, told = ran()
    assert set(parts) == {"001", "002"}
    assert not told


UNREAD = {
    "people.xls": b"\xd0\xcf\x11\xe0",
    "salariés.txt": b"id;worker\n",
    "budget.numbers": b"PK",
    "notes.pdf": b"%PDF",
    "dsn_202401.edi": b"S10.G00.00.001,'x'\n",
    "cooprative.toml": b"surplus = 1\n",
    "sans_suffixe": b"?",
}


@pytest.mark.parametrize("name", UNREAD)
def test_each_file_is_read_or_named(name: str, year: Path) -> None:
    (year / "people.csv").write_text("id,worker,hours,entrée\n001,yes,1,2020-01-01\n")
    (year / name).write_bytes(UNREAD[name])
    for own in (".hidden", "~$people.xlsx", "Thumbs.db", "accounts.toml"):
        (year / own).write_text("")
    _, told = ran()
    assert told.keys() == {"D750"}
    assert f"2024/{name}" in told["D750"]["message"]


NAMED = [
    "people.csv",
    "PEOPLE.CSV",
    "salariés.csv",
    "Effectif.csv",
    "trabajadores.csv",
    "Dipendenti.CSV",
]


@pytest.mark.parametrize("name", NAMED)
def test_a_file_is_known_by_its_name_in_any_language(name: str, year: Path) -> None:
    (year / name).write_text("id,worker,hours,entrée\n001,yes,1,2020-01-01\n")
    parts, told = ran()
    assert parts.keys() == {"001"}
    assert not told
