"""The French model statutes: their own examples reach every clause and notice every change."""

from pathlib import Path

import packs
import pytest

import coopfx_fr

MODELS = sorted((Path(coopfx_fr.__file__).parent / "models").glob("*.coop"))
# A smaller half, and no part at all, leave the same money to a line below, which fills the same reserve.
SAME = {"scic.sarl.fr.coop": {"50% → 49%"}, "scop.sarl.fr.coop": {"1% → 0%"}}


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_a_model_is_held_by_its_examples(model: Path) -> None:
    assert packs.unnoticed_changes(model) == SAME.get(model.name, set())


@pytest.mark.parametrize("form", ["sarl", "sa", "sas"])
def test_a_statute_that_starts_from_a_scop_stands_under_its_law(form: str) -> None:
    assert packs.laws_with(f"fr.scop.{form}") == ("fr.cooperation", "fr.scop")


@pytest.mark.parametrize("form", ["sarl", "sas"])
def test_a_statute_that_starts_from_a_scic_stands_under_its_law(form: str) -> None:
    assert packs.laws_with(f"fr.scic.{form}") == ("fr.cooperation", "fr.scic")
