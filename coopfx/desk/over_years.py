"""A year's indicators put together with those of the years before it, and what is to be told of that."""

from collections.abc import Sequence
from pathlib import Path

from coopfx.engine.outcome import Outcome
from coopfx.engine.series import Year, never_called, with_series
from coopfx.ground.report import Report
from coopfx.ground.words import nearest


def put_together(
    outcome: Outcome, earlier: Sequence[tuple[Path, Year | None]], report: Report
) -> Outcome:
    """A year whose indicators have their series; ``earlier`` years by their folders, the oldest first.

    Told are those that cannot be read (P965), and former labels that none has (P966).
    """
    before = []
    for folder, year in earlier:
        if year is None:
            report.tell("P965", None, path=str(folder))
        else:
            before.append(year)
    whole = with_series(outcome, before)
    known = [one.label for _, indicators in before for one in indicators]
    for indicator, label in never_called(whole, before):
        near = nearest(label, known)
        report.tell("P966", None, name=label, indicator=indicator.label, nearest=near)
    return whole
