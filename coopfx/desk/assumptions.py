"""What is assumed of years to come, as lines that read like the statute's own: ``surplus + 2% a year``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from coopfx.engine.projection import Assumption
from coopfx.formats import cells, notation
from coopfx.ground.exact import Kind, Known
from coopfx.ground.facts import Field, Schema
from coopfx.ground.figure import Figure, figure_of
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Source, Span
from coopfx.ground.words import HARD_SPACES, Words

USUAL = ("low", "middle", "high")
"""What the ways in which things may go are mostly called; each language has its words for them."""

_SPACES = str.maketrans(dict.fromkeys(HARD_SPACES, " "))
_HEAD = re.compile(r"\s*(?P<name>[^:=+#]*[^:=+#\s])\s*:(?P<rest>.*)")
_LIST = re.compile(r"(?P<name>.*?\S)\s*=\s*(?P<values>\S.*)")
_PARTED = re.compile(r"\s*;\s*|,\s+")


@frozen(slots=True)
class Assumed:
    """What is assumed together; ``name`` is empty where there is one way for things to go."""

    name: str
    lines: tuple[Assumption, ...]


@frozen(slots=True)
class _Line:
    """A line, of one of the ways or of all of them, and where it stands."""

    way: str
    said: str
    span: Span


def read_assumptions(
    sources: Sequence[Source], schema: Schema, languages: Sequence[Words], report: Report
) -> tuple[Assumed, ...]:
    """What texts assume, one way after the other; nothing, and told (P960 to P962), on any mistake.

    Lines before the first way belong to all of them; a way's own line stands in the place of theirs.
    Names and words may be in any of the ``languages``, of which the first is the reader's.
    """
    before = report.errors()
    reading = _Reading(schema, languages, report)
    ways: dict[str, dict[str, Assumption]] = {}
    shared: dict[str, Assumption] = {}
    for source in sources:
        report.read(source)
        style = notation.style_of(
            re.findall(r"[\d][\d., ]*", source.text), languages[0].numbers["decimal"]
        )
        for line in reading.lines(source):
            own = ways.setdefault(line.way, {}) if line.way else shared
            if not line.said:
                continue
            found = reading.read(line, style)
            if found is None:
                continue
            first = own.setdefault(found.field.name, found)
            if first is not found:
                related = (first.span,) if first.span else ()
                report.tell("P962", line.span, related=related, name=line.said)
    if report.errors() > before:
        return ()
    return tuple(
        Assumed(way, tuple((shared | own).values())) for way, own in (ways or {"": {}}).items()
    )


class _Reading:
    """Lines of assumptions, while they are read."""

    def __init__(self, schema: Schema, languages: Sequence[Words], report: Report) -> None:
        self.languages, self.report = list(languages), report
        own = (one for one in schema.fields if figure_of(one.name) == Figure(one.name))
        self.fields: dict[str, Field] = {one.name: one for one in (*own, *schema.decisions)}
        yearly = [form for words in languages for form in _forms(words, "yearly")]
        said = "|".join(re.escape(form) for form in sorted(yearly, key=len, reverse=True))
        self.grows = re.compile(
            rf"(?P<name>.*?[^\s+\-\u2212\u2013])\s*(?P<sign>[+\-\u2212\u2013])\s*"
            rf"(?P<by>\d.*?)\s*(?:{said})",
            re.IGNORECASE,
        )
        self.usual: Mapping[str, str] = {
            form.casefold(): way
            for words in languages
            for way in USUAL
            for form in _forms(words, way)
        }

    def lines(self, source: Source) -> Iterator[_Line]:
        """The lines of a text that say anything, each with the way that it belongs to."""
        way = ""
        for number, written in enumerate(source.text.splitlines(), 1):
            whole = written.translate(_SPACES)
            said = whole.partition("#")[0].strip()
            if not said:
                continue
            start = len(whole) - len(whole.lstrip()) + 1
            span = Span(source.file, number, start, number, start + len(said))
            head = _HEAD.fullmatch(said)
            if head is None:
                yield _Line(way, said, span)
                continue
            name = head["name"].strip("\"'«»“”\u201e ")
            named = self.usual.get(name.casefold(), name)
            if not head["rest"].strip():
                way = named
            yield _Line(named, head["rest"].strip(), span)

    def read(self, line: _Line, style: notation.Style) -> Assumption | None:
        """What a line assumes; None, and told, where it cannot be read."""
        grows, fixed = self.grows.fullmatch(line.said), _LIST.fullmatch(line.said)
        found = grows or fixed
        if found is None:
            self._tell(line, "line")
            return None
        field = self._field(found["name"], line)
        if field is None:
            return None
        if grows is not None:
            return self._growth(grows, field, line, style)
        written = _PARTED.split(found["values"])
        values = [self._value(text, found["name"], field, line, style) for text in written]
        known = tuple(value for value in values if value is not None)
        if len(known) < len(values):
            return None
        return Assumption(field, values=known, said=line.said, span=line.span)

    def _field(self, name: str, line: _Line) -> Field | None:
        found = cells.canonical(name, self.fields, self.languages)
        if found is None:
            near = cells.nearest_form(name, self.fields, self.languages)
            self.report.tell("P961", line.span, name=name[:60], nearest=near)
            return None
        return self.fields[found]

    def _growth(
        self, found: re.Match[str], field: Field, line: _Line, style: notation.Style
    ) -> Assumption | None:
        sign = 1 if found["sign"] == "+" else -1
        if field.type.kind is not Kind.QUANTITY:
            self._tell(line, "list")
            return None
        if not found["by"].endswith("%"):
            plain = evolve(field, low=None, high=None)
            more = self._value(found["by"], found["name"], plain, line, style)
            if not isinstance(more, Fraction):
                return None
            return Assumption(field, more=sign * more, said=line.said, span=line.span)
        if field.is_rate or (field.judged and not field.type.unit):
            # A hundredth of a rate, or a point more? Its values leave no doubt.
            self._tell(line, "rate")
            return None
        rate = Words.read_number(found["by"].removesuffix("%").strip())
        if rate is None:
            self._tell(line, "line")
            return None
        return Assumption(field, rate=sign * rate / 100, said=line.said, span=line.span)

    def _value(
        self, text: str, name: str, field: Field, line: _Line, style: notation.Style
    ) -> Known | None:
        before = self.report.errors()
        place = cells.Place(lambda: line.span, name)
        found = cells.value(text, field, self.languages, place, style, self.report)
        if found is None and self.report.errors() == before:
            self._tell(line, "line")
        return found

    def _tell(self, line: _Line, form: str) -> None:
        self.report.tell("P960", line.span, found=line.said[:60], form=Said(f"project.form.{form}"))


def _forms(words: Words, key: str) -> list[str]:
    return [form.strip() for form in words.phrases[f"project.{key}"].split("|")]
