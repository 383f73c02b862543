"""What `coopfx data` proposes of sheets as they are kept: what it takes, asks, and leaves open."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from coopfx.desk.policy import open_policy
from coopfx.desk.proposed import Proposing, statute_for
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year
from coopfx.formats.questions import Question
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic, Report, Said
from coopfx.plugged.world import World

STATUTE = """statute "The Oven"
currency EUR
in force from 2023-01-01

article 1 "The surplus"
  allocate surplus
    40% to work_share
    rest to reserves.development
    losses to losses_brought_forward

article 2 "The work share"
  share work_share among workers
    60% by hours
    40% by salary
"""
Answers = dict[str, Known]
Asked = Callable[..., tuple[dict[str, Question], str]]
Read = Callable[[], tuple[Year | None, list[str]]]


@pytest.fixture
def oven(tmp_path: Path) -> Path:
    """The folder of a year, and above it a statute."""
    (tmp_path / "statute.en.coop").write_text(STATUTE)
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1\n")
    return tmp_path / "2024"


@pytest.fixture
def asked(oven: Path, world: World) -> Asked:
    """The questions that are open after some answers, and `columns.toml`, written, as it then is."""

    def ask(
        files: Mapping[str, str], answers: Mapping[str, Known] | None = None, more: str = ""
    ) -> tuple[dict[str, Question], str]:
        (oven.parent / "statute.en.coop").write_text(STATUTE + more)
        for name, text in files.items():
            (oven / name).write_text(text, "utf-8")
        report = Report()
        policy = open_policy(oven.parent, report)
        assert policy is not None
        held = Workspace(policy, world)
        statute = statute_for(held, report)
        assert statute is not None, report.diagnostics
        proposing = Proposing(held, statute, oven, world.words("en"), {}, report)
        found = proposing.proposed(answers or {})
        (oven / "columns.toml").write_text(found.text)
        return {one.key: one for one in found.questions}, found.text

    return ask


@pytest.fixture
def read(oven: Path, world: World) -> Read:
    """The year as it is read, if it is, and the codes of what is told."""

    def one() -> tuple[Year | None, list[str]]:
        report = Report()
        policy = open_policy(oven.parent, report)
        assert policy is not None
        year = Workspace(policy, world).year(Path("2024"), report)
        return year, [one.code for one in report.diagnostics]

    return one


MONTHS = [
    "janv.",
    "févr.",
    "mars",
    "avril",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]


def test_months_that_are_left_open_are_twelve_still_when_it_is_asked_again(asked: Asked) -> None:
    rows = "1;{}100\n2;{}\n".format("100;" * 11, ";".join(["", *["90"] * 11]))
    files = {"paie.csv": f"Matricule;{';'.join(MONTHS)}\n{rows}"}
    _, text = asked(files, {"paie.csv:holds": "person", "paie.csv:all:worker": True})
    assert not [one for one in MONTHS if one in text], "nothing is said of what is open"
    questions, text = asked(files, {"paie.csv:months:": "salary"})
    assert "paie.csv:empty:" in questions
    assert all(f'"{one}"' in text.partition("across")[2] for one in MONTHS)
    questions, _ = asked(files)
    assert "paie.csv:empty:" in questions, "an empty month is asked about until it is answered"
    questions, text = asked(files, {"paie.csv:empty:": True})
    assert "paie.csv:empty:" not in questions and 'empty = "zero"' in text


def test_base_pay_is_not_added_up_by_a_yes_where_a_total_stands_beside_it(asked: Asked) -> None:
    lines = "".join(f"{who};2000;150;2150\n" for who in (1, 2) for _ in range(3))
    files = {"bulletins.csv": f"Matricule;Salaire base;Primes;Total brut\n{lines}"}
    questions, _ = asked(files, {"bulletins.csv:holds": "person"})
    assert "bulletins.csv:sum" not in questions and "bulletins.csv:lines" in questions
    questions, _ = asked(files, {"bulletins.csv:lines": "add"})
    offered = {one.key for one in questions["bulletins.csv:figure:salary"].choices}
    assert {"Salaire base", "Total brut"} <= offered


@pytest.mark.parametrize("name", ["H/sem.", "Horas semana", "Durée hebdo", "Ore al mese", "Tps %"])
def test_hours_of_a_week_are_not_offered_as_those_of_a_year(asked: Asked, name: str) -> None:
    questions, _ = asked({"staff.csv": f"Matricule;{name};Total\n1;35;1607\n2;28;1300\n"})
    offered = [one.key for one in questions["staff.csv:figure:hours"].choices]
    assert offered == ["Total", "none"]


FEC = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|"
    "PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise\n"
    "OD|Divers|1|{0}|701|-|||P1|{0}|Ventes|0,00|10,00|||{0}||\n"
    "OD|Divers|1|{0}|512|-|||P1|{0}|Ventes|10,00|0,00|||{0}||\n"
)


@pytest.mark.parametrize(("closing", "amiss"), [("20241231", False), ("20240630", True)])
def test_a_closing_that_two_files_give_alike_is_no_mistake(
    oven: Path, read: Read, closing: str, amiss: bool
) -> None:
    (oven / f"123456789FEC{closing}.txt").write_text(FEC.format(closing))
    (oven / "cooperative.toml").write_text("closing = 2024-12-31\n")
    (oven / "people.csv").write_text("id,worker,hours,salary\n1,yes,1,1\n")
    _, told = read()
    assert ("D715" in told) is amiss


OWNED = '\narticle 3 "Members"\n  require owned: shares_held >= 0 EUR for each member\n'
SERVED = "  require served: sum of seniority over members >= 0 months\n"
STAFF = "id,worker,member,hours,salary,Hired,Left\n"


def test_a_member_who_holds_nothing_by_the_register_is_told(
    oven: Path, asked: Asked, read: Read
) -> None:
    staff = f"{STAFF}ana,yes,yes,1,1,2020-01-01,\nben,yes,yes,1,1,2020-01-01,2024-08-31\n"
    register = "Who,Day,Amount\nana,2020-01-01,9\nben,2020-01-01,9\nben,2024-09-01,-9\n"
    files = {"people.csv": staff, "register.csv": register}
    kept: Answers = {
        f"register.csv:{topic}": answer
        for topic, answer in (("id", "Who"), ("movements", True), ("absent", True))
    }
    asked(files, kept, OWNED)
    year, told = read()
    assert year is not None and year.facts.tables["person"].columns["shares_held"] == (9, 0)
    assert told.count("D793") == 1
    (oven / "people.csv").write_text(staff.replace("ben,yes,yes", "ben,yes,no"))
    assert "D793" not in read()[1]


@pytest.mark.parametrize(
    ("left", "shares", "count"),
    [("2024-08-31", "", 1), ("2024-12-31", "", 0), ("", "", 0), ("2024-08-31", "5", 0)],
    ids=["left", "on the last day", "there", "holds shares"],
)
def test_a_member_whose_contract_has_ended_is_told_where_nobody_knows_what_is_held(
    asked: Asked, read: Read, left: str, shares: str, count: int
) -> None:
    staff = "id,worker,member,hours,salary,Hired,Left,shares_held\n"
    staff += f"ana,yes,yes,1,1,2020-01-01,,3\nben,yes,yes,1,1,2020-01-01,{left},{shares}\n"
    asked({"people.csv": staff}, {"people.csv:empty:shares_held": "unknown"}, OWNED + SERVED)
    year, told = read()
    assert year is not None and told.count("D793") == count


@pytest.mark.parametrize(
    ("balances", "amiss"),
    [((9, 4, 0), False), ((9, 13, 4), False), ((9, 4, 9), True)],
    ids=["of each", "of all", "another"],
)
def test_the_balance_that_a_register_keeps_is_held_against_its_movements(
    asked: Asked, read: Read, balances: tuple[int, int, int], amiss: bool
) -> None:
    lines = ("ana,2020-01-01,9", "ben,2020-01-02,4", "ana,2024-09-01,-9")
    rows = "".join(f"{line},{one}\n" for line, one in zip(lines, balances, strict=True))
    staff = f"{STAFF}ana,yes,no,1,1,2020-01-01,\nben,yes,yes,1,1,2020-01-01,\n"
    files = {"people.csv": staff, "register.csv": f"Who,Day,Amount,Saldo\n{rows}"}
    kept: Answers = {"register.csv:id": "Who", "register.csv:movements": True}
    _, text = asked(files, kept, OWNED)
    assert 'balance = "Saldo"' in text
    assert ("D794" in read()[1]) is amiss


def test_none_of_them_is_an_answer_about_whose_lines_they_are_and_holds(asked: Asked) -> None:
    files = {"salaires.csv": "Poste;Montant;Heures\n700 Ventes;9;1\n700 Ventes;8;1\n640;7;1\n"}
    questions, _ = asked(files)
    (key,) = [one for one in questions if one.endswith((":id", ":holds"))]
    if key.endswith(":holds"):
        questions, _ = asked(files, {key: "person"})
        key = "salaires.csv:id"
    assert questions[key].choices[-1].key == "none"
    questions, text = asked(files, {key: "none"})
    assert questions == {} and "columns" not in text
    assert asked(files)[0] == {}


def test_shares_are_not_asked_of_a_staff_list_beside_a_register(asked: Asked) -> None:
    staff = "id,worker,member,hours,salary,Coef\nana,yes,yes,1,1,1\nben,yes,yes,1,1,2\n"
    alone, _ = asked({"people.csv": staff}, None, OWNED)
    assert "people.csv:figure:shares_held" in alone
    register = "Who,Date,Opération,Nb de parts\nana,2020-01-01,achat,9\nben,2020-01-01,achat,9\n"
    both, _ = asked({"register.csv": register}, None, OWNED)
    assert "people.csv:figure:shares_held" not in both


def test_a_sheet_that_is_left_unread_is_told_in_the_readers_words(world: World) -> None:
    known = tuple(Said(f"sheets.called.{one}") for one in ("person", "cooperative"))
    given: dict[str, object] = {"sheet": "Résultat", "nearest": "", "known": known}
    french = world.words("fr")
    usual = french.help(Diagnostic("sheets.W01", None, given))
    assert "Personnes et Coopérative" in usual and "coopfx data" in usual
    by_data = french.help(Diagnostic("sheets.W01", None, given | {"asked": True}))
    assert "Personnes et Coopérative" in by_data and "coopfx data" not in by_data
