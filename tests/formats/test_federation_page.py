"""The page of a federation's year: rules as their laws call them, what is amiss first."""

import re
from html import escape

import pytest

import coopfx
from coopfx.desk.speaking import words_of_laws
from coopfx.desk.texts import titles_of_laws
from coopfx.formats.federation import page
from coopfx.formats.sector import Rule, Sector

KEPT = {"satisfied": 3}
RULES = (
    Rule("fr.scop.legal_reserve", KEPT, ()),
    Rule("fr.scop.work_share_minimum", {"satisfied": 2, "violated": 1}, ("<b>Alma</b>",)),
    Rule("own_rule", KEPT, ()),
    Rule("fr.scop.members_of_an_sarl", {"undetermined": 3}, ()),
)


@pytest.mark.parametrize(
    ("language", "title"),
    [("fr", "25 % au moins à la part travail"), ("en", "At least 25% to the work share")],
)
def test_rules_are_called_as_their_laws_call_them_and_what_is_amiss_comes_first(
    language: str, title: str
) -> None:
    world = coopfx.load_world(coopfx.Report())
    words = words_of_laws(world, language, sorted(world.laws))
    shown = page(Sector("EUR", (), (), RULES, (), ()), words, titles_of_laws(world))
    rows = re.findall(r"<tr(?: class=\"law\")?><t[dh][^>]*>(.*?)</t[dh]>", shown)
    assert "fr.scop." not in shown and "&lt;b&gt;Alma&lt;/b&gt;" in shown
    called = [
        words.phrase(f"rule.fr.scop.{name}") for name in ("members_of_an_sarl", "legal_reserve")
    ]
    assert rows[rows.index("Own rule") :][:5] == [
        "Own rule",
        "Sociétés coopératives de production (Scop)",
        title,
        *map(escape, called),
    ]
