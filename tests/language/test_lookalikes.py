"""What looks like something else in a text is told, whoever put it there, and read as it is seen."""

from random import Random

import pytest

from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.language.lookalikes import as_seen, deceiving
from coopfx.language.tokens import scan
from coopfx.plugged.world import World

# Each of these letters is drawn like the Latin one beside it, on any screen.
ALIKE = {"a": "аαａ𝐚", "e": "еｅ", "o": "оοօ", "p": "рρ", "c": "сϲ", "x": "х", "i": "іι", "s": "ѕ"}
HONEST = ["réserve", "reparación", "quota_età", "part_CO₂", "nº_socios", "garantía", "œuvre", "aña"]
TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
BREAKING = "\u2028\u2029\x85\v\f"


def told(text: str, world: World, language: str = "en") -> list[str]:
    """The codes that reading the words of a text tells."""
    report = Report()
    scan(Source("statute.en.coop", text, language), world.words(language), report)
    return [item.code for item in report.diagnostics]


def test_a_letter_of_another_alphabet_is_told_wherever_it_stands(world: World) -> None:
    draw = Random(20)
    for _ in range(500):
        name = "".join(draw.choices("aeopcxisrtnm", k=draw.randint(3, 12)))
        places = [at for at, letter in enumerate(name) if letter in ALIKE]
        if not places:
            continue
        chosen = draw.sample(places, draw.randint(1, len(places)))
        letters = [draw.choice(ALIKE[one]) if at in chosen else one for at, one in enumerate(name)]
        disguised = "".join(letters)
        assert deceiving(name, "require") is None
        assert deceiving(disguised, "require") is not None, disguised
        assert as_seen(disguised) == name
        assert told(f"define {disguised} = surplus", world) == ["S126"]


@pytest.mark.parametrize("name", HONEST)
def test_names_as_people_write_them_are_read(name: str, world: World) -> None:
    for language in ("en", "fr", "es", "it"):
        assert told(f"= {name}", world, language) == []


def test_a_whole_word_in_other_letters_is_told(world: World) -> None:
    assert told("define сор = surplus", world) == ["S126"]
    assert told("define Привет = surplus", world) == []


def test_a_keyword_in_disguise_is_told_once_and_read(world: World) -> None:
    report = Report()
    source = Source("statute.en.coop", "dеfine total = surplus", "en")
    found = scan(source, world.words("en"), report)
    assert [item.code for item in report.diagnostics] == ["S126"]
    assert found[0].kind == "DEFINE"


@pytest.mark.parametrize("sign", [*TURNING, *BREAKING, "\x1b", "\x00"])
@pytest.mark.parametrize(
    "line", ['require a: x > 1 EUR "it{}s"', "# a remark{}end", 'article 1 "{}a"']
)
def test_what_nobody_sees_is_told_in_texts_and_remarks(sign: str, line: str, world: World) -> None:
    assert told(line.format(""), world) == []
    assert told(line.format(sign), world) == ["S125"]
