"""Two explanations of one figure beside each other: the steps that are otherwise, down to the data."""

from collections.abc import Iterable, Sequence

from coopfx.engine.outcome import Explanation, Moved

_NAMING = ("name", "account", "rule", "figure", "right", "record")


def moved(before: Explanation, after: Explanation) -> Moved | None:
    """The steps of an explanation that another has otherwise; None where the two say the same."""
    steps = tuple(_steps(before.steps, after.steps))
    if not steps and _said(before) == _said(after):
        return None
    return Moved(before, after, steps)


def _steps(before: Sequence[Explanation], after: Sequence[Explanation]) -> Iterable[Moved]:
    left = list(before)
    for step in after:
        other = next((one for one in left if _about(one) == _about(step)), None)
        if other is None:
            yield Moved(None, step)
            continue
        left.remove(other)
        found = None if _is_judged_alike(other, step) else moved(other, step)
        if found is not None:
            yield found
    for step in left:
        yield Moved(step, None)


def _about(step: Explanation) -> object:
    """What a step is about, whatever it comes to: its sort, and the names that it speaks of."""
    # A right may be rounded up in one and down in the other, an item be filled up in one alone.
    sort = ".".join(step.how.split(".")[:2]).split("_")[0]
    return sort, *(repr(step.arguments.get(key)) for key in _NAMING)


def _is_judged_alike(before: Explanation, after: Explanation) -> bool:
    """Whether both are a rule that follows from the figure, and is decided alike."""
    status = (one.arguments.get("status") for one in (before, after))
    return before.how.startswith("explain.rule") and len(set(map(repr, status))) == 1


def _said(step: Explanation) -> object:
    return step.how, step.arguments, step.value
