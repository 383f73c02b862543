"""The French laws: the highest rate of interest, worked out from the published yields."""

from fractions import Fraction

import packs
import pytest

# Private bond yields (TMOP) of the two half-years, in per cent, as the Journal officiel gives them.
TMOP = {
    2014: ("2.28", "1.50"),
    2015: ("0.96", "1.19"),
    2016: ("0.80", "0.63"),
    2017: ("1.15", "0.95"),
    2018: ("1.04", "0.97"),
    2019: ("0.62", "0.12"),
    2020: ("0.20", "-0.02"),
    2021: ("0.20", "0.27"),
    2022: ("1.325", "2.51"),
    2023: ("3.14", "3.37"),
}
# Year of the general meeting: highest rate of interest on shares, in per cent.
HIGHEST_RATE = {
    2017: "3.2267",
    2018: "2.9467",
    2019: "2.9233",
    2020: "2.8083",
    2021: "2.4883",
    2022: "2.2317",
    2023: "2.7475",
    2024: "3.8025",
}


FIRST = ("bond_rates_of_six_half_years", (7, 1)), ("bond_rates_for_a_meeting_next_day", (12, 31))


@pytest.mark.parametrize(("parameter", "day"), FIRST)
def test_the_bond_rates_are_the_published_ones(parameter: str, day: tuple[int, int]) -> None:
    """By the closing from which the meeting is held the year after, at the latest and at the soonest."""
    dated = packs.under("fr.cooperation", packs.installed()).parameters[parameter]
    assert [start.year + 1 for start, *_ in dated.values] == list(HIGHEST_RATE)
    for start, total, _, to_confirm in dated.values:
        assert ((start.month, start.day), to_confirm) == (day, False)
        meeting = start.year + 1
        rates = [rate for year in range(meeting - 3, meeting) for rate in TMOP[year]]
        assert isinstance(total, Fraction)
        assert total * 100 == sum(map(Fraction, rates))
        assert round(total / 6 * 100 + 2, 4) == Fraction(HIGHEST_RATE[meeting])
