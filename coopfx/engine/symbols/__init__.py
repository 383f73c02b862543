"""A program's nodes as terms of a solver, over exact rationals: what can be said of every year.

A value is a term beside whether it is defined: a solver may pick any figure for 0 / 0, so nothing
undefined is ever turned into a number. Facts are complete, within the domains that inputs declare,
and money is given in whole steps of its currency, as the readers of data demand.

Two sorts of years are spoken of. ``AnyYear`` knows one record, any at all, and holds what is true of
it however many there are; figures over a group are bounded by what is always true of them. It says
too little rather than too much: what cannot happen to it cannot happen. ``SmallYear`` has so many
records of each sort, and its figures are worked out: it is where a year that breaks a rule is sought,
and the reference evaluator has the last word on whether it does.

What a node means stands in ir.py, and how money flows in splits.py: here it is said again as
constraints, never in another way.
"""

from coopfx.engine.symbols.any_year import AnyYear
from coopfx.engine.symbols.every_year import EveryYear, kept_bounds
from coopfx.engine.symbols.rule import Judged, Symbols, cone, fact_of, rule_roots
from coopfx.engine.symbols.shape import Shape
from coopfx.engine.symbols.small_year import SmallYear
from coopfx.engine.symbols.terms import Term
from coopfx.engine.symbols.together import Together
from coopfx.engine.symbols.year import Fact, truths_by_fact

__all__ = [
    "AnyYear",
    "EveryYear",
    "Fact",
    "Judged",
    "Shape",
    "SmallYear",
    "Symbols",
    "Term",
    "Together",
    "cone",
    "fact_of",
    "kept_bounds",
    "rule_roots",
    "truths_by_fact",
]
