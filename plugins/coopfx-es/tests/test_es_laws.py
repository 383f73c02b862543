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
    assert packs.told("  share reserves.development among members equally\n", law, world) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_a_model_is_held_by_its_examples(model: Path) -> None:
    # A return that asks for more than is left receives what is left; the proofs notice.
    assert packs.unnoticed_changes(model) == {"without `at most`"}


def test_a_statute_that_starts_from_a_model_stands_under_its_law() -> None:
    assert packs.laws_with("es.euskadi.trabajo") == ("es.euskadi",)
