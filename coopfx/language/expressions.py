"""Parse trees of names, groups and expressions to the AST: what clauses are made of."""

from datetime import date
from fractions import Fraction

from attrs import define

from coopfx.ground.exact import currency_named
from coopfx.ground.report import Report
from coopfx.ground.source import Source, Span
from coopfx.ground.words import Words
from coopfx.language import ast
from coopfx.language.tree import (
    DEEPEST_EXPRESSION,
    Tree,
    child,
    children,
    data,
    ends,
    kind,
    tokens,
)

_UNITS = {"YEARS": "year", "MONTHS": "month", "DAYS": "day", "HOURS": "hour"}
RELATIONS = {
    "EQUALS": "equal",
    "DIFFERS": "differ",
    "AT_LEAST_SIGN": "at_least",
    "AT_MOST_SIGN": "at_most",
    "BELOW_SIGN": "below",
    "ABOVE_SIGN": "above",
}


class TooDeepError(Exception):
    """An expression is nested deeper than anyone reads."""


@define
class Expressions:
    """Builds the expressions of one text, whose amounts are in ``currency`` where it says so."""

    source: Source
    words: Words
    report: Report
    currency: str | None = None
    depth: int = 0

    # ---- tools

    def span(self, tree: Tree) -> Span:
        """The place of a tree or a token; a line's end is no part of it."""
        start, end = ends(tree)
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

    def first_name(self, tree: Tree) -> ast.Name:
        return self.name(tokens(tree, "NAME")[0])

    def part(self, tree: Tree, rule: str) -> ast.Expression | None:
        """The expression of a tree's only subtree of a rule, after its keyword; a second is told."""
        found = children(tree, rule)
        for repeated in found[1:]:
            self.report.tell("S114", self.span(repeated), found=str(repeated.children[0]))
        return self.expression(found[0].children[1]) if found else None

    def grouping(self, tree: Tree) -> ast.Grouping:
        condition = self.part(tree, "where")
        return ast.Grouping(
            self.first_name(tree), condition, self.owners(tree), span=self.span(tree)
        )

    def owners(self, tree: Tree) -> tuple[ast.Name, ...]:
        owners = child(tree, "owners")
        return tuple(self.name(item) for item in tokens(owners, "NAME")) if owners else ()

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
                return ast.Number(self.number(parts[0]), span=span)
            case "percent":
                return ast.Number(self.number(parts[0]) / 100, True, span=span)
            case "quantity":
                units = [self.unit_name(item.children[0]) for item in children(tree, "unit")]
                return ast.Quantity(self.number(tokens(tree, "NUMBER")[0]), *units, span=span)
            case "date":
                return ast.Date(self.day(parts[0]), span=span)
            case "text":
                return ast.Text(str(parts[0])[1:-1].strip(), span=span)
            case "yes_no":
                return ast.YesNo(kind(parts[0]) == "YES", span=span)
            case "name" | "name_of" | "balance":
                return self.plain_figure(tree)
            case "previous":
                return ast.Previous(self.plain_figure(_figure_of(parts)), span=span)
            case "at":
                day = self.expression(parts[2])
                return ast.At(self.plain_figure(parts[0]), day, span=span)
            case "all_of":
                return ast.AllOf(self.first_name(tree), self.owners(tree), span=span)
            case "so_far":
                return ast.SoFar(self.first_name(tree), self.owners(tree), span=span)
            case "rest":
                return ast.Rest(span=span)
            case "log":
                places = self.number(parts[4])
                return ast.Logarithm(self.expression(parts[2]), places, span=span)
            case "percent_of":
                rate = ast.Number(
                    self.number(parts[0]) / 100,
                    True,
                    span=self.span(parts[0]).through(self.span(parts[1])),
                )
                return ast.Operation("part_of", (rate, self.expression(parts[3])), span=span)
            case "fraction":
                return self._fraction(parts[0])
            case "fraction_of":
                rate = self._fraction(parts[0])
                return ast.Operation("part_of", (rate, self.expression(parts[2])), span=span)
            case "named_of_rest":
                rest = ast.Rest(span=self.span(parts[2]))
                return ast.Operation("part_of", (self.name(parts[0]), rest), span=span)
            case "aggregate":
                name = kind(parts[0]).lower()
                value, group = self.expression(parts[2]), self.grouping(parts[4])
                return ast.Aggregate(name, value, group, span=span)
            case "count":
                return ast.Aggregate("count", None, self.grouping(parts[2]), span=span)
            case "rounded":
                way = kind(parts[2].children[0]).lower()
                arguments = (self.expression(parts[0]), self.expression(parts[-1]))
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
                    self.expression(item)
                    for item in parts
                    if hasattr(item, "children") and data(item) != "relation"
                )
                exactly = bool(tokens(tree, "EXACTLY"))
                return ast.Comparison(operands, relations, exactly, span=span)
            case "added" | "multiplied":
                return self.chain(tree)
            case "atom":
                return self.expression(parts[1])
            case rule:
                raise AssertionError(f"a rule of the grammar that nothing reads: {rule}")

    def _fraction(self, token: Tree) -> ast.Number:
        above, below = (Fraction(one) for one in str(token).split("/"))
        return ast.Number(above / below, True, span=self.span(token))

    def plain_figure(self, tree: Tree) -> ast.Figure:
        """A name, alone or of whom, or an account's balance."""
        span, owners = self.span(tree), self.owners(tree)
        if data(tree) == "balance":
            at = kind(tree.children[0]).lower()
            return ast.Balance(at, self.first_name(tree), owners, span=span)
        name = self.first_name(tree)
        return ast.NameOf(name, owners, span=span) if owners else name

    def figure(self, tree: Tree) -> ast.Figure | ast.Previous:
        """A figure, of this year or of the one before."""
        if data(tree) == "previous":
            return ast.Previous(self.plain_figure(_figure_of(tree.children)), span=self.span(tree))
        return self.plain_figure(tree)

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
        if data(tree) == "added":
            return joined("add", run)
        if len(run) == 2 and isinstance(run[1], ast.Rest):
            return joined("part_of", run)
        return joined("multiply", run)

    def operands(self, parts: list[Tree]) -> tuple[ast.Expression, ...]:
        return tuple(self.expression(item) for item in parts if hasattr(item, "children"))

    def currency_code(self, token: Tree) -> str:
        """A currency's code, from its code or its sign."""
        return currency_named(str(token), self.currency)

    def unit_name(self, token: Tree) -> str:
        """A unit of a quantity: ``year``, ``month``, ``day``, ``hour``, or a currency's code."""
        return _UNITS.get(kind(token)) or self.currency_code(token)

    def number(self, token: Tree) -> Fraction:
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


def _figure_of(parts: list[Tree]) -> Tree:
    """The figure of a tree that says of which year it is, the word for that before or after it."""
    return next(item for item in parts if hasattr(item, "children"))
