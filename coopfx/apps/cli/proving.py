"""What ``prove`` and ``check --prove`` share: the versions to be proved, and proofs that are kept.

A proof depends on the program alone, which holds the statute and its laws: it is kept for that program,
the version of the solver and the time allowed, where it is not so much work as is the same anywhere.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from itertools import zip_longest
from typing import Any

import click
from attrs import frozen

from coopfx.apps.cli.common import Session
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import Proof
from coopfx.ground import kept
from coopfx.language import ir

Shown = Callable[[Iterable[Proof], int], Iterable[Proof]]
"""Shows how far proofs are while they are made."""


@frozen(slots=True)
class Proofs:
    """The proofs of a program: of its rules, and of what its clauses must do."""

    rules: tuple[Proof, ...]
    clauses: tuple[Proof, ...]


def time_limit(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says how long an obligation may take."""
    return click.option(
        "--time-limit",
        "--timeout",
        "time_limit",
        metavar="MILLISECONDS",
        type=click.IntRange(min=1),
        help="How long an obligation may take, instead of so much work as is the same on any machine.",
    )(command)


def on_terminal(session: Session) -> Shown:
    """Shows on a terminal how far proofs are."""
    hidden = session.form != "text" or not sys.stderr.isatty()

    def shown(found: Iterable[Proof], count: int) -> Iterable[Proof]:
        with click.progressbar(found, length=count, file=sys.stderr, hidden=hidden) as bar:
            yield from bar

    return shown


def versions(statutes: list[Statute]) -> Iterator[tuple[Statute, date | None]]:
    """Each version in order of its first day, in the policy's language, with its last day."""
    first: dict[str, Statute] = {}
    for statute in statutes:
        first.setdefault(statute.file.version, statute)
    ordered = sorted(first.values(), key=lambda item: item.term.start)
    starts = [item.term.start - timedelta(days=1) for item in ordered[1:]]
    for statute, before in zip_longest(ordered, starts):
        ends = [day for day in (statute.term.end, before) if day is not None]
        yield statute, min(ends, default=None)


def proofs_of(
    program: ir.Program, last: date | None, milliseconds: int | None, shown: Shown | None = None
) -> Proofs:
    """The proofs of a program, as they were kept, or made and then kept.

    One that was not decided in a time that was said is made again: the machine may be faster another day.
    """
    asked = version("z3-solver"), str(milliseconds), str(last), repr(program)
    found = kept.recall("proofs", *asked)
    if isinstance(found, Proofs):
        return found
    made = _made(program, last, milliseconds, shown)
    in_time = not any(item.reason == "time" for item in (*made.rules, *made.clauses))
    if milliseconds is None or in_time:
        kept.keep(made, "proofs", *asked)
    return made


def _made(
    program: ir.Program, last: date | None, milliseconds: int | None, shown: Shown | None
) -> Proofs:
    from coopfx.engine.proof.prove import prove, prove_clauses
    from coopfx.engine.symbols import EveryYear

    years = EveryYear(program, last)
    found: Iterable[Proof] = prove(program, last, milliseconds, years)
    rules = tuple(found if shown is None else shown(found, len(program.rules)))
    return Proofs(rules, tuple(prove_clauses(program, list(rules), last, milliseconds, years)))
