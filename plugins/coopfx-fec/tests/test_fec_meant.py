"""A FEC as it comes: what is read of it, and what is told that nobody would have seen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from conftest_fec import FILE, LINES, NAMES, Found, Line, text

from coopfx.apps.cli.main import cli
from coopfx.desk.policy import suffix_of
from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world
from coopfx_fec.columns import is_beginning

Read = Callable[..., Found]
ROWS = text(separator=";", end="\n").splitlines()


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Report())


LAWFUL = ["123456789FEC20241231.txt", "123456789fec20241231_v2.TXT", "123456789FEC20241231"]
OTHERS = [
    "effectif.xlsx",
    "effectifs.csv",
    "defections.txt",
    "FEC 2024.txt",
    "12345FEC20241231.txt",
]


def test_a_fec_is_known_by_its_name(world: World) -> None:
    known = {name: suffix_of(Path(name), world.readers) for name in (*LAWFUL, *OTHERS)}
    fec = {name for name, end in known.items() if end and world.readers[end].name == "fec"}
    assert fec == set(LAWFUL)


def test_a_fec_is_known_by_its_header() -> None:
    for content in (text(), text(separator="|"), "Export\n\n" + text(), NAMES.replace("\t", ";")):
        assert is_beginning(content.encode()) and is_beginning(content.encode("utf-16"))
    for content in ("id;worker;hours\n", "", "Débit;Crédit;Solde\n", "<html>"):
        assert not is_beginning(content.encode())


def quoted(row: str) -> str:
    return ";".join(f'"{cell}"' for cell in row.split(";"))


spelled = (
    text()
    .replace("Debit", "Débit", 1)
    .replace("Credit", "Crédit", 1)
    .replace("AN\tA nouveaux", "R9\tà-nouveaux de l'été")
)
DATED = (
    "{d}/{m}/{y}",
    "{y}-{m}-{d}",
    "{d}.{m}.{y}",
    "{d}-{m}-{y}",
    "{y}-{m}-{d}T00:00:00",
    "{d}/{m}/{y} 08:30",
    "{d}/{m}/{s}",
)


def dated(form: str) -> str:
    return text(
        tuple(
            evolve(
                one, day=form.format(s=one.day[2:4], y=one.day[:4], m=one.day[4:6], d=one.day[6:])
            )
            for one in LINES
        )
    )


AS_IT_COMES = {
    "UTF-16": text().encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + text().encode("utf-16-be"),
    **{
        f"letters of {code}": spelled.encode(code)
        for code in ("utf-8-sig", "cp1252", "iso8859-15", "mac_roman", "cp850", "utf-16")
    },
    **{f"days such as {form}": dated(form) for form in DATED},
    "a title": "Export FEC - exercice 2024\n\n" + text(),
    "three titles": "Société\nSIREN 123456789\nÉdité le 05/01/2025\n" + text(),
    "a header parted otherwise than the body": NAMES
    + "\n"
    + "\n".join(text(separator="|", end="\n").splitlines()[1:]),
    "a body in quotation marks": "\n".join([ROWS[0], *map(quoted, ROWS[1:])]),
    "a line end in quotation marks": "\n".join(ROWS).replace(";Vente;", ';"Vente\nde bois";', 2),
    "two line ends in quotation marks": "\n".join(ROWS).replace(
        ";Vente;", ';"Vente\n\nde ""bois""";', 1
    ),
    "a mark of inches": "\n".join(ROWS).replace(";Vente;", ';Planche 3/4";', 1),
    "a mark that opens nothing": "\n".join(ROWS).replace(";Vente;", ';"Vente;', 1),
    "a total line": text() + "\t".join(["TOTAL", *[""] * 10, "2950,50", "2950,50"]) + "\r\n",
    "totals of journals": text()
    + "Total AN\r\n"
    + "\t".join(["Sous-total VE", *[""] * 17])
    + "\r\n",
}


@pytest.mark.parametrize("content", AS_IT_COMES.values(), ids=AS_IT_COMES)
def test_a_fec_as_it_comes_gives_the_same_figures(content: str | bytes, found: Read) -> None:
    read = found(content)
    assert read.figures == found(text()).figures
    assert set(read.codes) <= {"D732", "D748", "N03"}


@pytest.mark.parametrize("day", ["20240101", "20210414", "19991231", "20231231"])
def test_openings_in_detail_may_be_of_any_day(day: str, found: Read) -> None:
    lines = (evolve(LINES[0], day=day), *LINES[1:])
    read = found(text(lines))
    assert read.wrong == []
    assert read.figures == found(text()).figures


def test_numbers_may_begin_anew_in_a_journal(found: Read) -> None:
    again = tuple(evolve(line, day="20241115") for line in LINES[3:6])
    read = found(text((*LINES, *again)))
    assert read.wrong == []
    assert read.figures["turnover"] == "2000.00"


def test_two_errors_of_one_number_do_not_cancel(found: Read) -> None:
    short = (LINES[3], evolve(LINES[4], credit="900,00"), LINES[5])
    over = tuple(evolve(line, day="20241115") for line in LINES[3:6])
    over = (over[0], evolve(over[1], credit="1100,00"), over[2])
    read = found(text((*LINES[:3], *short, *over)))
    assert read.wrong == [("E15", 5), ("E15", 8)]


def test_a_wrong_closing_date_is_one_message(found: Read) -> None:
    lines = tuple(
        evolve(line, day=f"2025{1 + at % 12:02}{1 + at % 28:02}", number=str(at))
        for at in range(150)
        for line in LINES[3:6]
    )
    read = found(text((*LINES[:3], *lines)))
    assert read.wrong == [("E13", 5)]


@pytest.mark.parametrize("closing", ["20251231", "20250930", "20250630"])
def test_a_file_of_the_year_before_is_told(closing: str, found: Read) -> None:
    read = found(text(), f"123456789FEC{closing}.txt")
    assert "W05" in read.codes
    assert "W05" not in found(text()).codes


@pytest.mark.parametrize("account", ["101", "1013", "1015", "101300", "1018001"])
def test_capital_stands_in_any_branch(account: str, found: Read) -> None:
    lines = (LINES[0], evolve(LINES[1], account=account), *LINES[2:])
    assert found(text(lines)).figures["share_capital"] == "1000.00"


def test_a_figure_without_an_account_is_not_known(found: Read) -> None:
    lines = (evolve(LINES[0], debit="500,00"), *LINES[2:])
    read = found(text(lines))
    assert "share_capital" not in read.figures
    assert "W06" in read.codes
    mapped = found(
        text(lines),
        mapping='[facts]\nshare_capital = { accounts = ["1013"], side = "credit", absent = "zero" }\n',
    )
    assert mapped.figures["share_capital"] == "0.00"


PERSONS = [
    *(
        "1013001",
        "104100",
        "455DUPONT",
        "108001",
        "1482001",
        "421DUP",
        "4286001",
        "455",
        "45510000",
    ),
    *(
        "42500012",
        "467DUPONT",
        "4571",
        "1015DUPONT",
        "411CLIENT",
        "401DUPONT",
        "6411DUP",
        "16800031",
    ),
]


@pytest.mark.parametrize("account", PERSONS)
def test_the_label_of_a_persons_account_is_never_shown(account: str, tmp_path: Path) -> None:
    path = tmp_path / FILE
    line = Line("AN", "1", "20240101", account, credit="10,00")
    bank = evolve(LINES[0], debit="1510,00")
    content = text((bank, *LINES[1:3], line, *LINES[3:]))
    path.write_text(content.replace(f"{account}\tCompte", f"{account}\tDUPONT Jeanne"))
    for language in ("fr", "en"):
        shown = CliRunner().invoke(cli, ["fec", "show", str(path), "--lang", language])
        assert "DUPONT Jeanne" not in shown.output
