"""The workbook in which a year is given: the sheets and columns that a statute needs, and no others."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from coopfx.engine.outcome import Outcome
from coopfx.extending import canonical, ir
from coopfx.ground.exact import Kind, Known, Type, currency_of, money, quantity
from coopfx.ground.facts import Facts, Field, Schema
from coopfx.ground.figure import opening_of
from coopfx.ground.report import Percent, Said
from coopfx.ground.words import Words
from coopfx_sheets.book import INK, LINE, PAPER, Book, as_cell, number_format
from coopfx_sheets.needs import Needs, needs_of
from coopfx_sheets.read import record_of

_ROWS = 500
"""How many rows below the last one filled in are ready to be written in."""
_MOST_READERS = 4
_ANY = Fraction(10**15)
_STAYS = ("worker", "member", "full_time_pay", "shares_held")
"""The facts of the vocabulary that are the same the next year, unless something has changed."""
_GROWS = "seniority"


@frozen(slots=True)
class Before:
    """The year before: its data and its outcome, from which balances and people are carried over."""

    facts: Facts
    outcome: Outcome


def workbook(
    program: ir.Program,
    schema: Schema,
    closing: date | None,
    before: Before | None,
    words: Words,
    said: Mapping[str, str],
) -> bytes:
    """The template of a year, as the bytes of a workbook.

    ``said`` is what laws and statute say that a fact is, in their own words, by its name.
    """
    needs = needs_of(program, schema, words, first_year=before is None)
    return _Template(program, schema, needs, closing, before, words, said).bytes()


class _Template:
    def __init__(
        self,
        program: ir.Program,
        schema: Schema,
        needs: Needs,
        closing: date | None,
        before: Before | None,
        words: Words,
        said: Mapping[str, str],
    ) -> None:
        self.program, self.schema, self.needs = program, schema, needs
        self.closing, self.before, self.words, self.said = closing, before, words, said
        name = before.facts.cooperative if before else ""
        self.name = name or program.name
        self.book = Book(words.phrase("sheets.template.title", name=self.name))
        self.lists: dict[str, str] = {}

    def bytes(self) -> bytes:
        """The whole workbook."""
        records = [record for record in self.needs.facts if record is not None]
        # What others link to stands first, so that its identifiers can be chosen from.
        linked = {item.type.record for items in self.needs.facts.values() for item in items}
        records.sort(key=lambda record: record not in linked)
        names = {record: self._sheet_name(record) for record in records}
        self._guide([names[record] for record in sorted(records)])
        self._cooperative()
        for record in records:
            self.lists[record] = f"'{names[record]}'!$A$4:$A${_ROWS + 4}"
        for record in sorted(records):
            self._records(record, names[record])
        return self.book.bytes()

    def _sheet_name(self, record: str) -> str:
        """A name that is read back as this record, in the words' language where it can be."""
        own = self.words.phrase(f"sheets.names.{record}").partition(",")[0]
        for name in (own, self.words.label(record).capitalize(), record):
            clean = "".join(sign for sign in name if sign not in "[]:*?/\\'")[:31]
            if record_of(clean, self.schema) == record:
                return clean
        return record[:31]

    # ---- the first sheet

    def _guide(self, records: list[str]) -> None:
        words, book = self.words, self.book
        sheet = book.sheet(words.phrase("sheets.names.guide").partition(",")[0], landscape=False)
        sheet.set_column(0, 0, 78)
        sheet.write_string(
            0, 0, words.phrase("sheets.template.title", name=self.name), self._title()
        )
        own = words.phrase("sheets.names.cooperative").partition(",")[0]
        sentences = [
            words.phrase("sheets.guide.fill", cooperative=own, records=words.enumeration(records)),
            words.phrase("sheets.guide.empty"),
            words.phrase("sheets.guide.notes"),
            words.phrase("sheets.guide.carried" if self.before else "sheets.guide.first"),
            words.phrase("sheets.guide.rows"),
            words.phrase("sheets.guide.run"),
        ]
        plain = book.format(text_wrap=True)
        for row, sentence in enumerate(sentences, 2):
            sheet.write_string(row, 0, sentence, plain)
            sheet.set_row(row, 15.5 * (1 + len(sentence) // 72) + 6)

    def _title(self) -> Any:
        return self.book.format(bold=True, font_size=15, font_color=INK)

    def _heading(self) -> Any:
        return self.book.format(
            bold=True, bg_color=PAPER, font_color=INK, bottom=1, bottom_color=LINE, text_wrap=True
        )

    # ---- the cooperative's own figures

    def _cooperative(self) -> None:
        words, needs = self.words, self.needs
        name = words.phrase("sheets.names.cooperative").partition(",")[0]
        sheet = self.book.sheet(name)
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 1, 20)
        sheet.set_column(2, 2, 84)
        sheet.write_string(
            0, 0, words.phrase("sheets.template.title", name=self.name), self._title()
        )
        titles = (words.phrases["column.name"], words.phrases["column.value"])
        for column, title in enumerate(titles):
            shown = title.split()[0].replace("_", " ").capitalize()
            sheet.write_string(2, column, shown, self._heading())
        sheet.write_string(2, 2, words.phrase("sheets.template.note"), self._heading())
        sheet.freeze_panes(3, 0)
        row = 3
        year = [
            ("closing", Type(Kind.DATE), self.closing, "sheets.template.closing"),
            ("name", Type(Kind.TEXT), self.name, "sheets.template.name"),
        ]
        for key, type_, value, note in year:
            label = words.phrases[f"year.{key}"].split()[0].replace("_", " ")
            field = Field(key, type_)
            self._line(sheet, row, label, field, value, words.phrase(note))
            row += 1
        amount = quantity(money(self.schema.currency))
        carried = self._closings()
        balances = [Field(name, amount) for name in needs.accounts]
        figures = needs.facts.get(None, ())
        kept = self.before.facts.figures if self.before else {}
        parts: list[tuple[str, Iterable[Field], dict[str, Any]]] = [
            ("sheets.template.figures", figures, {}),
            ("sheets.template.balances", balances, carried),
            ("sheets.template.decisions", needs.decisions, {}),
        ]
        for heading, fields, values in parts:
            fields = tuple(fields)
            if fields:
                sheet.write_string(row + 1, 0, words.phrase(heading), self.book.format(bold=True))
                row += 2
            for field in fields:
                given: Any = values.get(field.name)
                if field.type.kind is Kind.TEXT:
                    given = kept.get(field.name)
                known = (
                    dict.fromkeys(self.schema.accounts)
                    if heading.endswith("balances")
                    else {one.name: one for one in fields}
                )
                label = self._header(field.name, known)
                self._line(sheet, row, label, field, given, self._note(field, ", "))
                row += 1

    def _line(self, sheet: Any, row: int, label: str, field: Field, value: Any, note: str) -> None:
        sheet.write_string(row, 0, label, self.book.format(text_wrap=True))
        self._cell(sheet, row, 1, field, value, boxed=True)
        self._validate(sheet, row, 1, row, field)
        faint = self.book.format(text_wrap=True, font_color="#5B6776", font_size=9)
        sheet.write_string(row, 2, note, faint)
        if len(note) > 105:
            sheet.set_row(row, 13 * (1 + len(note) // 105))

    def _closings(self) -> dict[str, Known]:
        if self.before is None:
            return {}
        return {
            item.name: item.closing
            for item in self.before.outcome.accounts
            if isinstance(item.closing, Fraction) and item.record is None
        }

    # ---- records

    def _records(self, record: str, name: str) -> None:
        fields, words = self.needs.facts[record], self.words
        sheet = self.book.sheet(name)
        sheet.write_string(0, 0, words.phrase("sheets.template.records", name=name), self._title())
        known = {one.name: one for one in self.schema.fields if one.record == record}
        faint = self.book.format(font_color="#5B6776", font_size=9, italic=True)
        text = self.book.format(num_format="@")
        sheet.write_string(1, 0, words.phrase("sheets.template.unit"), faint)
        sheet.write_string(2, 0, "id", self._heading())
        sheet.set_column(0, 0, 14, text)
        self._comment(sheet, 0, words.phrase("sheets.template.id"))
        rows = self._carried(record, fields)
        last = 3 + len(rows) + _ROWS
        for column, field in enumerate(fields, 1):
            label = self._header(field.name, known)
            rate = field.is_percentage
            form = self.book.format(num_format=number_format(field.type, rate=rate))
            sheet.set_column(column, column, max(12, min(len(label) + 3, 26)), form)
            sheet.write_string(1, column, "%" if rate else self._unit(field), faint)
            sheet.write_string(2, column, label, self._heading())
            self._comment(sheet, column, self._note(field, "\n"))
            self._validate(sheet, 3, column, last, field)
        for row, (identifier, values) in enumerate(rows, 3):
            sheet.write_string(row, 0, identifier, text)
            for column, field in enumerate(fields, 1):
                self._cell(sheet, row, column, field, values.get(field.name))
        sheet.freeze_panes(3, 1)
        sheet.repeat_rows(2)

    def _carried(
        self, record: str, fields: tuple[Field, ...]
    ) -> list[tuple[str, dict[str, Known]]]:
        """The records of the year before: identifiers, texts and links, what each had at its end.

        Contracts, members, pay at full time and shares are as they were; seniority grows.
        """
        table = self.before.facts.tables.get(record) if self.before else None
        if self.before is None or table is None:
            return []
        closings = {
            opening_of(account.name): {row.record: row.closing for row in account.rows}
            for account in self.before.outcome.accounts
            if account.record == record
        }
        rows = []
        for at, identifier in enumerate(table.ids):
            values: dict[str, Known] = {}
            for field in fields:
                value: Any = closings.get(field.name, {}).get(identifier)
                before = (table.columns.get(field.name) or {at: None})[at]
                of_words = field.type.kind in (Kind.TEXT, Kind.LINK, Kind.DATE)
                if of_words or field.name in _STAYS:
                    value = before
                elif field.name == _GROWS and isinstance(before, Fraction):
                    value = before + self._months_since()
                if isinstance(value, Fraction | str | date | bool):
                    values[field.name] = value
            rows.append((identifier, values))
        return rows

    def _months_since(self) -> int:
        """How many months lie between the closing of the year before and this one."""
        assert self.before is not None
        last = self.before.facts.closing
        if self.closing is None:
            return 12
        return 12 * (self.closing.year - last.year) + self.closing.month - last.month

    # ---- one figure

    def _header(self, name: str, known: dict[str, Any]) -> str:
        """What a figure is called, if that is read back as this figure; else the word that a text has."""
        for shown in (self.words.label(name), self.words.word(name).replace("_", " ")):
            if canonical(shown, known, [self.words]) == name:
                return shown
        return self.words.word(name)

    def _unit(self, field: Field) -> str:
        type_ = field.type
        if type_.kind is not Kind.QUANTITY:
            return self.words.type_name(type_)
        if not type_.unit:
            return self.words.phrase("type.whole" if type_.whole else "type.number")
        return currency_of(type_.unit) or self.words.unit_name(type_.unit)

    def _note(self, field: Field, between: str) -> str:
        """What a figure is, what it may be, and which clauses read it."""
        words = self.words
        said = [self.said[field.name]] if field.name in self.said else []
        rate = field.is_percentage
        said.append(words.phrase("sheets.template.rate") if rate else self._unit(field))
        domain = _domain(field)
        if domain:
            said.append(words.enumeration([words.show(one) for one in domain]))
        otherwise = self._otherwise(field)
        if otherwise is not None:
            percent = field.is_percentage and isinstance(otherwise, Fraction)
            value = words.show(Percent(otherwise) if percent else field.shown(otherwise))  # type: ignore[arg-type]
            said.append(words.phrase("sheets.template.otherwise", value=value))
        readers = self.needs.readers.get((field.record, field.name), ())
        if readers:
            shown = "; ".join(readers[:_MOST_READERS])
            more = len(readers) - _MOST_READERS
            if more > 0:
                shown += "; " + words.phrase("list.more", count=more)
            said.append(words.phrase("sheets.template.read_by", readers=shown))
        return between.join(said)

    def _otherwise(self, field: Field) -> Known | None:
        """What holds where the meeting decides nothing, as far as a text says it by a figure."""
        for node in self.program.nodes:
            if (
                isinstance(node, ir.Decision)
                and node.name == field.name
                and node.otherwise is not None
            ):
                instead = self.program.nodes[node.otherwise]
                if isinstance(instead, ir.Slot):
                    return self.program.constants[instead.index]
        return None

    def _comment(self, sheet: Any, column: int, text: str) -> None:
        lines = sum(1 + len(line) // 44 for line in text.split("\n"))
        size = {"width": 290, "height": 18 * lines + 14, "font_size": 9, "font_name": "Calibri"}
        sheet.write_comment(2, column, text, size)

    def _cell(
        self, sheet: Any, row: int, column: int, field: Field, value: Any, *, boxed: bool = False
    ) -> None:
        box = {"border": 1, "border_color": LINE} if boxed else {}
        form = self.book.format(
            num_format=number_format(field.type, rate=field.is_percentage), **box
        )
        match value:
            case Fraction():
                sheet.write_number(row, column, as_cell(value), form)
            case date():
                sheet.write_datetime(row, column, value, form)
            case bool():
                sheet.write_string(row, column, self.words.show(value), form)
            case str():
                sheet.write_string(row, column, value, form)
            case _ if boxed:
                sheet.write_blank(row, column, None, form)

    def _validate(self, sheet: Any, first: int, column: int, last: int, field: Field) -> None:
        """What may be typed into cells; anything may be pasted, and is looked at when it is read."""
        rule: dict[str, Any] = {}
        words, low, high = self.words, field.low, field.high
        match field.type.kind:
            case Kind.YES_NO:
                source = [words.keywords["YES"][0], words.keywords["NO"][0]]
                rule = {"validate": "list", "source": source}
            case Kind.LINK if field.type.record in self.lists:
                rule = {"validate": "list", "source": "=" + self.lists[field.type.record]}
            case Kind.DATE:
                rule = {"validate": "date", "criteria": ">=", "value": date(1900, 3, 1)}
            case Kind.QUANTITY:
                bounds: dict[tuple[bool, bool], tuple[str, dict[str, Fraction | None]]] = {
                    (True, True): ("between", {"minimum": low, "maximum": high}),
                    (True, False): (">=", {"value": low}),
                    (False, True): ("<=", {"value": high}),
                    (False, False): (
                        "between",
                        {"minimum": Fraction(-(10**15)), "maximum": Fraction(10**15)},
                    ),
                }
                criteria, values = bounds[low is not None, high is not None]
                sort = "integer" if field.type.whole else "decimal"
                rule = {"validate": sort, "criteria": criteria}
                rule |= {key: as_cell(value) for key, value in values.items() if value is not None}
        if not rule:
            return
        said = words.phrase("sheets.template.refused", type=field.type)
        domain = _domain(field)
        if domain:
            said += " " + words.enumeration(
                [words.show(Said(one.key, one.arguments)) for one in domain]
            )
        rule |= {"error_title": "coopfx", "error_message": said[:255], "ignore_blank": True}
        sheet.data_validation(first, column, last, column, rule)


def _domain(field: Field) -> tuple[Said, ...]:
    """What a figure may be; the bounds of a rate as percentages."""
    if not field.is_percentage:
        return field.domain()
    bounds = (("low", field.low), ("high", field.high))
    return tuple(
        Said(f"domain.{side}", {side: Percent(bound)})
        for side, bound in bounds
        if bound is not None
    )
