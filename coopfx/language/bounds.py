"""Figures of the data that no value can be, because of bounds that other figures are.

``input bonus : money >= 10 EUR <= grant`` and ``input grant : money <= 5 EUR`` are each in order. Together
they leave no year, and of no year anything could be proved.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from coopfx.ground.exact import Type
from coopfx.ground.report import Report, Word
from coopfx.language import ast
from coopfx.language.declared import Declared
from coopfx.language.placed import Placed

AT_LEAST, AT_MOST = "at_least", "at_most"


def tell_impossible(declared: Declared, clauses: Sequence[Placed], report: Report) -> None:
    """Tell (T315) figures whose lowest value, through whatever others, is above their highest."""
    lines: dict[str, Placed] = {}
    above: dict[str, list[str]] = {}
    for placed in clauses:
        clause = placed.clause
        if isinstance(clause, ast.Input | ast.Parameter):
            lines[placed.text.words.canonical(clause.name.word)] = placed
    for name, placed in lines.items():
        beside = placed.clause.beside if isinstance(placed.clause, ast.Input) else ()
        for side, bound in beside:
            other = placed.text.words.canonical(bound.word)
            type_, own = _type(declared, other), _type(declared, name)
            if type_ is not None and own is not None and type_.same_sort(own):
                low, high = (name, other) if side == AT_MOST else (other, name)
                above.setdefault(low, []).append(high)
    told: set[str] = set()
    for name in above:
        least = _own(declared, name, AT_LEAST)
        if least is None or name in told:
            continue
        path = _path_below(declared, name, least, above)
        if path and told.isdisjoint(path):
            told.update(path)
            _tell(declared, path, lines, report)


def _path_below(
    declared: Declared, name: str, least: Fraction, above: Mapping[str, Sequence[str]]
) -> list[str]:
    """The figures from one of at least so much up to one that is at most less; empty where none is."""
    paths = {name: [name]}
    waiting = [name]
    for one in waiting:
        most = _own(declared, one, AT_MOST)
        if most is not None and most < least and one != name:
            return paths[one]
        for other in above.get(one, ()):
            if other not in paths:
                paths[other] = [*paths[one], other]
                waiting.append(other)
    return []


def _own(declared: Declared, name: str, side: str) -> Fraction | None:
    """The constant that a figure is at least, or at most; of a parameter, whatever the day."""
    given = declared.inputs.get(name)
    if given is not None:
        found = given.low if side == AT_LEAST else given.high
        return found if isinstance(found, Fraction) else None
    dated = declared.parameters.get(name)
    values = [] if dated is None else [one[1] for one in dated.values]
    known = [one for one in values if isinstance(one, Fraction)]
    if not known or len(known) < len(values):
        return None
    return min(known) if side == AT_LEAST else max(known)


def _type(declared: Declared, name: str) -> Type | None:
    known = declared.inputs.get(name) or declared.parameters.get(name)
    return None if known is None else known.type


def _tell(
    declared: Declared, path: Sequence[str], lines: Mapping[str, Placed], report: Report
) -> None:
    """Tell a chain of figures on the statute's own line of it that stands last."""
    spans = {one: lines[one].clause.span for one in path if lines[one].text.is_statute}
    if not spans:
        return
    *others, last = spans
    first, end = path[0], path[-1]
    type_ = _type(declared, first)
    assert type_ is not None
    report.tell(
        "T315",
        spans[last],
        related=tuple(spans[one] for one in others),
        name=Word(first),
        least=(_own(declared, first, AT_LEAST), type_),
        other=Word(end),
        most=(_own(declared, end, AT_MOST), type_),
    )
