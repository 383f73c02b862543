"""What the tests of every law pack ask: its cases hold, each rule has both sides, nothing is unsaid.

A pack's cases are statutes in the statute language, so that a jurist can read them: each example
gives a small year, and expects the verdict of a rule.
"""

import tomllib
from fractions import Fraction
from pathlib import Path

from attrs import frozen

from coopfx import pipeline
from coopfx.engine.examples import run_example, run_examples
from coopfx.engine.outcome import SATISFIED, VIOLATED, Verdict
from coopfx.engine.settle import verdict
from coopfx.exact import NUMBER, Type, money
from coopfx.hookspecs import Law
from coopfx.language import ast, ir
from coopfx.pipeline import Statute
from coopfx.plugins import World
from coopfx.policy import Policy, StatuteFile
from coopfx.report import Report, Severity
from coopfx.source import Source

LANGUAGES = ("en", "es", "fr", "it")
CENT = Fraction(1, 100)

Declared = ast.Input | ast.Parameter | ast.Define | ast.Decide | ast.Scale | ast.Group | ast.Record


@frozen
class Case:
    """What a case expects of a rule, and the verdict that came."""

    file: str
    title: str
    verdict: Verdict


def compiled(path: Path, world: World) -> Statute:
    """A file of cases, which must hold."""
    language = path.name.split(".")[1]
    file = StatuteFile(path, "", language)
    report = Report()
    statute = pipeline.compile_statute(file, Policy(path, language, {}, (file,)), world, report)
    words = world.words(language)
    told = [f"{item.span and item.span.line}: {words.message(item)}" for item in report.in_order()]
    assert statute is not None and not told, f"{path.name}: {told}"
    run_examples(statute.program, report)
    failed = [
        f"{item.span and item.span.line}: {words.message(item)}" for item in report.in_order()
    ]
    assert not failed, f"{path.name}: {failed}"
    return statute


def cases(folder: Path, world: World) -> list[Case]:
    """The verdicts that the cases of a folder expect, as they come."""
    found = []
    for path in sorted(folder.glob("*.coop")):
        program = compiled(path, world).program
        rules = {rule.name: rule for rule in program.rules}
        for example in program.examples:
            run = run_example(program, example)
            found += [
                Case(path.name, example.title, verdict(run, rules[name]))
                for name, _, _ in example.verdicts
            ]
    return found


def under(law: str, world: World) -> ir.Program:
    """The program of a statute that says nothing of its own."""
    text = f'statute "Empty" under {law}\ncurrency EUR\nin force from 2024-12-31\n'
    file = StatuteFile(Path("statute.en.coop"), "", "en")
    report = Report()
    source = Source("statute.en.coop", text, "en")
    policy = Policy(Path(), "en", {}, (file,))
    statute = pipeline.compile_source(source, file, policy, world, report)
    assert statute is not None, [item.code for item in report.in_order()]
    return statute.program


def told(clauses: str, law: str, world: World) -> list[str]:
    """The codes of what is told of a statute of these clauses, under a law; remarks are left out."""
    text = (
        f'statute "Form" under {law}\ncurrency EUR\nin force from 2024-12-31\narticle 1\n{clauses}'
    )
    file = StatuteFile(Path("statute.en.coop"), "", "en")
    report = Report()
    source = Source("statute.en.coop", text, "en")
    pipeline.compile_source(source, file, Policy(Path(), "en", {}, (file,)), world, report)
    return [item.code for item in report.in_order() if item.severity is not Severity.NOTE]


def rules_of(law: str, world: World) -> list[ir.Rule]:
    """The rules that a law sets itself."""
    return [rule for rule in under(law, world).rules if rule.origin.law == law]


def without_both_sides(law: str, world: World, found: list[Case]) -> list[str]:
    """The rules of a law that no case satisfies, or that none violates."""
    shown = {(case.verdict.rule, case.verdict.status) for case in found}
    return [
        f"{rule.name}: no case has it {status}"
        for rule in rules_of(law, world)
        for status in (SATISFIED, VIOLATED)
        if (rule.name, status) not in shown
    ]


def beside_the_edge(law: str, world: World, found: list[Case]) -> list[str]:
    """The rules of a law that compare figures, and whose cases stand further from the edge than need be."""
    wrong = []
    for rule in rules_of(law, world):
        if not rule.comparisons:
            continue
        for status in (SATISFIED, VIOLATED):
            margins = [
                abs(case.verdict.margin)
                for case in found
                if case.verdict.rule == rule.name
                and case.verdict.status == status
                and isinstance(case.verdict.margin, Fraction)
            ]
            type_ = next(
                (case.verdict.type for case in found if case.verdict.rule == rule.name), None
            )
            if margins and min(margins) > step(type_ or NUMBER):
                wrong.append(f"{rule.name}, {status}: nearest case {min(margins)} from the edge")
    return wrong


def step(type_: Type) -> Fraction:
    """How near to the edge a case must stand: a cent of money, one of anything else."""
    return CENT if type_.unit == money("EUR") else Fraction(1)


def document_of(law: Law, world: World) -> ast.Document:
    """A law's text, read."""
    report = Report()
    source = Source(law.file, law.text, law.language)
    document = pipeline.read_document(source, world.words(law.language), report)
    assert document is not None, [item.code for item in report.in_order()]
    return document


def without_source(law: Law, world: World) -> list[str]:
    """The articles of a law without a reference."""
    return [
        f"article {clause.number}"
        for clause in document_of(law, world).clauses
        if isinstance(clause, ast.Article) and clause.reference is None
    ]


def wanting_words(law: Law, world: World) -> list[str]:
    """What a law does not say in one of the languages: names, titles of rules and articles, messages."""
    wanting = []
    own = tomllib.loads(law.words[law.language]).get("names", {})
    written = {form: key for key, forms in own.items() for form in _forms(forms)}
    document = document_of(law, world)
    names = [
        (written.get(clause.name.word, clause.name.word), isinstance(clause, ast.Require))
        for clause in document.clauses
        if isinstance(clause, Declared | ast.Require) and clause.name is not None
    ]
    articles = [clause.number for clause in document.clauses if isinstance(clause, ast.Article)]
    for language in LANGUAGES:
        table = tomllib.loads(law.words.get(language, ""))
        for name, is_rule in names:
            if language != "en" and name not in table.get("names", {}):
                wanting.append(f"{language}: [names] {name}")
            if is_rule and name not in table.get("rules", {}):
                wanting.append(f"{language}: [rules] {name}")
            if is_rule and language != law.language and name not in table.get("messages", {}):
                wanting.append(f"{language}: [messages] {name}")
        wanting += [
            f"{language}: [articles] {number}"
            for number in articles
            if number not in table.get("articles", {})
        ]
    return wanting


def idle_words(law: Law, world: World) -> list[str]:
    """What a law's word files say of names and articles that its text does not have."""
    own = tomllib.loads(law.words[law.language]).get("names", {})
    written = {form: key for key, forms in own.items() for form in _forms(forms)}
    clauses = document_of(law, world).clauses
    named = {
        written.get(clause.name.word, clause.name.word)
        for clause in clauses
        if isinstance(clause, Declared | ast.Require | ast.Account) and clause.name is not None
    }
    articles = {clause.number for clause in clauses if isinstance(clause, ast.Article)}
    idle = []
    for language, text in law.words.items():
        table = tomllib.loads(text)
        for part in ("names", "labels", "rules", "messages"):
            idle += [
                f"{language}: [{part}] {name}" for name in table.get(part, {}) if name not in named
            ]
        idle += [
            f"{language}: [articles] {key}"
            for key in table.get("articles", {})
            if key not in articles
        ]
    return idle


def _forms(forms: str | list[str]) -> list[str]:
    return [forms] if isinstance(forms, str) else forms
