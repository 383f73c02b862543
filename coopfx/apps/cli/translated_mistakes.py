"""The examples of `grammars/diagnostics/` in another language: the same mistakes, in its own words.

What can be read is translated as any text is; what cannot, word by word. An example of which another
mistake would then be told stays as it is.
"""

import re

from attrs import evolve

from coopfx.apps.cli.mistakes import Example, State
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language.lines import read_lines
from coopfx.language.translate import translate, word_by_word

_TOLD = re.compile(r"^\w+ ([A-Z]\d{3}) ", re.MULTILINE)


def translated(example: Example, words: Words, english: Words) -> Example:
    """An example in another language; as it stands where it would then show another mistake."""
    wrong = _state(example.wrong, words, english)
    told = [_TOLD.findall(one.answer(words.language)) for one in (example.wrong, wrong)]
    if told[0] != told[1]:
        return example
    mended = None if example.mended is None else _state(example.mended, words, english)
    if mended is not None and _TOLD.findall(mended.answer(words.language)):
        return example
    return Example(wrong, mended)


def _state(state: State, words: Words, english: Words) -> State:
    own = f".{words.language}.coop"
    files = {
        name.replace(".en.coop", own): _text(text, words, english)
        if name.endswith(".en.coop")
        else text
        for name, text in state.files.items()
    }
    return evolve(state, files=files, command=state.command.replace(".en.coop", own))


def _text(text: str, words: Words, english: Words) -> str:
    source = Source("statute.en.coop", text, "en")
    read = read_lines(source, english, Report())
    made = None
    if read is not None:
        made = translate(source, read, english, words, words, Report())
    return (word_by_word(source, english, words) if made is None else made).rstrip("\n")
