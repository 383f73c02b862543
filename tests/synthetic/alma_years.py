"""Five years of Alma for its indicators: the worked year 2024, and four made-up ones before it.

The statute is Alma's, with further indicators, targets and their years. Until 2021 an older text held,
in which one indicator has another label and emissions leave the subsidiaries out. The years before 2024
give what the indicators rest on and no more: who there was, and the figures of the cooperative, drawn on
the way from where they stood in 2020 to what is published of 2024.
"""

from pathlib import Path
from random import Random
from shutil import copytree

import alma
from tables import Year, decimal, half_up

ALMA = Path(__file__).parent.parent.parent / "policies" / "alma"
YEARS = (2020, 2021, 2022, 2023)
LAST = 2024
_FORMER = "Salariés restés dans l'année"
_INPUTS = {
    "femmes_au_conseil": "nombre >= 0 % <= 100 %",
    "propositions_débattues": "entier >= 0",
    "femmes": "nombre >= 0 % <= 100 %",
    "heures_de_formation": "nombre >= 0",
    "fréquence_des_accidents": "nombre >= 0",
    "absentéisme": "nombre >= 0 % <= 100 %",
    "exportations": "nombre >= 0 % <= 100 %",
    "électricité_renouvelable": "nombre >= 0 % <= 100 %",
    "eau": "nombre >= 0",
    "déchets_recyclés": "nombre >= 0 % <= 100 %",
    "trajets_sans_voiture": "nombre >= 0 % <= 100 %",
}
_FURTHER = """
  indicateur « Associés parmi tous les salariés » au titre de la démocratie
    = taux d'associé parmi les salariés
    objectif 97 % d'ici la fin de 2026
  indicateur « Femmes au conseil d'administration » au titre de la démocratie
    = femmes_au_conseil
    objectif 50 % d'ici la fin de 2027
  indicateur « Propositions débattues en assemblée » au titre de la démocratie
    = propositions_débattues
    mieux vaut plus haut
  indicateur « Capital moyen d'un associé » au titre de la démocratie
    = (moyenne de parts_détenues parmi les associés) arrondi au plus proche à 1 €
    mieux vaut plus haut
  indicateur « Femmes parmi les salariés » au titre du travail
    = femmes
    objectif 45 % d'ici la fin de 2030
  indicateur « Formation par personne » au titre du travail
    = heures_de_formation / nombre de salariés
    mesuré en « heures »
    objectif 20
  indicateur « Fréquence des accidents, par million d'heures » au titre du travail
    = fréquence_des_accidents
    objectif au plus 5 d'ici la fin de 2025
  indicateur « Absentéisme » au titre du travail
    = absentéisme
    objectif au plus 4 %
  indicateur « Ancienneté moyenne » au titre du travail
    = (moyenne de ancienneté parmi les salariés) arrondi au plus proche à 1 mois
  indicateur « Chiffre d'affaires » au titre de l'économie
    = chiffre_d_affaires
    mieux vaut plus haut
  indicateur « Excédent » au titre de l'économie
    = excédent
  indicateur « Chiffre d'affaires par personne, en milliers d'euros » au titre de l'économie
    = chiffre_d_affaires / 1 000 € / nombre de salariés
    mieux vaut plus haut
  indicateur « Ventes à l'étranger, en part du chiffre d'affaires » au titre de l'économie
    = exportations
  indicateur « Électricité renouvelable » au titre de l'écologie
    = électricité_renouvelable
    objectif 100 % d'ici la fin de 2023
  indicateur « Eau par personne » au titre de l'écologie
    = eau / nombre de salariés
    mesuré en « m³ »
    objectif au plus 8 d'ici la fin de 2028
  indicateur « Déchets recyclés » au titre de l'écologie
    = déchets_recyclés
    objectif 75 %
  indicateur « Trajets sans voiture » au titre de l'écologie
    = trajets_sans_voiture
    mieux vaut plus haut
"""
# Each figure in 2020, and in 2024 where the worked year does not give it.
_BEGAN = {
    "participation_assemblée": 81,
    "fidélisation": 84,
    "bien_être": 79,
    "travail_non_délocalisé": 100,
    "entreprises_soutenues": 4,
    "emplois_créés": 3,
    "apprentis_et_stagiaires": 6,
    "espaces_verts": 12_400,
}
_WORKED = {
    **{"participation_assemblée": 92, "fidélisation": 89, "bien_être": 86},
    **{"travail_non_délocalisé": 100, "entreprises_soutenues": 12, "emplois_créés": 9},
    **{"apprentis_et_stagiaires": 9, "espaces_verts": 15_300},
}
_DRAWN = {
    "femmes_au_conseil": (29, 43),
    "propositions_débattues": (7, 16),
    "femmes": (31, 36),
    "heures_de_formation": (2_050, 3_420),
    "fréquence_des_accidents": (14, 6),
    "absentéisme": (5, 4),
    "exportations": (27, 33),
    "électricité_renouvelable": (62, 96),
    "eau": (2_130, 1_690),
    "déchets_recyclés": (58, 77),
    "trajets_sans_voiture": (24, 38),
}
_PERCENT = {
    *("participation_assemblée", "fidélisation", "bien_être", "travail_non_délocalisé"),
    *("femmes_au_conseil", "femmes", "absentéisme", "exportations"),
    *("électricité_renouvelable", "déchets_recyclés", "trajets_sans_voiture"),
}
# In tonnes; from 2022 on with the subsidiaries.
_CARBON = {2019: 61, 2020: 52, 2021: 49, 2022: 74, 2023: 67, 2024: 58}
_TURNOVER = {2020: 24_100_000, 2021: 26_800_000, 2022: 28_900_000, 2023: 31_400_000}
_SURPLUS = {2020: 4_210_300, 2021: 5_034_750, 2022: 6_120_480, 2023: 6_873_220}
# So many of those who were there in 2024 were there already.
_PEOPLE = {2020: 148, 2021: 155, 2022: 163, 2023: 171}


def on_the_way(first: int, last: int, year: int, random: Random) -> int:
    """A figure of a year between the first and the last, never far from the straight way."""
    straight = first + half_up((last - first) * (year - YEARS[0]), LAST - YEARS[0])
    about = max(1, abs(last - first) // 12)
    return straight + random.randint(-about, about) if year > YEARS[0] else first


def texts() -> tuple[str, str]:
    """The statute as it was until 2021, and as it is."""
    text = (ALMA / "statute.fr.coop").read_text("utf-8")
    head, tail = text.split("\nexemple «", 1)
    inputs = "".join(f"  donnée {name} : {kind}\n" for name, kind in _INPUTS.items())
    whole = f"{head}\n{inputs}{_FURTHER}\nexemple «{tail}"
    retained = "indicateur « Fidélisation » au titre du travail\n    = fidélisation\n"
    emitted = "en tonnes équivalent CO2 » au titre de l'écologie\n    = carbone\n"
    assert whole.count(retained) == whole.count(emitted) == 1
    before = whole.replace("« Fidélisation »", f"« {_FORMER} »")
    now = whole.replace(
        retained, f"{retained}    mieux vaut plus haut\n    anciennement « {_FORMER} »\n"
    )
    broken = "    objectif au plus 50 d'ici la fin de 2026\n"
    broken += "    rupture de série en 2022 « filiales comprises »\n"
    now = now.replace(emitted, emitted + broken)
    return before, now.replace("en vigueur depuis 2019-01-01", "en vigueur depuis 2022-01-01")


def write_year(folder: Path, year: int) -> None:
    """Writes a year before the worked one."""
    random = Random(year)
    people = [one for one in alma.draw(Random(LAST)) if one.seniority >= 12 * (LAST - year)]
    people = people[: _PEOPLE[year]]
    own = Year(folder / str(year), f"{year}-12-31")
    figures = {
        name: on_the_way(first, last, year, random)
        for name, (first, last) in {
            **{name: (_BEGAN[name], _WORKED[name]) for name in _BEGAN},
            **_DRAWN,
        }.items()
    }
    facts: dict[str, str | int] = {
        "excédent": f"{_SURPLUS[year]}.00",
        "chiffre_d_affaires": f"{_TURNOVER[year]}.00",
        "dépenses_de_recherche": f"{half_up(_TURNOVER[year] * (17 + year - YEARS[0]), 100)}.00",
        "carbone": _CARBON[year],
        "carbone_année_précédente": _CARBON[year - 1],
    }
    facts |= {
        name: f"{min(value, 100)} %" if name in _PERCENT else value
        for name, value in figures.items()
    }
    own.cooperative("Alma", facts=facts)
    own.table(
        "people.csv",
        (
            *("id", "salarié", "associé", "ancienneté", "présence", "salaire", "heures"),
            *("salaire_temps_plein", "parts_détenues", "formé"),
        ),
        (
            (
                f"p{number:03}",
                True,
                one.member and one.seniority >= 12 * (LAST - year + 1),
                one.seniority - 12 * (LAST - year),
                12,
                decimal(half_up(one.full_time_pay * 12 * one.tenths, 10)),
                decimal(half_up(alma.FULL_YEAR_HOURS * 100 * one.tenths, 10)),
                decimal(one.full_time_pay),
                decimal(max(0, one.shares - 36 * (LAST - year)) * alma.SHARE_VALUE),
                random.randrange(100) < 31 + 3 * (year - YEARS[0]),
            )
            for number, one in enumerate(people, start=1)
        ),
    )


def write(folder: Path) -> None:
    """Writes the policy: its texts, the worked year with what the further indicators ask, the others."""
    folder.mkdir(parents=True, exist_ok=True)
    before, now = texts()
    (folder / "statute.from2019.fr.coop").write_text(before, "utf-8")
    (folder / "statute.fr.coop").write_text(now, "utf-8")
    settings = (ALMA / "coopfx.toml").read_text("utf-8")
    (folder / "coopfx.toml").write_text(settings, "utf-8")
    copytree(ALMA / str(LAST), folder / str(LAST), dirs_exist_ok=True)
    worked = folder / str(LAST) / "cooperative.toml"
    text = worked.read_text("utf-8")
    lines = "".join(
        f'"{name}" = "{last} %"\n' if name in _PERCENT else f'"{name}" = {last}\n'
        for name, (_, last) in _DRAWN.items()
    )
    worked.write_text(text.replace("\n[balances]", f"{lines}\n[balances]", 1), "utf-8")
    for year in YEARS:
        write_year(folder, year)
