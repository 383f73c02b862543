"""Why a figure is what it is, in a few paragraphs that are read aloud at a meeting.

The tree of an explanation is told from above: first the figure itself, then what it was made of, a
paragraph a step, then what the laws say of it, last the data. Nothing is told twice.
"""

import textwrap
from collections.abc import Iterable
from itertools import groupby

from attrs import Factory, define

from coopfx.engine import outcome as out
from coopfx.formats.telling import LIMITS, PREFIX, Telling, file_of, sentence
from coopfx.formats.terminal import WIDTH, safe
from coopfx.ground.aloud import Aloud
from coopfx.ground.exact import Missing
from coopfx.ground.report import Argument, Said, Word
from coopfx.ground.words import Words

MOST_STEPS = 16
"""So many paragraphs tell of steps; those behind them are asked for by their names."""
MOST_LISTED = 12
"""So many sentences of one sort follow one another, and so many facts stand in a row."""

_FACTS, _LAWS = "facts", "laws"
_DETAILS = ("right", "keys", "cent", "records")
"""What makes a part or a rule's verdict is told right after it, before what lies behind."""
_TOPICS = {
    **dict.fromkeys(("fact", "fact_made", "missing", "opening"), _FACTS),
    **dict.fromkeys(("entitled", "not_entitled", "entitled_unknown"), "right"),
    **dict.fromkeys(("key", "key_equally", "coefficient"), "keys"),
    **dict.fromkeys(("makes", "grown"), "cent"),
    **dict.fromkeys(("exact", "rounded_up", "rounded_down", "rounded_alike"), "cent"),
    **dict.fromkeys(("capped", "under_cap", "dropped", "large_enough"), "cent"),
    **dict.fromkeys(("permitted", "rule"), _LAWS),
    **dict.fromkeys(("case", "kept"), "records"),
}


def prose(item: out.Explanation, words: Words) -> str:
    """An explanation as paragraphs in the words' language, in lines of a terminal's width."""
    lines = (
        textwrap.fill(safe(one), WIDTH, break_on_hyphens=False) for one in paragraphs(item, words)
    )
    return "\n\n".join(lines) + "\n"


def paragraphs(item: out.Explanation, words: Words, *, lines: bool = True) -> list[str]:
    """An explanation as paragraphs in the words' language, each as one line of text.

    Without ``lines``, articles are named, and no line of the statute or of the data.
    """
    return _Teller(Aloud.of(words), lines=lines).paragraphs(item)


@define
class _Teller(Telling):
    told: set[str] = Factory(set)
    given: dict[str, None] = Factory(dict)
    lacking: Missing | None = None

    def paragraphs(self, root: out.Explanation) -> list[str]:
        found: list[str] = []
        laws: list[out.Explanation] = []
        level = [(root, "")]
        while level and len(found) < MOST_STEPS:
            following: list[tuple[out.Explanation, str]] = []
            for topic, group in groupby(level, lambda one: _topic(one[0])):
                steps = list(group)
                if topic == _FACTS:
                    for step, _ in steps:
                        self._give(step)
                elif topic == _LAWS and steps[0][0] is not root:
                    laws += (step for step, _ in steps)
                elif len(found) < MOST_STEPS:
                    found += self._paragraph(topic, steps)
                for step, record in steps:
                    whose = str(step.arguments.get("record", record))
                    behind = [(one, whose) for one in _behind(step)]
                    for sort, own in groupby(behind, lambda one: _topic(one[0])):
                        details = list(own)
                        if sort in _DETAILS:
                            found += self._paragraph(sort, details)
                            details = [
                                (one, whose) for detail, _ in details for one in _behind(detail)
                            ]
                        following += details
            level = following
        if any(_topic(step) not in (_FACTS, _LAWS) for step, _ in level):
            found.append(sentence(self.words.say("further")))
        for law in laws:
            found += self._paragraph(_LAWS, [(law, "")])
        found += self._data()
        return found

    # ---- paragraphs

    def _paragraph(self, topic: str, steps: list[tuple[out.Explanation, str]]) -> list[str]:
        """The sentences of some steps as one paragraph; none where all has been told."""
        self.at = ("", "", 0)
        if topic == "right":
            sentences = list(self.entitled([step for step, _ in steps]))
        else:
            sentences = []
            for step, record in steps:
                sentences += self.step(step, record)
            if topic == "records":
                sentences = self._first(sentences)
        fresh = not self.told.issuperset(sentences)
        self.told.update(sentences)
        for argument in (value for step, _ in steps for value in step.arguments.values()):
            self._lacks(argument)
        return [" ".join(map(sentence, dict.fromkeys(sentences)))] if fresh else []

    def _first(self, said: list[str]) -> list[str]:
        """The first few of what is said in a row, and how many more there are; never all but one."""
        more = len(said) - MOST_LISTED
        if more < 2:
            return said
        return [*said[:MOST_LISTED], self.words.phrase("list.more", count=more)]

    # ---- data

    def _give(self, step: out.Explanation) -> None:
        """Keep a fact for the last paragraph; of one that is not given, that it is not."""
        name = step.arguments.get("name")
        if name is None:
            name = Said("formula.opening", {"name": step.arguments["account"]})
        if isinstance(step.value, Missing):
            self._lacks((_of_record(name, step.value), step.type))
            return
        place = (
            {}
            if step.data is None or not self.lines
            else {"file": file_of(step.data), "line": step.data.line}
        )
        key = "data.item_at" if place else "data.item"
        shown = self.words.say(key, name=name, value=step.arguments["value"], **place)
        self.given[shown] = None

    def _lacks(self, argument: Argument) -> None:
        if isinstance(argument, tuple) and argument and isinstance(argument[0], Missing):
            missing = argument[0]
            self.lacking = missing if self.lacking is None else self.lacking | missing

    def _data(self) -> list[str]:
        """What all rests on: the facts with their places, and those that are not given."""
        found = []
        if self.given:
            shown = self.listed(self._first(list(self.given)))
            found.append(sentence(self.words.say("data", items=shown)))
        if self.lacking is not None and self.lacking.facts:
            found.append(sentence(self.words.lacking(self.lacking)))
        return found


def _topic(step: out.Explanation) -> str:
    how = step.how.removeprefix(PREFIX)
    if how == "opening" and step.steps:
        return how
    return _TOPICS.get(how) or _TOPICS.get(how.split(".")[0]) or f"{how} {id(step)}"


def _of_record(name: Argument, missing: Missing) -> Missing:
    """What a record's fact lacks: that fact of the record, also where no other record has it."""
    match name:
        case Said("fact.of", {"fact": Word(fact), "record": str(record)}):
            return Missing(((fact, record),))
        case _:
            return missing


def _behind(step: out.Explanation) -> Iterable[out.Explanation]:
    """The steps behind a step; what limits an item is told with it, and what is behind that below."""
    for one in step.steps:
        if one.how.removeprefix(PREFIX) in LIMITS:
            yield from one.steps
        else:
            yield one
