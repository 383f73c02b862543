"""What the texts declare: records, facts, groups, accounts, parameters and defined names.

Declarations of the prelude, of the laws and of the statute meet here under their canonical names.
Records and groups are one family of names, figures and accounts another: ``team`` is a record, and
also the fact that tells which team a person is in.
"""

from collections.abc import Iterable
from datetime import date
from itertools import takewhile

from attrs import Factory, define, frozen

from coopfx.ground.plain import Plain
from coopfx.ground.report import Report, Said, Word
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest
from coopfx.language import ast

Declaring = (
    ast.Record
    | ast.Input
    | ast.Group
    | ast.Account
    | ast.Parameter
    | ast.Define
    | ast.Decide
    | ast.Scale
)
"""The clauses that declare a name."""

PRELUDE = ""
"""The law name under which the prelude's own declarations stand."""

ANYWHERE = "*"
"""In place of a sort of record: a place of which it is not known whose figure can stand there."""

MOST_LIKENED = 200_000
"""So many known names, in all, are held beside those that are not known: seconds, in a long text."""

MOST_PLACES = 10
"""So many places of one unknown name are shown."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Text(Plain):
    """A document with the words to read it by; ``law`` is None for a statute.

    ``model`` is the name of the model whose text it is, where a statute starts from one.
    """

    document: ast.Document
    words: Words
    law: str | None = None
    model: str = ""

    @property
    def is_statute(self) -> bool:
        """Whether this is the statute, and not a law or the prelude."""
        return self.law is None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Header(Plain):
    """What a text says of itself before its articles."""

    title: str
    laws: tuple[ast.Name, ...]
    currency: str
    in_force: date
    span: Span


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Declaration(Plain):
    """A declared name with the clause that declares it and the text it stands in."""

    clause: Declaring
    text: Text
    article: ast.Article | None = None

    @property
    def span(self) -> Span:
        """Where the name stands."""
        return self.clause.name.span


def heading_of(text: ast.Document) -> Iterable[ast.Clause]:
    """The clauses that may be of a text's heading: in a law, what stands before its first article."""
    if not any(isinstance(clause, ast.Law) for clause in text.clauses):
        return text.clauses
    return takewhile(lambda clause: not isinstance(clause, ast.Article), text.clauses)


def currency_of(text: ast.Document) -> ast.Currency | None:
    """The line that names the currency of a text's amounts; None where there is none."""
    return next((one for one in heading_of(text) if isinstance(one, ast.Currency)), None)


def header(text: ast.Document, report: Report) -> Header | None:
    """The header of a statute or a law; None, and told, where a line of it is wanting."""
    first: dict[type, ast.Clause] = {}
    for clause in heading_of(text):
        heading = ast.Statute | ast.Law | ast.BasedOn | ast.Currency | ast.InForce
        if isinstance(clause, heading):
            sort = ast.Statute if isinstance(clause, ast.Law) else type(clause)
            if sort in first:
                report.tell("S118", clause.span, related=(first[sort].span,))
            first.setdefault(sort, clause)
    start = text.clauses[0].span if text.clauses else Span(text.file, 1, 1, 1, 1)
    named, currency, in_force = (
        first.get(sort) for sort in (ast.Statute, ast.Currency, ast.InForce)
    )
    if named is None:
        report.tell("S116", start)
    if currency is None:
        report.tell("S117", start)
    if in_force is None:
        report.tell("S119", start)
    if not (
        isinstance(named, ast.Statute | ast.Law)
        and isinstance(currency, ast.Currency)
        and isinstance(in_force, ast.InForce)
    ):
        return None
    laws = named.laws if isinstance(named, ast.Statute) else ()
    return Header(named.title, laws, currency.code, in_force.start, named.span)


@define(slots=True)
class Scope:
    """Every declared name, and which of them are used."""

    currency: str
    report: Report
    records: dict[str, Declaration] = Factory(dict)
    groups: dict[str, Declaration] = Factory(dict)
    figures: dict[str, Declaration] = Factory(dict)
    accounts: dict[str, Declaration | None] = Factory(dict)
    defaults: dict[str, list[Declaration]] = Factory(dict)
    rules: set[str] = Factory(set)
    used: set[str] = Factory(set)
    floors: dict[str, list[Declaration]] = Factory(dict)
    """The declarations that say of an account below what it never is."""
    unknown_at: dict[tuple[str, str], tuple[Words, str | None, dict[Span, None]]] = Factory(dict)
    _made_of: dict[str, str | None] = Factory(dict)

    def declare(self, text: Text) -> None:
        """Take in a text's declarations; a name that is declared twice is told (N202)."""
        article: ast.Article | None = None
        for clause in text.document.clauses:
            match clause:
                case ast.Article():
                    article = clause
                case ast.Record():
                    self._add(self.records, clause, text)
                case ast.Group():
                    self._add(self.groups, clause, text)
                case ast.Define(default=True) if not text.is_statute:
                    name = text.words.canonical(clause.name.word)
                    self.defaults.setdefault(name, []).append(Declaration(clause, text))
                case ast.Input() | ast.Parameter() | ast.Define() | ast.Decide() | ast.Scale():
                    self._add(self.figures, clause, text)
                case ast.Account():
                    self._add_account(clause, text, article)
                case ast.Statute() | ast.Law() | ast.BasedOn() | ast.Currency() | ast.InForce():
                    pass
                case ast.Require(name=name):
                    if name is not None:
                        self.rules.add(text.words.canonical(name.word))
                case ast.SourceLine() | ast.Allocate() | ast.Share() | ast.Pool():
                    pass
                case ast.Permit() | ast.SetAside() | ast.Indicator() | ast.Example():
                    pass

    def _add(
        self,
        family: dict[str, Declaration],
        clause: (
            ast.Record | ast.Input | ast.Group | ast.Parameter | ast.Define | ast.Decide | ast.Scale
        ),
        text: Text,
    ) -> None:
        name = text.words.canonical(clause.name.word)
        known = family.get(name) or (self.accounts.get(name) if family is self.figures else None)
        if known is not None:
            self._told_twice(clause.name, known, text)
            return
        family[name] = Declaration(clause, text)
        self._made_of.clear()

    def around(self, name: str) -> tuple[str, ...]:
        """The figures that one is included in, each in the next; the whole that all are of is the last.

        They end where one is no figure of the data, or is included in itself, which is told.
        """
        found: list[str] = []
        while True:
            declared = self.figures.get(found[-1] if found else name)
            clause = declared.clause if declared else None
            if declared is None or not isinstance(clause, ast.Input) or clause.inside is None:
                return tuple(found)
            outer = declared.text.words.canonical(clause.inside.word)
            known = self.figures.get(outer)
            if outer in (name, *found) or known is None or not isinstance(known.clause, ast.Input):
                return tuple(found)
            found.append(outer)

    def gives_money(self, figure: str) -> bool:
        """Whether a figure is money of the year, and what it is included in is too."""
        own = [self.figures[name].clause for name in (figure, *self.around(figure))]
        return all(isinstance(one, ast.Input) and one.gives_money for one in own)

    def settle_defaults(self) -> None:
        """Let a law's default stand for each name that nothing else defines; two are told (L511)."""
        for name, (first, *others) in self.defaults.items():
            if name in self.figures:
                continue
            for other in others:
                laws = (first.text.law or "", other.text.law or "")
                related = (first.span,)
                self.report.tell("L511", other.span, related=related, name=name, laws=laws)
            self.figures[name] = first

    def _add_account(self, clause: ast.Account, text: Text, article: ast.Article | None) -> None:
        name = text.words.canonical(clause.name.word)
        known = self.accounts.get(name)
        if clause.low is not None:
            self.floors.setdefault(name, []).append(Declaration(clause, text, article))
        restated = known is not None and (known.text.law == PRELUDE or clause.indivisible)
        if name in self.figures or (known is not None and not restated):
            self._told_twice(clause.name, self.figures.get(name) or known, text)
            return
        self.accounts[name] = Declaration(clause, text, article)

    def _told_twice(self, name: ast.Name, known: Declaration | None, text: Text) -> None:
        where = known.text.law if known else None
        code = "L505" if where and text.law and where != text.law else "N202"
        canonical = text.words.canonical(name.word)
        theirs = known is not None and not known.text.is_statute
        self.report.tell(
            code,
            name.span,
            related=(known.span,) if known and where != PRELUDE else (),
            name=name.word,
            law=where or "",
            expected=text.words.word(canonical) if theirs else "",
        )

    def indivisible(self, account: str) -> Declaration | None:
        """The declaration that makes an account indivisible: its own, or that of a branch above."""
        parts = account.split(".")
        for size in range(len(parts), 0, -1):
            declared = self.accounts.get(".".join(parts[:size]))
            if (
                declared is not None
                and isinstance(declared.clause, ast.Account)
                and declared.clause.indivisible
            ):
                return declared
        return None

    def account_record(self, account: str) -> str | None:
        """The sort of record of which each has such an account; None where it is the cooperative's."""
        declared = self.accounts.get(account)
        if declared is None or not isinstance(declared.clause, ast.Account):
            return None
        record = declared.clause.record
        return None if record is None else self.record_named(record.word, declared.text)

    def record_named(self, word: str, text: Text) -> str | None:
        """The sort of record that a word names, also by what one of a group is called."""
        canonical = text.words.canonical(word)
        if canonical in self.records:
            return canonical
        group = text.words.group_of_one(word)
        return self.record_of(group) if group in self.groups else None

    def each(self, name: ast.Name, text: Text) -> tuple[str, str | None] | None:
        """What ``for each`` speaks of: a record, and the group where it names one of a group.

        A name that is neither is told (N208).
        """
        word = text.words.canonical(name.word)
        if word in self.records:
            return word, None
        group = text.words.group_of_one(name.word) or (word if word in self.groups else None)
        if group is not None and group in self.groups:
            self.used.add(group)
            record = self.record_of(group)
            if record is not None:
                return record, group
        known = [text.words.word(item) for item in self.records]
        known += [form for forms in text.words.singulars.values() for form in forms]
        self.report.tell("N208", name.span, name=name.word, nearest=nearest(name.word, known))
        return None

    def record_of(self, group: str) -> str | None:
        """The sort of record a group is made of; None where its declaration is amiss."""
        passed: dict[str, None] = {}
        while group in self.groups and group not in passed and group not in self._made_of:
            passed[group] = None
            group, _ = self.base_of(group)
        record = self._made_of.get(group, group if group in self.records else None)
        self._made_of.update(dict.fromkeys(passed, record))
        return record

    def group_of(self, record: str) -> str:
        """A group of a sort of record, to suggest: a narrowed one first; the record where none is."""
        found = [name for name in self.groups if self.record_of(name) == record]
        narrowed = [name for name in found if self.base_of(name)[0] != record]
        return next(iter([*narrowed, *found]), record)

    def base_of(self, group: str) -> tuple[str, Span]:
        """The group or record that a group's declaration narrows, and where it names it."""
        declared = self.groups[group]
        assert isinstance(declared.clause, ast.Group)
        name = declared.clause.grouping.name
        return declared.text.words.canonical(name.word), name.span

    def known_words(self, words: Words, record: str | None = ANYWHERE) -> list[str]:
        """The figures and accounts as a language writes them: what a misspelt name may have meant.

        Only what can stand in the place of a record of that sort, or of the cooperative: another
        record's figure would be refused there.
        """
        figures = [
            name
            for name in self.figures
            if record == ANYWHERE or self.whose(name) in (None, record)
        ]
        return [words.word(name) for name in (*figures, *self.accounts)]

    def whose(self, figure: str) -> str | None:
        """The sort of record of which each has a figure; None where it is the cooperative's."""
        declared = self.figures[figure]
        match declared.clause:
            case ast.Input(record=owner) | ast.Define(each=owner) | ast.Scale(each=owner):
                return None if owner is None else self.record_named(owner.word, declared.text)
            case _:
                return None

    def unknown(self, name: ast.Name, text: Text, record: str | None = ANYWHERE) -> None:
        """Take in that a name is not known, so that it is told once for all its places.

        ``record`` is the sort of record in whose place it stands, where that is known.
        """
        key = name.span.file, name.word
        _, _, places = self.unknown_at.setdefault(key, (text.words, record, {}))
        places[name.span] = None

    def tell_unknown(self) -> None:
        """Tell the names that are not known: N237 where it is a group's, a record's or a rule's, whose
        place this is not; else N201 with the nearest name that can stand there."""
        likened = 0
        for (_, word), (words, record, spans) in self.unknown_at.items():
            first, *others = sorted(spans)
            related = tuple(others[: MOST_PLACES - 1])
            canonical = words.canonical(word)
            sort = next(
                (
                    sort
                    for sort, family in (("group", self.groups), ("record", self.records))
                    if canonical in family
                ),
                "rule" if canonical in self.rules else "",
            )
            if sort:
                said = Said(f"instead.{sort}", {"name": word})
                self.report.tell("N237", first, related=related, name=word, instead=said)
                continue
            known = self.known_words(words, record) if likened < MOST_LIKENED else []
            likened += len(known)
            near = words.of_another(word) or nearest(word, known)
            each = record if record in self.records else None
            of = Said("instead.of", {"record": Word(each)}) if each else ""
            self.report.tell("N201", first, related=related, name=word[:60], nearest=near, of=of)

    def never_used(self) -> None:
        """Tell the statute's own names that no clause uses (N204)."""
        for family in (self.figures, self.groups):
            for name, declared in family.items():
                own = declared.text.is_statute and not declared.text.model
                if own and name not in self.used:
                    word = declared.clause.name.word
                    self.report.tell("N204", declared.span, name=word)
