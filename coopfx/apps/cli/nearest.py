"""``coopfx prove --nearest``: each change is applied to the text, and proved, before it is shown."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from time import monotonic

import click
from attrs import define, evolve

from coopfx import pipeline
from coopfx.apps.cli.common import Session
from coopfx.apps.cli.progress import AFTER
from coopfx.apps.cli.proving import proofs_of
from coopfx.desk.policy import Policy
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import NOT_APPLIED, LawfulChange, Proof
from coopfx.formats.changes import with_changes
from coopfx.ground.report import Report
from coopfx.language import ir

_EVERY = 0.5
"""So many seconds pass before anything is shown anew."""


def lawful_changes(
    session: Session,
    policy: Policy,
    statute: Statute,
    proofs: Sequence[Proof],
    last: date | None,
    milliseconds: int | None,
) -> tuple[LawfulChange, ...]:
    """The changes of a statute's figures that were proved to leave the least to be mended."""
    from coopfx.engine.proof.nearest import Search

    def compiled(text: str) -> ir.Program | None:
        source = evolve(statute.source, text=text)
        other = pipeline.compile_source(source, statute.file, policy, session.world, Report())
        return None if other is None else other.program

    def proved(change: LawfulChange) -> LawfulChange | None:
        """A change with what remains; None where what it makes is refused, or worse than before."""
        program = compiled(with_changes(statute.source.text, change.changes, statute.words))
        if program is None:
            return None
        made = proofs_of(program, last, milliseconds)
        remaining = [one for one in (*made.rules, *made.clauses) if _open(one)]
        before = {one.rule for one in proofs if _open(one)}
        after = {one.rule for one in remaining}
        return evolve(change, remaining=tuple(remaining)) if after < before else None

    with _shown(session) as tick:
        text = statute.source.text
        search = Search(statute.program, proofs, text, compiled, last, milliseconds, tick)
        found = [one for change in search.nearest() if (one := proved(change)) is not None]
    least = min((len(one.remaining) for one in found), default=0)
    return tuple(one for one in found if len(one.remaining) == least)


def _open(proof: Proof) -> bool:
    return proof.is_obligation and not proof.holds and proof.verdict != NOT_APPLIED


@define(slots=True)
class _Counter:
    """How many places were tried, on one line of a terminal that is written over."""

    sentence: str
    width: int = 0
    count: int = 0
    next: float = 0.0

    def tick(self) -> None:
        self.count += 1
        if monotonic() >= self.next:
            self.next = monotonic() + _EVERY
            self.show(self.sentence.format(count=self.count))

    def show(self, text: str) -> None:
        click.echo("\r" + text.ljust(self.width), nl=False, err=True)
        self.width = len(text)


@contextmanager
def _shown(session: Session) -> Iterator[Callable[[], None]]:
    """What is called at each place that is tried: it tells on a terminal how far the search is."""
    if session.form != "text" or not sys.stderr.isatty():
        yield lambda: None
        return
    sentence = session.words.phrases["proof.nearest.trying"]
    counter = _Counter(sentence, next=monotonic() + AFTER)
    try:
        yield counter.tick
    finally:
        if counter.width:
            counter.show("")
            click.echo("\r", nl=False, err=True)
