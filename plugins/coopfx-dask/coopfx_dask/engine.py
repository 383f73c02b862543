"""Buckets as tasks of Dask: a task is a path, and what it returns is the same path."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence

from distributed import Client, LocalCluster, as_completed

ADDRESS = "COOPFX_DASK_SCHEDULER"


def run(work: Callable[[str], None], tasks: Sequence[str], workers: int) -> Iterator[str]:
    """Run each task, and yield its path when it is done; see coopfx.hookspecs.Engine.

    A worker that dies is started again by its nanny, and its task is given out once more.
    """
    address = os.environ.get(ADDRESS)
    if address:
        with Client(address) as client:
            yield from _on(client, work, tasks)
        return
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield from _on(client, work, tasks)


def _on(client: Client, work: Callable[[str], None], tasks: Sequence[str]) -> Iterator[str]:
    waiting = {client.submit(work, task, pure=False, retries=2): task for task in tasks}
    for future in as_completed(list(waiting)):
        future.result()
        yield waiting[future]
