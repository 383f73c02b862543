"""What an earlier run has left on the disk, and whether it can be relied on: sealed files, and hashes."""

import hashlib
import json
from pathlib import Path
from shutil import rmtree
from typing import Any

from coopfx.federation import array_files
from coopfx.federation.bucket import DONE, RESULT
from coopfx.federation.layouts import EVERY
from coopfx.ground.report import Report

WORK, PLAN, SUMMARY, BEFORE = ".run", "plan.json", "summary.json", "before.json"
SEAL = "sha256"


def kept(output: Path, key: str, report: Report) -> dict[str, Any] | None:
    """The summary of a finished run of the same, where it is all there; told (P978) where it is not."""
    summary = sealed(output / SUMMARY)
    if summary is None:
        if (output / SUMMARY).is_file():
            _tell_damaged(output, [SUMMARY], report)
        return None
    if summary.get("inputs_sha256") != key:
        return None
    damaged = array_files.damaged(output, summary["files"])
    if damaged:
        _tell_damaged(output, damaged, report)
        return None
    rmtree(output / WORK, ignore_errors=True)
    return summary


def plan_of(room: Path, key: str, block: int, report: Report) -> dict[str, Any] | None:
    """The plan that is gone on with; None where there is none of the same run, or it cannot be relied on.

    A result that is not as it was written is worked out again; a damaged plan, or rows of a bucket
    that is still to be worked out, have all made anew. Either is told (P978).
    """
    plan = sealed(room / PLAN)
    if plan is None:
        if (room / PLAN).is_file():
            _tell_damaged(room, [PLAN], report)
        return None
    if (plan["key"], plan["block"]) != (key, block):
        return None
    results = [name for name in plan["tasks"] if not _is_done(room / name)]
    told = [f"{name}/{RESULT}" for name in results if (room / name / DONE).is_file()]
    again = set(results)
    rows = {
        name: digest for name, digest in plan["files"].items() if name.partition("/")[0] in again
    }
    damaged = array_files.damaged(room, rows)
    if told or damaged:
        _tell_damaged(room, [*damaged, *told], report)
    if damaged:
        return None
    for name in results:
        (room / name / DONE).unlink(missing_ok=True)
    return plan


def _is_done(task: Path) -> bool:
    """Whether a bucket has its result, as it was written."""
    try:
        digest = (task / DONE).read_text("ascii")
    except (OSError, ValueError):
        return False
    return not array_files.damaged(task, {RESULT: digest})


def _tell_damaged(folder: Path, names: list[str], report: Report) -> None:
    report.tell("P978", None, path=str(folder / names[0]), count=len(names))


def sealed(path: Path) -> dict[str, Any] | None:
    """What a file of ours says; None where it is none, or not as it was written."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get(SEAL) != seal_of(found):
        return None
    return found


def seal_of(content: dict[str, Any]) -> str:
    """The hash of all that a file says beside it."""
    own = {name: value for name, value in content.items() if name != SEAL}
    return hashlib.sha256(json.dumps(own, ensure_ascii=False).encode()).hexdigest()


def may_be_ours(path: Path) -> bool:
    """Whether a file is called as those of a run are: what is left where a summary is damaged."""
    return path.name in (SUMMARY, "report.html") or path.name.partition(".")[0] in EVERY
