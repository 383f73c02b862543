"""A year beside a scenario of it: who gains and who loses, which accounts, by which rules.

All is read off the books of both: each entry takes what it brings from somewhere, so that gains,
losses, accounts and sources close to the cent, however the two statutes differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from coopfx.engine.outcome import (
    AccountYear,
    Booked,
    Comparison,
    Outcome,
    Place,
    PlaceCompared,
    RecordCompared,
    RuleCompared,
    Two,
    Verdict,
)
from coopfx.ground.exact import Missing, Undefined, Value, negative, plus, total

_SOURCES = ("figure", "charges")
_NOTHING = Fraction(0)


class _At(NamedTuple):
    """Whose place it is: of one record, or of the cooperative where there is none."""

    place: Place
    record: str
    management: bool


def compare(year: Outcome, scenario: Outcome, everyone: Mapping[str, Sequence[str]]) -> Comparison:
    """A year beside a scenario of it.

    ``everyone`` has the identifiers of all records of each sort, those that receive nothing too.
    """
    both = _gained(year.books), _gained(scenario.books)
    places = dict.fromkeys(at for gained in both for at in gained)
    return Comparison(
        year,
        scenario,
        tuple(_accounts(year, scenario)),
        tuple(_sources(places, both)),
        tuple(_records(places, both, everyone)),
        tuple(_rules(year.verdicts, scenario.verdicts)),
    )


def _gained(books: Iterable[Booked]) -> dict[_At, Value]:
    """What each place has gained in a year: all that came to it, less all that went."""
    found: dict[_At, Value] = {}
    for entry in books:
        taken = negative(entry.amount)
        alike = entry.target.record in (entry.source.record, None)
        owner = entry.giver or (entry.record if alike else "")
        for place, record, amount in (
            (entry.source, owner, taken),
            (entry.target, entry.record, entry.amount),
        ):
            at = _At(place, record if place.record is not None else "", entry.management)
            found[at] = plus(found.get(at, _NOTHING), amount)
    return found


def _accounts(year: Outcome, scenario: Outcome) -> Iterable[PlaceCompared]:
    """The accounts of the cooperative; one that a statute does not have is empty there."""
    before, after = ({one.name: one for one in of.accounts} for of in (year, scenario))
    for name in dict.fromkeys((*before, *after)):
        one = after.get(name) or before[name]
        if one.record is not None:
            continue
        pair = before.get(name), after.get(name)
        moved, balances = Two(*map(_moved, pair)), Two(*map(_closing, pair))
        yield PlaceCompared(
            Place("account", name), moved, one.management, balances, one.indivisible
        )


def _moved(account: AccountYear | None) -> Value:
    if account is None:
        return _NOTHING
    return plus(account.added, negative(account.taken))


def _closing(account: AccountYear | None) -> Value:
    return _NOTHING if account is None else account.closing


def _sources(
    places: Iterable[_At], both: tuple[dict[_At, Value], dict[_At, Value]]
) -> Iterable[PlaceCompared]:
    """What figures and charges have given, those of all records together."""
    chosen = [at for at in places if at.place.kind in _SOURCES]
    for place, management in dict.fromkeys((at.place, at.management) for at in chosen):
        given = [
            total(
                negative(gained.get(at, _NOTHING))
                for at in chosen
                if (at.place, at.management) == (place, management)
            )
            for gained in both
        ]
        yield PlaceCompared(place, Two(*given), management)


def _records(
    places: Iterable[_At],
    both: tuple[dict[_At, Value], dict[_At, Value]],
    everyone: Mapping[str, Sequence[str]],
) -> Iterable[RecordCompared]:
    """What each record has gained, of the sorts that receive anything."""
    own = [at for at in places if at.place.record is not None and at.place.kind not in _SOURCES]
    for sort, management in dict.fromkeys((at.place.record, at.management) for at in own):
        assert sort is not None
        chosen = [at for at in own if (at.place.record, at.management) == (sort, management)]
        kinds = list(dict.fromkeys(at.place for at in chosen))
        named = [at.record for at in chosen if at.record or _known_of_none(at, both)]
        for record in dict.fromkeys((*everyone.get(sort, ()), *named)):
            by = [
                (place, Two(*(_of(gained, _At(place, record, management)) for gained in both)))
                for place in kinds
            ]
            moved = Two(total(two.before for _, two in by), total(two.after for _, two in by))
            yield RecordCompared(sort, record, moved, tuple(by), management)


def _known_of_none(at: _At, both: tuple[dict[_At, Value], dict[_At, Value]]) -> bool:
    """Whether it is known how much some records gained, and not which."""
    return any(isinstance(gained.get(at), Fraction) for gained in both)


def _of(gained: dict[_At, Value], at: _At) -> Value:
    """What a record gained of a place; not known where it is not known of any."""
    of_none = gained.get(_At(at.place, "", at.management), _NOTHING)
    if isinstance(of_none, Missing | Undefined):
        return of_none
    return gained.get(at, _NOTHING)


def _rules(before: Iterable[Verdict], after: Iterable[Verdict]) -> Iterable[RuleCompared]:
    olds, news = ({(one.law, one.rule): one for one in of} for of in (before, after))
    for key in dict.fromkeys((*olds, *news)):
        pair = RuleCompared(olds.get(key), news.get(key))
        if pair.turned or _shown(pair.before) != _shown(pair.after):
            yield pair


def _shown(verdict: Verdict | None) -> object:
    if verdict is None:
        return None
    return verdict.status, verdict.left, verdict.right, verdict.margin, verdict.counts
