"""The order of the passes, from a text to an outcome, on one page.

Each pass takes its input and the report, and returns its output; none raises for a user's mistake.
A pass tells all the mistakes that it finds before the next one begins. What only a year needs is
imported when there is a year, so that a check starts quickly.
"""

import functools
import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from coopfx import cache
from coopfx.facts import Facts, Field, Schema, Sheet, with_digest
from coopfx.formats.cells import file_of as file_of
from coopfx.language import ast, ir
from coopfx.language.assemble import assemble
from coopfx.language.compose import (
    model_of,
    rest_of_laws,
    rest_of_models,
)
from coopfx.language.from_tree import build
from coopfx.language.parse import parse
from coopfx.language.scope import PRELUDE, Text, header
from coopfx.law_words import amiss, speaking_of, tell_amiss
from coopfx.packs import packs_of, sha256, tell_changed
from coopfx.plugins import Provided, World
from coopfx.policy import (
    STANDARD_INPUT,
    YEAR,
    Policy,
    StatuteFile,
    Term,
    find_year,
    in_force_on,
    read_source,
)
from coopfx.report import Report, Said, Severity, Word
from coopfx.source import Source, Span
from coopfx.words import Words, grammar_folder, nearest

if TYPE_CHECKING:
    from coopfx.data import Files, Read, Watch
    from coopfx.engine.outcome import Explanation, Outcome, Provenance, Results
    from coopfx.engine.run import Run
    from coopfx.formats.mapping import Mapped


@frozen(slots=True)
class Statute:
    """A statute file, compiled, with the words to speak of it in its own language."""

    file: StatuteFile
    source: Source
    document: ast.Document
    program: ir.Program
    words: Words

    @property
    def in_force(self) -> ast.InForce:
        """The line that says from which day, and until which, the text holds."""
        return next(item for item in self.document.clauses if isinstance(item, ast.InForce))

    @property
    def term(self) -> Term:
        """The days between which the text says that it holds."""
        return Term(self.in_force.start, self.in_force.end)


@frozen(slots=True)
class Year:
    """A policy's year: the statute in force at its closing, its facts, and how they evaluate."""

    statute: Statute
    facts: Facts
    evaluation: "Run"
    outcome: "Outcome"
    folder: Path


# ---- text to program


def read_document(source: Source, words: Words, report: Report) -> ast.Document | None:
    """Text to AST; None, and told, where the text has any mistake of syntax."""
    before = report.errors()
    document = build(parse(source, words, report), source, words, report)
    return document if report.errors() == before else None


def _kept_document(source: Source, words: Words, names: str, report: Report) -> ast.Document | None:
    """The AST of a text that rarely changes, from the cache where the same code has left it."""
    report.read(source)
    room = Path(build.__code__.co_filename).parent
    code = [(room / name).read_bytes() for name in ("ast.py", "from_tree.py")]
    code.append((grammar_folder() / "statute.lark").read_bytes())
    key = cache.digest("document", source.file, source.text, repr(words.keywords), names, *code)
    data = cache.remember("document", key, lambda: read_document(source, words, report))
    return data


def words_for(world: World, language: str, laws: tuple[str, ...], policy: Policy) -> Words:
    """A language with the names of the laws and of the policy: to read a statute, and to speak of it."""
    return words_of_laws(world, language, laws).with_names(policy.words(language))


def words_of_laws(world: World, language: str, laws: Iterable[str]) -> Words:
    """A language with the names and the sentences of laws; one that is not installed has none."""
    words = world.words(language)
    for law in laws:
        if law in world.laws:
            words = speaking_of(words, world.laws[law].law)
    return words


def _laws_of(document: ast.Document) -> tuple[ast.Name, ...]:
    """The laws that a statute, or a law, stands under."""
    under = (item.laws for item in document.clauses if isinstance(item, ast.Statute | ast.Law))
    return next(under, ())


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
    models = _models(document, world, report)
    if models is None:
        return None
    names = [name for text in (document, *models.values()) for name in _laws_of(text)]
    laws = _laws(names, world, report)
    if laws is None:
        return None
    words = words_for(world, source.language, tuple(laws), policy)
    own = [
        Text(model, words_for(world, model.language, tuple(laws), policy), model=name)
        for name, model in reversed(rest_of_models(document, models, report).items())
    ]
    for text in (*own, Text(document, words)):
        if text.words.language == words.language:
            words = words.with_names({}, _labels(text))
    texts = [_prelude(world, report), *laws.values(), *own, Text(document, words)]
    program = assemble(texts, report)
    return None if program is None else Statute(file, source, document, program, words)


def _labels(text: Text) -> dict[str, str]:
    """What a text calls the accounts that it declares."""
    return {
        text.words.canonical(clause.name.word): clause.label
        for clause in text.document.clauses
        if isinstance(clause, ast.Account) and clause.label
    }


def _models(document: ast.Document, world: World, report: Report) -> dict[str, ast.Document] | None:
    """The models that a statute starts from, by name, the nearest first.

    None, and told, where one is not installed (N223), or goes back to itself (N224).
    """
    found: dict[str, ast.Document] = {}
    over = document
    while (name := model_of(over)) is not None:
        if name.word in found:
            report.tell("N224", name.span, name=name.word)
            return None
        model = world.models.get(name.word)
        if model is None:
            near = nearest(name.word, world.models)
            known = tuple(sorted(world.models))
            report.tell("N223", name.span, name=name.word, nearest=near, known=known)
            return None
        source = Source(model.file, model.text, model.language)
        text = _kept_document(source, world.words(model.language), model.name, report)
        if text is None:
            return None
        found[name.word] = over = text
    return found


def _prelude(world: World, report: Report) -> Text:
    words = world.words("en")
    path = grammar_folder() / "prelude.coop"
    document = _kept_document(Source("prelude.coop", path.read_text("utf-8")), words, "", report)
    assert document is not None, "the prelude is well formed"
    return Text(document, words, PRELUDE)


def _laws(names: Sequence[ast.Name], world: World, report: Report) -> dict[str, Text] | None:
    """The laws of these names and all that they stand under, each once, the named ones first.

    None, and told, where one is not installed (N207) or has mistakes (L509).
    """
    documents: dict[str, ast.Document | None] = {}
    waiting = list(names)
    for name in waiting:
        if name.word not in documents:
            document = documents[name.word] = _law(name, world, report)
            waiting += _laws_of(document) if document else ()
    read = {name: document for name, document in documents.items() if document is not None}
    if len(read) < len(documents):
        return None
    under = {name: [law.word for law in _laws_of(document)] for name, document in read.items()}
    found = rest_of_laws(read, under, report)
    laws = {}
    for law, document in found.items():
        words = world.words(document.language)
        for other in found:
            words = speaking_of(words, world.laws[other].law)
        laws[law] = Text(document, words, law)
    return laws


def _law(name: ast.Name, world: World, report: Report) -> ast.Document | None:
    provided = world.laws.get(name.word)
    if provided is None:
        near = nearest(name.word, world.laws)
        known = tuple(sorted(world.laws))
        report.tell("N207", name.span, name=name.word, nearest=near, known=known)
        return None
    law = provided.law
    for language, reason in amiss(law).items():
        tell_amiss(provided, language, reason, report)
    words = speaking_of(world.words(law.language), law)
    source = provided.source()
    quiet = Report()
    document = _kept_document(source, words, law.name, quiet)
    report.read(source)
    if document is None or header(document, quiet) is None:
        _tell_unusable(name, provided, source, words, report)
        return None
    return document


def _tell_unusable(
    name: ast.Name, provided: Provided, source: Source, words: Words, report: Report
) -> None:
    """Tell (L509) that a law's text has mistakes, once and with the first: they are not the reader's."""
    found = Report()
    document = read_document(source, words, found)
    if document is not None:
        header(document, found)
    first = found.in_order()[0]
    place = f"{source.file}:{first.span.line}" if first.span else source.file
    report.tell(
        "L509",
        name.span,
        name=provided.law.name,
        distribution=provided.plugin.origin,
        place=place,
        why=first,
    )


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
            _tell_difference(compiled[0], other, report)
    _tell_terms(list(first_of_each_version(found).values()), report)
    if locked and policy.packs:
        tell_changed(policy, packs_of((one.program for one in found), world), report)
    return found


def first_of_each_version(statutes: list[Statute]) -> dict[str, Statute]:
    """The statute of each version in the policy's own language, or else in the first there is."""
    return {statute.file.version: statute for statute in reversed(statutes)}


def _tell_terms(versions: list[Statute], report: Report) -> None:
    """Tell a version that ends before it begins, two that hold on one day, and days without any."""
    lines = sorted((one.in_force for one in versions), key=lambda line: line.start)
    for line in lines:
        if line.end is not None and line.end < line.start:
            report.tell("P928", line.span)
    for line, following in itertools.pairwise(lines):
        last = following.start - timedelta(days=1)
        both = following.start == line.start or (line.end is not None and line.end > last)
        if both:
            report.tell("P926", following.span, related=(line.span,), date=following.start)
        elif line.end is not None and line.start <= line.end < last:
            first = line.end + timedelta(days=1)
            report.tell("P927", line.span, related=(following.span,), first=first, last=last)


def _tell_difference(first: Statute, second: Statute, report: Report) -> None:
    """Tell (P908) that two languages of one version give different programs, and where first."""
    difference = ir.difference(first.program, second.program)
    if difference is None and first.term != second.term:
        difference = "", first.in_force.span, second.in_force.span
    if difference is not None:
        name, left, right = difference
        related = (right,) if right else ()
        report.tell("P908", left, related=related, file=second.file.path.name, name=Word(name))


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
    models = _models(document, world, Report()) or {}
    names = [name.word for text in (document, *models.values()) for name in _laws_of(text)]
    names += [clause.name for clause in document.clauses if isinstance(clause, ast.Law)]
    words, target = (
        words_for(world, one, tuple(names), policy) for one in (source.language, language)
    )
    return translate(source, read, words, target, world.words(language), report)


# ---- data to facts


def schema_of(program: ir.Program) -> Schema:
    """All that a year's data may give to a program."""
    return Schema(
        program.currency,
        tuple(
            Field(item.name, item.type, item.record, item.low, item.high) for item in program.inputs
        ),
        tuple(name for name, nodes in program.accounts.items() if nodes.record is None),
        program.records,
        tuple(program.origins),
        tuple(
            Field(node.name, node.type) for node in program.nodes if isinstance(node, ir.Decision)
        ),
        read=_read_by_clauses(program),
    )


def _read_by_clauses(program: ir.Program) -> frozenset[str]:
    """The facts that some clause reads, of the statute or of its laws; of the others none is kept."""
    nodes = program.nodes
    given = {index for index in program.figures.values() if isinstance(nodes[index], ir.Input)}
    roots = [root for root in program.roots() if root not in given]
    rested = (nodes[index] for index in ir.cone(nodes, roots))
    return frozenset(node.name for node in rested if isinstance(node, ir.Input))


def _unread(program: ir.Program) -> frozenset[str]:
    """The facts that may be given and that no clause reads."""
    schema = schema_of(program)
    return frozenset(item.name for item in schema.fields) - (schema.read or frozenset())


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
    from coopfx.data import Files, unwatched

    with Files(folder, world, watch or unwatched, policy.settings) as files:
        facts = _read_files(files, statute, policy, report)
    return None if facts is None else with_digest(facts, _unread(statute.program))


def _read_files(files: "Files", statute: Statute, policy: Policy, report: Report) -> Facts | None:
    from coopfx.formats import toml
    from coopfx.formats.own import OwnFigures
    from coopfx.formats.sheets import read_table, tell_broken_links

    before = report.errors()
    schema, world = schema_of(statute.program), files.world
    others = [
        words_for(world, name, statute.program.laws, policy)
        for name in sorted(world.languages)
        if name != statute.file.language
    ]
    words = [statute.words, *others]
    own = OwnFigures(schema, words, report)
    document = toml.read(files.own, report) if files.own else None
    if document is not None:
        own.take_document(document)
    read = files.read(schema, words)
    found = {
        record: read_table(sheet, schema, words, report, _mapped(read, sheet))
        for record, sheet in read.records.items()
    }
    for sheet in read.own:
        own.take_sheet(sheet)
    tables = {record: table for record, table in found.items() if table is not None}
    tell_broken_links(tables, read.records, schema, report)
    report.take(read.report)
    year = None
    if document is not None or not files.own:
        year = own.year(_first_line(files, read))
    if year is None or report.errors() > before:
        return None
    return Facts(
        year.closing,
        year.figures,
        tables,
        year.balances,
        year.name,
        places=year.places,
        files={record: Path(sheet.places.file).name for record, sheet in read.records.items()},
    )


def _mapped(read: "Read", sheet: Sheet) -> "Mapped | None":
    """What is said of the file that a sheet stands in; None where nothing is."""
    return read.mapped.get(Path(sheet.places.file).name)


def _first_line(files: "Files", read: "Read") -> Span:
    """The first line of the file that the closing date is missing in."""
    file = str(files.own or (read.own[0].places.file if read.own else files.path))
    return Span(file, 1, 1, 1, 1)


def closing_of(files: "Files", schema: Schema, report: Report) -> tuple[date, Span] | None:
    """When a year closes, and where that stands; None where no file of it says so in the right form."""
    from coopfx.formats import own, toml

    if files.own is not None:
        document = toml.read(files.own, report)
        day = document.data.get("closing") if document else None
        if document is not None and type(day) is date:
            return day, document.place("closing")
        if document is None or "closing" in document.data:
            return None
    words = list(files.world.languages.values())
    found = (own.closing_of(sheet, words) for sheet in files.read(schema, words).own)
    return next(filter(None, found), None)


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
    from coopfx.data import Files, unwatched

    folder = choose_year(policy, data, world, report)
    if folder is None:
        return None
    statutes = check_policy(policy, world, report)
    if report.failed:
        return None
    with Files(folder, world, watch or unwatched, policy.settings) as files:
        chosen = _statute_in_force(statutes, files, policy, report)
        facts = None if chosen is None else _read_files(files, chosen, policy, report)
    if chosen is None or facts is None:
        return None
    whole = _with_other_years(facts, chosen, statutes, folder, policy, world, report)
    return chosen, with_digest(whole, _unread(chosen.program)), folder


def evaluate_year(
    statute: Statute, facts: Facts, folder: Path, world: World, report: Report
) -> Year:
    """Evaluate and settle a year; parameters that have no value on its closing date are told (L503)."""
    from coopfx.engine.reference import evaluate as run_reference
    from coopfx.engine.settle import settle

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
    for folder in _others_in_order(year.folder, closing, policy, world):
        earlier = evaluate_policy(policy, folder, world, Report())
        if earlier is not None:
            found.append(earlier.outcome)
    return tuple(found)


def choose_year(policy: Policy, data: Path | None, world: World, report: Report) -> Path | None:
    """The year's folder or file: the one given, else the policy's latest; None, and told, where none is.

    A year of the policy may be given by its name alone, such as ``2024``. A folder without
    ``cooperative.toml`` is taken by itself only where one of its files gives a closing date.
    """
    if data is not None:
        found = find_year(policy, data, world.readers)
        if found is None:
            report.tell("P904", None, path=str(data), file=YEAR)
        return found
    if policy.path == STANDARD_INPUT:
        report.tell("P929", None)
        return None
    before = report.errors()
    for year in reversed(policy.years):
        if (year / YEAR).is_file() or _speaks_of_closing(year, world, report):
            return year
        if report.errors() > before:
            # An earlier year in its place would be taken for the latest.
            return None
    report.tell("P904", None, path=str(policy.path), file=YEAR)
    return None


def _speaks_of_closing(folder: Path, world: World, report: Report) -> bool:
    """Whether a file of a folder gives a closing date, well written or not, whatever the statute.

    Where none does, what keeps a file from being read is told, since the date may stand in it.
    """
    from coopfx.data import Files
    from coopfx.formats import mapping, own

    with Files(folder, world) as files:
        words = list(world.languages.values())
        read = files.read(Schema("EUR", (), (), ()), words)
        if any(own.speaks_of_closing(sheet, words) for sheet in read.own):
            return True
    for item in read.report.diagnostics:
        # What names the records of a statute cannot be judged before the statute is read.
        if item.severity is Severity.ERROR and item.file != str(folder / mapping.FILE):
            report.add(item)
    return False


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
) -> Facts:
    """A year's facts with the figures of other years that its statute speaks of.

    The policy's earlier years are evaluated in their order, each with the years before it. What is
    wrong in one of them is for its own run to tell: here its figures are then missing.
    """
    from coopfx.data import Files
    from coopfx.engine.other_years import asked_of_others, with_other_years
    from coopfx.engine.reference import evaluate as run_reference

    if not asked_of_others(statute.program):
        return facts
    evaluated: list[Run] = []
    for other in _others_in_order(folder, facts.closing, policy, world):
        quiet = Report()
        with Files(other, world, settings=policy.settings) as files:
            chosen = _statute_in_force(statutes, files, policy, quiet)
            own = None if chosen is None else _read_files(files, chosen, policy, quiet)
        if chosen is None or own is None:
            report.tell("P941", None, path=str(other))
            continue
        whole = with_other_years(chosen.program, own, evaluated)
        evaluated.append(run_reference(chosen.program, whole))
    return with_other_years(statute.program, facts, evaluated)


def _others_in_order(folder: Path, closing: date, policy: Policy, world: World) -> list[Path]:
    """The policy's years that closed before one, in their order; those without a date are left out."""
    from coopfx.data import Files

    dated = []
    for year in policy.years:
        if year == folder:
            continue
        with Files(year, world, settings=policy.settings) as files:
            found = closing_of(files, Schema("EUR", (), (), ()), Report())
        if found is not None and found[0] < closing:
            dated.append((found[0], year))
    return [year for _, year in sorted(dated)]


def _statute_in_force(
    statutes: list[Statute], files: "Files", policy: Policy, report: Report
) -> Statute | None:
    by_version = first_of_each_version(statutes)
    terms = {version: statute.term for version, statute in by_version.items()}
    latest = max(terms, key=lambda version: terms[version].start)
    before = report.errors()
    found = closing_of(files, schema_of(by_version[latest].program), report)
    if found is None:
        if report.errors() == before:
            _read_files(files, by_version[latest], policy, report)
        return None
    closing, place = found
    version = in_force_on(closing, terms)
    if version is None:
        ends = [term.end for term in terms.values() if term.end and term.start <= closing]
        first = Said("version.first", {"date": min(term.start for term in terms.values())})
        why = Said("version.last", {"date": max(ends)}) if ends else first
        report.tell("R806", place, date=closing, why=why)
        return None
    return by_version[version]


def with_program(statute: Statute, program: ir.Program) -> Statute:
    """A statute with a program of other constants."""
    return evolve(statute, program=program)


def provenance(statute: Statute, facts: Facts, world: World) -> "Provenance":
    """What an outcome rests on: versions of coopfx and of the packs, hashes of statute and data."""
    from coopfx.engine.outcome import LawUsed, Provenance

    laws = [world.laws[name] for name in statute.program.laws]
    packs = {item.plugin.distribution: item.plugin.version for item in laws}
    return Provenance(
        world.plugins[0].version,
        packs,
        sha256(statute.source.text),
        facts.digest,
        tuple(
            LawUsed(
                item.law.name,
                item.plugin.distribution,
                item.plugin.version,
                item.law.file,
                sha256(item.law.text),
            )
            for item in laws
        ),
    )


def evaluate(statute: Statute, facts: Facts, world: World) -> "Outcome":
    """Evaluate a compiled statute on facts."""
    from coopfx.engine.reference import evaluate as run_reference
    from coopfx.engine.settle import settle

    return settle(run_reference(statute.program, facts), provenance(statute, facts, world))


def explain(year: Year, name: str, record: str = "") -> "Explanation | None":
    """Why a figure of a year is what it is; None where there is no such figure."""
    from coopfx.engine.explain import explain as explain_figure

    return explain_figure(year.evaluation, year.outcome, name, record)
