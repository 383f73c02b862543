"""Who gains and who loses by a scenario, counted; without naming anybody where that is asked."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from statistics import median

from attrs import frozen

from coopfx.engine.outcome import Comparison, RecordCompared
from coopfx.formats.anonymous import hidden
from coopfx.ground.exact import round_to

PERSON = "person"


@frozen(slots=True)
class Gains:
    """How many gain, lose, or stay within the tolerance; of how many that is not known.

    ``spread`` are the lowest, the median and the highest difference of those that are known;
    ``losses`` and ``wins`` the smallest and the largest of those that lose, and that gain.
    """

    gain: int
    lose: int
    same: int
    unknown: int
    spread: tuple[Fraction, Fraction, Fraction] | None
    losses: tuple[Fraction, Fraction] | None
    wins: tuple[Fraction, Fraction] | None

    @property
    def count(self) -> int:
        """How many there are."""
        return self.gain + self.lose + self.same + self.unknown


def gains_of(records: Iterable[RecordCompared], tolerance: Fraction, step: Fraction) -> Gains:
    """Some records counted; a median between two amounts is rounded to a step."""
    found = [one.moved.difference for one in records]
    known = [one for one in found if isinstance(one, Fraction)]
    wins = [one for one in known if one > tolerance]
    losses = [-one for one in known if one < -tolerance]
    return Gains(
        len(wins),
        len(losses),
        len(known) - len(wins) - len(losses),
        len(found) - len(known),
        (min(known), round_to(median(known), step), max(known)) if known else None,
        (min(losses), max(losses)) if losses else None,
        (min(wins), max(wins)) if wins else None,
    )


def people(found: Comparison) -> list[RecordCompared]:
    """What each person gains by the legal book."""
    return [one for one in found.records if one.sort == PERSON and not one.management]


def grouped(
    records: Iterable[RecordCompared], groups: Mapping[str, str], *, anonymous: bool
) -> tuple[dict[str, list[RecordCompared]], list[RecordCompared]]:
    """People by what each is grouped by, and those of groups too small to be shown.

    Those that are not shown are never so few themselves: the next smallest groups are with them.
    """
    found: dict[str, list[RecordCompared]] = {}
    for one in records:
        found.setdefault(groups.get(one.record, ""), []).append(one)
    if not anonymous:
        return found, []
    names = list(found)
    few: list[RecordCompared] = []
    for place in sorted(hidden([len(of) for of in found.values()])):
        few += found.pop(names[place])
    return found, few
