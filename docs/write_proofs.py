"""Writes docs/proofs.md: what is proved of every statute that is published with coopfx.

All is worked out anew. Run it after a change of a law or of a statute: `make proofs`. A test holds the
page against what it would write.
"""

from collections.abc import Iterator
from math import ceil
from pathlib import Path
from time import process_time

from attrs import frozen

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile, open_policy
from coopfx.desk.speaking import words_for
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import ALWAYS, NEVER, ON_FACTS, ONLY_IF, REFUTED, Proof
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.engine.symbols import EveryYear
from coopfx.formats.proof import condition_text, figures, label_of
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.plugged.world import World, load_world

DOCS = Path(__file__).parent
POLICIES = DOCS.parent / "policies"
# So long that no machine reaches it: what is not decided is beyond the prover, not its time.
MILLISECONDS = 60_000
BAR = 2
"""So many seconds is what a statute may take, and times are told in whole numbers of it."""
NOTES = {
    "Txirbil": """The rule `third_of_accounts` rests on the balances at opening, not on what the year shares
out: whoever had more than a third of the capital when the year opened has it still when it closes. No line
of the statute could keep it, save one that pays capital back, so the verdict is no fault of its sharing. It
stands among the obligations because the return and the interest add to the same accounts.""",
}
"""What a reader would ask of a statute's proofs, by the statute's name."""
HEAD = """# What is proved of the statutes

Of every statute that is published with coopfx, each obligation, and whether it holds whatever the year
brings: each rule of its laws and of its own that speaks of money that is shared out, and what its clauses
must do. This page is worked out by `make proofs`; [proof.md](proof.md) says what a proof is, and what it
takes for granted. The time is that of a processor for all of a statute's obligations together.
"""


def statutes(world: World) -> Iterator[tuple[str, Statute, Words]]:
    """Every version of every policy, in the policy's own language, and every model."""
    for folder in sorted(POLICIES.iterdir()):
        policy = open_policy(folder, Report())
        if policy is None:
            continue
        seen: set[str] = set()
        for statute in pipeline.check_policy(policy, world, Report()):
            if statute.file.version not in seen:
                seen.add(statute.file.version)
                words = words_for(world, "en", statute.program.laws, policy)
                name = f"{statute.program.name} (`policies/{folder.name}`)"
                yield name, statute, words
    for name, held in sorted(world.models.items()):
        language, path = held.language, Path(held.file)
        policy, source = Policy(path, language, {}, ()), Source(str(path), held.text, language)
        file = StatuteFile(path, "", language)
        compiled = pipeline.compile_source(source, file, policy, world, Report())
        assert compiled is not None, name
        words = words_for(world, "en", compiled.program.laws, policy)
        yield f"The model `{name}`", compiled, words


@frozen
class Proved:
    """A statute, with the proofs of its obligations and the seconds that they took."""

    name: str
    statute: Statute
    words: Words
    obligations: tuple[Proof, ...]
    on_facts: int
    seconds: float

    def count(self, *verdicts: str) -> int:
        """How many obligations have one of some verdicts."""
        return sum(item.verdict in verdicts for item in self.obligations)


def proved(name: str, statute: Statute, words: Words) -> Proved:
    """Prove all obligations of a statute."""
    started = process_time()
    years = EveryYear(statute.program)
    rules = list(prove(statute.program, milliseconds=MILLISECONDS, years=years))
    clauses = prove_clauses(statute.program, rules, milliseconds=MILLISECONDS, years=years)
    found = [item for item in (*rules, *clauses) if item.verdict != ON_FACTS]
    on_facts = sum(item.verdict == ON_FACTS for item in rules)
    return Proved(name, statute, words, tuple(found), on_facts, process_time() - started)


def page(world: World) -> str:
    """The whole page."""
    found = [proved(*item) for item in statutes(world)]
    sections = [line for item in found for line in section(item)]
    return "\n".join([HEAD, *_table(found), *sections])


def _table(found: list[Proved]) -> Iterator[str]:
    """How many obligations each statute has, how many hold, and how long all of them take."""
    yield "| statute | obligations | hold in every year | some year breaks | time |"
    yield "| --- | --- | --- | --- | --- |"
    for item in found:
        held, broken = item.count(ALWAYS), item.count(REFUTED, NEVER, ONLY_IF)
        # Whole bars: a page that is made anew on another machine says the same.
        seconds = BAR * ceil(item.seconds / BAR)
        time = f"under {seconds} seconds"
        yield f"| {item.name} | {len(item.obligations)} | {held} | {broken} | {time} |"
    yield ""


def section(item: Proved) -> Iterator[str]:
    """What is proved of one statute."""
    program = item.statute.program
    laws = ", ".join(f"`{law}`" for law in program.laws)
    yield f"## {item.name}\n"
    yield f"In force from {program.in_force}{f', under {laws}' if laws else ''}.\n"
    yield "| obligation | article | verdict |\n| --- | --- | --- |"
    for one in item.obligations:
        said = _verdict(one, item.statute, item.words)
        yield f"| {label_of(one, item.words)} | {one.article} | {said} |"
    if program.name in NOTES:
        yield f"\n{NOTES[program.name]}"
    yield f"\n{item.on_facts} rules rest on the year's facts.\n"


def _verdict(item: Proof, statute: Statute, words: Words) -> str:
    said = words.phrase(f"proof.verdict.{item.verdict}")
    if item.reason:
        said += f": {words.phrase(f'proof.reason.{item.reason}')}"
    if item.only_if is not None:
        said += f" `{condition_text(item.only_if, statute.words)}`"
    if item.year is not None:
        closing = words.date(item.year.closing)
        said += f". A year that breaks it, closed on {closing}: {figures(item.given, words)}"
    return said


if __name__ == "__main__":
    (DOCS / "proofs.md").write_text(page(load_world(Report())), "utf-8")
