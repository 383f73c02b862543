"""The report to the meeting: the result and where it goes, whether it is lawful, and what stands behind."""

from collections.abc import Iterator
from fractions import Fraction
from statistics import median

from attrs import define, evolve

from coopfx.engine import outcome as out
from coopfx.extending import (
    LEAST,
    cell,
    conclusion,
    held_for,
    hidden,
    rule_label,
    rule_message,
    sides,
)
from coopfx.ground.exact import Missing, Undefined, Value, negative, plus, round_to, total
from coopfx.ground.words import Words
from coopfx_papers import charts, flows
from coopfx_papers.anonymous import is_shown, rounded, unseen
from coopfx_papers.paper import (
    INDENT,
    Block,
    Column,
    Figure,
    Heading,
    Paper,
    Paragraph,
    Table,
)
from coopfx_papers.pay import pay_scale
from coopfx_papers.said import Speaker

SECTOR = {"work": Fraction(43, 100), "reserves": Fraction(45, 100), "capital": Fraction(12, 100)}
"""How Scops share out on average, as their movement says it; shown with the mark that it is to confirm."""
_SECTORS_LAW = "fr.scop"
_COLOURS = {
    "work": charts.WORK,
    "reserves": charts.RESERVES,
    "capital": charts.CAPITAL,
    "other": charts.OTHER,
    "losses": charts.LOSS,
}
_MARKS = {
    out.SATISFIED: "✓",
    out.TO_A_CENT: "✓",
    out.VIOLATED: "✗",
    out.NOT_APPLICABLE: "–",
    out.UNDETERMINED: "?",
    out.SET_ASIDE: "⚠",
}
_YEARS = 3
_SHORT = 30
"""So many letters of a name have room in a table of which it is not the matter."""
_YEAR, _TEAMS = 220, 110
"""How thick the flows of the year are drawn, and those of the teams' book."""


def paper(results: out.Results, words: Words, *, anonymous: bool = False) -> Paper:
    """The report of a year; ``anonymous`` leaves out whatever would show fewer than five people."""
    few = unseen(results.outcome) if anonymous else frozenset()
    return _Report(results, Speaker(words, results.outcome.currency), anonymous, few).paper()


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


@define
class _Report:
    results: out.Results
    speaker: Speaker
    anonymous: bool
    unseen: frozenset[str]

    def paper(self) -> Paper:
        outcome, say = self.results.outcome, self.speaker.say
        date = self.speaker.words.date(outcome.closing)
        blocks = [
            *self.answer(),
            *self.where(),
            *self.shared(),
            *self.sector(),
            *pay_scale(self.results, self.speaker, self.anonymous),
            *self.pools(),
            *self.accounts(),
            *self.indicators(),
            *self.rules(),
        ]
        rests_on = outcome.provenance
        below = say(
            "below_report",
            name=outcome.cooperative,
            version=rests_on.coopfx,
            statute=rests_on.statute_sha256[:12],
        )
        above = say("closed", name=outcome.cooperative, date=date)
        language = self.speaker.words.language
        return Paper(say("report"), language, above, below, say("page_of"), tuple(blocks))

    # ---- the first answer

    def answer(self) -> Iterator[Block]:
        say = self.speaker.say
        lawful = " ".join(self.lawful())
        first = next((item for item in self.results.outcome.allocations if item.held), None)
        amount = first.amount if first else None
        if first is None:
            key, shown = "first_answer_other", ""
        elif not isinstance(amount, Fraction):
            key, shown = "first_answer_unknown", ""
        else:
            key = "first_answer_loss" if amount < 0 else "first_answer_gain"
            shown = self.speaker.money(abs(amount))
        yield Paragraph(say(key, amount=shown, lawful=lawful), "lead")
        for item in self.results.outcome.verdicts:
            if item.binding and item.status == out.VIOLATED:
                yield Paragraph(self._broken(item), "warning")
        if isinstance(amount, Missing):
            yield Paragraph(say("missing_facts", facts=self.speaker.facts(amount)), "warning")
        if self.anonymous:
            yield Paragraph(say("anonymous"), "note")

    def _broken(self, item: out.Verdict) -> str:
        words = self.speaker.words
        title = self.speaker.begin(rule_label(item, words))
        title = words.phrase("report.placed", title=title, article=item.article)
        shown = self._sides(item, broken=True)
        said = f"✗ {title}" + (
            f" : {shown}." if words.language == "fr" and shown else f": {shown}." if shown else "."
        )
        return f"{said} {rule_message(item, words)}".strip()

    def lawful(self) -> list[str]:
        """What the year comes to, as its screen says it."""
        return [text for text, _ in conclusion(self.results.outcome, self.speaker.words)]

    # ---- where it goes

    def where(self) -> Iterator[Block]:
        say, money = self.speaker.say, self.speaker.money
        outcome = self.results.outcome
        held = [item for item in outcome.allocations if item.held and is_shown(item, self.unseen)]
        for number, item in enumerate(held):
            loss = not number and isinstance(item.amount, Fraction) and item.amount < 0
            source = self.speaker.given_out(item)
            title = self.speaker.begin(
                say("allocation_loss") if loss else say("allocation_source", source=source)
            )
            if not number:
                yield Heading(say("where"))
                yield from self.drawing(_YEAR)
            else:
                yield Heading(title)
            if item.record is not None:
                yield Paragraph(say("allocation_records"), "note")
            paid = [part for part in item.items if not (part.losses and part.amount == 0)]
            sums = evolve(item, items=tuple(paid)).by_account
            if any(map(_sign, sums.values())):
                sums = {name: amount for name, amount in sums.items() if amount != 0}
            rows: list[tuple[str, ...]] = [
                (
                    self.speaker.begin(self.speaker.label(name)),
                    money(amount),
                    self._rate(amount, item.amount),
                )
                for name, amount in sums.items()
            ]
            rows.append((say("total"), money(item.amount), ""))
            caption = (
                self.speaker.words.phrase("report.placed", title=title, article=item.article)
                if item.article
                else title
            )
            columns: tuple[Column, ...] = (
                Column(say("account"), width=4),
                Column(say("amount"), True, 3),
                Column(say("part"), True, 1),
            )
            if not any(row[2] for row in rows):
                columns, rows = columns[:2], [row[:2] for row in rows]
            yield Table(caption, columns, tuple(rows), {len(rows) - 1: "total"})

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
            rate = self._rate(sizes[place], whole) if layers[place] == last else ""
            shown += f"  ({rate})" if rate else ""
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
        return _COLOURS[sort]

    def _rate(self, part: Value, whole: Value) -> str:
        if not (isinstance(part, Fraction) and isinstance(whole, Fraction)) or whole <= 0:
            return ""
        return self.speaker.words.percent(part / whole)

    def shared(self) -> Iterator[Block]:
        say, money, words = self.speaker.say, self.speaker.money, self.speaker.words
        rows = []
        shares = self.results.outcome.shares
        if shares and all(share.amount == 0 for share in shares):
            yield Paragraph(say("nothing_shared"))
        for share in shares:
            if share.amount == 0:
                continue
            paid = [part for _, part in share.parts or ()]
            group, count = words.label(share.group), f"{len(paid)}"
            if self.anonymous:
                count = say("about", count=rounded(len(paid)))
            row = [
                self.speaker.begin(self.speaker.given_out(share)),
                share.article,
                "–" if share.parts is None else f"{count} {group}",
                money(share.amount),
            ]
            # The lowest, the middle and the highest part are one person's each.
            if not self.anonymous:
                spread = (min(paid), _middle(paid), max(paid)) if paid else (None,) * 3
                row += [money(part) for part in spread]
            rows.append(tuple(row))
        if rows:
            heads = (("what", 4), ("article_head", 2), ("among", 3))
            columns = [Column(say(head), width=width) for head, width in heads]
            figures = ("amount",) if self.anonymous else ("amount", "lowest", "median", "highest")
            columns += [Column(say(head), True, 3) for head in figures]
            yield Table(say("shared_caption"), tuple(columns), tuple(rows))

    def sector(self) -> Iterator[Block]:
        """The split beside that of other cooperatives of the same law."""
        outcome, say = self.results.outcome, self.speaker.say
        first = next((item for item in outcome.allocations if item.held), None)
        if first is None or _SECTORS_LAW not in {law.name for law in outcome.provenance.laws}:
            return
        sums = dict.fromkeys(SECTOR, Fraction(0))
        for item in first.items:
            sort = sort_of(outcome, item.account)
            if not isinstance(item.amount, Fraction):
                return
            if sort in sums:
                sums[sort] += item.amount
        whole = sum(sums.values(), Fraction(0))
        if whole <= 0:
            return
        percent = self.speaker.words.percent
        rows: list[tuple[str, str]] = []
        values: list[tuple[Fraction, str]] = []
        marks, places = {}, []
        name = outcome.cooperative if len(outcome.cooperative) <= _SHORT else say("here")
        for sort, average in SECTOR.items():
            own = sums[sort] / whole
            marks[len(rows)] = "group"
            places += [len(rows) + 1, len(rows) + 2]
            rows += [
                (say(sort), ""),
                (name, percent(own)),
                (self.speaker.begin(say("sector")), percent(average)),
            ]
            values += [(own, _COLOURS[sort]), (average, charts.BESIDE)]
        yield Heading(say("sector_head"))
        columns = (Column(say("compared"), width=2), Column(say("part"), True, 4, bars=True))
        bars = dict(zip(places, charts.bars(values), strict=True))
        yield Paragraph(say("sector_note"), "note")
        yield Table(say("sector_caption"), columns, tuple(rows), marks, bars)

    # ---- teams

    def pools(self) -> Iterator[Block]:
        say, money = self.speaker.say, self.speaker.money
        for number, pool in enumerate(self.results.outcome.pools):
            if not number:
                yield Heading(say("pools"))
                if not self.anonymous:
                    yield from self.drawing(_TEAMS, management=True)
            unseen = (
                hidden([self._size(team) for team, _, _ in pool.parts])
                if self.anonymous
                else frozenset()
            )
            rows: list[tuple[str, ...]] = []
            known: list[tuple[Fraction, str]] = []
            places = []
            for place, (team, had, kept) in enumerate(pool.parts):
                if place in unseen:
                    continue
                name = self.results.name(team, "team")
                if self.anonymous:
                    name = say("team_n", number=place + 1)
                given = plus(had, negative(kept))
                rows.append((name, money(had), money(kept), money(given)))
                if isinstance(had, Fraction):
                    known.append((had, charts.LOSS if had < 0 else charts.WORK))
                    places.append(len(rows) - 1)
            if unseen:
                count = len(unseen)
                rows.append((say("others", count=count), *(say("group_hidden"),) * 3))
            values = [(had, kept) for _, had, kept in pool.parts]
            if not (self.anonymous and sum(self._size(team) for team, _, _ in pool.parts) < LEAST):
                whole, stayed = (total(value[at] for value in values) for at in (0, 1))
                rows.append((say("total"), money(whole), money(stayed), money(pool.pooled)))
            title = self.speaker.begin(
                self.speaker.words.phrase("report.pool", figure=self.speaker.label(pool.figure))
            )
            if pool.article:
                title = self.speaker.words.phrase(
                    "report.placed", title=title, article=pool.article
                )
            columns = (
                Column(say("team"), width=4),
                Column(say("result"), True, 2, bars=True),
                *(Column(say(head), True, 2) for head in ("kept", "pooled")),
            )
            marks = {len(rows) - 1: "total"} if rows and rows[-1][0] == say("total") else {}
            bars = dict(zip(places, charts.bars(known), strict=True))
            yield Table(title, columns, tuple(rows), marks, bars)

    def _size(self, team: str) -> int:
        """How many people a team has: those that the data put in it; where they put none, what it says."""
        teams = self.results.of("person", "team")
        if teams:
            return sum(value == team for value in teams.values())
        said = self.results.of("team", "headcount").get(team)
        return int(said) if isinstance(said, Fraction) else 0

    # ---- the books

    def accounts(self) -> Iterator[Block]:
        say, money = self.speaker.say, self.speaker.money
        there = [
            item
            for item in self.results.outcome.accounts
            if not item.management
            # What is not known to be nothing may be something; of an opening balance that says little.
            and (item.added != 0 or item.taken != 0 or _moved(item.opening))
        ]
        rows = [
            (
                self._branch(item.name, {one.name for one in there}),
                *(
                    say("group_hidden") if item.name in self.unseen else money(at)
                    for at in (item.opening, item.added, item.taken, item.closing)
                ),
            )
            for item in _under_one_another(there)
        ]
        if rows:
            yield Heading(say("reserves_head"))
            heads = ("opening", "added", "taken", "closing")
            columns = (
                Column(say("account"), width=4),
                *(Column(say(head), True, 3) for head in heads),
            )
            yield Table(say("reserves_caption"), columns, tuple(rows))

    def _branch(self, name: str, there: set[str]) -> str:
        """What an account is called in a table; a branch below what it branches from, and moved in."""
        above = name.rpartition(".")[0]
        if above not in there:
            return self.speaker.begin(self.speaker.label(name))
        return INDENT * name.count(".") + self.speaker.begin(self.speaker.label(name, branch=True))

    def indicators(self) -> Iterator[Block]:
        say, outcome = self.speaker.say, self.results.outcome
        if not outcome.indicators:
            return
        before = self.results.before()[-_YEARS:]
        years = [{item.label: item for item in year.indicators} for year in before]
        yield Heading(say("indicators"))
        rows: list[tuple[str, ...]] = []
        marks = {}
        for pillar in dict.fromkeys(item.pillar for item in outcome.indicators):
            if pillar:
                marks[len(rows)] = "group"
                rows.append(
                    (self.speaker.begin(self.speaker.label(pillar)), *[""] * (len(before) + 3))
                )
            for item in outcome.indicators:
                if item.pillar != pillar:
                    continue
                if item.met is False:
                    marks[len(rows)] = "amiss"
                past = [
                    self._shown(year[item.label]) if item.label in year else "–" for year in years
                ]
                shown = [*past, self._shown(item)]
                if self.anonymous:
                    shown = self._disclosed(item, shown, before)
                rows.append((item.label, *shown, *self._target(item)))
        columns = [Column(say("indicator"), width=5)]
        columns += [Column(str(year.closing.year), True, 2) for year in (*before, outcome)]
        columns += [Column(say("target"), width=2), Column(say("status"), width=2)]
        missing = [item.value for item in outcome.indicators if isinstance(item.value, Missing)]
        if missing:
            facts = Missing(tuple(dict.fromkeys(fact for one in missing for fact in one.facts)))
            yield Paragraph(say("missing_facts", facts=self.speaker.facts(facts, 12)), "note")
        caption = say("indicators_caption" if before else "indicators_now")
        yield Table(caption, tuple(columns), tuple(rows), marks)

    def _disclosed(
        self, item: out.IndicatorYear, shown: list[str], before: tuple[out.Outcome, ...]
    ) -> list[str]:
        """An indicator's years less those worked out from records' figures, or by another statute."""
        none = self.speaker.say("group_hidden")
        if _reads_records(self.results.explain(item.label, "")):
            return [none] * len(shown)
        statute = self.results.outcome.provenance.statute_sha256
        past = [
            value if year.provenance.statute_sha256 == statute else none
            for value, year in zip(shown, before, strict=False)
        ]
        return [*past, shown[-1]]

    def _shown(self, item: out.IndicatorYear, value: Value | None = None) -> str:
        value = item.value if value is None else value
        if isinstance(value, Missing | Undefined):
            return "–"
        if item.percent and isinstance(value, Fraction):
            return self.speaker.words.percent(value)
        if isinstance(value, Fraction) and not item.type.unit:
            # A small ratio does not become nothing.
            return self.speaker.words.number(value, 2 if abs(value) >= Fraction(1, 10) else 4)
        return cell(value, item.type, self.speaker.words)

    def _target(self, item: out.IndicatorYear) -> tuple[str, str]:
        if item.target is None:
            return "", ""
        relation = self.speaker.words.phrase(f"relation.{item.relation}")
        met = {True: "true", False: "false", None: "null"}[item.met]
        return f"{relation} {self._shown(item, item.target)}", self.speaker.say(f"met_{met}")

    # ---- the rules

    def rules(self) -> Iterator[Block]:
        say, words, verdicts = self.speaker.say, self.speaker.words, self.results.outcome.verdicts
        if not verdicts:
            return
        yield Heading(say("is_it_lawful"))
        rows: list[tuple[str, ...]] = []
        marks = {}
        for key, chosen in (
            ("law", [item for item in verdicts if item.law]),
            ("statute", [item for item in verdicts if not item.law]),
        ):
            if chosen:
                marks[len(rows)] = "group"
                rows.append((say(key), "", "", ""))
            for item in chosen:
                ignored = item.status == out.VIOLATED and not item.binding
                status = words.phrase("status.not followed" if ignored else f"status.{item.status}")
                if item.status == out.VIOLATED:
                    marks[len(rows)] = "amiss"
                mark = "!" if ignored else _MARKS[item.status]
                star = " *" if item.to_confirm else ""
                title = rule_label(item, words)
                rows.append(
                    (
                        self.speaker.begin(title),
                        item.article + star,
                        self._sides(item),
                        f"{mark} {status}",
                    )
                )
        columns = [
            Column(say("rule"), width=7),
            Column(say("article_head"), width=2),
            Column(say("sides"), width=5),
            Column(say("status"), width=3),
        ]
        if not any(row[2] for row in rows):
            del columns[2]
            rows = [(*row[:2], row[3]) for row in rows]
        if any(item.to_confirm for item in verdicts):
            yield Paragraph(say("to_confirm"), "note")
        yield Table(say("rules_caption"), tuple(columns), tuple(rows), marks)

    def _sides(self, item: out.Verdict, *, broken: bool = False) -> str:
        """Both sides of a rule; of one over records, how many keep it, or do not where it is ``broken``."""
        words = self.speaker.words
        if item.set_aside:
            return words.phrase("report.aside", why=item.set_aside)
        if item.status == out.UNDETERMINED and item.missing is not None:
            return self.speaker.say("wanting", facts=self.speaker.facts(item.missing, 2))
        if self.anonymous:
            return ""
        if item.counts is not None:
            applied = sum(item.counts.values()) - item.counts["not_applicable"]
            if broken:
                held = item.counts["violated"]
                return self.speaker.say("not_kept_for", count=held, all=applied)
            return words.phrase("report.records", held=held_for(item.counts), count=applied)
        return sides(item, item, words)


def _under_one_another(accounts: list[out.AccountYear]) -> list[out.AccountYear]:
    """Accounts in their order, each with its branches right below it."""
    names = {item.name for item in accounts}
    tops = [item for item in accounts if item.name.rpartition(".")[0] not in names]

    def below(top: out.AccountYear) -> Iterator[out.AccountYear]:
        yield top
        for item in accounts:
            if item.name.rpartition(".")[0] == top.name:
                yield from below(item)

    return [item for top in tops for item in below(top)]


def _reads_records(step: out.Explanation | None) -> bool:
    """Whether an explanation brings together figures of records, people's among them."""
    if step is None:
        return True
    return any(map(_aggregates, step.arguments.values())) or any(map(_reads_records, step.steps))


def _aggregates(item: object) -> bool:
    key, arguments = getattr(item, "key", ""), getattr(item, "arguments", {})
    return key.startswith("formula.aggregate.") or any(map(_aggregates, arguments.values()))


def _sign(value: Value) -> int:
    return 0 if not isinstance(value, Fraction) or value == 0 else 1 if value > 0 else -1


def _moved(value: Value) -> bool:
    return isinstance(value, Fraction) and value != 0


def _middle(values: list[Fraction]) -> Fraction:
    return round_to(median(values), Fraction(1, 100))
