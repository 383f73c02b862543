"""The outcome of a year, the tree that explains a figure, a rule's proof, what examples show.

All are values: formats write them, and no engine is needed to read them.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from attrs import Factory, frozen

from coopfx.ground.exact import (
    Known,
    Missing,
    Type,
    Undefined,
    Value,
    negative,
    plus,
    round_to,
    step_of,
    total,
)
from coopfx.ground.facts import SCENARIO, Facts
from coopfx.ground.plain import Plain
from coopfx.ground.report import Argument, Diagnostic, Report
from coopfx.ground.source import Span

SATISFIED = "satisfied"
TO_A_CENT = "kept to a cent"
"""It fails as paid, by no more than rounding alone may make: it is kept."""

VIOLATED = "violated"
NOT_APPLICABLE = "not applicable"
UNDETERMINED = "undetermined"
_SET = ("explain.fact", "explain.opening")
SET_ASIDE = "set aside"
OF_CHARGES = "from charges"
"""By what name the charges of a year are asked for: no account can have it."""

KEPT = frozenset([SATISFIED, TO_A_CENT])


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Figure(Plain):
    """A named value with its type."""

    name: str
    type: Type
    value: Value


class Place(NamedTuple):
    """Where money is: an ``account``, what records ``received`` of one, a ``figure`` of the data, or
    ``charges``; its name, and the sort of record that each has its own of."""

    kind: str
    name: str
    record: str | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class ItemPaid(Plain):
    """What an allocation put into an account, and the line that says so.

    ``losses`` and ``overflow`` (what another account had no more room for) tell it apart.
    """

    account: str
    amount: Value
    line: int
    losses: bool = False
    overflow: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Allocation(Plain):
    """An allocation of the year; of a ``record``, with what all of them moved together.

    ``source`` is the name of what it gives out; None where it is a part or a formula, whose money is
    taken from its ``origin``. One whose condition does not hold has moved nothing.
    """

    source: str | None
    amount: Value
    article: str
    items: tuple[ItemPaid, ...]
    record: str | None = None
    held: bool = True
    origin: Place | None = None

    @property
    def by_account(self) -> dict[str, Value]:
        """What all its lines put into each account, in their order; not known where one is not."""
        found: dict[str, Value] = {}
        for item in self.items:
            before = found.get(item.account, Fraction(0))
            if isinstance(before, Fraction):
                known = isinstance(item.amount, Fraction)
                found[item.account] = before + item.amount if known else item.amount  # type: ignore[operator]
        return found


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class RecordBalances(Plain):
    """The year of one record's own account."""

    record: str
    opening: Value
    added: Value
    taken: Value
    closing: Value


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class AccountYear(Plain):
    """An account's year; ``management`` accounts belong to the teams' book.

    Where each record of a sort has its own, the balances are their sums, and ``rows`` has each.
    ``between`` is what the data say moved it between the closing of the year before and this opening.
    """

    name: str
    opening: Value
    added: Value
    taken: Value
    closing: Value
    management: bool = False
    indivisible: bool = False
    record: str | None = None
    rows: tuple[RecordBalances, ...] = ()
    between: Fraction | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Booked(Plain):
    """An entry of the year's books: what a clause took from one place to another.

    ``record`` is whose it is, empty where it is the cooperative's. ``way`` is ``item``, ``overflow`` or
    ``losses`` of an allocation, ``part``, ``into`` or ``excess`` of a share, ``kept`` or ``pooled``;
    ``management`` entries are of the teams' book. ``giver`` is out of whose place it comes where that
    is another record: the team inside which a person has a share of it. What one line moves for
    several records has one ``number``.
    """

    article: str
    line: int
    way: str
    source: Place
    target: Place
    record: str
    amount: Value
    management: bool = False
    giver: str = ""
    number: int = 0


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Share(Plain):
    """A split of the year; ``parts`` are None where it could not be worked out.

    ``source`` is the name of what it shares out, or of where it is taken from: its ``origin``; None of
    charges. ``record`` is the sort of record that receives, ``segment`` the sort inside each of which
    it is shared, and ``givers`` which of these each part is out of, empty where there is none; what the
    share's limits withhold goes to ``excess_account``.
    """

    source: str | None
    group: str
    article: str
    amount: Value
    undistributed: Value
    parts: tuple[tuple[str, Fraction], ...] | None
    segment: str | None = None
    excess_account: str | None = None
    excess: Value = Fraction(0)
    record: str = "person"
    origin: Place | None = None
    givers: tuple[str, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class PoolYear(Plain):
    """A pool of the year: what each record had and kept, and what was gathered."""

    figure: str
    account: str
    article: str
    pooled: Value
    parts: tuple[tuple[str, Value, Value], ...]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Case(Plain):
    """A rule's verdict for one record."""

    record: str
    status: str
    left: Value | None
    right: Value | None
    margin: Value | None
    missing: Missing | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Verdict(Plain):
    """Whether a rule held, with both sides of the comparison that decided and its margin.

    ``type`` is the type of both sides. A rule over records counts them, and tells those that it does
    not hold for. Of a rule that is kept to a cent, ``allowance`` is how far its sides may be beyond its
    edge for rounding alone. ``set_aside`` is why the statute does not apply it, where it says so: then
    it is neither kept nor violated, and a form that the law permits stands here too. One that compares
    ``exactly`` looks at unrounded sides.
    """

    rule: str
    law: str | None
    article: str
    title: str
    binding: bool
    status: str
    type: Type | None = None
    relation: str | None = None
    left: Value | None = None
    right: Value | None = None
    margin: Value | None = None
    missing: Missing | None = None
    undefined: Undefined | None = None
    reference: str = ""
    to_confirm: bool = False
    message: str = ""
    span: Span | None = None
    percent: bool = False
    counts: dict[str, int] | None = None
    cases: tuple[Case, ...] = ()
    allowance: Fraction | None = None
    set_aside: str = ""
    exactly: bool = False

    @property
    def kept(self) -> bool:
        """Whether it is kept, be it to a cent."""
        return self.status in KEPT

    def as_shown(self, of: "Case | Verdict", value: Value | None) -> Value | None:
        """A side, or the margin, of this verdict or of one of its cases, as it is shown: money as it is
        paid, but unrounded where the rule compares it exactly and paid both sides would be alike."""
        step = None if self.type is None else step_of(self.type.unit)
        if step is None or not isinstance(value, Fraction):
            return value
        sides = [round_to(one, step) for one in (of.left, of.right) if isinstance(one, Fraction)]
        alike = len(sides) == 2 and sides[0] == sides[1] and of.left != of.right
        return value if alike and self.exactly else round_to(value, step)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class IndicatorYear(Plain):
    """An indicator's value, its target and whether it is met (None where that cannot be said).

    The target is to be met by the end of the year ``by``, where it says so. ``unit`` is what a bare
    number counts, ``better`` is ``higher`` or ``lower``, or empty where neither is said. ``formerly``
    are labels under which earlier texts have it, ``breaks`` the years from which on it is counted in
    another way, each with the reason. ``series`` has the policy's years up to this one, the oldest
    first; empty where nobody has put the years together.
    """

    label: str
    pillar: str
    type: Type
    value: Value
    percent: bool
    target: Value | None = None
    relation: str = "at_least"
    met: bool | None = None
    by: int | None = None
    unit: str = ""
    better: str = ""
    formerly: tuple[str, ...] = ()
    breaks: tuple[tuple[int, str], ...] = ()
    series: "tuple[YearOfSeries, ...]" = ()

    @property
    def comparable(self) -> "list[YearOfSeries]":
        """The last years of the series that are counted alike and known: one may be set against another.

        A year without a figure is passed over; at a break all that stands before it is left out.
        """
        found: list[YearOfSeries] = []
        for one in reversed(self.series):
            if isinstance(one.indicator.value, Fraction):
                found.append(one)
            if one.broken:
                break
        return found[::-1]

    @property
    def met_for(self) -> int:
        """In how many years up to the last the target of each was met, without a year between."""
        count = 0
        for one in reversed(self.series):
            if one.indicator.met is not True:
                break
            count += 1
            if not one.joined:
                break
        return count


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class YearOfSeries(Plain):
    """An indicator in one of the years of its series, as that year's own text has it.

    ``joined`` tells that it goes on from the year before, so that the two may be compared. ``broken``
    is why not, where it is counted in another way since: ``said`` by a text, for the ``reason`` that it
    gives, or by its ``unit``. A year that stands alone otherwise has a gap before it.
    """

    closing: date
    indicator: IndicatorYear
    joined: bool = False
    broken: str = ""
    reason: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class LawUsed(Plain):
    """A law that an outcome rests on: the distribution that brings it, and its text."""

    name: str
    distribution: str
    version: str
    file: str
    sha256: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Provenance(Plain):
    """What an outcome rests on: versions and hashes.

    ``changes`` are those of a scenario, and the texts that were not saved: where there are any, it is
    no year that was. Each is the name of a text, or a figure with what it was set to.
    """

    coopfx: str = ""
    plugins: dict[str, str] = Factory(dict)
    statute_sha256: str = ""
    data_sha256: str = ""
    laws: tuple[LawUsed, ...] = ()
    changes: tuple[str, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Outcome(Plain):
    """A cooperative's year under its statute and laws."""

    provenance: Provenance
    cooperative: str
    closing: date
    currency: str
    statute: str
    language: str
    in_force_from: date
    values: tuple[Figure, ...]
    allocations: tuple[Allocation, ...]
    accounts: tuple[AccountYear, ...]
    shares: tuple[Share, ...]
    pools: tuple[PoolYear, ...]
    verdicts: tuple[Verdict, ...]
    indicators: tuple[IndicatorYear, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    books: tuple[Booked, ...] = ()

    @property
    def violated(self) -> bool:
        """Whether a rule to keep is violated."""
        return any(item.binding and item.status == VIOLATED for item in self.verdicts)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Explanation(Plain):
    """Why a figure is what it is: a step, its value, where it is written, and the steps behind it.

    ``how`` is the key of a sentence of the word files, ``arguments`` fill it; they hold more than every
    sentence says. ``span`` is the place in a text of the language, ``data`` that in the year's files.
    """

    how: str
    arguments: dict[str, Argument]
    value: Value | None = None
    type: Type | None = None
    span: Span | None = None
    article: str = ""
    law: str | None = None
    reference: str = ""
    steps: tuple["Explanation", ...] = ()
    model: str = ""
    data: Span | None = None

    @property
    def sentence(self) -> str:
        """The key of the sentence that says it: that of a figure which a scenario sets is another."""
        is_set = self.data is not None and self.data.file == SCENARIO
        return f"{self.how}_set" if is_set and self.how in _SET else self.how


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Results(Plain):
    """All that a writer may say of a year.

    ``facts`` are the year's data, ``explain`` says why a figure is what it is: it is given a canonical
    name (an account, a figure, a rule, an indicator's label) and, for one record's own, its
    identifier, and returns None where there is no such figure. ``before`` evaluates the policy's
    earlier years when it is first called, the oldest first; a year that cannot be read is left out.
    ``source`` is the year's folder, or the file that it came from: what else a writer needs to know may
    stand there. ``report`` takes what it finds amiss; where that is an error, nothing is written.
    """

    outcome: Outcome
    facts: Facts
    explain: Callable[[str, str], Explanation | None]
    before: Callable[[], tuple[Outcome, ...]]
    source: Path = Path()
    report: Report = Factory(Report)

    def name(self, identifier: str, record: str = "person") -> str:
        """What a record is called: its fact ``name`` where the data give one, else its identifier."""
        given = self.of(record, "name").get(identifier)
        return given if isinstance(given, str) and given.strip() else identifier

    def of(self, record: str, fact: str) -> dict[str, Known]:
        """A fact of every record of a sort that has it, by identifier, such as what people are paid."""
        table = self.facts.tables.get(record)
        column = table.columns.get(fact) if table else None
        if table is None or column is None:
            return {}
        return {
            identifier: value
            for identifier, value in zip(table.ids, column, strict=True)
            if value is not None
        }


ALWAYS = "always"
NEVER = "never"
REFUTED = "refuted"
ONLY_IF = "only_if"
ON_FACTS = "facts"
UNDECIDED = "undecided"
NOT_APPLIED = "set_aside"


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Assumption(Plain):
    """What a proof takes for granted: the key of a sentence of the word files, and its arguments.

    ``span`` is where a text says so, if one does.
    """

    key: str
    arguments: dict[str, Argument] = Factory(dict)
    span: Span | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Given(Plain):
    """A fact of a year that a proof found: of a record, the cooperative's, an opening balance, or a
    decision of the meeting."""

    name: str
    record: str
    type: Type
    value: Known
    opening: bool = False
    decision: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class NotYet(Plain):
    """What a proof says nothing of: a reason of the word files, and the place where it is written."""

    reason: str
    span: Span | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Condition(Plain):
    """A comparison of a fact or a decision with a part of another, or with a figure.

    ``opening`` tells of either whether it is an account's opening balance, ``decided`` whether the
    first is what the meeting decides. With ``beside``, that must be met too.
    """

    left: str
    relation: str
    figure: Fraction
    right: str
    type: Type
    opening: tuple[bool, bool] = (False, False)
    decided: bool = False
    beside: "Condition | None" = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Proof(Plain):
    """Whether a rule holds whatever the year brings.

    ``verdict`` is ``always`` (no year breaks it), ``refuted`` (some year does), ``only_if`` (some year
    does, and none under a condition), ``never`` (each year in which it applies does), ``facts`` (it
    rests on the year's facts, so nothing is to be proved), ``set_aside`` (the statute does not apply
    it, for the reason of that name) or ``undecided``, of which ``reason`` tells why. ``year`` is one
    that breaks the rule, ``given`` its facts in order, ``broken`` the verdict of the reference
    evaluator on it. ``only_if`` is the condition under which no year breaks it.

    What is proved is a rule, or by its ``kind`` an obligation of the statute's own clauses, of which
    ``subjects`` are the names: that an allocation asks for no more than there is (``within``) and
    leaves nothing (``whole``), that a decision has bounds (``decision``), that a form is permitted
    (``form``), that two rules can both be kept (``conflict``), that a line receives anything (``line``).
    """

    rule: str
    law: str | None
    article: str
    title: str
    binding: bool
    verdict: str
    reason: str = ""
    assumptions: tuple[Assumption, ...] = ()
    not_yet: tuple[NotYet, ...] = ()
    year: Facts | None = None
    given: tuple[Given, ...] = ()
    broken: Verdict | None = None
    reference: str = ""
    to_confirm: bool = False
    message: str = ""
    span: Span | None = None
    kind: str = "rule"
    subjects: tuple[str, ...] = ()
    only_if: Condition | None = None
    set_aside: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the rule: it is proved, or rests on the year's facts."""
        return self.verdict in (ALWAYS, ON_FACTS)

    @property
    def is_obligation(self) -> bool:
        """Whether it must hold: no recommendation, but also what a year is only warned of."""
        return self.binding or self.kind in ("within", "whole")

    @property
    def fails(self) -> bool:
        """Whether a statute is to be changed, or more is to be found out, for want of this proof."""
        return self.binding and not self.holds and self.verdict != NOT_APPLIED


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Nearest(Plain):
    """A change of a percentage, or of an amount of money, that makes a statute lawful, alone or with
    another: where it stands, and its values."""

    span: Span
    old: Fraction
    new: Fraction
    is_money: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class LawfulChange(Plain):
    """Figures that are changed together, and make a statute lawful, or less unlawful.

    ``nearest`` tells that every nearer change of as many figures of the sort was tried. ``remaining`` are
    the obligations that do not hold then, as they do not before.
    """

    changes: tuple[Nearest, ...]
    nearest: bool = False
    remaining: tuple[Proof, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Difference(Plain):
    """Whether two versions of a statute agree on a thing in every year.

    ``kind`` tells what it is: an ``account``, a ``share``, what shares have ``asked`` for, an ``entry`` of
    the books from one of two ``places`` to the other, a ``rule``, an ``indicator``, a ``figure``, a
    ``fact``, a ``decision``, the ``currency``, or the ``term`` in which the statute is in force.
    ``verdict`` is ``always``, ``refuted`` (they differ by ``values``, in ``year`` or, without one, in
    any), ``undecided``, or ``only_old`` and ``only_new``: the other has no such thing.
    """

    name: str
    kind: str
    verdict: str
    year: Facts | None = None
    given: tuple[Given, ...] = ()
    values: tuple[object, object] | None = None
    type: Type | None = None
    reason: str = ""
    places: tuple[str, str] | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class ExampleResult(Plain):
    """An example's result: how many expectations it has, and what is told of those that did not come."""

    title: str
    span: Span
    expectations: int
    told: tuple[Diagnostic, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all that it expects came."""
        return not self.told


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Part(Plain):
    """A part of a statute that an example can reach: an item, a line of a share, a rule, a step, …

    ``kind`` is the key of a sentence of the word files that says what no example does there.
    """

    kind: str
    file: str
    line: int
    article: str
    reached: bool
    arguments: dict[str, Argument] = Factory(dict)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Change(Plain):
    """One thing changed in a statute, and whether its examples notice.

    ``kind`` is the key of a sentence of the word files that says what was changed.
    """

    kind: str
    file: str
    line: int
    column: int
    article: str
    noticed: bool
    arguments: dict[str, Argument] = Factory(dict)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Waiting(Plain):
    """A result that waits: its kind, its name, where it stands; and the facts it waits for, by name."""

    kind: str
    name: str
    article: str
    law: str | None
    needs: frozenset[str]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Need(Plain):
    """A fact that is not given, or a sort of records, and the results that wait for it.

    ``records`` are those that lack it where others have it; ``columns`` the facts of records that are
    not given at all. ``alone`` are the results that wait for nothing else. ``settled`` counts those
    that are settled once this and all needs before it are given. ``key`` says what it is: ``figure``,
    ``records``, ``decision``, ``balance`` or ``previous``.
    """

    name: str
    record: str | None
    records: tuple[str, ...]
    columns: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    alone: tuple[Waiting, ...]
    settled: int
    key: str = "figure"


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Needs(Plain):
    """All that a year still needs, the most useful first; how many results there are, and wait."""

    needs: tuple[Need, ...]
    results: int
    waiting: int


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Two(Plain):
    """A figure of a year as it is, and as a scenario has it."""

    before: Value
    after: Value

    @property
    def difference(self) -> Value:
        """How much more the scenario has; not known where either is not."""
        return plus(self.after, negative(self.before))


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class PlaceCompared(Plain):
    """What a place gains by a year's entries, in the year and in a scenario of it.

    Of an account, ``balances`` are its closing balances; of a figure, or of charges, what is
    ``moved`` is what they give. ``management`` places are of the teams' book.
    """

    place: Place
    moved: Two
    management: bool = False
    balances: Two | None = None
    indivisible: bool = False

    @property
    def difference(self) -> Value:
        """How much more it holds, or gives; though its opening balance is known of neither."""
        two = self.balances
        if two is None or not (isinstance(two.before, Fraction) or isinstance(two.after, Fraction)):
            return self.moved.difference
        return two.difference


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class RecordCompared(Plain):
    """What one record gains by a year's entries in all, and ``by`` what it receives of."""

    sort: str
    record: str
    moved: Two
    by: tuple[tuple[Place, Two], ...]
    management: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class RuleCompared(Plain):
    """A rule's verdict in a year and in a scenario of it; None where the other has no such rule."""

    before: Verdict | None
    after: Verdict | None

    @property
    def verdict(self) -> Verdict:
        """What it comes to in the scenario, or what it was where it is no rule there."""
        found = self.before if self.after is None else self.after
        assert found is not None, "a rule is one of either"
        return found

    @property
    def turned(self) -> bool:
        """Whether its verdict is another; one that is kept to a cent is kept."""
        if self.before is None or self.after is None:
            return True
        return self.before.status != self.after.status and not (
            self.before.kept and self.after.kept
        )

    @property
    def nearer(self) -> bool:
        """Whether it is decided alike and comes nearer to where it turns."""
        if self.before is None or self.after is None or self.turned:
            return False
        before, after = self.before.margin, self.after.margin
        known = isinstance(before, Fraction) and isinstance(after, Fraction)
        return known and abs(after) < abs(before)  # type: ignore[arg-type, operator]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Comparison(Plain):
    """A year beside a scenario of it.

    What ``records`` and ``accounts`` gain more comes from what ``sources`` give more: the three close,
    in the legal book and in the teams'. Accounts that each record has of its own are in ``records``;
    an account with branches holds what they do. ``rules`` are those that the two decide otherwise, or
    of which a margin is another.
    """

    year: Outcome
    scenario: Outcome
    accounts: tuple[PlaceCompared, ...]
    sources: tuple[PlaceCompared, ...]
    records: tuple[RecordCompared, ...]
    rules: tuple[RuleCompared, ...]

    def total(self, part: str, *, management: bool = False) -> Value:
        """How much more ``records``, ``accounts`` or ``sources`` have in all, in one of the books."""
        of = (
            self.whole_accounts(management=management)
            if part == "accounts"
            else getattr(self, part)
        )
        return total(one.moved.difference for one in of if one.management == management)

    def whole_accounts(self, *, management: bool = False) -> list[PlaceCompared]:
        """The accounts of one of the books that are no branch of another, which has what they have."""
        own = [one for one in self.accounts if one.management == management]
        names = {one.place.name for one in own}
        return [one for one in own if one.place.name.rpartition(".")[0] not in names]

    def rest(self, *, management: bool = False) -> Value:
        """What is left of the gains of records and accounts once sources are taken off: nothing."""
        records, accounts, sources = (
            self.total(part, management=management) for part in ("records", "accounts", "sources")
        )
        return plus(plus(records, accounts), negative(sources))


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Amended(Plain):
    """Lines of a text that a scenario has otherwise: from which line on, in which article."""

    file: str
    article: str
    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Scenario(Plain):
    """A scenario of a year, and what comes of it.

    ``changes`` are as they were asked for. ``idle`` is why nothing comes of it, where nothing does: a
    reason of the word files. ``examples`` of the statute are those that it no longer keeps.
    """

    name: str
    changes: tuple[str, ...]
    amended: tuple[Amended, ...]
    comparison: Comparison
    idle: str = ""
    examples: tuple[str, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Compared(Plain):
    """What a writer of comparisons is given: scenarios of one year, and how they are to be shown.

    A difference of up to the ``tolerance`` counts as none. ``groups`` has what each person is grouped
    by, which is called ``by``; ``names`` what people are called, where the data say so. Where it is
    ``anonymous`` nobody is named, and no few people are shown; with ``parts`` each person is. ``report``
    takes what is found amiss; where that is an error, nothing is written.
    """

    scenarios: tuple[Scenario, ...]
    tolerance: Fraction = Fraction(0)
    by: str = ""
    groups: Mapping[str, str] = Factory(dict)
    names: Mapping[str, str] = Factory(dict)
    anonymous: bool = False
    parts: bool = False
    report: Report = Factory(Report)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Held(Plain):
    """A dated figure that a projection goes on with: its last known value, and since when it holds."""

    name: str
    type: Type
    value: Known
    since: date


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Filling(Plain):
    """An account that fills up ``until`` a figure, as a year closes: its balance, and what it may hold.

    ``until`` is empty where no name stands for the figure.
    """

    account: str
    until: str
    balance: Value
    target: Value

    @property
    def full(self) -> bool | None:
        """Whether nothing more fits in; None where that is not known."""
        if isinstance(self.balance, Fraction) and isinstance(self.target, Fraction):
            return self.balance >= self.target
        return None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class PerHead(Plain):
    """What people receive of an account in all, by how many; of charges where ``source`` is None."""

    source: str | None
    amount: Value
    heads: int

    @property
    def each(self) -> Value:
        """What one of them receives on average, not rounded; undefined where nobody does."""
        if not isinstance(self.amount, Fraction):
            return self.amount
        return self.amount / self.heads if self.heads else Undefined("average")


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class ProjectedYear(Plain):
    """A year of a projection: its outcome, and the cooperative's ``assumed`` figures in it."""

    outcome: Outcome
    fillings: tuple[Filling, ...]
    per_head: tuple[PerHead, ...]
    assumed: tuple[Figure, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Projection(Plain):
    """Years that follow a year, the first of ``years``, each opening with what the one before closed with.

    ``scenario`` is what else would be otherwise from that year on, empty where nothing is; ``under`` the
    name of its assumptions where there are several, and ``assumed`` what they say. ``held`` are the dated
    figures that go on with a value they have already.
    """

    scenario: str
    under: str
    assumed: tuple[str, ...]
    years: tuple[ProjectedYear, ...]
    held: tuple[Held, ...] = ()

    def full_in(self, account: str) -> date | None:
        """When the year closes in which an account is full for the first time; None where none is."""
        found = (
            year.outcome.closing
            for year in self.years
            if (own := [one for one in year.fillings if one.account == account])
            and all(one.full for one in own)
        )
        return next(found, None)

    @property
    def rules(self) -> dict[tuple[str | None, str], tuple[Verdict | None, ...]]:
        """Each rule's verdicts, a year each; None in a year whose texts have no such rule."""
        each = [{(one.law, one.rule): one for one in year.outcome.verdicts} for year in self.years]
        keys = dict.fromkeys(key for year in each for key in year)
        return {key: tuple(year.get(key) for year in each) for key in keys}

    @property
    def violated(self) -> bool:
        """Whether a rule to keep is violated in any of the years."""
        return any(year.outcome.violated for year in self.years)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Moved(Plain):
    """A step behind a figure as it is, and as a scenario has it; None where the other has no such step.

    Of its own steps those stand here that are otherwise too.
    """

    before: "Explanation | None"
    after: "Explanation | None"
    steps: tuple["Moved", ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Cause(Plain):
    """A change of a scenario, and the figure as it would be by that change alone.

    ``said`` is a figure of the year with what it is set to; of a text, ``amended`` are its lines in one
    article. ``alone`` is None where the change cannot be made without the others.
    """

    said: str
    amended: tuple[Amended, ...]
    alone: "Explanation | None"


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Against(Plain):
    """Why a figure is another in a scenario: the figure in both, what moved it, and the steps between."""

    before: "Explanation | None"
    after: "Explanation | None"
    causes: tuple[Cause, ...]
    steps: Moved | None
