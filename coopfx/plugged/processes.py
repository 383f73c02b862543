"""The engine that is always there: processes of this machine, each started afresh."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from threading import Thread, stack_size

TRIES = 3
"""How often a task may lose its worker before the run gives up."""
STACK = 2**20
"""Bytes for each thread that only waits; the usual eight megabytes would count as the run's memory."""


def run(work: Callable[[str], None], tasks: Sequence[str], workers: int) -> Iterator[str]:
    """Run each task, and yield its path when it is done; see hookspecs.Engine.

    A worker that dies takes the whole pool with it, so a new pool takes up what is not done.
    """
    if workers <= 1:
        for task in tasks:
            work(task)
            yield task
        return
    before = stack_size(STACK)
    try:
        yield from _on_pools(work, tasks, workers)
    finally:
        stack_size(before)


def _on_pools(work: Callable[[str], None], tasks: Sequence[str], workers: int) -> Iterator[str]:
    left = dict.fromkeys(tasks, 0)
    while left:
        running: dict[Future[None], str] = {}
        try:
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(workers, context, _end_with_the_run) as pool:
                running = {pool.submit(work, task): task for task in left}
                while running:
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        task = running.pop(future)
                        future.result()
                        del left[task]
                        yield task
        except BrokenProcessPool:
            for task in left:
                left[task] += 1
            if max(left.values()) > TRIES:
                raise


def _end_with_the_run() -> None:
    """A worker waits for tasks at a pipe whose other end it holds too: of itself it would wait for ever.

    Nothing is lost by the sudden end, for a result appears whole or not at all.
    """
    run = multiprocessing.parent_process()
    assert run is not None, "a worker is started by a run"

    def wait() -> None:
        run.join()
        os._exit(1)

    before = stack_size(STACK)
    Thread(target=wait, daemon=True).start()
    stack_size(before)
