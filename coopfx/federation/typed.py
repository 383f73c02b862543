"""The columns of one table as columns of facts, in one pass: exact, within their domains, or left.

What is not plainly right is not judged here: its cooperative is ``suspect``, and read again row by
row, as a year of its own would be, which either finds its figures or tells its mistakes.
"""

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import define

from coopfx.engine.columns.records import ABSENT
from coopfx.engine.columns.values import (
    KNOWN,
    Array,
    Column,
    Labels,
    Numbers,
    Truths,
    from_fractions,
    missing_where,
    numbers,
)
from coopfx.formats import cells, notation
from coopfx.ground.exact import Kind, Known, currency_of, decimals_of
from coopfx.ground.facts import Field
from coopfx.ground.words import Words

_MOST = 2**62


@define(slots=True)
class Typing:
    """The rows of one table, each with its cooperative's place, and which of those are suspect.

    ``style`` is how the whole table writes its numbers.
    """

    owners: Array
    suspect: Array
    words: list[Words]
    style: notation.Style

    def typed(self, column: Any, field: Field) -> Column:
        """A column of facts; rows that are not plainly right make their cooperative suspect.

        ``column`` is a column of whole numerators with their scale and what is missing, or of texts.
        """
        if isinstance(column, tuple):
            above, scale, missing = column
            return self._of_decimals(above, scale, missing, field)
        if field.type.kind is Kind.QUANTITY:
            return self._of_texts(column, field)
        found = self._each(column, field)
        state = missing_where(np.array([value is None for value in found], bool))
        if field.type.kind is Kind.YES_NO:
            return Truths(np.array([value is True for value in found], bool), state)
        return Labels(np.array([*found, None], object)[:-1], state)

    def doubt(self, rows: Array) -> None:
        """Suspect the cooperatives of some rows, which are flags."""
        self.suspect[self.owners[rows]] = True

    def _of_decimals(self, above: Array, scale: int, missing: Array, field: Field) -> Column:
        if field.type.kind is not Kind.QUANTITY:
            self.doubt(~missing)
            return Labels(
                np.full(len(above), None, object), missing_where(np.ones(len(above), bool))
            )
        above = np.where(missing, 0, above)
        return self._admitted(numbers(above, 10**scale, missing_where(missing)), field)

    def _of_texts(self, column: list[str], field: Field) -> Column:
        missing = None
        texts = column
        if "" in column:
            missing = np.array([not text for text in column], bool)
            texts = [text or "0" for text in column]
        written = notation.Written.of(texts)
        above, below = written.plain(self.style, cells.most_decimals(field))
        scale = max(below, default=1)
        if 0 not in below and max(map(abs, above), default=0) < _MOST // scale:
            if min(below, default=1) != scale:
                above = [one * (scale // other) for one, other in zip(above, below, strict=True)]
            made = np.array(written.along(texts, above), np.int64)
            state = None if missing is None else missing_where(missing)
            return self._admitted(numbers(made, scale, state), field)
        found = self._each(column, field)
        state = missing_where(np.array([value is None for value in found], bool))
        return self._admitted(
            from_fractions([one if isinstance(one, Fraction) else None for one in found], state),
            field,
        )

    def _each(self, column: list[str], field: Field) -> list[Known | None]:
        """Every cell by itself, each text once; those that are amiss are suspect, and None."""
        seen: dict[str, Known | None] = {}
        bad: set[str] = set()
        for text in filter(None, set(column)):
            found = cells.read(text, field, self.words, self.style)
            if isinstance(found, notation.Amiss):
                bad.add(text)
            else:
                seen[text] = found
        if bad:
            self.doubt(np.array([text in bad for text in column], bool))
        return list(map(seen.get, column))

    def _admitted(self, column: Numbers, field: Field) -> Numbers:
        """A column of quantities, of which those outside their domain are suspect."""
        below, above = column.denominator, column.numerators
        assert isinstance(below, int)
        wrong = np.zeros(len(above), bool)
        if field.type.whole:
            wrong |= above % below != 0
        currency = currency_of(field.type.unit) if field.paid else None
        if currency and 10 ** decimals_of(currency) % below:
            step = below // np.gcd(below, 10 ** decimals_of(currency))
            wrong |= above % step != 0
            if not wrong.any() and step != 1:
                return self._bounded(
                    numbers(above // step, int(below // step), column.state), field
                )
        self.doubt(wrong)
        return self._bounded(column, field)

    def _bounded(self, column: Numbers, field: Field) -> Numbers:
        below, above = column.denominator, column.numerators
        assert isinstance(below, int)
        wrong = np.zeros(len(above), bool)
        if field.low is not None:
            wrong |= above < -(-field.low.numerator * below // field.low.denominator)
        if field.high is not None:
            wrong |= above > field.high.numerator * below // field.high.denominator
        if column.state is not None:
            wrong &= column.state == KNOWN
        self.doubt(wrong)
        return column

    def linked(self, column: list[str], targets: dict[tuple[int, str], int]) -> Labels:
        """The place of the record that each row is linked to, among its own cooperative's."""
        astray = -3
        pairs = zip(self.owners.tolist(), column, strict=True)
        places = np.array(
            [targets.get(pair, astray) if pair[1] else ABSENT for pair in pairs], np.int64
        )
        self.doubt(places == astray)
        return Labels(places, missing_where(places < 0))
