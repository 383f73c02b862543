"""What an example does not give is named at once, and the lines that are advised give all of it."""

import re
from pathlib import Path

import pytest

from coopfx.desk.policy import Policy, StatuteFile
from coopfx.engine.examples.run import run_examples
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.pipeline import compile_source, translate_source
from coopfx.plugged.world import World

STATUTE = """statute "The Oven"
currency EUR
in force from 2024-01-01
input ratio : number >= 0% <= 100%
input open_day : yes/no
input opened : date
decide work_part between 20% and 50%
allocate surplus
  work_part to work_share when open_day
  ratio to reserves.development
  rest to reserves.legal
  losses to losses_brought_forward
share work_share among workers
  50% by hours
  50% by salary
require size: headcount <= 40 and sum of hours over workers of team > 0 hours for each team
require growth: surplus > previous surplus and opening reserves.legal > 0 EUR
require age: opened > 2020-01-01
require paid: work_share of person > 0 EUR for each worker
example "a small year"
  expect work_share = 500 EUR
  expect size satisfied
  expect growth satisfied
  expect age satisfied
  expect paid satisfied
"""
CELLS = {"worker": "YES", "team": "oven"}


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
def test_what_an_example_lacks_is_told_at_once_and_what_is_advised_gives_it(
    world: World, language: str
) -> None:
    path = Path(f"statute.{language}.coop")
    words, policy = world.languages[language], Policy(path, language, {}, ())
    written = Source("statute.en.coop", STATUTE)
    text = translate_source(written, language, policy, world, Report())
    assert text is not None

    def told(text: str) -> list[tuple[str, str]]:
        report = Report()
        file = StatuteFile(path, "", language)
        statute = compile_source(Source(path.name, text, language), file, policy, world, report)
        assert statute is not None, [words.message(one) for one in report.diagnostics]
        own = Report()
        run_examples(statute.program, own)
        return [(one.code, words.help(one)) for one in own.diagnostics]

    before = told(text)
    assert [code for code, _ in before] == ["E602", *["E607"] * 4]
    advised = dict.fromkeys(line for _, help_ in before for line in re.findall("`(.*?)`", help_))
    columns: dict[str, dict[str, None]] = {}
    for line in advised:
        head, *own = line.split(" | ")
        columns.setdefault(head, {}).update(dict.fromkeys(own))
    assert len(columns) == 9, columns
    lines = text.splitlines()
    at = next(place for place, line in enumerate(lines) if "a small year" in line) + 1
    for head, own in columns.items():
        cells = [CELLS.get(words.canonical(name), "10") for name in own]
        row = [f"    oven | {' | '.join(cells)}".replace("YES", words.keywords["YES"][0])]
        lines[at:at] = [f"  {' | '.join((head, *own))}", *(row if own else [])]
    after = told("\n".join(lines))
    assert {code for code, _ in after} <= {"E601", "E607"}
    # Nothing is wanting any more: what is left differs from what is expected, and is compared.
    assert {help_ for code, help_ in after if code == "E607"} <= {words.diagnostics["E607"]["help"]}
