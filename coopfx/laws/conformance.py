"""What a pack of laws has to show: that it cites its sources, and that its cases hold it on both sides.

A pack's cases are statutes in the statute language, so that a jurist can read them: each example gives
a small year, and expects the verdict of a rule. Every check returns what is wrong, in sentences; none
is good. Each sentence begins with a name by which a pack may be excused, with the reason.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from attrs import evolve, frozen

from coopfx.desk.law_words import amiss, speaking_of, tables_of
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.engine.examples.branches import Branch, branches, said, standings
from coopfx.engine.examples.mutation import Planned, changes, constant_changes, try_changes
from coopfx.engine.examples.run import expectations, run_example, run_examples
from coopfx.engine.outcome import SATISFIED, VIOLATED, Verdict
from coopfx.engine.reference.settle import verdict
from coopfx.formats.json import plain
from coopfx.ground.exact import Type, currency_of
from coopfx.ground.report import Report, Word
from coopfx.ground.source import language_of
from coopfx.language import ast, ir
from coopfx.laws.book import LawBook, law_document, open_law
from coopfx.laws.examine import compiled_alone
from coopfx.plugged.world import World

CENT = Fraction(1, 100)

Declared = ast.Input | ast.Parameter | ast.Define | ast.Decide | ast.Scale | ast.Group | ast.Record


@frozen(slots=True)
class Cases:
    """A file of cases, compiled."""

    path: Path
    statute: Statute

    def verdicts(self) -> Iterator[tuple[str, Verdict]]:
        """Every verdict that an example expects, as it comes, with the example's title."""
        program = self.statute.program
        rules = {rule.name: rule for rule in program.rules}
        for example in program.examples:
            run = run_example(program, example)
            for name, _, _ in example.verdicts:
                yield example.title, verdict(run, rules[name])

    def failure(self, example: ir.Example) -> str:
        """What an example expects and does not get; empty where it holds."""
        report = Report()
        run_examples(evolve(self.statute.program, examples=(example,)), report)
        words = self.statute.words
        return "\n".join(
            f"{self.path}:{item.span.line}: {words.message(item)}"
            for item in report.in_order()
            if item.span
        )


def read_cases(path: Path, world: World) -> tuple[Cases | None, str]:
    """A file of cases; where it cannot be used, None and why."""
    language = language_of(path.name) or "en"
    file = StatuteFile(path, "", language)
    report = Report()
    policy = Policy(path, language, {}, (file,))
    statute = Workspace(policy, world, lasts=True).compiled(file, report)
    words = world.words(language)
    told = [
        f"{item.file or path}:{item.span.line if item.span else 1}: {words.message(item)}\n"
        f"  → {words.help(item)}"
        for item in report.in_order()
    ]
    if statute is None or report.failed:
        return None, "\n".join(told)
    return Cases(path, statute), ""


# ---- what the law says of itself


def law_as_read(law: str, world: World) -> tuple[LawBook | None, list[str]]:
    """A law's book; where its text or a word file cannot be used, what is wrong."""
    report = Report()
    book = open_law(law, world, report)
    words = world.words("en")
    told = [
        f"{item.file}:{item.span.line if item.span else 1}: {words.message(item)}"
        for item in report.in_order()
    ]
    return book, told


def sources(book: LawBook) -> list[str]:
    """The articles, and the values of parameters, that cite no source."""
    return [
        f"article {article.number}: it cites no source"
        for article in book.articles
        if not article.reference
    ] + [
        f"{parameter.name}: its value from {entry.start} cites no source"
        for parameter in book.parameters
        for entry in parameter.history
        if not entry.reference
    ]


def gaps(book: LawBook) -> list[str]:
    """The parameters that have no value on the first day on which their article holds."""
    return [
        f"{item.name} before {item.history[0].start}: no value, and the article holds from {one.start}"
        for one in book.articles
        for item in one.parameters
        if item.history[0].start > one.start
    ]


def words(book: LawBook, languages: list[str], world: World) -> list[str]:
    """What the law's word files leave out, or say of what the text does not have, in these languages."""
    law = book.provided.law
    wrong = [f"{language}: {reason}" for language, reason in amiss(law).items()]
    rules, names, others, articles = _named(book, world)
    forms = [form.name for one in book.articles for form in one.forms if form.name]
    for language in languages:
        tables = tables_of(law, language)
        if tables is None:
            wrong.append(f"{language}: there is no word file")
            continue
        wanted = {
            "names": [] if language == "en" else [*names, *rules, *forms],
            "rules": [*rules, *forms],
            "messages": [] if language == law.language else rules,
            "articles": articles,
        }
        known = {"names": [*names, *rules, *forms, *others], "labels": [*names, *rules, *others]}
        known["definite"] = known["names"]
        known |= {"rules": [*rules, *forms], "messages": rules, "articles": articles}
        spoken = (*known["names"], *tables["names"].values(), *tables["rules"].values())
        forms_said = [form for one in spoken for form in ([one] if isinstance(one, str) else one)]
        known["abbreviations"] = [part for form in forms_said for part in re.split("[._]", form)]
        wrong += [
            f"{language}: [{table}] lacks {name}"
            for table, wants in wanted.items()
            for name in dict.fromkeys(wants)
            if name not in tables[table]
        ]
        wrong += [
            f"{language}: [{table}] has {name}, of which the law's text says nothing"
            for table, there in tables.items()
            for name in there
            if name not in known[table]
        ]
    return wrong


def _named(book: LawBook, world: World) -> tuple[list[str], list[str], list[str], list[str]]:
    """The canonical names that a law's text has: of rules, of what it declares, accounts, articles."""
    document = law_document(book.provided, world, Report())
    assert document is not None, "the book was read from it"
    own = tables_of(book.provided.law, book.provided.law.language) or {}
    written = {
        form: key
        for key, forms in own.get("names", {}).items()
        for form in ([forms] if isinstance(forms, str) else forms)
    }
    rules: list[str] = []
    names: list[str] = []
    others: list[str] = []
    articles: list[str] = []
    for clause in document.clauses:
        if isinstance(clause, ast.Article):
            articles.append(clause.number)
        elif isinstance(clause, ast.Require | Declared | ast.Account) and clause.name is not None:
            word = clause.name.word
            into = others if isinstance(clause, ast.Account) else names
            (rules if isinstance(clause, ast.Require) else into).append(written.get(word, word))
    return rules, names, others, articles


# ---- what the cases show


def both_sides(book: LawBook, cases: list[Cases]) -> list[str]:
    """The rules that no case satisfies, or that none violates."""
    shown = {(found.rule, found.status) for one in cases for _, found in one.verdicts()}
    return [
        f"{rule.name}: no case has it {status}"
        for rule in book.rules
        for status in (SATISFIED, VIOLATED)
        if (rule.name, status) not in shown
    ]


def edges(book: LawBook, cases: list[Cases], world: World) -> list[str]:
    """The branches of rules that no case decides on both sides of their edge, or none near to it."""
    told: dict[str, Branch] = {}
    programs: dict[str, ir.Program] = {}
    nearest_by: dict[tuple[str, str, bool], tuple[Fraction, Type]] = {}
    for one in cases:
        program = one.statute.program
        rules = {rule.name: rule for rule in program.rules if rule.origin.law == book.name}
        for rule in rules.values():
            for branch in branches(program, rule):
                told.setdefault(f"{rule.name}, {branch.key}", branch)
                programs.setdefault(f"{rule.name}, {branch.key}", program)
        for example in program.examples:
            for name in dict.fromkeys(name for name, _, _ in example.verdicts):
                if name not in rules:
                    continue
                for found in standings(program, rules[name], example):
                    key = (name, found.key, found.met)
                    distance = (found.distance or Fraction(0), found.type)
                    nearest_by[key] = min(
                        nearest_by.get(key, distance), distance, key=lambda item: item[0]
                    )
    english, texts = speaking_of(world.words("en"), book.provided.law), []
    for subject, branch in told.items():
        for met in branch.sides:
            there = nearest_by.get((branch.rule, branch.key, met))
            near = step(there[1]) if there else None
            if near is not None and not branch.key.startswith("condition"):
                # Of one euro a rate makes cents; of a cent it makes nothing that could be paid.
                near = Fraction(1)
            if there is not None and near is not None and there[0] <= near:
                continue
            holds = "holds" if met else "does not hold"
            off = "no case turns on it"
            if there is not None:
                off = f"the nearest case is {plain(*there)} off"
            condition = english.show(said(programs[subject], branch))
            texts.append(f"{subject}: where `{condition}` {holds}, {off}")
    return texts


def step(type_: Type) -> Fraction:
    """How near to the edge a case must stand: a cent of money, one of anything else."""
    return CENT if currency_of(type_.unit) else Fraction(1)


def unnoticed(book: LawBook, cases: list[Cases], world: World) -> list[str]:
    """The constants of the law that could be others, and no case would notice.

    A parameter is named, any other constant by a rule that rests on it.
    """
    file, english = book.provided.law.file, world.words("en")
    noticed: dict[tuple[str, str, str], bool] = {}
    alone = compiled_alone(book.provided.law, world, Report())
    statutes = [*([alone] if alone else []), *(one.statute for one in cases)]
    for statute in statutes:
        program = _that_hold(statute.program)
        planned = list(_constants(program, book))
        found = try_changes(program, [change for _, _, change in planned], file)
        for (where, place, item), change in zip(planned, found, strict=True):
            before, after = (english.show(item.arguments[key]) for key in ("before", "after"))
            key = (where, place, f"no case notices {after} in the place of {before}")
            noticed[key] = noticed.get(key, False) or bool(change and change.noticed)
    places: dict[tuple[str, str], list[str]] = {}
    for where, place, text in noticed:
        places.setdefault((where, text), []).append(place)
    return [
        f"{where}{_which(places[where, text], place)}: {text}"
        for (where, place, text), known in noticed.items()
        if not known
    ]


def _which(places: list[str], place: str) -> str:
    """Which of several equal constants of a rule is meant."""
    count = len(places)
    return f", {places.index(place) + 1} of {count} equal ones" if count > 1 else ""


def _constants(program: ir.Program, book: LawBook) -> Iterator[tuple[str, str, Planned]]:
    """Each change of a constant that a rule of the law rests on: what it is named by, its place there.

    The place is the way from the rule to the constant, the same in every statute under the law: each
    occurrence is thus one of its own, also beside an equal one.
    """
    for change in changes(program, book.provided.law.file):
        parameter = change.arguments.get("name")
        if change.kind == "parameter" and isinstance(parameter, Word):
            yield parameter.name, "", change
    seen: set[int] = set()
    for rule in program.rules:
        if rule.origin.law != book.name:
            continue
        for index, way in _ways(program, rule).items():
            if isinstance(program.nodes[index], ir.Slot) and index not in seen:
                seen.add(index)
                for change in constant_changes(program, index, rule.origin.span):
                    yield f"constant in {rule.name}", way, change


def _ways(program: ir.Program, rule: ir.Rule) -> dict[int, str]:
    """The way from a rule to each node that it rests on, in the order of its clause."""
    roots = [(part, getattr(rule, part)) for part in ("condition", "when", "unless", "group")]
    roots[1] = ("when", ir.own_when(program, rule))
    found: dict[int, str] = {}
    waiting = [(index, part) for part, index in reversed(roots) if index is not None]
    while waiting:
        index, way = waiting.pop()
        if index not in found:
            found[index] = way
            within = list(enumerate(ir.inner(program.nodes[index])))
            waiting += [(inner, f"{way}.{at}") for at, inner in reversed(within)]
    return found


def _that_hold(program: ir.Program) -> ir.Program:
    """A program with those examples alone that hold: a change is noticed where one no longer does."""
    held = [
        example
        for example in program.examples
        if all(one.met for one in expectations(run_example(program, example), example))
    ]
    return evolve(program, examples=tuple(held))


def values(book: LawBook, typed: dict[str, dict[str, str]]) -> list[str]:
    """Where the history of a parameter is not the one that the pack's tests have typed a second time."""
    known = {parameter.name: parameter for parameter in book.parameters}
    wrong = [f"{name}: the law has no such parameter" for name in typed if name not in known]
    for name, history in typed.items():
        parameter = known.get(name)
        if parameter is None:
            continue
        there = {
            entry.start.isoformat(): str(plain(entry.value, parameter.type))
            for entry in parameter.history
        }
        for day in sorted({*there, *history}):
            if there.get(day) != history.get(day):
                was, now = history.get(day, "none"), there.get(day, "none")
                wrong.append(f"{name}: from {day} the law has {now}, and the tests have {was}")
    return wrong
