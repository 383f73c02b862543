"""A law as a reader wants it: article by article, its rules, its figures, its parameters' history.

All of it is read off the law's own text and the program that it compiles to; sentences are arguments
that a language's words show.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import frozen

from coopfx.desk.policy import Policy
from coopfx.desk.speaking import words_for
from coopfx.desk.texts import read_document
from coopfx.engine.explain.formulas import Formulas
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Known, Type
from coopfx.ground.facts import Facts
from coopfx.ground.figure import opening_of, ruled_by
from coopfx.ground.report import Argument, Percent, Report, Said, Word
from coopfx.ground.words import Words
from coopfx.language import ast, ir
from coopfx.laws.examine import EXAMPLE_DAY, compiled_alone
from coopfx.plugged.world import Provided, World


@frozen(slots=True)
class RuleEntry:
    """A rule: what it asks, for each of which record and when; the facts that it wants."""

    name: str
    line: int
    binding: bool
    condition: Argument
    record: str | None
    when: Argument | None
    unless: Argument | None
    facts: tuple[str, ...]
    reference: str
    to_confirm: bool


@frozen(slots=True)
class FormEntry:
    """A form that the law permits, or (without keys) an account that it makes indivisible."""

    account: str
    line: int
    group: str = ""
    narrowed: bool = False
    keys: tuple[str, ...] = ()
    equally: bool = False
    most: Argument | None = None
    rising: str = ""

    @property
    def name(self) -> str:
        """What a permitted form is called, as statutes set it aside; empty for an indivisible account."""
        return f"{self.account}_keys" if self.group else ""


@frozen(slots=True)
class AccountEntry:
    """An account that the law declares, and what its text calls it."""

    name: str
    line: int
    label: str


@frozen(slots=True)
class FactEntry:
    """A fact that the law declares, in the words of its own text."""

    name: str
    line: int
    label: str
    type: Type
    record: str | None


@frozen(slots=True)
class FigureEntry:
    """A figure that the law defines; a ``default`` holds where the statute is silent."""

    name: str
    line: int
    formula: Argument
    default: bool


@frozen(slots=True)
class DatedValue:
    """A parameter's value from a day on, with its source."""

    start: date
    value: Known
    reference: str
    to_confirm: bool


@frozen(slots=True)
class ParameterEntry:
    """A parameter with all its values, the oldest first."""

    name: str
    line: int
    type: Type
    percent: bool
    history: tuple[DatedValue, ...]

    def shown(self, value: Known) -> Argument:
        """A value of it, as a sentence shows it."""
        if self.percent and isinstance(value, Fraction):
            return Percent(value)
        return (value, self.type)


@frozen(slots=True)
class ArticleEntry:
    """An article with what stands in it, and the days between which it holds."""

    number: str
    title: str
    line: int
    start: date
    end: date | None
    reference: str
    to_confirm: bool
    rules: tuple[RuleEntry, ...] = ()
    forms: tuple[FormEntry, ...] = ()
    accounts: tuple[AccountEntry, ...] = ()
    facts: tuple[FactEntry, ...] = ()
    figures: tuple[FigureEntry, ...] = ()
    parameters: tuple[ParameterEntry, ...] = ()


@frozen(slots=True)
class LawBook:
    """A law, with where it comes from and the laws that it stands under."""

    name: str
    title: str
    provided: Provided
    under: tuple[str, ...]
    sources: tuple[str, ...]
    start: date
    articles: tuple[ArticleEntry, ...]

    @property
    def rules(self) -> tuple[RuleEntry, ...]:
        """All its rules, in the order of its text."""
        return tuple(rule for article in self.articles for rule in article.rules)

    @property
    def parameters(self) -> tuple[ParameterEntry, ...]:
        """All its parameters, in the order of its text."""
        return tuple(item for article in self.articles for item in article.parameters)


def open_law(name: str, world: World, report: Report) -> LawBook | None:
    """A law that is installed; None, and told, where it cannot be read."""
    provided = world.laws[name]
    statute = compiled_alone(provided.law, world, report)
    if statute is None:
        return None
    document = law_document(provided, world, report)
    return None if document is None else _Reader(provided, statute.program, document, world).book()


def law_document(provided: Provided, world: World, report: Report) -> ast.Document | None:
    """A law's text, read."""
    return read_document(provided.source(), world.words(provided.law.language), report)


def words_of_law(book: LawBook, words: Words, world: World) -> Words:
    """A language with what the law, and those that it stands under, call things."""
    laws = tuple(dict.fromkeys((book.name, *book.under)))
    return words_for(world, words.language, laws, Policy(book.provided.path, "", {}, ()))


class _Reader:
    """What stands in a law, read off its document and the program of an empty statute under it."""

    def __init__(
        self, provided: Provided, program: ir.Program, document: ast.Document, world: World
    ) -> None:
        self.provided = provided
        self.law = provided.law.name
        self.program = program
        self.document = document
        policy = Policy(provided.path, provided.law.language, {}, ())
        self.words = words_for(world, provided.law.language, program.laws, policy)
        self.formulas = Formulas(Run(program, Facts(EXAMPLE_DAY)))
        self.doubtful = program.doubtful()

    def book(self) -> LawBook:
        heading = next(item for item in self.document.clauses if isinstance(item, ast.Law))
        term = next(item for item in self.document.clauses if isinstance(item, ast.InForce))
        sources = [item.text for item in self.document.clauses if isinstance(item, ast.SourceLine)]
        return LawBook(
            self.law,
            heading.title,
            self.provided,
            tuple(name.word for name in heading.laws),
            tuple(sources),
            term.start,
            tuple(self._article(*part) for part in self._parts(term)),
        )

    def _parts(
        self, term: ast.InForce
    ) -> Iterator[tuple[ast.Article, ast.InForce, list[ast.Clause]]]:
        """Each article with the days on which it holds and its clauses."""
        article: ast.Article | None = None
        own, clauses = term, list[ast.Clause]()
        for clause in self.document.clauses:
            if isinstance(clause, ast.Article):
                if article is not None:
                    yield article, own, clauses
                article, own, clauses = clause, term, []
            elif isinstance(clause, ast.InForce):
                own = clause
            else:
                clauses.append(clause)
        if article is not None:
            yield article, own, clauses

    def _article(
        self, article: ast.Article, term: ast.InForce, clauses: list[ast.Clause]
    ) -> ArticleEntry:
        first = article.span.line
        last = max([first, *(clause.span.end_line for clause in clauses)])
        reference = article.reference

        def stands(origin: ir.Origin) -> bool:
            return origin.law == self.law and first <= origin.span.line <= last

        origins = self.program.origins
        return ArticleEntry(
            article.number,
            article.title,
            first,
            term.start,
            term.end,
            reference.text if reference else "",
            bool(reference and reference.to_confirm),
            tuple(self._rule(rule) for rule in self.program.rules if stands(rule.origin)),
            tuple(form for clause in clauses for form in self._form(clause)),
            tuple(
                AccountEntry(self.words.canonical(clause.name.word), clause.span.line, clause.label)
                for clause in clauses
                if isinstance(clause, ast.Account) and clause.label
            ),
            tuple(fact for clause in clauses for fact in self._fact(clause)),
            tuple(
                self._figure(name, index, origins[name])
                for name, index in self.program.figures.items()
                if name in origins and stands(origins[name])
                if name not in self.program.parameters
            ),
            tuple(
                self._parameter(name, dated, origins[name])
                for name, dated in self.program.parameters.items()
                if name in origins and stands(origins[name])
            ),
        )

    def _rule(self, rule: ir.Rule) -> RuleEntry:
        unsure = not self.doubtful.isdisjoint(rule.nodes(self.program))
        return RuleEntry(
            rule.name,
            rule.origin.span.line,
            rule.binding,
            self._formula(rule.condition),
            rule.record,
            None if rule.when is None else self._when(rule.when),
            None if rule.unless is None else self._formula(rule.unless),
            self._facts(rule),
            rule.origin.reference,
            rule.origin.to_confirm or unsure,
        )

    def _when(self, index: int) -> Argument | None:
        """A rule's condition, without the days on which its article holds: these are the article's."""
        node = self.program.nodes[index]
        if isinstance(node, ir.Param) and ruled_by(node.name):
            return None
        if isinstance(node, ir.Op) and node.operation == "and":
            parts = [self._when(item) for item in node.arguments]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return known[0] if known else None
        return self._formula(index)

    def _formula(self, index: int) -> Argument:
        return self.formulas.formula(index, None, top=True)

    def _facts(self, rule: ir.Rule) -> tuple[str, ...]:
        nodes = self.program.nodes
        found = []
        for index in sorted(ir.cone(nodes, rule.nodes(self.program))):
            node = nodes[index]
            if isinstance(node, ir.Input):
                found.append(node.key)
            elif isinstance(node, ir.Balance) and node.is_given:
                found.append(opening_of(node.account))
        return tuple(dict.fromkeys(found))

    def _form(self, clause: ast.Clause) -> Iterator[FormEntry]:
        if isinstance(clause, ast.Account) and clause.indivisible:
            yield FormEntry(self.words.canonical(clause.name.word), clause.span.line)
        elif isinstance(clause, ast.Permit):
            most = clause.most
            yield FormEntry(
                self.words.canonical(clause.account.word),
                clause.span.line,
                self.words.canonical(clause.group.name.word),
                clause.group.where is not None,
                tuple(self.words.canonical(key.word) for key in clause.keys if key is not None),
                None in clause.keys,
                most.value if isinstance(most, ast.Number) else None,
                self.words.canonical(clause.rising.word) if clause.rising else "",
            )

    def _fact(self, clause: ast.Clause) -> Iterator[FactEntry]:
        if isinstance(clause, ast.Input):
            name, line = self.words.canonical(clause.name.word), clause.span.line
            for item in self.program.inputs:
                if item.name == name:
                    yield FactEntry(name, line, clause.label, item.type, item.record)

    def _figure(self, name: str, index: int, origin: ir.Origin) -> FigureEntry:
        return FigureEntry(name, origin.span.line, self._formula(index), origin.default)

    def _parameter(self, name: str, dated: ir.Dated, origin: ir.Origin) -> ParameterEntry:
        percent = self.program.figures.get(name) in self.program.percents
        history = tuple(DatedValue(*entry) for entry in dated.values)
        return ParameterEntry(name, origin.span.line, dated.type, percent, history)


def form_said(form: FormEntry) -> Said:
    """What a form permits or forbids, as a sentence."""
    if not form.group:
        return Said("laws.indivisible", {"account": Word(form.account)})
    keys = tuple(Said("laws.by", {"figure": Word(key)}) for key in form.keys)
    keys += (Said("key.equally"),) if form.equally else ()
    most: Argument = Said("laws.up_to", {"most": form.most}) if form.most is not None else ""
    if form.rising:
        most = Said("laws.rising", {"most": most, "figure": Word(form.rising)})
    group = Said("laws.narrowed" if form.narrowed else "laws.group", {"group": Word(form.group)})
    return Said(
        "laws.permitted",
        {"account": Word(form.account), "group": group, "keys": keys, "most": most},
    )


def rule_said(rule: RuleEntry) -> Argument:
    """What a rule asks, as a sentence."""
    text = rule.condition
    for key, part in (
        ("each", Word(rule.record) if rule.record else None),
        ("when", rule.when),
        ("unless", rule.unless),
    ):
        if part is not None:
            text = Said(f"laws.{key}", {"rule": text, "part": part})
    return text
