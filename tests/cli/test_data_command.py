"""From a cooperative's own files to its year: typed at a terminal, in JSON, and from a file of answers."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import journey
from coopfx.apps.cli.main import cli
from coopfx.desk.policy import open_policy
from coopfx.desk.proposed import Proposing, statute_for
from coopfx.desk.workspace import Workspace
from coopfx.formats.questions import Question
from coopfx.ground.exact import Known
from coopfx.ground.facts import Table
from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world

REPOSITORY = Path(__file__).parent.parent.parent
PAGE = (REPOSITORY / "docs" / "data.md").read_text("utf-8")
SCHEMA = REPOSITORY / "docs" / "schema" / "data.schema.json"
PROMPT = "> "


@pytest.fixture(scope="module")
def rabot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journey")
    journey.write(folder / "rabot")
    return folder


def typed(command: str, answers: list[str], folder: Path) -> tuple[str, int]:
    """What a terminal shows of a command at which these answers are typed, and how it ends."""
    own, theirs = pty.openpty()
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    words = [sys.executable, "-m", *command.split()]
    with subprocess.Popen(
        words, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=env
    ) as process:
        os.close(theirs)
        shown, left = b"", [*answers]
        while True:
            try:
                part = os.read(own, 1 << 16)
            except OSError:  # how Linux says that nobody holds the other end
                break
            if not part:
                break
            shown += part
            if shown.endswith(PROMPT.encode()):
                assert left, f"one more answer is asked for: {shown.decode()[-400:]}"
                os.write(own, left.pop(0).encode() + b"\n")
    os.close(own)
    assert not left, f"not asked for: {left}"
    return shown.decode().replace("\r\n", "\n"), process.returncode


def sessions() -> list[tuple[str, list[str], list[str]]]:
    """What docs/data.md shows of terminals: each command, what is typed, the lines that are shown."""
    found = []
    for block in re.findall(r"^```terminal\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, lines = part.partition("\n")
            asked = [line for line in lines.splitlines() if re.search(r"\] >( |$)", line)]
            found.append(
                (command, [line.partition("] >")[2].strip() for line in asked], lines.splitlines())
            )
    return found


def same(expected: list[str], shown: list[str]) -> str:
    """The first line of a page that is not shown where it should be; empty where all are."""
    at, free = 0, False
    for line in expected:
        plain = " ".join(line.split())
        if plain == "…":
            free = True
            continue
        texts = [" ".join(one.split()) for one in shown[at:]]
        if plain not in texts or (not free and texts[0] != plain):
            return f"{line!r} is not where {shown[at : at + 3]!r} is shown"
        at += texts.index(plain) + 1
        free = False
    return ""


def test_the_journey_is_what_the_page_shows_of_it(rabot: Path) -> None:
    found = sessions()
    assert [command for command, _, _ in found[:1]] == ["coopfx data rabot 2024"]
    first = [answers for command, answers, _ in found if "2024" in command]
    assert len(first) <= 6
    assert sum(map(len, first)) <= 15
    second = [answers for command, answers, _ in found if command == "coopfx data rabot 2025"]
    assert second == [[]], "what was answered last year is not asked again"
    before = {path: path.read_bytes() for path in rabot.rglob("*.xlsx")}
    for command, answers, lines in found:
        shown, status = typed(command, answers, rabot)
        assert status == 0, shown
        assert same(lines, shown.splitlines()) == "", shown
    assert {path: path.read_bytes() for path in rabot.rglob("*.xlsx")} == before


def people_of(folder: Path, year: int) -> tuple[Table, Fraction, list[str]]:
    report = Report()
    policy = open_policy(folder, report)
    assert policy is not None
    found = Workspace(policy, load_world(report)).year(Path(str(year)), report)
    assert found is not None, report.diagnostics
    most = found.facts.figures["highest_share_capital"]
    assert isinstance(most, Fraction)
    return found.facts.tables["person"], most, [one.code for one in report.diagnostics]


@pytest.mark.parametrize("year", [2024, 2025])
def test_each_figure_is_that_of_an_independent_count(rabot: Path, year: int) -> None:
    # After the journey, whose files are written there.
    table, most, told = people_of(rabot / "rabot", year)
    people = {f"{one.number:03}": one for one in journey.draw() if one.months(year)}
    closing = date(year, 12, 31)
    assert table.ids == tuple(sorted(people))
    counts: dict[str, Callable[[journey.Person], object]] = {
        "worker": lambda one: True,
        "member": lambda one: one.member,
        "presence": lambda one: one.months(year),
        "hours": lambda one: 1607 * one.months(year) * one.tenths // 120,
        "full_time_pay": lambda one: one.month,
        "shares_held": lambda one: journey.SHARE * one.shares(closing),
    }
    for name, count in counts.items():
        assert list(table.columns[name]) == [count(people[one]) for one in table.ids], name
    assert most == journey.highest(journey.draw(), closing)
    ended = CliRunner().invoke(
        cli,
        ["explain", str(rabot / "rabot"), str(year), "capital_le_plus_haut"],
        prog_name="coopfx",
    )
    assert "les lignes 4 à" in " ".join(ended.stdout.split())
    assert "R823" not in told


def data(*words: str) -> Result:
    return CliRunner().invoke(cli, ["data", *words], prog_name="coopfx")


@pytest.fixture
def oven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "statute.en.coop").write_text(
        'statute "The Oven"\ncurrency EUR\nin force from 2023-01-01\n\n'
        'article 1 "The surplus"\n  allocate surplus\n    40% to work_share\n'
        "    rest to reserves.development\n    losses to losses_brought_forward\n\n"
        'article 2 "The work share"\n  share work_share among workers\n'
        "    60% by hours\n    40% by salary\n"
    )
    (tmp_path / "2024").mkdir()
    return tmp_path / "2024"


PAYSLIPS = "Employee no;Name;Month;Gross;Hours paid\n" + "".join(
    f"{number};{name};{month:02}/2024;{1800 + 100 * number},50;{140 + month}\n"
    for month in range(1, 13)
    for number, name in ((1, "Ada"), (2, "Bo"))
)


def test_without_a_terminal_nothing_is_written_and_what_is_open_is_shown(oven: Path) -> None:
    (oven / "payslips 2024.csv").write_text(PAYSLIPS)
    ended = data(".", "2024")
    assert "payslips 2024.csv has 24 lines for 2 people" in ended.output
    assert "On which day does the year close?" in ended.output
    assert not (oven / "columns.toml").exists()
    assert not (oven / "cooperative.toml").exists()


def test_a_file_of_answers_goes_through_twelve_payslips(oven: Path) -> None:
    (oven / "payslips 2024.csv").write_text(PAYSLIPS)
    answers = oven.parent / "answers.toml"
    answers.write_text(
        'closing = 2024-12-31\n"payslips *.csv:sum" = true\n"payslips *.csv:all:worker" = true\n'
        '"own:surplus" = "10000.50"\n'
    )
    ended = data(".", "2024", "--answers", "answers.toml")
    assert ended.exit_code == 0, ended.output + ended.stderr
    report = Report()
    policy = open_policy(oven.parent, report)
    assert policy is not None
    year = Workspace(policy, load_world(report)).year(Path("2024"), report)
    assert year is not None
    table = year.facts.tables["person"]
    assert table.ids == ("1", "2")
    assert table.columns["salary"] == (Fraction("22806"), Fraction("24006"))
    assert table.columns["hours"] == (Fraction(1758), Fraction(1758))
    assert year.facts.figures["surplus"] == Fraction("10000.50")
    before = (oven / "columns.toml").read_text()
    assert data(".", "2024", "--answers", "answers.toml").exit_code == 0
    assert (oven / "columns.toml").read_text() == before


def test_what_stands_by_hand_stays(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("# ours\nclosing = 2024-12-31\n")
    (oven / "staff.csv").write_text(
        "Number,Pay,Time,Contract\n1,24000,1607,CDI\n2,12000,800,Stage\n"
    )
    (oven / "columns.toml").write_text(
        '# by hand\n["staff.csv"]\nrecord = "person"\n\n["staff.csv".columns]\nPay = "salary"  # yearly\n'
    )
    (oven.parent / "answers.toml").write_text(
        '"staff.csv:figure:hours" = "Time"\n"staff.csv:word:Contract:stage" = false\n"own:surplus" = 100\n'
    )
    ended = data(".", "2024", "--answers", "answers.toml")
    text = (oven / "columns.toml").read_text()
    assert text.startswith('# by hand\n["staff.csv"]\nrecord = "person"\n')
    assert 'Pay = "salary"  # yearly\n' in text
    assert (oven / "cooperative.toml").read_text().startswith("# ours\nclosing = 2024-12-31\n")
    assert ended.exit_code == 0, ended.output + ended.stderr
    assert "Nothing is missing" in ended.output


def test_for_programs_it_keeps_to_its_schema(oven: Path) -> None:
    (oven / "payslips 2024.csv").write_text(PAYSLIPS)
    ended = data(".", "2024", "--format", "json")
    found: dict[str, Any] = json.loads(ended.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    kinds = {one["key"]: one["kind"] for one in found["questions"]}
    assert kinds["closing"] == "date"
    assert kinds["payslips *.csv:sum"] == "yes_no"
    assert found["needs"] is None


def test_a_misspelt_answer_is_told(oven: Path) -> None:
    (oven / "payslips 2024.csv").write_text(PAYSLIPS)
    (oven.parent / "answers.toml").write_text('closing = "soon"\n"payslips *.csv:some" = true\n')
    ended = data(".", "2024", "--answers", "answers.toml")
    assert re.findall(r"\b(D\d{3})\b", ended.stderr)[:2] == ["D703", "D772"]
    assert "D711" not in ended.stderr
    assert "payslips *.csv:sum" in ended.stderr


def test_what_is_not_known_for_certain_is_not_proposed(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1\n")
    (oven / "staff 2024.csv").write_text(
        "Number,Worker,Annual gross pay (k€),Hours worked 2023,Salary per month\n"
        "1,yes,24,1607,2000\n2,yes,12,800,1000\n"
    )
    found = json.loads(data(".", "2024", "--format", "json").stdout)
    (sheet,) = found["sheets"]
    given = {one["name"]: one["figures"] for one in sheet["columns"]}
    assert given == {
        "Number": ["id"],
        "Worker": ["worker"],
        "Annual gross pay (k€)": [],
        "Hours worked 2023": [],
        "Salary per month": [],
    }
    assert {one["key"] for one in found["questions"]} == {
        "staff *.csv:figure:salary",
        "staff *.csv:figure:hours",
    }


def test_a_year_that_is_not_there_is_told(oven: Path) -> None:
    ended = data(".", "2031")
    assert ended.exit_code == 2
    assert "P904" in ended.stderr


STAFF = (
    "Number,Hired,Contract,Annual gross pay,Hours worked\n"
    "1,2020-01-01,CDI,24000,1607\n2,2021-01-01,CDI,12000,800\n"
)


def next_year(oven: Path, staff: str) -> Result:
    """What the year after says, when 2024 has been answered."""
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    (oven / "staff 2024.csv").write_text(STAFF)
    (oven.parent / "answers.toml").write_text("")
    assert data(".", "2024", "--answers", "answers.toml").exit_code == 0
    later = oven.parent / "2025"
    later.mkdir()
    (later / "cooperative.toml").write_text("closing = 2025-12-31\nsurplus = 1000\n")
    (later / "staff 2025.csv").write_text(staff)
    return data(".", "2025", "--format", "json")


def test_the_next_year_asks_only_of_a_new_word(oven: Path) -> None:
    same = next_year(oven, STAFF)
    assert json.loads(same.stdout)["questions"] == []
    (oven.parent / "2025" / "staff 2025.csv").write_text(STAFF + "3,2025-01-01,Trainee,9000,800\n")
    (question,) = json.loads(data(".", "2025", "--format", "json").stdout)["questions"]
    assert question["key"] == "staff *.csv:word:Contract:trainee"


def test_a_row_that_may_be_a_total_is_asked(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    (oven / "people.csv").write_text(
        "id,worker,salary,hours\n1,yes,1,10\n2,yes,2,20\n3,yes,4,45\nTotal,yes,9,17\n"
    )
    (question,) = json.loads(data(".", "2024", "--format", "json").stdout)["questions"]
    assert question["key"] == "people.csv:row:Total"
    (oven.parent / "answers.toml").write_text('"people.csv:row:Total" = "total"\n')
    assert data(".", "2024", "--answers", "answers.toml").exit_code == 0
    assert 'Total = "total"' in (oven / "columns.toml").read_text()
    assert "D746" not in data(".", "2024").stderr


def test_what_it_writes_is_what_a_hand_may_write(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    (oven / "staff 2024.csv").write_text(STAFF)
    (oven.parent / "answers.toml").write_text("")
    data(".", "2024", "--answers", "answers.toml")
    path = oven / "columns.toml"
    line = path.read_text().splitlines().index('"Hours worked" = "hours"') + 1
    path.write_text(path.read_text().replace('"Hours worked" = ', '"Hours wroked" = '))
    ended = CliRunner().invoke(cli, ["run", ".", "2024"], prog_name="coopfx")
    assert f"2024/columns.toml:{line}:" in ended.stderr
    assert "D745" in ended.stderr and "Hours worked" in ended.stderr


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("columns.toml", "[staff", "D710"),
        ("columns.toml", '["staff 2024.csv"]\ncolumns = 3\n', "D743"),
        ("columns.toml", '["staff 2024.csv"]\nwords = { Contract = "CDI" }\n', "D780"),
        ("cooperative.toml", "closing = ", "D710"),
    ],
)
def test_a_file_that_is_written_amiss_is_told_and_not_written_over(
    oven: Path, name: str, text: str, code: str
) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    (oven / "staff 2024.csv").write_text(STAFF)
    (oven / name).write_text(text)
    (oven.parent / "answers.toml").write_text("")
    ended = data(".", "2024", "--answers", "answers.toml")
    assert ended.exit_code == 2 and code in ended.stderr
    assert (oven / name).read_text() == text


def test_a_hostile_heading_is_neither_shown_nor_asked_about(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    long, steering = "Hours " * 20_000, "Hours\x1b[2J worked"
    rows = "1,yes,24000,1607,1\n2,yes,12000,800,2\n"
    (oven / "staff.csv").write_text(f"Number,Worker,Annual gross pay,{long},{steering}\n{rows}")
    ended = data(".", "2024")
    assert len(ended.output) < 5_000
    assert "\x1b[2J" not in ended.output


LEAVING = (
    '\narticle 3 "Who was there"\n  require there: sum of presence over workers >= 0 months\n'
    "  require since: sum of seniority over workers >= 0 months\n"
    "  require held: sum of shares_held over members >= 0 EUR\n"
)


def asked(
    oven: Path, world: World, name: str, text: str, answers: Mapping[str, Known] | None = None
) -> tuple[dict[str, Question], str]:
    """The questions on a file that are open after these answers, and `columns.toml`, written, as it
    then is."""
    if LEAVING not in (statute := oven.parent / "statute.en.coop").read_text():
        statute.write_text(statute.read_text() + LEAVING)
    (oven / "cooperative.toml").write_text(f"closing = {oven.name}-12-31\nsurplus = 1\n")
    (oven / name).write_text(text)
    report = Report()
    policy = open_policy(oven.parent, report)
    assert policy is not None
    held = Workspace(policy, world)
    latest = statute_for(held, report)
    assert latest is not None
    proposing = Proposing(held, latest, oven, world.words("en"), {}, report)
    found = proposing.proposed(answers or {})
    assert not report.diagnostics
    (oven / "columns.toml").write_text(found.text)
    return {one.key: one for one in found.questions}, found.text


@pytest.mark.parametrize(
    ("hired", "left"),
    [
        ("Date d'embauche", "Date départ"),
        ("Entré(e) le", "Parti(e) le"),
        ("Embauche", "Fin"),
        ("Fecha de alta", "Fin contrato"),
        ("Data di assunzione", "Dimissioni"),
        ("Hired", "Leaver date"),
        ("Start date", "Finished"),
    ],
)
def test_a_day_of_leaving_is_known_by_its_name(
    oven: Path, world: World, hired: str, left: str
) -> None:
    rows = "1;2019-04-17;;1607\n2;2024-06-17;2024-08-31;455\n"
    open_now, columns = asked(oven, world, "staff.csv", f"Matricule;{hired};{left};Heures\n{rows}")
    assert "staff.csv:left" not in open_now
    assert columns.count(f'to = "{left}"') == 2


GONE = "Matricule;{};{};Heures\n1;2019-04-17;{};1607\n2;2024-06-17;2024-08-31;455\n"


@pytest.mark.parametrize(
    ("hired", "other", "stays"),
    [
        ("Date d'embauche", "Plus là depuis", ""),
        ("Fecha de alta", "Ya no está", "sigue"),
        ("Data di assunzione", "Via dal", "-"),
        ("Start date", "No longer here", "still here"),
    ],
)
def test_another_column_of_days_beside_the_first_may_be_that_of_leaving(
    oven: Path, world: World, hired: str, other: str, stays: str
) -> None:
    text = GONE.format(hired, other, stays)
    open_now, columns = asked(oven, world, "staff.csv", text)
    question = open_now["staff.csv:left"]
    assert question.default is None
    assert [one.key for one in question.choices] == [other, "none"]
    assert "durations" not in columns and other not in columns and hired not in columns
    _, columns = asked(oven, world, "staff.csv", text, {"staff.csv:left": other})
    assert columns.count(f'to = "{other}"') == 2


def test_a_column_of_days_that_is_not_of_leaving_is_not_asked_about_again(
    oven: Path, world: World
) -> None:
    text = GONE.format("Hired", "Medical visit", "")
    open_now, columns = asked(oven, world, "staff.csv", text, {"staff.csv:left": "none"})
    assert "staff.csv:left" not in open_now
    assert '"Medical visit" = ""' in columns
    assert "durations" in columns and "to = " not in columns


def test_a_column_of_days_that_is_new_the_year_after_may_be_that_of_leaving(
    oven: Path, world: World
) -> None:
    plain = "Number,Hired,Gone,Hours\n1,2019-04-17,,1607\n2,2024-06-17,,455\n"
    _, columns = asked(oven, world, "staff 2024.csv", plain)
    assert "durations" in columns and "to = " not in columns
    later = oven.parent / "2025"
    later.mkdir()
    gone = plain.replace("-17,,455", "-17,2025-08-31,455")
    open_now, columns = asked(later, world, "staff 2025.csv", gone)
    assert "staff *.csv:left" in open_now and "durations" not in columns
    _, columns = asked(later, world, "staff 2025.csv", gone, {"staff *.csv:left": "Gone"})
    assert columns.count('to = "Gone"') == 2


REGISTER = (
    "{};Who;{};{}\n2015-03-04;Ann;{more};100\n2019-10-01;Bob;{more};60\n2021-06-30;Ann;{less};20\n"
    "2024-01-31;Bob;{less};60\n"
)


@pytest.mark.parametrize(
    ("day", "what", "shares", "more", "less"),
    [
        ("Date", "Type", "Shares of €5", "Issue", "Withdrawal"),
        ("Le", "Libellé", "Parts sociales", "apport", "retrait"),
        ("Fecha", "Concepto", "Participaciones", "Suscripción", "Reembolso"),
        ("Data", "Causale", "Quote", "Sottoscrizione", "Rimborso"),
        ("Date", "Note of it", "Member shares", "Issue", "Redemption"),
    ],
)
def test_a_register_of_movements_is_never_added_up(
    oven: Path, world: World, day: str, what: str, shares: str, more: str, less: str
) -> None:
    text = REGISTER.format(day, what, shares, more=more, less=less)
    (oven / "people.csv").write_text(
        "id,worker,member,hours,salary\nAnn,yes,yes,1,1\nBob,yes,yes,1,1\n"
    )
    who: dict[str, Known] = {"register.csv:id": "Who"}
    open_now, columns = asked(oven, world, "register.csv", text, who)
    assert "register.csv:sum" not in open_now and "register.csv" not in columns
    assert {"register.csv:movements", "register.csv:each"} & open_now.keys()
    assert {one.default for one in open_now.values()} == {None}
    answers: dict[str, Known] = {
        "register.csv:movements": True,
        "register.csv:each": Fraction(5),
        "register.csv:absent": True,
    }
    _, columns = asked(oven, world, "register.csv", text, who | answers)
    assert "sum" not in columns
    report = Report()
    policy = open_policy(oven.parent, report)
    assert policy is not None
    year = Workspace(policy, world).year(Path("2024"), report)
    assert year is not None, report.diagnostics
    assert year.facts.tables["person"].columns["shares_held"] == (400, 0)
    # What has been answered is not asked again, and stays as it is.
    again, same_columns = asked(oven, world, "register.csv", text)
    assert not [key for key in again if key.startswith("register.csv")]
    assert same_columns == columns


KINDS: dict[str, Known] = {
    "register.csv:id": "Who",
    "register.csv:movements": True,
    "register.csv:each": Fraction(5),
    "register.csv:absent": True,
}


@pytest.mark.parametrize(
    ("what", "more", "less"),
    [("What happened", "Buy", "Sell"), ("Notes", "Buy", "Sell"), ("Y/N", "B", "S")],
)
def test_what_takes_is_not_counted_as_adding_where_nothing_known_says_so(
    oven: Path, world: World, what: str, more: str, less: str
) -> None:
    text = REGISTER.format("Date", what, "Shares", more=more, less=less)
    (oven / "people.csv").write_text(
        "id,worker,member,hours,salary\nAnn,yes,yes,1,1\nBob,yes,yes,1,1\n"
    )
    open_now, columns = asked(oven, world, "register.csv", text, KINDS)
    question = open_now["register.csv:kinds"]
    assert question.default is None
    assert [one.key for one in question.choices] == [what, "none"]
    assert "movements" not in columns and what not in columns
    answers: dict[str, Known] = {
        "register.csv:kinds": what,
        f"register.csv:kind:{more.casefold()}": "more",
        f"register.csv:kind:{less.casefold()}": "less",
    }
    asked(oven, world, "register.csv", text, KINDS | answers)
    report = Report()
    policy = open_policy(oven.parent, report)
    assert policy is not None
    year = Workspace(policy, world).year(Path("2024"), report)
    assert year is not None, report.diagnostics
    assert year.facts.tables["person"].columns["shares_held"] == (400, 0)
    again, _ = asked(oven, world, "register.csv", text)
    assert not [key for key in again if key.startswith("register.csv")]


def test_words_too_many_to_ask_about_are_no_reason_to_count_all_as_added(
    oven: Path, world: World
) -> None:
    lines = "".join(f"2024-01-{day:02};Ann;deed {day};10\n" for day in range(1, 16))
    text = f"Date;Who;Type;Shares\n{lines}"
    open_now, columns = asked(oven, world, "register.csv", text, KINDS)
    assert [one.key for one in open_now["register.csv:kinds"].choices] == ["none"]
    assert "movements" not in columns and "Type" not in columns
    _, columns = asked(oven, world, "register.csv", text, KINDS | {"register.csv:kinds": "none"})
    assert "movements" in columns
    again, _ = asked(oven, world, "register.csv", text)
    assert not [key for key in again if key.startswith("register.csv")]


def test_names_beside_a_register_say_nothing_of_its_movements(oven: Path, world: World) -> None:
    text = "Date;Member no;Name;Shares\n2015-03-04;1;Ann;9\n2016-03-04;1;Ann;9\n2016-03-04;2;Bo;9\n"
    open_now, _ = asked(oven, world, "register.csv", text, {"register.csv:each": Fraction(5)})
    assert "register.csv:kinds" not in open_now and "register.csv:absent" in open_now


@pytest.mark.parametrize("answers", [{}, {"register.csv:each": Fraction(5)}])
def test_what_is_open_of_a_register_of_one_line_each_is_asked_again(
    oven: Path, world: World, answers: dict[str, Known]
) -> None:
    text = "Date;Who;Type;Shares\n2015-03-04;Ann;Foo;100\n2019-10-01;Bob;Bar;60\n"
    who: dict[str, Known] = {"register.csv:id": "Who"}
    first, columns = asked(oven, world, "register.csv", text, who | answers)
    assert "Shares" not in columns and "Type" not in columns
    again, _ = asked(oven, world, "register.csv", text, answers)
    assert [key for key in first if key.startswith("register.csv")] == [*again]


def test_pay_at_full_time_is_asked_about_until_it_is_answered(oven: Path, world: World) -> None:
    statute = oven.parent / "statute.en.coop"
    paid = "  require paid: sum of full_time_pay over workers >= 0 EUR\n"
    statute.write_text(statute.read_text() + LEAVING + paid)
    text = "Number,Annual gross pay,Working time,Contract\n1,24000,1,CDI\n2,12000,0.5,CDI\n"
    _, columns = asked(oven, world, "staff.csv", text)
    assert "Working time" not in columns
    open_now, _ = asked(oven, world, "staff.csv", text)
    assert "staff.csv:full_time" in open_now
    _, columns = asked(oven, world, "staff.csv", text, {"staff.csv:full_time": "no"})
    assert '"Working time" = ""' in columns
    open_now, _ = asked(oven, world, "staff.csv", text)
    assert "staff.csv:full_time" not in open_now


def test_a_figure_is_asked_with_what_it_is_counted_in(oven: Path, world: World) -> None:
    text = "Matricule;Ancienneté (années)\n1;28\n2;26\n"
    open_now, _ = asked(oven, world, "staff.csv", text)
    assert "seniority, a quantity in months?" in open_now["staff.csv:figure:seniority"].text


def test_lines_with_days_that_are_no_movements_may_be_added_up(oven: Path, world: World) -> None:
    text = "Number,Paid on,Shares of costs,Hours\n1,2024-01-31,1,9\n1,2024-02-29,1,9\n2,2024-01-31,1,9\n"
    no: dict[str, Known] = {"slips.csv:movements": False}
    open_now, _ = asked(oven, world, "slips.csv", text, no)
    assert open_now["slips.csv:sum"].default is None
    _, columns = asked(oven, world, "slips.csv", text, no | {"slips.csv:sum": True})
    assert "sum = [" in columns and ".movements]" not in columns


DOUBTFUL = (
    "Ancienneté (années)",
    "Years of seniority",
    "Antigüedad (años)",
    "Anzianità (anni)",
    "Gross pay (k€)",
    "Salario bruto anual (miles €)",
    "Net salary",
    "Gross salary 2023",
    "Overtime hours",
    "Heures absence",
    "Horas de baja",
    "Ore straordinarie",
)
WORDS = ("Non-member", "Ancien associé", "Futur associé", "Ancien salarié", "Ex socio")


@pytest.mark.parametrize("name", [*DOUBTFUL, *WORDS])
def test_what_is_doubtful_stays_open_where_nobody_says_it(
    oven: Path, world: World, name: str
) -> None:
    cells = ("oui", "non") if name in WORDS else ("28", "26")
    text = f"Matricule;{name}\n1;{cells[0]}\n2;{cells[1]}\n"
    open_now, columns = asked(oven, world, "staff.csv", text)
    offering = [one for one in open_now.values() if name in [choice.key for choice in one.choices]]
    assert offering, "it is asked about, and still when it is looked at again"
    assert {one.default for one in open_now.values() if one.key.startswith("staff")} == {None}
    assert name not in columns


def test_an_empty_line_at_a_terminal_takes_no_proposal(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1\n")
    (oven / "staff.csv").write_text(
        "Number,Worker,Net salary,Overtime hours\n1,yes,9,9\n2,yes,8,8\n"
    )
    shown, _ = typed("coopfx data . 2024", ["", ""], oven.parent)
    assert shown.count("[Enter: leave it open]") == 2
    columns = (oven / "columns.toml").read_text() if (oven / "columns.toml").exists() else ""
    assert "salary" not in columns and "hours" not in columns


def test_only_of_what_is_asked_about_it_is_not_told_that_nothing_reads_it(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1\n")
    (oven / "staff.csv").write_text("Number,Worker,Sum A,Sum B,Remarks\n1,yes,9,9,\n2,yes,8,8,\n")
    (oven / "teams.csv").write_text("id,result,Colours\nt1,3,\n")
    (oven / "columns.toml").write_text(
        '["teams.csv"]\nrecord = "team"\n["teams.csv".columns]\nresult = "result"\n'
    )
    (oven.parent / "answers.toml").write_text("")
    ended = data(".", "2024", "--answers", "answers.toml", "--format", "json")
    found = json.loads(ended.stdout)
    assert [one["key"] for one in found["questions"]] == [
        "staff.csv:figure:salary",
        "staff.csv:figure:hours",
    ]
    told = {one["file"]: one["message"] for one in found["diagnostics"] if one["code"] == "D734"}
    # A column of numbers or an empty one could be either figure: all of that sheet's are asked about.
    assert list(told) == ["2024/teams.csv"] and "Colours" in told["2024/teams.csv"]


# ---- answers that are kept, and changed

ODD = "Who;Col 1;Col 2\n" + "".join(
    f"{who};{1000 + month};{100 + month}\n" for month in (1, 2) for who in ("Ann", "Bob")
)


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, *typed: str) -> Result:
    """What `coopfx data` shows where this is typed; `^C` interrupts it."""
    left = [*typed]

    def answer(prompt: str) -> str:
        line = left.pop(0)
        if line == "^C":
            raise KeyboardInterrupt
        return line

    monkeypatch.setattr("coopfx.apps.cli.asked.on_a_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    again = ["--again"] if typed[:1] == ("again",) else []
    left[: len(again)] = []
    ended = data(".", "2024", *again)
    assert not left, f"not asked for: {left}\n{ended.output}"
    return ended


def test_answers_are_kept_when_it_is_interrupted_and_any_may_be_changed(
    oven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\n")
    (oven / "pay 2024.csv").write_text(ODD)
    shown = at_a_terminal(monkeypatch, "person", "Who", "nonsense", "add", "^C")
    assert shown.exit_code == 130
    assert "What is each line?" in re.search(r"D770 .*", shown.stderr)[0]  # type: ignore[index]
    assert "Amounts to be added up" in shown.stderr
    kept = (oven / "columns.toml").read_text()
    assert 'lines = "add"' in kept and "sum" not in kept
    # It is read as before: what has been answered alone says nothing of a file.
    assert "D718" in CliRunner().invoke(cli, ["run", ".", "2024"], prog_name="coopfx").stderr

    shown = at_a_terminal(monkeypatch, "yes", "Col 1", "Col 2", "5000")
    assert "1001 and 1002, read as €1,001.00 and €1,002.00" in " ".join(shown.output.split())
    before = (oven / "columns.toml").read_text()
    assert 'sum = ["Col 1", "Col 2"]' in before or 'sum = ["Col 2", "Col 1"]' in before
    assert "`--again`" in at_a_terminal(monkeypatch).output, "nothing is open, and nothing asked"
    at_a_terminal(monkeypatch, "again", *[""] * 7)
    assert (oven / "columns.toml").read_text() == before
    own = (oven / "cooperative.toml").read_text()
    at_a_terminal(monkeypatch, "again", "", "", "", "no", "", "", "5001")
    changed = (oven / "columns.toml").read_text()
    assert "worker = true" not in changed and '"all:worker" = false' in changed
    assert (oven / "cooperative.toml").read_text() == own.replace("5000", "5001")


# ---- the latest year, and the one before


def test_a_copied_folder_is_not_silently_the_one_that_is_looked_at(oven: Path) -> None:
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1\n")
    (oven / "staff.csv").write_text("Number,Worker,Salary,Time\n1,yes,9,9\n2,yes,8,8\n")
    shutil.copytree(oven, oven.parent / "2024 - Copie")
    (oven.parent / "answers.toml").write_text('"staff.csv:figure:hours" = "Time"\n')
    ended = data(".", "--answers", "answers.toml")
    assert (oven / "columns.toml").is_file()
    assert not (oven.parent / "2024 - Copie" / "columns.toml").exists()
    assert "P949" in ended.stderr and "`2024 - Copie`" in " ".join(ended.stderr.split())
    # A year that does not say yet when it closes is the latest by its name.
    later = oven.parent / "2025"
    later.mkdir()
    shutil.copy(oven / "staff.csv", later)
    assert "On which day does the year close?" in data(".").output


@pytest.mark.parametrize(
    ("closing", "proposed"), [("2023-12-31", 8), ("2022-12-31", None), ("2024-06-30", 8)]
)
def test_an_account_opens_at_what_it_closed_at_in_the_year_just_before(
    oven: Path, closing: str, proposed: int | None
) -> None:
    statute = oven.parent / "statute.en.coop"
    statute.write_text(
        'statute "The Oven"\ncurrency EUR\nin force from 2020-01-01\n\n'
        'article 1 "The surplus"\n  allocate surplus\n'
        "    50% to reserves.legal until 1000 EUR\n    rest to reserves.development\n"
        "    losses to losses_brought_forward\n"
    )
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1\n")
    before = oven.parent / "earlier"
    before.mkdir()
    (before / "cooperative.toml").write_text(
        f'closing = {closing}\nsurplus = 2\n[balances]\n"reserves.legal" = 7\n'
    )
    copied = Path(shutil.copytree(before, oven.parent / "earlier copy"))
    text = (copied / "cooperative.toml").read_text()
    (copied / "cooperative.toml").write_text(text.replace("= 7", "= 70"))
    (question,) = json.loads(data(".", "2024", "--format", "json").stdout)["questions"]
    assert question["key"] == "own:opening reserves.legal"
    assert question["default"] == proposed


def test_an_answer_that_cannot_hold_is_not_undone_without_a_word(oven: Path) -> None:
    statute = oven.parent / "statute.en.coop"
    text = statute.read_text().replace("by salary", "by shares_held")
    filled = "    15% to reserves.legal until highest_share_capital\n    40% to work_share"
    statute.write_text(text.replace("    40% to work_share", filled))
    (oven / "cooperative.toml").write_text(
        "closing = 2024-12-31\nsurplus = 1000\nshare_capital = 5000\n"
        '[balances]\n"reserves.legal" = 3\n'
    )
    (oven / "people.csv").write_text("id,worker,hours\nAnn,yes,1\nBob,yes,1\n")
    (oven / "register.csv").write_text(
        "Who,Date,Amount\nAnn,2024-02-01,100\nBob,2024-03-01,100\nAnn,2024-05-01,-50\n"
    )
    (oven.parent / "answers.toml").write_text(
        '"register.csv:id" = "Who"\n"register.csv:movements" = true\n'
        '"register.csv:highest" = true\n"register.csv:absent" = true\n'
    )
    ended = data(".", "2024", "--answers", "answers.toml", "--format", "json")
    found = json.loads(ended.stdout)
    assert [one["key"] for one in found["questions"]] == ["own:highest_share_capital"]
    (told,) = [one for one in found["diagnostics"] if one["code"] == "R821"]
    assert "€200.00" in told["message"] and told["file"] == "2024/register.csv"
    assert 'highest = "' not in (oven / "columns.toml").read_text()
    (oven / "columns.toml").unlink()
    assert data(".", "2024", "--answers", "answers.toml").stdout.count("R821") == 1
