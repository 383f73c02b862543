"""The entries of an allocation balance, and carry what the books open with to what they close with."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from click.testing import CliRunner, Result

from coopfx import pipeline
from coopfx.apps.cli.main import cli
from coopfx.desk.policy import open_policy
from coopfx.engine.outcome import Outcome
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import World, load_world
from coopfx_fec.entries import CannotBookError, Entry, entries
from coopfx_fec.mapping import default_mapping
from coopfx_fec.written import as_csv, as_fec

REPOSITORY = Path(__file__).parent.parent.parent.parent
POLICIES = REPOSITORY / "policies"
POTS = ("work_share", "share_interest")
LOSSES = "losses_brought_forward"
YEARS = 25


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Report())


@pytest.fixture(scope="module")
def year_of(world: World) -> Callable[[str], pipeline.Year]:
    def one(name: str) -> pipeline.Year:
        report = Report()
        policy = open_policy(POLICIES / name, report)
        assert policy is not None
        year = pipeline.evaluate_policy(policy, None, world, report)
        assert year is not None, report.diagnostics
        return year

    return one


def booking(name: str) -> dict[str, str]:
    own = {"cushion": "1068"} if name == "quartet" else {}
    return default_mapping().booking | own


def drawn(facts: Facts, random: Random, losses: bool) -> Facts:
    """A year with another result and other balances; a gain covers prior losses before it is shared."""
    balances = {name: Fraction(random.randrange(10**8), 100) for name in facts.balances}
    balances |= dict.fromkeys((name for name in POTS if name in balances), Fraction(0))
    prior = (
        Fraction(random.randrange(10**7), 100) if random.random() < 0.5 and losses else Fraction(0)
    )
    balances[LOSSES] = -prior
    result = Fraction(random.randrange(-(10**7), 10**8), 100)
    figures: dict[str, Known] = {**facts.figures, "surplus": result}
    if "accounting_result" in figures:
        carried = Fraction(random.randrange(10**5), 100) if random.random() < 0.3 else Fraction(0)
        total = result + carried
        figures |= {
            "accounting_result": result,
            "profit_brought_forward": carried,
            "work_share_expensed": Fraction(0),
            "profit_sharing_agreement": False,
            "surplus": max(Fraction(0), total - prior) if total > 0 else total,
        }
    return evolve(facts, figures=figures, balances=balances)


def value(outcome: Outcome, name: str) -> Fraction:
    found = next((item.value for item in outcome.values if item.name == name), Fraction(0))
    return found if isinstance(found, Fraction) else Fraction(0)


def moved(made: tuple[Entry, ...]) -> Counter[str]:
    """What each account gained, in cents; a credit is positive. Every entry balances."""
    total: Counter[str] = Counter()
    for entry in made:
        assert sum(one.debit for one in entry.postings) == sum(one.credit for one in entry.postings)
        for one in entry.postings:
            assert min(one.debit, one.credit) == 0 and max(one.debit, one.credit) > 0
            total[one.account] += one.credit - one.debit
    return total


def expected(outcome: Outcome, numbers: dict[str, str]) -> Counter[str]:
    """What each account gains by the outcome: its closing balance less what it opened with."""
    total: Counter[str] = Counter()
    for account in outcome.accounts:
        if account.management or account.record is not None or account.name == "reserves":
            continue
        if account.name in POTS:
            assert isinstance(account.added, Fraction)
            excess = [
                share.excess
                for share in outcome.shares
                if share.source == account.name and share.excess_account is not None
            ]
            gained = account.added - sum(one for one in excess if isinstance(one, Fraction))
        else:
            assert isinstance(account.added, Fraction) and isinstance(account.taken, Fraction)
            gained = account.added - account.taken
            if isinstance(account.opening, Fraction):
                assert gained == account.closing - account.opening  # type: ignore[operator]
        name = account.name
        while name not in numbers:
            name = name.rpartition(".")[0]
        total[numbers[name]] += int(gained * 100)
    return total


def checked(outcome: Outcome, numbers: dict[str, str], words: Words) -> tuple[Entry, ...]:
    made = entries(outcome, numbers, words)
    total, wanted = moved(made), expected(outcome, numbers)
    expensed = int(value(outcome, "work_share_expensed") * 100)
    surplus = int(value(outcome, "surplus") * 100)
    known = any(item.name == "accounting_result" for item in outcome.values)
    result = int(value(outcome, "accounting_result") * 100) if known else surplus
    # The result is emptied to the cent.
    assert total["120"] + total["129"] == -result
    # Prior losses that the result covers before it is shared, and profit that is shared with it.
    carried = -total["110"]
    wanted["119"] += result + expensed - surplus + carried
    wanted["4246"] += expensed
    wanted["4284"] -= expensed
    wanted["4286"] -= expensed
    for number in {*total, *wanted} - {"120", "129", "110"}:
        assert total[number] == wanted[number], number
    return made


@pytest.mark.parametrize("name", ["alma", "la-halle", "le-rabot", "quartet"])
def test_every_year_of_a_french_policy_is_booked(
    name: str, year_of: Callable[[str], pipeline.Year], world: World
) -> None:
    year = year_of(name)
    random = Random(f"entries {name}")
    seen: Counter[str] = Counter()
    for _ in range(YEARS):
        facts = drawn(year.facts, random, losses="accounting_result" in year.facts.figures)
        outcome = pipeline.evaluate(year.statute, facts, world)
        made = checked(outcome, booking(name), year.statute.words)
        opened = facts.balances[LOSSES]
        seen["loss"] += value(outcome, "surplus") < 0
        seen["covered"] += opened < 0 and value(outcome, "surplus") > 0
        seen["several"] += len(made) > 1
    assert seen["loss"] and seen["loss"] < YEARS
    if "accounting_result" in year.facts.figures:
        assert seen["covered"]


def test_a_statute_that_covers_losses_itself_is_booked(
    year_of: Callable[[str], pipeline.Year], world: World
) -> None:
    year = year_of("quartet")
    balances = {**year.facts.balances, LOSSES: Fraction(-500)}
    figures: dict[str, Known] = {**year.facts.figures, "surplus": Fraction(30_000)}
    outcome = pipeline.evaluate(
        year.statute, evolve(year.facts, figures=figures, balances=balances), world
    )
    assert moved(checked(outcome, booking("quartet"), year.statute.words))["119"] == 500_00


def with_agreement(year: pipeline.Year, world: World, *, booked: bool) -> Outcome:
    surplus = value(year.outcome, "surplus")
    shared = next(one.added for one in year.outcome.accounts if one.name == "work_share")
    assert isinstance(shared, Fraction)
    figures: dict[str, Known] = {
        **year.facts.figures,
        "profit_sharing_agreement": True,
        "work_share_expensed": shared if booked else Fraction(0),
        "accounting_result": surplus - shared if booked else surplus,
    }
    return pipeline.evaluate(year.statute, evolve(year.facts, figures=figures), world)


@pytest.mark.parametrize("name", ["alma", "le-rabot"])
def test_a_work_share_that_is_a_cost_is_allotted(
    name: str, year_of: Callable[[str], pipeline.Year], world: World
) -> None:
    year = year_of(name)
    made = checked(with_agreement(year, world, booked=True), booking(name), year.statute.words)
    assert [entry.title for entry in made] == ["allocation", "allotment"]


@pytest.mark.parametrize("name", ["alma", "le-rabot"])
def test_a_work_share_that_is_to_become_a_cost_is_one_before_closing(
    name: str, year_of: Callable[[str], pipeline.Year], world: World
) -> None:
    year = year_of(name)
    outcome = with_agreement(year, world, booked=False)
    made = entries(outcome, booking(name), year.statute.words)
    assert [entry.title for entry in made] == ["accrual", "allocation", "allotment"]
    assert made[0].day == outcome.closing < made[1].day
    total = moved(made)
    shared = int(next(one.added for one in outcome.accounts if one.name == "work_share") * 100)  # type: ignore[operator]
    assert total["691"] == -shared and total["4284"] == 0 and total["4246"] == shared
    assert total["120"] == -(int(value(outcome, "surplus") * 100) - shared)


def test_what_people_turn_into_shares_is_booked_where_it_has_an_account(
    year_of: Callable[[str], pipeline.Year],
) -> None:
    year = year_of("le-rabot")
    numbers = booking("le-rabot") | {"new_shares": "4563"}
    total = moved(entries(year.outcome, numbers, year.statute.words))
    new = next(one for one in year.outcome.accounts if one.name == "new_shares")
    assert isinstance(new.added, Fraction) and total["4563"] == int(new.added * 100) > 0
    plain = moved(entries(year.outcome, booking("le-rabot"), year.statute.words))
    assert total["4286"] + total["4563"] == plain["4286"]


def test_figures_that_do_not_agree_are_not_booked(
    year_of: Callable[[str], pipeline.Year], world: World
) -> None:
    year = year_of("le-rabot")
    figures: dict[str, Known] = {**year.facts.figures, "accounting_result": Fraction(1)}
    outcome = pipeline.evaluate(year.statute, evolve(year.facts, figures=figures), world)
    with pytest.raises(CannotBookError) as caught:
        entries(outcome, booking("le-rabot"), year.statute.words)
    assert caught.value.code == "fec.E22"


def test_an_unknown_amount_is_not_booked(
    year_of: Callable[[str], pipeline.Year], world: World
) -> None:
    year = year_of("quartet")
    figures = {name: one for name, one in year.facts.figures.items() if name != "surplus"}
    outcome = pipeline.evaluate(year.statute, evolve(year.facts, figures=figures), world)
    with pytest.raises(CannotBookError) as caught:
        entries(outcome, booking("quartet"), year.statute.words)
    assert caught.value.code == "fec.E20"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments], prog_name="coopfx")


def test_the_command_writes_them_as_csv(tmp_path: Path) -> None:
    target = tmp_path / "entries.csv"
    ran = run("run", POLICIES / "alma", "--format", "entries", "--output", target, "--lang", "fr")
    assert ran.exit_code == 0, ran.output
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";"))
    debit, credit = (
        sum(Fraction(row[side].replace(",", ".")) for row in rows) for side in ("débit", "crédit")
    )
    assert debit == credit == Fraction("7506914.95")
    numbers = {"120", "1061", "1063", "4286", "457", "4284", "4246"}
    assert {row["compte"] for row in rows} == numbers


def test_the_lines_of_a_fec_are_read_back_by_the_reader(found: Callable[..., object]) -> None:
    ran = run("run", POLICIES / "le-rabot", "--format", "fec-entries", "--lang", "fr")
    assert ran.exit_code == 0, ran.output
    content = ran.stdout_bytes.decode()
    assert "\r\n" in content
    read = found(content, "000000014FEC20251231.txt")
    assert read.codes == ["W03", "W04", "W05", "W06"]  # type: ignore[attr-defined]
    assert read.figures["reserves.legal"] == "8709.34"  # type: ignore[attr-defined]


def test_an_account_without_a_number_is_named(tmp_path: Path) -> None:
    ran = run("run", POLICIES / "quartet", "--format", "entries", "--output", tmp_path / "e.csv")
    assert ran.exit_code == 1 and "fec.E21" in ran.output and "cushion" in ran.output
    assert not (tmp_path / "e.csv").exists()


def test_a_label_that_would_be_a_formula_stays_text(
    year_of: Callable[[str], pipeline.Year],
) -> None:
    year = year_of("quartet")
    labels = {**year.statute.words.labels, "cushion": '=HYPERLINK("x")\tand\nmore'}
    words = evolve(year.statute.words, labels=labels)
    made = entries(year.outcome, booking("quartet"), words)
    for written in (as_csv(made, "@OD", words).decode(), as_fec(made, "@OD", words)):
        assert "'=HYPERLINK" in written and "'@OD" in written
        assert ",=" not in written and "\t=" not in written and "\tand" not in written


AGREEMENTS = {
    "": False,
    "profit_sharing_agreement = true\n": False,
    "work_share_expensed = 0\n": False,
    "profit_sharing_agreement = false\n": True,
    "profit_sharing_agreement = true\nwork_share_expensed = 0\n": True,
}


@pytest.mark.parametrize("given", AGREEMENTS)
def test_an_agreement_that_is_not_known_books_nothing(given: str, tmp_path: Path) -> None:
    (tmp_path / "statute.en.coop").write_text(
        'statute "Oven" under fr.scop\ncurrency EUR\nin force from 2020-01-01\n'
        "allocate surplus\n  16% to reserves.legal\n  40% to work_share\n"
        "  rest to reserves.development\n  losses to losses_brought_forward\n"
        "share work_share among workers equally\n"
    )
    year = tmp_path / "2024"
    year.mkdir()
    (year / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 10000\n" + given)
    (year / "people.csv").write_text("id,worker\nana,yes\nben,yes\n")
    ran = run("run", tmp_path, "--format", "entries")
    assert ("fec.E24" in ran.output) is not AGREEMENTS[given], ran.output
    assert ("entry,date" in ran.stdout) is AGREEMENTS[given]


# ---- what people receive of own funds, and charges

FUNDS = """statute "Fonds"
currency EUR
in force from 2024-01-01
article 1
  account funds
  allocate surplus
    rest to reserves.development
    losses to losses_brought_forward
  share opening funds among members
    equally
  share 10 EUR from charges among members
    equally
"""


def of_funds(folder: Path, booking: str) -> Result:
    year = folder / "2024"
    year.mkdir(exist_ok=True)
    (folder / "statute.en.coop").write_text(FUNDS)
    (year / "people.csv").write_text("id,member\nana,yes\nben,yes\n")
    (year / "cooperative.toml").write_text(
        'closing = 2024-12-31\nsurplus = "100.00"\n[balances]\nfunds = "50.00"\n'
        'losses_brought_forward = "0.00"\n'
    )
    (folder / "accounts.toml").write_text(f"[booking]\n{booking}\n")
    return CliRunner().invoke(cli, ["run", str(folder), "--format", "entries"])


def test_what_people_receive_of_own_funds_and_of_charges_is_booked(tmp_path: Path) -> None:
    result = of_funds(tmp_path, 'funds = "1068"\npaid_out = "467"\ncharges = "6618"')
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    moved = {row["account"]: Fraction(row["credit"]) - Fraction(row["debit"]) for row in rows}
    assert moved == {"120": -100, "1063": 100, "1068": -50, "467": 60, "6618": -10}


def test_what_has_no_account_is_asked_for_and_not_left_out(tmp_path: Path) -> None:
    result = of_funds(tmp_path, 'funds = "1068"')
    assert result.exit_code == 1 and not result.stdout
    assert "fec.E21" in result.stderr
    assert "charges" in result.stderr and "paid_out" in result.stderr
