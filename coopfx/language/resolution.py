"""What a name stands for: a fact, a parameter, a definition, an account; of whom, and of which year.

A name is compiled when it is first needed, so that nodes come in the order in which they can be
worked out, whatever the order of the text; a name that needs itself is told with every step of the
circle. What cannot be compiled is told once and yields None, which whatever needs it passes on.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from itertools import pairwise

from attrs import Factory, define, evolve

from coopfx.ground.exact import DATE, Type
from coopfx.ground.figure import PREVIOUS, Figure, Period
from coopfx.ground.report import Said, Word
from coopfx.ground.source import Span
from coopfx.ground.words import nearest, without_mark
from coopfx.language import ast, ir
from coopfx.language.nodes import Nodes
from coopfx.language.scope import Declaration, Text


@define(slots=True)
class Named(Nodes, ABC):
    """Compiles names.

    ``balance`` and ``received`` are given by link.py, which knows the clauses that move money: the
    node of an account's balance at ``opening``, ``added``, ``taken`` or ``closing``, and the node of
    what each record of a sort received from an account, and which sorts receive. ``members`` are the
    records that an example gives, by identifier; None outside examples.
    """

    balance: Callable[[str, str, Span], int | None] = Factory(lambda: _no_accounts)
    received: Callable[[str, str, Span], int | None] = Factory(lambda: _no_accounts)
    above: Callable[[str, Span], int | None] = Factory(lambda: _no_accounts)
    receivers: Callable[[str], list[str]] = Factory(lambda: lambda account: [])
    figures: dict[str, int | None] = Factory(dict)
    members: dict[str, str] | None = None

    @abstractmethod
    def value(
        self, expression: ast.Expression, text: Text, record: str | None = None
    ) -> int | None:
        """The node of an expression, for the cooperative or for each record of a sort."""

    @abstractmethod
    def defined(self, canonical: str, declared: Declaration) -> int | None:
        """The node of a name that a clause defines."""

    @abstractmethod
    def grouping(self, item: ast.Grouping, text: Text) -> int | None:
        """The node of a group as a clause names it."""

    # ---- a name alone

    def name(self, name: ast.Name, text: Text, record: str | None) -> int | None:
        """The node of a figure or a bare account."""
        canonical = text.words.canonical(name.word)
        if canonical in self.scope.accounts:
            self.scope.used.add(canonical)
            index = self.balance(canonical, "added", name.span)
        else:
            declared = self.scope.figures.get(canonical)
            if declared is None:
                self.scope.unknown(name, text, record)
                return None
            self.scope.used.add(canonical)
            index = self.figure(canonical, declared, name.span)
        return None if index is None else self.beside(index, name, record)

    def beside(
        self, index: int, name: ast.Figure | ast.Previous | ast.SoFar, record: str | None
    ) -> int | None:
        """A figure in the place of a record; told (T304, T306) where it is another record's."""
        owner = self.nodes[index].record
        if owner is not None and owner != record:
            self.report.tell(
                "T304" if record is None else "T306",
                name.span,
                name=word_of(name),
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
        if self.refused(canonical, span):
            return None
        self.path.append((canonical, span))
        index = self._declared(canonical, declared)
        self.path.pop()
        self.figures[canonical] = index
        if index is not None:
            self.note_percent(index)
            self.names.setdefault(index, canonical)
        return index

    def _declared(self, canonical: str, declared: Declaration) -> int | None:
        clause, text = declared.clause, declared.text
        match clause:
            case ast.Input():
                given = self.declared.input(canonical, clause, text)
                if given is None:
                    return None
                index = self.emit(given)
                bounds = (clause.low, clause.high)
                if any(isinstance(bound, ast.Number) and bound.percent for bound in bounds):
                    self.percents.add(index)
                return index
            case ast.Parameter():
                dated = self.declared.parameter(canonical, clause, text)
                if dated is None:
                    return None
                index = self.emit(ir.Param(canonical, type=dated.type))
                values = (line.value for line in clause.values)
                if any(isinstance(value, ast.Number) and value.percent for value in values):
                    self.percents.add(index)
                return index
            case _:
                return self.defined(canonical, declared)

    # ---- of whom

    def of(self, item: ast.NameOf, text: Text, record: str | None) -> int | None:
        """``work_share of person``, ``headcount of team of person``: a figure of a record."""
        member = self._member(item, record)
        if member is not None:
            index = self._figure_of(item, member, text)
            return None if index is None else self._of_member(index, member, item)
        if self._is_nobody(item, text, record):
            return None
        if self._is_product(item, text):
            return None
        owners = self.owners(item.of, text)
        if owners is None:
            self.tell_unknown(item.name, text)
            return None
        index = self._figure_of(item, owners[0], text)
        return None if index is None else self.along(index, item.of, owners, item, text, record)

    def _is_product(self, item: ast.NameOf, text: Text) -> bool:
        """Whether a name is said to be *of* a figure, which has none: told (N238) with the product."""
        (owner, *further) = item.of
        named = text.words.canonical(owner.word), text.words.canonical(item.name.word)
        known = (*self.scope.figures, *self.scope.accounts)
        if further or self.scope.record_named(owner.word, text) or not {*named} <= {*known}:
            return False
        self.scope.used.update(named)
        self.report.tell(
            "N238", item.span, name=owner.word, expected=f"{item.name.word} * {owner.word}"
        )
        return True

    def _member(self, item: ast.NameOf | ast.Balance, record: str | None) -> str | None:
        """The sort of record of the one whose figure an example names; None where it names none."""
        alone = len(item.of) == 1 and record is None
        return (self.members or {}).get(without_mark(item.of[0].word)) if alone else None

    def _is_nobody(self, item: ast.NameOf | ast.Balance, text: Text, record: str | None) -> bool:
        """Whether an example names a figure of one that it does not give: told (T314)."""
        (owner, *further) = item.of
        sort = self.scope.record_named(owner.word, text)
        if self.members is None or further or record is not None or sort is not None:
            return False
        name = item.name if isinstance(item, ast.NameOf) else item.account
        canonical = text.words.canonical(name.word)
        declared = self.scope.figures.get(canonical)
        own: list[str | None] = []
        if declared is not None:
            index = self.figure(canonical, declared, name.span)
            own = [None if index is None else self.nodes[index].record]
        elif canonical in self.scope.accounts:
            own = [self.scope.account_record(canonical), *self.receivers(canonical)]
        else:
            self.scope.unknown(name, text)
            return True
        self.scope.used.add(canonical)
        of = next((one for one in own if one is not None), None)
        if of is None:
            return False
        named = owner.word
        near = nearest(named, [one for one, other in self.members.items() if other == of])
        self.report.tell("T314", owner.span, name=named, record=Word(of), nearest=near)
        return True

    def _of_member(self, index: int, member: str, item: ast.NameOf | ast.Balance) -> int | None:
        """A figure of one record of an example; told (T306) where it is of another sort of record."""
        identifier, record = without_mark(item.of[0].word), self.nodes[index].record
        if record != member:
            self._tell_owner(item, record, member)
            return None
        return self.emit(ir.Member(index, identifier, type=self.type_of(index)))

    def _tell_owner(
        self, item: ast.Expression | ast.Grouping, record: str | None, asked: str
    ) -> None:
        """Tell (T306) a figure that is of one sort of record, or of the cooperative, and not of another."""
        self.report.tell(
            "T306",
            item.span,
            name=word_of(item),
            record=Word(record) if record else Said("record.cooperative"),
            other=Word(asked),
        )

    def _figure_of(self, item: ast.NameOf, owner: str, text: Text) -> int | None:
        """The node of a figure, or of what was received from an account, of a sort of record."""
        canonical = text.words.canonical(item.name.word)
        if canonical in self.scope.accounts and self.scope.account_record(canonical) is None:
            self.scope.used.add(canonical)
            return self.received(canonical, owner, item.span)
        if canonical in self.scope.accounts:
            self.scope.used.add(canonical)
            index = self.balance(canonical, "added", item.span)
        elif canonical in self.scope.figures:
            self.scope.used.add(canonical)
            index = self.figure(canonical, self.scope.figures[canonical], item.name.span)
        else:
            self.scope.unknown(item.name, text, owner)
            return None
        return index

    def owners(self, names: tuple[ast.Name, ...], text: Text) -> list[str] | None:
        """The sorts of record that ``of team of person`` leads through; told (N208) where one is none."""
        found: list[str] = []
        for name in reversed(names):
            linked = self._link_named(text.words.canonical(name.word), found[-1]) if found else None
            record = linked.type.record if linked else self.scope.record_named(name.word, text)
            if record is None:
                known = [text.words.word(item) for item in self.scope.records]
                near = nearest(name.word, known)
                self.report.tell("N208", name.span, name=name.word, nearest=near)
                return None
            found.append(record)
        return found[::-1]

    def along(
        self,
        index: int,
        names: tuple[ast.Name, ...],
        owners: list[str],
        item: ast.Expression | ast.Grouping,
        text: Text,
        record: str | None,
    ) -> int | None:
        """A figure of the first owner, followed along the links to the last, and to the record asked."""
        word = word_of(item)
        node = self.nodes[index]
        if node.record != owners[0]:
            self._tell_owner(item, node.record, owners[0])
            return None
        for name, (to, own) in zip(names, pairwise(owners), strict=False):
            lifted = self._lift_along(index, to, own, text.words.canonical(name.word))
            if lifted is None:
                self.report.tell("N217", name.span, record=Word(own), other=Word(to))
                return None
            index = lifted
        if owners[-1] == record:
            return index
        lifted = self._lift_along(index, owners[-1], record, "") if record else None
        if lifted is None and record is not None:
            words = Word(record), Word(owners[-1])
            self.report.tell("N217", names[-1].span, record=words[0], other=words[1])
        elif lifted is None:
            group = Word(self.scope.group_of(owners[-1]))
            self.report.tell("T304", item.span, name=word, record=Word(owners[-1]), group=group)
        return lifted

    def _lift_along(self, index: int, to: str, own: str | None, name: str) -> int | None:
        """A figure of ``to`` beside each ``own`` record that links to it; None where there is no link."""
        link = self.link(own, to, name)
        if link is None:
            return None
        return self.emit(ir.Lift(index, link, type=self.type_of(index), record=own))

    def link(self, record: str | None, to: str, name: str = "") -> int | None:
        """The link by which each record of one sort belongs to one of another, if one is declared."""
        given = self._link_named(name, record or "") or self._linking(record, to)
        if given is None or given.type.record != to:
            return None
        self.scope.used.add(given.name)
        return self.emit(ir.Link(given.name, to, type=given.type, record=record))

    def _link_named(self, name: str, record: str) -> ir.Input | None:
        declared = self.scope.figures.get(name)
        if declared is None or not isinstance(declared.clause, ast.Input):
            return None
        if declared.clause.type.terminal != "NAME":
            return None
        given = self.declared.input(name, declared.clause, declared.text)
        return given if given is not None and given.record == record else None

    def _linking(self, record: str | None, to: str) -> ir.Input | None:
        for name in self.scope.figures:
            given = self._link_named(name, record or "")
            if given is not None and given.type.record == to:
                return given
        return None

    # ---- balances

    def balance_of(self, item: ast.Balance, text: Text, record: str | None) -> int | None:
        """The node of an account's balance, the cooperative's or of each record."""
        canonical = text.words.canonical(item.account.word)
        if canonical not in self.scope.accounts:
            self.scope.unknown(item.account, text)
            return None
        self.scope.used.add(canonical)
        index = self.balance(canonical, item.at, item.span)
        if index is None:
            return None
        if not item.of:
            return self.beside(index, item, record)
        member = self._member(item, record)
        if member is not None:
            return self._of_member(index, member, item)
        if self._is_nobody(item, text, record):
            return None
        owners = self.owners(item.of, text)
        return None if owners is None else self.along(index, item.of, owners, item, text, record)

    def so_far(self, item: ast.SoFar, text: Text, record: str | None) -> int | None:
        """The node of what an account has received down to a line of an allocation."""
        canonical = text.words.canonical(item.account.word)
        if canonical not in self.scope.accounts:
            self.scope.unknown(item.account, text)
            return None
        self.scope.used.add(canonical)
        index = self.above(canonical, item.span)
        if index is None or not item.of:
            return None if index is None else self.beside(index, item, record)
        owners = self.owners(item.of, text)
        return None if owners is None else self.along(index, item.of, owners, item, text, record)

    # ---- names that are not known

    def tell_unknown(self, item: ast.Expression | None, text: Text) -> None:
        """Tell the names of an expression that nothing declares, where no more can be said of it.

        So an unknown group or record does not hide a misspelt figure of the same clause.
        """
        match item:
            case ast.Name():
                self._tell_unknown_name(item, text)
            case ast.NameOf(name) | ast.Balance(_, name) | ast.AllOf(name) | ast.SoFar(name):
                self._tell_unknown_name(name, text)
            case ast.Previous(figure) | ast.At(figure):
                self.tell_unknown(figure, text)
            case ast.Logarithm(value):
                self.tell_unknown(value, text)
            case ast.Operation(_, items) | ast.Comparison(items):
                for inner in items:
                    self.tell_unknown(inner, text)
            case ast.Aggregate(_, value, group):
                self.tell_unknown(value, text)
                self.grouping(group, text)
            case ast.Number() | ast.Quantity() | ast.Date() | ast.Text() | ast.YesNo():
                pass
            case ast.Rest() | None:
                pass

    def _tell_unknown_name(self, name: ast.Name, text: Text) -> None:
        canonical = text.words.canonical(name.word)
        if canonical not in self.scope.accounts and canonical not in self.scope.figures:
            self.scope.unknown(name, text)

    # ---- of which year

    def previous(self, item: ast.Previous, text: Text, record: str | None) -> int | None:
        """The node of a figure or a balance of the year before: a fact of this one."""
        return self._of_year(item.figure, PREVIOUS, item, text, record)

    def at(self, item: ast.At, text: Text, record: str | None) -> int | None:
        """The node of a parameter on a day, or of a figure of the year that contains it."""
        if isinstance(item.figure, ast.Name):
            canonical = text.words.canonical(item.figure.word)
            declared = self.scope.figures.get(canonical)
            if declared is not None and isinstance(declared.clause, ast.Parameter):
                return self._parameter_at(canonical, declared, item, text)
        literal = self.declared.literal(item.day, text)
        if literal is None:
            return None
        day, type_ = literal
        if not isinstance(day, date):
            self.report.tell("T301", item.day.span, left=DATE, right=type_)
            return None
        return self._of_year(item.figure, day, item, text, record)

    def _parameter_at(
        self, canonical: str, declared: Declaration, item: ast.At, text: Text
    ) -> int | None:
        self.scope.used.add(canonical)
        index, day = self.figure(canonical, declared, item.span), self.value(item.day, text)
        if index is None or day is None:
            return None
        if self.type_of(day) != DATE:
            self.report.tell("T301", item.day.span, left=DATE, right=self.type_of(day))
            return None
        return self.emit(ir.Param(canonical, day, type=self.type_of(index)))

    def _of_year(
        self,
        figure: ast.Figure,
        period: Period,
        item: ast.Previous | ast.At,
        text: Text,
        record: str | None,
    ) -> int | None:
        """The fact that a figure of another year is, in the place of a record."""
        found = self.known_as(figure, text)
        if found is None:
            return None
        own, type_, owner = found
        given = self.declared.other_year(evolve(own, period=period), type_, owner)
        index = self.emit(given)
        self.names.setdefault(index, given.key)
        if not isinstance(figure, ast.Name) and figure.of:
            owners = self.owners(figure.of, text)
            if owners is None:
                return None
            return self.along(index, figure.of, owners, item, text, record)
        return self.beside(index, item if isinstance(item, ast.Previous) else figure, record)

    def known_as(self, figure: ast.Figure, text: Text) -> tuple[Figure, Type, str | None] | None:
        """The figure or balance of its own year, its type, and whose it is."""
        name = figure.account if isinstance(figure, ast.Balance) else word_name(figure)
        canonical = text.words.canonical(name.word)
        if canonical in self.scope.accounts:
            self.scope.used.add(canonical)
            side = figure.at if isinstance(figure, ast.Balance) else ""
            owner = self.scope.account_record(canonical)
            if owner is None and isinstance(figure, ast.NameOf):
                owners = self.owners(figure.of, text)
                owner = owners[0] if owners else None
            return Figure(canonical, side=side), self.money(), owner
        declared = self.scope.figures.get(canonical)
        if declared is None or isinstance(figure, ast.Balance):
            self.scope.unknown(name, text)
            return None
        if isinstance(declared.clause, ast.Parameter):
            self.report.tell("T311", figure.span, name=name.word)
            return None
        self.scope.used.add(canonical)
        index = self.figure(canonical, declared, name.span)
        if index is None:
            return None
        return Figure(canonical), self.type_of(index), self.nodes[index].record


def _no_accounts(*_: object) -> None:
    return None


def word_name(figure: ast.Name | ast.NameOf) -> ast.Name:
    """The name by which a figure begins."""
    return figure if isinstance(figure, ast.Name) else figure.name


def word_of(item: ast.Expression | ast.Grouping) -> str:
    """What a figure is called where something is wrong with it: the name by which it begins."""
    match item:
        case ast.Name(word):
            return word
        case ast.NameOf(name) | ast.Grouping(name):
            return name.word
        case ast.Balance(_, account) | ast.AllOf(account) | ast.SoFar(account):
            return account.word
        case ast.Previous(figure) | ast.At(figure):
            return word_of(figure)
        case _:
            raise AssertionError(f"no name begins {item}")
