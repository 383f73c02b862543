"""How much memory the process may have, so that nothing heavy is loaded where there is no room for it."""

from importlib.util import find_spec
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")


def allowed() -> float:
    """How many bytes of memory the process may have by its ``ulimit`` and its control group.

    >>> allowed() > 0
    True
    """
    limits = [float("inf")]
    if find_spec("resource") is not None:  # Windows has none.
        import resource

        own = [resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
        limits += [one for one in own if one != resource.RLIM_INFINITY]
    try:
        groups = _OWN_GROUPS.read_text().splitlines()
    except OSError:
        groups = []
    for _, kinds, own_path in (line.split(":", 2) for line in groups):
        if not kinds:
            limits += _limit(_CGROUPS / own_path.lstrip("/") / "memory.max")
        elif kinds == "memory":
            limits += _limit(_CGROUPS / kinds / own_path.lstrip("/") / "memory.limit_in_bytes")
    return min(limits)


def _limit(path: Path) -> list[int]:
    try:
        text = path.read_text().strip()
    except OSError:
        return []
    return [int(text)] if text.isdigit() else []
