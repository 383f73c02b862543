"""Rates that follow from answers, such as `85 % - development_rate`: as bounds, and as what is written."""

import re
from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from coopfx.ground.exact import Known, decimal_text

_VALUE = r"\d+(?:\.\d+)?\s*%|\d+\s*/\s*[1-9]\d*|\d+(?:\.\d+)?|[a-z]\w*"
_TERM = re.compile(rf"\s*(?P<sign>[+-]?)\s*(?P<value>{_VALUE})\s*", re.ASCII)


class RateError(ValueError):
    """A text that is no sum of percentages, fractions and answers."""


@frozen(slots=True)
class Rate:
    """A sum of constants and of answers, each with its sign."""

    constant: Fraction
    answers: tuple[tuple[int, str], ...]

    @staticmethod
    def of(text: str) -> "Rate":
        """Read a sum such as ``85 % - development_rate``; raises RateError where it is none.

        >>> Rate.of("85 % - saved").value({"saved": Fraction(1, 20)})
        Fraction(4, 5)
        """
        constant, answers, at = Fraction(0), [], 0
        while at < len(text):
            found = _TERM.match(text, at)
            if found is None or (at > 0 and not found["sign"]):
                raise RateError(text)
            sign = -1 if found["sign"] == "-" else 1
            value = found["value"]
            if value.endswith("%"):
                constant += sign * Fraction(value.removesuffix("%").strip()) / 100
            elif value[0].isdigit():
                constant += sign * Fraction(value.replace(" ", ""))
            else:
                answers.append((sign, value))
            at = found.end()
        if not text.strip():
            raise RateError(text)
        return Rate(constant, tuple(answers))

    @property
    def is_bare(self) -> bool:
        """Whether it is one answer as it stands."""
        return self.constant == 0 and len(self.answers) == 1 and self.answers[0][0] == 1

    def value(self, answers: Mapping[str, Known]) -> Fraction:
        """The sum, once the answers are known; raises RateError where one of them is no number."""
        total = self.constant
        for sign, key in self.answers:
            value = answers.get(key)
            if not isinstance(value, Fraction):
                raise RateError(key)
            total += sign * value
        return total


def written(rate: Fraction, decimal: str) -> str:
    """A rate as a statute writes it: in per cent, with a language's decimal sign, or as a fraction.

    >>> written(Fraction(9, 200), ","), written(Fraction(1, 3), ",")
    ('4,5 %', '1 / 3')
    """
    text = decimal_text(rate * 100)
    if "/" in text:
        return f"{rate.numerator} / {rate.denominator}"
    return f"{text.replace('.', decimal)} %"
