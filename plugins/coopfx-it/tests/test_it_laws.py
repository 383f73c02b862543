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
