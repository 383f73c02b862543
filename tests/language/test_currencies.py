"""Amounts of money as people write them: which dollar a sign is, what parts thousands, on which side."""

from fractions import Fraction
from types import ModuleType

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from compiling import NOWHERE, tried
from coopfx.desk.versions import Statute
from coopfx.engine.proof.literals import figures_of
from coopfx.ground.exact import CURRENCY_SIGNS, decimals_of
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language import ast
from coopfx.language.from_tree import build
from coopfx.language.parse import parse
from coopfx.pipeline import format_source, translate_source
from coopfx.plugged.hookspecs import Law, hookimpl
from coopfx.plugged.world import Found, World, load_world

WORLD = load_world(Report())
LANGUAGES = ["en", "es", "fr", "it"]
CURRENCIES = ["EUR", "USD", "CAD", "MXN", "GBP", "CHF", "TND", "JPY"]
LAW = """law demo.{name} "A law"
currency {currency}
in force from 2000-01-01
article 1 "Ovens"
  require lit: turnover >= {amount}
"""


def text_with(amount: str, currency: str, language: str = "en") -> str:
    """A statute that names an amount once."""
    words = WORLD.words(language)
    statute, money, since, define = (
        words.keywords[terminal][0] for terminal in ("STATUTE", "CURRENCY_IS", "IN_FORCE", "DEFINE")
    )
    heading = f'{statute} "X"\n{money} {currency}\n{since} 2024-01-01\n'
    return f"{heading}{define} floor_of_ours = {amount}\n"


def read(text: str, language: str = "en") -> ast.Quantity | list[str]:
    """The amount that a statute names, or the codes of what is amiss."""
    report, source, words = Report(), Source("x", text, language), WORLD.words(language)
    document = build(parse(source, words, report), source, words, report)
    if report.diagnostics:
        return [one.code for one in report.diagnostics]
    (clause,) = (one for one in document.clauses if isinstance(one, ast.Define))
    assert isinstance(clause.value, ast.Quantity)
    return clause.value


def compiled(text: str, *laws: Law, language: str = "en") -> tuple[Statute | None, Report]:
    module = ModuleType("demo_pack")
    module.coopfx_laws = hookimpl(lambda: list(laws))  # type: ignore[attr-defined]
    extra = [(Found("demo", "demo", "coopfx-demo", "1"), module)] if laws else []
    report = Report()
    world: World = load_world(report, extra)
    assert not report.diagnostics
    return tried(text, world, language)


@pytest.mark.parametrize("currency", sorted({*CURRENCY_SIGNS["$"], *CURRENCY_SIGNS["£"]}))
def test_a_sign_is_the_statutes_own_currency_where_it_may_be(currency: str) -> None:
    sign = next(sign for sign, codes in CURRENCY_SIGNS.items() if currency in codes)
    for amount in (f"10 {sign}", f"{sign}10", f"{sign} 10", f"10 {currency}", f"{currency} 10"):
        found = read(text_with(amount, currency))
        assert isinstance(found, ast.Quantity) and found.unit == currency, amount


def test_a_sign_that_is_not_the_statutes_is_another_currency() -> None:
    found = read(text_with("10 $", "EUR"))
    assert isinstance(found, ast.Quantity) and found.unit == "USD"


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(LANGUAGES), st.sampled_from(CURRENCIES), st.integers(0, 10**12), st.booleans()
)
def test_an_amount_as_coopfx_shows_it_is_read_back(
    language: str, currency: str, cents: int, whole: bool
) -> None:
    value = Fraction(cents // 1000 * 1000 if whole else cents, 10 ** decimals_of(currency))
    shown = WORLD.words(language).money(value, currency)
    found = read(text_with(shown, currency, language), language)
    # Without decimals, a sign between three digits and three could be either: it is asked which.
    asked = decimals_of(currency) == 0 and value >= 1000 and any(sign in shown for sign in ",.")
    if asked and shown.count(",") + shown.count(".") == 1:
        assert found == ["S110"], shown
    else:
        assert isinstance(found, ast.Quantity) and (found.value, found.unit) == (value, currency)


@pytest.mark.parametrize(
    ("amount", "language"),
    [
        ("$75,000", "en"),
        ("75,000 USD", "en"),
        ("75.000 €", "fr"),
        ("75,000.00 €", "it"),
        ("75,000.00", "en"),
        ("max(75,100.00)", "en"),
        ("1,234,56 USD", "en"),
        ("max(75,100,200)", "en"),
        ("$75,000.00.5", "en"),
    ],
)
def test_what_has_two_readings_is_never_read_in_one(amount: str, language: str) -> None:
    found = read(text_with(amount, "USD" if language == "en" else "EUR", language), language)
    assert isinstance(found, list) and found, amount


@pytest.mark.parametrize("amount", ["$75,000.00", "75,000.00 $", "75 000 CAD", "CAD 75,000.00"])
def test_an_amount_keeps_its_worth_in_every_language_and_layout(amount: str) -> None:
    text = text_with(amount, "CAD")
    source = Source("x", text, "en")
    laid_out = format_source(source, WORLD, Report())
    assert laid_out is not None and f"= {amount}\n" in laid_out
    for language in LANGUAGES[1:]:
        other = translate_source(source, language, NOWHERE, WORLD, Report())
        assert other is not None
        found = read(other, language)
        assert isinstance(found, ast.Quantity), other
        assert (found.value, found.unit) == (Fraction(75000), "CAD"), other


def test_a_rate_may_begin_with_its_currency() -> None:
    found = read(text_with("$9.61 per hour", "CAD"))
    assert isinstance(found, ast.Quantity)
    assert (found.value, found.unit, found.per) == (Fraction("9.61"), "CAD", "hour")


@pytest.mark.parametrize("amount", ["75 000 CAD", "$75,000.00", "75,000.00 $", "75000 $"])
def test_the_prover_finds_an_amount_however_it_is_written(amount: str) -> None:
    text = text_with(amount, "CAD") + "require kept: reserves >= floor_of_ours\n"
    statute, report = compiled(text)
    assert statute is not None, [one.code for one in report.diagnostics]

    def again(changed: str) -> object:
        made, _ = compiled(changed)
        return None if made is None else made.program

    found = figures_of(statute.program, text, again)  # type: ignore[arg-type]
    assert [(one.value, one.is_money) for one in found.figures] == [(Fraction(75000), True)]
    (span,) = (one.span for one in found.figures)
    assert text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1] == amount


# ---- the currency of a law


def law(name: str, currency: str, amount: str) -> Law:
    text = LAW.format(name=name, currency=currency, amount=amount)
    return Law(f"demo.{name}", f"{name}.en.coop", "en", text)


@pytest.mark.parametrize("amount", ["1 000 EUR", "1 000 €", "0 EUR", "2 * (surplus + 1 EUR)"])
def test_another_currency_than_the_laws_amounts_is_one_error_on_the_statutes_line(
    amount: str,
) -> None:
    text = text_with("10 $", "CAD").replace('"X"', '"X" under demo.one, demo.two')
    statute, report = compiled(text, law("one", "EUR", amount), law("two", "EUR", amount))
    assert statute is None
    (told,) = report.diagnostics
    assert told.code == "L517" and told.span is not None
    assert (told.file, told.span.line) == ("statute.en.coop", 2)
    assert told.arguments["names"] == ("`demo.one`", "`demo.two`")


def test_a_law_without_amounts_holds_in_any_currency() -> None:
    text = text_with("10 $", "CAD").replace('"X"', '"X" under demo.one')
    statute, report = compiled(text, law("one", "EUR", "10% of surplus"))
    assert statute is not None, [one.code for one in report.diagnostics]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_law_in_any_currency_is_read_alone(currency: str) -> None:
    from coopfx.laws.book import open_law
    from coopfx.laws.examine import examine

    module = ModuleType("demo_pack")
    brought = law("one", currency, f"1 000 {currency}")
    module.coopfx_laws = hookimpl(lambda: [brought])  # type: ignore[attr-defined]
    report = Report()
    world = load_world(report, [(Found("demo", "demo", "coopfx-demo", "1"), module)])
    world = evolve(world, laws={"demo.one": world.laws["demo.one"]}, models={})
    examine(world, report)
    book = open_law("demo.one", world, report)
    assert not report.diagnostics
    assert book is not None and [rule.name for rule in book.rules] == ["demo.one.lit"]


def test_what_a_law_calls_its_accounts_is_shown() -> None:
    text = (
        'law demo.one "A law"\ncurrency CAD\nin force from 2000-01-01\narticle 1 "Surplus"\n'
        '  account work_share "patronage"\n'
    )
    brought = Law("demo.one", "one.en.coop", "en", text)
    own = text_with("10 $", "CAD").replace('"X"', '"X" under demo.one')
    statute, _ = compiled(own, brought)
    assert statute is not None and statute.words.label("work_share") == "patronage"
    named = own + 'account work_share "our share"\n'
    statute, report = compiled(named, brought)
    assert statute is None and report.diagnostics[0].code in ("N202", "L505")


def test_the_names_of_a_laws_parent_are_translated() -> None:
    text = (
        "statuts « X » régis par fr.scop\ndevise EUR\nen vigueur depuis 2024-01-01\n"
        "article 1 « A »\n  exiger b : voix_au_plus <= 1\n"
    )
    made = translate_source(Source("x", text, "fr"), "en", NOWHERE, WORLD, Report())
    assert made is not None and "highest_votes <= 1" in made


def test_the_words_of_a_language_know_no_currency_of_their_own() -> None:
    assert Words.read_number("75,000.00") == Words.read_number("75.000,00") == 75000
