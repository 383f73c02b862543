"""Names from a file of their own: on the papers and nowhere else, and every mistake in them told."""

from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner, Result
from meeting_papers import POLICIES
from test_papers import Opened, read_back

from coopfx.apps.cli.main import cli

HOSTILE = '<script>alert(1)</script> #panic("x") $x$ *b*'


def made(tmp_path: Path, names: str, *options: str, language: str = "en") -> tuple[Path, Result]:
    """The folder of Quartet's papers, and how the command ended."""
    file, folder = tmp_path / "names.csv", tmp_path / "papers"
    file.write_text(names, "utf-8")
    arguments = ["papers", str(POLICIES / "quartet"), "2024", "--output", str(folder)]
    return folder, CliRunner().invoke(
        cli, [*arguments, "--names", str(file), "--lang", language, *options]
    )


def names(**given: str) -> str:
    """A file of names for everyone of Quartet, some of them given."""
    whole = {"amina": "Amina", "bruno": "Bruno", "chloe": "Chloé", "david": "David", **given}
    lines = [f'{key},"{name.replace(chr(34), chr(34) * 2)}"' for key, name in whole.items()]
    return "\n".join(["id,name", *lines]) + "\n"


def test_statements_call_people_by_name_and_markup_stays_text(tmp_path: Path) -> None:
    folder, ended = made(tmp_path, names(amina=HOSTILE))
    assert ended.exit_code == 0 and "warning" not in ended.output, ended.output
    opened = Opened((folder / "statements" / "amina.html").read_text("utf-8"))
    assert "script" not in opened.tags
    assert f"Statement of {HOSTILE}" in opened.text
    assert f"{HOSTILE} receives" in opened.text
    set_page = read_back((folder / "statements" / "amina.pdf").read_bytes())
    assert "".join(HOSTILE.split()) in set_page


def test_names_stand_on_the_statements_and_on_the_list_of_members_alone(tmp_path: Path) -> None:
    folder, ended = made(tmp_path, names(amina="Zénaïde Quelconque"))
    assert "Zénaïde" not in ended.output
    named = {
        file.name
        for file in folder.rglob("*")
        if file.is_file()
        and (
            "Zénaïde" in read_back(file.read_bytes())
            if file.suffix == ".pdf"
            else "Zénaïde".encode() in file.read_bytes()
        )
    }
    assert named - {"minutes.pdf", "minutes.docx", "minutes.md"} == {"amina.pdf", "amina.html"}


@pytest.mark.parametrize(
    ("language", "head", "title"),
    [("fr", "Nom et prénom", "Relevé d’Élodie"), ("es", "Nombre", "Extracto de Élodie")],
)
def test_columns_have_the_name_of_any_language(
    tmp_path: Path, language: str, head: str, title: str
) -> None:
    table = f"Matricule;{head};Courriel\namina;Élodie\n  Roy;a@b.example\n"
    folder, ended = made(
        tmp_path, table.replace("Élodie\n  Roy", '"Élodie\n  Roy"'), language=language
    )
    page = (folder / "statements" / "amina.html").read_text("utf-8")
    assert f"{title} Roy</h1>" in page
    assert "D752" in ended.output and "D734" not in ended.output


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("id,name\namina,Amina\namina,Autre\n", {"D705"}),
        ("name\nAmina\n", {"D712"}),
        ("id,colour\namina,red\n", {"D751"}),
        ("id,name\namina,\n", {"D751"}),
        ('id,name\namina,"Amina\n', {"D713"}),
    ],
)
def test_a_file_that_gives_no_names_is_told_and_nothing_is_written(
    tmp_path: Path, written: str, codes: set[str]
) -> None:
    folder, ended = made(tmp_path, written)
    assert ended.exit_code == 2 and not folder.exists()
    assert all(code in ended.output for code in codes), ended.output


def test_who_is_unknown_or_has_no_name_is_told(tmp_path: Path) -> None:
    folder, ended = made(tmp_path, "id,name\naminna,Amina\nbruno,Bruno\n")
    assert ended.exit_code == 0 and folder.exists()
    assert "D753" in ended.output and "Was `amina` meant?" in ended.output
    assert "D752" in ended.output and "`amina`" in ended.output
    page = (folder / "statements" / "amina.html").read_text("utf-8")
    assert "Statement of amina" in page


def test_an_anonymous_paper_takes_no_names(tmp_path: Path) -> None:
    folder, ended = made(tmp_path, names(), "--anonymous")
    assert ended.exit_code == 2 and "papers.E03" in ended.output and not folder.exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    arguments = ["papers", str(POLICIES / "quartet"), "--output", str(tmp_path / "papers")]
    ended = CliRunner().invoke(cli, [*arguments, "--names", str(tmp_path / "none.csv")])
    assert ended.exit_code == 2 and "P901" in ended.output


@pytest.mark.parametrize("kept", ["names.csv", "../names.csv", "none.csv", "../../names.csv"])
def test_the_settings_give_names_where_the_command_gives_none(tmp_path: Path, kept: str) -> None:
    policy, folder = tmp_path / "house" / "quartet", tmp_path / "papers"
    copytree(POLICIES / "quartet", policy)
    settings = policy / "coopfx.toml"
    settings.write_text(f"{settings.read_text('utf-8')}\n[papers]\nnoms = '{kept}'\n", "utf-8")
    if kept != "none.csv":
        (policy / kept).write_text(names(amina="Amina Bakr"), "utf-8")
    ended = CliRunner().invoke(
        cli, ["papers", str(policy), "2024", "--output", str(folder), "--lang", "en"]
    )
    page = (folder / "statements" / "amina.html").read_text("utf-8")
    found = kept in ("names.csv", "../names.csv")
    assert ("Statement of Amina Bakr" in page) is found
    assert ("papers.W11" in ended.output) is not found


def test_anonymous_papers_leave_the_settings_names_unread(tmp_path: Path) -> None:
    policy = tmp_path / "le-rabot"
    copytree(POLICIES / "le-rabot", policy)
    settings = policy / "coopfx.toml"
    settings.write_text(f"{settings.read_text('utf-8')}\n[papers]\nnames = 'n.csv'\n", "utf-8")
    (policy / "n.csv").write_text("id,name\nr01,Zoé Exemple\n", "utf-8")
    arguments = ["papers", str(policy), "--output", str(tmp_path / "papers"), "--anonymous"]
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code == 0 and "D752" not in ended.output
    assert "Zoé" not in (tmp_path / "papers" / "report.html").read_text("utf-8")
