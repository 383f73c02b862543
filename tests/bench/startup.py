"""The start of a process, against the bare import of its libraries; what a held policy is asked again."""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measure import Comparison, Contender

REPOSITORY = Path(__file__).parents[2]
IMPORTS = "import lark, pluggy, attrs, click"
POLICY = "policies/alma"


def comparisons() -> list[Comparison]:
    """Whole commands on a policy of four languages, unchanged and after an edit of one; what-ifs."""
    return [
        Comparison(
            peer=process("the imports", sys.executable, "-c", IMPORTS),
            products=(
                (coopfx("check", "--fast", POLICY), 1.5),
                (coopfx("run", POLICY), 2.5),
                (edited("check", "--fast"), 2.5),
                (edited("run"), 4.0),
            ),
        ),
        *held(),
    ]


def edited(*command: str) -> Contender:
    """A command on a policy one of whose texts has been edited since the last time."""
    folder = Path(tempfile.mkdtemp()) / "alma"
    shutil.copytree(REPOSITORY / POLICY, folder)
    made = coopfx(*command, str(folder))
    edit = _editing(folder / "statute.fr.coop")

    def start() -> object:
        edit()
        return made.run()

    start()
    return Contender(f"coopfx {' '.join(command)}, one text edited", start)


def _editing(path: Path) -> Callable[[], str]:
    """Write a text anew with one more remark at its end, and return it."""
    text, number = path.read_text("utf-8"), itertools.count(1)

    def edit() -> str:
        made = f"{text}\n# {next(number)} {os.getpid()}\n"
        path.write_text(made, "utf-8")
        return made

    return edit


def held() -> list[Comparison]:
    """What is asked of a policy that is held open: an edited text, and a what-if to its outcome."""
    from coopfx.desk.compiling import compile_source
    from coopfx.desk.policy import open_policy
    from coopfx.desk.workspace import Workspace
    from coopfx.ground.report import Report
    from coopfx.pipeline import evaluate_year
    from coopfx.plugged.world import load_world

    report = Report()
    world = load_world(report)
    policy = open_policy(REPOSITORY / POLICY, report, suffixes=world.readers)
    assert policy is not None
    workspace = Workspace(policy, world)
    file = next(one for one in policy.statutes if one.language == "fr")
    source = workspace.text(file, report)
    year = workspace.scenario({file.path: source.text if source else ""}).year(None, report)
    assert source is not None and year is not None and not report.failed
    numbers = itertools.count(1)

    def texts() -> dict[Path, str]:
        return {file.path: f"{source.text}\n# {next(numbers)}\n"}

    def compiled() -> object:
        return compile_source(source, file, policy, world, Report())

    def evaluated() -> object:
        compiled()
        return evaluate_year(year.statute, year.facts, year.folder, world, Report())

    def recheck() -> object:
        return workspace.with_unsaved(texts()).statutes(Report())

    def what_if() -> object:
        return workspace.scenario(texts()).year(year.folder, Report())

    return [
        Comparison(
            Contender("one language compiled", compiled),
            ((Contender("one language of four edited, checked again", recheck), 1.3),),
        ),
        Comparison(
            Contender("compiled and evaluated, 180 people", evaluated),
            ((Contender("what if, from text to outcome", what_if), 1.5),),
        ),
    ]


def coopfx(*arguments: str) -> Contender:
    """The installed command, as a user starts it."""
    command = Path(sys.executable).with_name("coopfx")
    return process(f"coopfx {' '.join(arguments)}", str(command), *arguments)


def process(name: str, *command: str) -> Contender:
    """A contender that starts a process and waits for its end; a failure ends the benchmark."""
    # A user's Python keeps its compiled modules, whatever this one was told.
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    start = partial(
        subprocess.run, command, cwd=REPOSITORY, env=environment, capture_output=True, check=True
    )
    return Contender(name, start)
