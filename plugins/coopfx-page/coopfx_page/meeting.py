"""What the meeting tries: scenarios beside a year, by group, as a paper, and in the years that follow."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from coopfx.engine.outcome import Compared, Scenario
from coopfx.extending import (
    ComparedFor,
    Wanted,
    Workspace,
    World,
    Year,
    comparison_data,
    grouping,
    make_scenario,
    project_year,
    projection_data,
    read_assumptions,
    schema_of,
    sentence,
    try_scenario,
    words_for,
)
from coopfx.ground.exact import Kind
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words

MOST_YEARS = 50
_GROUPING = (Kind.TEXT, Kind.LINK, Kind.YES_NO)


@frozen
class Meeting:
    """A year of a policy, and whoever looks at it."""

    held: Workspace
    year: Year
    words: Words
    world: World
    report: Report

    def groups(self) -> list[dict[str, str]]:
        """What people may be grouped by: texts, links, yes and no that the year's data say of them."""
        table = self.year.facts.tables.get("person")
        columns = table.columns if table is not None else {}
        found = [
            item.key
            for item in self.year.statute.program.inputs
            if item.record == "person" and item.type.kind in _GROUPING and item.key in columns
        ]
        return [
            {"name": self.words.word(one), "label": self.words.label(one)}
            for one in dict.fromkeys(found)
        ]

    def compared(self, scenarios: Sequence[Mapping[str, Any]], by: str) -> dict[str, Any]:
        """Scenarios beside the year, in a sentence and in figures, nobody named; nothing, and told, where
        one cannot be tried."""
        made = self._tried(scenarios, by)
        if made is None:
            return {}
        tried, asked = made
        return {
            "said": [sentence(one, asked, self.words) for one in tried],
            "compared": comparison_data(tried, asked, self.words, self.report),
        }

    def paper(self, scenarios: Sequence[Mapping[str, Any]], by: str) -> dict[str, Any]:
        """The meeting's paper of the scenarios, under ``page``."""
        made = self._tried(scenarios, by)
        writer = self.world.comparisons.get("html")
        if made is None or writer is None:
            return {}
        tried, asked = made
        compared = Compared(
            tuple(tried), asked.tolerance, by, asked.groups, {}, True, False, self.report
        )
        try:
            return {"page": writer.write(compared, self.words)}
        except Exception as error:
            self.world.tell_failure(writer, error, self.report)
            return {}

    def ahead(
        self, scenarios: Sequence[Mapping[str, Any]], assumed: str, years: int
    ) -> dict[str, Any]:
        """The years that follow, as it is and in each scenario, under what is assumed line by line."""
        lines = [Source("assume", assumed, self.words.language)] if assumed.strip() else []
        schema = schema_of(self.year.statute.program)
        ways = read_assumptions(lines, schema, self._languages(), self.report)
        if self.report.failed or not ways:
            return {}
        starts = [("", self.held, self.year)]
        for one in scenarios:
            made = make_scenario(self.held, self.year, _changes(one), self.report)
            if made is None:
                return {}
            starts.append((str(one["name"]), *made))
        found = []
        for name, held, year in starts:
            for way in ways:
                projected = project_year(
                    held, year, name, way, min(max(years, 1), MOST_YEARS), self.report
                )
                if projected is None:
                    return {}
                found.append(projected.projection)
        return {"ahead": projection_data(found, self.words, self.report)}

    def _tried(
        self, scenarios: Sequence[Mapping[str, Any]], by: str
    ) -> tuple[list[Scenario], ComparedFor] | None:
        groups = grouping(self.year, by, self._languages(), self.report) if by else {}
        tried = []
        for one in scenarios:
            made = try_scenario(self.held, self.year, str(one["name"]), _changes(one), self.report)
            if made is not None:
                tried.append(made.scenario)
        if groups is None or len(tried) < len(scenarios):
            return None
        return tried, ComparedFor(by=by, groups=groups, anonymous=True)

    def _languages(self) -> list[Words]:
        laws, policy = self.year.statute.program.laws, self.held.policy
        others = sorted(self.world.languages)
        return [self.words, *(words_for(self.world, one, laws, policy) for one in others)]


def _changes(scenario: Mapping[str, Any]) -> list[Wanted]:
    return [Wanted(sort, said) for sort, said in scenario["changes"]]
