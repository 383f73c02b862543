"""Years that try the papers of a meeting: few and many people, long names, a loss, figures wanting.

    python tests/synthetic/meeting.py FOLDER [--people 4] [--loss] [--long] [--whole]

writes a policy folder: the statute of policies/alma with one year drawn for it. Without ``--whole``
most of what the cooperative says of itself is wanting; an indicator's target is missed in any case.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile

import scop
from scop import Cell, Cents, Scop

ALMA = Path(__file__).parents[2] / "policies" / "alma"
LONG_NAME = (
    "Société coopérative et participative des menuisières, charpentiers, ébénistes & couvreuses "
    "réunies du Haut-Val-de-Marne-sur-Saône, dite « L’Établi <partagé> »"
)
LONG_TEAM = "Atelier-des-charpentes-traditionnelles-et-des-ossatures-en-bois-massif"
LONG_PERSON = "Marie-Clémentine-Philippine_de_la_Rochefoucauld-Montesquieu-Saint-Exupéry"
SAID: dict[str, Cell] = {
    "fidélisation": "89 %",
    "bien_être": "86 %",
    "dépenses_de_recherche": "73040.00",
    "emplois_créés": -2,
    "apprentis_et_stagiaires": 9,
    "travail_non_délocalisé": "100 %",
    "entreprises_soutenues": 12,
    "espaces_verts": 15300,
    "carbone": 58,
    "carbone_année_précédente": "66.7",
    "forme_juridique": "SARL",
    "inscrite_sur_la_liste": "oui",
    "voix_au_plus": 1,
}


def write(
    folder: Path, people: int, *, loss: bool = False, long: bool = False, whole: bool = False
) -> Path:
    """Writes the policy folder, and returns it."""
    drawn = scop.draw(people)
    facts: dict[str, Cell] = {**drawn.facts, "participation_assemblée": "61 %"}
    if loss:
        facts["excédent"] = Cents(-drawn.surplus // 3)
    if whole:
        facts |= SAID
    folder.mkdir(parents=True)
    for statute in ALMA.glob("statute.*.coop"):
        copyfile(statute, folder / statute.name)
    copyfile(ALMA / "coopfx.toml", folder / "coopfx.toml")
    year = Scop(_named(drawn, long), facts, drawn.balances)
    scop.write(year, folder / "2024", LONG_NAME if long else scop.NAME)
    return folder


def _named(drawn: Scop, long: bool) -> dict[str, list[Sequence[Cell]]]:
    """The tables, where it is asked for with identifiers that hardly fit on a page."""
    tables = {name: [list(row) for row in rows] for name, rows in drawn.tables.items()}
    if long:
        for row in tables["people"][1:]:
            row[0] = f"{LONG_PERSON}_{row[0]}"
            row[1] = f"{LONG_TEAM}-{row[1]}"
        for row in tables["teams"][1:]:
            row[0] = f"{LONG_TEAM}-{row[0]}"
    return {name: [*rows] for name, rows in tables.items()}


def main() -> None:
    """Writes the policy that is asked for."""
    parser = ArgumentParser(prog="python tests/synthetic/meeting.py")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=4)
    for name in ("loss", "long", "whole"):
        parser.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args()
    write(asked.folder, asked.people, loss=asked.loss, long=asked.long, whole=asked.whole)


if __name__ == "__main__":
    main()
