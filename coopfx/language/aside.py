"""Which rules of laws, and which forms that they permit, a statute sets aside, and why.

A statute may be in force that clashes with a law as its pack reads it. A rule or a form that it sets
aside is judged by nobody; it stands with its reason wherever rules are shown. What a law makes
indivisible stays so, and a statute has no rule of its own to set aside: it would not write it.
"""

from collections.abc import Collection, Sequence

from attrs import Factory, define, field

from coopfx.ground.words import nearest
from coopfx.language import ast
from coopfx.language.link import Linker
from coopfx.language.placed import Placed


@define(slots=True)
class Aside:
    """The clauses of a statute that set something aside, and what of the laws each of them names."""

    linker: Linker
    clauses: Sequence[Placed]
    _written: list[tuple[ast.SetAside, Placed]] = field(init=False)
    _named: dict[int, dict[str, str]] = Factory(dict)
    _known: list[tuple[str, str]] = Factory(list)

    @_written.default
    def _those_of_the_statute(self) -> list[tuple[ast.SetAside, Placed]]:
        return [
            (placed.clause, placed)
            for placed in self.clauses
            if isinstance(placed.clause, ast.SetAside) and placed.text.is_statute
        ]

    def of(self, name: str, placed: Placed) -> ast.SetAside | None:
        """The clause that sets a law's rule or form of a full name aside; None where there is none."""
        law = placed.origin.law or ""
        self._known.append((law, name))
        found: ast.SetAside | None = None
        for number, (clause, one) in enumerate(self._written):
            if law and name in (clause.name.word, f"{law}.{_own(clause, one, law)}"):
                self._named.setdefault(number, {})[name] = placed.origin.article
                found = found or clause
        return found

    def tell_clauses(self, own: Collection[str]) -> None:
        """Tell what each clause sets aside (L518), or why it does not; ``own`` are the statute's rules."""
        first: dict[str, ast.SetAside] = {}
        report = self.linker.report
        for number, (clause, placed) in enumerate(self._written):
            names = list(self._named.get(number, {}))
            place, word = clause.name.span, clause.name.word
            if placed.text.words.canonical(word) in own:
                report.tell("L521", place, name=word)
            elif not names:
                self._tell_unknown(clause, placed)
            elif len(names) > 1:
                report.tell("L524", place, name=word, names=tuple(f"`{one}`" for one in names))
            elif names[0] in first:
                report.tell("L523", place, related=(first[names[0]].span,), name=word)
            elif not clause.reason:
                report.tell("L519", clause.span, name=word)
            else:
                article = self._named[number][names[0]]
                report.tell("L518", clause.span, name=word, article=article, why=clause.reason)
            for name in names:
                first.setdefault(name, clause)

    def _tell_unknown(self, clause: ast.SetAside, placed: Placed) -> None:
        """Tell that nothing of the laws has such a name, or that it is an account of theirs."""
        words, scope = placed.text.words, self.linker.scope
        laws = dict.fromkeys(law for law, _ in self._known if law)
        accounts = [_own(clause, placed, law) for law in ("", *laws)]
        indivisible = any(scope.indivisible(account) is not None for account in accounts)
        if indivisible:
            self.linker.report.tell("L522", clause.name.span, name=clause.name.word)
            return
        known = [
            f"{law}.{words.word(name.removeprefix(f'{law}.'))}" for law, name in self._known if law
        ]
        near = nearest(clause.name.word, [*known, *(name for law, name in self._known if law)])
        self.linker.report.tell("L520", clause.name.span, name=clause.name.word, nearest=near)


def _own(clause: ast.SetAside, placed: Placed, law: str) -> str:
    """The canonical name that a clause's word is, without the name of a law before it."""
    word = clause.name.word
    return placed.text.words.canonical(word.removeprefix(f"{law}.") if law else word)
