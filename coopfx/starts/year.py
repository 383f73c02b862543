"""A first year to be filled in: the figures that sharing out rests on, each with what it is."""

from coopfx.desk.versions import Statute
from coopfx.desk.years import schema_of
from coopfx.formats.cells import file_of
from coopfx.ground.facts import Field
from coopfx.ground.words import Words
from coopfx.language import ir
from coopfx.starts.text import Decided

_LEAST = 26


def year_text(statute: Statute, decided: Decided, closing: str, words: Words) -> str:
    """The cooperative's own file of a year, in which every figure is still to be written.

    Only what the statute shares out by is listed: what the rules of laws want besides, ``coopfx explain
    --missing`` says. A figure that stays out is not known, and is no zero.
    """
    program = statute.program
    schema = schema_of(program)
    clauses = (program.allocations, program.shares, program.pools)
    roots = [one.node for same in clauses for one in same]
    rested = [program.nodes[index] for index in ir.cone(program.nodes, roots)]
    wanted = {(one.record, one.key) for one in rested if isinstance(one, ir.Input)}
    opened = {one.account for one in rested if isinstance(one, ir.Balance) and one.is_given}
    decisions = [one for one in rested if isinstance(one, ir.Decision)]
    own = [one for one in schema.fields if one.record is None and (None, one.name) in wanted]
    accounts = [name for name in schema.accounts if name in opened]
    fields = {one.name: one for one in schema.decisions}
    lines = [*_remark(words.phrase("new.year.how")), f"closing = {closing}"]
    lines.append(f"name = {_quoted(decided.name)}")
    lines += ["", *(_asked(words.word(one.name), words.type_name(one.type)) for one in own)]
    if accounts:
        lines += ["", "[balances]", *_remark(words.phrase("new.year.balances"))]
        lines += [_asked(words.word(one), words.label(one)) for one in accounts]
    if decisions:
        lines += ["", "[decisions]", *_remark(words.phrase("new.year.decisions"))]
        lines += [
            _asked(words.word(one.name), _decided(one, fields[one.name], program, words))
            for one in decisions
        ]
    for record in schema.records:
        columns = [
            words.word(one.name)
            for one in schema.fields
            if one.record == record and (record, one.name) in wanted
        ]
        if columns:
            said = words.phrase("new.year.records", file=file_of(record), sort=words.label(record))
            lines += ["", *_remark(said), f"#   {';'.join(['id', *columns])}"]
    return "\n".join(lines) + "\n"


def _asked(name: str, said: str) -> str:
    """A figure that is not written yet."""
    key = name if name.replace("_", "").isascii() and name.replace("_", "").isalnum() else None
    shown = f'# {key or _quoted(name)} = ""'
    return f"{shown:<{_LEAST}}  # {said}"


def _decided(node: ir.Decision, field: Field, program: ir.Program, words: Words) -> str:
    """What is decided, with the bounds that the text alone says."""
    if node.low not in program.percents:
        return words.type_name(field.type)
    bounds = {"low": field.low, "high": field.high}
    said = [words.phrase("ask.percentage")]
    said += [
        words.phrase(f"domain.{side}", **{side: words.percent(bound, 6)})
        for side, bound in bounds.items()
        if bound is not None
    ]
    return ", ".join(said)


def _remark(text: str) -> list[str]:
    return [f"# {line}" for line in text.split("\n")]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
