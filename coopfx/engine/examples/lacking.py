"""What an example does not give and would have to, for what it expects: all of it at once, and how to
write it."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import Factory, define, evolve

from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Kind, Missing, currency_of
from coopfx.ground.figure import PREVIOUS, Figure, opening_of
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.language import ir


@define(slots=True)
class Lacking:
    """The facts that are wanting: the cooperative's own, each with its node, and those of each sort of
    record, with those who lack one; of nobody where all of them do."""

    own: dict[str, ir.Input | ir.Balance | ir.Decision] = Factory(dict)
    tables: dict[str, dict[str, dict[str, None]]] = Factory(dict)


def lacking(run: Run, roots: Iterable[int]) -> Lacking:
    """All that is missing for some nodes of an example: what is behind them, where a value is not known.

    Of a choice whose condition is known, only the side that is taken is looked at.
    """
    pending, seen = list(roots), set[int]()
    while pending:
        index = pending.pop()
        if index in seen or _is_settled(run, index):
            continue
        seen.add(index)
        node = run.program.nodes[index]
        if isinstance(node, ir.Op) and node.operation == "if":
            condition, then, otherwise = node.arguments
            holds = run.values.get(condition)
            if isinstance(holds, bool):
                pending.append(then if holds else otherwise)
                continue
        pending += ir.inner(node)
    found = Lacking()
    for index in sorted(seen):
        node = run.program.nodes[index]
        match node:
            case ir.Input(record=None):
                found.own[node.key] = node
            case ir.Balance(is_given=True):
                found.own[opening_of(node.account)] = node
            case ir.Decision():
                found.own[node.name] = node
            case ir.Input() | ir.Link() | ir.Group(record=str()):
                _of_records(run, index, node, found)
            case _:
                pass
    return found


def _is_settled(run: Run, index: int) -> bool:
    """Whether all is known of a node's value, of every record that has one."""
    value, node = run.values.get(index, Missing(())), run.program.nodes[index]
    if node.record is not None and node.record not in run.facts.tables:
        return False
    return not any(
        isinstance(one, Missing) for one in (value if isinstance(value, list) else [value])
    )


def _of_records(run: Run, index: int, node: ir.Input | ir.Link | ir.Group, found: Lacking) -> None:
    """Take in a fact of records that is wanting, or that the records are."""
    assert node.record is not None
    facts = found.tables.setdefault(node.record, {})
    if isinstance(node, ir.Group):
        return
    column, ids = run.values.get(index), run.ids(node.record)
    values = column if isinstance(column, list) else []
    absent = [one for one, value in zip(ids, values, strict=False) if isinstance(value, Missing)]
    name = node.key if isinstance(node, ir.Input) else node.name
    facts[name] = {} if len(absent) == len(ids) else dict.fromkeys(absent)


def named(wanted: Lacking) -> tuple[Argument, ...]:
    """What is wanting, by its names."""
    found = [_name(node) for node in wanted.own.values()]
    for record, facts in wanted.tables.items():
        if not facts:
            found.append(Word(record))
        for name, whose in facts.items():
            each = Said("formula.received", {"name": Word(name), "record": Word(record)})
            own = [Said("fact.of", {"fact": Word(name), "record": one}) for one in whose]
            found += own or [each]
    return tuple(found)


def advice(run: Run, example: ir.Example, wanted: Lacking) -> Argument:
    """The lines that give an example what it wants: one for each figure, a table's first for each sort of
    record, with the columns that it has already. Empty where no line gives it."""
    found: list[Argument] = [
        Said("example.given", {"name": _name(node), "value": _sample(run, node)})
        for node in wanted.own.values()
        if not (isinstance(node, ir.Input) and node.figure.day)  # no example gives that
    ]
    given = {table.record: table for table in example.tables}
    for record, facts in wanted.tables.items():
        columns = given[record].columns if record in given else ()
        own = [name or run.program.names.get(index, "") for name, index, _ in columns]
        row: Argument = Word(record)
        for name in dict.fromkeys((*own, *facts)):
            row = Said("example.beside", {"left": row, "right": Word(name)})
        found.append(Said("example.table", {"row": row}))
    how = "example.advice_table" if wanted.tables else "example.advice"
    return Said(how, {"lines": tuple(found)}) if found else ""


def _name(node: ir.Input | ir.Balance | ir.Decision) -> Argument:
    """A figure as an example gives it."""
    match node:
        case ir.Balance():
            return Said("formula.opening", {"name": Word(node.account)})
        case ir.Decision():
            return Word(node.name)
        case ir.Input():
            return _figure(node.figure)


def _figure(figure: Figure) -> Argument:
    if figure.day is not None:
        return Said("formula.at", {"name": _figure(evolve(figure, period=None)), "day": figure.day})
    if figure.before == PREVIOUS:
        return Said("example.previous", {"name": _figure(figure.inner)})
    key = f"formula.{figure.side}"
    return Said(key, {"name": Word(figure.name)}) if figure.side else Word(figure.name)


def _sample(run: Run, node: ir.Input | ir.Balance | ir.Decision) -> Argument:
    """A value that may stand for a figure, as a text of the language writes it."""
    type_ = node.type
    match type_.kind:
        case Kind.YES_NO:
            return True
        case Kind.DATE:
            return run.program.in_force.isoformat()
        case Kind.QUANTITY:
            pass
        case _:
            return '"…"'
    if currency_of(type_.unit) and len(type_.unit) == 1:
        return f"1 000 {currency_of(type_.unit)}"
    if isinstance(node, ir.Decision):
        lowest = run.values.get(node.low)
        least = lowest if isinstance(lowest, Fraction) else Fraction(1)
        return Percent(least) if node.low in run.program.percents else (least, type_)
    low, high = (node.low, node.high) if isinstance(node, ir.Input) else (None, None)
    if high == 1:
        return Percent(high)
    if high is not None and high < 10:
        return str(high)
    return str(low if low is not None and low > 10 else 10)
