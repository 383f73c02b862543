"""Which rows of a table are its records, and which are totals, means, counts and remarks beside them.

A row shows by signs that it is no record. Figures alone never leave one out: of two equal people the
second is the sum and the mean of those above. What several signs show is left out, and told; what one
shows is asked; and an answer that ``columns.toml`` keeps goes before both.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import Factory, define, frozen

from coopfx.ground.words import Words

TOTAL, REMARK = "total", "remark"
LABEL, FIGURES, IDENTIFIER, PLACE, EMPTY, LACKING = (
    f"row.{sign}" for sign in ("label", "figures", "identifier", "place", "empty", "lacking")
)
"""The signs, each the key of a phrase: what the row is called, that its figures are worked out from
others, an identifier unlike all others, where it stands, that nothing else stands in it, that what all
others have is not there."""

RECORD = "record"
ANSWERS = (RECORD, TOTAL)
"""What ``columns.toml`` may say of a row: that it is a record, or that it is none."""

_LEFT, _ASKED = 4, 2
_SURE, _LIKELY, _FAINT = 3, 2, 1
_ALL_LOOKED_AT = 2000
"""In a table of more rows, of those that look like records only the last are held against the others."""
_LAST = 3
_LONGEST = 120
"""So many letters of an identifier show what it is: a hostile file may hold megabytes in each."""
_FEW_DIGITS = 4

_EMPTY, _MARKS, _PROSE, _PHRASE, _NAME, _WORD, _CODE, _NUMBER = range(8)
_ALL_CODES = re.compile(r"(?:[^\W\d_]{0,3}[-_/.]?\d+\n)*")
_ALIKE = tuple(
    re.compile(rf"(?:{one}\n)*") for one in (r"[^\W\d_]+[-_/.]?\d+", r"[a-z]+", r"[A-Z][a-z]+")
)
"""Identifiers that are plainly of one kind: numbers and codes, which are no words, and words."""
_PARTICLES = {
    *("de", "du", "des", "da", "di", "do", "dos", "del", "della", "la", "le", "les", "el", "los"),
    *("van", "von", "der", "den", "y", "e", "et", "i"),
}
_MARKED = re.compile(r"(?:\*+|†|‡|•|→|\([\da-z*]{1,2}\)|[¹²³])\s*\w")


@frozen(slots=True)
class Label:
    """What a row calls itself: a total or a remark, and how surely."""

    kind: str
    points: int


class Vocabulary:
    """The words by which a row says of itself that it is no record, in several languages."""

    def __init__(self, words: Iterable[Words]) -> None:
        self._words: dict[str, frozenset[str]] = {}
        given = list(words)
        for key in ("total", "subtotal", "filler", "remark"):
            forms = {bare(form) for one in given for form in one.phrases[f"column.{key}"].split()}
            self._words[key] = frozenset(form.replace("_", " ") for form in forms)
        totals = self._words["total"] | self._words["subtotal"]
        self.stems = {form.split()[0] for form in totals | self._words["remark"]} | set(
            "*(†‡•→:¹²³"
        )

    def label(self, text: str) -> Label | None:
        """What a text says of its row; None where it says nothing of the kind."""
        plain = bare(text)
        tokens = re.findall(r"[^\W_]+", plain)
        if not tokens:
            return None
        subtotal = self._begins(tokens, "subtotal")
        if subtotal:
            return Label(TOTAL, _SURE)
        first = self._begins(tokens, "total")
        last = self._begins(tokens[-1:], "total") if len(tokens) > 1 else 0
        fillers = self._words["filler"] | self._words["total"]
        rest = tokens[first:] if first else tokens[:-1]
        if (first or last) and all(one in fillers or one.isdigit() for one in rest):
            return Label(TOTAL, _SURE)
        remark = self._begins(tokens, "remark")
        if _MARKED.match(text.strip()) or (remark and ":" in text):
            return Label(REMARK, _SURE)
        like_a_name = _FAINT if _is_name(text) else _LIKELY
        if first or last:
            plainly = tokens[0 if first else -1].startswith("tot")
            return Label(TOTAL, _LIKELY if plainly else like_a_name)
        return Label(REMARK, like_a_name) if remark and len(tokens) > 1 else None

    def _begins(self, tokens: Sequence[str], key: str) -> int:
        """How many words of the beginning are one form of the vocabulary."""
        for size in (3, 2, 1):
            if " ".join(tokens[:size]) in self._words[key]:
                return min(size, len(tokens))
        return 0


def words_of_name(name: str) -> str:
    """What a name says whichever way it is written: its words, in order, without accents and signs.

    >>> words_of_name("García Ruiz, Carmen") == words_of_name("CARMEN Garcia-Ruiz")
    True
    """
    return " ".join(sorted(re.findall(r"[^\W_]+", bare(name))))


def by_words_of_name(names: Iterable[str]) -> dict[str, str]:
    """Names by what they say whichever way they are written; those that say the same are left out."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name in dict.fromkeys(names):
        key = words_of_name(name)
        if found.setdefault(key, name) != name:
            twice.add(key)
    return {key: name for key, name in found.items() if key not in twice}


def bare(text: str) -> str:
    """A text in small letters without accents."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    parted = unicodedata.normalize("NFD", folded)
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def _is_name(text: str) -> bool:
    """Whether each word of a text begins as the words of a person's name do."""
    tokens = text.replace(",", " ").split()
    return 0 < len(tokens) < 8 and all(
        one[:1].isupper() or one.casefold() in _PARTICLES for one in tokens
    )


@define(slots=True)
class Rows:
    """The rows of a table below its heading, whatever they are.

    ``bare`` are those with nothing in them but what they are called, of all columns; ``labels`` what
    those say of themselves that have no identifier, ``wide`` those that go on beyond the heading, which
    has ``width`` cells, with how many they have; ``again`` those that are the heading once more.
    """

    lines: list[int] = Factory(list)
    ids: list[str] = Factory(list)
    bare: set[int] = Factory(set)
    labels: dict[int, Label] = Factory(dict)
    wide: dict[int, int] = Factory(dict)
    again: set[int] = Factory(set)
    width: int = 0


@frozen(slots=True)
class LookedAt:
    """A column that is read: ``values`` of numbers, None where there is none; whether a cell that holds
    something there shows a person (``personal``); the rows that hold anything, and those amiss."""

    values: Sequence[Fraction | None]
    filled: Sequence[bool]
    amiss: frozenset[int]
    personal: bool
    number: bool


@frozen(slots=True)
class Judged:
    """What the rows are that are no records, and of which it is not known: their signs."""

    left: dict[int, str]
    asked: dict[int, tuple[str, ...]]
    worked_out: frozenset[int]
    """The totals whose figures are those of the rows that they stand by."""


def judge(
    rows: Rows,
    columns: Sequence[LookedAt],
    gaps: Sequence[int],
    vocabulary: Vocabulary,
    answers: Mapping[str, str],
) -> Judged:
    """Which rows are no records. ``gaps`` are the rows above which a blank one stands."""
    return _Judging(rows, columns, gaps, vocabulary, answers).judged()


class _Judging:
    """One table while its rows are looked at."""

    def __init__(
        self,
        rows: Rows,
        columns: Sequence[LookedAt],
        gaps: Sequence[int],
        vocabulary: Vocabulary,
        answers: Mapping[str, str],
    ) -> None:
        self.rows, self.columns, self.answers = rows, columns, answers
        long = max(map(len, rows.ids), default=0) > _LONGEST
        self.ids = [one[:_LONGEST] for one in rows.ids] if long else rows.ids
        self.numbers = [column for column in columns if column.number]
        self.others = [column for column in columns if not column.number]
        self.size = len(rows.ids)
        self.starts = [0, *gaps, self.size]
        self.labels = dict(rows.labels)
        self.kinds: list[int] | None = None
        joined = "\n".join(self.ids) + "\n" if self.ids else ""
        if not _ALL_CODES.fullmatch(joined):
            self._look_for_labels(bare(joined), vocabulary)
            alike = any(form.fullmatch(joined) for form in _ALIKE)
            self.kinds = None if alike else [_kind(one) for one in self.ids]
        self.suspect = {row for row, label in self.labels.items() if label.points > _FAINT}
        for kind in (_EMPTY, _MARKS, _PROSE) if self.kinds is not None else ():
            odd = [row for row, own in enumerate(self.kinds or ()) if own == kind]
            if 2 * len(odd) <= self.size or kind != _PROSE:
                self.suspect.update(odd)
        self.suspect.update(rows.bare)

    def _look_for_labels(self, joined: str, vocabulary: Vocabulary) -> None:
        """Note what the identifiers say of their rows, where a word of the vocabulary is in any."""
        if any(stem in joined for stem in vocabulary.stems):
            for row, identifier in enumerate(self.ids):
                label = vocabulary.label(identifier) if identifier else None
                if label is not None:
                    self.labels[row] = label

    def judged(self) -> Judged:
        left: dict[int, str] = {}
        asked: dict[int, tuple[str, ...]] = {}
        worked_out = set()
        for row in self._looked_at():
            if row in self.rows.again:
                continue
            answer = self.answers.get(self.rows.ids[row])
            label = self.labels.get(row)
            signs = self._signs(row)
            kind = label.kind if label is not None else TOTAL if FIGURES in signs else REMARK
            if FIGURES in signs:
                worked_out.add(row)
            if answer is not None:
                if answer != RECORD:
                    left[row] = kind
                continue
            points = sum(signs.values())
            needed = signs.keys() & {LABEL, FIGURES, EMPTY}
            if points >= _LEFT and len(signs) > 1 and needed:
                left[row] = kind
            elif points >= _ASKED:
                asked[row] = tuple(signs)
        return Judged(left, asked, frozenset(worked_out))

    def _looked_at(self) -> Iterable[int]:
        """The rows that may be something else than a record."""
        if self.size <= _ALL_LOOKED_AT:
            return range(self.size)
        ends = (row for end in self.starts[1:50] for row in range(max(0, end - _LAST), end))
        odd = set() if self.kinds is None else self._odd()
        return sorted({*ends, *self.suspect, *self.labels, *odd, *self.rows.wide})

    # ---- the signs of one row

    def _signs(self, row: int) -> dict[str, int]:
        """The signs that a row is no record, each with how much it shows."""
        signs: dict[str, int] = {}
        label = self.labels.get(row)
        if label is not None:
            signs[LABEL] = label.points
        if any(one.personal and one.filled[row] and row not in one.amiss for one in self.others):
            # A person's own yes or no, or day: what speaks against it must be said outright.
            if label is None:
                return {}
            signs |= self._figures(row)
            return signs if sum(signs.values()) > _LIKELY else {}
        unlike = self._unlike(row)
        if unlike:
            signs[IDENTIFIER] = unlike
        if self._stands_apart(row):
            signs[PLACE] = _FAINT
        if self._is_empty(row):
            wide = len(self.columns) > 1 and row in self.rows.bare
            signs[EMPTY] = _LIKELY if wide else _FAINT
        elif self._lacks(row):
            signs[LACKING] = _FAINT
        beside = row in self.rows.wide or any(row in column.amiss for column in self.columns)
        if beside and max(signs.get(LABEL, 0), unlike) >= _SURE:
            signs[EMPTY] = _FAINT
        if signs or self._may_be_sum(row):
            signs |= self._figures(row)
        return signs

    def _unlike(self, row: int) -> int:
        """How unlike all others a row's identifier is."""
        kinds = self.kinds
        if kinds is None:
            return 0
        own = kinds[row]
        others = self._shared
        if own <= _PROSE:
            return 0 if own in others else _SURE
        if others and others <= {_NUMBER, _CODE} and own in (_WORD, _NAME, _PHRASE):
            return _LIKELY
        if others == {_WORD} and own == _NUMBER:
            return _FAINT
        if len(others) == 1 and own not in others:
            return _FAINT
        small = self._all_small
        return _FAINT if small and not self.rows.ids[row][:1].islower() else 0

    @cached_property
    def _shared(self) -> frozenset[int]:
        """The kinds of the identifiers that look like those of records."""
        kinds = self.kinds or []
        counts: dict[int, int] = {}
        for row, kind in enumerate(kinds):
            if row not in self.suspect:
                counts[kind] = counts.get(kind, 0) + 1
        # One that nobody shares is what is asked about, and no measure of the others.
        return frozenset(kind for kind, count in counts.items() if count > 1)

    @cached_property
    def _all_small(self) -> bool:
        others = [one for row, one in enumerate(self.rows.ids) if row not in self.suspect]
        return len(others) > 1 and sum(not one[:1].islower() for one in others) <= 1

    def _odd(self) -> set[int]:
        return {row for row in range(self.size) if self._unlike(row)}

    def _stands_apart(self, row: int) -> bool:
        """Whether a row stands after a table, or alone between blank rows."""
        if len(self.starts) < 3:
            return False
        block = self._block(row)
        start, end = self.starts[block], self.starts[block + 1]
        return end - start == 1 or (end == self.size and end - start <= _LAST)

    def _block(self, row: int) -> int:
        return bisect_right(self.starts, row, 0, len(self.starts) - 1) - 1

    def _is_empty(self, row: int) -> bool:
        """Whether none of a row's cells that are read holds anything, where those of most others do."""
        if not self.columns or any(column.filled[row] for column in self.columns):
            return False
        return self._mostly_filled

    @cached_property
    def _mostly_filled(self) -> bool:
        filled = [
            any(column.filled[row] for column in self.columns)
            for row in range(min(self.size, _ALL_LOOKED_AT))
        ]
        return 2 * sum(filled) > len(filled)

    def _lacks(self, row: int) -> bool:
        """Whether a row has figures and nothing else, where most others have."""
        if not self.others or any(column.filled[row] for column in self.others):
            return False
        return self._mostly_personal

    @cached_property
    def _mostly_personal(self) -> bool:
        looked_at = range(min(self.size, _ALL_LOOKED_AT))
        having = sum(any(column.filled[row] for column in self.others) for row in looked_at)
        return 3 * having > 2 * (len(looked_at) - len(self.suspect))

    # ---- figures that are worked out from those of other rows

    def _figures(self, row: int) -> dict[str, int]:
        """Whether the figures of a row are sums, means or counts of others, and how surely."""
        found = 0
        for rows in self._beside(row):
            found = max(found, self._worked_out(row, rows))
            if found >= _SURE:
                break
        return {FIGURES: found} if found else {}

    def _beside(self, row: int) -> Iterable[Sequence[int]]:
        """The groups of rows whose figures a row may sum up: above and below it, and all others."""
        base, suspect = self._base, self.suspect
        above = [one for one in base if one < row]
        yield above
        if row in suspect or row in self.labels:
            start = max((one for one in self._bounds if one < row), default=-1)
            yield [one for one in above if one > start]
            below = [one for one in base if one > row]
            end = min((one for one in self._bounds if one > row), default=self.size)
            yield [one for one in below if one < end]
            yield [*above, *below]
        start = self.starts[self._block(row)]
        yield [one for one in above if one >= start]

    @cached_property
    def _base(self) -> list[int]:
        return [row for row in range(self.size) if row not in self.suspect]

    @cached_property
    def _bounds(self) -> list[int]:
        return sorted(row for row in self.suspect if any(one.filled[row] for one in self.numbers))

    def _may_be_sum(self, row: int) -> bool:
        """Whether a figure is as large as the sum of the first ones: if not, it is none of all."""
        for column in self.numbers:
            value = column.values[row]
            if value is not None and value > 0:
                first = [one for one in column.values[: min(row, 50)] if one is not None]
                return min(first, default=Fraction(0)) < 0 or value >= sum(first)
        return False

    def _worked_out(self, row: int, rows: Sequence[int]) -> int:
        """How surely the figures of a row are those of some others, taken together."""
        labelled = row in self.labels or row in self.suspect
        if not rows or (len(rows) < 2 and not labelled):
            return 0
        independent: dict[tuple[Fraction, ...], int] = {}
        summed = False
        found = False
        for column in self.numbers:
            value = column.values[row]
            if value is None or value == 0:
                continue
            given = [one for at in rows if (one := column.values[at]) is not None]
            how = _how(value, given, len(rows))
            if not how:
                return 0
            found = True
            if how in ("sum", "mean") and len(set(given)) > 1:
                scale = next(one for one in given if one)
                independent[tuple(one / scale for one in given)] = 1
                digits = str(abs(value.numerator)).rstrip("0")
                summed |= how == "sum" and len(given) > 2 and len(digits) >= _FEW_DIGITS
        if not found:
            return 0
        return _SURE if len(independent) > 1 or summed else _FAINT


def _how(value: Fraction, given: Sequence[Fraction], rows: int) -> str:
    """How a figure comes of others: their sum, their mean to a cent or a unit, their number; or not."""
    if not given:
        return ""
    total = sum(given, Fraction(0))
    if value == total:
        return "sum"
    off = abs(value - total / len(given))
    if off == 0 or (len(given) > 1 and off < (1 if value.denominator == 1 else Fraction(1, 100))):
        return "mean"
    return "count" if value in (rows, len(given)) else ""


def _kind(identifier: str) -> int:
    """What sort of text an identifier is."""
    if not identifier:
        return _EMPTY
    if not any(sign.isalnum() for sign in identifier) or identifier in ("Σ", "∑"):
        return _MARKS
    tokens = identifier.replace(",", " ").split()
    digits = any(sign.isdigit() for sign in identifier)
    if identifier.isdigit():
        return _NUMBER
    if len(tokens) == 1:
        return _CODE if digits else _WORD
    if digits:
        return _CODE if len(tokens) < 3 else _PROSE
    if _is_name(identifier) and not identifier.endswith((".", ":")) and ":" not in identifier:
        return _NAME
    return _PHRASE if len(tokens) < 4 and ":" not in identifier else _PROSE
