"""`coopfx new`: a first statute by question and answer; nothing of others is lost, nothing half written."""

import os
import pty
import re
import select
import shutil
import sys
import time
import tomllib
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.plugged.hookspecs import Model, hookimpl
from coopfx.plugged.world import Found, load_world
from coopfx.starts.table import TableError, read_table

LANGUAGES = {"plain": "en", "fr.scop.sarl": "fr", "fr.scop.sa": "fr", "fr.scic.sas": "fr"} | {
    "es.euskadi.trabajo": "es",
    "it.lavoro.srl": "it",
}
TOLD = re.compile(r"^\w+ ([A-Z]\d{3}) ", re.MULTILINE)
OPEN = re.compile(r"P958 .*\n\s+\S*answers\.toml:(\d+)")


def coopfx(*arguments: str, plugins: Any = None) -> Result:
    return CliRunner().invoke(cli, arguments, obj=plugins)


def begun(folder: Path, *more: str, model: str = "fr.scop.sarl", lang: str = "fr") -> Result:
    return coopfx("--lang", lang, "new", str(folder), "--model", model, *more)


@pytest.fixture(scope="module")
def begun_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun") / "les-tilleuls"
    assert begun(folder, "--defaults").exit_code == 0
    return folder


@pytest.fixture
def bakery(begun_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun_once, tmp_path / begun_once.name))


def told(result: Result) -> list[str]:
    return TOLD.findall(result.output)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def answer(folder: Path, **answers: str) -> None:
    """Write answers into the file that keeps them, as somebody would by hand."""
    path = folder / "answers.toml"
    text = path.read_text("utf-8")
    for key, value in answers.items():
        text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
        assert count == 1, key
    path.write_text(text, "utf-8")


# ---- clean at once


@pytest.mark.parametrize("model", LANGUAGES)
def test_what_is_begun_with_what_is_proposed_is_lawful_and_clean(
    model: str, tmp_path: Path
) -> None:
    folder = tmp_path / "coop"
    made = begun(folder, "--defaults", model=model, lang=LANGUAGES[model])
    assert made.exit_code == 0 and not told(made), made.output
    checked = coopfx("check", str(folder), "--prove", "--time-limit", "60000")
    assert checked.exit_code == 0 and not told(checked), checked.output
    tested = coopfx("test", str(folder), "--lang", "en")
    assert tested.exit_code == 0 and "2 of 2 examples passed." in tested.output
    statute = (folder / f"statute.{LANGUAGES[model]}.coop").read_text("utf-8")
    assert model in statute
    assert any(f"{mark}Coop" in statute.replace(" ", "") for mark in '"«')
    page = (folder / "README.md").read_text("utf-8")
    assert page.startswith("# Coop\n") and "answers.toml" in page and "new.readme" not in page


def test_what_is_written_is_laid_out_and_is_written_once(bakery: Path) -> None:
    assert coopfx("fmt", "--check", str(bakery)).exit_code == 0
    before = files(bakery)
    again = coopfx("--lang", "fr", "new", str(bakery), "--defaults")
    assert again.exit_code == 0 and "rien à changer" in " ".join(again.output.split())
    with chdir(bakery):
        again = coopfx("--lang", "fr", "new", ".", "--defaults")
        assert "rien à changer" in " ".join(again.output.split())
    assert files(bakery) == before
    assert str(bakery.parent) not in (bakery / "README.md").read_text("utf-8")


def test_a_reader_of_another_language_gets_the_statute_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "the-oven"
    assert begun(folder, "--defaults", lang="en").exit_code == 0
    statute = (folder / "statute.en.coop").read_text("utf-8")
    assert "based on fr.scop.sarl" in statute and 'article 33-1 "The rates"' in statute
    assert "decide work_rate between 25% and 84% otherwise 25%" in statute
    assert not told(coopfx("check", str(folder)))
    year = next(folder.glob("*/cooperative.toml")).read_text("utf-8")
    assert '# surplus = ""' in year and "no zero" in year


def test_under_no_law_the_currency_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / "oven"
    given = tmp_path / "answers.toml"
    given.write_text('model = "plain"\ncurrency = "CAD"\n', "utf-8")
    made = coopfx("--lang", "en", "new", str(folder), "--answers", str(given), "--defaults")
    assert made.exit_code == 0 and not told(made), made.output
    statute = (folder / "statute.en.coop").read_text("utf-8")
    assert "\ncurrency CAD\n" in statute and "expect work_share = 8 000 CAD" in statute
    assert not told(coopfx("check", str(folder)))


def test_the_first_year_is_filled_in_and_runs(bakery: Path) -> None:
    path = next(bakery.glob("*/cooperative.toml"))
    text = path.read_text("utf-8")
    header = re.search(r"#   (id;.*)", text)
    assert header is not None
    for name, value in (("excédent", 10000), ("capital_le_plus_haut", 30000)):
        text, count = re.subn(rf'(?m)^# "?{name}"? = ""', f'"{name}" = {value}', text)
        assert count == 1
    text = re.sub(r'(?m)^# "réserves.légale" = ""', '"réserves.légale" = 29000', text)
    path.write_text(text, "utf-8")
    empty = coopfx("run", str(bakery), "--parts")
    assert "personne, ligne" not in empty.output and "2 500,00" in empty.output.replace(
        "\u202f", " "
    )
    columns = header[1].split(";")
    row = {"id": "ana", "salarié": "oui", "associé": "oui", "présence": "12", "ancienneté": "60"}
    cells = [row.get(name, "1000") for name in columns]
    (path.parent / "people.csv").write_text(f"{header[1]}\n{';'.join(cells)}\n", "utf-8")
    ran = coopfx("run", str(bakery), "--parts")
    assert "ana" in ran.output and "D7" not in ran.output


# ---- one may stop anywhere


def test_half_the_answers_leave_the_others_to_be_decided(tmp_path: Path) -> None:
    given = tmp_path / "decided.toml"
    given.write_text(
        'model = "fr.scop.sarl"\nname = "Les Tilleuls"\nin_force = 2026-01-01\n'
        'first_closing = 2026-12-31\ndevelopment_rate = "5 %"\nwork_rate_by = "statute"\n'
        'work_rate = "45 %"\npay_scale = true\n',
        "utf-8",
    )
    folder = tmp_path / "tilleuls"
    made = coopfx("--lang", "fr", "new", str(folder), "--answers", str(given))
    assert made.exit_code == 0, made.output
    checked = coopfx("check", str(folder))
    assert checked.exit_code == 0 and set(told(checked)) == {"P958"}
    kept = (folder / "answers.toml").read_text("utf-8")
    lines = kept.split("\n")
    places = OPEN.findall(checked.output)
    open_ = [lines[int(line) - 1].partition(" =")[0] for line in places]
    # What follows from an open answer is asked once there is one.
    assert open_ == ["keys", "seniority", "interest_by", "highest_pay", "teams"]
    assert all(f'\n{key} = ""' in kept for key in open_)
    statute = (folder / "statute.fr.coop").read_text("utf-8")
    assert "définir taux_du_travail = 45 %" in statute and "article 33-3" not in statute
    assert "écart_des_salaires : salaire_temps_plein <= 3" in statute
    page = (folder / "README.md").read_text("utf-8")
    assert "## Ce qui reste à décider" in page and "d'ici là" in page
    with chdir(folder):
        assert "coopfx new ." in coopfx().output
    answer(folder, keys='"hours"', seniority="false", interest_by='"none"', highest_pay='"4"')
    answer(folder, teams="false")
    again = coopfx("new", str(folder), "--answers", str(folder / "answers.toml"))
    assert again.exit_code == 0 and not told(again), again.output
    statute = (folder / "statute.fr.coop").read_text("utf-8")
    assert "selon heures" in statute and "<= 4" in statute
    assert not told(coopfx("check", str(folder)))


def test_without_a_model_the_question_alone_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "coop"
    made = coopfx("--lang", "it", "new", str(folder), "--defaults")
    assert told(made) == ["P958"] and made.exit_code == 0
    assert list(files(folder)) == ["answers.toml"]
    text = (folder / "answers.toml").read_text("utf-8")
    assert 'model = ""' in text and "it.lavoro.srl" in text
    answer(folder, model='"it.lavoro.srl"')
    made = coopfx("--lang", "it", "new", str(folder), "--defaults")
    assert made.exit_code == 0 and (folder / "statute.it.coop").is_file()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('work_rate = "20 %"', "D704"),
        ('work_rate = "much"', "D703"),
        ('keys = "wages"', "D770"),
        ('in_force = "soon"', "D703"),
        ('kyes = "hours"', "D772"),
        ("model = [", "D710"),
    ],
)
def test_an_answer_that_is_none_is_told_and_nothing_is_written(
    line: str, code: str, tmp_path: Path
) -> None:
    given = tmp_path / "answers.toml"
    head = 'model = "fr.scop.sarl"\nwork_rate_by = "statute"\n'
    given.write_text(line if code == "D710" else f"{head}{line}\n", "utf-8")
    made = coopfx("--lang", "en", "new", str(tmp_path / "coop"), "--answers", str(given))
    assert code in told(made), made.output
    if code != "D772":
        assert made.exit_code == 2 and not (tmp_path / "coop").exists()


# ---- on a terminal


@pytest.fixture
def typed(tmp_path: Path) -> Callable[..., str]:
    """Type answers at the prompts of `coopfx new`, and return what the terminal shows."""

    def run(folder: Path, *answers: str) -> str:
        command = [sys.executable, "-m", "coopfx", "--lang", "fr", "new", str(folder)]
        process, terminal = pty.fork()
        if process == 0:  # pragma: no cover, another process
            os.execv(command[0], command)
        shown = b""
        for one in answers:
            at, until = len(shown), time.monotonic() + 60
            while not shown[at:].endswith(b"] > "):
                assert time.monotonic() < until, shown.decode()
                if select.select([terminal], [], [], 1)[0]:
                    shown += os.read(terminal, 65536)
            os.write(terminal, b"\x04" if one == "^D" else one.encode() + b"\n")
        while True:
            try:
                more = os.read(terminal, 65536)
            except OSError:
                break
            if not more:
                break
            shown += more
        os.waitpid(process, 0)
        os.close(terminal)
        return shown.decode().replace("\r", "")

    return run


def test_at_a_terminal_one_answers_stops_and_goes_on(
    typed: Callable[..., str], tmp_path: Path
) -> None:
    folder = tmp_path / "tilleuls"
    said = typed(
        folder, "fr.scop.sarl", "Les Tilleuls", "1/1/2025", "", "5", "beaucoup", "2", "45", "^D"
    )
    assert "article 33-2 du modèle" in said and "D770" in said, said
    kept = tomllib.loads((folder / "answers.toml").read_text("utf-8"))
    assert (kept["name"], kept["work_rate"], kept["keys"]) == ("Les Tilleuls", "45 %", "")
    assert kept["in_force"].isoformat() == "2025-01-01"
    # Enter keeps what is answered, and takes what is proposed of the rest.
    said = typed(folder, *[""] * 7, "hours", *[""] * 6)
    again = tomllib.loads((folder / "answers.toml").read_text("utf-8"))
    assert {key: again[key] for key, value in kept.items() if value and key != "written"} == {
        key: value for key, value in kept.items() if value and key != "written"
    }
    assert (again["keys"], again["teams"]) == ("hours", False)
    assert not told(coopfx("check", str(folder)))


def test_an_answer_that_is_none_in_the_file_is_asked_again_and_loses_no_other(
    typed: Callable[..., str], bakery: Path
) -> None:
    answer(bakery, keys='"wages"')
    said = typed(bakery, *[""] * 9, "hours", "^D")
    assert said.count("D770") == 1 and "answers.toml" in said, said
    unbroken = "".join(said.split())  # a long path goes on on the next line
    assert unbroken.index("D770") < unbroken.index("statute.fr.coop"), "not at the end"
    kept = tomllib.loads((bakery / "answers.toml").read_text("utf-8"))
    assert kept["keys"] == "hours"
    assert "selon heures" in (bakery / "statute.fr.coop").read_text("utf-8")


# ---- the next year


def test_other_answers_from_another_day_make_a_new_version(bakery: Path) -> None:
    first = (bakery / "statute.fr.coop").read_bytes()
    (since,) = re.findall(r"in_force = (\d{4})-01-01", (bakery / "answers.toml").read_text("utf-8"))
    year = int(since)
    answer(
        bakery, keys='"equally"', in_force=f"{year + 1}-01-01", first_closing=f"{year + 1}-12-31"
    )
    made = coopfx("new", str(bakery), "--defaults")
    assert made.exit_code == 0 and not told(made), made.output
    assert (bakery / f"statute.{year}.fr.coop").read_bytes() == first
    assert "à parts égales" in (bakery / "statute.fr.coop").read_text("utf-8")
    checked = coopfx("check", str(bakery))
    assert checked.exit_code == 0 and not told(checked), checked.output
    for one, said in ((year, "selon salaire"), (year + 1, "à parts égales")):
        path = bakery / str(one) / "cooperative.toml"
        path.write_text(
            path.read_text("utf-8").replace('# "excédent" = ""', '"excédent" = 9'), "utf-8"
        )
        ran = coopfx("run", str(bakery), str(one))
        assert f"1er janvier {one}" in ran.output.replace("\u00a0", " "), said


def test_the_same_day_mends_the_statute_in_its_place(bakery: Path) -> None:
    answer(bakery, development_rate='"4 %"', most_work_rate='"70 %"')
    assert coopfx("new", str(bakery), "--defaults").exit_code == 0
    assert [one.name for one in bakery.glob("statute*")] == ["statute.fr.coop"]
    statute = (bakery / "statute.fr.coop").read_text("utf-8")
    assert "4 % à réserves.développement" in statute and "25 % et 70 %" in statute


# ---- nothing of others is lost


def test_a_statute_changed_by_hand_is_not_written_over(bakery: Path) -> None:
    path = bakery / "statute.fr.coop"
    path.write_text(path.read_text("utf-8") + "\n# voté en mai\n", "utf-8")
    answer(bakery, keys='"hours"')
    before = files(bakery)
    made = coopfx("new", str(bakery), "--defaults")
    assert made.exit_code == 2 and told(made) == ["P959"] and files(bakery) == before
    # As the message advises: from another day on, what was written by hand is an older version.
    answer(bakery, in_force="2028-01-01", first_closing="2028-12-31")
    made = coopfx("new", str(bakery), "--defaults")
    assert made.exit_code == 0, made.output
    (older,) = bakery.glob("statute.2*.fr.coop")
    assert older.read_bytes() == before["statute.fr.coop"]


def test_an_older_version_takes_no_name_that_another_has(bakery: Path) -> None:
    written = (bakery / "statute.fr.coop").read_text("utf-8")
    (day,) = re.findall(r"en vigueur depuis (\d{4}-\d\d-\d\d)", written)
    taken = (f"statute.{day[:4]}.fr.coop", f"statute.{day}.fr.coop")
    for name, older in zip(taken, ("2010-01-01", "2012-01-01"), strict=True):
        (bakery / name).write_text(written.replace(day, older) + "\n# voté\n", "utf-8")
    before = files(bakery)
    answer(bakery, in_force="2038-01-01", first_closing="2038-12-31")
    made = coopfx("new", str(bakery), "--defaults")
    assert made.exit_code == 0, made.output
    after = files(bakery)
    assert [after[name] for name in taken] == [before[name] for name in taken]
    assert after[f"statute.{day}-2.fr.coop"] == before["statute.fr.coop"]


def test_answers_that_cannot_be_read_are_told_by_a_check(bakery: Path) -> None:
    (bakery / "answers.toml").write_text("model = [\n", "utf-8")
    checked = coopfx("check", "--fast", str(bakery))
    assert told(checked) == ["D710"] and "answers.toml:1" in checked.output
    assert checked.exit_code == 1


def test_what_stands_beside_stays(bakery: Path) -> None:
    (bakery / "README.md").write_text("ours\n", "utf-8")
    settings = bakery / "coopfx.toml"
    settings.write_text("# ours\n" + settings.read_text("utf-8"), "utf-8")
    (bakery / "notes.txt").write_text("notes", "utf-8")
    answer(bakery, pay_scale="true")
    assert coopfx("new", str(bakery), "--defaults").exit_code == 0
    assert (bakery / "README.md").read_text("utf-8") == "ours\n"
    text = settings.read_text("utf-8")
    assert text.startswith("# ours\n") and tomllib.loads(text)["names"]["pay_ratio"]
    assert (bakery / "notes.txt").is_file() and not told(coopfx("check", str(bakery)))


def test_a_statute_that_was_not_begun_so_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "statute.en.coop").write_text(
        'statute "Oven"\ncurrency EUR\nin force from 2024-01-01\n', "utf-8"
    )
    before = files(tmp_path)
    made = begun(tmp_path, "--defaults", lang="en")
    assert made.exit_code == 2 and told(made) == ["P968"] and files(tmp_path) == before


def test_what_fails_half_way_leaves_all_as_it_was(
    bakery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(bakery, keys='"hours"')
    before = files(bakery)
    renamed, own = [], Path.rename

    def rename(path: Path, target: Path) -> Path:
        renamed.append(target)
        if len(renamed) == 3:
            raise OSError(28, "no room")
        return own(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    made = coopfx("new", str(bakery), "--defaults")
    assert made.exit_code == 2 and told(made) == ["P980"] and files(bakery) == before


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "coop").write_text("mine", "utf-8")
    made = begun(tmp_path / "coop", "--defaults")
    assert made.exit_code == 2 and told(made) == ["P915"]
    assert (tmp_path / "coop").read_text("utf-8") == "mine"


def test_a_link_is_not_written_through(bakery: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.coop"
    (bakery / "statute.fr.coop").rename(target)
    (bakery / "statute.fr.coop").symlink_to(target)
    answer(bakery, keys='"hours"')
    text = target.read_bytes()
    made = coopfx("new", str(bakery), "--defaults")
    assert made.exit_code == 2 and told(made) == ["P950"] and target.read_bytes() == text


# ---- a stranger's model

OVEN = """statute "A model"
currency CAD
in force from 2020-01-01

article 1 "Sharing"
  allocate surplus
    10% to reserves.legal
    rest to reserves.development
    losses to losses_brought_forward
"""
QUESTIONS = """
[[questions]]
key = "saved"
kind = "percentage"
article = "1"
default = "10 %"
low = "10 %"
high = "50 %"

[[articles]]
number = "1"
[[articles.parts]]
text = '''
replace article 1 "{say.sharing}"
  allocate surplus
    {saved} to reserves.legal
    {100 % - saved} to reserves.development
    losses to losses_brought_forward
'''

[[examples]]
[[examples.parts]]
text = '''
example "{say.sharing}"
  given surplus = 1 000.50 CAD
  expect reserves.legal = {?}
'''
"""
WORDS = """
title = "Oven"
[questions.saved]
text = "How much is saved?"
[said]
sharing = "Sharing"
"""


def stranger(questions: str = QUESTIONS, words: str = WORDS) -> list[tuple[Found, ModuleType]]:
    module = ModuleType("ovens")

    def coopfx_models() -> list[Model]:
        return [Model("my.oven", "oven.en.coop", "en", OVEN, 2, questions, {"en": words})]

    module.coopfx_models = hookimpl(coopfx_models)  # type: ignore[attr-defined]
    return [(Found("ovens", "ovens", "ovens", "1.0"), module)]


def test_a_strangers_model_brings_its_own_questions(tmp_path: Path) -> None:
    asked = ("--lang", "en", "new", str(tmp_path / "oven"), "--model", "my.oven", "--defaults")
    made = coopfx(*asked, plugins=stranger())
    assert made.exit_code == 0 and not told(made), made.output
    statute = (tmp_path / "oven" / "statute.en.coop").read_text("utf-8")
    assert "10% to reserves.legal\n    90% to" in statute
    assert "expect reserves.legal = 100.05 CAD" in statute
    page = (tmp_path / "oven" / "README.md").read_text("utf-8")
    assert "| How much is saved? | 10% | article 1 of the model |" in page
    shown = coopfx("laws", "my.oven", "--lang", "en", plugins=stranger()).output
    assert 'statute "A model"' in shown and "How much is saved? (article 1 of the model)" in shown


@pytest.mark.parametrize(
    "questions",
    [
        "[[questions",
        QUESTIONS.replace("{say.sharing}", "{say.other}"),
        QUESTIONS.replace("reserves.legal = {?}", "surplus > {?}"),
    ],
)
def test_a_table_that_is_amiss_is_told_by_its_plugin(questions: str, tmp_path: Path) -> None:
    asked = ("new", str(tmp_path / "oven"), "--model", "my.oven", "--defaults", "--lang", "en")
    made = coopfx(*asked, plugins=stranger(questions))
    assert made.exit_code == 2 and "P969" in told(made), made.output
    assert "ovens 1.0" in made.output and not (tmp_path / "oven").exists()
    assert "new.problem" not in made.output


@pytest.mark.parametrize(
    "questions",
    [
        "[other]",
        QUESTIONS.replace('kind = "percentage"', 'kind = "part"'),
        QUESTIONS.replace('key = "saved"', 'key = "kept"'),
        QUESTIONS.replace('low = "10 %"', 'low = "ten"'),
        QUESTIONS.replace('low = "10 %"', 'low = "10 % *"'),
        QUESTIONS.replace('default = "10 %"', "default = true"),
        QUESTIONS + '[[questions]]\nkey = "saved"\nkind = "text"\n',
        QUESTIONS + "[names]\nx = 1\n",
        QUESTIONS.replace('kind = "percentage"', 'kind = "text"').replace('default = "10 %"', ""),
    ],
)
def test_each_mistake_of_a_table_is_said_in_every_language(questions: str) -> None:
    with pytest.raises(TableError) as refused:
        read_table(questions)
    world = load_world(Report())
    said = {world.words(one).show(refused.value.said) for one in ("en", "fr", "es", "it")}
    assert len(said) == 4 and not any("new.problem" in one or "{" in one for one in said)


def test_a_piece_that_is_no_statute_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = QUESTIONS.replace("allocate surplus", "allocate surpluss")
    asked = ("new", str(tmp_path / "oven"), "--model", "my.oven", "--defaults", "--lang", "en")
    made = coopfx(*asked, plugins=stranger(wrong))
    assert made.exit_code == 2 and told(made) and not (tmp_path / "oven").exists()
