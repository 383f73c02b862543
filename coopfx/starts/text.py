"""Answers, written as a statute: the articles that they decide, and examples of what comes out of them.

The pieces are the model's, in its language. What an example expects is worked out on the statute itself,
before all is written in the reader's language.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from attrs import Factory, frozen

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.desk.versions import Statute
from coopfx.engine.examples.run import expectations, run_example
from coopfx.formats.questions import Asked
from coopfx.ground.exact import Known, decimal_text, decimals_of, signs_of
from coopfx.ground.report import Report
from coopfx.ground.source import EXTENSION, Source
from coopfx.ground.words import Words
from coopfx.language import ir
from coopfx.plugged.world import World
from coopfx.starts.model import ENGLISH, Start
from coopfx.starts.rates import Rate, RateError, written
from coopfx.starts.table import (
    COMES,
    CURRENCY,
    NEXT,
    PLACE,
    SAID,
    Block,
    Table,
    TableError,
    holds,
    keys_in,
)

_QUOTES = re.compile(r"[\"“”„«»]")
_FIRST_NUMBER = re.compile(r"\d+")
_TO_COME = re.compile(r"\{\?\}")


@frozen(slots=True)
class Decided:
    """What a cooperative has decided: its name, from which day its statute is in force, its answers.

    ``answers`` holds what is asked of it, answered or by default; ``given`` are the keys of what it has
    answered itself.
    """

    name: str
    since: date
    answers: Mapping[str, Known]
    given: frozenset[str] = Factory(frozenset)


@frozen(slots=True)
class Writer:
    """Who writes the statute of one cooperative, for one reader."""

    start: Start
    decided: Decided
    words: Words
    world: World

    @property
    def policy(self) -> Policy:
        """The policy as it will be: its language, and the names of its clauses in each."""
        names = {name: dict(forms) for name, forms in self.start.names.items()}
        return Policy(Path(), self.words.language, names, ())

    def statute(self, report: Report) -> str | None:
        """The statute in the reader's language; None, and told, where the pieces do not make one."""
        draft = self._draft(report)
        if draft is None:
            return None
        own = Source("model", draft, self.start.language)
        return self._in(own, self.words.language, report)

    def compiled(self, text: str, language: str, report: Report) -> Statute | None:
        """A text of this statute as a program; None, and told, where it has a mistake."""
        path = Path(f"statute.{language}{EXTENSION}")
        source = Source(path.name, text, language)
        file = StatuteFile(path, "", language)
        return pipeline.compile_source(source, file, self.policy, self.world, report)

    def bare(self) -> ir.Program | None:
        """The model as it stands, with nothing decided."""
        found = self.compiled(self._heading(), ENGLISH, Report())
        return None if found is None else found.program

    def _draft(self, report: Report) -> str | None:
        """The statute in the model's language, with what comes out of its examples."""
        start, language = self.start, self.start.language
        heading = self._in(Source("heading", self._heading(), ENGLISH), language, report)
        added = "\n\n".join(self._blocks(start.common, start.common.articles, ENGLISH))
        with_added = Source("added", f"{self._heading()}\n{added}\n", ENGLISH)
        more = self._in(with_added, language, report)
        if heading is None or more is None:
            return None
        own = list(self._blocks(start.table, start.table.articles, language))
        examples = list(self._blocks(start.table, start.table.examples, language))
        more = more.removeprefix(heading.rstrip("\n")).strip("\n")
        parts = [heading.rstrip("\n"), *own, *([more] if more else []), *examples]
        return self._worked_out("\n\n".join(parts) + "\n", report)

    def _heading(self) -> str:
        laws = f" under {', '.join(self.start.laws)}" if self.start.laws else ""
        return (
            f'statute "{_QUOTES.sub("’", self.decided.name)}"{laws}\n'
            f"based on {self.start.name}\n"
            f"currency {self.start.currency}\n"
            f"in force from {self.decided.since.isoformat()}\n"
        )

    def _in(self, source: Source, language: str, report: Report) -> str | None:
        if source.language == language:
            return pipeline.format_source(source, self.world, report)
        return pipeline.translate_source(source, language, self.policy, self.world, report)

    def _blocks(self, table: Table, blocks: Iterable[Block], language: str) -> Iterator[str]:
        """The articles, or the examples, that are written."""
        kinds = {one.key: one.kind for one in table.questions}
        decimal = self.world.words(language).numbers["decimal"]
        number = max(map(_number, self.start.numbers), default=0)
        for block in blocks:
            asks = block.asks
            is_open = asks and not asks & self.decided.given
            if not holds(block.when, self.decided.answers) or (is_open and not _is_shown(block)):
                continue
            parts = (one for one in block.parts if holds(one.when, self.decided.answers))
            text = "\n".join(one.text.strip("\n") for one in parts)
            if not set(keys_in(text)) <= self.decided.answers.keys():
                continue  # what has neither an answer nor a default is left as the model says it
            number += f"{{{NEXT}}}" in text
            following = str(number)

            def put(found: re.Match[str], following: str = following) -> str:
                return self._put(found[1], following, kinds, decimal)

            yield PLACE.sub(put, text)

    def _put(self, place: str, following: str, kinds: Mapping[str, Asked], decimal: str) -> str:
        """What stands in a place of a piece."""
        if place == COMES:
            return f"{{{COMES}}}"
        if place == NEXT:
            return following
        if place == CURRENCY:
            return self.start.currency
        if place.startswith(SAID):
            key = place.removeprefix(SAID)
            sentence = self.start.say(f"said.{key}", self.words)
            if not sentence:
                raise TableError("unsaid", name=place)
            return _QUOTES.sub("’", " ".join(sentence.split()))
        kind, answer = kinds.get(place), self.decided.answers.get(place)
        if kind is not None and kind is not Asked.PERCENTAGE:
            return self._plain(kind, answer, decimal)
        try:
            return written(Rate.of(place).value(self.decided.answers), decimal)
        except RateError as error:
            raise TableError("rate", found=place[:60]) from error

    def _plain(self, kind: Asked, answer: Known | None, decimal: str) -> str:
        if isinstance(answer, Fraction):
            text = decimal_text(answer).replace(".", decimal)
            return f"{text} {self.start.currency}" if kind is Asked.AMOUNT else text
        if isinstance(answer, date):
            return answer.isoformat()
        return _QUOTES.sub("’", str(answer))

    def _worked_out(self, draft: str, report: Report) -> str | None:
        """A draft in which each example says what comes out of it."""
        nothing = f"0 {self.start.currency}"
        program = self.compiled(_TO_COME.sub(nothing, draft), self.start.language, report)
        if program is None:
            return None
        lines = draft.split("\n")
        for example in program.program.examples:
            for one in expectations(run_example(program.program, example), example):
                at, came = one.span.line - 1, one.left
                if isinstance(came, Fraction) and one.relation == "equal":
                    lines[at] = _TO_COME.sub(self._amount(came, draft), lines[at])
        text = "\n".join(lines)
        left = _TO_COME.search(text)
        if left is not None:
            line = lines[text.count("\n", 0, left.start())].strip()
            raise TableError("no_amount", line=line)
        return text

    def _amount(self, amount: Fraction, beside: str) -> str:
        """An amount as a text writes it, with the sign of the currency where the text has it ``beside``."""
        currency = self.start.currency
        decimals = None if amount.denominator == 1 else decimals_of(currency)
        whole, _, part = decimal_text(amount, decimals).partition(".")
        grouped = f"{int(whole):,}".replace(",", " ") if whole.strip("-") else whole
        grouped = f"-{grouped}" if whole.startswith("-0") else grouped
        decimal = self.world.words(self.start.language).numbers["decimal"]
        sign = next((one for one in signs_of(currency) if one in beside), currency)
        return f"{grouped}{decimal + part if part else ''} {sign}"


def _number(article: str) -> int:
    found = _FIRST_NUMBER.match(article)
    return int(found[0]) if found else 0


def _is_shown(block: Block) -> bool:
    """Whether a block is an example: it shows what holds, decided or by default."""
    return any(_TO_COME.search(part.text) for part in block.parts)
