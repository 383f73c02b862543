"""A swept batch as rows of the tables: what settle reads off one year, of all its cooperatives."""

from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from coopfx.engine.columns import Swept
from coopfx.engine.columns.aggregates import over
from coopfx.engine.columns.arithmetic import rounded
from coopfx.engine.columns.records import Records
from coopfx.engine.columns.values import (
    MISSING,
    Array,
    Column,
    Numbers,
    State,
    Truths,
    at_rows,
    fraction_at,
    full,
    known,
    only,
    states,
    worst,
)
from coopfx.engine.columns.verdicts import VIOLATED, Judged, OverRecords, beside, judge
from coopfx.engine.reference.books import placed
from coopfx.federation.layouts import OF_RECORDS, STATUSES
from coopfx.federation.table_columns import Coded, Piece, Rows, Whole
from coopfx.formats.json import plain, type_name
from coopfx.ground.exact import Kind, Type, Value, currency_of, decimals_of, step_of
from coopfx.language import ir

_UNKNOWN = Coded(np.zeros(0, np.int64), ("missing", "undefined"))
_STATUS = tuple(status.replace("_", " ") for status in STATUSES)


@frozen(slots=True, eq=False)
class Writing:
    """One pass's cooperatives, by their places in order, and the decimals of amounts.

    Where it is only ``compared``, as a scenario is, nothing else is written of it.
    """

    swept: Swept
    owners: Array
    rows: Rows
    decimals: int
    compared: bool = False

    @property
    def program(self) -> ir.Program:
        """The program that all of them share."""
        return self.swept.batch.program

    @property
    def size(self) -> int:
        """How many cooperatives there are."""
        return self.swept.batch.size

    def write(self) -> None:
        """All rows of the pass but its runs."""
        self._accounts()
        self._entries()
        self._shares()
        if not self.compared:
            self._figures()
            self._pools()

    # ---- cells

    def column(self, node: int) -> Column:
        """A node's column, with a row for each cooperative."""
        return full(self.swept.columns[node], self.size)

    def amounts(self, column: Numbers) -> Whole:
        """Amounts in the smallest that the tables write; missing where they are not of so many decimals."""
        column = full(column, len(column))
        absent = ~known(column.state, len(column))
        scale = 10**self.decimals
        below = column.denominator
        if isinstance(below, int) and scale % below == 0:
            factor = scale // below
            wide = column.peak * factor >= 2**62
            above = column.numerators.astype(object) if wide else column.numerators
            return Whole.of(_narrow(np.where(absent, 0, above * factor)), absent)
        exact = [
            Fraction(0) if absent[row] else fraction_at(column, row) * scale
            for row in range(len(column))
        ]
        broken = np.array([value.denominator != 1 for value in exact], bool)
        whole = np.array([*(value.numerator for value in exact), None], object)[:-1]
        return Whole.of(_narrow(np.where(broken, 0, whole)), absent | broken)

    def texts(
        self, column: Column, type_: Type | None, node: int, rows: Array | None = None
    ) -> Coded:
        """Cells as texts, exact: all rows of a column, or some of them."""
        wanted = range(len(column)) if rows is None else rows.tolist()
        currency = currency_of(type_.unit) if type_ else None
        if isinstance(column, Numbers) and isinstance(column.denominator, int):
            places = decimals_of(currency) if currency else 0
            factor, left = divmod(10**places, column.denominator)
            if not left and (currency or column.denominator == 1):
                sure = known(column.state, len(column))
                found = [
                    _decimal(int(column.numerators[row]) * factor, places) if sure[row] else None
                    for row in wanted
                ]
                return Coded.of(found)
        sure = known(column.state, len(column))
        shown = [
            _text(plain(self._cell(column, row, node), type_)) if sure[row] else None
            for row in wanted
        ]
        return Coded.of(shown)

    def _cell(self, column: Column, row: int, node: int) -> Value:
        if isinstance(column, Numbers):
            return fraction_at(column, row)
        if isinstance(column, Truths):
            return bool(column.values[row])
        if isinstance(self.program.nodes[node], ir.Link):
            return self.swept.cell(node, row)
        found: Value = column.values[row]
        return found

    def unknown(self, state: Array | None, size: int) -> Coded:
        """What keeps each row from being known."""
        return Coded(states(state, size).astype(np.int64) - 1, _UNKNOWN.words)

    # ---- figures, indicators, accounts

    def _figures(self) -> None:
        for place, (name, node) in enumerate(self.program.figures.items()):
            type_ = self.program.nodes[node].type
            column = self.column(node)
            money = Whole.same(None, self.size)
            exact = self.texts(column, type_, node)
            if currency_of(type_.unit) and isinstance(column, Numbers):
                money = self.amounts(column)
                exact = Coded(np.where(money.missing, exact.codes, -1), exact.words)
            columns: dict[str, Piece] = {
                "name": Coded.same(name, self.size),
                "type": Coded.same(type_name(type_), self.size),
                "money": money,
                "exact": exact,
                "unknown": self.unknown(column.state, self.size),
            }
            self.rows.add("values", self.owners, place, columns)
        for place, one in enumerate(self.program.indicators):
            type_ = self.program.nodes[one.value].type
            column = self.column(one.value)
            columns = {
                "label": Coded.same(one.label, self.size),
                "pillar": Coded.same(one.pillar, self.size),
                "type": Coded.same(type_name(type_), self.size),
                "exact": self.texts(column, type_, one.value),
                "unknown": self.unknown(column.state, self.size),
            }
            if one.target is not None:
                target = self.program.nodes[one.target].type
                columns["target"] = self.texts(self.column(one.target), target, one.target)
            if one.met is not None:
                said = full(self.swept.truths(one.met), self.size)
                sure = known(said.state, self.size)
                codes = np.where(sure, said.values.astype(np.int64), -1)
                columns["met"] = Coded(codes, ("no", "yes"))
            self.rows.add("indicators", self.owners, place, columns)

    def _accounts(self) -> None:
        for place, (name, nodes) in enumerate(self.program.accounts.items()):
            at = {
                "opening": nodes.opening,
                "added": nodes.added,
                "taken": nodes.taken,
                "balance": nodes.closing,
            }
            made = {
                key: self._in_all(self.swept.numbers(node), nodes.record)
                for key, node in at.items()
            }
            columns: dict[str, Piece] = {key: self.amounts(one) for key, one in made.items()}
            state = worst(*(states(one.state, self.size) for one in made.values()))
            columns["account"] = Coded.same(name, self.size)
            columns["unknown"] = self.unknown(state, self.size)
            self.rows.add("accounts", self.owners, place, columns)

    def _in_all(self, column: Numbers, record: str | None, untold: State = None) -> Numbers:
        """A figure of the cooperative, or what those of its records come to.

        Where the data give none of them it is missing, unless ``untold`` says what is known of it.
        """
        if record is None:
            return full(column, self.size)
        records = self.swept.records(record)
        everyone = Truths(np.ones(records.size, bool))
        made = over("sum", everyone, evolve(full(column, records.size), state=None), records)
        # A sum of figures of which one is not known is not known, whatever the others are.
        state = records.state(states(column.state, records.size))
        if records.given is not None:
            state = np.where(records.given, state, MISSING if untold is None else untold)
        return full(evolve(made, state=only(np.asarray(state, np.uint8))), self.size)

    # ---- money

    def _entries(self) -> None:
        """The books of the year, an entry of records as what all of theirs come to."""
        for place, (entry, article, line) in enumerate(placed(self.program)):
            column = self.swept.numbers(entry.amount)
            # Of a share among records that the data do not give: what is known of all its parts.
            split = self.swept.splits.get(entry.clause)
            untold = None if split is None else states(full(split.paid, self.size).state, self.size)
            moved = self._in_all(column, self.program.nodes[entry.amount].record, untold)
            rows = np.flatnonzero((moved.numerators != 0) | ~known(moved.state, self.size))
            said = {
                "article": article,
                "way": entry.way,
                "book": "management" if entry.management else "legal",
                **_place("from", entry.source),
                **_place("to", entry.target),
            }
            columns: dict[str, Piece] = {
                key: Coded.same(value, len(rows)) for key, value in said.items()
            }
            columns["line"] = Whole.same(line, len(rows))
            columns["amount"] = _some(self.amounts(moved), rows)
            columns["unknown"] = _some_texts(self.unknown(moved.state, self.size), rows)
            self.rows.add("entries", self.owners[rows], place, columns)

    def _shares(self) -> None:
        sources = {entry.clause: entry.source for entry in self.program.books}
        for number, clause in enumerate(self.program.shares, 1):
            node = self.program.nodes[clause.node]
            assert isinstance(node, ir.Split) and node.record is not None
            made, step = self.swept.splits[clause.node], step_of(node.type.unit)
            assert step is not None
            of = self.program.nodes[node.amount].record
            amount = rounded(self._in_all(self.swept.numbers(node.amount), of), step)
            paid = full(made.paid, self.size)
            state = worst(states(amount.state, self.size), states(paid.state, self.size))
            whole, taken = self.amounts(amount), self.amounts(paid)
            left = Whole.of(whole.numbers - taken.numbers, whole.missing | taken.missing)
            own: dict[str, Piece] = {
                "number": Whole.same(number, self.size),
                "article": Coded.same(clause.origin.article, self.size),
                "source": Coded.same(self.program.shared_out(clause), self.size),
                "record": Coded.same(node.record, self.size),
            }
            source = _place("from", sources[clause.node])
            splits: dict[str, Piece] = {
                **own,
                **{key: Coded.same(value, self.size) for key, value in source.items()},
                "amount": whole,
                "undistributed": left,
                "excess": self.amounts(full(made.excess, self.size)),
                "unknown": self.unknown(state, self.size),
            }
            self.rows.add("splits", self.owners, number, splits)
            records = self.swept.records(node.record)
            there = known(paid.state, self.size)
            if node.when is not None:
                when = full(self.swept.truths(node.when), self.size)
                there = there & when.values
            entitled = full(self.swept.truths(node.group), records.size).values
            rows = np.flatnonzero(entitled & np.broadcast_to(records.spread(there), records.size))
            owners = records.segment[rows]
            columns: dict[str, Piece] = {
                name: _some_texts(piece, owners)
                if isinstance(piece, Coded)
                else _some(piece, owners)
                for name, piece in own.items()
            }
            columns["id"] = Coded(rows.astype(np.int64), records.ids)
            if node.segment is not None:
                segment = self.program.nodes[node.segment]
                assert isinstance(segment, ir.Link)
                inside = np.asarray(self.swept.linked(node.segment))[rows]
                columns["giver"] = Coded(
                    inside.astype(np.int64), self.swept.records(segment.to).ids
                )
            columns["amount"] = self.amounts(at_rows(made.parts, rows, records.size))
            self.rows.add("shares", self.owners[owners], number, columns, rows)

    def _pools(self) -> None:
        for number, clause in enumerate(self.program.pools, 1):
            node = self.program.nodes[clause.node]
            assert isinstance(node, ir.Pool) and node.record is not None
            records = self.swept.records(node.record)
            size = records.size
            self.rows.add(
                "pools",
                self.owners[records.segment],
                number,
                {
                    "number": Whole.same(number, size),
                    "article": Coded.same(clause.origin.article, size),
                    "figure": Coded.same(clause.figure, size),
                    "account": Coded.same(clause.account, size),
                    "record": Coded.same(node.record, size),
                    "id": Coded(np.arange(size), records.ids),
                    "had": self.amounts(full(self.swept.numbers(node.figure), size)),
                    "kept": self.amounts(full(self.swept.numbers(clause.node), size)),
                },
            )

    # ---- verdicts

    def verdicts(self) -> tuple[Array, Array]:
        """The rows of the verdicts; of each cooperative, counts by status, and binding rules broken."""
        counts = np.zeros((len(STATUSES), self.size), np.int64)
        broken = np.zeros(self.size, np.int64)
        for place, rule in enumerate(self.program.rules):
            judged = judge(self.swept, rule)
            columns: dict[str, Piece] = {
                "rule": Coded.same(rule.name, self.size),
                "law": Coded.same(rule.origin.law, self.size),
                "article": Coded.same(rule.origin.article, self.size),
                "strength": Coded.same("require" if rule.binding else "recommend", self.size),
                "status": Coded.named(judged.status, _STATUS),
                "set_aside": Coded.same(rule.set_aside or None, self.size),
            }
            type_ = None if self.compared else self._type_of(rule)
            if type_ is not None:
                columns["type"] = Coded.same(type_name(type_), self.size)
            if self.compared:
                pass
            elif isinstance(judged, Judged):
                columns |= self._sides(judged, rule, np.arange(self.size), told=True)
            else:
                columns |= self._sides(judged.rows, rule, judged.worst, told=True)
                for status, own in zip(OF_RECORDS, judged.counts, strict=True):
                    columns[status] = Whole.of(own, ~judged.counted)
                self._cases(judged, rule, place)
            self.rows.add("verdicts", self.owners, place, columns)
            for code in range(len(STATUSES)):
                counts[code] += judged.status == code
            broken += (judged.status == VIOLATED) & rule.binding
        return counts, broken

    def _type_of(self, rule: ir.Rule) -> Type | None:
        """The type that a rule's sides are written in: that of the first comparison."""
        if not rule.comparisons:
            return None
        first = self.program.nodes[rule.comparisons[0]]
        assert isinstance(first, ir.Compare)
        return self.program.nodes[first.left].type

    def _sides(
        self, judged: Judged, rule: ir.Rule, rows: Array, *, told: bool = False
    ) -> dict[str, Piece]:
        """Both sides of the comparison that decided and its margin, of some rows (below zero: none).

        Its relation too, where that is to be told.
        """
        left: list[str | None] = [None] * len(rows)
        right, margin, relation = list(left), list(left), list(left)
        decisive = np.where(rows < 0, -1, judged.decisive[rows]) if len(judged.decisive) else rows
        type_ = self._type_of(rule)
        for order, index in enumerate(rule.comparisons):
            node = self.program.nodes[index]
            assert isinstance(node, ir.Compare)
            places = np.flatnonzero(decisive == order)
            if not len(places):
                continue
            own = rows[places]
            for cells, side in ((left, node.left), (right, node.right)):
                shown = self.texts(beside(self.swept, side, rule), type_, side, own)
                for place, code in zip(places.tolist(), shown.codes.tolist(), strict=True):
                    cells[place] = None if code < 0 else shown.words[code]
            if self.program.nodes[node.left].type.kind is Kind.QUANTITY:
                for place, row in zip(places.tolist(), own.tolist(), strict=True):
                    if judged.margin.state is None or not judged.margin.state[row]:
                        margin[place] = _text(plain(fraction_at(judged.margin, row), type_))
                        relation[place] = node.relation
        sides = {"left": left, "right": right, "margin": margin}
        if told:
            sides["relation"] = relation
        return {name: Coded.of(texts) for name, texts in sides.items()}

    def _cases(self, judged: OverRecords, rule: ir.Rule, place: int) -> None:
        records: Records = self.swept.records(rule.record)
        bad = (judged.rows.status == VIOLATED) | (judged.rows.status == 3)
        rows = np.flatnonzero(judged.members & bad)
        columns: dict[str, Piece] = {
            "rule": Coded.same(rule.name, len(rows)),
            "record": Coded.same(rule.record, len(rows)),
            "id": Coded(rows.astype(np.int64), records.ids),
            "status": Coded.named(judged.rows.status[rows], _STATUS),
            **self._sides(judged.rows, rule, rows),
        }
        self.rows.add("cases", self.owners[records.segment[rows]], place, columns, rows)


def _place(side: str, place: ir.Place) -> dict[str, str | None]:
    """A place in the columns of a side."""
    return {side: place.name, f"{side}_kind": place.kind, f"{side}_record": place.record}


def _narrow(numbers: Array) -> Array:
    """Python's integers as 64-bit ones, where they all fit."""
    if numbers.dtype != object:
        return numbers
    if all(-(2**62) < int(one) < 2**62 for one in numbers):
        return numbers.astype(np.int64)
    return numbers


def _some(piece: Whole, rows: Array) -> Whole:
    return Whole(piece.numbers[rows], piece.missing[rows])


def _some_texts(piece: Coded, rows: Array) -> Coded:
    return Coded(piece.codes[rows], piece.words)


def _decimal(units: int, places: int) -> str:
    if not places:
        return str(units)
    sign, size = ("-" if units < 0 else ""), abs(units)
    return f"{sign}{size // 10**places}.{size % 10**places:0{places}}"


def _text(value: str | bool | None) -> str | None:
    return ("yes" if value else "no") if isinstance(value, bool) else value
