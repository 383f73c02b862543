"""Tables as they come: what is read in which way, and every broken file told, without a traceback."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.formats import cells, delimited, sheets
from oak import HEAD, OWN, STATUTE, TWO

OWED = "input owed : money of person\ndefine paid_out = sum of owed over workers\n"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the statute that all years here have is kept, once it is compiled."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def year(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(kept))
    (tmp_path / "statute.en.coop").write_text(STATUTE)
    folder = tmp_path / "2024"
    folder.mkdir()
    (folder / "cooperative.toml").write_text(OWN)
    return folder


def run(*more: str) -> Result:
    return CliRunner().invoke(cli, ["run", ".", "--parts", *more], prog_name="coopfx")


def codes(ended: Result) -> list[str]:
    """The codes of what was told of the files, in order."""
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    told = [line.split()[1] for line in ended.stderr.splitlines() if line.startswith(SEVERITIES)]
    return [code for code in told if code != "R801"]


SEVERITIES = ("error ", "warning ", "note ")
PLAIN = HEAD + TWO

SAME: dict[str, tuple[bytes, list[str]]] = {
    "semicolons and decimal commas": (PLAIN.replace(",", ";").replace(".", ",").encode(), []),
    "tabs": (PLAIN.replace(",", "\t").encode(), []),
    "bars": (PLAIN.replace(",", "|").encode(), []),
    "a mark": (PLAIN.encode("utf-8-sig"), []),
    "UTF-16": (PLAIN.encode("utf-16"), []),
    "UTF-16 of the other kind": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), []),
    "French, cp1252": (
        "id;salarié;heures;salaire brut\nana;oui;100;1 234,50 €\nben;oui;300;2000,00 €\n".replace(
            "salaire brut", "salaire"
        ).encode("cp1252"),
        [],
    ),
    "French, latin-9": (
        "id;salarié;heures;salaire\nana;oui;100;1\u00a0234,50 €\nben;oui;300;2000 €\n".encode(
            "iso8859-15"
        ),
        [],
    ),
    "the identifier in another place": (
        b"worker,hours,Matricule,salary\nyes,100,ana,1234.50\nyes,300,ben,2000\n",
        [],
    ),
    "sep=": (b"sep=;\n" + PLAIN.replace(",", ";").encode(), []),
    "carriage returns, empty lines and columns": (
        b"id,,worker,hours,salary,\r\n,,,,,\r\nana,,yes,100,1234.50,\r\n\r\nben,,yes,300,2000,\r\n",
        [],
    ),
    "titles above": (b"Payroll of 2024,,,\n,,,\n" + PLAIN.encode(), ["D732"]),
    "a total": (PLAIN.encode() + b"Total,,400,3234.50\n", ["D735"]),
    "a total that says so elsewhere": (PLAIN.encode() + b",Totals:,400,3234.50\n", ["D735"]),
    "a total that does not fit": (PLAIN.encode() + b"TOTAL,,401,3234.50\n", ["D741", "D735"]),
    "thousands": (
        b'id,worker,hours,salary\nana,yes,100,"1,234.50"\nben,yes,300,"2,000"\n',
        ["D737"],
    ),
    "thousands by apostrophes": (PLAIN.replace("1234", "1'234").encode(), []),
    "Italian thousands": (
        b"id;worker;hours;salary\nana;yes;100;1.234,50\nben;yes;300;2.000\n",
        ["D737"],
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_people_however_they_are_written(year: Path, name: str) -> None:
    (year / "people.csv").write_bytes(PLAIN.encode())
    expected = run()
    data, told = SAME[name]
    (year / "people.csv").write_bytes(data)
    ended = run()
    assert sorted(codes(ended)) == sorted(told), ended.stderr
    assert (ended.exit_code, ended.stdout) == (expected.exit_code, expected.stdout)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(1 234,50)", "-1234.50"),
        ("1234-", "-1234.00"),
        ("-1.234,50 €", "-1234.50"),
        ("€ 12,5", "12.50"),
        ("(€1 234,50)", "-1234.50"),
        ("\u22125,00", "-5.00"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1.234.567,00", "1234567.00"),
    ],
)
def test_an_amount_is_read_exactly(year: Path, text: str, value: str) -> None:
    (year / "people.csv").write_text(f"id;worker;owed\nana;yes;{text}\nben;yes;0,01\n", "utf-8")
    (year.parent / "statute.en.coop").write_text(STATUTE + OWED)
    ended = run("--format", "json")
    assert ended.exit_code == 0, ended.stderr
    found = json.loads(ended.stdout)["values"]["paid_out"]["value"]
    assert round(float(found) - 0.01, 2) == float(value)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (["2024-04-03", "2023-01-31"], []),
        (["03.04.2024", "01.02.2023"], []),
        (["03/04/2024", "31/01/2023"], ["D740"]),
        (["04/03/2024", "01-31-2023"], ["D740"]),
        (["03/03/2024", "1/1/2023"], []),
        (["2024-04-03T00:00:00", "2024/04/03"], []),
        (["03/04/2024", "05/06/2023"], ["D738", "D738"]),
        (["03/04/24", "31/12/2024"], ["D740", "D748"]),
        (["31/12/2024", "12/31/2024"], ["D703", "D703"]),
        (["45292", "2024-01-01"], ["D703"]),
    ],
)
def test_days_are_read_where_they_are_certain(
    year: Path, column: list[str], told: list[str]
) -> None:
    rows = [f"p{number},yes,{day}" for number, day in enumerate(column)]
    (year / "people.csv").write_text("\n".join(["id,worker,joined", *rows]))
    assert codes(run()) == told


def many(year: Path) -> None:
    (year / "people.csv").write_text("id," + ",".join("x" * 10_000_000) + "\n")


def giant(year: Path) -> None:
    (year / "people.csv").write_bytes(HEAD.encode() + b"ana," + b"9" * 30_000_000 + b"\n")


def folder(year: Path) -> None:
    (year / "people.csv").mkdir()


def fifo(year: Path) -> None:
    import os

    os.mkfifo(year / "people.csv")


def loop(year: Path) -> None:
    (year / "people.csv").symlink_to("people.csv")


def content(data: bytes | str, name: str = "people.csv") -> Callable[[Path], None]:
    text = data.encode() if isinstance(data, str) else data

    def write(year: Path) -> None:
        (year / name).write_bytes(text)

    return write


def mapping(text: str) -> Callable[[Path], None]:
    def write(year: Path) -> None:
        (year / "payroll.csv").write_text(PLAIN)
        (year / "columns.toml").write_text(text)

    return write


def teams(year: Path) -> None:
    (year / "people.csv").write_text("id,team\nana,t9\n")
    (year / "teams.csv").write_text("id,headcount\nt1,3\n")


BROKEN: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "empty": (content(""), ["D706"]),
    "nothing but spaces": (content("  \n\n"), ["D706"]),
    "nothing but a mark": (content(b"\xef\xbb\xbf"), ["D706"]),
    "a heading alone": (content(HEAD), []),
    "no heading": (content("ana,yes,100,Lovelace\nben,yes,300,Turing\n"), ["D731"]),
    "cut in quotation marks": (content(HEAD + 'ana,yes,"10'), ["D713"]),
    "quotation marks never closed": (
        content(HEAD + '"ana,yes,1,2\n' + TWO * 9000), ["D713"]
    ),
    "cut in a character": (content(HEAD.encode() + "émile".encode()[:1]), []),
    "UTF-16 cut in two": (content(PLAIN.encode("utf-16")[:-1]), ["D716"]),
    "UTF-16 without its mark": (content(PLAIN.encode("utf-16-le")), ["D708"]),
    "UTF-32": (content(PLAIN.encode("utf-32")), ["D708"]),
    "zero bytes": (content(HEAD + "ana\0,yes,1,2\n"), ["D708"]),
    "bytes of no encoding": (content(HEAD.encode() + b"\x81\x8d,yes,1,2\n"), ["D716"]),
    "a workbook": (content(b"PK\x03\x04" + bytes(20)), ["D708"]),
    "an old workbook": (content(b"\xd0\xcf\x11\xe0" + bytes(20)), ["D708"]),
    "a page": (content("<!DOCTYPE html><table><tr><td>id</td></tr></table>"), ["D708"]),
    "a document of XML": (content("<?xml version=\"1.0\"?><people/>"), ["D708"]),
    "a PDF": (content("%PDF-1.7\n"), ["D708"]),
    "packed": (content(b"\x1f\x8b\x08"), ["D708"]),
    "a heading in the middle": (content(PLAIN + PLAIN), ["D736", "D705", "D705"]),
    "people twice": (content(PLAIN + TWO), ["D705", "D705"]),
    "a column twice": (content("id,hours,heures\nana,1,2\n"), ["D715"]),
    "no identifier column": (content("worker,hours\nyes,100\n"), ["D712"]),
    "a row without identifier": (content(HEAD + ",yes,1,2\n"), ["D723"]),
    "a row too long": (content(HEAD + "ana,yes,1,607,2\n"), ["D722"]),
    "a row too short": (content(HEAD + "ana,yes\n"), []),
    "an unknown column": (content("id,worker,hurs\nana,yes,1\n"), ["D701"]),
    "a figure of the cooperative": (content("id,surplus\nana,1\n"), ["D726"]),
    "negative hours": (content(HEAD + "ana,yes,-1,2\n"), ["D704"]),
    "text for a number": (content(HEAD + "ana,yes,many,2\n"), ["D703"]),
    "a formula error": (content(HEAD + "ana,yes,#REF!,#DIV/0!\n"), ["D703", "D703"]),
    "scientific": (content(HEAD + "ana,yes,1E+3,2\n"), ["D703"]),
    "infinite": (content(HEAD + "ana,yes,inf,NaN\n"), ["D703", "D703"]),
    "a number of 10,000 digits": (content(HEAD + f"ana,yes,{'9' * 10_000},2\n"), ["D703"]),
    "mixed decimal marks": (content("id;hours\na;1,5\nb;2.5\nc;1.607\n"), ["D725"]),
    "decimals of a calculation": (content(HEAD + "ana,yes,1,1234.5600000001\n"), ["D739"]),
    "three decimals": (content(HEAD + "ana,yes,1,12.345\n"), ["D720"]),
    "brackets and a sign": (content(HEAD + "ana,yes,1,(-5)\n"), ["D703"]),
    "grouped amiss": (content(HEAD + "ana,yes,1,\"1,23,456.00\"\n"), ["D703"]),
    "another currency": (content(HEAD + "ana,yes,1,12 $\n"), ["D703"]),
    "an unknown team": (teams, ["D707"]),
    "a file of nothing known": (content(PLAIN, "peopel.csv"), ["D718"]),
    "a folder": (folder, ["D724"]),
    "a pipe": (fifo, ["P901"]),
    "a link to itself": (loop, ["P901"]),
    "many columns": (many, ["D742"]),
    "a thousand columns too many": (
        content("id," + ",".join("x" * sheets.MOST_COLUMNS) + "\n"), ["D733"]
    ),
    "a giant line": (giant, ["D742"]),
    "columns.toml: no TOML": (mapping("["), ["D710", "D718"]),
    "columns.toml: an unknown key": (mapping('["payroll.csv"]\nrecords = "person"'), ["D743", "D718"]),
    "columns.toml: an unknown record": (mapping('["payroll.csv"]\nrecord = "animal"'), ["D743", "D718"]),
    "columns.toml: a path out": (
        mapping('["../secret.csv"]\nrecord = "person"\n["payroll.csv"]\nrecord = "team"'),
        ["D744", "D726", "D726", "D726"],
    ),
    "columns.toml: a column that is not there": (
        mapping('["payroll.csv"]\nrecord = "person"\ncolumns = { Hors = "hours" }'), ["D745"]
    ),
    "columns.toml: a list": (mapping('["payroll.csv"]\ncolumns = ["a"]'), ["D743", "D718"]),
    "cooperative.csv: a name that is none": (
        content("surplos,5\n", "cooperative.csv"), ["D701"]
    ),
    "cooperative.csv: given twice": (content("surplus,5\n", "cooperative.csv"), ["D715"]),
    "cooperative.csv: a closing date in two ways": (
        content("closing,03/04/2024\n", "cooperative.csv"), ["D715"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told(year: Path, name: str) -> None:
    make, told = BROKEN[name]
    make(year)
    ended = run()
    assert sorted(codes(ended)) == sorted(told), ended.stderr
    as_json = run("--format", "json")
    found = [item["code"] for item in json.loads(as_json.stdout)["diagnostics"]]
    assert [code for code in found if code != "R801"] == codes(ended)


def test_all_mistakes_of_a_file_are_told_in_one_run(year: Path) -> None:
    rows = "ana,perhaps,-1,x\nana,yes,1,1\n,yes,1,1\nben,yes,1,2,3\n"
    (year / "people.csv").write_text("id,worker,hours,salary\n" + rows)
    assert sorted(codes(run())) == ["D703", "D703", "D704", "D705", "D722", "D723"]


def test_of_so_many_mistakes_the_first_are_told(year: Path) -> None:
    rows = "".join(f"p{number},yes,-1,1\n" for number in range(cells.MOST_MISTAKES + 9))
    (year / "people.csv").write_text(HEAD + rows)
    told = codes(run())
    assert told.count("D704") == cells.MOST_MISTAKES and told[-1] == "D721"


@pytest.mark.parametrize("make", [many, giant])
def test_memory_stays_bounded(year: Path, make: Callable[[Path], None]) -> None:
    make(year)
    script = "import sys; from coopfx.apps.cli.main import cli; cli(['run', '.'], 'coopfx')"
    most = 400_000_000
    ended = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=year.parent,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most)),
    )
    assert ended.returncode == 2 and "D742" in ended.stderr, ended.stderr[-2000:]
    assert str(delimited.LONGEST_LINE)[0] in ended.stderr


# ---- personal data

NAME, NUMBER = "Zephirine-Quelconque", "2850775123456"


def secret_files() -> dict[str, str]:
    """Tables with a name and a number in columns that no clause reads, each with a mistake of its own."""
    head = "Nom,id,worker,hours,salary,NIR"
    whole = f"{NAME},ana,yes,100,1000,{NUMBER}"

    def row(*cells: str) -> str:
        return ",".join((NAME, *cells, NUMBER))

    bad = {
        "good": [whole],
        "value": [row("ana", "yes", "-4", "x")],
        "twice": [whole, whole],
        "long": [whole + ",9,9"],
        "no id": [row("", "yes", "1", "1")],
        "heading": [whole, head],
        "quotes": [whole, '"' + whole],
        "total": [whole, row("Total", "", "7", "7")],
        "decimals": [row("ana", "yes", "1.234", "1234.5600000001")],
        "headless": [],
    }
    files = {name: "\n".join([head, *rows]) for name, rows in bad.items()}
    return files | {"headless": whole + "\n" + whole.replace("ana", "ben")}


@pytest.mark.parametrize("name", secret_files())
@pytest.mark.parametrize("mapped", [True, False])
def test_nothing_of_a_person_is_shown_or_kept(
    year: Path, name: str, mapped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(year.parent / "cache"))
    (year / "people.csv").write_text(secret_files()[name])
    if mapped:
        lines = '["people.csv"]\ncolumns = { Nom = "", NIR = "" }\n'
        (year / "columns.toml").write_text(lines)
    text, as_json = run(), run("--format", "json", "--output", "out.json")
    if mapped and name == "good":
        assert text.exit_code == 0, text.stderr
    shown = [text.output, text.stderr, as_json.output, as_json.stderr]
    inputs = {year / "people.csv"}
    written = [path for path in year.parent.rglob("*") if path.is_file() and path not in inputs]
    shown += [path.read_bytes().decode("utf-8", "replace") for path in written]
    for secret in (NAME, NUMBER):
        assert not [one for one in shown if secret in one]


def test_a_figure_that_no_clause_reads_is_not_kept(year: Path) -> None:
    from coopfx import pipeline
    from coopfx.desk.policy import open_policy
    from coopfx.ground.report import Report
    from coopfx.plugged.world import load_world

    (year / "people.csv").write_text("id,worker,hours,seniority\nana,yes,100,12\n")
    report = Report()
    world = load_world(report)
    policy = open_policy(year.parent, report)
    assert policy is not None
    found = pipeline.evaluate_policy(policy, None, world, report)
    assert found is not None, report.diagnostics
    assert set(found.facts.tables["person"].columns) == {"worker", "hours"}


def test_the_hash_of_the_data_is_that_of_the_facts(year: Path) -> None:
    def digest(people: str) -> str:
        (year / "people.csv").write_text(people)
        ended = run("--format", "json")
        assert ended.exit_code in (0, 1), ended.stderr
        found: str = json.loads(ended.stdout)["provenance"]["data_sha256"]
        return found

    (year / "columns.toml").write_text('["people.csv"]\ncolumns = { Nom = "", NIR = "" }\n')
    first = digest(f"Nom,id,worker,hours,salary,NIR\n{NAME},ana,yes,100,1234.50,{NUMBER}\n")
    # Another name, number and fact that no clause reads; another writing and order of columns.
    other = "seniority;salary;id;worker;hours;Nom;NIR\n12;1 234,5;ana;yes;100;Other;1\n"
    assert digest(other) == first
    (year / "columns.toml").unlink()
    assert digest("id,worker,hours,salary\nana,yes,100,1234.50\n") == first
    for changed in ("ben,yes,100,1234.50", "ana,no,100,1234.50", "ana,yes,100,1234.51"):
        assert digest(f"id,worker,hours,salary\n{changed}\n") != first
    assert digest("id,worker,hours\nana,yes,100\n") != first
    (year / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1001\n")
    assert digest("id,worker,hours,salary\nana,yes,100,1234.50\n") != first
