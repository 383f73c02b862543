"""Whatever a shipped policy can be asked, it answers: as a tree, as JSON, as prose in four languages."""

import json as standard_json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from coopfx import pipeline
from coopfx.apps.cli.main import cli
from coopfx.desk import speaking
from coopfx.desk.policy import Policy, open_policy
from coopfx.engine.explain.explanation import known_names, record_of
from coopfx.engine.outcome import Explanation
from coopfx.formats import json, tree
from coopfx.formats.prose import prose
from coopfx.formats.terminal import Style
from coopfx.ground.exact import Value
from coopfx.ground.report import Percent, Report
from coopfx.ground.words import Words
from coopfx.pipeline import Year
from coopfx.plugged.world import World
from explained import contradictions

REPOSITORY = Path(__file__).parent.parent.parent
POLICIES = sorted(folder for folder in (REPOSITORY / "policies").iterdir() if folder.is_dir())
YEARS = sorted(year for folder in POLICIES for year in folder.glob("20??"))
SCHEMA = REPOSITORY / "docs" / "schema" / "explanation.schema.json"
LANGUAGES = ("en", "es", "fr", "it")
RECORDS = 2
"""Of a sort of records, so many are asked about: what is said of one differs from the next in figures."""
LEFT = re.compile(r"[{}]|\b(?:explain|formula|prose|relation|status|target)\.\w|\bNone\b")


@pytest.mark.parametrize("folder", POLICIES, ids=lambda folder: folder.name)
def test_every_name_is_explained_in_every_way(folder: Path, world: World) -> None:
    explain_everything(folder, None, world, RECORDS)


@pytest.mark.soak
@pytest.mark.parametrize("year", YEARS, ids=lambda year: f"{year.parent.name} {year.name}")
def test_every_name_of_everybody_is_explained_in_every_way(year: Path, world: World) -> None:
    explain_everything(year.parent, year, world, None)


def explain_everything(
    folder: Path, chosen: Path | None, world: World, records: int | None
) -> None:
    """Ask a policy's year for everything, of so many of each sort of records."""
    policy = open_policy(folder, Report(), "en", world.readers)
    assert policy is not None
    year = pipeline.evaluate_policy(policy, chosen, world, Report())
    assert year is not None
    schema = Draft202012Validator(standard_json.loads(SCHEMA.read_text("utf-8")))
    speakers = [words_for(world, language, year, policy) for language in LANGUAGES]
    asked = 0
    for position, (record, found) in enumerate(everything(year, records)):
        assert not list(contradictions(year.outcome, found))
        own = speakers[position % len(speakers)]
        schema.validate(json.explanation(found, own))
        drawn = tree.explanation(found, own, Style(False))
        assert drawn.strip() and not LEFT.search(drawn), drawn
        for words in speakers:
            assert_is_read_aloud(prose(found, words), found, record, words)
        asked += 1
    assert asked > 20


def everything(year: Year, records: int | None) -> Iterator[tuple[str, Explanation]]:
    """Every name that can be asked for, with the first records where each has its own figure."""
    for name in dict.fromkeys(known_names(year.evaluation)):
        answered = 0
        found = pipeline.explain(year, name)
        if found is not None:
            yield "", found
            answered += 1
        sort = record_of(year.evaluation, name)
        for record in year.evaluation.ids(sort)[:records] if sort else ():
            own = pipeline.explain(year, name, record)
            assert own is not None, f"{name} of {record}"
            yield record, own
            answered += 1
        assert answered or sort, name


def assert_is_read_aloud(shown: str, found: Explanation, record: str, words: Words) -> None:
    """A prose is whole sentences, says the figure as the tree has it, for whom, and from which article."""
    flat = shown.replace("\n", " ")
    assert not LEFT.search(flat), shown
    assert not re.search(r"\(\)|\( | [,.)]", flat), shown
    for paragraph in shown.strip().split("\n\n"):
        assert paragraph.endswith("."), shown
        assert paragraph[0].upper() == paragraph[0] or paragraph.startswith(record or "\0"), shown
    if isinstance(found.value, Fraction):
        assert any(amount in flat for amount in amounts(found, words)), shown
    if found.article:
        assert found.article in flat, shown
    if found.law and found.reference:
        assert found.reference in flat, shown
    if record:
        assert record in flat, shown


def amounts(found: Explanation, words: Words) -> list[str]:
    """The figure in the ways in which the tree may show it."""
    said = found.arguments.get("shown", found.arguments.get("sides"))
    value: Value | None = found.value
    assert isinstance(value, Fraction) and found.type is not None
    ways = [words.value(value, found.type), words.show(Percent(value))]
    if said is not None:
        ways += [words.show(one) for one in (said, *getattr(said, "arguments", {}).values())]
    return ways


def words_for(world: World, language: str, year: Year, policy: Policy) -> Words:
    """A language with all that the year's laws and policy call their own."""
    return speaking.words_for(world, language, year.statute.program.laws, policy)


def test_whether_a_cap_bites_is_not_said_of_what_is_not_known(tmp_path: Path) -> None:
    policy = tmp_path / "le-rabot"
    copytree(REPOSITORY / "policies" / "le-rabot", policy)
    figures = policy / "2024" / "cooperative.toml"
    kept = [line for line in figures.read_text("utf-8").splitlines() if "excédent" not in line]
    asked = ["explain", str(policy), "share_interest", "--format", "prose", "--lang", "en"]
    known = CliRunner().invoke(cli, asked).output
    figures.write_text("\n".join(kept), "utf-8")
    unknown = CliRunner().invoke(cli, asked).output
    assert "The cap bites" in known and "not known whether" not in known
    assert "It is not known whether the cap bites" in unknown
    assert "The cap bites" not in unknown and "does not bite" not in unknown
