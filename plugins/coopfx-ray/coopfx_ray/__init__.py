"""Ray for coopfx: the buckets of a federation on its workers."""

from collections.abc import Callable, Iterator, Sequence

from coopfx.plugged.hookspecs import Engine, hookimpl


@hookimpl
def coopfx_engines() -> list[Engine]:
    """Ray, on this machine or on the cluster that ``RAY_ADDRESS`` names."""
    return [Engine("ray", _run, contract=2)]


def _run(work: Callable[[str], None], tasks: Sequence[str], workers: int) -> Iterator[str]:
    from coopfx_ray import engine

    return engine.run(work, tasks, workers)
