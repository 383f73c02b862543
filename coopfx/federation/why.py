"""One cooperative of a federation, evaluated by the reference, and compared with the tables of a run."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve

from coopfx import pipeline
from coopfx.desk.policy import Policy, nearest_beside, open_policy
from coopfx.desk.years import Year
from coopfx.federation import inputs
from coopfx.federation.reference_rows import UNTOLD, rows_of
from coopfx.federation.run import ROWS_OF_ONE, spread_one
from coopfx.federation.statutes import compile_all, paths
from coopfx.federation.years import TableYears
from coopfx.ground.report import Report
from coopfx.ground.tables import Decimals
from coopfx.ground.words import nearest
from coopfx.plugged.hookspecs import TableFormat
from coopfx.plugged.world import World


def year_of(
    source: Path, cooperative: str, year: str, world: World, report: Report
) -> tuple[Policy, Year] | None:
    """A cooperative's year by the reference; None, and told, where there is none or it has a mistake."""
    if not source.is_dir():
        report.tell("P901", None, path=str(source), nearest=nearest_beside(source))
        return None
    if inputs.has_tables(source, world):
        return _of_tables(source, cooperative, world, report)
    folder = source / cooperative
    names = [one.name for one in source.iterdir() if one.is_dir()]
    if cooperative not in names:
        report.tell("P975", None, found=cooperative[:60], nearest=nearest(cooperative, names))
        return None
    policy = open_policy(folder, report)
    if policy is None:
        return None
    data = Path(year) if year else None
    evaluated = pipeline.evaluate_policy(policy, data, world, report)
    return None if evaluated is None else (policy, evaluated)


def _of_tables(
    source: Path, cooperative: str, world: World, report: Report
) -> tuple[Policy, Year] | None:
    statutes = compile_all(paths(source), world, report)
    if statutes is None or not statutes.versions:
        return None
    with TemporaryDirectory(prefix="coopfx-") as room:
        task = spread_one(source, Path(room), cooperative, statutes, world, report)
        if task is None:
            return None
        years = TableYears(Path(room), task, statutes, world)
        read = years.read(0, report)
    if read is None:
        return None
    statute, program, facts = read
    policy = next(
        statutes.policies[name]
        for name, versions in statutes.versions.items()
        if statute in versions.values()
    )
    own = evolve(statute, program=program)
    return policy, pipeline.evaluate_year(own, facts, source, world, report)


def differences(
    output: Path, form: TableFormat, cooperative: str, year: Year, report: Report
) -> tuple[int, list[tuple[str, str, Any, Any]]]:
    """How many cells of a run's tables were compared, and those that differ from the reference's."""
    compared = 0
    wrong: list[tuple[str, str, Any, Any]] = []
    for table, expected in rows_of(year.outcome, cooperative).items():
        path = output / f"{table}{form.suffix}"
        if table in ("diagnostics",):
            continue
        if not path.is_file():
            report.tell("P976", None, path=str(path))
            return compared, []
        untold = UNTOLD.get(table, ())
        found = _rows(path, form, cooperative, year.facts.closing.isoformat(), report)
        if len(found) != len(expected):
            wrong.append((table, "", len(expected), len(found)))
        for left, right in zip(expected, found, strict=False):
            for name, value in left.items():
                if name in untold:
                    continue
                compared += 1
                other = right[name]
                if _plain(value) != _plain(other):
                    wrong.append((table, name, _plain(value), _plain(other)))
    return compared, wrong


def _rows(
    path: Path, form: TableFormat, cooperative: str, closing: str, report: Report
) -> list[dict[str, Any]]:
    found = []
    sought = ("cooperative", cooperative)
    for _, block in inputs.of_one(form, path, None, sought, ROWS_OF_ONE, report):
        names = inputs.texts_of(block, "cooperative")
        rows = [place for place, name in enumerate(names) if name == cooperative]
        columns = {}
        for name, column in block.columns.items():
            if isinstance(column, Decimals):
                absent = column.missing
                columns[name] = [
                    None if absent is not None and absent[row] else int(column.numerators[row])
                    for row in rows
                ]
            else:
                columns[name] = [column.values[row] or None for row in rows]
        found += [
            dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
        ]
    return [row for row in found if row["closing"] == closing]


def _plain(value: Any) -> str:
    """A cell as CSV writes it too: whole numbers and amounts without their point."""
    if value is None:
        return ""
    text = str(value).removeprefix("'")
    number = text.replace(".", "", 1)
    return number.lstrip("0") or "0" if number.removeprefix("-").isdigit() else text
