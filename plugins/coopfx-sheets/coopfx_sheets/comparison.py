"""A comparison as a workbook: what changes, where the money goes, each person; totals are formulas.

Anonymous, the people are counted by group, and no person has a row.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from coopfx.engine import outcome as out
from coopfx.extending import ComparisonShown, asked_of, people, rows_of, rule_label, sentence, style
from coopfx.ground.exact import Value, money, quantity
from coopfx.ground.words import Words
from coopfx_sheets.book import INK, LINE, PAPER, Book, as_cell, number_format
from coopfx_sheets.grid import letters

_LABEL, _FIGURE = 52, 20


def workbook(compared: out.Compared, words: Words) -> bytes:
    """The workbook of one or several scenarios of a year, as its bytes."""
    return _Comparison(compared, words).bytes()


class _Comparison:
    def __init__(self, compared: out.Compared, words: Words) -> None:
        self.compared, self.words = compared, words
        self.scenarios = compared.scenarios
        self.shown = ComparisonShown(self.scenarios, asked_of(compared), words, style.Style())
        year = self.scenarios[0].comparison.year
        self.amount = number_format(quantity(money(year.currency)))
        closing = words.date(year.closing)
        self.title = words.phrase("compare.title", name=year.cooperative, closing=closing)
        self.book = Book(self.title)

    def bytes(self) -> bytes:
        """The whole workbook."""
        self._first()
        self._money(management=False)
        if self.shown.money_rows(management=True):
            self._money(management=True)
        self._people()
        return self.book.bytes()

    # ---- cells

    def _sheet(self, name: str, columns: int, first: int = _LABEL) -> Any:
        sheet = self.book.sheet(name[:31])
        sheet.set_column(0, 0, first)
        sheet.set_column(1, max(1, columns), _FIGURE)
        form = self.book.format(bold=True, font_size=15, font_color=INK)
        sheet.write_string(0, 0, self.title, form)
        return sheet

    def _text(self, sheet: Any, row: int, column: int, text: str, **form: Any) -> None:
        sheet.write_string(row, column, text, self.book.format(text_wrap=True, **form))

    def _head(self, sheet: Any, row: int, titles: Sequence[str], texts: int = 1) -> None:
        """The heads of columns: those of the first, which are texts, on the left."""
        form = {"bold": True, "bg_color": PAPER, "font_color": INK, "bottom": 1}
        for column, title in enumerate(titles):
            side = {"align": "right"} if column >= texts else {}
            self._text(sheet, row, column, title, bottom_color=LINE, **form, **side)

    def _value(self, sheet: Any, row: int, column: int, value: Value | None) -> None:
        if isinstance(value, Fraction):
            form = self.book.format(num_format=self.amount)
            sheet.write_number(row, column, as_cell(value), form)
        elif value is not None:
            self._text(sheet, row, column, self.words.phrase("value.unknown"), align="right")

    def _two(self, sheet: Any, row: int, first: int, two: out.Two, difference: Value) -> None:
        """A figure as it is and as it would be; their difference, where both are known, is a formula."""
        self._value(sheet, row, first, two.before)
        self._value(sheet, row, first + 1, two.after)
        if isinstance(two.difference, Fraction):
            formula = f"={letters(first + 1)}{row + 1}-{letters(first)}{row + 1}"
            form = self.book.format(num_format=self.amount)
            sheet.write_formula(row, first + 2, formula, form, as_cell(two.difference))
        else:
            self._value(sheet, row, first + 2, difference)

    # ---- sheets

    def _first(self) -> None:
        """The sentence of each scenario, what it changes, and the rules that turn."""
        phrase = self.words.phrase
        sheet = self._sheet(phrase("compare.changes"), 2, 90)
        row = 2
        for one in self.scenarios:
            self._text(sheet, row, 0, one.name, bold=True)
            self._text(sheet, row + 1, 0, sentence(one, self.shown.asked, self.words))
            row += 3
            for item in one.amended:
                self._text(sheet, row, 0, self.shown.place(item), font_color=INK)
                row += 1
                for line in item.old:
                    self._text(sheet, row, 0, line, font_strikeout=True, indent=1)
                    row += 1
                for line in item.new:
                    self._text(sheet, row, 0, line, underline=1, indent=1)
                    row += 1
            for said in (*self.shown.figures_set(one), self.shown.examples(one)):
                if said:
                    self._text(sheet, row, 0, said, indent=1)
                    row += 1
            for rule in one.comparison.rules:
                if rule.turned:
                    self._text(sheet, row, 0, rule_label(rule.verdict, self.words))
                    for column, said in enumerate(self.shown.verdicts(rule), 1):
                        self._text(sheet, row, column, said)
                    row += 1
            row += 1

    def _columns(self) -> list[str]:
        """The heads of what each scenario has: as it is, as it would be, the difference."""
        heads = [self.words.phrase(f"compare.{at}") for at in ("before", "after", "difference")]
        if not self.shown.several:
            return heads
        return [f"{one.name}: {head}" for one in self.scenarios for head in heads]

    def _money(self, *, management: bool) -> None:
        """The accounts of a book and what figures give, numbers all of them."""
        phrase = self.words.phrase
        columns = self._columns()
        title = phrase("compare.money.management" if management else "compare.money")
        sheet = self._sheet(title, len(columns))
        self._head(sheet, 2, ["", *columns])
        sheet.freeze_panes(3, 1)
        each = [rows_of(one.comparison, management) for one in self.scenarios]
        places = list(dict.fromkeys(key for of in each for key in of))
        for row, key in enumerate(places, 3):
            kind, name = key
            label = self.words.label(name) if name else phrase("origin.charges")
            given = kind in ("figure", "charges")
            depth = next(of[key].depth for of in each if key in of)
            label = phrase("compare.given", figure=label) if given else label
            self._text(sheet, row, 0, label, **({"indent": depth} if depth else {}))
            for number, of in enumerate(each):
                if key in of:
                    self._two(sheet, row, 1 + 3 * number, of[key].two, of[key].difference)
        for row, text in enumerate(self.shown.closing(management), 4 + len(places)):
            self._text(sheet, row, 0, text)

    def _people(self) -> None:
        """Each person, with totals as formulas; anonymous, people by group."""
        rows = self.shown.people_rows()
        if not rows:
            return
        phrase = self.words.phrase
        if self.compared.anonymous:
            self._counts(rows)
            return
        columns = self._columns()
        by = [self.compared.by] if self.compared.by else []
        sheet = self._sheet(phrase("compare.parts"), len(columns) + 2, _FIGURE)
        first = 2 + len(by)
        heads = [phrase("compare.csv.id"), phrase("compare.csv.name"), *by, *columns]
        self._head(sheet, 2, heads, first)
        sheet.freeze_panes(3, 1)
        each = [{row.record: row.moved for row in people(one.comparison)} for one in self.scenarios]
        records = list(dict.fromkeys(record for of in each for record in of))
        for row, record in enumerate(records, 3):
            self._text(sheet, row, 0, record or phrase("compare.unnamed"))
            self._text(sheet, row, 1, self.compared.names.get(record, ""))
            if by:
                self._text(sheet, row, 2, self.compared.groups.get(record, ""))
            for number, of in enumerate(each):
                if record in of:
                    self._two(sheet, row, first + 3 * number, of[record], of[record].difference)
        last = 3 + len(records)
        sheet.autofilter(2, 0, last - 1, first + len(columns) - 1)
        self._text(sheet, last, 0, phrase("sheets.results.total"), bold=True)
        for column in range(first, first + len(columns)):
            number, at = divmod(column - first, 3)
            values = [(two.before, two.after, two.difference)[at] for two in each[number].values()]
            known = [value for value in values if isinstance(value, Fraction)]
            if len(known) == len(values):
                formula = f"=SUM({letters(column)}4:{letters(column)}{last})"
                form = self.book.format(bold=True, top=1, num_format=self.amount)
                sheet.write_formula(last, column, formula, form, as_cell(sum(known, Fraction(0))))

    def _counts(self, rows: Sequence[Sequence[str]]) -> None:
        """How many gain and lose, in all and by group, as the papers show it."""
        head = self.shown.people_header("compare.people")
        sheet = self._sheet(head[0], len(head))
        self._head(sheet, 2, head)
        row = 3
        for cells in rows:
            row = self._said(sheet, row, cells)
        if self.compared.by:
            for one in self.scenarios:
                self._head(
                    sheet, row + 1, self.shown.people_header("compare.by", by=self.compared.by)
                )
                row += 2
                for cells in self.shown.group_rows(one):
                    row = self._said(sheet, row, cells)

    def _said(self, sheet: Any, row: int, cells: Sequence[str]) -> int:
        for column, text in enumerate(cells):
            self._text(sheet, row, column, text, **({"align": "right"} if column else {}))
        return row + 1
