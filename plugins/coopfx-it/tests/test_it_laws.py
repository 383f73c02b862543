"""The Italian laws: which keys they permit, which reserves are indivisible; the model statutes."""

from pathlib import Path

import packs
import pytest

import coopfx_it

LAWS = ("it.cooperative", "it.lavoro")
MODELS = sorted((Path(coopfx_it.__file__).parent / "models").glob("*.coop"))


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(("group", "keys", "codes"), packs.BY_WORK)
def test_refunds_go_by_work(law: str, group: str, keys: str, codes: list[str]) -> None:
    assert packs.told_of_work_share(law, "mutual_funds", group, keys) == codes


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("account", ["reserves", "reserves.legal", "reserves.development"])
def test_reserves_are_indivisible(law: str, account: str) -> None:
    text = f"  define pot = opening {account}\n  share pot among members equally\n"
    assert packs.told(text, law, packs.installed()) == ["M404"]


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_a_model_is_held_by_its_examples(model: Path) -> None:
    assert packs.unnoticed_changes(model) == set()


def test_a_statute_that_starts_from_a_model_stands_under_its_laws() -> None:
    assert packs.laws_with("it.lavoro.srl") == ("it.cooperative", "it.lavoro")


@pytest.mark.parametrize(
    ("closing", "held", "verdict"),
    [
        ("2023-12-31", "140 000", "violata"),
        ("2024-10-17", "100 000", "rispettata"),
        ("2024-10-17", "100 000,01", "violata"),
        ("2024-10-18", "143 800", "rispettata"),
        ("2024-10-18", "143 800,01", "violata"),
        ("2025-12-31", "140 000", "rispettata"),
    ],
)
def test_a_member_holds_what_the_limit_of_the_day_allows(
    closing: str, held: str, verdict: str
) -> None:
    text = f"""statuto «Un socio» retto da it.cooperative
valuta EUR
in vigore dal {closing}
articolo 1 «Quote»
esempio «una persona fisica»
  posto persona | socio | quote_possedute | fuori_dal_limite | quote_fuori_dal_limite
    anna | sì | {held} | no | 0
  si ottiene quota_entro_il_limite {verdict}
"""
    assert packs.unexpected(text, "it") == []
    other = "violata" if verdict == "rispettata" else "rispettata"
    assert packs.unexpected(text.replace(verdict, other), "it") == ["E607"]
