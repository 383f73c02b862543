"""Figures that are made of rows are what an independent count of the same rows finds; what is said amiss of
them is told at its line."""

import calendar
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.desk.data import Files
from coopfx.formats.durations import months_between
from coopfx.formats.made import tables_of
from coopfx.formats.making import read_part
from coopfx.ground.exact import HOUR, MONTH, YES_NO, money, quantity
from coopfx.ground.facts import Field, Schema, Table
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import World

CLOSING = date(2024, 12, 31)
MONEY, MONTHS = quantity(money("EUR")), quantity(MONTH)
NOUGHT = Fraction(0)
FIELDS = (
    Field("worker", YES_NO, "person"),
    Field("member", YES_NO, "person"),
    Field("salary", MONEY, "person", NOUGHT),
    Field("full_time_pay", MONEY, "person", NOUGHT),
    Field("hours", quantity(HOUR), "person", NOUGHT),
    Field("shares_held", MONEY, "person", NOUGHT),
    Field("seniority", MONTHS, "person", NOUGHT),
    Field("presence", MONTHS, "person", NOUGHT),
)
SCHEMA = Schema("EUR", FIELDS, (), ("person",))


@pytest.fixture(scope="module")
def words(world: World) -> list[Words]:
    """French first, where the day stands before the month."""
    return sorted(world.languages.values(), key=lambda one: one.language != "fr")


def read(
    folder: Path, world: World, words: list[Words], settings: Path | None = None
) -> tuple[Table, Report]:
    """The people of a year's folder, and what was told."""
    report = Report()
    with Files(folder, world, settings=settings) as files:
        found = files.read(SCHEMA, words)
        report.take(found.report)
        parts = []
        for sheet in found.parts:
            said = found.mapped.get(Path(sheet.places.file).name)
            part = read_part(sheet, SCHEMA, words, report, said)
            if part is not None:
                parts.append(part)
        tables = tables_of(parts, found.records, CLOSING, report)
    return tables.get("person", Table(())), report


def codes(report: Report) -> list[str]:
    return sorted(one.code for one in report.diagnostics)


# ---- sums over lines


def payslips(seed: int) -> tuple[list[list[str]], dict[str, tuple[Decimal, Decimal]]]:
    """Twelve payslips of each of thirty people, in any order within a month; and what they come to."""
    drawn = random.Random(seed)
    rows, totals = [], {}
    for person in range(30):
        gross = [Decimal(drawn.randint(100000, 400000)) / 100 for _ in range(12)]
        hours = [Decimal(drawn.randint(0, 17000)) / 100 for _ in range(12)]
        if drawn.random() < 0.2:
            gross[3] = -gross[3]  # a slip that takes back what another gave
        totals[f"{person:03}"] = (sum(gross, Decimal(0)), sum(hours, Decimal(0)))
        for month in range(12):
            cells = [f"{person:03}", f"{month + 1:02}/2024", str(gross[month]), str(hours[month])]
            rows.append([cell.replace(".", ",") for cell in cells])
    drawn.shuffle(rows)
    rows.sort(key=lambda row: row[1])
    return rows, totals


SUMS = """record = "person"
sum = ["Brut", "Heures payées"]
columns = { Matricule = "id", Brut = "salary", "Heures payées" = "hours", "Période" = "" }
all = { "salarié" = "oui" }
"""
HEADING = "Matricule;Période;Brut;Heures payées\n"


@pytest.mark.parametrize("files", [1, 12])
def test_payslips_add_up(tmp_path: Path, world: World, words: list[Words], files: int) -> None:
    rows, totals = payslips(files)
    for at in range(files):
        some = [";".join(row) for row in rows if files == 1 or int(row[1][:2]) == at + 1]
        (tmp_path / f"paie {at:02} 2024.csv").write_text(HEADING + "\n".join(some) + "\n")
    (tmp_path / "columns.toml").write_text(f'["paie *.csv"]\n{SUMS}')
    table, report = read(tmp_path, world, words)
    assert not report.diagnostics
    assert dict(zip(table.ids, table.columns["salary"], strict=True)) == {
        person: Fraction(gross) for person, (gross, _) in totals.items()
    }
    assert dict(zip(table.ids, table.columns["hours"], strict=True)) == {
        person: Fraction(hours) for person, (_, hours) in totals.items()
    }
    assert set(table.columns["worker"]) == {True}
    for person, behind in table.made["salary"].rows.items():
        own = [Path(file).read_text().split("\n")[line - 1].split(";") for file, line in behind]
        assert {row[0] for row in own} == {person} and len(own) == 12
        gross = sum((Decimal(row[2].replace(",", ".")) for row in own), Decimal(0))
        assert gross == totals[person][0]


def test_a_sum_with_an_empty_cell_is_not_known(
    tmp_path: Path, world: World, words: list[Words]
) -> None:
    (tmp_path / "paie.csv").write_text(HEADING + "1;01;100,50;1\n1;02;;2\n2;01;100,50;1\n")
    (tmp_path / "columns.toml").write_text(f'["paie.csv"]\n{SUMS}')
    table, report = read(tmp_path, world, words)
    assert not report.diagnostics
    assert table.columns["salary"] == (None, Fraction(201, 2))
    assert table.columns["hours"] == (3, 1)


def test_a_sum_keeps_to_the_bounds_of_its_figure(
    tmp_path: Path, world: World, words: list[Words]
) -> None:
    (tmp_path / "paie.csv").write_text(HEADING + "1;01;100,50;1\n1;02;-200,00;2\n")
    (tmp_path / "columns.toml").write_text(f'["paie.csv"]\n{SUMS}')
    assert codes(read(tmp_path, world, words)[1]) == ["D704"]


# ---- movements of shares


KINDS = 'kind = "Nature", more = ["Souscription", "Achat"], less = ["Remboursement"]'
REGISTER = f"""record = "person"
columns = {{ "Associé" = "id" }}
all = {{ member = true }}
["registre.csv".movements]
shares_held = {{ amount = "Parts", day = "Date", {KINDS}, each = "15.25" }}
seniority = {{ amount = "Parts", day = "Date", {KINDS} }}
"""


@pytest.mark.parametrize("seed", range(5))
def test_two_hundred_movements_come_to_holdings(
    tmp_path: Path, world: World, words: list[Words], seed: int
) -> None:
    drawn = random.Random(seed)
    held: dict[str, int] = {}
    since: dict[str, date] = {}
    at_closing: dict[str, tuple[int, date | None]] = {}
    lines: list[tuple[date, str]] = []
    day = date(2015, 1, 1)
    while len(lines) < 200:
        day = (
            date(day.year + day.month // 12, day.month % 12 + 1, 1) if drawn.random() < 0.6 else day
        )
        person = f"m{drawn.randint(1, 25):02}"
        own = held.get(person, 0)
        number = own if drawn.random() < 0.5 else drawn.randint(1, max(own, 1))
        taken = own > 0 and drawn.random() < 0.45
        if not taken:
            number = drawn.randint(1, 40)
        held[person] = own - number if taken else own + number
        kind = "remboursement " if taken else drawn.choice(["Souscription", "achat"])
        lines.append((day, f"{person};{day:%d/%m/%Y};{kind};{number}"))
        if day <= CLOSING:
            at_closing[person] = (held[person], None)
    # By the state at the end of each day, counted anew.
    for person in at_closing:
        moves: dict[date, int] = {}
        for when, line in lines:
            name, _, kind, moved = line.split(";")
            if name == person and when <= CLOSING:
                sign = -1 if kind.startswith("remb") else 1
                moves[when] = moves.get(when, 0) + sign * int(moved)
        total, start = 0, None
        for when in sorted(moves):
            total += moves[when]
            start = None if total == 0 else start or when
        at_closing[person] = (total, start)
        if start:
            since[person] = start
    (tmp_path / "registre.csv").write_text(
        "Associé;Date;Nature;Parts\n" + "".join(f"{line}\n" for _, line in lines)
    )
    (tmp_path / "columns.toml").write_text(f'["registre.csv"]\n{REGISTER}')
    table, report = read(tmp_path, world, words)
    assert not report.diagnostics
    shares = dict(zip(table.ids, table.columns["shares_held"], strict=True))
    months = dict(zip(table.ids, table.columns["seniority"], strict=True))
    assert shares.keys() >= at_closing.keys()
    for person, value in shares.items():
        number, start = at_closing.get(person, (0, None))
        assert value == Fraction(1525 * number, 100), person
        # All movements are on the first of a month.
        expected = 0 if start is None else (2025 - start.year) * 12 + 1 - start.month
        assert months[person] == expected, person


MOVED = "Associé;Date;Nature;Parts\n"
AMISS = {
    "less than nothing": ("a;01/02/2020;Achat;5\na;01/03/2020;Remboursement;6\n", ["D787"]),
    "no day": ("a;01/02/2020;Achat;5\na;;Achat;6\n", ["D789"]),
    "no amount": ("a;01/02/2020;Achat;\n", ["D789"]),
    "an unknown kind": ("a;01/02/2020;Don;5\n", ["D789"]),
    "a kind and a sign": ("a;01/02/2020;Remboursement;-5\n", ["D789"]),
    "what two lines of a day come to": (
        "a;01/02/2020;Remboursement;5\na;01/02/2020;Achat;6\n", []
    ),
    "after the closing": ("a;01/02/2020;Achat;5\na;01/02/2025;Remboursement;5\n", []),
}  # fmt: skip


@pytest.mark.parametrize("name", AMISS)
def test_a_movement_that_cannot_be_is_told(
    tmp_path: Path, world: World, words: list[Words], name: str
) -> None:
    rows, told = AMISS[name]
    (tmp_path / "registre.csv").write_text(MOVED + rows)
    text = REGISTER.partition("seniority")[0]
    (tmp_path / "columns.toml").write_text(f'["registre.csv"]\n{text}')
    assert codes(read(tmp_path, world, words)[1]) == told


# ---- durations, rates, words


def test_months_are_those_of_the_calendar() -> None:
    drawn = random.Random(1)
    for _ in range(300):
        start = date(2000, 1, 1) + timedelta(days=drawn.randint(0, 9000))
        beyond = start + timedelta(days=drawn.randint(1, 2000))
        anniversaries = []
        year, month = start.year, start.month
        while date(year, month, 1) <= beyond:
            last = calendar.monthrange(year, month)[1]
            anniversaries.append(date(year, month, min(start.day, last)))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        last = calendar.monthrange(year, month)[1]
        anniversaries.append(date(year, month, min(start.day, last)))
        whole = sum(one <= beyond for one in anniversaries) - 1
        first, following = anniversaries[whole], anniversaries[whole + 1]
        rest = Fraction((beyond - first).days, (following - first).days)
        assert months_between(start, beyond) == whole + rest


STAFF = """["effectif *.csv"]
record = "personne"
columns = { Matricule = "id", Contrat = "salarié" }
words = { Contrat = { CDI = true, CDD = true, "Mandat social" = false } }
durations."ancienneté" = { from = "Entrée", to = "Sortie" }
durations."présence" = { from = "Entrée", to = "Sortie", within = 12 }
full_time.salaire_temps_plein = { from = "Brut", rate = "Temps" }
"""
PEOPLE = """Effectif au 31 décembre;;;;;
Matricule;Contrat;Entrée;Sortie;Brut;Temps
1;CDI;01/04/2019;;24 000,00;80 %
2;cdd;17/02/2024;30/06/2024;10 000,00;70%
3;Mandat social;01/01/2010;;;
4;CDI;;;20 000,00;100 %
5;CDI;01/02/2025;;20 000,00;
"""


def test_durations_rates_and_words(tmp_path: Path, world: World, words: list[Words]) -> None:
    year = tmp_path / "2024"
    year.mkdir()
    (year / "effectif 2024.csv").write_text(PEOPLE)
    settings = tmp_path / "coopfx.toml"
    settings.write_text("".join(
        line.replace('["effectif *.csv"]', '[columns."effectif *.csv"]') + "\n"
        for line in STAFF.splitlines()
    ))  # fmt: skip
    (year / "columns.toml").write_text('["effectif 2024.csv".rows]\n4 = "record"\n')
    table, report = read(year, world, words, settings)
    assert codes(report) == ["D732", "D740"]
    assert table.columns["worker"] == (True, True, False, True, True)
    # From 17 February to 30 June: four months to 17 June, and 14 of the 30 days up to 17 July.
    some = 4 + Fraction(14, 30)
    assert table.columns["seniority"] == (69, some, 180, None, 0)
    assert table.columns["presence"] == (12, some, 12, None, 0)
    pay = (Fraction(30000), Fraction("14285.71"), None, Fraction(20000), None)
    assert table.columns["full_time_pay"] == pay


def test_a_rate_without_its_sign_is_asked_about(
    tmp_path: Path, world: World, words: list[Words]
) -> None:
    (tmp_path / "effectif 2024.csv").write_text(PEOPLE.replace("80 %", "80"))
    (tmp_path / "columns.toml").write_text(STAFF)
    assert "D761" in codes(read(tmp_path, world, words)[1])
    (tmp_path / "columns.toml").write_text(STAFF.replace('"Temps" }', '"Temps", full = 100 }'))
    (tmp_path / "effectif 2024.csv").write_text(
        PEOPLE.replace("80 %", "80").replace("70%", "70").replace("100 %", "100")
    )
    table, _ = read(tmp_path, world, words)
    assert table.columns["full_time_pay"][:2] == (30000, Fraction("14285.71"))


# ---- several files of one record


def test_a_register_beside_the_staff(tmp_path: Path, world: World, words: list[Words]) -> None:
    (tmp_path / "people.csv").write_text("id,worker,member\na,yes,yes\nb,yes,no\n")
    (tmp_path / "registre.csv").write_text(MOVED + "a;01/02/2020;Achat;2\nc;01/02/2020;Achat;4\n")
    said = REGISTER.replace("all = { member = true }\n", "beside = true\n{more}").partition(
        "seniority"
    )[0]
    said = '["registre.csv"]\n' + said
    (tmp_path / "columns.toml").write_text(said.replace("{more}", ""))
    table, report = read(tmp_path, world, words)
    assert codes(report) == ["D786"]
    more = 'absent = "zero"\nalone = { worker = "no", member = "yes" }\n'
    (tmp_path / "columns.toml").write_text(said.replace("{more}", more))
    table, report = read(tmp_path, world, words)
    assert not report.diagnostics
    assert table.ids == ("a", "b", "c")
    assert table.columns == {
        "worker": (True, True, False),
        "member": (True, False, True),
        "shares_held": (Fraction("30.5"), 0, 61),
    }
    place = table.place(2)
    assert place is not None and (Path(place.file).name, place.line) == ("registre.csv", 3)


# ---- what is said amiss, at its line


WRONG = {
    "sum = 'Brut'": "D780",
    "sum = ['Brut', 'Nom']": "D745",
    "words = { Brut = { x = true } }": "D781",
    "words = { Brut = { x = 'yes' } }": "D780",
    "all = { salry = 5 }": "D701",
    "all = { worker = 'perhaps' }": "D703",
    "all = { worker = [1] }": "D780",
    "alone = 5": "D780",
    "beside = 'no'": "D780",
    "alike = 1": "D780",
    "absent = 'nil'": "D780",
    "times = { salary = { from = 'Brut' } }": "D780",
    "times = { salary = { from = 'Brut', by = 0 } }": "D780",
    "times = { worker = { from = 'Brut', by = 2 } }": "D781",
    "id = ['Brut']": "D780",
    "id = ['Brut', 'Nom']": "D745",
    "heading = 0": "D780",
    "heading = true": "D780",
    "days = 'ydm'": "D780",
    "empty = { Brut = 1 }": "D780",
    "empty = { Brut = 'no' }": "D780",
    "empty = { Brut = false }": "D781",
    "empty = { Brutt = 0 }": "D745",
    "answers = 3": "D743",
    "durations = { seniority = { from = 'Brutt' } }": "D745",
    "durations = { seniority = { to = 'Brut' } }": "D780",
    "durations = { seniority = { from = 'Brut', within = 0 } }": "D780",
    "durations = { salary = { from = 'Brut' } }": "D781",
    "full_time = { seniority = { from = 'Brut', rate = 'Brut' } }": "D781",
    "full_time = { full_time_pay = { from = 'Brut', rate = 'Brut' } }": "D781",
    "full_time = { full_time_pay = { from = 'Brut', rate = 'Brut', full = '0' } }": "D780",
    "movements = { shares_held = { amount = 'Brut', day = 'Jour', kind = 'Brut' } }": "D780",
    "movements = { shares_held = { amount = 'Brut', day = 'Jour', more = ['a'], less = ['A'] } }": "D780",
    "movements = { worker = { amount = 'Brut', day = 'Jour' } }": "D781",
}  # fmt: skip


@pytest.mark.parametrize("in_table", [False, True])
@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_told_at_its_line(
    tmp_path: Path, world: World, words: list[Words], line: str, in_table: bool
) -> None:
    name = "paie [2024].csv"
    (tmp_path / name).write_text("id;Brut;Jour;Nature\n1;100,50;01/01/2024;a\n")
    key, _, rest = line.partition(" = ")
    if in_table and rest.startswith("{"):
        line = f'["{name}".{key}]\n{rest[2:-2]}'
    text = f'# a remark\n["{name}"]\nrecord = "person"\ncolumns = {{ Brut = "salary" }}\n{line}\n'
    (tmp_path / "columns.toml").write_text(text)
    _, report = read(tmp_path, world, words)
    wanted = [
        one
        for one in report.diagnostics
        if one.code == WRONG[line if not in_table else f"{key} = {rest}"]
    ]
    assert wanted and wanted[0].span is not None
    assert wanted[0].span.line == text.count("\n"), report.diagnostics
    assert Path(wanted[0].span.file).name == "columns.toml"


def test_two_patterns_that_suit_one_file_are_told(
    tmp_path: Path, world: World, words: list[Words]
) -> None:
    (tmp_path / "paie 2024.csv").write_text("id,Brut\n1,100\n")
    said = 'record = "person"\ncolumns = { Brut = "salary" }\n'
    (tmp_path / "columns.toml").write_text(f'["paie*.csv"]\n{said}["*2024.csv"]\n{said}')
    assert codes(read(tmp_path, world, words)[1]) == ["D783"]
    (tmp_path / "columns.toml").write_text(f'["paie 2024.csv"]\n{said}["*2024.csv"]\n{said}')
    table, report = read(tmp_path, world, words)
    assert not report.diagnostics and table.columns == {"salary": (100,)}
    (tmp_path / "columns.toml").write_text(f'["paie 2024.csv"]\n{said}["x*.csv"]\n{said}')
    assert codes(read(tmp_path, world, words)[1]) == ["D744"]


def test_an_explanation_goes_down_to_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    year = tmp_path / "2024"
    year.mkdir()
    (tmp_path / "statute.fr.coop").write_text(
        "statuts « Paie »\ndevise EUR\nen vigueur depuis 2015-01-01\n"
        "répartir excédent\n  100 % à la part_travail\n  pertes au report_à_nouveau_débiteur\n"
        "partager part_travail entre les salariés\n  selon salaire\n"
    )
    (year / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 100\n")
    (year / "paie.csv").write_text(HEADING + "1;01;100,50;1\n2;01;100,50;1\n1;02;200,00;2\n")
    (year / "columns.toml").write_text(f'["paie.csv"]\n{SUMS}')
    said = ["explain", ".", "part_travail", "de", "1"]
    ended = CliRunner().invoke(cli, said, prog_name="coopfx")
    assert ended.exit_code == 0, ended.output
    shown = " ".join(ended.output.split())
    assert "300,50 €, somme de lignes : la ligne 2 et la ligne 4 de paie.csv" in shown


def test_columns_of_a_line_add_up(tmp_path: Path, world: World, words: list[Words]) -> None:
    months = ["Jan", "Feb", "Mar"]
    (tmp_path / "people.csv").write_text(
        "id,member,Jan,Feb,Mar\n1,yes,100.50,200,300\n2,yes,,200,300\n3,yes,,,\n"
    )
    lines = f"across = {{ salary = {{ columns = {months!r} }} }}\n"
    (tmp_path / "columns.toml").write_text(f'["people.csv"]\n{lines}')
    table, report = read(tmp_path, world, words)
    assert not report.failed, report.diagnostics
    assert table.column("salary")[0] == Fraction("600.5")
    assert [isinstance(one, Fraction) for one in table.column("salary")] == [True, False, False]
    zero = lines.replace(" } }", ', empty = "zero" } }')
    (tmp_path / "columns.toml").write_text(f'["people.csv"]\n{zero}')
    table, report = read(tmp_path, world, words)
    # Of somebody without any month nothing is known, not even that there is none.
    assert table.column("salary")[:2] == [Fraction("600.5"), Fraction(500)]
    assert not isinstance(table.column("salary")[2], Fraction)


def test_a_months_pay_is_that_of_the_months_somebody_was_there(
    tmp_path: Path, world: World, words: list[Words]
) -> None:
    (tmp_path / "people.csv").write_text(
        "id,salary,presence,Rate\n1,24000,12,100 %\n2,5000,5,50 %\n3,0,0,100 %\n"
    )
    for months, pays in (("12", [2000, Fraction("833.33"), 0]), ('"présence"', [2000, 2000, None])):
        made = f'full_time_pay = {{ from = "salary", rate = "Rate", months = {months} }}'
        (tmp_path / "columns.toml").write_text(f'["people.csv".full_time]\n{made}\n')
        table, report = read(tmp_path, world, words)
        assert not report.failed, report.diagnostics
        assert list(table.columns["full_time_pay"]) == pays


@pytest.mark.parametrize(
    "line",
    [
        'across = { salary = { columns = ["Jan"] } }',
        'across = { salary = ["Jan", "Feb"] }',
        'across = { salary = { columns = ["Jan", "Feb"], empty = "none" } }',
        'full_time = { full_time_pay = { from = "Jan", rate = "Feb", months = 13 } }',
        'movements = { shares_held = { amount = "Jan", day = "Feb", highest = 1 } }',
    ],
)
def test_a_line_that_is_written_amiss_is_told(
    tmp_path: Path, world: World, words: list[Words], line: str
) -> None:
    (tmp_path / "people.csv").write_text("id,Jan,Feb\n1,100,200\n")
    (tmp_path / "columns.toml").write_text(f'["people.csv"]\n{line}\n')
    report = Report()
    with Files(tmp_path, world) as files:
        report.take(files.read(SCHEMA, words).report)
    assert [(one.code, one.span and one.span.line) for one in report.diagnostics] == [("D780", 2)]
