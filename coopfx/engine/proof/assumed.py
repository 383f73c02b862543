"""What a proof takes for granted of the facts: what texts say that they may be, and where they say it."""

from collections.abc import Collection, Iterator

from coopfx.engine.outcome import Assumption
from coopfx.engine.symbols import truths_by_fact
from coopfx.ground.facts import Field
from coopfx.ground.figure import opening_of
from coopfx.ground.report import Said, Word
from coopfx.ground.source import Span
from coopfx.language import ir


def bounded(program: ir.Program, rests: Collection[int]) -> Iterator[Assumption]:
    """What the texts say that facts may be, of those on which a rule rests."""
    nodes = [program.nodes[index] for index in rests]
    keys = {node.key for node in nodes if isinstance(node, ir.Input)}
    fields = [
        (program.field(item), item.key if item.side else item.name) for item in program.inputs
    ]
    for node in nodes:
        if isinstance(node, ir.Balance) and node.is_given and node.low is not None:
            key = opening_of(node.account)
            keys.add(key)
            fields.append((Field(key, node.type, None, node.low), key))
    for item, name in fields:
        domain = item.domain()
        if item.name in keys and domain:
            span = _said_at(program, name)
            yield Assumption("fact", {"name": Word(item.name), "domain": domain}, span)
    told = [one for of in truths_by_fact(program, rests).values() for one in of]
    for truth in program.truths:
        if truth.node in told:
            domain = (_bound_of(program, truth),)
            arguments = {"name": Word(truth.name), "domain": domain}
            yield Assumption("fact", arguments, truth.origin.span)


def _said_at(program: ir.Program, name: str) -> Span | None:
    """Where a text says what a fact may be; of an account's balance, also of one above it."""
    while name not in program.declared and "." in name:
        name = name.rpartition(".")[0]
    origin = program.declared.get(name)
    return None if origin is None else origin.span


def _bound_of(program: ir.Program, truth: ir.Truth) -> Said:
    """The figure that bounds a fact, as a sentence says it."""
    side, bound = program.bound_of(truth)
    return Said(f"domain.{side}", {side: Word(bound.name)})
