"""People called by their names: in an explanation, in formats that name people, and nowhere else."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli

QUARTET = Path(__file__).parents[2] / "policies" / "quartet"
NAMES = "id;nom\namina;Amina Bakr\nbruno;Bruno Le Guen\nchloe;Chloé Rey\ndavid;David Roy\n"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    file = tmp_path / "names.csv"
    file.write_text(NAMES, "utf-8")
    return file


def explain(*arguments: object) -> Result:
    given = ["explain", QUARTET, "2024", *arguments, "--lang", "fr"]
    return CliRunner().invoke(cli, list(map(str, given)))


@pytest.mark.parametrize("form", ["text", "prose"])
def test_an_explanation_calls_people_by_their_names(names: Path, form: str) -> None:
    with_names = explain("work_share of amina", "--names", names, "--format", form)
    without = explain("work_share of amina", "--format", form)
    assert with_names.exit_code == 0 and not with_names.stderr
    assert "Amina Bakr" in with_names.output and "amina" not in with_names.output
    assert "amina" in without.output and "Bakr" not in without.output


def test_only_people_are_renamed_and_no_text_that_reads_like_an_identifier(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text(NAMES + "2;Article Deux\n19;Ligne Dixneuf\n", "utf-8")
    shown = explain("work_share of amina", "--names", file)
    assert "Deux" not in shown.stdout and "article 2, ligne 19" in shown.stdout
    assert "D753" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", QUARTET, "2024", "work_share of amina", "--format", "json"), "not as json"),
        (("explain", QUARTET, "--missing"), "--missing"),
        (("run", QUARTET, "--format", "json"), "--names is not for json"),
        (("run", QUARTET), "--names is not for text"),
    ],
    ids=["explained as json", "missing", "run as json", "run as text"],
)
def test_names_are_refused_where_nothing_would_show_them(
    names: Path, arguments: tuple[object, ...], said: str
) -> None:
    ended = CliRunner().invoke(cli, [*map(str, arguments), "--names", str(names), "--lang", "en"])
    assert ended.exit_code == 2 and said in ended.stderr and not ended.stdout
