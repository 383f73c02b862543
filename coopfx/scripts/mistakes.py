"""The one exception of scripts: what a terminal would tell, and the diagnostics themselves."""

from coopfx.formats.terminal import Style, diagnostics
from coopfx.ground.report import Diagnostic, Report, Severity
from coopfx.ground.words import Words


class PolicyError(Exception):
    """What was asked of a policy cannot be answered; printed as the terminal tells it.

    ``diagnostics`` are what was told, errors and remarks, each with its code, its place and arguments.
    """

    def __init__(self, report: Report, words: Words) -> None:
        super().__init__(diagnostics(report, words, Style()).rstrip())
        self.diagnostics: tuple[Diagnostic, ...] = tuple(report.in_order())

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the errors, such as ``N201``, in order of their places."""
        errors = (item for item in self.diagnostics if item.severity is Severity.ERROR)
        return tuple(item.code for item in errors)
