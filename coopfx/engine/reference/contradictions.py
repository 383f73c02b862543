"""Data that contradict themselves, or the year before them: told, with both figures."""

from collections.abc import Mapping
from fractions import Fraction

from coopfx.engine.reference.evaluation import Column, Run
from coopfx.ground.exact import Value
from coopfx.ground.facts import Facts
from coopfx.ground.figure import (
    OPENING,
    SHARE_CAPITAL,
    SHARES_HELD,
    Figure,
    between_of,
    figure_of,
)
from coopfx.ground.report import Report, Said, Word
from coopfx.ground.source import Span
from coopfx.language import ir


def tell_contradictions(run: Run) -> None:
    """Tell where figures are not what texts say is true of every year: a bound that another figure is
    (R821), a balance at closing (R822); and where the register of shares is not the capital (R823)."""
    told = Report()
    tell_all_untrue(run, told)
    _tell_register(run, told)
    run.diagnostics += told.diagnostics


def tell_all_untrue(run: Run, told: Report, example: ir.Example | None = None) -> None:
    """Tell what texts say is always true and is not in a year, or in an ``example``."""
    for truth in run.program.truths:
        if truth.node not in run.values:
            continue
        values = run.values[truth.node]
        for row in range(len(values)) if isinstance(values, list) else (None,):
            if run.at(truth.node, row) is False:
                _tell(run, truth, row, told, example)


def _tell(
    run: Run, truth: ir.Truth, row: int | None, told: Report, example: ir.Example | None
) -> None:
    compared = run.program.nodes[truth.node]
    assert isinstance(compared, ir.Compare)
    whose = "" if row is None else run.ids(compared.record or "")[row]
    sides = run.at(compared.left, row), run.at(compared.right, row)
    place = run.place_given(truth.name, compared.record, row)
    tell_untrue(run.program, truth, sides, whose, place, told, example)


def tell_untrue(
    program: ir.Program,
    truth: ir.Truth,
    sides: tuple[Value, Value],
    whose: str,
    place: Span | None,
    told: Report,
    example: ir.Example | None = None,
) -> None:
    """Tell what a text says is always true and is not: of its two sides, of whom, where the data say so.

    Of an ``example`` this is a mistake of its own (E610, E611).
    """
    said, name = truth.origin.span, Word(truth.name)
    compared = program.nodes[truth.node]
    assert isinstance(compared, ir.Compare)
    type_ = program.nodes[compared.left].type
    left, right = ((side, type_) for side in sides)
    title = ""
    if example is not None:
        sides_of = (compared.left, compared.right, *ir.inner(program.nodes[compared.right]))
        place, title = example.place_given(sides_of, whose), example.title
    if truth.closing:
        if example is None:
            told.tell("R822", said, account=name, closing=left, low=right, whose=whose)
        else:
            told.tell(
                "E611",
                place,
                related=(said,),
                title=title,
                account=name,
                closing=left,
                low=right,
                whose=whose,
            )
        return
    side, bound = program.bound_of(truth)
    bounded = Said(f"bound.{side}", {"name": Word(bound.name), "bound": right})
    # What prelude and laws say is cited by no line: their texts are not at hand in every run.
    related = (said,) if place is not None and truth.own else ()
    code = "R821" if example is None else "E610"
    told.tell(
        code,
        place or said,
        related=related,
        title=title,
        name=name,
        found=left,
        bound=bounded,
        whose=whose,
    )


def _tell_register(run: Run, told: Report) -> None:
    """Tell (R823) where the shares that people hold are in all another sum than the capital."""
    capital, table = run.facts.figures.get(SHARE_CAPITAL), run.facts.tables.get("person")
    held = table.columns.get(SHARES_HELD) if table is not None else None
    if not isinstance(capital, Fraction) or held is None:
        return
    known = [one for one in held if isinstance(one, Fraction)]
    in_all = sum(known, Fraction(0))
    if known and len(known) == len(held) and in_all != capital:
        tell_register(run.program, in_all, capital, run.facts.places.get(SHARE_CAPITAL), told)


def tell_register(
    program: ir.Program, held: Fraction, capital: Fraction, place: Span | None, told: Report
) -> None:
    """Tell (R823) that shares held come to another sum than the capital, where the data give this."""
    type_ = next(one.type for one in program.inputs if one.key == SHARE_CAPITAL)
    told.tell("R823", place, held=(held, type_), capital=(capital, type_))


def opens(facts: Facts) -> bool:
    """Whether a year gives the balance that any account opened with."""
    columns = (name for table in facts.tables.values() for name in table.columns)
    return bool(facts.balances) or any(figure_of(name).side == OPENING for name in columns)


def tell_openings(program: ir.Program, facts: Facts, before: Run, report: Report) -> None:
    """Tell (R820) each account that opens at another sum than it closed at the year before; where the data
    say what moved it between the years, at another than that makes (R824)."""
    for name, nodes in program.accounts.items():
        known = before.program.accounts.get(name)
        if known is None or known.record != nodes.record or known.closing not in before.values:
            continue
        key = Figure(name, side=OPENING).key
        closed = before.values[known.closing]
        opens: dict[str, Value] = {"": facts.opening(name)}
        closes = {"": closed}
        place = facts.places.get(key)
        moved = facts.between.get(name)
        if moved is not None and isinstance(closed, Fraction):
            closes = {"": closed + moved}
        if nodes.record is not None:
            table = facts.tables.get(nodes.record)
            if table is None or not isinstance(closed, list):
                continue
            opens = dict(zip(table.ids, table.column(key), strict=True))
            closes = dict(zip(before.ids(nodes.record), closed, strict=True))
            place = Span.on_line(table.file, 1) if table.file else None
        differ = _differing(opens, closes)
        if differ:
            type_ = program.nodes[nodes.opening].type
            opening, closing = (sum(side, Fraction(0)) for side in zip(*differ, strict=True))
            if moved is None:
                report.tell(
                    "R820",
                    place,
                    account=Word(name),
                    opening=(opening, type_),
                    closing=(closing, type_),
                    date=before.facts.closing,
                )
                continue
            given = facts.places.get(between_of(name))
            report.tell(
                "R824",
                place,
                related=(given,) if given else (),
                account=Word(name),
                opening=(opening, type_),
                closing=(closing - moved, type_),
                date=before.facts.closing,
                between=(moved, type_),
                expected=(closing, type_),
            )


def _differing(
    opens: Mapping[str, Value], closes: Mapping[str, Value | Column]
) -> list[tuple[Fraction, Fraction]]:
    """What is known of both years of whom it is known, where it differs for any of them."""
    known = []
    for name, opening in opens.items():
        closing = closes.get(name)
        if isinstance(opening, Fraction) and isinstance(closing, Fraction):
            known.append((opening, closing))
    return known if any(one != other for one, other in known) else []
