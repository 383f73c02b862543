"""Buckets as tasks of Ray: a task is a path, and what it returns is the same path."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence

import ray


def run(work: Callable[[str], None], tasks: Sequence[str], workers: int) -> Iterator[str]:
    """Run each task, and yield its path when it is done; see coopfx.hookspecs.Engine.

    A task whose worker dies is given to another one.
    """
    if os.environ.get("RAY_ADDRESS"):
        ray.init(logging_level=logging.CRITICAL, log_to_driver=False)
    else:
        ray.init(
            num_cpus=workers,
            include_dashboard=False,
            logging_level=logging.CRITICAL,
            log_to_driver=False,
        )
    try:
        bucket = ray.remote(num_cpus=1, max_retries=3)(_path_of(work))
        waiting = {bucket.remote(task): task for task in tasks}
        while waiting:
            done, _ = ray.wait(list(waiting))
            for one in done:
                ray.get(one)
                yield waiting.pop(one)
    finally:
        ray.shutdown()


def _path_of(work: Callable[[str], None]) -> Callable[[str], str]:
    def bucket(task: str) -> str:
        work(task)
        return task

    return bucket
