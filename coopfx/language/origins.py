"""From where each clause takes its money: its line and the names it uses say so, before any figures.

Without ``from``, an amount is one origin or a part of it; anything else names its origin. What clauses
take of one origin together is held against what it has: from the texts where they alone decide it.
"""

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction

from attrs import Factory, define, evolve, frozen

from coopfx.ground.plain import Plain
from coopfx.ground.report import Report
from coopfx.language import ast
from coopfx.language.placed import Placed
from coopfx.language.readings import Reader, expressions_of
from coopfx.language.scope import Scope, Text

ACCOUNT, RECEIVED, FIGURE, CHARGES = "account", "received", "figure", "charges"
ADDED, OPENING, ALL, FROM = "added", "opening", "all", "from"
WHOSE = "whose"
"""What is read where a part may be of an account, or of what each record received from it."""
OTHERS = "others"
"""What is read of an origin that each record has its own of, by a clause of another's money."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Draw(Plain):
    """What a clause takes from where.

    ``kind`` is ``account``, ``received`` (what each record received from an account), ``figure`` or
    ``charges``; ``record`` the sort of record that each has one of. ``reading`` says what of an account
    the amount is a part of: what was ``added``, its ``opening``, ``all`` of it; ``from`` where a clause
    names its origin. ``part`` is how much at most, 1 being the whole; None where the text does not
    say. It is ``exact`` where the amount is just that part.

    Of a figure that is included in others, ``name`` is the one that all of them are of, and ``inside``
    are those of which it is a part, itself the first.
    """

    kind: str
    name: str = ""
    record: str | None = None
    reading: str = ADDED
    part: Fraction | None = Fraction(1)
    exact: bool = True
    inside: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str, str | None]:
        """What it is taken from, whatever is read of it."""
        return self.kind, self.name, self.record

    @property
    def is_received(self) -> bool:
        """Whether what records get of it is what they receive from an account of the cooperative."""
        return self.kind == RECEIVED or (self.kind == ACCOUNT and self.record is None)

    @property
    def is_amiss(self) -> bool:
        """Whether it gives no money, may be either of two, or is more than there is."""
        return self is NO_MONEY or self.reading in (WHOSE, OTHERS) or (self.part or 0) > 1

    def scaled(self, factor: Fraction | None) -> "Draw":
        """The same, of which only a part is taken; None where the text does not say which."""
        known = None if self.part is None or factor is None else self.part * factor
        return evolve(self, part=known)


ANYWHERE = Draw(CHARGES, reading=FROM, part=None, exact=False)
"""Out of charges; also what a clause is read as whose origin is told, so that nothing else is."""

UNSAID = Draw(CHARGES, "unsaid", reading=ADDED, part=None, exact=False)
"""What a clause is read as that does not say where it takes from."""

NO_MONEY = Draw(CHARGES, "none", part=None, exact=False)
"""What a clause is read as that names an origin which gives no money."""


THEIRS = Draw(CHARGES, OTHERS, part=None, exact=False)
"""What a clause is read as whose amount is of each record's own: nothing that it can move."""


class NoOriginError(Exception):
    """An amount that is no one origin."""


class OthersError(NoOriginError):
    """An amount that is an origin which each record has its own of, and the clause moves another's."""

    def __init__(self, found: Draw) -> None:
        super().__init__()
        self.found = evolve(found, reading=OTHERS, part=None, exact=False)


class WhoseError(Exception):
    """An amount of each record that may be a part of an account, or of what each received from it."""


@define(slots=True)
class Origins:
    """Finds the origin of each clause; ``each`` is the record in whose place an amount stands."""

    scope: Scope
    report: Report
    reader: Reader
    _known: dict[tuple[str, str | None, str | None], Draw | Exception | None] = Factory(dict)
    _read: dict[str, bool] = Factory(dict)
    _followed: set[tuple[str | None, str | None]] = Factory(set)

    def draw(
        self, clause: ast.Allocate | ast.Share, text: Text, each: str | None, inside: str | None
    ) -> Draw | None:
        """The origin of a clause; None where a name of it is not known.

        ``UNSAID`` where it is not said, ``NO_MONEY`` where what is said gives none. Its part is above 1
        where more is taken than it has; its reading is ``WHOSE`` where it may be either of two.

        ``each`` is the record that an allocation moves the money of, ``inside`` the one inside each of
        which a share is made.
        """
        if clause.origin is not None:
            return self._named(clause.origin, clause, text, each or inside)
        try:
            return self._one(clause.amount, text, each, inside, alone=True)
        except OthersError as error:
            return error.found
        except NoOriginError:
            return UNSAID
        except WhoseError as error:
            name, record = error.args
            return Draw(RECEIVED, name, record, WHOSE, part=None, exact=False)

    # ---- figures that are parts of others

    def tell_included(self, clauses: Sequence[Placed]) -> None:
        """Tell (M441) what cannot be included in what it says: that is no such money, or it itself."""
        for placed in clauses:
            clause, text = placed.clause, placed.text
            if not isinstance(clause, ast.Input) or clause.inside is None:
                continue
            name, inside = (text.words.canonical(one.word) for one in (clause.name, clause.inside))
            whole = self.scope.figures.get(inside)
            if whole is None and inside not in self.scope.accounts:
                self.scope.unknown(clause.inside, text)
                continue
            self.scope.used.add(inside)
            outer = whole.clause if whole else None
            if (
                not isinstance(outer, ast.Input)
                or not (outer.is_money and clause.is_money)
                or self.scope.whose(inside) != self.scope.whose(name)
                or name in (inside, *self.scope.around(inside))
            ):
                self.report.tell(
                    "M441", clause.inside.span, name=clause.name.word, whole=clause.inside.word
                )

    # ---- an amount that is one origin

    def _one(
        self,
        amount: ast.Expression,
        text: Text,
        each: str | None,
        inside: str | None,
        alone: bool = False,
    ) -> Draw | None:
        """The one origin of an amount; None where a name of it is not known, which is told elsewhere."""
        match amount:
            case ast.Name(word):
                return self._name(text.words.canonical(word), each, inside, alone)
            case ast.NameOf(ast.Name(word), (owner,)):
                return self._of(text.words.canonical(word), owner, text, each or inside)
            case ast.Balance("opening" | "added" as at, ast.Name(word), of):
                reading = OPENING if at == "opening" else ADDED
                return self._balance(text.words.canonical(word), of, text, each or inside, reading)
            case ast.AllOf(ast.Name(word), of):
                return self._balance(text.words.canonical(word), of, text, each or inside, ALL)
            case ast.Operation("part_of" | "multiply" | "divide" as operation, arguments):
                return self._part(operation, arguments, text, each, inside)
            case ast.Operation(operation, (value, _)) if operation.startswith("round_"):
                found = self._one(value, text, each, inside)
                if found is None:
                    return None
                # Rounded up, it may be more than its part.
                part = found.part if operation == "round_down" else None
                return evolve(found, part=part, exact=False)
            case _:
                raise NoOriginError

    def _name(self, name: str, each: str | None, inside: str | None, alone: bool) -> Draw | None:
        record = each or inside
        if name in self.scope.accounts:
            owner = self.scope.account_record(name)
            if inside is not None and owner is None:
                if not alone:
                    raise WhoseError(name, inside)
                return Draw(RECEIVED, name, inside)
            return self._owned(Draw(ACCOUNT, name, owner), record)
        declared = self.scope.figures.get(name)
        if declared is None:
            return None
        clause, text = declared.clause, declared.text
        if isinstance(clause, ast.Input):
            return self._owned(self._figure(name, clause, text), record)
        if isinstance(clause, ast.Define):
            return self._behind(name, clause, text, (each, inside))
        raise NoOriginError

    def _behind(
        self,
        name: str,
        clause: ast.Define,
        text: Text,
        records: tuple[str | None, str | None],
    ) -> Draw | None:
        """The one origin of what a name is defined as, found once, after those that it names."""
        key = name, *records
        if records not in self._followed:
            self._followed.add(records)
            for other in self.reader.order:
                declared = self.scope.figures[other]
                if isinstance(declared.clause, ast.Define):
                    with suppress(NoOriginError, WhoseError):
                        self._behind(other, declared.clause, declared.text, records)
        if key not in self._known:
            # A name that needs itself is told where it is compiled; here it ends the search.
            self._known[key] = None
            try:
                self._known[key] = self._one(clause.value, text, *records)
            except (NoOriginError, WhoseError) as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, Exception):
            raise found
        return found

    def _of(self, name: str, owner: ast.Name, text: Text, record: str | None) -> Draw | None:
        own = self.scope.record_named(owner.word, text)
        if name in self.scope.accounts:
            of_each = self.scope.account_record(name) is not None
            return self._owned(Draw(ACCOUNT if of_each else RECEIVED, name, own), record)
        declared = self.scope.figures.get(name)
        if declared is None:
            return None
        if isinstance(declared.clause, ast.Input):
            return self._owned(self._figure(name, declared.clause, declared.text), record)
        if isinstance(declared.clause, ast.Define):
            return self._behind(name, declared.clause, declared.text, (own, None))
        raise NoOriginError

    def _balance(
        self, name: str, of: tuple[ast.Name, ...], text: Text, record: str | None, reading: str
    ) -> Draw | None:
        if name not in self.scope.accounts:
            return None
        owner = self.scope.account_record(name)
        return self._owned(Draw(ACCOUNT, name, owner, reading), record)

    def _figure(self, name: str, clause: ast.Input, text: Text) -> Draw:
        if not self.scope.gives_money(name):
            raise NoOriginError
        owner = None if clause.record is None else text.words.canonical(clause.record.word)
        *inside, whole = (name, *self.scope.around(name))
        return Draw(FIGURE, whole, owner, inside=tuple(inside))

    @staticmethod
    def _owned(found: Draw, record: str | None) -> Draw:
        """An origin, which has to be that of whoever's money the clause moves."""
        if found.record != record:
            own = found.record is not None and found.kind != FIGURE
            raise OthersError(found) if own else NoOriginError
        return found

    def _part(
        self,
        operation: str,
        arguments: tuple[ast.Expression, ...],
        text: Text,
        each: str | None,
        inside: str | None,
    ) -> Draw | None:
        """Of a product or a quotient: one origin, and a rate that reads no account."""
        found: list[Draw | None] = []
        others: list[ast.Expression] = []
        theirs: OthersError | None = None
        for place, argument in enumerate(arguments):
            divides = operation == "divide" and place > 0
            try:
                if divides:
                    raise NoOriginError
                found.append(self._one(argument, text, each, inside))
            except NoOriginError as error:
                theirs = error if isinstance(error, OthersError) else theirs
                others.append(argument)
        if theirs is not None and not found:
            raise theirs
        if len(found) != 1 or any(self._reads_account(one, text) for one in others):
            raise NoOriginError
        if found[0] is None:
            return None
        factor: Fraction | None = Fraction(1)
        for one in others:
            value = self.reader.factor(one, text)
            if (
                value is None
                or value < 0
                or factor is None
                or (operation == "divide" and not value)
            ):
                factor = None
            else:
                factor = factor / value if operation == "divide" else factor * value
        return found[0].scaled(factor)

    def _reads_account(self, item: ast.Expression, text: Text) -> bool:
        """Whether an expression reads an account, through every name."""
        match item:
            case ast.Name(word) | ast.NameOf(ast.Name(word)):
                name = text.words.canonical(word)
                if name in self.scope.accounts:
                    return True
                return self._reads(name)
            case ast.Balance() | ast.AllOf() | ast.SoFar():
                return True
            case ast.Previous(figure) | ast.At(figure):
                return not isinstance(figure, ast.Name) or self._reads_account(figure, text)
            case ast.Operation(_, arguments) | ast.Comparison(arguments):
                return any(self._reads_account(one, text) for one in arguments)
            case ast.Logarithm(value):
                return self._reads_account(value, text)
            case ast.Aggregate(_, value, group):
                inner = tuple(one for one in (value, group.where) if one is not None)
                return any(self._reads_account(one, text) for one in inner)
            case _:
                return False

    def _reads(self, name: str) -> bool:
        """Whether a declared figure reads an account, found after those that it names."""
        if not self._read:
            for other in self.reader.order:
                declared = self.scope.figures[other]
                self._read[other] = any(
                    self._reads_account(one, declared.text)
                    for one in expressions_of(declared.clause)
                )
        return self._read.get(name, False)

    # ---- an origin that the clause names

    def _named(
        self,
        origin: ast.From,
        clause: ast.Allocate | ast.Share,
        text: Text,
        record: str | None,
    ) -> Draw | None:
        """The origin after ``from``; ``NO_MONEY`` where it is none that gives any."""
        place = origin.place
        if place is None:
            return ANYWHERE
        name = place if isinstance(place, ast.Name) else place.name
        canonical = text.words.canonical(name.word)
        try:
            if isinstance(place, ast.NameOf):
                if len(place.of) > 1:
                    raise NoOriginError
                found = self._of(canonical, place.of[0], text, record)
            elif canonical in self.scope.accounts:
                found = Draw(ACCOUNT, canonical, self.scope.account_record(canonical))
            else:
                declared = self.scope.figures.get(canonical)
                if declared is None:
                    self.scope.unknown(name, text)
                    return None
                if not isinstance(declared.clause, ast.Input):
                    raise NoOriginError
                found = self._figure(canonical, declared.clause, declared.text)
            if found is not None and found.record not in (None, record) and found.kind != FIGURE:
                raise OthersError(found)
        except OthersError as error:
            return error.found
        except NoOriginError:
            return NO_MONEY
        self.scope.used.add(canonical)
        return None if found is None else evolve(found, reading=FROM, part=None, exact=False)
