"""Names as people say them: elided before a vowel, abbreviations in their capitals, whatever the law."""

import re

import pytest

from coopfx.desk.speaking import words_of_laws
from coopfx.plugged.world import World

LANGUAGES = ("en", "fr", "es", "it")
SHORT = r"\b(cci|cofip|tmop|sarl|sas|scop|scic)\b"
SPOKEN = {
    "fr": {
        "scop_d_amorçage": "Scop d'amorçage",
        "capital_des_cci": "capital des CCI",
        "parts_exigées_à_l_admission": "parts exigées à l'admission",
        "dotation_à_la_cofip": "dotation à la COFIP",
        "dès_lors_qu_il_travaille": "dès lors qu'il travaille",
        "catégorie_d": "catégorie d",
        "poids_l_moyen": "poids l moyen",
    },
    "es": {"décimo_a_la_cofip": "décimo a la COFIP", "clase_d_alta": "clase d alta"},
    "it": {
        "una_quota_per_l_ammissione": "una quota per l'ammissione",
        "quota_dell_utile": "quota dell'utile",
        "dotazione_alla_cofip": "dotazione alla COFIP",
    },
}


@pytest.mark.parametrize("language", SPOKEN)
def test_a_name_is_said_as_people_write_it(language: str, world: World) -> None:
    words = words_of_laws(world, language, sorted(world.laws))
    found = {name: words.label(name) for name in SPOKEN[language]}
    assert found == SPOKEN[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_laws_name_has_an_abbreviation_in_small_letters(language: str, world: World) -> None:
    for law in world.laws:
        words = words_of_laws(world, language, [law])
        wrong = [said for said in map(words.label, words.names) if re.search(SHORT, said)]
        assert not wrong, law
