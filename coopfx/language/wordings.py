"""What people write first, read as what it stands for: names as they are said, days, fractions.

Everything that coopfx prints can be typed back: `réserve légale` is read as `réserves.légale`, `1er
janvier 2024` as `2024-01-01`. None of this changes what a text already says: a wording is read only
where its words could not stand beside each other otherwise, and never where the author has declared
one of them. What has two readings is told, with the line to write (S127).
"""

import re
from functools import lru_cache

from attrs import frozen

from coopfx.ground.report import OneOf, Report, Said
from coopfx.ground.source import Source
from coopfx.ground.words import FIRST_WORD, HARD_SPACES, SOFT_WORDS, Words

_BLANK = f"[ \\t{HARD_SPACES}]"
_ORDINAL = r"(?:er|[º°ª]|st|nd|rd|th|\.)?"
_DECLARING = ("RECORD", "INPUT", "GROUP", "ACCOUNT", "PARAMETER", "DEFINE", "DECIDE", "SCALE")
_IN_DIGITS = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\w/.])")
_FRACTION = re.compile(rf"(\d+){_BLANK}*/{_BLANK}*(\d+)(?!\d|[.,/]\d)")
_CURRENCY = "currency."
_FRACTIONS = "fractions."
_GROUPS = "groups."
_BRANCHES = "branches."

_BLANKS = " \t" + HARD_SPACES
_BRANCH = re.compile(rf"{_BLANK}+([^\W\d_]\w*)")

ARTICLE = ""
"""The terminal of a word that the grammar does not read."""

Rows = dict[str, tuple[tuple[str, str], ...]]
"""Wordings by their first word: what follows it, and what is meant; the longest first."""


@frozen(slots=True)
class Wording:
    """A wording of a text: the terminal that it stands for, how it is written, and where it ends."""

    terminal: str
    text: str
    end: int


def phrase_end(text: str, position: int, rest: str) -> int:
    """Where the rest of a phrase ends, any spaces between words, either apostrophe; 0 where it is not.

    ``rest`` has no capitals, nor what stands for several letters: ``ß`` is ``ss``.
    """
    at = 0
    while at < len(rest):
        here = text[position : position + 1]
        if rest[at] == " ":
            if not here or here not in _BLANKS:
                return 0
            while position < len(text) and text[position] in _BLANKS:
                position += 1
            at += 1
            continue
        letters = "'" if here == "’" else here.casefold()
        if not letters or not rest.startswith(letters, at):
            return 0
        at += len(letters)
        position += 1
    following = text[position : position + 1]
    open_end = rest.endswith("'") or not (following.isalnum() or following == "_")
    return position if open_end else 0


Phrases = dict[str, tuple[tuple[str, tuple[str, ...]], ...]]
"""The phrases that begin with each word: what follows that word, and the terminals they stand for."""


@lru_cache(maxsize=32)
def _phrases(words: Words) -> Phrases:
    kinds: dict[str, tuple[str, ...]] = {}
    for terminal, phrases in words.keywords.items():
        for phrase in phrases:
            if terminal not in kinds.get(phrase, ()):
                kinds[phrase] = (*kinds.get(phrase, ()), terminal)
    for article in words.articles:
        kinds.setdefault(article, (ARTICLE,))
    by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for phrase in sorted(kinds, key=len, reverse=True):
        first = FIRST_WORD.match(phrase)
        if first is None:
            raise ValueError(f"a phrase begins with a letter: {phrase!r}")
        all_kinds = kinds[phrase]
        if not SOFT_WORDS.isdisjoint(all_kinds):
            all_kinds = (*all_kinds, "NAME")
        rest = phrase[first.end() :].casefold()
        by_first.setdefault(first[0].casefold(), []).append((rest, all_kinds))
    return {first: tuple(rows) for first, rows in by_first.items()}


def phrase_at(text: str, start: int, end: int, words: Words) -> tuple[int, tuple[str, ...]]:
    """Where the longest phrase ends that begins with the word from ``start`` to ``end``, and its kinds.

    The word itself, a name, where it begins no phrase.
    """
    for rest, kinds in _phrases(words).get(text[start:end].casefold(), ()):
        after = phrase_end(text, end, rest) if rest else end
        if after:
            return after, kinds
    return end, ("NAME",)


def wording_at(text: str, start: int, end: int, rows: Rows) -> tuple[int, str]:
    """Where the longest wording ends that begins with the word from ``start`` to ``end``, and what it
    stands for; 0 where there is none."""
    for rest, meant in rows.get(text[start:end].casefold(), ()):
        after = phrase_end(text, end, rest)
        if after:
            return after, meant
    return 0, ""


def _rows(wordings: dict[str, str]) -> Rows:
    """Wordings by their first word."""
    found: dict[str, list[tuple[str, str]]] = {}
    for said, meant in sorted(wordings.items(), key=lambda row: -len(row[0])):
        first = FIRST_WORD.match(said)
        if first is not None:
            rest = said[first.end() :].casefold()
            found.setdefault(first[0].casefold(), []).append((rest, meant))
    return {first: tuple(rows) for first, rows in found.items()}


@lru_cache(maxsize=32)
def spoken_rows(words: Words) -> Rows:
    """The standard names as they are said, in several words."""
    return _rows(words.spoken_names)


@lru_cache(maxsize=8)
def own_rows(text: str, words: Words) -> Rows:
    """The names that a text declares as they are said: with spaces, and an account by what it is called.

    A wording of which the text declares a word as another name is left to that name, and one that begins
    as a phrase of the language does to the language: a title may be any text, such as ``of the year``.
    """
    said: dict[str, str] = {}
    for found in _declarations(words).finditer(text):
        name, label = found["name"], (found["label"] or "").strip().casefold()
        said.setdefault(name.replace("_", " ").casefold(), name)
        if found["account"] and " " in label:
            said.setdefault(label, name)
    declared = _declared(text, words)
    return _rows(
        {
            one: name
            for one, name in said.items()
            if " " in one
            and declared.isdisjoint({*one.split()} - {name.casefold()})
            and "NAME" in _kinds_at_start(one, words)
        }
    )


def _kinds_at_start(said: str, words: Words) -> tuple[str, ...]:
    first = FIRST_WORD.match(said)
    return phrase_at(said, 0, first.end(), words)[1] if first is not None else ()


@lru_cache(maxsize=32)
def fraction_rows(words: Words) -> Rows:
    """Fractions in words: `un tiers` for 1/3."""
    return _rows(_flat(words, _FRACTIONS))


@lru_cache(maxsize=32)
def group_rows(words: Words) -> Rows:
    """Groups of workers by whether they are members: `salariés associés`, `soci lavoratori`."""
    return _rows(_flat(words, _GROUPS))


@lru_cache(maxsize=32)
def unit_rows(words: Words) -> Rows:
    """What follows a number in words: `pour cent`, `euros`."""
    signs = dict.fromkeys(words.wordings.get("percent", ()), "%")
    return _rows(signs | _flat(words, _CURRENCY))


@lru_cache(maxsize=32)
def rest_rows(words: Words) -> Rows:
    """What else the rest is called at the beginning of a line: `le solde`."""
    return _rows(dict.fromkeys(words.wordings.get("rest", ()), "REST"))


def branch_at(text: str, start: int, end: int, words: Words) -> Wording | None:
    """A branch of an account said as one thing: `réserve statutaire` for `réserves.statutaire`."""
    account = branch_words(words).get(text[start:end].casefold())
    branch = _BRANCH.match(text, end) if account else None
    if account is None or branch is None:
        return None
    after, kinds = phrase_at(text, branch.start(1), branch.end(1), words)
    if kinds != ("NAME",) or words.canonical(branch[1]) != branch[1]:
        return None
    return Wording("NAME", f"{words.word(account)}.{branch[1]}", after)


@lru_cache(maxsize=32)
def branch_words(words: Words) -> dict[str, str]:
    """What one branch of an account is called, with the account."""
    return _flat(words, _BRANCHES)


@lru_cache(maxsize=32)
def opening_words(words: Words) -> frozenset[str]:
    """The words with which any wording begins: most of a text's begin none."""
    tables = (unit_rows(words), rest_rows(words), spoken_rows(words), fraction_rows(words))
    return frozenset(months_of(words)).union(branch_words(words), *tables)


def _flat(words: Words, prefix: str) -> dict[str, str]:
    return {
        said: key.removeprefix(prefix)
        for key, forms in words.wordings.items()
        if key.startswith(prefix)
        for said in forms
    }


def declares_any(source: Source, start: int, end: int, words: Words) -> bool:
    """Whether a text declares one of the words between two places as a name of its own."""
    said = {one.casefold() for one in re.findall(r"[^\W\d_]\w*", source.text[start:end])}
    return not said.isdisjoint(_declared(source.text, words))


@lru_cache(maxsize=8)
def _declared(text: str, words: Words) -> frozenset[str]:
    """The words that follow a declaring keyword at the beginning of a line, in small letters."""
    found = _declarations(words).finditer(text)
    return frozenset(one["name"].partition(".")[0].casefold() for one in found)


@lru_cache(maxsize=32)
def _declarations(words: Words) -> re.Pattern[str]:
    """A line that declares a name, what is declared, and what it is called where it says so."""
    account = {*words.keywords["ACCOUNT"]}
    phrases = {phrase for terminal in _DECLARING for phrase in words.keywords[terminal]} - account
    kinds = [
        "|".join(map(re.escape, sorted(one, key=len, reverse=True))) for one in (account, phrases)
    ]
    name = r"(?P<name>[^\W\d_]\w*(?:\.[^\W\d_]\w*)*)"
    return re.compile(
        rf"^[^\n\w]*(?:\w+ )?(?:(?P<account>{kinds[0]})|{kinds[1]}){_BLANK}+{name}"
        rf"(?:[^\n\"«“#]*[\"«“](?P<label>[^\n\"»”]*)[\"»”])?",
        re.IGNORECASE | re.MULTILINE,
    )


# ---- days


@lru_cache(maxsize=32)
def _day_patterns(words: Words) -> tuple[re.Pattern[str], ...]:
    months = "|".join(re.escape(month) for month in words.numbers["months"].split())
    parts = {
        "day": rf"(?P<day>\d{{1,2}}){_ORDINAL}",
        "month": rf"(?P<month>{months})",
        "year": r"(?P<year>\d{4})(?!\d)",
    }
    made = []
    for form in (words.numbers["date"], *words.wordings.get("day", ())):
        pattern = re.escape(form).replace(r"\ ", f"{_BLANK}+")
        for part, found in parts.items():
            pattern = pattern.replace(rf"\{{{part}\}}", found)
        made.append(re.compile(pattern, re.IGNORECASE))
    return tuple(made)


@lru_cache(maxsize=32)
def months_of(words: Words) -> frozenset[str]:
    """The months of a language, in small letters: a day may begin with one."""
    return frozenset(words.numbers["months"].casefold().split())


def day_at(text: str, start: int, words: Words) -> Wording | None:
    """A day of the calendar in words that begins at a place: `1er janvier 2024`."""
    for pattern in _day_patterns(words):
        found = pattern.match(text, start)
        if found:
            months = words.numbers["months"].casefold().split()
            month = months.index(found["month"].casefold()) + 1
            day = f"{found['year']}-{month:02}-{int(found['day']):02}"
            return Wording("DATE", day, found.end())
    return None


def day_in_digits(
    source: Source, start: int, words: Words, report: Report, *, alone: bool
) -> Wording | None:
    """A day in digits that begins at a place: `31/12/2024`, `31.12.2024`.

    It is told (S127) where it might be a division, or another day; not where only a day may stand
    (``alone``) and it has one reading.
    """
    found = _IN_DIGITS.match(source.text, start)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), found[4]
    days = [
        f"{year}-{month:02}-{day:02}"
        for day, month in dict.fromkeys(((first, second), (second, first)))
        if 1 <= month <= 12 and 1 <= day <= 31
    ]
    if not days:
        return None
    readings = days[:1] if "digits" in words.wordings else days
    if len(readings) > 1 or not alone:
        shown = OneOf(tuple(Said("token.word", {"word": day}) for day in readings))
        place = source.span(start, found.end())
        report.tell("S127", place, found=found[0], expected=shown)
    return Wording("DATE", readings[0], found.end())


# ---- fractions


def fraction_at(text: str, start: int) -> Wording | None:
    """A fraction in digits that begins at a place: `1/3`."""
    found = _FRACTION.match(text, start)
    if found is None or int(found[2]) == 0:
        return None
    return Wording("FRACTION", f"{int(found[1])}/{int(found[2])}", found.end())
