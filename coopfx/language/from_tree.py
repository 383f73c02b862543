"""Parse trees to the AST: one small function a rule of the grammar."""

from collections.abc import Callable
from fractions import Fraction
from typing import cast

from attrs import define, evolve

from coopfx.ground.exact import currency_named
from coopfx.ground.report import OneOf, Report, Said
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language import ast
from coopfx.language.expressions import (
    Expressions,
    TooDeepError,
    joined,
)
from coopfx.language.tree import (
    DEEPEST_EXPRESSION,
    Tree,
    after,
    child,
    children,
    data,
    kind,
    tokens,
)


@define
class Builder(Expressions):
    """Builds the AST of one text."""

    # ---- the header

    def statute(self, tree: Tree) -> ast.Statute:
        return ast.Statute(self.quoted(tree), self._under(tree), span=self.span(tree))

    def law(self, tree: Tree) -> ast.Law:
        name = str(tokens(tree, "NAME")[0])
        return ast.Law(name, self.quoted(tree), self._under(tree), span=self.span(tree))

    def _under(self, tree: Tree) -> tuple[ast.Name, ...]:
        under = child(tree, "under")
        return tuple(self.name(item) for item in tokens(under, "NAME")) if under else ()

    def based_on(self, tree: Tree) -> ast.BasedOn:
        return ast.BasedOn(self.first_name(tree), span=self.span(tree))

    def currency_line(self, tree: Tree) -> ast.Currency:
        return ast.Currency(self.currency_code(tokens(tree, "CURRENCY")[0]), span=self.span(tree))

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
            bool(tokens(tree, "REPLACE_ARTICLE")),
            span=self.span(tree),
        )

    # ---- declarations

    def record(self, tree: Tree) -> ast.Record:
        return ast.Record(self.first_name(tree), self.quoted(tree), span=self.span(tree))

    def owner(self, tree: Tree) -> ast.Name | None:
        owner = child(tree, "owner")
        return self.first_name(owner) if owner else None

    def each(self, tree: Tree) -> ast.Name | None:
        each = child(tree, "each")
        return self.first_name(each) if each else None

    def input(self, tree: Tree) -> ast.Input:
        written = [
            (_SIDES[kind(bound.children[0])], self.expression(bound.children[1]))
            for bound in children(tree, "bound")
        ]
        bounds: dict[str, ast.Expression] = {}
        for (side, bound), repeated in zip(written, children(tree, "bound"), strict=True):
            if side in bounds and not isinstance(bound, ast.Name):
                found = str(repeated.children[0])
                self.report.tell("S114", self.span(repeated), found=found)
            elif not isinstance(bound, ast.Name):
                bounds[side] = bound
        beside = tuple((side, bound) for side, bound in written if isinstance(bound, ast.Name))
        return ast.Input(
            self.first_name(tree),
            self.type(cast(Tree, child(tree, "type"))),
            self.owner(tree),
            bounds.get("at_least"),
            bounds.get("at_most"),
            self.quoted(tree),
            bool(tokens(tree, "MEASURE")),
            beside,
            self.first_name(included) if (included := child(tree, "included")) else None,
            span=self.span(tree),
        )

    def type(self, tree: Tree) -> ast.TypeName:
        names = [item.children[0] for item in children(tree, "type_name")]
        made: ast.TypeName | None = None
        for token in reversed(names):
            word = self.currency_code(token) if kind(token) == "CURRENCY" else str(token)
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

    def account(self, tree: Tree) -> ast.Account:
        indivisible = bool(tokens(tree, "INDIVISIBLE"))
        least = child(tree, "least")
        return ast.Account(
            self.first_name(tree),
            self.owner(tree),
            indivisible,
            self.quoted(tree),
            None if least is None else self.expression(least.children[1]),
            span=self.span(tree),
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
            bool(tokens(tree, "NEVER_FALLING")),
            span=self.span(tree),
        )

    # ---- clauses

    def define(self, tree: Tree) -> ast.Define:
        return ast.Define(
            self.first_name(tree),
            self.expression(after(tree, "EQUALS")),
            self.each(tree),
            bool(tokens(tree, "DEFAULT")),
            span=self.span(tree),
        )

    def decide(self, tree: Tree) -> ast.Decide:
        between = bool(tokens(tree, "BETWEEN"))
        return ast.Decide(
            self.first_name(tree),
            self.expression(after(tree, "BETWEEN" if between else "AT_LEAST")),
            self.expression(after(tree, "AND")) if between else None,
            self.expression(after(tree, "OTHERWISE")) if tokens(tree, "OTHERWISE") else None,
            self.quoted(tree),
            span=self.span(tree),
        )

    def scale(self, tree: Tree) -> ast.Scale:
        steps = tuple(
            ast.Step(
                self.expression(line.children[1]),
                self.expression(line.children[3]),
                data(line) == "above_step",
                span=self.span(line),
            )
            for line in tree.children
            if data(line) in ("from_step", "above_step")
        )
        if not steps:
            forms = (self.words.keywords[terminal][0] for terminal in ("FROM", "ABOVE"))
            expected = OneOf(tuple(Said("token.word", {"word": form}) for form in forms))
            self.report.tell("S105", self.span(tree.children[0]), expected=expected)
        return ast.Scale(
            self.first_name(tree),
            self.expression(after(tree, "BY")),
            steps,
            self.part(tree, "other_step"),
            self.each(tree),
            self.quoted(tree),
            span=self.span(tree),
        )

    def allocate(self, tree: Tree) -> ast.Allocate:
        items = tuple(self.item(item) for item in tree.children if data(item) in _ITEMS)
        return ast.Allocate(
            self.expression(after(tree, "ALLOCATE")),
            items,
            self.each(tree),
            self.part(tree, "when"),
            bool(tokens(tree, "DEFAULT")),
            self.drawn_from(tree),
            span=self.span(tree),
        )

    def drawn_from(self, tree: Tree) -> ast.From | None:
        drawn = child(tree, "drawn_from")
        if drawn is None:
            return None
        if tokens(drawn, "CHARGES"):
            return ast.From(None, span=self.span(drawn))
        name, owners = self.first_name(drawn), self.owners(drawn)
        place = ast.NameOf(name, owners, span=self.span(drawn)) if owners else name
        return ast.From(place, span=self.span(drawn))

    def item(self, tree: Tree) -> ast.Item:
        untils = children(tree, "until")
        until = self.part(tree, "until")
        return ast.Item(
            self.receiver(cast(Tree, child(tree, "receiver"))),
            self.expression(tree.children[0]) if data(tree) == "part" else None,
            self._most(tree),
            self.part(tree, "low"),
            ast.Until(until, self.receiver_of(untils[0]), span=self.span(untils[0]))
            if until
            else None,
            self.part(tree, "when"),
            span=self.span(tree),
        )

    def _most(self, tree: Tree) -> ast.Expression | None:
        """The most that an item takes: the least of its limits where it has several."""
        limits = [self.expression(item.children[1]) for item in children(tree, "high")]
        return joined("min", limits) if limits else None

    def receiver(self, tree: Tree) -> ast.Receiver:
        return ast.Receiver(self.first_name(tree), self.owner(tree), span=self.span(tree))

    def receiver_of(self, tree: Tree | None) -> ast.Receiver | None:
        receiver = child(tree, "receiver") if tree else None
        return self.receiver(receiver) if receiver else None

    def share(self, tree: Tree) -> ast.Share:
        keys = _with_rest([self.key(item) for item in tree.children if data(item) in _KEYS])
        segment = child(tree, "of_each")
        for rule in ("alike", "excess"):
            for repeated in children(tree, rule)[1:]:
                found = str(repeated.children[0])
                self.report.tell("S114", self.span(repeated), found=found)
        if not keys:
            self.report.tell("S122", self.span(tree))
        return ast.Share(
            self.expression(tree.children[1]),
            self.grouping(cast(Tree, child(tree, "group_of"))),
            keys,
            self.first_name(segment) if segment else None,
            self.receiver_of(child(tree, "into")),
            self.part(tree, "when"),
            self.part(tree, "multiplied_by"),
            self.part(tree, "cap"),
            self.part(tree, "smallest"),
            child(tree, "alike") is not None,
            self.receiver_of(child(tree, "excess")),
            self.drawn_from(tree),
            span=self.span(tree),
        )

    def key(self, tree: Tree) -> ast.Key:
        weight = self.expression(tree.children[0]) if data(tree).startswith("weighted") else None
        by = data(tree) in ("weighted", "single")
        figure = self.expression(tree.children[-1]) if by else None
        return ast.Key(weight, figure, span=self.span(tree))

    def pool(self, tree: Tree) -> ast.Pool:
        figure, group = tokens(tree, "NAME")
        kept = cast(Tree, child(tree, "kept"))
        rest = cast(Tree, child(tree, "rest_of_pool"))
        return ast.Pool(
            self.name(figure),
            self.name(group),
            self.expression(kept.children[0]),
            self.first_name(rest),
            child(tree, "losses_kept") is not None,
            span=self.span(tree),
        )

    def require(self, tree: Tree) -> ast.Require:
        named = child(tree, "rule_name")
        for repeated in children(tree, "each")[1:]:
            self.report.tell("S114", self.span(repeated), found=str(repeated.children[0]))
        condition = tree.children[2 if named else 1]
        return ast.Require(
            kind(tree.children[0]) == "REQUIRE",
            self.first_name(named) if named else None,
            self.expression(condition),
            self.each(tree),
            self.part(tree, "when"),
            self.part(tree, "unless"),
            self.quoted(tree),
            span=self.span(tree),
        )

    def permit(self, tree: Tree) -> ast.Permit:
        keys = tuple(
            self.name(item.children[0]) if kind(item.children[0]) == "NAME" else None
            for item in children(tree, "permitted")
        )
        up_to = child(tree, "multiplied_up_to")
        rising = None
        if up_to is not None and tokens(up_to, "MULTIPLIED_BY"):
            rising = self.name(after(up_to, "MULTIPLIED_BY"))
        return ast.Permit(
            self.first_name(tree),
            self.grouping(cast(Tree, child(tree, "group_of"))),
            keys,
            None if up_to is None else self.expression(up_to.children[-1]),
            rising,
            span=self.span(tree),
        )

    def set_aside(self, tree: Tree) -> ast.SetAside:
        return ast.SetAside(self.first_name(tree), self.quoted(tree).strip(), span=self.span(tree))

    def indicator(self, tree: Tree) -> ast.Indicator:
        for aspect in ("target", "measured", "better"):
            for repeated in children(tree, aspect)[1:]:
                found = str(repeated.children[0])
                self.report.tell("S114", self.span(repeated), found=found)
        years: set[Fraction] = set()
        for one in children(tree, "series_break"):
            year = self.year(one)
            if year.value in years:
                written = str(tokens(one, "NUMBER")[0])
                self.report.tell("S114", year.span, found=written)
            years.add(year.value)
        pillar, measured, better = (child(tree, one) for one in ("pillar", "measured", "better"))
        target = child(tree, "target")
        return ast.Indicator(
            self.quoted(tree),
            self.expression(after(tree, "EQUALS")),
            self.first_name(pillar) if pillar else None,
            self.target(target) if target else None,
            self.texts(measured)[0] if measured else None,
            self.better(better) if better else None,
            tuple(one for line in children(tree, "formerly") for one in self.texts(line)),
            tuple(self.series_break(one) for one in children(tree, "series_break")),
            span=self.span(tree),
        )

    def target(self, tree: Tree) -> ast.Target:
        by = child(tree, "by_year")
        value = next(
            one
            for one in tree.children
            if kind(one) not in ("TARGET", "AT_LEAST", "AT_MOST") and one is not by
        )
        return ast.Target(
            "at_most" if tokens(tree, "AT_MOST") else "at_least",
            self.expression(value),
            self.year(by) if by else None,
            span=self.span(tree),
        )

    def year(self, tree: Tree) -> ast.Year:
        (number,) = tokens(tree, "NUMBER")
        return ast.Year(self.number(number), span=self.span(number))

    def better(self, tree: Tree) -> ast.Better:
        direction = "higher" if tokens(tree, "HIGHER_IS_BETTER") else "lower"
        return ast.Better(direction, span=self.span(tree))

    def texts(self, tree: Tree) -> tuple[ast.Text, ...]:
        return tuple(
            ast.Text(str(token)[1:-1].strip(), span=self.span(token))
            for token in tokens(tree, "STRING")
        )

    def series_break(self, tree: Tree) -> ast.SeriesBreak:
        return ast.SeriesBreak(self.year(tree), self.quoted(tree).strip(), span=self.span(tree))

    def example(self, tree: Tree) -> ast.Example:
        bindings = tuple(
            self.binding(item)
            for given in children(tree, "given")
            for item in children(given, "binding")
        )
        return ast.Example(
            self.quoted(tree),
            bindings,
            tuple(self.table(item) for item in children(tree, "table")),
            tuple(
                self.expected(item)
                for item in tree.children
                if data(item) in ("expect", "expect_verdict")
            ),
            span=self.span(tree),
        )

    def binding(self, tree: Tree) -> ast.Binding:
        figure, _, value = tree.children
        return ast.Binding(self.figure(figure), self.expression(value), span=self.span(tree))

    def table(self, tree: Tree) -> ast.Table:
        columns = tuple(
            self.figure(item)
            for item in tree.children
            if hasattr(item, "children") and data(item) != "row"
        )
        rows = []
        for row in children(tree, "row"):
            cells = tuple(
                self.expression(cell.children[0]) if cell.children else None
                for cell in children(row, "cell")
            )
            if len(cells) != len(columns):
                self.report.tell(
                    "S123", self.span(row), found=len(cells) + 1, expected=len(columns) + 1
                )
            rows.append(ast.Row(self.expression(row.children[0]), cells, span=self.span(row)))
        return ast.Table(self.first_name(tree), columns, tuple(rows), span=self.span(tree))

    def expected(self, tree: Tree) -> ast.Expression | ast.ExpectedVerdict:
        if data(tree) == "expect":
            return self.expression(tree.children[1])
        _, rule, status = tree.children
        return ast.ExpectedVerdict(self.name(rule), kind(status).lower(), span=self.span(tree))


_SIDES = {"AT_LEAST_SIGN": "at_least", "AT_MOST_SIGN": "at_most"}
_ITEMS = {"part", "losses"}
_KEYS = {"weighted", "weighted_equally", "single", "equally"}


def _with_rest(keys: list[ast.Key]) -> tuple[ast.Key, ...]:
    """The keys of a share; the rest, where the last is written so, is what the percentages above leave."""
    above = [one.weight for one in keys[:-1]]
    written = [one.value for one in above if isinstance(one, ast.Number)]
    last = keys[-1].weight if keys else None
    if not isinstance(last, ast.Rest) or len(written) < len(above) or not 0 < sum(written) < 1:
        return tuple(keys)
    left = ast.Number(1 - sum(written, Fraction(0)), True, span=last.span)
    return (*keys[:-1], evolve(keys[-1], weight=left))


def currency_of(trees: list[Tree]) -> str | None:
    """The currency that a text's heading names; None where it names none."""
    lines = (tree for tree in trees if data(tree) == "currency")
    return next((currency_named(str(tokens(line, "CURRENCY")[0]), None) for line in lines), None)


def build(trees: list[Tree], source: Source, words: Words, report: Report) -> ast.Document:
    """The AST of a text's parse trees; what cannot be a date or a number is told."""
    builder = Builder(source, words, report, currency_of(trees))
    rules: dict[str, Callable[[Tree], ast.Clause]] = {
        "source": builder.source_line,
        "currency": builder.currency_line,
        **{
            rule: getattr(builder, rule)
            for rule in (
                *("statute", "law", "in_force", "article", "record", "input", "group"),
                *("account", "parameter", "define", "decide", "scale", "allocate", "share", "pool"),
                *("based_on", "require", "permit", "set_aside", "indicator", "example"),
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
