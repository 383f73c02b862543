"""Parts in words, the rest of a share, and an author's own names as they are said, in four languages."""

from fractions import Fraction

import pytest

from compiling import tried
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.language import ir
from coopfx.pipeline import format_source
from coopfx.plugged.world import load_world

WORLD = load_world(Report())
TEXTS = {
    "en": """statute "The Oven"
currency EUR
in force from 2024-01-01
account reserves.rainy indivisible "rainy day fund"
decide bonus_rate between 0% and 50% otherwise 10%
allocate surplus
  20% to the legal reserve
  half to work_share
  bonus_rate of rest to gifts
  rest to rainy day fund
share work_share among workers
  half by hours
  the other half equally
share gifts among worker members
  60% by hours
  rest equally
""",
    "fr": """statuts « Le Four »
devise EUR
en vigueur depuis 2024-01-01
compte réserves.solidarité impartageable « fonds de solidarité »
décider taux_de_prime entre 0 % et 50 % à défaut 10 %
répartir l'excédent
  20 % à la réserve légale
  la moitié à la part_travail
  taux_de_prime du reste à dons
  le reste au fonds de solidarité
partager la part_travail entre les salariés
  la moitié selon heures
  l'autre moitié à parts égales
partager dons entre les salariés associés
  60 % selon heures
  le reste à parts égales
""",
    "es": """estatutos «El Horno»
moneda EUR
en vigor desde 2024-01-01
cuenta reservas.voluntaria irrepartible «reserva voluntaria»
acordar parte_de_prima entre 0 % y 50 % en su defecto 10 %
distribuir el excedente
  20 % a la reserva legal
  la mitad a la parte_del_trabajo
  parte_de_prima del resto a donativos
  el resto a la reserva voluntaria
repartir la parte_del_trabajo entre los trabajadores
  la mitad según horas
  la otra mitad a partes iguales
repartir donativos entre los socios trabajadores
  60 % según horas
  el resto a partes iguales
""",
    "it": """statuto «Il Forno»
valuta EUR
in vigore dal 2024-01-01
conto riserve.straordinaria indivisibile «riserva straordinaria»
deliberare tasso_di_premio tra 0% e 50% in mancanza 10%
destinare l'avanzo
  20% alla riserva legale
  la metà alla quota_lavoro
  tasso_di_premio del resto a doni
  il resto alla riserva straordinaria
ripartire la quota_lavoro tra i lavoratori
  la metà secondo ore
  l'altra metà in parti uguali
ripartire doni tra i soci lavoratori
  60% secondo ore
  il resto in parti uguali
""",
}
GROUPS = {
    "en": ("count over worker members", "count over (workers where member)"),
    "fr": ("le nombre de salariés non associés", "le nombre de (salariés dont non associé)"),
    "es": ("el número de trabajadores no socios", "el número de (trabajadores con no socio)"),
    "it": ("il numero fra i soci lavoratori", "il numero fra (i lavoratori con socio)"),
}
USUAL = {
    "en": "rest to reserves.rainy\n",
    "fr": "le reste aux réserves.solidarité\n",
    "es": "el resto a las reservas.voluntaria\n",
    "it": "il resto alle riserve.straordinaria\n",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_parts_and_own_names_are_read_as_they_are_said(language: str) -> None:
    statute, report = tried(TEXTS[language], WORLD, language)
    assert statute is not None, [WORLD.words(language).message(one) for one in report.in_order()]
    nodes, constants = statute.program.nodes, statute.program.constants
    weights = [
        [constants[nodes[key.weight].index] for key in node.keys]  # type: ignore[index, union-attr]
        for node in nodes
        if isinstance(node, ir.Split)
    ]
    assert sorted(weights) == [[Fraction(1, 2)] * 2, [Fraction(3, 5), Fraction(2, 5)]]
    (list_,) = (node for node in nodes if isinstance(node, ir.Allocate))
    assert [item.of_rest for item in list_.items] == [False, False, True, False]
    source = Source(f"statute.{language}.coop", TEXTS[language], language)
    made = format_source(source, WORLD, Report())
    assert made is not None and USUAL[language] in made
    again = tried(made, WORLD, language)[0]
    assert again is not None and again.program.shape == statute.program.shape


@pytest.mark.parametrize("language", sorted(GROUPS))
def test_members_among_workers_are_read_as_they_are_said(language: str) -> None:
    said, usual = GROUPS[language]
    keyword = WORLD.words(language).keywords["DEFINE"][0]
    head = "".join(TEXTS[language].splitlines(keepends=True)[:3])
    made = format_source(
        Source(f"statute.{language}.coop", f"{head}{keyword} heads = {said}\n", language),
        WORLD,
        Report(),
    )
    assert made == f"{head}{keyword} heads = {usual}\n"
    assert tried(made, WORLD, language)[0] is not None


@pytest.mark.parametrize(
    ("first", "reads"),
    [("60% by hours\n  60% by salary\n  rest equally", False), ("rest by hours", False)],
)
def test_a_rest_of_nothing_is_told(first: str, reads: bool) -> None:
    text = f'statute "A"\ncurrency EUR\nin force from 2024-01-01\nshare surplus among workers\n  {first}\n'
    statute, report = tried(text, WORLD)
    assert (statute is not None) is reads
    assert "N216" in [one.code for one in report.in_order()]


def test_a_title_is_read_as_a_name_only_where_it_begins_as_no_phrase_of_the_language() -> None:
    """Any account of each person would be refused where one of them is called ``of person``."""
    text = (
        'statute "A"\ncurrency EUR\nin force from 2024-01-01\n'
        'account savings of person "of person"\naccount rest_of_it\n'
        "share 10% of surplus among workers to savings of person by hours\n"
        "allocate 90% of surplus\n  10% to rest_of_it\n  rest to reserves\n  losses to reserves\n"
    )
    statute, report = tried(text, WORLD)
    assert statute is not None, [WORLD.words("en").message(one) for one in report.in_order()]
