"""What a statute needs to be given, and which of its clauses and laws read each figure."""

from collections.abc import Iterable

from attrs import frozen

from coopfx.extending import ir
from coopfx.ground.facts import Field, Schema
from coopfx.ground.figure import figure_of, opening_of
from coopfx.ground.words import Words


@frozen(slots=True)
class Needs:
    """The facts of each sort of record (None: the cooperative's), decisions and accounts to be given.

    ``readers`` gives each fact, by its record and name, and each account the clauses that read it.
    """

    facts: dict[str | None, tuple[Field, ...]]
    decisions: tuple[Field, ...]
    accounts: tuple[str, ...]
    readers: dict[tuple[str | None, str], tuple[str, ...]]


def needs_of(program: ir.Program, schema: Schema, words: Words, *, first_year: bool) -> Needs:
    """What is to be given for a year; figures of earlier years only in the ``first_year`` of a policy."""
    readers: dict[tuple[str | None, str], dict[str, None]] = {}
    openings = {
        nodes.opening: name for name, nodes in program.accounts.items() if nodes.record is None
    }
    links: set[tuple[str | None, str]] = set()
    for said, roots in _clauses(program, words):
        for index in ir.cone(program.nodes, roots):
            node = program.nodes[index]
            if isinstance(node, ir.Link):
                links.add((node.record, node.name))
            if isinstance(node, ir.Input):
                readers.setdefault((node.record, node.key), {})[said] = None
            elif index in openings:
                readers.setdefault((None, openings[index]), {})[said] = None
    # What only a figure rests on that no clause reads is asked for too: the year shows the figure.
    for name, root in program.figures.items():
        for index in ir.cone(program.nodes, [root]) if name in program.origins else ():
            node = program.nodes[index]
            if isinstance(node, ir.Input) and (node.record, node.key) not in readers:
                said = _placed(program.origins[name], words.label(name), words)
                readers[node.record, node.key] = {said: None}
    fed = {name for name, nodes in program.accounts.items() if _is_fed(program, nodes)}
    opened = {opening_of(name) for name in fed if program.accounts[name].record is not None}
    facts: dict[str | None, tuple[Field, ...]] = {}
    for record in (None, *schema.records):
        found = tuple(
            item
            for item in schema.fields
            if item.record == record
            and (
                (record, item.name) in readers
                or item.name in opened
                or (record, item.name) in links
            )
            and (first_year or figure_of(item.name).period is None)
        )
        if found:
            facts[record] = found
    linked = {item.type.record for items in facts.values() for item in items if item.type.record}
    for record in linked - set(facts):
        facts[record] = ()
    own = [name for name in schema.accounts if not _branches(name, schema.accounts)]
    asked = {name for name in own if (None, name) in readers or name in fed}
    # An account's balance is that of all its branches: with one of them, the others are asked for.
    families = {name.rpartition(".")[0] for name in asked} - {""}
    accounts = tuple(name for name in own if name in asked or name.rpartition(".")[0] in families)
    return Needs(
        facts, schema.decisions, accounts, {key: tuple(said) for key, said in readers.items()}
    )


def _branches(name: str, accounts: Iterable[str]) -> bool:
    return any(other.startswith(f"{name}.") for other in accounts)


def _is_fed(program: ir.Program, nodes: ir.AccountNodes) -> bool:
    added = ir.cone(program.nodes, [nodes.added])
    return any(isinstance(program.nodes[index], ir.Part | ir.Paid | ir.Pooled) for index in added)


def _clauses(program: ir.Program, words: Words) -> Iterable[tuple[str, list[int]]]:
    """Each clause as its readers know it, and the nodes that it is read off."""
    clauses: tuple[ir.AllocateClause | ir.ShareClause | ir.PoolClause, ...]
    clauses = (*program.allocations, *program.shares, *program.pools)
    for clause in clauses:
        yield _placed(clause.origin, "", words), [clause.node]
    for rule in program.rules:
        if rule.set_aside:
            continue
        title = words.phrases.get(f"rule.{rule.name}") or words.label(rule.name)
        yield _placed(rule.origin, title, words), list(rule.nodes(program))
    for indicator in program.indicators:
        roots = (indicator.value, indicator.target, indicator.met)
        yield indicator.label, [node for node in roots if node is not None]


def _placed(origin: ir.Origin, title: str, words: Words) -> str:
    article = words.phrase("report.article", article=origin.article) if origin.article else ""
    where = " ".join(part for part in (origin.law or "", article) if part)
    return ": ".join(part for part in (where, title or origin.title) if part)
