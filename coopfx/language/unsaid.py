"""What to write in a clause that does not say rightly from where its money comes, told with its line.

Only places are named from which the line, written so, takes money: an account without branches that the
law lets be given out, and that does not wait for what is taken; a figure that is money of the year.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import attrs
from attrs import define, frozen

from coopfx.ground.report import OneOf, Report, Word
from coopfx.ground.source import Source, Span
from coopfx.language import ast
from coopfx.language.origins import ACCOUNT, FIGURE, NO_MONEY, OTHERS, UNSAID, WHOSE, Draw
from coopfx.language.placed import Feed, Placed, within
from coopfx.language.readings import Reader, expressions_of, parts_of, whose
from coopfx.language.scope import Scope, Text

Moving = ast.Allocate | ast.Share


@frozen(slots=True)
class Amiss:
    """A clause whose origin is amiss, with the record in whose place its amount stands, and how so."""

    clause: Moving
    text: Text
    record: str | None
    draw: Draw


@frozen(slots=True)
class Closing:
    """Where an amount reads what waits for the clauses that take from an account: its balance after."""

    account: str
    node: ast.Balance | ast.SoFar
    text: Text


@define(slots=True)
class Advice:
    """Tells what a clause leaves unsaid, or says amiss, of its origin, and what to write."""

    scope: Scope
    report: Report
    reader: Reader
    accounts: Collection[str]

    def tell_all(self, found: Iterable[Amiss]) -> None:
        """Tell each clause whose origin is amiss, with the line to write."""
        for one in found:
            clause, text, record, draw = one.clause, one.text, one.record, one.draw
            if draw is UNSAID:
                self._tell_unsaid(clause, text, record)
            elif draw.reading == OTHERS:
                self._tell_others(clause, draw, text, record)
            elif draw.reading == WHOSE and record is not None:
                self._tell_whose(clause, draw.name, text, record)
            elif draw is NO_MONEY and clause.origin is not None:
                self._tell_no_money(clause, clause.origin, text, record)
            else:
                self._tell_too_much(clause, draw, text)

    def tell_back(
        self, money: Sequence[Placed], draws: dict[int, Draw], feeds: dict[str, list[Feed]]
    ) -> set[int]:
        """Tell clauses (M435) and lines (M436) that put money back where they take it; those clauses."""
        back: set[int] = set()
        fed_by: dict[int, list[tuple[str, Feed]]] = {}
        for name, own in feeds.items():
            for feed in own:
                if feed.way != "excess":
                    fed_by.setdefault(feed.clause, []).append((name, feed))
        for number, draw in draws.items():
            if draw.kind != ACCOUNT:
                continue
            fed = fed_by.get(number, [])
            here = [feed for name, feed in fed if name == draw.name]
            placed = money[number]
            clause, text = placed.clause, placed.text
            assert isinstance(clause, Moving), "only these take of an account"
            if not here:
                continue
            if all(name == draw.name for name, feed in fed if feed.way != "losses"):
                back.add(number)
                self._tell_unmoved(clause, draw, text)
            elif isinstance(clause, ast.Allocate):
                # A loss that stays where it is, is what a line of losses to that account says.
                for item in [one for one in clause.items if not one.losses]:
                    over = item.until.then if item.until else None
                    to = [one.account.word for one in (item.to, over) if one is not None]
                    if draw.name in map(text.words.canonical, to):
                        self.report.tell("M436", item.span, name=Word(draw.name))
        return back

    def _tell_unmoved(self, clause: Moving, draw: Draw, text: Text) -> None:
        """Tell (M435) a clause that moves nothing, which may mean a charge.

        None is meant by what is all of the account, nor by what reads what the charge would add to it.
        """
        words, expected, origin = text.words.keywords, "", clause.origin
        circle = any(
            _meet(whose(reading), draw.name) and not reading.startswith("opening ")
            for reading in self.reader.readings(clause.amount, text)
        )
        if not circle and not (draw.part == 1 and draw.exact):
            charged = f"{words['DRAWN_FROM'][0]} {words['CHARGES'][0]}"
            span = clause.amount.span if origin is None else origin.span
            if origin is None or span.line == span.end_line:
                expected = self._line(span, charged, instead=origin is not None)
        self.report.tell("M435", clause.amount.span, name=Word(draw.name), expected=expected)

    def _tell_unsaid(self, clause: Moving, text: Text, record: str | None) -> None:
        """Tell (M416, M423) that a clause does not say from where it takes, with the line to write."""
        waiting = list(self._waiting(clause.amount, text))
        lines: list[str] = []
        late: list[tuple[str, Closing]] = []
        for place in self._places(clause.amount, text, record):
            line = self._line(clause.amount.span, self._from(place, text))
            circles = [one for one in waiting if _meet(one.account, place.name)]
            if circles:
                late.append((line, circles[0]))
            else:
                lines.append(line)
        if not lines and late:
            line, first = late[0]
            if isinstance(first.node, ast.Balance) and first.node.at == "closing":
                self._tell_late(clause, line, first)
                return
        # What only measures names no account: those of the record may be meant, and no text is mended so.
        meant = [] if lines or record is None else self._own(clause.amount.span, text, record)
        taken = text.words.keywords["DRAWN_FROM"][0]
        near = meant or (lines if len(lines) > 1 else [])
        self.report.tell(
            "M416",
            clause.amount.span,
            expected=lines[0] if len(lines) == 1 else "",
            nearest=OneOf(tuple(f"`{line}`" for line in near)) if near else "",
            charged=self._line(clause.amount.span, f"{taken} {text.words.keywords['CHARGES'][0]}"),
        )

    def _own(self, span: Span, text: Text, record: str) -> list[str]:
        """The lines that take an amount from an account which each record has of its own."""
        return [
            self._line(span, self._from(Draw(ACCOUNT, name, record), text))
            for name in sorted(self.accounts)
            if self.scope.account_record(name) == record and self._gives(name)
        ]

    def _tell_others(self, clause: Moving, draw: Draw, text: Text, record: str | None) -> None:
        """Tell (M437) a clause that takes from what each record has its own of, and what to write."""
        assert draw.record is not None, "only records have their own"
        words, expected = text.words, ""
        place = clause.amount.span if clause.origin is None else clause.origin.span
        if isinstance(clause, ast.Share):
            expected = self._allocated(clause, draw, text)
        elif record is None and place.line == place.end_line:
            expected = self._line(
                place, f"{words.keywords['FOR_EACH'][0]} {words.word(draw.record)}"
            )
        self.report.tell(
            "M437", place, name=Word(draw.name), record=Word(draw.record), expected=expected
        )

    def _allocated(self, clause: ast.Share, draw: Draw, text: Text) -> str:
        """The line that takes from each one's own what a share would; empty where it is not plain."""
        words, amount = text.words, clause.amount
        keyword = {name: forms[0] for name, forms in words.keywords.items()}
        group = words.canonical(clause.group.name.word)
        where, when = clause.group.where, clause.when
        long = where is not None and where.span.line != where.span.end_line
        if clause.segment or clause.group.of or long or (where and when):
            return ""
        if self.scope.record_of(group) != draw.record:
            return ""
        own = self._phrase(draw.name, draw.record, text)
        said = f"{keyword['ALL_OF']} {own}"
        if clause.origin is None and amount.span.line == amount.span.end_line:
            said = self.report.written(amount.span)
            if isinstance(amount, ast.Name | ast.NameOf):
                said = f"{keyword['ALL_OF']} {own}"
        elif isinstance(amount, ast.Aggregate) and amount.aggregate == "sum" and amount.value:
            said = f"{self.report.written(amount.value.span)} {keyword['DRAWN_FROM']} {own}"
        (one, *_) = words.singulars.get(group, (words.word(group),))
        line = f"{keyword['ALLOCATE']} {said} {keyword['FOR_EACH']} {one}"
        condition = where or when
        return (
            f"{line} {keyword['WHEN']} {self.report.written(condition.span)}" if condition else line
        )

    def _tell_late(self, clause: Moving, line: str, closing: Closing) -> None:
        span, name = closing.node.span, closing.node.account.span
        written = self.report.written(span)
        whole = closing.text.words.keywords["ALL_OF"][0]
        self.report.tell(
            "M423",
            clause.amount.span,
            related=(span,),
            name=Word(closing.account),
            expected=line,
            closing=written,
            instead=f"{whole} {written[name.column - span.column :]}",
        )

    def _tell_too_much(self, clause: Moving, found: Draw, text: Text) -> None:
        """Tell (M417) that a clause takes more than the whole of its origin, which is the most."""
        whole = self._phrase(found.name, found.record, text)
        before = {"opening": "OPENING", "all": "ALL_OF"}.get(found.reading)
        if before is not None:
            whole = f"{text.words.keywords[before][0]} {whole}"
        span = clause.amount.span
        expected = self._line(span, whole, instead=True) if span.line == span.end_line else ""
        total = (found.part or 0) * 100
        self.report.tell("M417", span, total=total, expected=expected)

    def _tell_no_money(
        self,
        clause: Moving,
        origin: ast.From,
        text: Text,
        record: str | None,
    ) -> None:
        """Tell (M418) that no money can be taken from what a clause names, with what it may have meant."""
        place = origin.place
        assert place is not None, "charges give money"
        waiting = list(self._waiting(clause.amount, text))
        lines = [
            self._line(origin.span, self._from(one, text), instead=True)
            for amount in (place, clause.amount)
            for one in self._places(amount, text, record)
            if not any(_meet(late.account, one.name) for late in waiting)
        ]
        shown = tuple(dict.fromkeys(lines)) if origin.span.line == origin.span.end_line else ()
        name = place if isinstance(place, ast.Name) else place.name
        self.report.tell(
            "M418",
            origin.span,
            name=name.word,
            expected=shown[0] if len(shown) == 1 else "",
            nearest=OneOf(tuple(f"`{line}`" for line in shown)) if len(shown) > 1 else "",
        )

    def _tell_whose(self, clause: Moving, name: str, text: Text, record: str) -> None:
        """Tell (M422) a part of an account inside each record, which has its own of it."""
        of = text.words.keywords["OF"][0]
        own = f"{text.words.word(name)} {of} {text.words.word(record)}"
        named = [one for one in parts_of(clause.amount) if isinstance(one, ast.Name)]
        spans = [one.span for one in named if text.words.canonical(one.word) == name]
        expected = self._line(spans[0], own, instead=True) if len(spans) == 1 else ""
        place, whose = clause.amount.span, Word(record)
        self.report.tell("M422", place, name=Word(name), record=whose, own=own, expected=expected)

    # ---- what may be meant

    def _places(self, amount: ast.Expression, text: Text, record: str | None) -> Iterator[Draw]:
        """What an amount may have meant to take from: of all that it reads, what gives money."""
        told: set[str] = set()
        for reading in self.reader.readings(amount, text):
            name = whose(reading)
            if name in told:
                continue
            told.add(name)
            if name in self.scope.accounts:
                owner = self.scope.account_record(name)
                if self._gives(name) and owner in (None, record):
                    yield Draw(ACCOUNT, name, owner)
                continue
            if name in self.scope.figures and self.scope.gives_money(name):
                yield Draw(FIGURE, name)

    def _gives(self, name: str) -> bool:
        """Whether an account may be given out: one without branches, and not indivisible."""
        branches = [one for one in self.accounts if one != name and within(one, name)]
        return not branches and self.scope.indivisible(name) is None

    def _waiting(self, amount: ast.Expression, text: Text) -> Iterator[Closing]:
        """What an amount reads, through every name, that waits for those who take from an account."""
        seen: set[str] = set()
        waiting: list[tuple[Any, Text]] = [(amount, text)]
        while waiting:
            one, own = waiting.pop()
            match one:
                case tuple():
                    waiting += [(part, own) for part in one]
                case ast.Previous() | ast.At():
                    pass
                case ast.Balance(at="closing" | "taken") | ast.SoFar():
                    yield Closing(own.words.canonical(one.account.word), one, own)
                case ast.Name(word):
                    name = own.words.canonical(word)
                    declared = self.scope.figures.get(name)
                    if declared is not None and name not in seen:
                        seen.add(name)
                        waiting += [
                            (part, declared.text) for part in expressions_of(declared.clause)
                        ]
                case _ if attrs.has(type(one)):
                    waiting += [
                        (getattr(one, place.name), own) for place in attrs.fields(type(one))
                    ]
                case _:
                    pass

    # ---- words

    def _phrase(self, name: str, record: str | None, text: Text) -> str:
        """A place as a clause names it; of each record's own account, whose it is."""
        word = text.words.word(name)
        if record is None or name not in self.scope.accounts:
            return word
        return f"{word} {text.words.keywords['OF'][0]} {text.words.word(record)}"

    def _from(self, place: Draw, text: Text) -> str:
        words = text.words.keywords["DRAWN_FROM"][0]
        return f"{words} {self._phrase(place.name, place.record, text)}"

    def _line(self, span: Span, written: str, *, instead: bool = False) -> str:
        """The last line of a place in a text, with words after the place, or instead of it."""
        source = self.report.sources.get(span.file)
        if source is None:
            return written
        line, end = source.line(span.end_line), _end(source, span)
        start = span.column - 1 if instead else end
        between = "" if instead else " "
        return f"{line[:start]}{between}{written}{line[end:]}".strip()


def _end(source: Source, span: Span) -> int:
    """Where an expression ends on its last line, with the brackets that stand around it."""
    rows = [source.line(number) for number in range(span.line, span.end_line + 1)]
    before, end = rows[0][: span.column - 1], span.end_column - 1
    rows[-1], rest = rows[-1][:end], rows[-1][end:]
    inside = "\n".join(rows)[len(before) :]
    bare = before.replace(" ", "")
    opened = len(bare) - len(bare.rstrip("(")) + inside.count("(") - inside.count(")")
    while opened > 0 and rest.lstrip().startswith(")"):
        end += rest.index(")") + 1
        rest = rest[rest.index(")") + 1 :]
        opened -= 1
    return end


def _meet(account: str, other: str) -> bool:
    """Whether a balance of one account waits for what is taken from another."""
    return within(account, other) or within(other, account)
