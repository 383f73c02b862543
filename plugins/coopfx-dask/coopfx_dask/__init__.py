"""Dask for coopfx: the buckets of a federation on its workers."""

from collections.abc import Callable, Iterator, Sequence

from coopfx.plugged.hookspecs import Engine, hookimpl


@hookimpl
def coopfx_engines() -> list[Engine]:
    """Dask, on this machine or on the cluster that ``COOPFX_DASK_SCHEDULER`` names."""
    return [Engine("dask", _run, contract=2)]


def _run(work: Callable[[str], None], tasks: Sequence[str], workers: int) -> Iterator[str]:
    from coopfx_dask import engine

    return engine.run(work, tasks, workers)
