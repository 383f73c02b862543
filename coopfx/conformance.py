"""What a pack of laws has to show: that it cites its sources, and that its cases hold it on both sides.

A pack's cases are statutes in the statute language, so that a jurist can read them: each example gives
a small year, and expects the verdict of a rule. Every check returns what is wrong, in sentences; none
is good. Each sentence begins with a name by which a pack may be excused, with the reason.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from attrs import evolve, frozen

from coopfx import pipeline
from coopfx.engine.examples import expectations, run_example, run_examples
from coopfx.engine.mutation import Planned, changes, constant_changes, try_changes
from coopfx.engine.outcome import SATISFIED, VIOLATED, Verdict
from coopfx.engine.settle import verdict
from coopfx.exact import NUMBER, Type, currency_of
from coopfx.examine import compiled_alone
from coopfx.formats.json import plain
from coopfx.language import ast, ir
from coopfx.law_words import amiss, tables_of
from coopfx.lawbook import LawBook, law_document, open_law
from coopfx.plugins import World
from coopfx.policy import Policy, StatuteFile
from coopfx.report import Report, Word
from coopfx.source import language_of

CENT = Fraction(1, 100)

Declared = ast.Input | ast.Parameter | ast.Define | ast.Decide | ast.Scale | ast.Group | ast.Record


@frozen(slots=True)
class Cases:
    """A file of cases, compiled."""

    path: Path
    statute: pipeline.Statute

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
    statute = pipeline.compile_statute(file, policy, world, report)
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
    for language in languages:
        tables = tables_of(law, language)
        if tables is None:
            wrong.append(f"{language}: there is no word file")
            continue
        wanted = {
            "names": [] if language == "en" else [*names, *rules],
            "rules": rules,
            "messages": [] if language == law.language else rules,
            "articles": articles,
        }
        known = {"names": [*names, *rules, *others], "labels": [*names, *rules, *others]}
        known["definite"] = known["names"]
        known |= {"rules": rules, "messages": rules, "articles": articles}
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


def edges(book: LawBook, cases: list[Cases]) -> list[str]:
    """The rules that compare figures, and whose cases stand further from the edge than need be."""
    found: dict[tuple[str, str], list[tuple[Fraction, Type]]] = {}
    for one in cases:
        for _, judged in one.verdicts():
            margin = judged.margin
            if isinstance(margin, Fraction):
                own = found.setdefault((judged.rule, judged.status), [])
                own.append((abs(margin), judged.type or NUMBER))
    wrong = []
    for rule in book.rules:
        for status in (SATISFIED, VIOLATED):
            margins = found.get((rule.name, status), [])
            if margins:
                nearest, type_ = min(margins, key=lambda one: one[0])
                if nearest > step(type_):
                    shown = plain(nearest, type_)
                    wrong.append(
                        f"{rule.name}: the nearest case that has it {status} is {shown} off"
                    )
    return wrong


def step(type_: Type) -> Fraction:
    """How near to the edge a case must stand: a cent of money, one of anything else."""
    return CENT if currency_of(type_.unit) else Fraction(1)


def unnoticed(book: LawBook, cases: list[Cases], world: World) -> list[str]:
    """The constants of the law that could be others, and no case would notice.

    A parameter is named, any other constant by a rule that rests on it.
    """
    file, english = book.provided.law.file, world.words("en")
    noticed: dict[str, bool] = {}
    alone = compiled_alone(book.provided.law, world, Report())
    statutes = [*([alone] if alone else []), *(one.statute for one in cases)]
    for statute in statutes:
        program = _that_hold(statute.program)
        planned = list(_constants(program, book))
        found = try_changes(program, [change for _, change in planned], file)
        for (where, item), change in zip(planned, found, strict=True):
            before, after = (english.show(item.arguments[key]) for key in ("before", "after"))
            text = f"{where}: no case notices {after} in the place of {before}"
            noticed[text] = noticed.get(text, False) or bool(change and change.noticed)
    return [text for text, known in noticed.items() if not known]


def _constants(program: ir.Program, book: LawBook) -> Iterator[tuple[str, Planned]]:
    """Each change of a constant that a rule of the law rests on, and what the constant is named by."""
    for change in changes(program, book.provided.law.file):
        parameter = change.arguments.get("name")
        if change.kind == "parameter" and isinstance(parameter, Word):
            yield parameter.name, change
    seen: set[int] = set()
    for rule in program.rules:
        if rule.origin.law != book.name:
            continue
        for index in sorted(ir.cone(program.nodes, rule.nodes(program))):
            if isinstance(program.nodes[index], ir.Slot) and index not in seen:
                seen.add(index)
                for change in constant_changes(program, index, rule.origin.span):
                    yield f"constant in {rule.name}", change


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
