"""``coopfx`` alone: where one is, and what comes next. Nothing is written."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from coopfx.apps.cli.common import Session, style_of
from coopfx.apps.cli.replies import ANSWERS
from coopfx.desk.policy import Policy, holds_statute
from coopfx.engine import outcome as out
from coopfx.formats.conclusion import conclusion
from coopfx.formats.terminal import Style, pad, safe, width, wrapped
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import World

_MOST = 8
"""So many cooperatives are listed."""
_WIDEST = 44
"""Beside a command of so many signs, what it does has no room."""
_PLAIN = frozenset("-_.,:+@%/\\")
"""Signs beside letters and digits that mean nothing to a shell."""
_BELOW = ("*", "policies/*")
"""Where cooperatives stand below the folder that one is in."""

Steps = Iterable[tuple[str, str]]
"""Commands that may come next, each with the key of the phrase that says what it does."""


def show() -> None:
    """Say what stands in the folder that one is in, and which commands come next."""
    session, here = Session(None, "text"), Path()
    style = style_of(sys.stdout)
    steps: Steps
    if holds_statute(here):
        lines, steps = _in_policy(session, ".", None, style)
    elif holds_statute(Path("..")):
        lines, steps = _in_policy(session, "..", here.resolve(), style)
    else:
        lines, steps = _outside(session, here)
    click.echo("\n".join(lines))
    show_steps((*steps, ("--help", "help")), session.words, style)
    session.tell()


def show_steps(steps: Steps, words: Words, style: Style) -> None:
    """Print the commands that may come next, each with what it does."""
    rows = [(f"coopfx {command}", key) for command, key in steps]
    room = max(width(command) for command, _ in rows) + 2
    lines = ["", words.phrase("here.next")]
    for command, key in rows:
        if room > _WIDEST:
            lines.append("  " + style.paint(safe(command), "bold"))
            lines += wrapped(words.phrase(f"here.step.{key}"), "      ")
            continue
        first, *more = wrapped(words.phrase(f"here.step.{key}"), " " * (room + 2))
        shown = style.paint(pad(safe(command), room), "bold")
        lines += [f"  {shown}{first.lstrip()}", *more]
    click.echo("\n".join(lines))


def _in_policy(
    session: Session, path: str, year: Path | None, style: Style
) -> tuple[list[str], Steps]:
    """A cooperative's folder, or a ``year`` inside it: what is there, and how it stands."""
    held = session.hold(path)
    if held is None:
        return [session.words.phrase("here.unread")], [(f"check {path}", "check")]
    told = Report()
    statutes = held.versions(told)
    if statutes is None or told.failed:
        lines = _heading(session, held.policy, held.policy.path.resolve().name, (), style)
        lines.append(session.words.counted("here.mistakes", told.errors()))
        return lines, [(f"check {path}", "check")]
    program = max(statutes, key=lambda one: one.term.start).program
    session.speak(held.policy, program.laws)
    inside = year if year in [one.resolve() for one in held.policy.years] else None
    found = held.year(inside, told) if held.policy.years else None
    name = found.outcome.cooperative if found else program.name
    lines = _heading(session, held.policy, name, program.laws, style)
    for item in told.diagnostics:
        if item.code == "P949":
            session.report.add(item)
    asked = path if inside is None else f"{path} {quoted(inside.name)}"
    steps = [(f"new {path}", "decide")] if _is_open(session, held.policy) else []
    if not held.policy.years:
        lines.append(session.words.phrase("here.no_year"))
        return lines, [*steps, (f"check {path}", "check"), *_begun(session.world, path)]
    if found is None:
        lines.append(session.words.counted("here.year_mistakes", told.errors()))
        return lines, [*steps, (f"run {asked}", "mistakes")]
    session.speak(held.policy, program.laws, found.statute.words)
    lines.append(session.words.phrase("here.year", year=found.folder.name))
    for said, colour in conclusion(found.outcome, session.words):
        lines += [style.paint(line, colour) for line in wrapped(said, "  ")]
    shares = [session.words.word(one.source) for one in found.outcome.shares if one.source]
    return lines, [*steps, *_after(session.world, found.outcome, shares, path, asked)]


def _is_open(session: Session, policy: Policy) -> bool:
    """Whether something that the policy was begun by is still to be decided."""
    if not (policy.path / ANSWERS).is_file():
        return False
    from coopfx.starts.decisions import tell_open

    told = Report()
    tell_open(policy.path, session.words, session.world, told)
    return any(item.code == "P958" for item in told.diagnostics)


def _heading(
    session: Session, policy: Policy, name: str, laws: Iterable[str], style: Style
) -> list[str]:
    words = session.words
    files = words.enumeration([one.path.name for one in policy.statutes])
    lines = [style.paint(safe(words.phrase("here.policy", name=name)), "bold")]
    under = words.enumeration(list(laws))
    key = "here.statute.under" if under else "here.statute"
    lines += wrapped(safe(words.phrase(key, files=files, laws=under)))
    years = [one.name for one in policy.years]
    if years:
        shown = words.enumeration(years[-_MOST:])
        lines += wrapped(safe(words.counted("here.years", len(years), years=shown)))
    return lines


def _begun(world: World, path: str) -> Iterator[tuple[str, str]]:
    """How a first year is begun."""
    if "template" in world.commands:
        yield f"template {path}", "template"


def _after(
    world: World, outcome: out.Outcome, shares: list[str], path: str, asked: str
) -> Iterator[tuple[str, str]]:
    """What comes after a year that has been read: what it lacks first."""
    statuses = {item.status for item in outcome.verdicts}
    if out.UNDETERMINED in statuses:
        yield f"explain {asked} --missing", "missing"
    yield f"run {asked}", "run"
    if out.VIOLATED in statuses:
        yield f"prove {path} --nearest", "nearest"
    if shares:
        yield f"explain {asked} {shares[0]}", "explain"
    if "papers" in world.commands and out.UNDETERMINED not in statuses:
        yield f"papers {path} --output papers", "papers"


def _outside(session: Session, here: Path) -> tuple[list[str], Steps]:
    """A folder that is no cooperative's: those that stand below it."""
    found = sorted(
        (one for pattern in _BELOW for one in here.glob(pattern) if holds_statute(one)),
        key=lambda one: one.as_posix(),
    )
    words = session.words
    example = words.phrase("here.example")
    tried = [example, *(f"{example}-{number}" for number in range(2, 100))]
    free = next((one for one in tried if not (here / one).exists()), example)
    begin = f"new {free}", "new"
    if not found:
        return [words.phrase("here.nothing")], [begin]
    names = [one.as_posix() for one in found]
    shown = words.enumeration(names[:_MOST])
    if len(names) > _MOST:
        said = words.phrase("here.below.more", count=len(names), names=shown)
    else:
        said = words.counted("here.below", len(names), names=shown)
    first = quoted(names[0])
    return wrapped(safe(said)), [(f"run {first}", "run"), (f"check {first}", "check"), begin]


def quoted(name: str) -> str:
    """A name as it is typed after a command, where a space or an apostrophe would end or open a word."""
    return name if all(sign.isalnum() or sign in _PLAIN for sign in name) else f'"{name}"'
