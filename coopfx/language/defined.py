"""The clauses that give a name to a figure: ``define``, ``decide``, ``scale``."""

from itertools import pairwise

from attrs import define

from coopfx.ground.exact import Kind
from coopfx.ground.source import Span
from coopfx.language import ast, ir
from coopfx.language.resolution import Named
from coopfx.language.scope import Declaration, Text

ORDERED = {Kind.QUANTITY, Kind.DATE}
"""What a figure is that can be the greater one of two."""


@define(slots=True)
class Defined(Named):
    """Compiles what defines a name."""

    def defined(self, canonical: str, declared: Declaration) -> int | None:
        """The node of a name that a clause defines."""
        clause, text = declared.clause, declared.text
        match clause:
            case ast.Define():
                return self._define(clause, text)
            case ast.Decide():
                return self._decide(canonical, clause, text)
            case ast.Scale():
                return self._scale(clause, text)
            case _:
                raise AssertionError(f"no figure: {clause}")

    def _define(self, clause: ast.Define, text: Text) -> int | None:
        each = self.scope.each(clause.each, text) if clause.each else (None, None)
        if each is None:
            self.tell_unknown(clause.value, text)
            return None
        return self._plain(self.value(clause.value, text, each[0]), clause.value.span)

    def _plain(self, index: int | None, span: Span) -> int | None:
        """A node whose unit may be named; else told (T308)."""
        if index is not None and not self.type_of(index).is_plain:
            self.report.tell("T308", span, type=self.type_of(index))
            return None
        return index

    def _decide(self, canonical: str, clause: ast.Decide, text: Text) -> int | None:
        written = [clause.low, clause.high, clause.otherwise]
        indices = [None if item is None else self.value(item, text) for item in written]
        low, high, otherwise = indices
        pairs = zip(written, indices, strict=True)
        if low is None or any(item is not None and index is None for item, index in pairs):
            return None
        known = [
            (item, index) for item, index in zip(written, indices, strict=True) if index is not None
        ]
        if not self._one_sort([(index, item.span) for item, index in known if item is not None]):
            return None
        if self._plain(low, clause.low.span) is None:
            return None
        decision = ir.Decision(canonical, low, high, otherwise, type=self.type_of(low))
        return self.emit(decision)

    def _one_sort(self, parts: list[tuple[int, Span]]) -> bool:
        """Whether figures are of one sort; told (T301) where two of them are not."""
        for (left, first), (right, second) in pairwise(parts):
            one, other = self.type_of(left), self.type_of(right)
            if not one.same_sort(other):
                self.report.tell(
                    "T301", second, related=(first,), left=one, right=other, each=(other, one)
                )
                return False
        return True

    def _scale(self, clause: ast.Scale, text: Text) -> int | None:
        each = self.scope.each(clause.each, text) if clause.each else None
        if clause.each is not None and each is None:
            self.tell_unknown(clause.by, text)
            return None
        record = each[0] if each else self.owner_of(clause.by, text)
        by = self.value(clause.by, text, record)
        breaks = [self.value(step.start, text, record) for step in clause.steps]
        values = [self.value(step.value, text, record) for step in clause.steps]
        otherwise = None if clause.otherwise is None else self.value(clause.otherwise, text, record)
        made = [index for index in (*breaks, *values) if index is not None]
        if by is None or len(made) < 2 * len(clause.steps):
            return None
        if clause.otherwise is not None and otherwise is None:
            return None
        starts, ends = made[: len(breaks)], made[len(breaks) :]
        places = [step.value.span for step in clause.steps]
        results = list(zip(ends, places, strict=True))
        if clause.otherwise is not None and otherwise is not None:
            results.append((otherwise, clause.otherwise.span))
        against = [
            [(by, clause.by.span), (start, step.start.span)]
            for start, step in zip(starts, clause.steps, strict=True)
        ]
        if not all(self._one_sort(pair) for pair in against) or not self._one_sort(results):
            return None
        if self._plain(ends[0], places[0]) is None:
            return None
        if self.type_of(by).kind not in ORDERED:
            self.report.tell("T307", clause.by.span, type=self.type_of(by))
            return None
        self._tell_steps_out_of_order(starts, clause)
        return self.emit(
            ir.Scale(
                by,
                tuple(starts),
                tuple(ends),
                tuple(step.above for step in clause.steps),
                otherwise,
                type=self.type_of(ends[0]),
                record=record,
            )
        )

    def _tell_steps_out_of_order(self, starts: list[int], clause: ast.Scale) -> None:
        """Tell (M412) a step that begins no later than the one above it."""
        known = [self._constant_of(start) for start in starts]
        for position, (first, second) in enumerate(pairwise(known), 1):
            before, step = clause.steps[position - 1], clause.steps[position]
            if first is None or second is None or first < second:  # type: ignore[operator]
                continue
            if first == second and step.above and not before.above:
                continue
            self.report.tell("M412", step.span, related=(before.span,))

    def _constant_of(self, index: int) -> object:
        node = self.nodes[index]
        if isinstance(node, ir.Lift):
            return self._constant_of(node.value)
        return self.constants[node.index] if isinstance(node, ir.Slot) else None

    def owner_of(self, item: ast.Expression, text: Text) -> str | None:
        """The sort of record whose figure an expression is, by the first of its names that is one's."""
        match item:
            case ast.Name(word):
                canonical = text.words.canonical(word)
                declared = self.scope.figures.get(canonical)
                return self._owner_declared(canonical, declared, item.span) if declared else None
            case (
                ast.NameOf(_, (*_, last))
                | ast.Balance(_, _, (*_, last))
                | ast.AllOf(_, (*_, last))
                | ast.SoFar(_, (*_, last))
            ):
                return self.scope.record_named(last.word, text)
            case ast.Previous(figure) | ast.At(figure):
                return self.owner_of(figure, text)
            case ast.Operation(_, items) | ast.Comparison(items):
                owners = (self.owner_of(inner, text) for inner in items)
                return next((owner for owner in owners if owner), None)
            case ast.Logarithm(value):
                return self.owner_of(value, text)
            case ast.Number() | ast.Quantity() | ast.Date() | ast.Text() | ast.YesNo():
                return None
            case ast.Rest() | ast.Aggregate() | ast.NameOf() | ast.Balance() | ast.AllOf():
                return None
            case ast.SoFar():
                return None

    def _owner_declared(self, canonical: str, declared: Declaration, span: Span) -> str | None:
        clause, text = declared.clause, declared.text
        match clause:
            case ast.Input(record=ast.Name(word)) | ast.Define(each=ast.Name(word)):
                return self.scope.record_named(word, text)
            case ast.Scale(each=ast.Name(word)):
                return self.scope.record_named(word, text)
            case ast.Scale():
                index = self.figure(canonical, declared, span)
                return None if index is None else self.nodes[index].record
            case _:
                return None
