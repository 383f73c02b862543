"""The figures of the sector's page are rounded as everything else is."""

from fractions import Fraction

from coopfx.federation.sector import _figure


def test_a_negative_half_of_a_cent_is_rounded_away_from_zero() -> None:
    figure = _figure("surplus", [("oven", Fraction("-0.01")), ("mill", Fraction(0))])
    assert (figure.average, figure.median) == (Fraction("-0.01"), Fraction("-0.01"))


def test_the_median_of_an_odd_number_is_one_of_them() -> None:
    values = [("oven", Fraction(3)), ("mill", Fraction(1)), ("yard", Fraction(10))]
    assert _figure("surplus", values).median == 3
