"""The common workload as the columns engine takes it: columns to facts, then one sweep in blocks."""

from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.engine.columns import Batch, Records, Swept, sweep_blocks
from coopfx.engine.columns.values import Array, Column, Truths, constant, numbers
from coopfx.ground.report import Report
from coopfx.language import ir
from coopfx.plugged.world import load_world

STATUTE = Path(__file__).with_name("workload.en.coop")
# The constants of the statute that are columns here, and the workload's names and scales for them.
CONSTANTS = {
    Fraction(61, 100): ("bp_work", 10_000),
    Fraction(11, 100): ("bp_cap", 10_000),
    Fraction(16, 100): ("bp_legal", 10_000),
    Fraction(17, 100): ("bp_team", 10_000),
    Fraction(4): ("sen_min", 1),
    Fraction(26, 10): ("ratio100", 100),
    Fraction(43_000): ("smic2", 100),
}
ACCOUNTS = {
    "work": "work_share",
    "cap": "share_interest",
    "reserves": "reserves",
    "pooled": "common_investment",
}
RULES = (
    "enough_work",
    "interest_within_reserves",
    "interest_within_work",
    "legal_within_reserves",
    "pay_ratio",
    "pay_floor",
)


def compile_workload() -> ir.Program:
    """The workload's statute, compiled."""
    report = Report()
    file = StatuteFile(STATUTE, "", "en")
    policy = Policy(STATUTE, "en", {}, (file,))
    statute = pipeline.compile_statute(file, policy, load_world(report), report)
    if statute is None:
        raise SystemExit([(item.code, item.arguments) for item in report.diagnostics])
    return statute.program


def prep(data: Any) -> Batch:
    """The statute compiled, and the workload's arrays as columns of facts."""
    started = perf_counter()
    program = compile_workload()
    print(f"# compiled in {(perf_counter() - started) * 1e3:.0f} ms", flush=True)
    return batch(program, data)


def batch(program: ir.Program, data: Any) -> Batch:
    """The workload's arrays as columns of facts."""

    def own(value: Any) -> Column:
        if value in CONSTANTS and CONSTANTS[value][0] != "sen_min":
            name, scale = CONSTANTS[value]
            return numbers(getattr(data, name), scale)
        return constant(value) if isinstance(value, Fraction) else Truths(np.array([value]))

    months = next(
        node.index
        for node in program.nodes
        if isinstance(node, ir.Slot) and node.type.unit == (("month", 1),)
    )
    constants = [own(value) for value in program.constants]
    constants[months] = numbers(data.sen_min, 1)
    people: dict[str, Column] = {
        "salary": numbers(data.sal, 100),
        "hours": numbers(data.hrs, 100),
        "seniority": numbers(data.sen, 1),
        "shares_held": numbers(data.shares, 100),
    }
    capital = numbers(data.highcap, 100)
    return Batch(
        program,
        data.C,
        tuple(constants),
        {},
        {
            "surplus": numbers(data.S, 100),
            "highest_share_capital": capital,
            # By which the highest is bounded; the workload's capital has never fallen.
            "share_capital": capital,
        },
        _openings(program, data),
        {
            "person": Records(data.off, people),
            "team": Records(data.toff, {"result": numbers(data.tres, 100)}),
        },
    )


def _openings(program: ir.Program, data: Any) -> dict[str, Column]:
    openings: dict[str, Column] = dict.fromkeys(program.accounts, constant(Fraction(0)))
    openings["reserves.legal"] = numbers(data.reserve, 100)
    return openings


def run(made: Batch) -> list[dict[str, Array]]:
    """The whole year of every cooperative, block by block."""
    return [shown(swept) for swept in sweep_blocks(made)]


def shown(swept: Swept) -> dict[str, Array]:
    """What the workload asks for, of one block."""
    program = swept.batch.program
    size = swept.batch.size

    def cents(node: int) -> Array:
        column = swept.numbers(node)
        assert column.denominator == 100 and column.state is None
        return np.broadcast_to(column.numerators, len(column) if len(column) > 1 else size)

    verdict = np.zeros(size, np.int64)
    for place, rule in enumerate(program.rules):
        assert rule.name == RULES[place]
        verdict |= swept.truths(rule.condition).values.astype(np.int64) << place
    work, interest = (cents(clause.node) for clause in program.shares)
    added = {name: cents(program.accounts[one].added) for name, one in ACCOUNTS.items()}
    return {
        **added,
        "legal": cents(program.figures["legal_reserve_due"]),
        "verdict": verdict,
        "work_i": work,
        "cap_i": interest,
        "back": cents(program.pools[0].node),
    }


def out(raw: list[dict[str, Array]], data: Any = None) -> dict[str, Array]:
    """The blocks' answers, one after the other."""
    return {key: np.concatenate([block[key] for block in raw]) for key in raw[0]}
