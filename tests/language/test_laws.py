"""Laws above a statute: laws above laws, the days on which a rule holds, what rests on a doubt."""

from datetime import date
from fractions import Fraction
from types import ModuleType

import pytest

from compiling import tried
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED, VIOLATED, Outcome
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.pipeline import evaluate
from coopfx.plugged.hookspecs import Law, hookimpl
from coopfx.plugged.world import Found, World, load_world

GENERAL = """law general "Every cooperative"
currency EUR
in force from 2000-01-01

article 1 "Turnover"
  input asked : yes/no "asked in the year"
  require some: turnover > 0 EUR when asked
"""

SPECIAL = """law special "Some cooperatives" under general
currency EUR
in force from 2000-01-01

article 1 "Reserve"
  in force from 2025-07-01 until 2030-12-31
  require floor: turnover >= 100 EUR when asked

article 2 "Always"
  require always: turnover >= 10 EUR

article 3 "Wage"
  parameter least_pay : money
    from 2000-01-01: 1 EUR ref "Decree" to confirm
    from 2026-01-01: 2 EUR ref "Decree"
  require paid: turnover >= least_pay

article 4 "Base"
  ref "Act, art. 4" to confirm
  define base = 50% of turnover

article 5 "On the base"
  ref "Act, art. 5"
  require on_base: base > 0 EUR
"""

STATUTE = """statute "Oak" under special
currency EUR
in force from 2024-01-01

article 1 "Own"
  require own: turnover >= 2 * least_pay
"""


def world(*laws: str) -> World:
    module = ModuleType("laws")

    @hookimpl
    def coopfx_laws() -> list[Law]:
        return [Law(text.split()[1], f"{text.split()[1]}.coop", "en", text) for text in laws]

    module.coopfx_laws = coopfx_laws  # type: ignore[attr-defined]
    report = Report()
    made = load_world(report, [(Found("laws", "laws", "laws", "1"), module)])
    assert not report.diagnostics
    return made


def compiled(text: str, *laws: str) -> tuple[Statute | None, Report]:
    return tried(text, world(*laws))


def codes(report: Report) -> list[str]:
    return [item.code for item in report.in_order()]


def outcome(closing: date, turnover: int) -> Outcome:
    statute, report = compiled(STATUTE, SPECIAL, GENERAL)
    assert statute is not None, codes(report)
    figures: dict[str, Known] = {"turnover": Fraction(turnover), "asked": True}
    return evaluate(statute, Facts(closing, figures), world(SPECIAL, GENERAL))


def statuses(closing: date, turnover: int) -> dict[str, str]:
    return {item.rule: item.status for item in outcome(closing, turnover).verdicts}


def test_a_law_stands_under_another_one() -> None:
    statute, report = compiled(STATUTE, SPECIAL, GENERAL)
    assert statute is not None, codes(report)
    assert statute.program.laws == ("special", "general")
    assert statuses(date(2024, 12, 31), 50)["general.some"] == SATISFIED


def test_a_law_above_that_is_not_installed_is_told() -> None:
    statute, report = compiled(STATUTE, SPECIAL)
    assert statute is None
    assert codes(report) == ["N207"]


def test_two_laws_under_each_other_are_each_read_once() -> None:
    circular = GENERAL.replace('cooperative"', 'cooperative" under special')
    statute, report = compiled(STATUTE, SPECIAL, circular)
    assert statute is not None, codes(report)


@pytest.mark.parametrize(
    ("closing", "status"),
    [
        (date(2025, 6, 30), NOT_APPLICABLE),
        (date(2025, 7, 1), VIOLATED),
        (date(2030, 12, 31), VIOLATED),
        (date(2031, 1, 1), NOT_APPLICABLE),
    ],
)
def test_an_article_holds_on_the_days_between_its_dates(closing: date, status: str) -> None:
    found = statuses(closing, 50)
    assert found["special.floor"] == status
    assert found["special.always"] == SATISFIED


def test_a_law_that_begins_after_the_statute_holds_from_then_on() -> None:
    later = GENERAL.replace("2000-01-01", "2026-01-01")
    text = STATUTE.replace("special", "general").replace("least_pay", "1 EUR")
    statute, report = compiled(text, later)
    assert statute is not None, codes(report)
    figures: dict[str, Known] = {"turnover": Fraction(0), "asked": True}
    for closing, status in ((date(2025, 12, 31), NOT_APPLICABLE), (date(2026, 1, 1), VIOLATED)):
        found = evaluate(statute, Facts(closing, figures), world(later))
        assert found.verdicts[0].status == status


def test_a_form_of_an_article_that_had_ended_is_not_held_against_a_later_statute() -> None:
    form = """law old "Old form" under general
currency EUR
in force from 2000-01-01

article 1 "Form"
  in force from 2000-01-01 until 2019-12-31
  permit share work_share among workers by hours
"""
    text = STATUTE.replace("special", "old").replace("2 * least_pay", "0 EUR")
    shared = f"{text}  share opening work_share among workers by salary\n"
    assert codes(compiled(shared, form, GENERAL)[1]) == []
    standing = form.replace("2019-12-31", "2024-01-01")
    assert codes(compiled(shared, standing, GENERAL)[1]) == ["L501"]


@pytest.mark.parametrize(
    ("closing", "doubtful"),
    [
        (date(2025, 12, 31), {"special.paid", "own", "special.on_base"}),
        (date(2026, 1, 1), {"special.on_base"}),
    ],
)
def test_a_verdict_says_what_it_rests_on_is_to_confirm(closing: date, doubtful: set[str]) -> None:
    found = outcome(closing, 50)
    assert {item.rule for item in found.verdicts if item.to_confirm} == doubtful


def test_a_proof_says_what_it_rests_on_is_to_confirm_on_any_day() -> None:
    statute, _ = compiled(STATUTE, SPECIAL, GENERAL)
    assert statute is not None
    doubtful = {item.rule for item in prove(statute.program) if item.to_confirm}
    assert doubtful == {"special.paid", "own", "special.on_base"}


VOLUME = """law volume "What each has worked"
currency EUR
in force from 2000-01-01

article 1 "Sharing"
  {declared}permit share work_share among workers by work_done
"""
SHARED = """statute "Oak" under volume
currency EUR
in force from 2024-01-01

article 1 "Surplus"
  allocate surplus
    rest to work_share
    losses to losses_brought_forward

article 2 "Work"
  define work_done = {meaning}
  define as_well = work_done for each person
  share work_share among workers by {key}
"""


@pytest.mark.parametrize("declared", ["", "default define work_done = hours for each person\n  "])
@pytest.mark.parametrize("meaning", ["salary for each person", "hours + 1 hour for each person"])
@pytest.mark.parametrize(("key", "told"), [("work_done", 0), ("as_well", 0), ("salary", 1)])
def test_a_name_that_a_law_permits_is_what_the_statute_says_it_is(
    declared: str, meaning: str, key: str, told: int
) -> None:
    text = SHARED.format(meaning=meaning, key=key)
    _, report = compiled(text, VOLUME.format(declared=declared))
    assert codes(report).count("L501") == told, codes(report)
    assert told or not report.failed, codes(report)


FORM = """law demo "Demo"
currency EUR
in force from 2000-01-01

article 1 "Work share"
  permit share work_share among workers by hours
"""
CALLED = {
    "en": """statute "S" under demo
currency EUR
in force from 2024-01-01
allocate surplus
  rest to |patronage_refund|work_share""",
    "fr": """statuts « S » régis par demo
devise EUR
en vigueur depuis 2024-01-01
répartir excédent
  reste à |ristourne|part_travail""",
    "es": """estatutos «S» regidos por demo
moneda EUR
en vigor desde 2024-01-01
distribuir excedente
  resto a |retorno|parte_del_trabajo""",
    "it": """statuto «S» retto da demo
valuta EUR
in vigore dal 2024-01-01
destinare avanzo
  resto a |ristorno|quota_lavoro""",
}


@pytest.mark.parametrize("language", CALLED)
def test_an_account_called_as_laws_call_a_forms_account_is_told_where_that_moves_nothing(
    language: str,
) -> None:
    head, called, account = CALLED[language].split("|")

    def told(name: str) -> list[str]:
        text = f"{head}{name}\n"
        statute, report = tried(text, world(FORM), language)
        assert statute is not None, codes(report)
        return [code for code in codes(report) if code == "L525"]

    assert (told(called), told(account), told("zzzz")) == (["L525"], [], [])


def test_no_proof_says_that_a_form_holds_of_an_account_that_nothing_moves() -> None:
    head, called, account = CALLED["en"].split("|")

    def forms(name: str) -> list[str]:
        statute, _ = tried(f"{head}{name}\n", world(FORM))
        assert statute is not None
        return [one.rule for one in prove_clauses(statute.program, []) if one.kind == "form"]

    assert (forms(called), forms(account)) == ([], ["work_share"])
