"""The treasurer's workbook: a year's outcome, with totals and checks that a spreadsheet program works out.

Every amount that coopfx worked out stands as a number; every total, rest and check beside it is a
formula over those numbers, with the result that it must have.
"""

import textwrap
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from coopfx.engine import outcome as out
from coopfx.extending import cell, closings, given_out, remarks, rule_label, rule_message
from coopfx.ground.exact import Type, Value, decimals_of, money, quantity
from coopfx.ground.words import Words
from coopfx_sheets.book import INK, LINE, PAPER, Book, as_cell, number_format
from coopfx_sheets.grid import address, letters


def workbook(results: out.Results, words: Words) -> bytes:
    """The workbook of a year, as its bytes."""
    return _Workbook(results, words).bytes()


_LINE = 15
"""How high a line of text is, in points; a row of one line has the program's own height."""
_WIDTH = 20
"""How wide a column is that says nothing else, in signs."""


class _Workbook:
    def __init__(self, results: out.Results, words: Words) -> None:
        self.results, self.outcome, self.words = results, results.outcome, words
        self.amount = quantity(money(self.outcome.currency))
        self.decimals = decimals_of(self.outcome.currency)
        title = words.phrase(
            "report.title",
            name=self.outcome.cooperative,
            closing=words.date(self.outcome.closing),
        )
        self.title, self.book = title, Book(title)
        self.checks: list[str] = []
        self.widths: dict[str, Sequence[int]] = {}
        self.lines: dict[tuple[str, int], int] = {}

    def bytes(self) -> bytes:
        """The whole workbook."""
        # The first sheet gathers the checks of the others, which are made after it.
        first = self._sheet("summary", (64, 24, 18))
        parts: Sequence[tuple[bool, Callable[[], None]]] = (
            (bool(self.outcome.allocations), self._allocations),
            (bool(self.outcome.accounts), self._accounts),
            (any(share.parts for share in self.outcome.shares), self._shares),
            (bool(self.outcome.verdicts), self._verdicts),
            (bool(self.outcome.indicators), self._indicators),
        )
        for there, write in parts:
            if there:
                write()
        self._summary(first)
        return self.book.bytes()

    # ---- cells

    def _sheet(self, key: str, widths: Sequence[int]) -> Any:
        self.name = self.words.phrase(f"sheets.results.{key}")
        sheet = self.book.sheet(self.name)
        self._columns(sheet, widths)
        form = self.book.format(bold=True, font_size=15, font_color=INK)
        sheet.write_string(0, 0, self.title if key == "summary" else self.name, form)
        return sheet

    def _columns(self, sheet: Any, widths: Sequence[int]) -> None:
        self.widths[sheet.name] = widths
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def _head(self, sheet: Any, row: int, *titles: str, texts: Sequence[int] = ()) -> None:
        """The heads of columns, above figures on the right; above ``texts`` they begin where these do."""
        form = {"bold": True, "bg_color": PAPER, "font_color": INK, "valign": "bottom"}
        for column, title in enumerate(titles):
            side = {} if column in texts or not column else {"align": "right"}
            self._text(
                sheet, row, column, self._begin(title), bottom=1, bottom_color=LINE, **form, **side
            )
        # They come again on each page that is printed.
        sheet.repeat_rows(row)

    def _begin(self, text: str) -> str:
        return text[:1].upper() + text[1:]

    def _label(self, name: str) -> str:
        return self._begin(self.words.label(name))

    def _text(self, sheet: Any, row: int, column: int, text: str, **form: Any) -> None:
        """A text, and a row that is high enough for it: not every program sees to that by itself."""
        if "indent" in form:
            form.setdefault("align", "left")
        sheet.write_string(row, column, text, self.book.format(text_wrap=True, **form))
        widths = self.widths[sheet.name]
        room = widths[column] if column < len(widths) else _WIDTH
        # Bold letters are wider than the figures that columns are measured in.
        room = room * 9 // 10 if form.get("bold") else room
        lines = len(textwrap.wrap(text, room - 2 * form.get("indent", 0))) or 1
        if lines > self.lines.get((sheet.name, row), 1):
            self.lines[sheet.name, row] = lines
            sheet.set_row(row, lines * _LINE)

    def _value(
        self, sheet: Any, row: int, column: int, value: Value | None, type_: Type | None,
        *, percent: bool = False, **form: Any,
    ) -> None:  # fmt: skip
        """A figure as a number; what is not known says why."""
        if isinstance(value, Fraction):
            shown = number_format(type_, rate=percent) if type_ else "General"
            number = self.book.format(num_format=shown, **form)
            sheet.write_number(row, column, as_cell(value), number)
        elif value is not None:
            text = cell(value, type_ or self.amount, self.words)
            self._text(sheet, row, column, text, align="right", **form)

    def _total(self, sheet: Any, row: int, column: int, formula: str, value: Fraction) -> None:
        form = self.book.format(
            bold=True, top=1, top_color=INK, num_format=number_format(self.amount)
        )
        sheet.write_formula(row, column, formula, form, as_cell(value))

    def _check(self, sheet: Any, row: int, column: int, left: str, right: str) -> None:
        """A cell that says TRUE where two sums agree to the smallest part of the currency."""
        formula = f"=ROUND(({left})-({right}),{self.decimals})=0"
        sheet.write_formula(row, column, formula, self.book.format(align="right"), True)
        quoted = self.name.replace("'", "''")
        self.checks.append(f"'{quoted}'!{address(row + 1, column)}")

    # ---- sheets

    def _summary(self, sheet: Any) -> None:
        words, result = self.words, self.outcome
        laws = ", ".join(law.name for law in result.provenance.laws)
        said = words.phrase(
            "report.under" if laws else "report.statute",
            name=result.statute, start=words.date(result.in_force_from), laws=laws,
        )  # fmt: skip
        self._text(sheet, 1, 0, said)
        for row, key in enumerate(("what", "formulas", "numbers"), 3):
            self._text(sheet, row, 0, words.phrase(f"sheets.results.{key}"))
        row = 7
        self._text(
            sheet, row, 0, words.phrase("sheets.results.checks", count=len(self.checks)), bold=True
        )
        form = self.book.format(align="right", bold=True)
        for start in range(0, len(self.checks), 200):
            several = ",".join(self.checks[start : start + 200])
            sheet.write_formula(row, 1, f"=AND({several})", form, True)
            row += 1
        counts: dict[str, int] = {}
        for verdict in result.verdicts:
            status = words.phrase(f"status.{self._status(verdict)}")
            counts[status] = counts.get(status, 0) + 1
        row += 1
        for status, count in counts.items():
            label = words.phrase("sheets.results.rules", status=status)
            self._text(sheet, row, 0, label)
            sheet.write_number(row, 1, count)
            row += 1

    def _allocations(self) -> None:
        words = self.words
        sheet = self._sheet("allocations", (52, 20, 12, 14))
        titles = [words.phrase(f"sheets.results.{key}") for key in ("amount", "rate", "check")]
        self._head(sheet, 2, "", *titles)
        sheet.freeze_panes(3, 0)
        row = 3
        for item in self.outcome.allocations:
            if not item.held:
                continue
            source = given_out(item, words)
            if item.record:
                source = f"{source} ({words.label(item.record)})"
            head = words.phrase("report.allocation", source=source)
            if item.article:
                head = words.phrase("report.placed", title=head, article=item.article)
            self._text(sheet, row, 0, head, bold=True)
            self._value(sheet, row, 1, item.amount, self.amount, bold=True)
            top, first = address(row + 1, 1), row + 1
            known = isinstance(item.amount, Fraction)
            row += 1
            for part in item.items:
                label = self._label(part.account)
                if part.overflow:
                    label = words.phrase("report.overflow", account=label)
                self._text(sheet, row, 0, label, indent=1)
                self._value(sheet, row, 1, part.amount, self.amount)
                known = known and isinstance(part.amount, Fraction)
                if (
                    isinstance(part.amount, Fraction)
                    and isinstance(item.amount, Fraction)
                    and item.amount
                ):
                    rate = self.book.format(num_format="0.00%")
                    formula = f"={address(row + 1, 1)}/{top}"
                    sheet.write_formula(row, 2, formula, rate, float(part.amount / item.amount))
                row += 1
            if known and item.items:
                amounts = [part.amount for part in item.items]
                total = sum((one for one in amounts if isinstance(one, Fraction)), Fraction(0))
                rows = f"{address(first + 1, 1)}:{address(row, 1)}"
                self._text(sheet, row, 0, words.phrase("sheets.results.total"), bold=True)
                self._total(sheet, row, 1, f"=SUM({rows})", total)
                self._check(sheet, row, 3, address(row + 1, 1), top)
                row += 1
            row += 1

    def _accounts(self) -> None:
        words = self.words
        sheet = self._sheet("accounts", (46, 20, 20, 20, 20, 20, 12))
        keys = ("opening", "added", "taken", "closing", "worked_out", "check")
        self._head(sheet, 2, "", *(words.phrase(f"sheets.results.{key}") for key in keys))
        sheet.freeze_panes(3, 1)
        row = 3
        for management in (False, True):
            chosen = [item for item in self.outcome.accounts if item.management is management]
            if not chosen:
                continue
            if management:
                self._text(sheet, row, 0, words.phrase("sheets.results.management"), bold=True)
                row += 1
            first = row
            for item in chosen:
                self._account(sheet, row, self._label(item.name), item)
                row += 1
            self._text(sheet, row, 0, words.phrase("sheets.results.total"), bold=True)
            # An account with branches is the sum of theirs, which the total counts once.
            names = [item.name for item in chosen]
            leaves = [
                item
                for item in chosen
                if not any(name.startswith(f"{item.name}.") for name in names)
            ]
            lines = [first + chosen.index(item) + 1 for item in leaves]
            whole = all(_known(item) for item in leaves)
            for column, at in enumerate(("opening", "added", "taken", "closing"), 1):
                known = [
                    value for item in leaves if isinstance(value := getattr(item, at), Fraction)
                ]
                if len(known) == len(leaves):
                    cells = "+".join(address(line, column) for line in lines)
                    self._total(sheet, row, column, f"={cells}", sum(known, Fraction(0)))
            self._worked_out(sheet, row, whole, _sums(leaves))
            row += 2
            for item in chosen:
                if not item.rows:
                    continue
                self._text(sheet, row, 0, self._label(item.name), bold=True)
                row += 1
                for one in item.rows:
                    name = self.results.name(one.record, item.record or "person")
                    self._account(sheet, row, name, one)
                    row += 1
                row += 1

    def _account(
        self, sheet: Any, row: int, label: str, item: out.AccountYear | out.RecordBalances
    ) -> None:
        self._text(sheet, row, 0, label)
        for column, at in enumerate(("opening", "added", "taken", "closing"), 1):
            self._value(sheet, row, column, getattr(item, at), self.amount)
        closing = item.closing if isinstance(item.closing, Fraction) else Fraction(0)
        self._worked_out(sheet, row, _known(item), closing)

    def _worked_out(self, sheet: Any, row: int, known: bool, closing: Fraction) -> None:
        """What was there and came in, less what went out, beside the closing balance."""
        if not known:
            return
        opening, added, taken, shown = (address(row + 1, column) for column in range(1, 5))
        form = self.book.format(num_format=number_format(self.amount), font_color="#5B6776")
        sheet.write_formula(row, 5, f"={opening}+{added}-{taken}", form, as_cell(closing))
        self._check(sheet, row, 6, address(row + 1, 5), shown)

    def _shares(self) -> None:
        words = self.words
        shares = [share for share in self.outcome.shares if share.parts]
        for at, record in enumerate(dict.fromkeys(share.record for share in shares)):
            own = [share for share in shares if share.record == record]
            sheet = self._sheet("shares", (24, *([20] * len(own)), 20)) if at == 0 else None
            if sheet is None:
                self.name = words.label(record).capitalize()[:31]
                sheet = self.book.sheet(self.name)
                self._columns(sheet, [_WIDTH] * (len(own) + 2))
            self._share_table(sheet, own)

    def _share_table(self, sheet: Any, shares: list[out.Share]) -> None:
        words = self.words
        titles = [
            words.phrase(
                "report.placed",
                title=given_out(share, words),
                article=share.article,
            )
            if share.article
            else given_out(share, words)
            for share in shares
        ]
        self._head(
            sheet, 2, words.label(shares[0].record), *titles, words.phrase("sheets.results.total")
        )
        sheet.freeze_panes(3, 1)
        parts = [dict(share.parts or ()) for share in shares]
        people = sorted({identifier for own in parts for identifier in own})
        row = 3
        for identifier in people:
            self._text(sheet, row, 0, self.results.name(identifier, shares[0].record))
            total = Fraction(0)
            for column, own in enumerate(parts, 1):
                part = own.get(identifier)
                self._value(sheet, row, column, part, self.amount)
                total += part or 0
            cells = f"{address(row + 1, 1)}:{address(row + 1, len(parts))}"
            self._total_of_row(sheet, row, len(parts) + 1, f"=SUM({cells})", total)
            row += 1
        sums = [sum(own.values(), Fraction(0)) for own in parts]
        labels = ("total", "undistributed", "withheld", "source", "check")
        for at, key in enumerate(labels):
            self._text(
                sheet, row + at, 0, words.phrase(f"sheets.results.{key}"), bold=key == "total"
            )
        for column, (share, total) in enumerate(zip(shares, sums, strict=True), 1):
            name = letters(column)
            self._total(sheet, row, column, f"=SUM({name}4:{name}{row})", total)
            for at, value in enumerate((share.undistributed, share.excess, share.amount), 1):
                self._value(sheet, row + at, column, value, self.amount)
            known = (share.undistributed, share.excess, share.amount)
            if all(isinstance(value, Fraction) for value in known):
                left = f"SUM({name}{row + 1}:{name}{row + 3})"
                self._check(sheet, row + 4, column, left, f"{name}{row + 4}")
        last = letters(len(shares) + 1)
        whole = f"=SUM({last}4:{last}{row})"
        self._total(sheet, row, len(shares) + 1, whole, sum(sums, Fraction(0)))
        across = f"SUM(B{row + 1}:{letters(len(shares))}{row + 1})"
        self._check(sheet, row + 4, len(shares) + 1, f"{last}{row + 1}", across)

    def _total_of_row(
        self, sheet: Any, row: int, column: int, formula: str, value: Fraction
    ) -> None:
        form = self.book.format(num_format=number_format(self.amount), bold=True)
        sheet.write_formula(row, column, formula, form, as_cell(value))

    def _status(self, item: out.Verdict) -> str:
        followed = item.binding or item.status != out.VIOLATED
        return item.status if followed else "not followed"

    def _verdicts(self) -> None:
        words = self.words
        sheet = self._sheet("verdicts", (58, 18, 18, 22, 6, 22, 22, 60))
        keys = ("origin", "status", "left", "relation", "right", "margin", "says")
        heads = [words.phrase(f"sheets.results.{key}") for key in keys]
        self._head(sheet, 2, "", *heads, texts=(1, 2, 4, 7))
        sheet.freeze_panes(3, 1)
        for row, item in enumerate(self.outcome.verdicts, 3):
            self._text(sheet, row, 0, self._begin(rule_label(item, words)))
            article = words.phrase("report.article", article=item.article) if item.article else ""
            self._text(sheet, row, 1, " ".join(part for part in (item.law or "", article) if part))
            colour = "#1B6E4A" if item.kept else "#5B6776"
            if item.status == out.VIOLATED:
                colour = "#9B2226"
            status = words.phrase(f"status.{self._status(item)}")
            mark = "⚠ " if item.set_aside else ""
            self._text(sheet, row, 2, mark + status, font_color=colour)
            for column, value in ((3, item.left), (5, item.right)):
                self._value(sheet, row, column, value, item.type, percent=item.percent)
            if item.relation:
                self._text(sheet, row, 4, words.phrase(f"relation.{item.relation}"), align="center")
            self._margin(sheet, row, item)
            says = rule_message(item, words)
            if item.set_aside:
                says = words.phrase("report.aside", why=item.set_aside)
            self._text(sheet, row, 7, says, indent=1)

    def _margin(self, sheet: Any, row: int, item: out.Verdict) -> None:
        """By how much a rule is kept, as a formula over both sides where it is their difference."""
        left, right, margin = item.left, item.right, item.margin
        plain = [one for one in (left, right, margin) if isinstance(one, Fraction)]
        if len(plain) == 3:
            sides = address(row + 1, 3), address(row + 1, 5)
            for formula, value in (
                (f"={sides[0]}-{sides[1]}", plain[0] - plain[1]),
                (f"={sides[1]}-{sides[0]}", plain[1] - plain[0]),
            ):
                if value == plain[2]:
                    shown = number_format(item.type, rate=item.percent) if item.type else "General"
                    form = self.book.format(num_format=shown)
                    sheet.write_formula(row, 6, formula, form, as_cell(value))
                    return
        self._value(sheet, row, 6, margin, item.type, percent=item.percent)

    def _indicators(self) -> None:
        """The indicators with the years of their series, an upright where one is counted in another way."""
        words = self.words
        days = closings(self.outcome)
        wide = (*(18 for _ in days), 18, 12, 52)
        sheet = self._sheet("indicators", (46, 24, *wide))
        years = [words.phrase("sheets.results.value")]
        if len(days) > 1:
            years = [str(day.year) for day in days]
        keys = (words.phrase(f"sheets.results.{key}") for key in ("target", "met"))
        pillar = words.phrase("sheets.results.pillar")
        self._head(sheet, 2, "", pillar, *years, *keys, "", texts=(len(days) + 4,))
        sheet.freeze_panes(3, 1)
        for row, item in enumerate(self.outcome.indicators, 3):
            label = f"{item.label} ({item.unit})" if item.unit else item.label
            self._text(sheet, row, 0, label)
            self._text(
                sheet, row, 1, words.label(item.pillar) if item.pillar else "", align="right"
            )
            found = {one.closing: one for one in item.series}
            for column, day in enumerate(days, 2):
                one = found.get(day)
                own = item if one is None else one.indicator
                if one is not None or day == self.outcome.closing:
                    form = {"left": 4} if one is not None and one.broken else {}
                    ratio = not (own.percent or own.type.unit) and own.value
                    if isinstance(ratio, Fraction) and ratio.denominator > 1:
                        two = self.book.format(num_format="#,##0.00", **form)
                        sheet.write_number(row, column, as_cell(ratio), two)
                        continue
                    self._value(
                        sheet, row, column, own.value, own.type, percent=own.percent, **form
                    )
            last = len(days) + 2
            self._value(sheet, row, last, item.target, item.type, percent=item.percent)
            if item.met is not None:
                self._text(sheet, row, last + 1, words.show(item.met), align="right")
            said = " ".join(remarks(item, words))
            if said:
                self._text(sheet, row, last + 2, said)


def _known(item: out.AccountYear | out.RecordBalances) -> bool:
    values = (item.opening, item.added, item.taken, item.closing)
    return all(isinstance(value, Fraction) for value in values)


def _sums(items: Sequence[out.AccountYear]) -> Fraction:
    known = [item.closing for item in items if isinstance(item.closing, Fraction)]
    return sum(known, Fraction(0))
