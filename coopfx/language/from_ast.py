"""Expressions of the AST to nodes of the program: what operations mean, and whether units agree."""

from collections.abc import Sequence

from attrs import Factory, define, evolve

from coopfx.ground.exact import (
    DATE,
    DAY,
    MONTH,
    NUMBER,
    YES_NO,
    Kind,
    Type,
    quantity,
    step_of,
    unit_product,
)
from coopfx.ground.report import Word
from coopfx.ground.source import Span
from coopfx.ground.words import nearest
from coopfx.language import ast, ir
from coopfx.language.defined import ORDERED, Defined
from coopfx.language.operations import OPERATIONS, Exists, Shape
from coopfx.language.scope import Text

_CALENDAR = {MONTH: "add_months", DAY: "add_days"}
MOST_PLACES = 20


@define(slots=True)
class Lowering(Defined):
    """Compiles expressions and groups into the nodes it holds."""

    groups: dict[str, int | None] = Factory(dict)

    # ---- expressions

    def value(
        self, expression: ast.Expression, text: Text, record: str | None = None
    ) -> int | None:
        """The node of an expression, in a text, for the cooperative or for each record of a sort."""
        self.depth += 1
        deep = self.too_deep(expression.span)
        index = None if deep else self._value(expression, text, record)
        self.depth -= 1
        if index is None:
            return None
        self.note_percent(index)
        if isinstance(expression, ast.Number) and expression.percent:
            self.percents.add(index)
        if text.is_statute:
            self.places.setdefault(index, expression.span)
        return self.lift(index, record)

    def _value(self, item: ast.Expression, text: Text, record: str | None) -> int | None:
        match item:
            case ast.Number(value):
                return self.constant(value, NUMBER)
            case ast.Quantity() | ast.Date() | ast.Text() | ast.YesNo():
                literal = self.declared.literal(item, text)
                return None if literal is None else self.constant(*literal)
            case ast.Name():
                return self.name(item, text, record)
            case ast.NameOf():
                return self.of(item, text, record)
            case ast.Balance():
                return self.balance_of(item, text, record)
            case ast.AllOf(account, of):
                return self.balance_of(
                    ast.Balance("all", account, of, span=item.span), text, record
                )
            case ast.Previous():
                return self.previous(item, text, record)
            case ast.At():
                return self.at(item, text, record)
            case ast.SoFar():
                return self.so_far(item, text, record)
            case ast.Rest():
                self.report.tell("N216", item.span)
                return None
            case ast.Logarithm():
                return self._logarithm(item, text, record)
            case ast.Operation():
                return self._operation(item, text, record)
            case ast.Comparison():
                return self._comparison(item, text, record)
            case ast.Aggregate():
                return self._aggregate(item, text, record)

    # ---- operations

    def _operation(self, item: ast.Operation, text: Text, record: str | None) -> int | None:
        indices = [self.value(argument, text, record) for argument in item.arguments]
        if any(index is None for index in indices):
            return None
        arguments = [index for index in indices if index is not None]
        places = [argument.span for argument in item.arguments]
        if item.operation == "add" and self.type_of(arguments[0]) == DATE:
            return self._later(arguments, places, record)
        type_ = self._type_of(item.operation, arguments, places, item.span)
        if type_ is None:
            return None
        if OPERATIONS[item.operation].exists is Exists.STEP:
            most = self.ranges()[arguments[1]].high
            if most is not None and most <= 0:
                self.report.tell("L534", places[1])
                return None
        return self.emit(ir.Op(item.operation, tuple(arguments), type=type_, record=record))

    def _later(
        self, arguments: list[int], places: Sequence[Span], record: str | None
    ) -> int | None:
        """A day so many months or days after another."""
        day = arguments[0]
        for delay, place in zip(arguments[1:], places[1:], strict=True):
            type_ = self.type_of(delay)
            operation = _CALENDAR.get(type_.unit) if type_.kind is Kind.QUANTITY else None
            if operation is None:
                related = (places[0], place)
                span = places[0].through(place)
                each = (DATE, DATE, type_)
                self.report.tell("T301", span, related=related, left=DATE, right=type_, each=each)
                return None
            day = self.emit(ir.Op(operation, (day, delay), type=DATE, record=record))
        return day

    def _logarithm(self, item: ast.Logarithm, text: Text, record: str | None) -> int | None:
        index = self.value(item.value, text, record)
        if not text.is_statute:
            self.report.tell("L510", item.span)
            return None
        if not (item.places.denominator == 1 and 0 <= item.places <= MOST_PLACES):
            self.report.tell("T312", item.span, most=MOST_PLACES)
            return None
        if index is None:
            return None
        if not self.type_of(index).same_sort(NUMBER):
            self.report.tell("T301", item.value.span, left=NUMBER, right=self.type_of(index))
            return None
        places = int(item.places)
        return self.emit(ir.Op("log", (index,), places, type=NUMBER, record=record))

    def _type_of(
        self, operation: str, arguments: list[int], places: Sequence[Span], span: Span
    ) -> Type | None:
        types = [self.nodes[index].type for index in arguments]
        shape = OPERATIONS[operation].shape
        if shape is Shape.LOGIC:
            return YES_NO if self._all(types, YES_NO, places) else None
        if shape is Shape.CHOICE:
            if not self._all(types[:1], YES_NO, places[:1]) or not self._alike(
                types[1:], places[1:], span
            ):
                return None
            return types[1]
        for type_, place in zip(types, places, strict=True):
            if type_.kind is not Kind.QUANTITY:
                self.report.tell("T303", place, type=type_)
                return None
        if shape is Shape.SAME:
            return quantity(types[0].unit) if self._alike(types, places, span) else None
        unit = types[0].unit
        for type_ in types[1:]:
            unit = unit_product(unit, type_.unit, -1 if shape is Shape.QUOTIENT else 1)
        return quantity(unit)

    def _all(self, types: Sequence[Type], wanted: Type, places: Sequence[Span]) -> bool:
        wrong = [
            (type_, place) for type_, place in zip(types, places, strict=True) if type_ != wanted
        ]
        for type_, place in wrong:
            self.report.tell("T302", place, type=type_)
        return not wrong

    def _alike(self, types: Sequence[Type], places: Sequence[Span], span: Span) -> bool:
        for type_, place in zip(types[1:], places[1:], strict=True):
            if not type_.same_sort(types[0]):
                related, each = (places[0], place), (types[0], types[0], type_)
                self.report.tell(
                    "T301", span, related=related, left=types[0], right=type_, each=each
                )
                return False
        return True

    def condition(self, item: ast.Expression, text: Text, record: str | None) -> int | None:
        """The node of an expression that must be yes or no (else T302)."""
        index = self.value(item, text, record)
        if index is not None and self.nodes[index].type != YES_NO:
            self.report.tell("T302", item.span, type=self.nodes[index].type)
            return None
        return index

    def _comparison(self, item: ast.Comparison, text: Text, record: str | None) -> int | None:
        indices = [self.value(operand, text, record) for operand in item.operands]
        found: list[int] = []
        for position, relation in enumerate(item.relations):
            left, right = indices[position], indices[position + 1]
            if left is None or right is None:
                return None
            index = self.compare(
                relation,
                left,
                right,
                item.operands[position].span,
                item.operands[position + 1].span,
                exactly=item.exactly,
            )
            if index is None:
                return None
            found.append(index)
        if len(found) == 1:
            return found[0]
        return self.emit(ir.Op("and", tuple(found), type=YES_NO, record=record))

    def compare(
        self,
        relation: str,
        left: int,
        right: int,
        left_span: Span,
        right_span: Span,
        *,
        exactly: bool = False,
    ) -> int | None:
        """The node of a comparison; money is compared as it is paid, or else exactly."""
        first, second = self.nodes[left].type, self.nodes[right].type
        places, span = (left_span, right_span), left_span.through(right_span)
        if not self._alike([first, second], places, span):
            return None
        if not first.is_plain:
            self.report.tell("T308", span, type=first)
            return None
        if relation not in ("equal", "differ") and first.kind not in ORDERED:
            self.report.tell("T307", span, type=first)
            return None
        record = self.nodes[left].record or self.nodes[right].record
        return self.emit(
            ir.Compare(
                relation,
                self.lift(left, record),
                self.lift(right, record),
                None if exactly else step_of(first.unit),
                type=YES_NO,
                record=record,
            )
        )

    # ---- groups

    def grouping(self, item: ast.Grouping, text: Text) -> int | None:
        """The node of a group as a clause names it, narrowed or not."""
        canonical = text.words.canonical(item.name.word)
        base: int | None
        if canonical in self.scope.groups:
            self.scope.used.add(canonical)
            base = self.group(canonical, item.name.span)
        elif canonical in self.scope.records:
            base = self.emit(ir.Group(type=YES_NO, record=canonical))
        else:
            known = [text.words.word(name) for name in (*self.scope.groups, *self.scope.records)]
            self.report.tell(
                "N209", item.name.span, name=item.name.word, nearest=nearest(item.name.word, known)
            )
            self.tell_unknown(item.where, text)
            return None
        if base is None or item.where is None:
            return base
        record = self.nodes[base].record
        where = self.condition(item.where, text, record)
        if where is None:
            return None
        return self.emit(ir.Group(base, where, type=YES_NO, record=record))

    def group(self, canonical: str, span: Span) -> int | None:
        """The node of a declared group, after those of the groups that it is narrowed from."""
        waiting: dict[str, Span] = {}
        name, place = canonical, span
        while name in self.scope.groups and name not in self.groups and name not in waiting:
            waiting[name] = place
            name, place = self.scope.base_of(name)
        if name in waiting:  # a circle is told with all of its steps
            waiting = {canonical: span}
        for name, place in reversed(waiting.items()):
            if name not in self.groups:
                self._group(name, place)
        return self.groups[canonical]

    def _group(self, canonical: str, span: Span) -> None:
        if self.refused(canonical, span):
            self.groups.setdefault(canonical, None)
            return
        declared = self.scope.groups[canonical]
        assert isinstance(declared.clause, ast.Group)
        self.path.append((canonical, span))
        index = self.grouping(declared.clause.grouping, declared.text)
        self.path.pop()
        self.groups[canonical] = index
        if index is not None:
            self.names.setdefault(index, canonical)

    def group_of(self, record: str, name: str | None, span: Span) -> int | None:
        """The node of what ``for each`` speaks of: a declared group, or all records of a sort."""
        if name is not None:
            return self.group(name, span)
        return self.emit(ir.Group(type=YES_NO, record=record))

    def record_of(self, item: ast.Grouping, text: Text) -> str | None:
        """The sort of record that a clause's group is made of, also where its condition is amiss."""
        return self.scope.record_of(text.words.canonical(item.name.word))

    def _aggregate(self, item: ast.Aggregate, text: Text, beside: str | None) -> int | None:
        group = self.grouping(item.group, text)
        record = self.record_of(item.group, text)
        if record is None:
            self.tell_unknown(item.value, text)
            return None
        if (
            not item.group.of
            and beside not in (None, record)
            and self._linking(record, beside or "")
        ):
            self.report.tell(
                "N213",
                item.span,
                group=Word(text.words.canonical(item.group.name.word)),
                record=Word(beside or ""),
            )
        value = None if item.value is None else self.value(item.value, text, record)
        if group is None or (value is None and item.value is not None):
            return None
        made = NUMBER
        if value is not None and item.value is not None:
            type_ = self.type_of(value)
            wanted = Kind.YES_NO if item.aggregate == "rate" else Kind.QUANTITY
            if type_.kind is not wanted:
                code = "T302" if wanted is Kind.YES_NO else "T303"
                self.report.tell(code, item.value.span, type=type_)
                return None
            made = NUMBER if item.aggregate == "rate" else quantity(type_.unit)
            if text.is_statute and not self.varies(value):
                self._tell_same(item, item.value, text, record)
        if not item.group.of:
            return self.emit(ir.Aggregate(item.aggregate, value, group, type=made))
        return self._aggregate_of(
            ir.Aggregate(item.aggregate, value, group, type=made), item, text, beside
        )

    def _tell_same(
        self, item: ast.Aggregate, value: ast.Expression, text: Text, record: str
    ) -> None:
        """Tell (T323) an aggregate of a figure that is one for all, with what was probably meant."""
        words, mean, own, written = text.words, "", "", self.report.written(value.span)
        name = words.canonical(value.word) if isinstance(value, ast.Name) else ""
        if name in self.scope.accounts:
            if item.aggregate == "average":
                over = self.report.written(value.span.rest_of(item.span))
                mean = f"{written} / {words.keywords['COUNT'][0]} {over}"
            elif record in self.receivers(name):
                own = f"{written} {words.keywords['OF'][0]} {words.word(record)}"
        self.report.tell("T323", value.span, record=Word(record), expected=mean, nearest=own)

    def _aggregate_of(
        self, whole: ir.Aggregate, item: ast.Aggregate, text: Text, beside: str | None
    ) -> int | None:
        """An aggregate over ``people of team``: one value of each record that they link to."""
        owners = self.owners(item.group.of, text)
        if owners is None:
            return None
        record = self.nodes[whole.group].record
        along = self.link(record, owners[0])
        if along is None:
            name = item.group.of[0]
            self.report.tell("N217", name.span, record=Word(record or ""), other=Word(owners[0]))
            return None
        index = self.emit(evolve(whole, along=along, record=owners[0]))
        return self.along(index, item.group.of, owners, item.group, text, beside)
