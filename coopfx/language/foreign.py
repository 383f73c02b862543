"""Words of another language in a text: told with the word that this language has for them."""

from collections.abc import Collection

from attrs import frozen

from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language.tokens import CLAUSE_WORDS, Token, first_words
from coopfx.language.wordings import phrase_at

_LEAST = 2
"""So many lines must begin with another language's words before a whole text is taken for one of it."""


@frozen(slots=True)
class Foreign:
    """A phrase of another language: which language's, where it ends, and what stands for it here."""

    language: str
    terminal: str
    meant: str
    end: int


def foreign_at(
    source: Source, token: Token, wanted: Collection[str], words: Words
) -> Foreign | None:
    """The longest phrase of another language at a token that is one of the ``wanted`` terminals.

    None where the token is a word of this language, or where no other language has such a phrase.
    """
    if token.kinds != ("NAME",):
        return None
    found: Foreign | None = None
    for other in words.others:
        first = token.start + len(token.text.partition(" ")[0])
        end, kinds = phrase_at(source.text, token.start, first, other)
        terminal = next((kind for kind in kinds if kind in wanted and kind != "NAME"), None)
        if terminal and terminal in words.keywords and (found is None or end > found.end):
            found = Foreign(other.language, terminal, words.keywords[terminal][0], end)
    return found


def written_in(source: Source, words: Words) -> str:
    """The language in which a text is written, where that is another one; empty where it is none.

    Most of its lines then begin as clauses do in that language, and hardly any as in its own.
    """
    firsts = first_words(source.text)
    own = _clauses_begun(source, firsts, words)
    if len(firsts) <= 2 * own:
        return ""
    counted = {other.language: _clauses_begun(source, firsts, other) for other in words.others}
    likely = max(counted, key=counted.__getitem__, default="")
    return likely if likely and counted[likely] >= _LEAST and counted[likely] > 2 * own else ""


def _clauses_begun(source: Source, firsts: list[tuple[int, int]], words: Words) -> int:
    """How many lines begin with a word that begins a clause in a language."""
    found = (phrase_at(source.text, start, end, words)[1] for start, end in firsts)
    return sum(not CLAUSE_WORDS.isdisjoint(kinds) for kinds in found)
