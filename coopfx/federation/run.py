"""A federation's run: plan, buckets on an engine, tables; taken up again where it was interrupted.

The order of the steps, each of which leaves a state that the next call finds on the disk: the plan
(``plan.json``, written when all buckets are ready), a result a bucket, the tables in a folder of
their own, then each table in its place and ``summary.json`` last.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from os.path import relpath
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
from attrs import frozen

from coopfx.desk.policy import nearest_beside, open_policy
from coopfx.desk.speaking import names_of_all
from coopfx.federation import array_files, inputs
from coopfx.federation.bucket import DONE, RESULT, TASK, work
from coopfx.federation.compared import Sector
from coopfx.federation.layouts import EVERY, layouts
from coopfx.federation.left import (
    BEFORE,
    PLAN,
    SEAL,
    SUMMARY,
    WORK,
    kept,
    may_be_ours,
    plan_of,
    seal_of,
    sealed,
)
from coopfx.federation.scenarios import of_bucket, read_scenarios
from coopfx.federation.statutes import (
    Statutes,
    compile_all,
    constants_of,
    paths,
    schemas_of,
    tell_nothing,
)
from coopfx.federation.summary import Summary
from coopfx.federation.table_columns import written
from coopfx.ground.code import fingerprint
from coopfx.ground.exact import decimals_of
from coopfx.ground.report import Report
from coopfx.ground.tables import Block, Decimals, Layout, Texts
from coopfx.ground.words import nearest
from coopfx.plugged.hookspecs import Engine, TableFormat
from coopfx.plugged.world import World

BLOCK = 65_536
GROUP = 16_384
"""How many rows the writers are given at a time."""

Progress = Callable[[str, int, int], None]


@frozen(slots=True)
class Asked:
    """What a run is asked for."""

    source: Path
    output: Path
    engine: Engine
    form: TableFormat
    workers: int = 1
    block: int = BLOCK
    resume: bool = False
    year: str = ""
    language: str = ""


def run(
    asked: Asked, world: World, report: Report, progress: Progress = lambda step, done, of: None
) -> dict[str, Any] | None:
    """Run a federation's year; the summary, or None, and told, where nothing can be run.

    ``progress`` is told the step, how much of it is done and how much there is.
    """
    if not asked.source.is_dir():
        report.tell("P901", None, path=str(asked.source), nearest=nearest_beside(asked.source))
        return None
    if not _may_write(asked.output, report):
        return None
    tables = inputs.has_tables(asked.source, world)
    statutes = compile_all(paths(asked.source), world, report) if tables else None
    if report.failed:
        return None
    if tables and (statutes is None or not statutes.versions):
        report.tell("P971", None, path=str(asked.source))
        return None
    folders = [] if tables else policies_in(asked.source, report)
    if not tables and not folders:
        tell_nothing(asked.source, report)
        return None
    key = _key(asked, tables, statutes, folders, world, progress)
    finished = kept(asked.output, key, report) if asked.resume else None
    if finished is not None:
        return finished
    room = asked.output / WORK
    plan = plan_of(room, key, asked.block, report) if asked.resume else None
    if plan is None:
        plan = _prepare(asked, room, key, statutes, folders, world, report, progress)
        if plan is None:
            return None
    tasks = [room / name for name in plan["tasks"]]
    waiting = [str(task.resolve()) for task in tasks if not (task / DONE).is_file()]
    done = len(tasks) - len(waiting)
    progress("evaluate", done, len(tasks))
    for _ in asked.engine.run(work, waiting, asked.workers):
        done += 1
        progress("evaluate", done, len(tasks))
    if statutes is None:
        opened = [open_policy(one, Report()) for one in folders]
        policies = [one for one in opened if one is not None]
    else:
        policies = list(statutes.policies.values())
    languages = {one.language for one in policies}
    said = {
        "language": languages.pop() if len(languages) == 1 else None,
        "names": names_of_all(policies),
    }
    return _finish(asked, room, Summary(key, said), tasks, plan, progress)


def _may_write(output: Path, report: Report) -> bool:
    """Whether a folder is new, empty, or of an earlier run; told (P914) where it is none of these."""
    if output.is_dir():
        ours = (output / WORK).is_dir() or sealed(output / SUMMARY) is not None
        ours = ours or ((output / SUMMARY).is_file() and all(map(may_be_ours, output.iterdir())))
        if not ours and any(output.iterdir()):
            report.tell("P914", None, path=str(output))
            return False
    try:
        (output / WORK).mkdir(parents=True, exist_ok=True)
    except OSError:
        report.tell("P915", None, path=str(output))
        return False
    return True


def policies_in(folder: Path, report: Report) -> list[Path]:
    """The policy folders of a folder, by name."""
    return sorted(
        one
        for one in folder.iterdir()
        if one.is_dir() and any(one.glob("statute*.coop")) and open_policy(one, Report())
    )


def _key(
    asked: Asked,
    tables: bool,
    statutes: Statutes | None,
    folders: list[Path],
    world: World,
    progress: Progress,
) -> str:
    """What the outcome depends on: inputs, texts, the code."""
    total = hashlib.sha256()
    said = [fingerprint(), asked.year, asked.language, asked.form.name]
    said += [f"{one.name} {one.version}" for one in world.plugins]
    if statutes is not None:
        at = {relpath(path, asked.source): one for path, one in statutes.hashes().items()}
        said += [f"{Path(path).as_posix()} {hashed}" for path, hashed in at.items()]
    total.update("\0".join(said).encode())
    files = [one for one in asked.source.iterdir() if one.is_file()] if tables else []
    files += [one for folder in folders for one in folder.rglob("*") if one.is_file()]
    files = [one for one in files if not one.name.startswith(".")]
    for number, path in enumerate(sorted(files)):
        progress("read", number, len(files))
        with path.open("rb") as file:
            name = path.relative_to(asked.source).as_posix()
            total.update(name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


# ---- the plan


def _prepare(
    asked: Asked,
    room: Path,
    key: str,
    statutes: Statutes | None,
    folders: list[Path],
    world: World,
    report: Report,
    progress: Progress,
) -> dict[str, Any] | None:
    """The buckets of a run, each a folder with its task; None, and told, where the tables are amiss."""
    (room / PLAN).unlink(missing_ok=True)
    rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    files: dict[str, str] = {}
    if statutes is None:
        names = [one.name for one in folders]
        buckets = [folders[at : at + COOPERATIVES] for at in range(0, len(names), COOPERATIVES)]
        tasks: list[dict[str, Any]] = [
            {
                "kind": "policies",
                "policies": {one.name: str(one.resolve()) for one in bucket},
                "year": asked.year,
                "language": asked.language,
                "decimals": 3,
            }
            for bucket in buckets
        ]
        decimals = 3 if _thirds(asked, folders) else 2
        for task in tasks:
            task["decimals"] = decimals
        homes = _homes(room, len(tasks))
    else:
        decimals = max([2, *(decimals_of(one.program.currency) for one in statutes.all())])
        made = _spread(asked, room, statutes, world, report, progress)
        if made is None:
            return None
        tasks, homes, files = made
        for task in tasks:
            task["decimals"] = decimals
    for home, task in zip(homes, tasks, strict=True):
        said = json.dumps(task, ensure_ascii=False)
        files[f"{home.name}/{TASK}"] = array_files.write_text(home / TASK, said)
        array_files.sync(home)
    plan: dict[str, Any] = {
        "key": key,
        "block": asked.block,
        "tasks": [home.name for home in homes],
        "decimals": decimals,
        "scenarios": any("scenarios" in task for task in tasks),
        "files": files,
    }
    array_files.sync(room)
    array_files.write_text(room / PLAN, json.dumps(plan | {SEAL: seal_of(plan)}))
    array_files.sync(room)
    return plan


COOPERATIVES = 64
"""How many policy folders one task has: each has a statute of its own to compile."""


def _thirds(asked: Asked, folders: list[Path]) -> bool:
    """Whether any statute's currency has thousandths."""
    del asked
    for folder in folders:
        for path in folder.glob("statute*.coop"):
            for word in path.read_text("utf-8", errors="replace").split():
                if len(word) == 3 and word.isupper() and decimals_of(word) > 2:
                    return True
    return False


def _homes(room: Path, size: int) -> list[Path]:
    homes = [room / f"bucket-{number:06}" for number in range(size)]
    for home in homes:
        home.mkdir()
    return homes


def _spread(
    asked: Asked,
    room: Path,
    statutes: Statutes,
    world: World,
    report: Report,
    progress: Progress,
) -> tuple[list[dict[str, Any]], list[Path], dict[str, str]] | None:
    """The rows of the tables put into buckets, the task of each, and the hashes of all their files."""
    read = _headers(asked.source, statutes, world, report)
    if read is None:
        return None
    found, headers = read
    counting = inputs.Counting(report)
    for number, table in enumerate(found):
        progress("count", number, len(found))
        counting.count(table, headers[table.record], asked.block)
    scenarios = read_scenarios(asked.source, statutes, world, counting.rows, asked.block, report)
    if report.failed:
        return None
    buckets = inputs.cut(counting.rows, asked.block)
    homes = _homes(room, len(buckets))
    bucket_of = {name: at for at, bucket in enumerate(buckets) for name in bucket}
    spreading = inputs.Spreading(homes, bucket_of, 4 * asked.block)
    for number, table in enumerate(found):
        progress("sort", number, len(found))
        spreading.spread(table, headers[table.record], asked.block, report)
    tasks = [_task(bucket, statutes, found, headers, asked.language) for bucket in buckets]
    for bucket, task in zip(buckets, tasks, strict=True):
        if scenarios:
            task["scenarios"] = of_bucket(scenarios, bucket)
    return None if report.errors() else (tasks, homes, spreading.digests)


ROWS_OF_ONE = 8_192
"""How many rows are read at a time where one cooperative is looked for."""


def spread_one(
    source: Path, room: Path, name: str, statutes: Statutes, world: World, report: Report
) -> dict[str, Any] | None:
    """The rows of one cooperative put into a folder, and their task; None, and told, where none is."""
    read = _headers(source, statutes, world, report)
    if read is None:
        return None
    found, headers = read
    counting = inputs.Counting(report)
    for table in found:
        if not table.record or headers[table.record].written:
            counting.count(table, headers[table.record], BLOCK)
    if name not in counting.rows:
        report.tell("P975", None, found=name[:60], nearest=nearest(name, counting.rows))
    if report.failed:
        return None
    spreading = inputs.Spreading([room], {name: 0}, 4 * BLOCK)
    for table in found:
        spreading.spread(table, headers[table.record], ROWS_OF_ONE, report, only=name)
    return _task([name], statutes, found, headers, "")


def _headers(
    source: Path, statutes: Statutes, world: World, report: Report
) -> tuple[list[inputs.Found], dict[str, inputs.Header]] | None:
    """The tables of a folder with what their columns stand for; None, and told, where any is amiss."""
    records = tuple(dict.fromkeys(name for one in statutes.all() for name in one.program.records))
    found = inputs.tables_in(source, world, records, report)
    words = inputs.languages_of(statutes, world)
    schemas, constants = schemas_of(statutes), constants_of(statutes)
    headers = {}
    for table in found:
        first = next(table.form.read(table.path, None, 1, report), None)
        if first is not None:
            headers[table.record] = inputs.header_of(
                table, first, schemas, constants, words, report
            )
    return None if report.failed else (found, headers)


def _task(
    bucket: list[str],
    statutes: Statutes,
    found: list[inputs.Found],
    headers: dict[str, inputs.Header],
    language: str,
) -> dict[str, Any]:
    return {
        "kind": "tables",
        "cooperatives": bucket,
        "statutes": {
            name: str(policy.path.resolve()) for name, policy in statutes.policies.items()
        },
        "hashes": {str(Path(path).resolve()): one for path, one in statutes.hashes().items()},
        "headers": {
            record: {"keys": one.keys, "meanings": one.meanings, "signs": sorted(one.signs)}
            for record, one in headers.items()
        },
        "files": {table.record: table.path.name for table in found},
        "language": language,
        "default": statutes.all()[0].file.language,
    }


# ---- the tables


def _finish(
    asked: Asked,
    room: Path,
    summary: Summary,
    tasks: list[Path],
    plan: dict[str, Any],
    progress: Progress,
) -> dict[str, Any]:
    """The tables out of the buckets' results, then the summary, then nothing else is left."""
    made = room / "tables"
    rmtree(made, ignore_errors=True)
    made.mkdir()
    if plan["scenarios"]:
        summary.sector = Sector(plan["decimals"])
    kinds = layouts(plan["decimals"], scenarios=plan["scenarios"])
    for number, (name, layout) in enumerate(kinds.items()):
        progress("write", number, len(kinds))
        blocks = summary.watching(name, _blocks(tasks, layout))
        asked.form.write(made / f"{name}{asked.form.suffix}", layout, _evenly(blocks, layout))
    files = {path.name: array_files.sync_file(path) for path in sorted(made.iterdir())}
    array_files.sync(made)
    if (asked.output / SUMMARY).is_file():
        (asked.output / SUMMARY).replace(room / BEFORE)
    for name in _of_before(room):
        (asked.output / name).unlink(missing_ok=True)
    for name in files:
        (made / name).replace(asked.output / name)
    array_files.sync(asked.output)
    told = summary.told(asked.form.name, files)
    told |= {SEAL: seal_of(told)}
    array_files.write_text(
        asked.output / SUMMARY, json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    )
    array_files.sync(asked.output)
    (room / PLAN).unlink(missing_ok=True)
    rmtree(room, ignore_errors=True)
    return told


def _of_before(room: Path) -> list[str]:
    """The tables that an earlier run has written, and nothing that anybody else has put beside them."""
    before = sealed(room / BEFORE)
    names = [] if before is None else list(before["files"])
    return [name for name in names if name.partition(".")[0] in EVERY and Path(name).name == name]


def _blocks(tasks: list[Path], layout: Layout) -> Iterator[Block]:
    """One table's rows, bucket after bucket."""
    for task in tasks:
        arrays = array_files.load(task / RESULT, f"{layout.name}/")
        columns = written(arrays, layout.name, layout.columns, layout.decimals)
        first = next(iter(columns.values()))
        size = len(first.values if isinstance(first, Texts) else first.numerators)
        yield Block(dict(columns), size)


def _evenly(blocks: Iterator[Block], layout: Layout) -> Iterator[Block]:
    """The same rows in blocks of a fixed size, so that the cut of the buckets leaves no trace."""
    waiting: list[Block] = []
    rows = 0
    for block in blocks:
        waiting.append(block)
        rows += block.rows
        while rows >= GROUP:
            whole = _joined(waiting, layout)
            yield whole.part(0, GROUP)
            waiting = [whole.part(GROUP, rows)]
            rows -= GROUP
    if rows:
        yield _joined(waiting, layout)


def _joined(blocks: list[Block], layout: Layout) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    columns: dict[str, Decimals | Texts] = {}
    for name in layout.columns:
        own = [block.columns[name] for block in blocks]
        if isinstance(own[0], Texts):
            columns[name] = Texts(
                np.concatenate(
                    [np.asarray(one.values, object) for one in own if isinstance(one, Texts)]
                )
            )
        else:
            decimals = [one for one in own if isinstance(one, Decimals)]
            columns[name] = Decimals(
                np.concatenate([np.asarray(one.numerators) for one in decimals]),
                decimals[0].scale,
                np.concatenate([np.asarray(one.missing) for one in decimals]),
            )
    return Block(columns, sum(block.rows for block in blocks))
