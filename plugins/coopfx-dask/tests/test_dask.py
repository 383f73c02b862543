"""Started for real with two workers, one of which is killed in mid-run: nothing is lost or doubled."""

import os
import signal
from pathlib import Path

import pytest

from coopfx_dask import engine


class Mortal:
    """Work that leaves a file for each task; the first worker to take up the third one dies of it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, task: str) -> None:
        if Path(task).name == "task-2":
            try:
                os.close(os.open(f"{self.folder}/killed", os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        Path(task).write_text("done", encoding="utf-8")


@pytest.mark.engines
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    tasks = [str(tmp_path / f"task-{number}") for number in range(6)]
    done = list(engine.run(Mortal(str(tmp_path)), tasks, 2))
    assert sorted(done) == tasks
    assert (tmp_path / "killed").exists()
    assert all(Path(task).read_text("utf-8") == "done" for task in tasks)


@pytest.mark.engines
@pytest.mark.filterwarnings("ignore")
def test_what_a_task_raises_is_raised(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no room left"):
        list(engine.run(_fail, [str(tmp_path)], 1))


def _fail(task: str) -> None:
    raise ValueError("no room left")
