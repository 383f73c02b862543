"""Expressions of the AST to nodes of the program: what names mean, and whether units agree.

A name is compiled when it is first needed, so that nodes come in the order in which they can be
worked out, whatever the order of the text; a name that needs itself is told with every step of the
circle. What cannot be compiled is told once and yields None, which whatever needs it passes on.
"""

from collections.abc import Callable, Sequence

from attrs import Factory, define

from coopfx.exact import (
    NUMBER,
    YES_NO,
    Kind,
    Known,
    Type,
    money,
    quantity,
    step_of,
    unit_product,
)
from coopfx.language import ast, ir
from coopfx.language.declared import Declared
from coopfx.language.operations import OPERATIONS, Shape
from coopfx.language.scope import Declaration, Scope, Text
from coopfx.report import Report, Said, Word
from coopfx.source import Span
from coopfx.words import nearest

_ORDERED = {Kind.QUANTITY, Kind.DATE}

Step = tuple[str, Span]

DEEPEST_CHAIN = 150
"""So many steps of expressions and of names that need one another; more, no reader could follow."""


@define(slots=True)
class Lowering:
    """Compiles expressions into the nodes it holds.

    ``account`` and ``received`` are given by link.py, which knows the clauses that move money: the
    node of a bare account, and the node of what each record received from one.
    """

    scope: Scope
    report: Report
    account: Callable[[str, Span], int | None]
    received: Callable[[str, Span], int | None]
    nodes: list[ir.AnyNode] = Factory(list)
    constants: list[Known] = Factory(list)
    names: dict[int, str] = Factory(dict)
    places: dict[int, Span] = Factory(dict)
    figures: dict[str, int | None] = Factory(dict)
    groups: dict[str, int | None] = Factory(dict)
    path: list[Step] = Factory(list)
    depth: int = 0
    declared: Declared = Factory(lambda self: Declared(self.scope, self.report), takes_self=True)
    _index: dict[ir.AnyNode, int] = Factory(dict)

    # ---- nodes

    def emit(self, node: ir.AnyNode) -> int:
        """The index of a node, which is added where there is none like it."""
        known = self._index.get(node)
        if known is None:
            known = self._index[node] = len(self.nodes)
            self.nodes.append(node)
        return known

    def constant(self, value: Known, type_: Type) -> int:
        """A new slot with a constant: never one that another clause has, so that shapes are stable."""
        self.constants.append(value)
        return self.emit(ir.Slot(len(self.constants) - 1, type=type_))

    def lift(self, index: int, record: str | None) -> int:
        """A node's value beside each record, where it is the cooperative's and a record is asked."""
        node = self.nodes[index]
        if record is None or node.record is not None:
            return index
        return self.emit(ir.Lift(index, type=node.type, record=record))

    def circle(self, key: str, span: Span) -> bool:
        """Whether a name is being compiled already: told (N205) with every step of the circle."""
        keys = [step for step, _ in self.path]
        if key not in keys:
            return False
        steps = self.path[keys.index(key) + 1 :]
        words = tuple(Word(step) for step, _ in [*steps, (key, span)])
        self.report.tell("N205", span, related=tuple(place for _, place in steps), names=words)
        return True

    # ---- expressions

    def value(
        self, expression: ast.Expression, text: Text, record: str | None = None
    ) -> int | None:
        """The node of an expression, in a text, for the cooperative or for each record of a sort."""
        self.depth += 1
        if self.depth > DEEPEST_CHAIN:
            self.report.tell("N215", expression.span, most=DEEPEST_CHAIN)
            index = None
        else:
            index = self._value(expression, text, record)
        self.depth -= 1
        if index is None:
            return None
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
                return self._of(item, text, record)
            case ast.Opening():
                return self.opening(item, text)
            case ast.Operation():
                return self._operation(item, text, record)
            case ast.Comparison():
                return self._comparison(item, text, record)
            case ast.Aggregate():
                return self._aggregate(item, text, record)

    def name(self, name: ast.Name, text: Text, record: str | None) -> int | None:
        """The node of a figure or a bare account."""
        canonical = text.words.canonical(name.word)
        if canonical in self.scope.accounts:
            self.scope.used.add(canonical)
            return self.account(canonical, name.span)
        declared = self.scope.figures.get(canonical)
        if declared is None:
            self.scope.unknown(name, text)
            return None
        self.scope.used.add(canonical)
        index = self.figure(canonical, declared, name.span)
        if index is None:
            return None
        owner = self.nodes[index].record
        if owner is not None and owner != record:
            code = "T304" if record is None else "T306"
            self.report.tell(
                code,
                name.span,
                name=name.word,
                record=Word(owner),
                other=Word(record or ""),
                group=Word(self.scope.group_of(owner)),
            )
            return None
        return index

    def figure(self, canonical: str, declared: Declaration, span: Span) -> int | None:
        """The node of a declared fact, parameter or defined name."""
        if canonical in self.figures:
            return self.figures[canonical]
        if self.circle(canonical, span):
            return None
        self.path.append((canonical, span))
        index = self._declared(canonical, declared)
        self.path.pop()
        self.figures[canonical] = index
        if index is not None:
            self.names.setdefault(index, canonical)
        return index

    def _declared(self, canonical: str, declared: Declaration) -> int | None:
        clause, text = declared.clause, declared.text
        match clause:
            case ast.Input():
                given = self.declared.input(canonical, clause, text)
                return None if given is None else self.emit(given)
            case ast.Parameter():
                dated = self.declared.parameter(canonical, clause, text)
                return None if dated is None else self.emit(ir.Param(canonical, type=dated.type))
            case ast.Define():
                each = self.scope.each(clause.each, text) if clause.each else (None, None)
                if each is None:
                    self.tell_unknown(clause.value, text)
                    return None
                index = self.value(clause.value, text, each[0])
                if index is not None and not self.nodes[index].type.is_plain:
                    self.report.tell("T308", clause.value.span, type=self.nodes[index].type)
                    return None
                return index
            case _:
                raise AssertionError(f"no figure: {clause}")

    def _of(self, item: ast.NameOf, text: Text, record: str | None) -> int | None:
        """``work_share of person``, ``headcount of team``: a record's figure, or a linked one's."""
        canonical = text.words.canonical(item.name.word)
        owner = text.words.canonical(item.of.word)
        group = text.words.group_of_one(item.of.word)
        if owner not in self.scope.records and group is not None:
            owner = self.scope.record_of(group) or owner
        if owner not in self.scope.records:
            known = [text.words.word(name) for name in self.scope.records]
            near = nearest(item.of.word, known)
            self.report.tell("N208", item.of.span, name=item.of.word, nearest=near)
            return None
        if canonical in self.scope.accounts:
            index = self.received(canonical, item.span)
        elif canonical in self.scope.figures:
            self.scope.used.add(canonical)
            index = self.figure(canonical, self.scope.figures[canonical], item.name.span)
        else:
            self.scope.unknown(item.name, text)
            return None
        if index is None:
            return None
        node = self.nodes[index]
        if node.record != owner:
            self.report.tell(
                "T306",
                item.span,
                name=item.name.word,
                record=Word(node.record) if node.record else Said("record.cooperative"),
                other=Word(owner),
            )
            return None
        if owner == record:
            return index
        along = self._link(record, owner)
        if record is None or along is None:
            self.report.tell(
                "T304",
                item.span,
                name=item.name.word,
                record=Word(owner),
                group=Word(self.scope.group_of(owner)),
            )
            return None
        return self.emit(ir.Lift(index, along, type=node.type, record=record))

    def _link(self, record: str | None, to: str) -> int | None:
        """The link by which each record of one sort belongs to one of another, if one is declared."""
        given = self._linking(record, to)
        if given is None:
            return None
        return self.emit(ir.Link(given.name, to, type=given.type, record=record))

    def _linking(self, record: str | None, to: str) -> ir.Input | None:
        for name, declared in self.scope.figures.items():
            clause = declared.clause
            if isinstance(clause, ast.Input) and clause.type.terminal == "NAME":
                given = self.declared.input(name, clause, declared.text)
                if given and given.record == record and given.type.record == to:
                    return given
        return None

    def opening(self, item: ast.Opening, text: Text) -> int | None:
        """The node of an account's balance when the year opened."""
        canonical = text.words.canonical(item.account.word)
        if canonical not in self.scope.accounts:
            self.scope.unknown(item.account, text)
            return None
        self.scope.used.add(canonical)
        return self.opening_of(canonical)

    def opening_of(self, account: str) -> int:
        """An account's opening balance: given by the data, or the sum of its branches'."""
        branches = tuple(
            self.opening_of(name)
            for name in self.scope.accounts
            if name.startswith(account + ".") and "." not in name[len(account) + 1 :]
        )
        return self.emit(ir.Balance(account, "opening", branches, type=self.money()))

    def money(self) -> Type:
        """The type of an amount in the statute's currency."""
        return quantity(money(self.scope.currency))

    # ---- operations

    def _operation(self, item: ast.Operation, text: Text, record: str | None) -> int | None:
        indices = [self.value(argument, text, record) for argument in item.arguments]
        if any(index is None for index in indices):
            return None
        arguments = [index for index in indices if index is not None]
        places = [argument.span for argument in item.arguments]
        type_ = self._type_of(item.operation, arguments, places, item.span)
        if type_ is None:
            return None
        return self.emit(ir.Op(item.operation, tuple(arguments), type=type_, record=record))

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
                self.report.tell(
                    "T301", span, related=(places[0], place), left=types[0], right=type_
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
            )
            if index is None:
                return None
            found.append(index)
        if len(found) == 1:
            return found[0]
        return self.emit(ir.Op("and", tuple(found), type=YES_NO, record=record))

    def compare(
        self, relation: str, left: int, right: int, left_span: Span, right_span: Span
    ) -> int | None:
        """The node of a comparison; money is compared as it is paid."""
        first, second = self.nodes[left].type, self.nodes[right].type
        places, span = (left_span, right_span), left_span.through(right_span)
        if not self._alike([first, second], places, span):
            return None
        if not first.is_plain:
            self.report.tell("T308", span, type=first)
            return None
        if relation not in ("equal", "differ") and first.kind not in _ORDERED:
            self.report.tell("T307", span, type=first)
            return None
        record = self.nodes[left].record or self.nodes[right].record
        return self.emit(
            ir.Compare(
                relation,
                self.lift(left, record),
                self.lift(right, record),
                step_of(first.unit),
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
        """The node of a declared group."""
        if canonical in self.groups:
            return self.groups[canonical]
        if self.circle(canonical, span):
            return None
        declared = self.scope.groups[canonical]
        assert isinstance(declared.clause, ast.Group)
        self.path.append((canonical, span))
        index = self.grouping(declared.clause.grouping, declared.text)
        self.path.pop()
        self.groups[canonical] = index
        if index is not None:
            self.names.setdefault(index, canonical)
        return index

    def record_of(self, item: ast.Grouping, text: Text) -> str | None:
        """The sort of record that a clause's group is made of, also where its condition is amiss."""
        return self.scope.record_of(text.words.canonical(item.name.word))

    def tell_unknown(self, item: ast.Expression | None, text: Text) -> None:
        """Tell the names of an expression that nothing declares, where no more can be said of it.

        So an unknown group or record does not hide a misspelt figure of the same clause.
        """
        match item:
            case ast.Name():
                self._tell_unknown_name(item, text)
            case ast.NameOf(name):
                self._tell_unknown_name(name, text)
            case ast.Opening(account):
                self._tell_unknown_name(account, text)
            case ast.Operation(_, items) | ast.Comparison(items):
                for inner in items:
                    self.tell_unknown(inner, text)
            case ast.Aggregate(_, value, group):
                self.tell_unknown(value, text)
                self.grouping(group, text)
            case _:
                pass

    def _tell_unknown_name(self, name: ast.Name, text: Text) -> None:
        canonical = text.words.canonical(name.word)
        if canonical not in self.scope.accounts and canonical not in self.scope.figures:
            self.scope.unknown(name, text)

    def _aggregate(self, item: ast.Aggregate, text: Text, beside: str | None) -> int | None:
        group = self.grouping(item.group, text)
        record = self.record_of(item.group, text)
        if record is None:
            self.tell_unknown(item.value, text)
            return None
        if beside not in (None, record) and self._linking(record, beside or ""):
            self.report.tell(
                "N213",
                item.span,
                group=Word(text.words.canonical(item.group.name.word)),
                record=Word(beside or ""),
            )
        if group is None:
            if item.value is not None:
                self.value(item.value, text, record)
            return None
        if item.value is None:
            return self.emit(ir.Aggregate(item.aggregate, None, group, type=NUMBER))
        value = self.value(item.value, text, record)
        if value is None:
            return None
        type_ = self.nodes[value].type
        wanted = Kind.YES_NO if item.aggregate == "rate" else Kind.QUANTITY
        if type_.kind is not wanted:
            code = "T302" if wanted is Kind.YES_NO else "T303"
            self.report.tell(code, item.value.span, type=type_)
            return None
        made = NUMBER if item.aggregate == "rate" else quantity(type_.unit)
        return self.emit(ir.Aggregate(item.aggregate, value, group, type=made))
