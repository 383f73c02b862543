"""The French model statutes: their own examples reach every clause and notice every change."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import coopfx_fr
from coopfx.apps.cli.main import cli

FOLDER = Path(coopfx_fr.__file__).parent / "models"
# A smaller half leaves the same money to the line below it, which fills the same reserve.
SAME = {("scic.sarl.fr.coop", "50 % → 49 %")}


@pytest.mark.parametrize("model", sorted(path.name for path in FOLDER.glob("*.coop")))
def test_a_model_is_held_by_its_examples(model: str, tmp_path: Path) -> None:
    copied = tmp_path / f"statuts.{model}"
    copied.write_bytes((FOLDER / model).read_bytes())
    options = ("--coverage", "--mutate", "--format", "json")
    ended = CliRunner().invoke(cli, ["test", str(copied), *options])
    assert ended.exit_code == 0, ended.output
    found = json.loads(ended.stdout)
    assert found["examples"] and not found["diagnostics"]
    assert found["coverage"]["reached"] == found["coverage"]["count"]
    unnoticed = {
        (model, change["message"].replace("\N{NO-BREAK SPACE}", " "))
        for change in found["mutation"]["changes"]
        if not change["noticed"]
    }
    assert unnoticed == {pair for pair in SAME if pair[0] == model}
