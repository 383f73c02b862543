"""Where a year's money goes: what each account is for, its part of the whole, and the flows drawn."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.ground.exact import Value
from coopfx_papers import charts, flows
from coopfx_papers.paper import Block, Figure
from coopfx_papers.said import Speaker

COLOURS = {
    "work": charts.WORK,
    "reserves": charts.RESERVES,
    "capital": charts.CAPITAL,
    "other": charts.OTHER,
    "losses": charts.LOSS,
}


def sort_of(outcome: out.Outcome, account: str) -> str:
    """Whether what goes to an account goes to work, reserves or capital, covers losses, or is other.

    An account from which people share is work's, unless it pays interest on what members hold.
    """
    if account == "share_interest":
        return "capital"
    if account == "losses_brought_forward":
        return "losses"
    own = next((item for item in outcome.accounts if item.name == account), None)
    if account.split(".")[0] == "reserves" or (own and own.indivisible):
        return "reserves"
    shared = any(share.source == account and share.record == "person" for share in outcome.shares)
    return "work" if account == "work_share" or shared else "other"


def first_of(outcome: out.Outcome) -> out.Allocation | None:
    """What a year shares out first; None where it allocates nothing."""
    return next((item for item in outcome.allocations if item.held), None)


def is_nothing(item: out.Allocation) -> bool:
    """Whether there is nothing to allocate, and that is known."""
    return item.amount == 0 and all(value == 0 for value in item.by_account.values())


def last_year(results: out.Results) -> out.Outcome | None:
    """The year right before, in the same currency, where the policy has it."""
    outcome = results.outcome
    for before in results.before()[-1:]:
        if (before.closing.year, before.currency) == (outcome.closing.year - 1, outcome.currency):
            return before
    return None


def by_sort(outcome: out.Outcome) -> dict[str, Fraction] | None:
    """What a year's first allocation gives to work, reserves, capital and others; None where unknown."""
    first = first_of(outcome)
    if first is None:
        return None
    sums: dict[str, Fraction] = {}
    for item in first.items:
        if not isinstance(item.amount, Fraction):
            return None
        sort = sort_of(outcome, item.account)
        sums[sort] = sums.get(sort, Fraction(0)) + item.amount
    return sums


def rate(part: Value, whole: Value, speaker: Speaker) -> str:
    """A part of a whole as a percentage; empty where there is none."""
    if not (isinstance(part, Fraction) and isinstance(whole, Fraction)) or whole <= 0:
        return ""
    return speaker.words.percent(part / whole)


@frozen
class Drawn:
    """The drawings of a year: nothing in them goes to an account that is not shown."""

    results: out.Results
    speaker: Speaker
    unseen: frozenset[str]

    def drawing(self, high: int, *, management: bool = False) -> Iterator[Block]:
        """The flows of one of the year's books, in one drawing in which nothing is counted twice."""
        say, money = self.speaker.say, self.speaker.money
        edges = flows.edges(
            self.results.outcome,
            management=management,
            hidden=lambda place: place.name in self.unseen,
        )
        if len(edges) < 2:
            return
        layers = flows.layers(edges)
        places = flows.in_order(edges, layers)
        sizes = {place: flows.size(place, edges) for place in places}
        whole = sum((sizes[place] for place in places if layers[place] == 0), Fraction(0))
        last = max(layers.values())
        nodes = []
        for place in places:
            shown = money(sizes[place])
            part = rate(sizes[place], whole, self.speaker) if layers[place] == last else ""
            shown += f"  ({part})" if part else ""
            colour = self._colour(place, edges) if layers[place] else charts.INK
            label = self.speaker.begin(self._place(place))
            nodes.append(charts.Node(label, shown, colour, layers[place]))
        ribbons = [
            charts.Ribbon(
                places.index(one.source),
                places.index(one.target),
                abs(one.amount),
                self._colour(one.target, edges),
            )
            for one in edges
        ]
        said = [
            say(
                "flow",
                source=self._place(one.source),
                target=self._place(one.target),
                amount=money(one.amount),
            )
            for one in edges
        ]
        wide, narrow = (charts.sankey(nodes, ribbons, high, narrow=one) for one in (False, True))
        yield Figure(wide, say("flows_alt", flows="; ".join(said)), narrow=narrow)

    def _place(self, place: out.Place) -> str:
        """What a place of a drawing is called."""
        if place.kind in ("account", "figure", "received"):
            return self.speaker.label(place.name)
        return self.speaker.say(f"place_{place.kind}", name=self.speaker.label(place.name))

    def _colour(self, place: out.Place, edges: tuple[flows.Edge, ...]) -> str:
        """A place's colour; that of what it comes from where it has none of its own."""
        sort = sort_of(self.results.outcome, place.name)
        sources = [one.source for one in edges if one.target == place]
        if sort == "other" and len(sources) == 1:
            sort = sort_of(self.results.outcome, sources[0].name)
        return COLOURS[sort]
