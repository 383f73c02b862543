"""A statute's own tests, compiled: what an example gives, and what it expects."""

from collections.abc import Collection

from attrs import Factory, define, evolve

from coopfx.ground.exact import NUMBER, Kind, Known
from coopfx.ground.facts import Field
from coopfx.ground.figure import PREVIOUS, opening_of
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Span
from coopfx.ground.words import nearest, without_mark
from coopfx.language import ast, ir
from coopfx.language.from_ast import Lowering
from coopfx.language.placed import Placed
from coopfx.language.resolution import word_of
from coopfx.language.scope import Text


@define(slots=True)
class Examples:
    """Compiles examples, once every rule that they may expect a verdict of is known.

    Of rules that are ``amiss``, which is told already, none is expected.
    """

    lowering: Lowering
    report: Report
    rules: tuple[ir.Rule, ...]
    amiss: Collection[str] = ()
    made: list[ir.Example] = Factory(list)

    def example(self, placed: Placed, clause: ast.Example) -> None:
        """Compile an example, and hold it."""
        text = placed.text
        tables = [self._table(table, text) for table in clause.tables]
        given = [self._binding(binding, text) for binding in clause.given]
        self.lowering.members = {
            row: table.record for table in tables if table is not None for row in table.ids
        }
        expected = []
        verdicts = []
        for item in clause.expected:
            if isinstance(item, ast.ExpectedVerdict):
                rule = self._rule(item, text)
                if rule is not None:
                    verdicts.append((rule, item.status, item.span))
                continue
            index = self.lowering.condition(item, text, None)
            if index is not None:
                expected.append((index, item.span))
        self.lowering.members = None
        self.made.append(
            ir.Example(
                clause.title,
                tuple(one for one in given if one is not None),
                tuple(expected),
                placed.origin,
                tuple(table for table in tables if table is not None),
                tuple(verdicts),
                self._places(clause, given, tables),
            )
        )

    @staticmethod
    def _places(
        clause: ast.Example,
        given: list[tuple[int, Known] | None],
        tables: list[ir.GivenTable | None],
    ) -> tuple[tuple[int, str, Span], ...]:
        """The line that gives each figure."""
        own = zip(given, clause.given, strict=True)
        found = [(one[0], "", line.span) for one, line in own if one is not None]
        for table, written in zip(tables, clause.tables, strict=True):
            columns = () if table is None else table.columns
            rows = [(name, row.span) for row in written.rows if (name := identifier(row.id))]
            found += [(node, name, span) for _, node, _ in columns for name, span in rows]
        return tuple(found)

    def _rule(self, item: ast.ExpectedVerdict, text: Text) -> str | None:
        word = item.rule.word
        if text.words.canonical(word) in self.amiss:
            return None
        known = {rule.name for rule in self.rules}
        for rule in sorted(self.rules, key=lambda rule: rule.origin.law is not None):
            before = f"{rule.origin.law}." if rule.origin.law else ""
            own = text.words.canonical(word.removeprefix(before))
            if rule.name in (word, f"{before}{own}"):
                return rule.name
        near = nearest(item.rule.word, [text.words.word(rule) for rule in known])
        self.report.tell("N220", item.rule.span, name=item.rule.word, nearest=near)
        return None

    def _binding(self, binding: ast.Binding, text: Text) -> tuple[int, Known] | None:
        index = self._given(binding.figure, text)
        if index is None:
            return None
        node = self.lowering.nodes[index]
        if node.record is not None:
            name = word_of(binding.figure)
            record = Word(node.record)
            self.report.tell("E606", binding.span, name=name, record=record)
            return None
        value = self._known(binding.value, node, text)
        return None if value is None else (index, value)

    def _given(self, figure: ast.Figure | ast.Previous, text: Text) -> int | None:
        """The node that an example gives a value for."""
        match figure:
            case ast.Previous():
                found = self.lowering.known_as(figure.figure, text)
                if found is None:
                    return None
                own, type_, owner = found
                previous = evolve(own, period=PREVIOUS)
                declared = self.lowering.declared
                return self.lowering.emit(declared.other_year(previous, type_, owner))
            case ast.Balance(at, account):
                canonical = text.words.canonical(account.word)
                if canonical not in self.lowering.scope.accounts:
                    self.lowering.scope.unknown(account, text)
                    return None
                self.lowering.scope.used.add(canonical)
                return self.lowering.balance(canonical, at, figure.span)
            case ast.Name() | ast.NameOf():
                name = figure if isinstance(figure, ast.Name) else figure.name
                canonical = text.words.canonical(name.word)
                declared_name = self.lowering.scope.figures.get(canonical)
                if declared_name is None:
                    self.lowering.scope.unknown(name, text)
                    return None
                return self.lowering.figure(canonical, declared_name, name.span)

    def _known(self, written: ast.Expression, node: ir.AnyNode, text: Text) -> Known | None:
        """The value that stands in an example for a node; a bare number is in the figure's own unit."""
        if node.type.kind in (Kind.LINK, Kind.TEXT):
            return identifier(written)
        literal = self.lowering.declared.literal(written, text)
        if literal is None:
            return None
        value, own = literal
        if not own.same_sort(node.type) and (own != NUMBER or node.type.kind is not Kind.QUANTITY):
            self.report.tell("T301", written.span, left=node.type, right=own)
            return None
        fact = None
        if isinstance(node, ir.Input):
            fact = Field(node.key, node.type, None, node.low, node.high)
        elif isinstance(node, ir.Balance):
            fact = Field(opening_of(node.account), node.type, None, node.low)
        if fact is not None and not fact.admits(value):
            self.report.tell(
                "E604",
                written.span,
                name=Word(fact.name),
                found=fact.shown(value),
                domain=fact.domain(),
            )
            return None
        return value

    def _table(self, table: ast.Table, text: Text) -> ir.GivenTable | None:
        record = self.lowering.scope.record_named(table.record.word, text)
        if record is None:
            known = [text.words.word(name) for name in self.lowering.scope.records]
            near = nearest(table.record.word, known)
            self.report.tell("N208", table.record.span, name=table.record.word, nearest=near)
            return None
        rows: dict[str, ast.Row] = {}
        for row in table.rows:
            name = identifier(row.id)
            if name is None:
                self.report.tell("T309", row.id.span)
            elif name in rows:
                related = (rows[name].span,)
                self.report.tell("D705", row.span, related=related, record=name[:60])
            else:
                rows[name] = row
        ids = tuple(sorted(rows))
        columns = []
        for position, figure in enumerate(table.columns):
            index = self._given(figure, text)
            if index is None:
                continue
            node = self.lowering.nodes[index]
            if node.record != record:
                self.report.tell(
                    "T306",
                    figure.span,
                    name=word_of(figure),
                    record=Word(node.record or "cooperative"),
                    other=Word(record),
                )
                continue
            cells = [rows[name].cells for name in ids]
            column = tuple(
                None if cell is None else self._known(cell, node, text)
                for cell in (row[position] if position < len(row) else None for row in cells)
            )
            fact = node.key if isinstance(node, ir.Input) else ""
            columns.append((fact, index, column))
        return ir.GivenTable(record, ids, tuple(columns))


def identifier(written: ast.Expression) -> str | None:
    """The text of an identifier: a word, a whole number or a text; None where it is none of these."""
    match written:
        case ast.Name(word):
            return without_mark(word)
        case ast.Text(value):
            return value
        case ast.Number(value, False) if value.denominator == 1:
            return str(value.numerator)
        case _:
            return None
