"""What a sheet of another program looks like: its heading, its columns, what their cells could be.

Nothing is decided here about what a column means; a profile says what its name is known for and which
figures its cells could be.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from attrs import define, evolve, field, frozen

from coopfx.formats import cells
from coopfx.formats.headings import lines_of, names_of
from coopfx.formats.notation import TWO_DAYS, Amiss, Style, Written, style_by
from coopfx.formats.rows import Vocabulary, bare
from coopfx.ground.exact import DATE, Kind, Known
from coopfx.ground.facts import Field, Row, Schema, Sheet
from coopfx.ground.words import Words

MOST_TITLES = 20
MOST_COLUMNS = 300
_MOST_WORDS = 12
_LONGEST = 200
"""A heading or a word of more signs is nothing to ask about: a hostile file may hold megabytes."""
_ENOUGH = 0.8
"""Of so many of its cells a column must be readable as a figure: a slip is told where it stands."""
_LOOKED_AT = 60
"""So many lines below a heading show what its columns hold."""
_NUMBER = re.compile(r"[\d\s.,:/%€-]+")
_ASIDE = re.compile(r"[(\[]([^)\]]*)[)\]]")
_ENDING = re.compile(r"(?<=\w)\((?:e|s|es|a|as|o|os|i)\)", re.IGNORECASE)
"""What a name has for women or for several, as in `Parti(e) le`."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ID = "id"
_DATES = ("hired", "left", "day")
_ROLES = ("names", *_DATES, "contract", "rate", "period", "kind", "shares", "amount", "balance")


@frozen(slots=True)
class Name:
    """A column's name without signs and capitals; whether all of it was understood.

    What stands in brackets, and a number of a year, must be of those that change nothing: of hours in
    thousands, or of another year, the plain name alone would say something else.
    """

    plain: str
    whole: bool


class Spoken:
    """What columns may be called, in several languages: of figures, and of what figures are made of."""

    def __init__(self, schema: Schema, words: Sequence[Words], year: int | None) -> None:
        self.schema, self.words, self.year = schema, list(words), year
        self._known: dict[str, list[str]] = {}
        forms = {"id", *(form for one in words for form in one.phrases["column.id"].split())}
        for form in forms:
            self._add(form.replace("_", " "), _ID)
        names = {item.name for item in schema.fields if item.record is not None}
        for key in (_ID, *_ROLES, *sorted(names)):
            for one in words:
                for form in one.phrases.get(f"known_as.{key}", "").split(","):
                    self._add(form, key)
        self.units = {form for one in words for form in one.phrases["known_as.units"].split()}
        self.totals = Vocabulary(words)
        months = [one.phrases["known_as.month_names"].split() for one in words]
        self.months = {bare(form) for some in months for form in some}

    def _add(self, form: str, key: str) -> None:
        plain = _plain(form)
        known = self._known.setdefault(plain, [])
        if plain and key not in known:
            known.append(key)

    def name(self, text: str) -> Name:
        """A column's name as it is looked up."""
        text = _ENDING.sub("", text)
        asides = [one.casefold().strip() for one in _ASIDE.findall(text)]
        own = str(self.year) if self.year else ""
        years = [one for one in _YEAR.findall(text) if one != own]
        rest = _YEAR.sub(" ", _ASIDE.sub(" ", text))
        harmless = all(not one or one in self.units or one == own for one in asides)
        return Name(_plain(rest), harmless and not years)

    def unit(self, text: str) -> str:
        """What stands in brackets in a column's name and is of no unit that changes nothing; or empty."""
        asides = (one.casefold().strip() for one in _ASIDE.findall(_ENDING.sub("", text)))
        return next(
            (one for one in asides if one and one not in self.units and not one.isdecimal()), ""
        )

    def means(self, text: str, record: str) -> tuple[str, ...]:
        """What a column of this name is for certain: figures of the record, or what they are made of."""
        name = self.name(text)
        found = list(self._known.get(name.plain, ())) if name.whole else []
        fields = self.schema.of(record)
        own = cells.canonical(_YEAR.sub("", text).strip(), fields, self.words)
        bracketed = cells.canonical(_ASIDE.sub("", text).strip(), fields, self.words)
        for one in (own, bracketed if name.whole else None):
            if one is not None and one not in found:
                found.insert(0, one)
        return tuple(one for one in found if one in fields or one in (_ID, *_ROLES))

    def likeness(self, text: str, key: str) -> float:
        """How much of a column's name is said of a figure, between nought and one."""
        own = set(self.name(text).plain.split())
        forms = [form for form, keys in self._known.items() if key in keys]
        forms += [_plain(one.word(key)) for one in self.words]
        best = 0.0
        for form in forms:
            other = set(form.split())
            if own and other:
                best = max(best, len(own & other) / len(own | other))
        return best

    def words_of(self, key: str) -> frozenset[str]:
        """The single words that all languages list under a key, without accents."""
        given = (one.phrases.get(f"known_as.{key}", "") for one in self.words)
        return frozenset(bare(form) for some in given for form in some.split())

    def lists(self, key: str) -> frozenset[str]:
        """The words that a language file lists under a key, in the plainest form."""
        given = (one.phrases.get(f"known_as.{key}", "") for one in self.words)
        return frozenset(_plain(form) for some in given for form in some.split(",") if form.strip())


def _plain(text: str) -> str:
    """A name in small letters without accents, its words parted by one space."""
    return " ".join(re.findall(r"[^\W_]+|%", bare(text).replace("º", " ").replace("°", " ")))


plain_word = _plain


@define(slots=False)
class Column:
    """A column of a sheet: its name, and what stands in it, line by line."""

    index: int
    name: str
    cells: list[str] = field(factory=list)
    _fitting: dict[Field, bool] = field(init=False, factory=dict)

    @cached_property
    def texts(self) -> list[str]:
        """What stands in it where anything does."""
        return [text for text in self.cells if text]

    @cached_property
    def distinct(self) -> list[str]:
        """The different words of the column, the most frequent first; empty where there are many."""
        counted = Counter(" ".join(text.split()) for text in self.texts)
        found = [word for word, _ in counted.most_common(_MOST_WORDS + 1)]
        few = len(found) <= _MOST_WORDS and all(len(word) <= _LONGEST for word in found)
        return found if few else []

    @cached_property
    def is_unique(self) -> bool:
        """Whether no two lines say the same."""
        return len(set(self.texts)) == len(self.texts) > 0

    @property
    def has_gaps(self) -> bool:
        """Whether some line says nothing, or has a dash."""
        return any(cells.is_blank(text) for text in self.cells)

    def fits(self, wanted: Field, words: list[Words]) -> bool:
        """Whether the cells of the column could be a figure; each figure is looked at once."""
        if wanted not in self._fitting:
            self._fitting[wanted] = bool(self.texts) and self._read_as(wanted, words)
        return self._fitting[wanted]

    def days_in_two_ways(self, words: list[Words]) -> str:
        """A day of the column of which neither the others nor the language say the order; or empty."""
        if cells.days_of(self.texts) or cells.usual_days(words[0]):
            return ""
        day = Field("", DATE)
        found = (text for text in self.texts if cells.read(text, day, words, Style()) is TWO_DAYS)
        return next(found, "")

    def has_any(self, wanted: Field, words: list[Words]) -> bool:
        """Whether any cell of the column, most perhaps being remarks, could be a figure."""
        return self._count(wanted, words) > 0

    def _read_as(self, wanted: Field, words: list[Words]) -> bool:
        return self._count(wanted, words) >= _ENOUGH * len(self.texts)

    def _count(self, wanted: Field, words: list[Words]) -> int:
        """How many cells of the column could be a figure; a day that could be two may be asked about."""
        read = self.read(wanted, words)
        days = wanted.type.kind is Kind.DATE
        return sum(
            (one is TWO_DAYS and days) or (one is not None and not isinstance(one, Amiss))
            for one in read
        )

    def read(self, wanted: Field, words: list[Words]) -> list[Known | Amiss | None]:
        """What stands in its cells, read as a figure."""
        if wanted.type.kind is Kind.QUANTITY:
            written = Written.of(self.texts)
            style = style_by(written.signs, cells.usual(words[0], ""))
            return written.along(self.texts, cells.quantities(written, wanted, words, style))
        shown = cells.days_of(self.texts) or cells.usual_days(words[0])
        return [cells.read(text, wanted, words, Style(days=shown)) for text in self.texts]


@define(slots=False)
class Profile:
    """A sheet as it looks: where its heading stands, its columns, how many lines it has."""

    sheet: Sheet
    line: int
    columns: list[Column]
    rows: int
    """How many lines could be records."""
    lines: int = 1
    """How many lines the heading may have, of which ``line`` is the last."""
    single: "Profile | None" = None
    """How the sheet looks where the heading is one line."""

    def named(self, name: str) -> Column | None:
        """The column of a name."""
        return next((one for one in self.columns if one.name == name), None)


def profile_of(
    sheet: Sheet,
    spoken: Spoken,
    known: Iterable[str] = (),
    lines: int = 0,
    *,
    any_name: bool = False,
) -> Profile | None:
    """How a sheet looks; None where no line of it is a heading.

    The heading is the line among the first ones with the most names that mean something, or that are
    ``known`` of the year before. It has so many ``lines``; where that is not said, more than one if it
    looks so. With ``any_name`` the first line of a table may have names that mean nothing.
    """
    rows: list[Row] = [(sheet.header_line, sheet.header), *sheet.rows]
    before = {" ".join(name.split()).casefold() for name in known}
    best, most = -1, 0
    size = max(lines, 1)
    for number in range(min(len(rows), MOST_TITLES + 1)):
        header = names_of([row[:MOST_COLUMNS] for _, row in rows[number : number + size]])
        names = [cell for cell in header if cell]
        held = sum(cell.casefold() in before for cell in names)
        score = held + sum(bool(spoken.means(cell, sheet.record)) for cell in names)
        if score > most:
            best, most = number, score
    first = _first_of_table([row for _, row in rows[: MOST_TITLES + 2]])
    # One word that is known, on a line with figures, may be a cell below names that are not.
    weak = most == 1 and 0 <= first < best and _has_number(rows[best][1])
    if weak or (best < 0 and any_name):
        best = first
    if best < 0:
        return None
    if lines:
        return _profile(sheet, spoken, rows, best, best + lines - 1)
    first, last = lines_of([row[:MOST_COLUMNS] for _, row in rows[: best + _LOOKED_AT]], best)
    single = _profile(sheet, spoken, rows, best, best)
    if first == last:
        return single
    found = _profile(sheet, spoken, rows, first, last)
    if found is not None:
        found.single = single
    return found


def _first_of_table(rows: Sequence[Sequence[str]]) -> int:
    """The first row that has two words at least and no number, with cells below it; -1 where none has."""
    for number, (row, below) in enumerate(pairwise(rows)):
        cells = [cell.strip() for cell in row[:MOST_COLUMNS] if cell.strip()]
        filled = [cell for cell in below[:MOST_COLUMNS] if cell.strip()]
        if len(cells) > 1 and len(filled) > 1:
            return -1 if _has_number(cells) else number
    return -1


def _has_number(row: Sequence[str]) -> bool:
    return any(_NUMBER.fullmatch(cell.strip()) for cell in row if cell.strip())


def _profile(
    sheet: Sheet, spoken: Spoken, rows: Sequence[Row], first: int, last: int
) -> Profile | None:
    """How a sheet looks whose heading goes from one row to another."""
    line = rows[min(last, len(rows) - 1)][0]
    header = names_of([row[:MOST_COLUMNS] for _, row in rows[first : last + 1]])
    columns = [
        Column(index, cell) for index, cell in enumerate(header) if cell and len(cell) <= _LONGEST
    ]
    count = 0
    for _, row in rows[last + 1 :]:
        filled = [cell for cell in row if cell.strip()]
        if len(filled) < min(2, len(columns)) or spoken.totals.label(filled[0]) is not None:
            continue
        count += 1
        for column in columns:
            text = row[column.index].strip() if column.index < len(row) else ""
            column.cells.append(text)
    return Profile(sheet, line, columns, count, last + 1 - first) if count else None


def joined(profiles: Sequence[Profile]) -> Profile:
    """Several sheets of one heading as one, as payslips are of twelve months."""
    first = profiles[0]
    columns = [
        Column(one.index, one.name, [text for each in profiles for text in _cells(each, one.name)])
        for one in first.columns
    ]
    singles = [one.single for one in profiles if one.single is not None]
    single = joined(singles) if len(singles) == len(profiles) else None
    count = sum(each.rows for each in profiles)
    return Profile(first.sheet, first.line, columns, count, first.lines, single)


def _cells(profile: Profile, name: str) -> list[str]:
    column = profile.named(name)
    return [] if column is None else column.cells


def by_names(profile: Profile, said: Mapping[str, str]) -> dict[str, str]:
    """What is said of columns, by the name that each has in a sheet; those that it lacks are left out."""
    folded = {" ".join(name.split()).casefold(): what for name, what in said.items()}
    return {
        one.name: folded[one.name.casefold()]
        for one in profile.columns
        if one.name.casefold() in folded
    }


def has_figures(profile: Profile) -> bool:
    """Whether a sheet has several lines, and a column of numbers or days beside another."""
    some = [one for one in profile.columns if any(sign.isdecimal() for sign in "".join(one.texts))]
    return profile.rows > 1 and len(profile.columns) > 1 and bool(some)


def has_movements(profile: Profile, spoken: Spoken) -> bool:
    """Whether a sheet has days, and shares or what happens to them, by the names of its columns."""
    roles = {
        role for one in profile.columns for role in spoken.means(one.name, profile.sheet.record)
    }
    return "day" in roles and bool(roles & {"kind", "shares"})


def of_record(profile: Profile, record: str) -> Profile:
    """A profile of a sheet that is known by now to hold a record."""
    single = None if profile.single is None else of_record(profile.single, record)
    sheet = evolve(profile.sheet, record=record)
    return evolve(profile, sheet=sheet, single=single)


def lists(texts: Sequence[str], ids: Iterable[str]) -> bool:
    """Whether nearly all that stands in a column are identifiers that are known."""
    known = set(ids)
    return bool(texts) and sum(text in known for text in texts) >= _ENOUGH * len(texts)
