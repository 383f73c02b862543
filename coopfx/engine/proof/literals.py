"""The percentages and the amounts of money that a statute writes, each as a node that can be changed.

A law may write the same figure as the statute, or the statute write it twice, and a program then holds
it once: the text is compiled with each of its own a little off, so that each has a node of its own.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from coopfx.ground.exact import CURRENCY_SIGNS, Known, currency_named, decimal_text
from coopfx.ground.source import Span
from coopfx.ground.words import GROUPED, HARD_SPACES, Words
from coopfx.language import ir

Compile = Callable[[str], ir.Program | None]
"""A statute's text to its program; None where it has any mistake."""

HUNDREDTH = Fraction(1, 10_000)
"""A hundredth of a percent: what percentages are changed by."""
_MOST = 10**9
_DECIMALS = 12
"""A figure of more decimals than these is not looked at for how finely others are changed."""
_OFF = Fraction(1, 10**15)
_CURRENCY = rf"[A-Z]{{3}}\b|[{''.join(CURRENCY_SIGNS)}]"
_FIGURE = re.compile(
    rf"(?<![\w.,-])(?:(?P<before>{_CURRENCY})[ {HARD_SPACES}]?)?"
    rf"(?P<number>{'|'.join(re.sub('P<.*?>', ':', one.pattern) for one in GROUPED.values())}"
    rf"|(?:\d{{1,3}}(?:[ {HARD_SPACES}]\d{{3}})+(?!\d)|\d+)(?:[.,]\d+)?)(?![.,]?\d)"
    rf"(?:[ {HARD_SPACES}]?(?P<unit>%|{_CURRENCY}))?"
)


@frozen(slots=True, cache_hash=True)
class Written:
    """A percentage or an amount that a statute writes: its place, its value, its node."""

    span: Span
    value: Fraction
    is_money: bool
    node: int
    step: Fraction
    """What it is changed by: a cent, or a hundredth of a percent; less where figures are written finer."""

    def room(self, sign: int) -> int:
        """By how many steps it can go up, or down, at most."""
        if sign < 0:
            return int(self.value / self.step)
        return int(((_MOST if self.is_money else 1) - self.value) / self.step)

    def moved(self, steps: int) -> Fraction:
        """Its value, so many steps up or down."""
        return self.value + steps * self.step


@frozen(slots=True)
class Text:
    """A statute's own figures, and a program in which each is a node of its own."""

    program: ir.Program
    figures: tuple[Written, ...]

    def changed(self, values: Mapping[Written, Fraction]) -> ir.Program:
        """The program with other values of some figures; all others as they are written."""
        constants = list(self.program.constants)
        for figure in self.figures:
            slot = self.program.nodes[figure.node]
            assert isinstance(slot, ir.Slot)
            constants[slot.index] = values.get(figure, figure.value)
        return evolve(self.program, constants=tuple(constants))


@frozen(slots=True)
class _Place:
    """Where a figure stands in a text: its line, its first and last column, both from 1."""

    line: int
    start: int
    end: int
    value: Fraction
    is_money: bool
    unit: str


def figures_of(program: ir.Program, text: str, compile: Compile) -> Text:
    """The figures of a statute's money clauses, decisions, scales and definitions, in their order."""
    lines = text.splitlines(keepends=True)
    places = [place for line in sorted(_lines(program)) for place in _on(lines, line, program)]
    put: dict[_Place, Fraction] = {}
    made = program
    for number, place in enumerate(places, 1):
        for off in (-number * _OFF, number * _OFF):
            if place.value + off < 0:
                continue
            tried = {**put, place: place.value + off}
            found = compile(_text(lines, tried))
            if found is not None and _node(found, place, tried[place]) is not None:
                put, made = tried, found
                break
    file = _own(program)[0].span.file if places else ""
    figures = []
    for place, value in put.items():
        node = _node(made, place, value)
        if node is not None:
            span = Span(file, place.line, place.start, place.line, place.end)
            figures.append(Written(span, place.value, place.is_money, node, HUNDREDTH))
    return Text(made, tuple(evolve(one, step=_step(one, program, figures)) for one in figures))


def _step(figure: Written, program: ir.Program, figures: Sequence[Written]) -> Fraction:
    """By what a figure is changed: so that it can be what another figure, or a rule, says."""
    if figure.is_money:
        return _finest(Fraction(1, 100), [figure.value])
    rules = {slot for rule in program.rules for slot in ir.cone(program.nodes, rule.nodes(program))}
    slots = [program.nodes[index] for index in sorted(rules)]
    said = [
        program.constants[one.index]
        for one in slots
        if isinstance(one, ir.Slot) and not one.type.unit
    ]
    return _finest(HUNDREDTH, [*(one.value for one in figures if not one.is_money), *said])


def _finest(step: Fraction, values: Iterable[Known]) -> Fraction:
    """A step, or a tenth of it and so on, of which values are whole numbers, where they end."""
    for value in values:
        if isinstance(value, Fraction) and 10**_DECIMALS % value.denominator == 0:
            while (value / step).denominator != 1:
                step /= 10
    return step


def _own(program: ir.Program) -> list[ir.Origin]:
    """Where the statute's own money clauses, decisions, scales and definitions stand."""
    origins = [clause.origin for clause in program.money_clauses()]
    origins += [one for name, one in program.origins.items() if name not in program.parameters]
    return [one for one in origins if one.law is None and not one.model]


def _lines(program: ir.Program) -> set[int]:
    spans = [one.span for one in _own(program)]
    return {line for span in spans for line in range(span.line, span.end_line + 1)}


def _on(lines: Sequence[str], line: int, program: ir.Program) -> list[_Place]:
    """The figures on a line."""
    found = []
    for match in _FIGURE.finditer(lines[line - 1].partition("#")[0]):
        written = match["before"] or match["unit"] or ""
        unit = currency_named(written, program.currency)
        value = Words.read_number(match["number"])
        if unit not in ("%", program.currency) or value is None:
            continue
        value /= 100 if unit == "%" else 1
        end = match.end("number" if match["before"] else "unit") + 1
        found.append(_Place(line, match.start() + 1, end, value, unit != "%", written))
    return found


def _text(lines: Sequence[str], values: Mapping[_Place, Fraction]) -> str:
    """The text with other figures in some places."""
    made = list(lines)
    for place in sorted(values, key=lambda one: (one.line, one.start), reverse=True):
        line, value = made[place.line - 1], values[place] * (1 if place.is_money else 100)
        figure = f"{decimal_text(value)} {place.unit}"
        made[place.line - 1] = line[: place.start - 1] + figure + line[place.end - 1 :]
    return "".join(made)


def _node(program: ir.Program, place: _Place, value: Fraction) -> int | None:
    """The node of a value that nothing else has."""
    for index, node in enumerate(program.nodes):
        if isinstance(node, ir.Slot) and program.constants[node.index] == value:
            return index if bool(node.type.unit) == place.is_money else None
    return None
