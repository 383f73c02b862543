"""The order of the passes, from a text to an outcome, on one page.

Each pass takes its input and the report, and returns its output; none raises for a user's mistake.
A pass tells all the mistakes that it finds before the next one begins. What only a year needs is
imported when there is a year, so that a check starts quickly.
"""

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from coopfx.desk.packs import packs_of, provenance, tell_changed
from coopfx.desk.policy import (
    Policy,
    StatuteFile,
    read_source,
)
from coopfx.desk.texts import (
    labels_of,
    laws_of,
    read_document,
    read_laws,
    read_models,
    read_prelude,
    words_for,
)
from coopfx.desk.versions import Statute, first_of_each_version, tell_difference, tell_terms
from coopfx.desk.years import choose_year, read_files, statute_in_force, unread, years_before
from coopfx.ground.facts import Facts, with_digest
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Source
from coopfx.language import ast, ir
from coopfx.language.assemble import assemble
from coopfx.language.compose import (
    rest_of_models,
)
from coopfx.language.from_tree import build
from coopfx.language.scope import Text
from coopfx.plugged.world import World

if TYPE_CHECKING:
    from coopfx.desk.data import Watch
    from coopfx.engine.outcome import Explanation, Outcome, Results
    from coopfx.engine.reference.evaluation import Run


@frozen(slots=True)
class Year:
    """A policy's year: the statute in force at its closing, its facts, and how they evaluate."""

    statute: Statute
    facts: Facts
    evaluation: "Run"
    outcome: "Outcome"
    folder: Path


# ---- text to program


def compile_statute(
    file: StatuteFile, policy: Policy, world: World, report: Report
) -> Statute | None:
    """A statute file to its program; None, and told, where it has any mistake."""
    if file.language not in world.languages:
        known = tuple(sorted(world.languages))
        report.tell("P911", None, path=str(file.path), language=file.language, known=known)
        return None
    source = read_source(file, report)
    return None if source is None else compile_source(source, file, policy, world, report)


def compile_source(
    source: Source, file: StatuteFile, policy: Policy, world: World, report: Report
) -> Statute | None:
    """A statute's text to its program: parse, build, add the prelude and the laws, assemble."""
    document = read_document(source, world.words(source.language), report)
    if document is None:
        return None
    law = next((item for item in document.clauses if isinstance(item, ast.Law)), None)
    if law is not None:
        report.tell("L514", law.span)
        return None
    models = read_models(document, world, report)
    if models is None:
        return None
    names = [name for text in (document, *models.values()) for name in laws_of(text)]
    laws = read_laws(names, world, report)
    if laws is None:
        return None
    words = words_for(world, source.language, tuple(laws), policy)
    own = [
        Text(model, words_for(world, model.language, tuple(laws), policy), model=name)
        for name, model in reversed(rest_of_models(document, models, report).items())
    ]
    for text in (*own, Text(document, words)):
        if text.words.language == words.language:
            words = words.with_names({}, labels_of(text))
    texts = [read_prelude(world, report), *laws.values(), *own, Text(document, words)]
    program = assemble(texts, report)
    return None if program is None else Statute(file, source, document, program, words)


def check_policy(
    policy: Policy, world: World, report: Report, *, locked: bool = True
) -> list[Statute]:
    """Compile every version and language of a policy's statute, and hold the languages together.

    Where it is ``locked``, the packs that it stands under are held against those that it keeps.
    """
    found = []
    for files in policy.versions().values():
        same = [compile_statute(file, policy, world, report) for file in files]
        compiled = [statute for statute in same if statute is not None]
        found += compiled
        for other in compiled[1:]:
            tell_difference(compiled[0], other, report)
    tell_terms(list(first_of_each_version(found).values()), report)
    if locked and policy.packs:
        tell_changed(policy, packs_of((one.program for one in found), world), report)
    return found


# ---- text to text


def format_source(source: Source, world: World, report: Report) -> str | None:
    """A text, laid out; None, and told, where it has any mistake of syntax."""
    from coopfx.language.format import layout
    from coopfx.language.lines import read_lines

    read = read_lines(source, world.words(source.language), report)
    return None if read is None else layout(read[0], world.words(source.language))


def translate_source(
    source: Source, language: str, policy: Policy, world: World, report: Report
) -> str | None:
    """A text in another language; None, and told, where it cannot be read or said there."""
    from coopfx.language.lines import read_lines
    from coopfx.language.translate import translate
    from coopfx.language.tree import data as rule_of

    own = world.words(source.language)
    read = read_lines(source, own, report)
    if read is None:
        return None
    heading = [tree for tree in read[1] if rule_of(tree) in ("statute", "law", "based_on")]
    document = build(heading, source, own, report)
    models = read_models(document, world, Report()) or {}
    under = [name for text in (document, *models.values()) for name in laws_of(text)]
    declared = [clause.name for clause in document.clauses if isinstance(clause, ast.Law)]
    names = (*(read_laws(under, world, Report()) or [name.word for name in under]), *declared)
    words, target = (words_for(world, one, names, policy) for one in (source.language, language))
    return translate(source, read, words, target, world.words(language), report)


# ---- data to facts


def read_year(
    folder: Path,
    statute: Statute,
    world: World,
    policy: Policy,
    report: Report,
    watch: "Watch | None" = None,
) -> Facts | None:
    """A year's folder, or single file, to facts; None, and told, where any file has a mistake.

    ``watch`` may wrap the streams that are read, to show how far they have come.
    """
    from coopfx.desk.data import Files, unwatched

    with Files(folder, world, watch or unwatched, policy.settings) as files:
        facts = read_files(files, statute, policy, report)
    return None if facts is None else with_digest(facts, unread(statute.program))


# ---- facts to outcome


def evaluate_policy(
    policy: Policy,
    data: Path | None,
    world: World,
    report: Report,
    watch: "Watch | None" = None,
) -> Year | None:
    """A policy's year: choose it and the statute in force at its closing, read, evaluate, settle."""
    read = read_policy(policy, data, world, report, watch)
    return None if read is None else evaluate_year(*read, world, report)


def read_policy(
    policy: Policy,
    data: Path | None,
    world: World,
    report: Report,
    watch: "Watch | None" = None,
) -> tuple[Statute, Facts, Path] | None:
    """A policy's year before it is evaluated: the statute in force at its closing, and its facts."""
    from coopfx.desk.data import Files, unwatched

    folder = choose_year(policy, data, world, report)
    if folder is None:
        return None
    statutes = check_policy(policy, world, report)
    if report.failed:
        return None
    with Files(folder, world, watch or unwatched, policy.settings) as files:
        chosen = statute_in_force(statutes, files, policy, report)
        facts = None if chosen is None else read_files(files, chosen, policy, report)
    if chosen is None or facts is None:
        return None
    whole = _with_other_years(facts, chosen, statutes, folder, policy, world, report)
    if whole is None:
        return None
    return chosen, with_digest(whole, unread(chosen.program)), folder


def evaluate_year(
    statute: Statute, facts: Facts, folder: Path, world: World, report: Report
) -> Year:
    """Evaluate and settle a year; parameters that have no value on its closing date are told (L503)."""
    from coopfx.engine.reference.evaluate import evaluate as run_reference
    from coopfx.engine.reference.settle import settle

    for name in _asked_parameters(statute.program):
        if statute.program.parameters[name].on(facts.closing) is None:
            report.tell("L503", None, name=Word(name), date=facts.closing)
    run = run_reference(statute.program, facts)
    for diagnostic in run.diagnostics:
        report.add(diagnostic)
    return Year(statute, facts, run, settle(run, provenance(statute, facts, world)), folder)


def results(policy: Policy, year: Year, world: World, report: Report) -> "Results":
    """All that a writer may say of a year: its outcome with what was told of it, and what lies behind."""
    from coopfx.engine.outcome import Results

    @functools.cache
    def before() -> tuple["Outcome", ...]:
        return _outcomes_before(policy, year, world)

    def why(name: str, record: str = "") -> "Explanation | None":
        return explain(year, name, record)

    outcome = evolve(year.outcome, diagnostics=tuple(report.diagnostics))
    return Results(outcome, year.facts, why, before, year.folder, report)


def _outcomes_before(policy: Policy, year: Year, world: World) -> tuple["Outcome", ...]:
    """The outcomes of the policy's years that closed before one; those with mistakes are left out."""
    closing = year.facts.closing
    found = []
    for folder in years_before(year.folder, closing, policy, world):
        earlier = evaluate_policy(policy, folder, world, Report())
        if earlier is not None:
            found.append(earlier.outcome)
    return tuple(found)


def _asked_parameters(program: ir.Program) -> tuple[str, ...]:
    """The parameters that the statute declares, and those of the laws that its own clauses rest on."""
    asked = ir.cone(program.nodes, program.own_roots())
    rested = {node.name for index in asked if isinstance(node := program.nodes[index], ir.Param)}
    return tuple(
        name
        for name in program.parameters
        if name in rested or (name in program.origins and program.origins[name].law is None)
    )


def _with_other_years(
    facts: Facts,
    statute: Statute,
    statutes: list[Statute],
    folder: Path,
    policy: Policy,
    world: World,
    report: Report,
) -> Facts | None:
    """A year's facts with the figures of other years that its statute speaks of; None where one of them
    is told to be none that the statute can work with.

    The policy's earlier years are evaluated in their order, each with the years before it. What is
    wrong in one of them is for its own run to tell: here its figures are then missing.
    """
    from coopfx.desk.data import Files
    from coopfx.engine.reference.evaluate import evaluate as run_reference
    from coopfx.engine.reference.other_years import asked_of_others, with_other_years

    if not asked_of_others(statute.program):
        return facts
    evaluated: list[Run] = []
    for other in years_before(folder, facts.closing, policy, world):
        quiet = Report()
        with Files(other, world, settings=policy.settings) as files:
            chosen = statute_in_force(statutes, files, policy, quiet)
            own = None if chosen is None else read_files(files, chosen, policy, quiet)
        if chosen is None or own is None:
            report.tell("P941", None, path=str(other))
            continue
        whole = with_other_years(chosen.program, own, evaluated, quiet)
        evaluated.append(run_reference(chosen.program, whole))
    whole = with_other_years(statute.program, facts, evaluated, report)
    return None if report.failed else whole


def evaluate(statute: Statute, facts: Facts, world: World) -> "Outcome":
    """Evaluate a compiled statute on facts."""
    from coopfx.engine.reference.evaluate import evaluate as run_reference
    from coopfx.engine.reference.settle import settle

    return settle(run_reference(statute.program, facts), provenance(statute, facts, world))


def explain(year: Year, name: str, record: str = "") -> "Explanation | None":
    """Why a figure of a year is what it is; None where there is no such figure."""
    from coopfx.engine.explain.explanation import explain as explain_figure

    return explain_figure(year.evaluation, year.outcome, name, record)
