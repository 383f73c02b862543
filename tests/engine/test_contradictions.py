"""Data that contradict themselves are told, whatever files they come in; proofs take it for granted."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest_fec import NAMES, Line

import workbooks
from coopfx.apps.cli.main import cli

HEAD = 'statute "Books"\ncurrency EUR\nin force from 2010-01-01\n'
SHARED = """allocate surplus
  20% to reserves.legal
  30% to kitty
  rest to reserves.development
  losses to losses_brought_forward
"""


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def year(policy: Path, statute: str, figures: str, people: str = "", name: str = "2024") -> None:
    (policy / "statute.en.coop").write_text(HEAD + statute)
    (policy / name).mkdir(exist_ok=True)
    (policy / name / "cooperative.toml").write_text(f"closing = {name}-12-31\n{figures}\n")
    if people:
        (policy / name / "people.csv").write_text(people)


def told(*arguments: str) -> dict[str, list[str]]:
    """What is told of a year, by code."""
    ended = CliRunner().invoke(cli, ["run", ".", *arguments, "--format", "json"])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    found: dict[str, list[str]] = {}
    for one in json.loads(ended.stdout)["diagnostics"]:
        found.setdefault(one["code"], []).append(one["message"])
    return found


# ---- ten years of books

BALANCES = {"reserves.legal": 1000, "reserves.development": 5000, "kitty": 300}
CHANGED, SHORT = 2021, 77
SURPLUS = 1000
GROWTH = {"reserves.legal": 200, "reserves.development": 500, "kitty": 300}
NUMBERS = {"reserves.legal": "106100", "reserves.development": "106300", "kitty": "106800"}
MAPPING = """[facts]
surplus = { accounts = ["7", "6"], side = "credit" }
[balances]
"reserves.legal" = { accounts = ["1061"], side = "credit" }
"reserves.development" = { accounts = ["1063"], side = "credit" }
kitty = { accounts = ["1068"], side = "credit" }
"""


def openings(number: int) -> dict[str, int]:
    """What the accounts open with, of which one year's is changed by hand: every later one follows it."""
    made = {name: BALANCES[name] + (number - 2015) * GROWTH[name] for name in BALANCES}
    made["reserves.legal"] -= SHORT * (number >= CHANGED)
    return made


def as_csv(folder: Path, number: int) -> None:
    rows = [f"closing,{number}-12-31", f"surplus,{SURPLUS}"]
    rows += [f"{name},{value}" for name, value in openings(number).items()]
    (folder / "cooperative.csv").write_text("\n".join(["item,value", *rows]) + "\n")


def as_workbook(folder: Path, number: int) -> None:
    rows: list[list[Any]] = [
        ["item", "value"],
        ["closing", f"{number}-12-31"],
        ["surplus", SURPLUS],
    ]
    rows += map(list, openings(number).items())
    made = workbooks.xlsx if number % 2 else workbooks.ods
    (folder / f"year.{'xlsx' if number % 2 else 'ods'}").write_bytes(made({"Cooperative": rows}))


def as_fec(folder: Path, number: int) -> None:
    """The reserves of the books are those at the closing, with what was voted on the year before."""
    first = f"{number}0101"
    total = sum(openings(number).values())
    lines = [Line("AN", "1", first, "512000", f"{total},00")]
    lines += [
        Line("AN", "1", first, NUMBERS[name], credit=f"{value},00")
        for name, value in openings(number).items()
    ]
    lines.append(Line("VE", "2", f"{number}1220", "411000", f"{SURPLUS},00"))
    lines.append(Line("VE", "2", f"{number}1220", "706000", credit=f"{SURPLUS},00"))
    rows = [NAMES, *("\t".join(line.cells()) for line in lines)]
    (folder / f"123456789FEC{number}1231.txt").write_text("\r\n".join(rows) + "\r\n")
    (folder / "accounts.toml").write_text(MAPPING)


@pytest.mark.parametrize("write", [as_csv, as_workbook, as_fec])
def test_ten_years_of_books_with_one_opening_changed(
    write: Callable[[Path, int], None], policy: Path
) -> None:
    (policy / "statute.en.coop").write_text(HEAD + SHARED)
    for number in range(2015, 2025):
        (policy / str(number)).mkdir()
        write(policy / str(number), number)
    for number in range(2015, 2025):
        found = told(str(number)).get("R820", [])
        if number != CHANGED:
            assert not found, number
            continue
        (message,) = found
        closed = openings(number)["reserves.legal"] + SHORT
        assert "reserves.legal" in message and "31 December 2020" in message
        assert f"€{closed - SHORT:,}.00" in message and f"€{closed:,}.00" in message


def test_the_year_before_is_told_by_its_date_whatever_its_folder_is_called(policy: Path) -> None:
    named = {
        "z-first": ("2022-12-31", 0),
        "a-then": ("2023-12-31", 100),
        "m-last": ("2024-12-31", 1),
    }
    (policy / "statute.en.coop").write_text(
        HEAD + "allocate surplus\n  rest to kitty\n  losses to kitty\n"
    )
    for folder, (closing, opening) in named.items():
        (policy / folder).mkdir()
        text = f"closing = {closing}\nsurplus = 100\n[balances]\nkitty = {opening}\n"
        (policy / folder / "cooperative.toml").write_text(text)
    assert "R820" not in told("z-first") and "R820" not in told("a-then")
    (message,) = told("m-last")["R820"]
    assert "€200.00" in message and "31 December 2023" in message


def test_the_account_of_each_person_opens_as_it_closed(policy: Path) -> None:
    statute = """account capital of person
allocate surplus
  rest to work_share
  losses to losses_brought_forward
share work_share among members to capital of person
  equally
"""
    head = "id,member,opening capital\n"
    year(policy, statute, "surplus = 200", head + "ana,yes,50\nben,yes,60\n", "2023")
    year(policy, statute, "surplus = 0", head + "ana,yes,150\nben,yes,160\ncleo,yes,5\n")
    assert "R820" not in told("2024")
    year(policy, statute, "surplus = 0", head + "ana,yes,150\nben,yes,100\n")
    (message,) = told("2024")["R820"]
    assert "€250.00" in message and "€310.00" in message


# ---- bounds that name other figures

PAID = "require paid: {} >= 0 EUR for each person\n"
BOUNDS = [
    # The lines, the figures that break them, those that do not.
    (
        "input part : money <= whole_sum\ninput whole_sum : money\n",
        "part = 6\nwhole_sum = 5",
        "part = 5\nwhole_sum = 5",
    ),
    (
        "input part : money\ninput whole_sum : money >= 0 EUR >= part\n",
        "part = 6\nwhole_sum = 5",
        "part = -6\nwhole_sum = 5",
    ),
    (
        "input first : date\ninput last : date >= first\n",
        "first = 2024-02-01\nlast = 2024-01-31",
        "first = 2024-02-01\nlast = 2024-02-01",
    ),
    (
        'parameter most : number\n  from 2010-01-01: 12% ref "r"\ninput level : number >= 0% <= most\n',
        'level = "13 %"',
        'level = "12 %"',
    ),
    (
        "",
        "share_capital = 6\nhighest_share_capital = 5",
        "share_capital = 5\nhighest_share_capital = 6",
    ),
]


@pytest.mark.parametrize(("lines", "wrong", "right"), BOUNDS)
def test_a_bound_that_another_figure_is(lines: str, wrong: str, right: str, policy: Path) -> None:
    statute = lines + SHARED + "require kept: highest_share_capital >= 0 EUR\n"
    year(policy, statute, "surplus = 0\n" + wrong)
    assert len(told()["R821"]) == 1
    year(policy, statute, "surplus = 0\n" + right)
    assert "R821" not in told()
    # What is not given contradicts nothing.
    year(policy, statute, "surplus = 0\n" + right.splitlines()[0])
    assert "R821" not in told()


def test_a_bound_of_each_person_names_whom(policy: Path) -> None:
    statute = "input bonus : money of person >= 0 EUR <= salary\n" + PAID.format("bonus")
    people = "id,salary,bonus\nana,100,100\nben,100,101\ncleo,,5\n"
    year(policy, statute + SHARED, "surplus = 0", people)
    (message,) = told()["R821"]
    assert "ben" in message and "€101.00" in message and "€100.00" in message


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("input part : money <= kitty\n", "T309"),
        ("define d = surplus\ninput part : money <= d\n", "T309"),
        ("input part : money <= turnovr\n", "N201"),
        ("input part : money <= attendance\n", "T301"),
        ("input part : money <= salary\n", "T304"),
    ],
)
def test_what_no_bound_may_be(lines: str, code: str, policy: Path) -> None:
    (policy / "statute.en.coop").write_text(HEAD + lines + SHARED)
    ended = CliRunner().invoke(cli, ["check", ".", "--format", "json"])
    assert code in {one["code"] for one in json.loads(ended.stdout)["diagnostics"]}, ended.stdout


# ---- examples


def mistakes(policy: Path, text: str) -> dict[str, list[str]]:
    """What `check` tells of a statute, by code."""
    (policy / "statute.en.coop").write_text(HEAD + text)
    ended = CliRunner().invoke(cli, ["check", ".", "--format", "json"])
    found: dict[str, list[str]] = {}
    for one in json.loads(ended.stdout)["diagnostics"]:
        found.setdefault(one["code"], []).append(one["message"])
    return found


@pytest.mark.parametrize(("lines", "wrong", "right"), BOUNDS)
def test_an_example_is_held_to_the_bounds_that_hold_the_data(
    lines: str, wrong: str, right: str, policy: Path
) -> None:
    statute = lines + SHARED + "require kept: highest_share_capital >= 0 EUR\n"
    for figures, code in ((wrong, "E610"), (right, ""), (right.splitlines()[0], "")):
        plain = re.sub(r"= (-?\d+)$", r"= \1 EUR", figures, flags=re.MULTILINE).replace('"', "")
        given = ", ".join(plain.splitlines())
        example = f'example "e"\n  given surplus = 100 EUR, {given}\n  expect kitty = 30 EUR\n'
        found = mistakes(policy, statute + example)
        assert [one for one in found if one[0] == "E"] == [code][: bool(code)], (figures, found)


def test_an_example_that_cannot_be_is_told_on_the_line_that_gives_the_figure(policy: Path) -> None:
    lines = [
        *HEAD.splitlines(),
        "input low : money",
        "input high : money >= low",
        "input bonus : money of person <= salary",
        "require sober: high >= 0 EUR",
        "require sane: bonus >= 0 EUR for each person",
        'example "e"',
        "  given low = 10 EUR, surplus = 1 EUR",
        "  given high = 5 EUR",
        "  given person | salary | bonus",
        "    ana | 10 EUR | 5 EUR",
        "    ben | 10 EUR | 50 EUR",
        "  expect sober satisfied",
    ]
    (policy / "statute.en.coop").write_text("\n".join(lines) + "\n")
    ended = CliRunner().invoke(cli, ["check", ".", "--format", "json"])
    found = [one for one in json.loads(ended.stdout)["diagnostics"] if one["code"] == "E610"]
    places = [(one["line"], [other["line"] for other in one["related"]]) for one in found]
    at = {line.split(" : ")[0].strip(): number for number, line in enumerate(lines, 1)}
    assert places == [
        (at["given high = 5 EUR"], [at["input high"]]),
        (at["ben | 10 EUR | 50 EUR"], [at["input bonus"]]),
    ], found


def test_an_example_is_held_to_what_accounts_never_are(policy: Path) -> None:
    kitty = "account kitty >= 100 EUR\nallocate surplus\n  rest to kitty\n  losses to kitty\n"
    example = (
        'example "e"\n  given surplus = {} EUR, opening {} = {} EUR\n  expect closing {} = {} EUR\n'
    )
    for statute, account, surplus, opening, code in (
        (kitty, "kitty", -50, 120, "E611"),
        (kitty, "kitty", -20, 120, ""),
        (kitty, "kitty", 50, 99, "E604"),
        (SHARED, "reserves.legal", 0, -1, "E604"),
        (SHARED, "reserves.legal", 0, 0, ""),
        # An account to which a clause sends losses may have them.
        (SHARED.replace("losses_brought_forward", "reserves.legal"), "reserves.legal", 0, -1, ""),
    ):
        closing = opening + surplus
        text = statute + example.format(surplus, account, opening, account, closing)
        found = mistakes(policy, text)
        assert code in found if code else not {one for one in found if one[0] == "E"}, (text, found)


def test_an_example_of_people_names_who_is_out_of_bounds(policy: Path) -> None:
    bonus = "input bonus : money of person >= 0 EUR <= salary\n" + PAID.format("bonus")
    people = (
        'example "e"\n  given surplus = 0 EUR\n  given person | salary | bonus\n    ana | 5 | 5\n'
    )
    people += "    ben | 5 | 6\n    cleo | | 6\n  expect kitty = 0 EUR\n"
    (message,) = mistakes(policy, bonus + SHARED + people)["E610"]
    assert "ben" in message and "€6.00" in message and "€5.00" in message


# ---- balances that are never below


def test_an_opening_balance_below_what_it_may_be_is_refused(policy: Path) -> None:
    for line, balance in (("", "reserves.legal"), ("account kitty >= 100 EUR\n", "kitty")):
        year(policy, line + SHARED, f'surplus = 0\nbalances."{balance}" = -1')
        assert told().keys() == {"D704"}, balance
    # An account to which a clause sends losses may have them.
    losses = SHARED.replace("losses_brought_forward", "reserves.legal")
    year(policy, losses, 'surplus = 0\nbalances."reserves.legal" = -1')
    assert "D704" not in told()


def test_a_closing_balance_below_what_the_statute_says_is_told(policy: Path) -> None:
    statute = "account kitty >= 100 EUR\nallocate surplus\n  rest to kitty\n  losses to kitty\n"
    year(policy, statute, "surplus = -50\nbalances.kitty = 120")
    (message,) = told()["R822"]
    assert "€70.00" in message and "€100.00" in message
    year(policy, statute, "surplus = -20\nbalances.kitty = 120")
    assert "R822" not in told()


# ---- percentages without their sign, and the register of shares

DECIDED = """decide work_rate {}
allocate surplus
  work_rate * surplus to work_share
  rest to reserves.development
  losses to losses_brought_forward
"""


@pytest.mark.parametrize("bounds", ["between 25% and 84%", "between 0.25 and 0.84", "at least 25%"])
@pytest.mark.parametrize("form", ["toml", "csv", "xlsx"])
def test_a_percentage_without_its_sign_is_refused(bounds: str, form: str, policy: Path) -> None:
    for written, code in (("60", "D761"), ("60 %", ""), ("0.6", ""), ("2000", ""), ("1.2", "")):
        year(policy, DECIDED.format(bounds), "surplus = 1000")
        folder = policy / "2024"
        if form == "toml":
            year(
                policy, DECIDED.format(bounds), f'surplus = 1000\ndecisions.work_rate = "{written}"'
            )
        elif form == "csv":
            (folder / "cooperative.csv").write_text(f"item,value\nwork_rate,{written}\n")
        else:
            sheet = {"Cooperative": [["item", "value"], ["work_rate", written]]}
            (folder / "year.xlsx").write_bytes(workbooks.xlsx(sheet))
        assert ("D761" in told()) == bool(code), written


def test_shares_held_that_are_not_the_capital(policy: Path) -> None:
    statute = SHARED + "require half: shares_held <= 50% of share_capital for each member\n"
    figures = "surplus = 0\nshare_capital = 100"
    people = "id,member,shares_held\nana,yes,50\nben,yes,{}\n"
    for held, wrong in (("50", False), ("40", True), ("60", True), ("", False)):
        year(policy, statute, figures, people.format(held))
        assert ("R823" in told()) == wrong, held


# ---- what proofs take for granted


def proved(policy: Path, statute: str) -> dict[str, dict[str, Any]]:
    """The proofs of the statute's rules, by their names."""
    (policy / "statute.en.coop").write_text(HEAD + statute)
    ended = CliRunner().invoke(cli, ["prove", ".", "--format", "json"])
    (found,) = json.loads(ended.stdout)["statutes"]
    return {one["rule"]: one for one in found["rules"]}


KEPT = """input own_plant : money >= 0 EUR
input plant : money >= own_plant
input land : money >= plant
allocate surplus
  50% to work_share
  rest to kitty
  losses to losses_brought_forward
"""
PROVED = [
    (KEPT + "require one: work_share + plant >= own_plant\n", "plant", 5),
    # By a figure between them, which the rule does not name.
    (KEPT + "require one: work_share + land >= own_plant\n", "land", 6),
    (KEPT + "account kitty >= 50 EUR\nrequire one: closing kitty >= 50 EUR\n", "kitty", 11),
    (
        "input bonus : money of person >= 0 EUR <= salary\n"
        + KEPT.replace("rest to kitty", "rest to pot")
        + "require one: bonus <= salary + work_share for each person\n",
        "bonus",
        4,
    ),
]


@pytest.mark.parametrize(("statute", "name", "line"), PROVED)
def test_proofs_take_it_for_granted_and_say_where_it_stands(
    statute: str, name: str, line: int, policy: Path
) -> None:
    proof = proved(policy, statute)["one"]
    assert proof["verdict"] == "always"
    said = [(one["text"], one["file"], one["line"]) for one in proof["assumptions"]]
    assert any(
        name in text and Path(file or "").name == "statute.en.coop" and at == line
        for text, file, at in said
    ), said
    # Without the line that says so, a year breaks the rule.
    for bound in (" >= own_plant", " >= plant", " >= 50 EUR", " <= salary"):
        statute = statute.replace(f"money{bound}", "money").replace(f"0 EUR{bound}", "0 EUR")
        statute = statute.replace("account kitty >= 50 EUR", "account kitty")
    assert proved(policy, statute)["one"]["verdict"] != "always"


def test_no_lawful_statute_is_accused_by_a_year_that_cannot_be(policy: Path) -> None:
    proofs = proved(
        policy,
        "allocate surplus\n  15% to reserves.legal until highest_share_capital\n"
        "  rest to reserves.development\n  losses to losses_brought_forward\n"
        "require one: reserves.legal >= 15% of surplus when closing reserves.legal < share_capital\n",
    )
    assert proofs["one"]["verdict"] == "always"


LAWS = [
    ("fr.scop", "fr", "capital_libéré", "capital_social", "200"),
    ("fr.scop", "fr", "mandats_de_non_employés", "mandats", "3"),
    ("fr.scic", "fr", "plus_petit_collège", "plus_grand_collège", "60 %"),
    ("it.cooperative", "it", "capitale_versato", "capitale_sociale", "200"),
    ("es.cooperativas", "es", "consejeros_no_socios", "consejeros", "5"),
    ("es.euskadi", "es", "capital_desembolsado", "capital_social", "200"),
]


@pytest.mark.parametrize(("law", "language", "part", "whole", "more"), LAWS)
def test_what_a_law_says_is_true_of_any_cooperative_is_told(
    law: str, language: str, part: str, whole: str, more: str, policy: Path
) -> None:
    less = "2" if len(more) == 1 else more.replace("60", "50").replace("200", "100")
    heads = {
        "fr": "statuts « Chêne » régis par {}\ndevise EUR\nen vigueur depuis 2024-01-01\n",
        "es": "estatutos «Roble» regidos por {}\nmoneda EUR\nen vigor desde 2024-01-01\n",
        "it": 'statuto "Rovere" secondo {}\nvaluta EUR\nin vigore dal 2024-01-01\n',
    }
    (policy / f"statute.{language}.coop").write_text(heads[language].format(law))
    (policy / "2024").mkdir()
    for given, limit, wrong in ((more, less, True), (less, more, False), (more, more, False)):
        data = f'closing = 2024-12-31\n"{part}" = "{given}"\n"{whole}" = "{limit}"\n'
        (policy / "2024" / "cooperative.toml").write_text(data)
        assert ("R821" in told()) == wrong, data


def test_proofs_list_what_a_law_says_is_true_of_any_cooperative() -> None:
    il_filo = Path(__file__).parents[2] / "policies" / "il-filo"
    ended = CliRunner().invoke(cli, ["prove", str(il_filo), "--format", "json"])
    (found,) = json.loads(ended.stdout)["statutes"]
    (cap,) = (one for one in found["rules"] if one["rule"] == "it.cooperative.dividend_cap")
    said = [one for one in cap["assumptions"] if "capitale_sociale" in one["text"]]
    assert any(one["text"].startswith("capitale_versato") for one in said), cap
    assert {one["file"] for one in said if "versato" in one["text"]} == {"cooperative.it.coop"}


FEDERATED = "require kept: share_capital >= 10% of highest_share_capital\n"


def test_a_federation_tells_which_of_its_cooperatives_contradict_themselves(policy: Path) -> None:
    (policy / "in").mkdir()
    bound = "input bonus : money of person >= 0 EUR <= salary\n" + PAID.format("bonus")
    (policy / "in" / "statute.en.coop").write_text(HEAD + bound + SHARED + FEDERATED)
    head = "cooperative,closing,surplus,share_capital,highest_share_capital\n"
    rows = [f"c{one},2024-12-31,0,{one},5" for one in range(1, 9)]
    (policy / "in" / "cooperatives.csv").write_text(head + "\n".join(rows) + "\n")
    people = [f"c{one},p{one},100,{98 + one}" for one in range(1, 5)]
    head = "cooperative,id,salary,bonus\n"
    (policy / "in" / "people.csv").write_text(head + "\n".join(people) + "\n")
    ended = CliRunner().invoke(
        cli, ["federation", "run", "in", "--output", "out", "--tables", "csv"]
    )
    assert ended.exit_code in (0, 1), ended.output
    told = (policy / "out" / "diagnostics.csv").read_text().splitlines()
    found = {line.split(",")[0] for line in told if ",R821," in line}
    assert found == {"c3", "c4", "c6", "c7", "c8"}, told


def test_a_federation_tells_registers_that_are_not_the_capital(policy: Path) -> None:
    (policy / "in").mkdir()
    half = "require half: shares_held <= 50% of share_capital for each member\n"
    (policy / "in" / "statute.en.coop").write_text(HEAD + SHARED + half)
    capital = {"same": "100", "less": "90", "none": "", "unknown": "100", "alone": "100"}
    rows = [f"{name},2024-12-31,0,{one}" for name, one in capital.items()]
    head = "cooperative,closing,surplus,share_capital\n"
    (policy / "in" / "cooperatives.csv").write_text(head + "\n".join(rows) + "\n")
    shares = [f"{name},{who},yes,50" for name in ("same", "less", "none") for who in "ab"]
    shares += ["unknown,a,yes,50", "unknown,b,yes,"]
    head = "cooperative,id,member,shares_held\n"
    (policy / "in" / "people.csv").write_text(head + "\n".join(shares) + "\n")
    arguments = ["federation", "run", "in", "--output", "out", "--tables", "csv"]
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code in (0, 1), ended.output
    told = (policy / "out" / "diagnostics.csv").read_text().splitlines()
    (line,) = (one for one in told if ",R823," in one)
    assert line.startswith("less,") and "€100.00" in line and "€90.00" in line


def test_a_federation_of_folders_tells_openings_after_another_closing(policy: Path) -> None:
    for name, opening in (("kept", 30), ("changed", 31)):
        folder = policy / "in" / name
        folder.mkdir(parents=True)
        year(folder, SHARED, "surplus = 100\nbalances.kitty = 0", name="2023")
        year(folder, SHARED, f"surplus = 100\nbalances.kitty = {opening}", name="2024")
    arguments = ["federation", "run", "in", "--output", "out", "--tables", "csv"]
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code in (0, 1), ended.output
    told = (policy / "out" / "diagnostics.csv").read_text().splitlines()
    (line,) = (one for one in told if ",R820," in one)
    assert line.startswith("changed,") and "€31.00" in line and "€30.00" in line
