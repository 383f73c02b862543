"""A text while it is written: other clauses stand whatever is amiss in one, names have their places."""

import re
from pathlib import Path
from random import Random

import pytest

import coopfx
from coopfx import editing

POLICIES = Path(__file__).parent.parent / "policies"
STATUTES = sorted(POLICIES.glob("*/statute*.coop"))
SLIPS = ("drop", "twice", "garbage", "sign", "open", "cut")


def slip(line: str, drawn: Random) -> str:
    """A line with a slip of the pen in it."""
    words = line.split()
    at = drawn.randrange(len(words))
    match drawn.choice(SLIPS):
        case "drop":
            del words[at]
        case "twice":
            words.insert(at, words[at])
        case "garbage":
            words[at] = "§§ xqz ;;"
        case "sign":
            words.insert(at, drawn.choice("(<=*/,"))
        case "open":
            words.insert(at, '"')
        case _:
            words[at] = words[at][: len(words[at]) // 2]
    return " " * (len(line) - len(line.lstrip())) + " ".join(words)


def clauses(policy: coopfx.HeldPolicy, path: Path, text: str) -> list[editing.Clause]:
    return list(editing.read(policy, path.name, text).clauses)


each_statute = pytest.mark.parametrize(
    "path", STATUTES, ids=lambda path: f"{path.parent.name}-{path.name}"
)


@each_statute
def test_a_text_with_three_broken_clauses_still_gives_all_others(path: Path) -> None:
    break_clauses(path, 2)


@pytest.mark.soak
@each_statute
def test_a_text_broken_in_a_hundred_ways_still_gives_all_else(path: Path) -> None:
    break_clauses(path, 100)


def break_clauses(path: Path, ways: int) -> None:
    """Break three clauses of a statute in so many ways: all others are still read."""
    policy = coopfx.open(path.parent)
    whole = path.read_text("utf-8")
    before = clauses(policy, path, whole)
    # What names the text and its currency says how all else is read.
    able = [one for one in before if one.span.line > 4]
    drawn = Random(path.as_posix().partition("policies/")[2])
    for _ in range(ways):
        lines = whole.split("\n")
        broken = drawn.sample(able, 3)
        for clause in broken:
            span = range(clause.span.line, clause.span.end_line + 1)
            number = drawn.choice([one for one in span if lines[one - 1].split()])
            lines[number - 1] = slip(lines[number - 1], drawn)
        after = clauses(policy, path, "\n".join(lines))
        places = {(one.sort, one.span.line) for one in after}
        lost = [one for one in before if one not in broken]
        assert not [one for one in lost if (one.sort, one.span.line) not in places], "\n".join(
            lines
        )


def test_names_have_their_labels_their_definition_and_their_uses() -> None:
    policy = coopfx.open(POLICIES / "alma")
    edited = editing.read(policy, "statute.fr.coop")
    lines = edited.source.text.split("\n")
    names = {(one.sort, one.name): one for one in edited.names}
    paid = names["account", "work_share"]
    assert (paid.word, paid.label) == ("part_travail", "part travail")
    assert [lines[one.line - 1][one.column - 1 : one.end_column - 1] for one in paid.uses] == [
        "part_travail"
    ] * len(paid.uses)
    assert len(paid.uses) == len(re.findall(r"\bpart_travail\b", edited.source.text))
    lowest = names["figure", "lowest_pay"]
    assert lowest.definition is not None and lowest.definition.file == edited.source.file
    assert all(edited.named_at(one.line, one.column) == lowest for one in lowest.uses)
    assert names["law", "fr.scop"].uses and names["record", "person"].definition
    surplus = names["figure", "surplus"]
    assert surplus.definition is not None and surplus.definition.file == "prelude.coop"


def test_all_that_stands_in_a_text_is_a_token_once() -> None:
    for path in STATUTES[:4]:
        edited = editing.read(coopfx.open(path.parent), path.name)
        text = edited.source.text
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        covered = [False] * len(text)
        for token in edited.tokens:
            start = starts[token.span.line - 1] + token.span.column - 1
            end = starts[token.span.end_line - 1] + token.span.end_column - 1
            assert not any(covered[start:end])
            covered[start:end] = [True] * (end - start)
        assert not "".join(
            sign for sign, told in zip(text, covered, strict=True) if not told
        ).strip()
        assert {"clause", "keyword", "name", "number", "text", "sign"} <= {
            token.sort for token in edited.tokens
        }


def test_what_may_stand_at_a_place() -> None:
    policy = coopfx.open(POLICIES / "alma")
    whole = editing.read(policy, "statute.fr.coop").source.text
    for line, phrase, name in (
        ("  partager part_travail e", "entre", ""),
        ("  partager int", "", "share_interest"),
        ("  par", "partager", ""),
        ("  exiger écart: excédent >= ré", "", "reserves.legal"),
    ):
        text = f"{whole}\n\narticle 99 « A »\n{line}"
        number = text.count("\n") + 1
        found = editing.read(policy, "statute.fr.coop", text).expected(number, len(line) + 1)
        assert not phrase or phrase in found.phrases
        assert not name or name in {one.name for one in found.names}


def test_places_are_counted_as_editors_do() -> None:
    policy = coopfx.open(POLICIES / "alma")
    text = 'statuts "é😋\u00a0x" régis par fr.scop\n'
    edited = editing.read(policy, "statute.fr.coop", text)
    (law,) = next(one for one in edited.names if one.name == "fr.scop").uses
    units = edited.utf16(law)
    line = text.split("\n")[0].encode("utf-16-le")
    assert (
        line[2 * (units.column - 1) : 2 * (units.end_column - 1)].decode("utf-16-le") == "fr.scop"
    )
    assert edited.from_utf16(1, units.column) == (law.line, law.column)


def test_a_mend_takes_the_mistake_away() -> None:
    policy = coopfx.open(POLICIES / "quartet")
    name = next((POLICIES / "quartet").glob("statute*.coop")).name
    whole = editing.read(policy, name).source.text
    text = re.sub(r"\bfull_time_pay\b", "full_time_pays", whole, count=2)
    edited = editing.read(policy, name, text)
    mends = [mend for item in edited.diagnostics for mend in edited.mends(item)]
    assert mends
    lines = text.split("\n")
    for mend in sorted(mends, key=lambda one: one.span, reverse=True):
        line = lines[mend.span.line - 1]
        lines[mend.span.line - 1] = (
            line[: mend.span.column - 1] + mend.text + line[mend.span.end_column - 1 :]
        )
    assert not [
        item
        for item in editing.read(policy, name, "\n".join(lines)).diagnostics
        if item.severity == "error"
    ]
