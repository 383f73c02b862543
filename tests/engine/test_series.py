"""Indicators over the years of a policy: renamed, counted in another way, not known, not read."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

import coopfx
from coopfx.desk.workspace import Workspace
from coopfx.engine.outcome import IndicatorYear, Outcome
from coopfx.formats.indicators import Figures, progress, remarks
from coopfx.ground.report import Report
from coopfx.ground.words import Words

HEAD = 'statute "Grove"\ncurrency EUR\nin force from {start}\ninput area : number >= 0\n'


def grove(
    folder: Path, texts: Mapping[str, str], years: Mapping[int, Mapping[str, object] | str]
) -> Path:
    """A policy: a statute's clauses by the day from which on they hold, and the figures of each year."""
    for start, clauses in texts.items():
        text = HEAD.format(start=start) + clauses + "\n"
        (folder / f"statute.from{start[:4]}.en.coop").write_text(text, "utf-8")
    for year, figures in years.items():
        own = folder / str(year)
        own.mkdir()
        if not isinstance(figures, str):
            figures = "".join(f"{name} = {value}\n" for name, value in figures.items())
        (own / "cooperative.toml").write_text(f"closing = {year}-12-31\n{figures}", "utf-8")
    return folder


def outcome(folder: Path, *, lasts: bool = False) -> tuple[Outcome, Report]:
    """The latest year of a policy with its series, and what is told."""
    report, world = Report(), coopfx.load_world(Report())
    policy = coopfx.open_policy(folder, report)
    assert policy is not None
    held = Workspace(policy, world, lasts=lasts)
    year = held.year(None, report)
    assert year is not None, report.diagnostics
    return held.over_the_years(year, report), report


def words(language: str = "en") -> Words:
    return coopfx.load_world(Report()).words(language)


def years(one: IndicatorYear) -> list[tuple[int, object, bool, str]]:
    """Of each year of a series, its value, whether it goes on from the one before, how it is broken."""
    found: list[tuple[int, object, bool, str]] = []
    for year in one.series:
        value = year.indicator.value
        known = value if isinstance(value, Fraction) else None
        found.append((year.closing.year, known, year.joined, year.broken))
    return found


def test_a_renamed_indicator_keeps_its_series(tmp_path: Path) -> None:
    texts = {
        "2018-01-01": 'indicator "Garden" = area',
        "2021-01-01": 'indicator "Park" in ecology = area formerly "Garden"',
        "2023-01-01": 'indicator "Green area" in ecology = area formerly "Park"',
    }
    known = {year: {"area": year - 2000} for year in (2020, 2021, 2022, 2023)}
    found, report = outcome(grove(tmp_path, texts, known))
    (one,) = found.indicators
    assert years(one) == [
        (2020, 20, False, ""),
        (2021, 21, True, ""),
        (2022, 22, True, ""),
        (2023, 23, True, ""),
    ]
    assert [year.indicator.label for year in one.series] == ["Garden", "Park", "Park", "Green area"]
    assert not report.diagnostics
    assert list(remarks(one, words())) == ["Until 2022: “Park”.", "Until 2020: “Garden”."]


def test_a_former_label_that_no_year_has_is_told(tmp_path: Path) -> None:
    texts = {
        "2018-01-01": 'indicator "Garden" = area',
        "2023-01-01": 'indicator "Green area" = area formerly "Gardens"',
    }
    found, report = outcome(grove(tmp_path, texts, {2022: {"area": 1}, 2023: {"area": 2}}))
    assert years(found.indicators[0]) == [(2023, 2, False, "")]
    (told,) = report.diagnostics
    assert (told.code, told.arguments["nearest"]) == ("P966", "Garden")


def test_a_break_is_marked_and_not_joined(tmp_path: Path) -> None:
    text = 'indicator "A" = area higher is better series break in 2022 "without the car park"'
    known = {year: {"area": 100 - year + 2020} for year in (2020, 2021, 2022, 2023)}
    found, _ = outcome(grove(tmp_path, {"2018-01-01": text}, known))
    (one,) = found.indicators
    assert [(year, joined, how) for year, _, joined, how in years(one)] == [
        (2020, False, ""),
        (2021, True, ""),
        (2022, False, "said"),
        (2023, True, ""),
    ]
    assert [year.closing.year for year in one.comparable] == [2022, 2023]
    assert progress(one, found.closing, words()) == "Down by 1 since 2022."
    assert list(remarks(one, words("fr"))) == [
        "Compté autrement à partir de 2022\u00a0: without the car park."
    ]


def test_another_unit_is_a_break(tmp_path: Path) -> None:
    texts = {
        "2018-01-01": 'indicator "A" = area measured in "ha"',
        "2023-01-01": 'indicator "A" = area measured in "m²"',
    }
    found, _ = outcome(grove(tmp_path, texts, {2022: {"area": '"1.5"'}, 2023: {"area": 15000}}))
    (one,) = found.indicators
    assert years(one) == [(2022, Fraction(3, 2), False, ""), (2023, 15000, False, "unit")]
    figures = Figures(one, words())
    assert [figures.year(year) for year in one.series] == ["1.50\u00a0ha", "15,000\u00a0m²"]


def test_what_is_not_known_or_not_there_leaves_a_gap(tmp_path: Path) -> None:
    known = {2018: {"area": 1}, 2019: {}, 2020: {"area": 2}, 2022: {"area": 3}, 2023: {"area": 4}}
    found, _ = outcome(grove(tmp_path, {"2018-01-01": 'indicator "A" = area'}, known))
    (one,) = found.indicators
    assert years(one) == [
        (2018, 1, False, ""),
        (2019, None, False, ""),
        (2020, 2, False, ""),
        (2022, 3, False, ""),
        (2023, 4, True, ""),
    ]
    assert [year.closing.year for year in one.comparable] == [2018, 2020, 2022, 2023]


def test_a_year_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    known: dict[int, Mapping[str, object] | str] = {2022: 'area = "many"', 2023: {"area": 2}}
    found, report = outcome(grove(tmp_path, {"2018-01-01": 'indicator "A" = area'}, known))
    assert years(found.indicators[0]) == [(2023, 2, False, "")]
    assert [one.code for one in report.diagnostics] == ["P965"]


def test_what_is_kept_of_a_year_rests_on_those_that_closed_before_it_whatever_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    clauses = 'indicator "Growth" = area - previous area'
    home = tmp_path / "grove"
    home.mkdir()
    folder = grove(
        home, {"2019-01-01": clauses}, {2022: {}, 2023: {"area": 10}, 2024: {"area": 20}}
    )
    first = folder / "the first year"
    (folder / "2022").rename(first)
    found = []
    for area in (3, 5):
        text = f"closing = 2022-12-31\narea = {area}\n"
        (first / "cooperative.toml").write_text(text, "utf-8")
        whole, _ = outcome(folder, lasts=True)
        found.append([value for _, value, _, _ in years(whole.indicators[0])])
    assert found == [[None, 7, 10], [None, 5, 10]]


def test_two_indicators_of_one_label_have_no_years_but_their_own(tmp_path: Path) -> None:
    text = 'indicator "A" = area\nindicator "A" = 2 * area'
    found, _ = outcome(
        grove(tmp_path, {"2018-01-01": text}, {2022: {"area": 1}, 2023: {"area": 2}})
    )
    assert [years(one) for one in found.indicators] == [
        [(2023, 2, False, "")],
        [(2023, 4, False, "")],
    ]


@pytest.mark.parametrize(
    ("aim", "area", "said"),
    [
        ("target 5", [4, 5, 6], "6: the target, at least 5, is met, as in every year since 2022."),
        ("target 6", [4, 5, 6], "6: the target, at least 6, is met."),
        (
            "target 8 by 2024",
            [4, 5, 6],
            "6: 2 still to gain until the target for 2024, at least 8.",
        ),
        ("target 9", [4, 5, 6], "6: 3 below the target, at least 9."),
        ("target at most 5", [4, 5, 6], "6: 1 above the target, at most 5."),
        (
            "target 9 by 2022",
            [4, 5, 6],
            "6: 3 away from the target, at least 9, which was for 2022.",
        ),
        ("target 6 by 2030", [4, 5, 6], "6: the target for 2030, at least 6, is met already."),
        ("", [6, 6, 6], "As in 2021."),
        ("", [6, 7, 6], "As in 2021."),
    ],
)
def test_each_target_has_a_sentence_of_progress(
    tmp_path: Path, aim: str, area: list[int], said: str
) -> None:
    known = {2021 + number: {"area": value} for number, value in enumerate(area)}
    text = f'indicator "A" = area {aim}'
    found, _ = outcome(grove(tmp_path, {"2018-01-01": text}, known))
    assert progress(found.indicators[0], found.closing, words()).startswith(said)


@pytest.mark.parametrize(
    ("aim", "pace"),
    [
        ("8 by 2025", "At the pace since 2021, it would be met by the end of 2025."),
        ("7 by 2030", "At the pace since 2021, it would be met by the end of 2024."),
        ("13/2 by 2030", "At the pace since 2021, it would be met by the end of 2024."),
        ("8 by 2024", "At the pace since 2021, it would not be met by the end of 2024."),
        ("at most 3 by 2030", "At the pace since 2021, it would not be met by the end of 2030."),
        ("8 by 2023", None),
        ("8", None),
    ],
)
def test_the_pace_so_far_is_followed_to_the_year_of_the_target(
    tmp_path: Path, aim: str, pace: str | None
) -> None:
    known = {2021: {"area": 4}, 2022: {"area": 6}, 2023: {"area": 6}}
    text = f'indicator "A" = area target {aim.replace("13/2", "6.5")}'
    found, _ = outcome(grove(tmp_path, {"2018-01-01": text}, known))
    said = progress(found.indicators[0], found.closing, words())
    assert said.endswith(pace) if pace else "pace" not in said


def test_nothing_is_said_of_a_target_where_the_figure_is_not_known(tmp_path: Path) -> None:
    found, _ = outcome(grove(tmp_path, {"2018-01-01": 'indicator "A" = area target 5'}, {2023: {}}))
    said = progress(found.indicators[0], found.closing, words())
    assert said == "It cannot be said for 2023 whether the target, at least 5, is met."


@pytest.mark.parametrize(
    ("figure", "area", "shown"),
    [
        ("100% * area / 100", [22, 22], ["22%", "22%"]),
        ("100% * area / 100", [22, "21.55"], ["22.0%", "21.6%"]),
        ("100% * area / 100", [22, "0.04"], ["22.00%", "0.04%"]),
        ("area / 4", [10, 11], ["2.50", "2.75"]),
        ("area / 4", [8, 12], ["2", "3"]),
        ("area / 1 000", [2500, 4], ["2.5000", "0.0040"]),
        ("area * 1 000 EUR", [2, 3], ["€2,000", "€3,000"]),
        ("area * 1 EUR", ["2.5", 3], ["€2.50", "€3.00"]),
    ],
)
def test_a_series_is_written_alike(
    tmp_path: Path, figure: str, area: list[object], shown: list[str]
) -> None:
    known = {
        2022 + number: {"area": f'"{value}"' if isinstance(value, str) else value}
        for number, value in enumerate(area)
    }
    found, _ = outcome(grove(tmp_path, {"2018-01-01": f'indicator "A" = {figure}'}, known))
    (one,) = found.indicators
    figures = Figures(one, words())
    assert [figures.year(year) for year in one.series] == shown
