"""The Spanish laws: which keys they permit, which funds are indivisible; the model statutes."""

from pathlib import Path

import packs
import pytest

import coopfx_es

FUNDS = (("es.cooperativas", "education_fund"), ("es.euskadi", "cofip"))
MODELS = sorted((Path(coopfx_es.__file__).parent / "models").glob("*.coop"))


@pytest.mark.parametrize(("law", "fund"), FUNDS)
@pytest.mark.parametrize(("group", "keys", "codes"), packs.BY_WORK)
def test_the_return_goes_by_work(
    law: str, fund: str, group: str, keys: str, codes: list[str]
) -> None:
    assert packs.told_of_work_share(law, fund, group, keys) == codes


@pytest.mark.parametrize(
    ("law", "account"), [*FUNDS, *((law, "reserves.legal") for law, _ in FUNDS)]
)
def test_the_compulsory_funds_are_indivisible(law: str, account: str) -> None:
    world = packs.installed()
    assert packs.told(f"  share closing {account} among members equally\n", law, world) == ["M404"]
    other = packs.told("  share reserves.development among members equally\n", law, world)
    assert other == ["M443"], "nothing feeds it here; it may be shared"


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_a_model_is_held_by_its_examples(model: Path) -> None:
    # A return that asks for more than is left receives what is left; the proofs notice.
    assert packs.unnoticed_changes(model) == {"without `at most`"}


def test_a_statute_that_starts_from_a_model_stands_under_its_law() -> None:
    assert packs.laws_with("es.euskadi.trabajo") == ("es.euskadi",)


@pytest.mark.parametrize(
    ("closing", "to_reserve", "verdict", "admission"),
    [
        ("2026-04-09", "800", "cumplida", "incumplida"),
        ("2026-04-09", "799,99", "incumplida", "incumplida"),
        ("2026-04-10", "400", "cumplida", "no aplicable"),
        ("2026-04-10", "399,99", "incumplida", "no aplicable"),
    ],
)
def test_the_law_of_2026_holds_from_its_day(
    closing: str, to_reserve: str, verdict: str, admission: str
) -> None:
    text = f"""estatutos «Un año» regidos por es.cooperativas
moneda EUR
en vigor desde {closing}
artículo 1 «Casos»
ejemplo «acuerdos intercooperativos»
  dado resultados_intercooperativos = 800 €,
    resultados_intercooperativos_en_la_reserva = {to_reserve} €
  se obtiene resultados_intercooperativos_a_la_reserva {verdict}
ejemplo «un asalariado que no se admite»
  dado admisiones_denegadas = 1
  dado persona | trabajador | socio | horas | fuera_del_cómputo
    ana | sí | sí | 1 000 | no
    ben | sí | no | 301 | no
  se obtiene admisión_de_asalariados {admission}
"""
    assert packs.unexpected(text, "es") == []
