"""Parse trees to the AST: one small function a rule of the grammar.

The trees are read by their shape alone, so that no other module needs the parser's library.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, cast

from attrs import define

from coopfx.language import ast
from coopfx.report import Report
from coopfx.source import Source, Span
from coopfx.words import CURRENCY_SIGNS, Words

Tree = Any
DEEPEST_EXPRESSION = 100
_UNITS = {"YEARS": "year", "MONTHS": "month", "DAYS": "day", "HOURS": "hour"}
RELATIONS = {
    "EQUALS": "equal",
    "DIFFERS": "differ",
    "AT_LEAST_SIGN": "at_least",
    "AT_MOST_SIGN": "at_most",
    "BELOW": "below",
    "ABOVE": "above",
}


class TooDeepError(Exception):
    """An expression is nested deeper than anyone reads."""


@define
class Builder:
    """Builds the AST of one text."""

    source: Source
    words: Words
    report: Report
    depth: int = 0

    # ---- tools

    def span(self, tree: Tree) -> Span:
        """The place of a tree or a token; a line's end is no part of it."""
        if hasattr(tree, "children"):
            start, end = tree.meta.start_pos, tree.meta.end_pos
        else:
            start, end = tree.start_pos, tree.end_pos
        while end > start and self.source.text[end - 1] in "\n ":
            end -= 1
        return self.source.span(start, end)

    def name(self, token: Tree) -> ast.Name:
        return ast.Name(str(token), span=self.span(token))

    def quoted(self, tree: Tree) -> str:
        """The text of the last string among a tree's own children; empty where there is none."""
        strings = [str(item) for item in tree.children if kind(item) == "STRING"]
        return strings[-1][1:-1].strip() if strings else ""

    def day(self, token: Tree) -> date:
        try:
            return date.fromisoformat(str(token))
        except ValueError:
            self.report.tell("S108", self.span(token), found=str(token))
            return date.min

    # ---- the header

    def statute(self, tree: Tree) -> ast.Statute:
        under = child(tree, "under")
        laws = tuple(self.name(item) for item in tokens(under, "NAME")) if under else ()
        return ast.Statute(self.quoted(tree), laws, span=self.span(tree))

    def law(self, tree: Tree) -> ast.Law:
        return ast.Law(str(tokens(tree, "NAME")[0]), self.quoted(tree), span=self.span(tree))

    def currency(self, tree: Tree) -> ast.Currency:
        return ast.Currency(currency_code(tokens(tree, "CURRENCY")[0]), span=self.span(tree))

    def in_force(self, tree: Tree) -> ast.InForce:
        days = [self.day(token) for token in tokens(tree, "DATE")]
        return ast.InForce(days[0], days[1] if len(days) > 1 else None, span=self.span(tree))

    def source_line(self, tree: Tree) -> ast.SourceLine:
        return ast.SourceLine(self.quoted(tree), span=self.span(tree))

    def reference(self, tree: Tree) -> ast.Reference:
        to_confirm = bool(tokens(tree, "TO_CONFIRM"))
        return ast.Reference(self.quoted(tree), to_confirm, span=self.span(tree))

    def article(self, tree: Tree) -> ast.Article:
        reference = child(tree, "reference")
        number = " ".join(str(tokens(tree, "ARTICLE_NUMBER")[0]).split())
        return ast.Article(
            number,
            self.quoted(tree),
            self.reference(reference) if reference else None,
            span=self.span(tree),
        )

    # ---- declarations

    def record(self, tree: Tree) -> ast.Record:
        return ast.Record(self.first_name(tree), self.quoted(tree), span=self.span(tree))

    def first_name(self, tree: Tree) -> ast.Name:
        return self.name(tokens(tree, "NAME")[0])

    def input(self, tree: Tree) -> ast.Input:
        owner = child(tree, "owner")
        bounds = {
            kind(bound.children[0]): self.expression(bound.children[1])
            for bound in children(tree, "bound")
        }
        return ast.Input(
            self.first_name(tree),
            self.type(cast(Tree, child(tree, "type"))),
            self.first_name(owner) if owner else None,
            bounds.get("AT_LEAST_SIGN"),
            bounds.get("AT_MOST_SIGN"),
            self.quoted(tree),
            span=self.span(tree),
        )

    def type(self, tree: Tree) -> ast.TypeName:
        names = [item.children[0] for item in children(tree, "type_name")]
        made: ast.TypeName | None = None
        for token in reversed(names):
            word = currency_code(token) if kind(token) == "CURRENCY" else str(token)
            made = ast.TypeName(word, kind(token), made, span=self.span(token))
        assert made is not None, "the grammar asks for a type's name"
        return made

    def group(self, tree: Tree) -> ast.Group:
        return ast.Group(
            self.first_name(tree),
            self.grouping(cast(Tree, child(tree, "group_of"))),
            self.quoted(tree),
            span=self.span(tree),
        )

    def grouping(self, tree: Tree) -> ast.Grouping:
        where = child(tree, "where")
        condition = self.expression(where.children[-1]) if where else None
        return ast.Grouping(self.first_name(tree), condition, span=self.span(tree))

    def account(self, tree: Tree) -> ast.Account:
        indivisible = bool(tokens(tree, "INDIVISIBLE"))
        return ast.Account(
            self.first_name(tree), indivisible, self.quoted(tree), span=self.span(tree)
        )

    def parameter(self, tree: Tree) -> ast.Parameter:
        values = tuple(
            ast.DatedValue(
                self.day(tokens(line, "DATE")[0]),
                self.expression(line.children[3]),
                self.reference(cast(Tree, child(line, "reference"))),
                span=self.span(line),
            )
            for line in children(tree, "dated")
        )
        return ast.Parameter(
            self.first_name(tree),
            self.type(cast(Tree, child(tree, "type"))),
            values,
            self.quoted(tree),
            span=self.span(tree),
        )

    # ---- clauses

    def define(self, tree: Tree) -> ast.Define:
        each = child(tree, "each")
        return ast.Define(
            self.first_name(tree),
            self.expression(tree.children[3]),
            self.first_name(each) if each else None,
            span=self.span(tree),
        )

    def allocate(self, tree: Tree) -> ast.Allocate:
        items = tuple(self.item(item) for item in tree.children if data(item) in _ITEMS)
        return ast.Allocate(self.expression(tree.children[1]), items, span=self.span(tree))

    def item(self, tree: Tree) -> ast.Item:
        until = child(tree, "until")
        then = tokens(until, "NAME") if until else []
        return ast.Item(
            self.name(tokens(tree, "NAME")[0]),
            self.expression(tree.children[0]) if data(tree) == "part" else None,
            ast.Until(
                self.expression(until.children[1]),
                self.name(then[0]) if then else None,
                span=self.span(until),
            )
            if until
            else None,
            data(tree) == "losses",
            span=self.span(tree),
        )

    def share(self, tree: Tree) -> ast.Share:
        keys = tuple(self.key(item) for item in tree.children if data(item) in _KEYS)
        grouping = self.grouping(cast(Tree, child(tree, "group_of")))
        return ast.Share(self.expression(tree.children[1]), grouping, keys, span=self.span(tree))

    def key(self, tree: Tree) -> ast.Key:
        weight = self.expression(tree.children[0]) if data(tree).startswith("weighted") else None
        by = data(tree) in ("weighted", "single")
        figure = (
            next(item for item in reversed(tree.children) if kind(item) != "_NL") if by else None
        )
        return ast.Key(weight, self.expression(figure) if by else None, span=self.span(tree))

    def pool(self, tree: Tree) -> ast.Pool:
        figure, group = tokens(tree, "NAME")
        kept = cast(Tree, child(tree, "kept"))
        rest = cast(Tree, child(tree, "rest_of_pool"))
        return ast.Pool(
            self.name(figure),
            self.name(group),
            self.expression(kept.children[0]),
            self.first_name(rest),
            span=self.span(tree),
        )

    def require(self, tree: Tree) -> ast.Require:
        named, each = child(tree, "rule_name"), child(tree, "each")
        when, unless = child(tree, "when"), child(tree, "unless")
        for rule in ("each", "when", "unless"):
            for repeated in children(tree, rule)[1:]:
                self.report.tell("S114", self.span(repeated), found=str(repeated.children[0]))
        condition = tree.children[2 if named else 1]
        return ast.Require(
            kind(tree.children[0]) == "REQUIRE",
            self.first_name(named) if named else None,
            self.expression(condition),
            self.first_name(each) if each else None,
            self.expression(when.children[1]) if when else None,
            self.expression(unless.children[1]) if unless else None,
            self.quoted(tree),
            span=self.span(tree),
        )

    def permit(self, tree: Tree) -> ast.Permit:
        keys = tuple(
            self.name(item.children[0]) if kind(item.children[0]) == "NAME" else None
            for item in children(tree, "permitted")
        )
        return ast.Permit(
            self.first_name(tree),
            self.grouping(cast(Tree, child(tree, "group_of"))),
            keys,
            span=self.span(tree),
        )

    def indicator(self, tree: Tree) -> ast.Indicator:
        pillar, target = child(tree, "pillar"), child(tree, "target")
        return ast.Indicator(
            self.quoted(tree),
            self.expression(after(tree, "EQUALS")),
            self.first_name(pillar) if pillar else None,
            ast.Target(
                "at_most" if tokens(target, "AT_MOST") else "at_least",
                self.expression(target.children[-1]),
                span=self.span(target),
            )
            if target
            else None,
            span=self.span(tree),
        )

    def example(self, tree: Tree) -> ast.Example:
        bindings = tuple(
            self.binding(item)
            for given in children(tree, "given")
            for item in children(given, "binding")
        )
        expected = tuple(self.expression(item.children[1]) for item in children(tree, "expect"))
        return ast.Example(self.quoted(tree), bindings, expected, span=self.span(tree))

    def binding(self, tree: Tree) -> ast.Binding:
        opening = child(tree, "opening")
        name: ast.Name | ast.Opening = (
            ast.Opening(self.first_name(opening), span=self.span(opening))
            if opening
            else self.first_name(tree)
        )
        return ast.Binding(name, self.expression(tree.children[-1]), span=self.span(tree))

    # ---- expressions

    def expression(self, tree: Tree) -> ast.Expression:
        self.depth += 1
        try:
            if self.depth > DEEPEST_EXPRESSION:
                raise TooDeepError
            return self._expression(tree)
        finally:
            self.depth -= 1

    def _expression(self, tree: Tree) -> ast.Expression:
        span, parts = self.span(tree), tree.children
        match data(tree):
            case "number":
                return ast.Number(self.figure(parts[0]), span=span)
            case "percent":
                return ast.Number(self.figure(parts[0]) / 100, True, span=span)
            case "quantity":
                units = [unit_name(item.children[0]) for item in children(tree, "unit")]
                return ast.Quantity(self.figure(parts[0]), *units, span=span)
            case "date":
                return ast.Date(self.day(parts[0]), span=span)
            case "text":
                return ast.Text(str(parts[0])[1:-1].strip(), span=span)
            case "yes_no":
                return ast.YesNo(kind(parts[0]) == "YES", span=span)
            case "name":
                return self.name(parts[0])
            case "name_of":
                return ast.NameOf(self.name(parts[0]), self.name(parts[2]), span=span)
            case "opening":
                return ast.Opening(self.name(parts[1]), span=span)
            case "percent_of":
                rate = ast.Number(
                    self.figure(parts[0]) / 100,
                    True,
                    span=self.span(parts[0]).through(self.span(parts[1])),
                )
                return ast.Operation("part_of", (rate, self.expression(parts[3])), span=span)
            case "aggregate":
                name = kind(parts[0]).lower()
                value, group = self.expression(parts[2]), self.grouping(parts[4])
                return ast.Aggregate(name, value, group, span=span)
            case "count":
                return ast.Aggregate("count", None, self.grouping(parts[2]), span=span)
            case "rounded":
                way = kind(parts[1].children[0]).lower()
                arguments = (self.expression(parts[-1]), self.expression(parts[3]))
                return ast.Operation(f"round_{way}", arguments, span=span)
            case "extreme":
                return ast.Operation(kind(parts[0]).lower(), self.operands(parts[2:]), span=span)
            case "negative":
                return ast.Operation("negative", (self.expression(parts[1]),), span=span)
            case "negated":
                return ast.Operation("not", (self.expression(parts[1]),), span=span)
            case "both" | "either" as word:
                operation = "and" if word == "both" else "or"
                return ast.Operation(operation, self.operands(parts), span=span)
            case "conditional":
                return ast.Operation("if", self.operands(parts), span=span)
            case "compared":
                relations = tuple(
                    RELATIONS[kind(item.children[0])] for item in parts if data(item) == "relation"
                )
                operands = tuple(
                    self.expression(item) for item in parts if data(item) != "relation"
                )
                return ast.Comparison(operands, relations, span=span)
            case "added" | "multiplied":
                return self.chain(tree)
            case "atom":
                return self.expression(parts[1])
            case rule:
                raise AssertionError(f"a rule of the grammar that nothing reads: {rule}")

    def chain(self, tree: Tree) -> ast.Expression:
        """A row of sums, or of products and quotients; what is subtracted is added negated."""
        parts = tree.children
        run = [self.expression(parts[0])]
        quotients = 0
        for sign, item in zip(parts[1::2], parts[2::2], strict=True):
            operand = self.expression(item)
            if kind(sign) == "MINUS":
                span = self.span(sign).through(operand.span)
                run.append(ast.Operation("negative", (operand,), span=span))
            elif kind(sign) == "DIVIDE":
                quotients += 1
                if quotients > DEEPEST_EXPRESSION:
                    raise TooDeepError
                span = run[0].span.through(operand.span)
                run = [ast.Operation("divide", (joined("multiply", run), operand), span=span)]
            else:
                run.append(operand)
        return joined("add" if data(tree) == "added" else "multiply", run)

    def operands(self, parts: list[Tree]) -> tuple[ast.Expression, ...]:
        return tuple(self.expression(item) for item in parts if hasattr(item, "children"))

    def figure(self, token: Tree) -> Fraction:
        value = self.words.read_number(str(token))
        if value is None:
            self.report.tell("S115", self.span(token), found=str(token)[:60])
            return Fraction(0)
        return value


def joined(operation: str, run: list[ast.Expression]) -> ast.Expression:
    """One operation over a run of operands, or the only operand."""
    if len(run) == 1:
        return run[0]
    return ast.Operation(operation, tuple(run), span=run[0].span.through(run[-1].span))


def kind(item: Tree) -> str:
    """A token's terminal; empty for a tree."""
    return getattr(item, "type", "")


def data(item: Tree) -> str:
    """A tree's rule; empty for a token."""
    return str(getattr(item, "data", ""))


def tokens(tree: Tree, terminal: str) -> list[Tree]:
    """A tree's own tokens of a terminal."""
    return [item for item in tree.children if kind(item) == terminal]


def children(tree: Tree, rule: str) -> list[Tree]:
    """A tree's own subtrees of a rule."""
    return [item for item in tree.children if data(item) == rule]


def child(tree: Tree, rule: str) -> Tree | None:
    """A tree's first own subtree of a rule."""
    return next(iter(children(tree, rule)), None)


def after(tree: Tree, terminal: str) -> Tree:
    """What follows a tree's own token of a terminal."""
    kinds = [kind(item) for item in tree.children]
    return tree.children[kinds.index(terminal) + 1]


def currency_code(token: Tree) -> str:
    """A currency's code, from its code or its sign."""
    return CURRENCY_SIGNS.get(str(token), str(token))


def unit_name(token: Tree) -> str:
    """A unit of a quantity: ``year``, ``month``, ``day``, ``hour``, or a currency's code."""
    return _UNITS.get(kind(token)) or currency_code(token)


_ITEMS = {"part", "rest", "losses"}
_KEYS = {"weighted", "weighted_equally", "single", "equally"}


def build(trees: list[Tree], source: Source, words: Words, report: Report) -> ast.Document:
    """The AST of a text's parse trees; what cannot be a date or a number is told."""
    builder = Builder(source, words, report)
    rules: dict[str, Callable[[Tree], ast.Clause]] = {
        "source": builder.source_line,
        **{
            rule: getattr(builder, rule)
            for rule in (
                *("statute", "law", "currency", "in_force", "article", "record", "input", "group"),
                *("account", "parameter", "define", "allocate", "share", "pool", "require"),
                *("permit", "indicator", "example"),
            )
        },
    }
    clauses = []
    for tree in trees:
        try:
            clauses.append(rules[data(tree)](tree))
        except TooDeepError:
            builder.depth = 0
            report.tell("S107", builder.span(tree), most=DEEPEST_EXPRESSION)
    return ast.Document(source.file, source.language, tuple(clauses))
