"""French, Spanish and Italian as people write them: what readers winced at stays mended."""

from pathlib import Path

import pytest

from coopfx.desk.law_words import speaking_of
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import load_world

REPOSITORY = Path(__file__).parents[2]
WORLD = load_world(Report())
FILES = sorted(
    path
    for path in [
        *(REPOSITORY / "grammars").glob("*.toml"),
        *(REPOSITORY / "plugins").rglob("*.toml"),
    ]
    if path.stem in ("fr", "es", "it")
)
NEVER = {
    "fr": (
        *("dossier de la politique", "Rien n'est nul de soi-même", "quoi que l'année apporte"),
        *("parts de part travail", "L'année d'une fédération", "précédent excédent"),
        *("Papiers écrits dans", "car ceci n'est pas vrai", "au titre de {account}"),
        *("au titre de « excédent »", "Affectation : excédent", "parts sur {count}, celles"),
    ),
    "es": ("carpeta de la política", "Papeles escritos en", "Aplicación: excedente"),
    "it": ("cartella della politica", "Carte scritte in", "Destinazione: avanzo"),
}


def words(language: str) -> Words:
    found = WORLD.words(language)
    for provided in WORLD.laws.values():
        found = speaking_of(found, provided.law)
    return found


@pytest.mark.parametrize("language", sorted(NEVER))
def test_what_readers_winced_at_is_said_no_more(language: str) -> None:
    files = [path for path in FILES if path.stem == language]
    assert len(files) > 5
    found = [
        (path.relative_to(REPOSITORY).as_posix(), said)
        for path in files
        for said in NEVER[language]
        if said in path.read_text("utf-8")
    ]
    assert not found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("capital_des_cci", "capital des CCI"),
        ("scop_d_amorçage", "Scop d'amorçage"),
        ("taux_is", "taux IS"),
        ("parts_exigées_à_l_admission", "parts exigées à l'admission"),
    ],
)
def test_a_name_is_said_as_people_write_it(name: str, said: str) -> None:
    assert words("fr").label(name) == said


@pytest.mark.parametrize(
    ("language", "figure", "said"),
    [
        ("fr", "excédent de l'exercice précédent", "précédent"),
        ("es", "excedente del ejercicio anterior", "anterior"),
        ("it", "avanzo dell'esercizio precedente", "precedente"),
    ],
)
def test_a_figure_of_the_year_before_is_said_in_full(language: str, figure: str, said: str) -> None:
    own = words(language)
    shown = own.phrase("formula.previous", name=own.word("surplus"))
    assert shown == figure and said in shown


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
def test_never_all_but_one_are_named(language: str) -> None:
    own = words(language)
    for count in range(2, 8):
        items = [f"p{number}" for number in range(count)]
        shown = own.first_few(items, str, 3)
        assert own.phrase("list.more", count=1) not in shown
        assert all(item in shown for item in items[:3])
