"""Golden cases: each Markdown file under `cases/` holds a folder, commands, and what they answer.

A fenced block whose info string ends in a file name is a file of the folder. `encoding=cp1252` writes
it in that encoding, `newline=crlf` with such line ends, and a block of `hex` holds its bytes. A
`console` block holds a command line, then what it answers: exit status, standard output, standard
error. A block whose info string has `written` after the file's name shows the file as the commands
above it have left it; every other file stays as it was. `pytest --rewrite-cases` writes the answers
and those files anew.

A case is bad where an answer tells an error, and good where none does: the text is accepted, and a
year, an example or an explanation ends with status 0, or with 1 because a rule is violated.
"""

import re
import shlex
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli

CASES = Path(__file__).parent / "cases"
FENCED = re.compile(r"^```(?P<info>[^`\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
STATUTE = re.compile(r"^```coop \S*\bstatute\S*\.(en|fr|es|it)\.coop\b", re.MULTILINE)
ERROR = re.compile(r"^(?:error|erreur|errore) [A-Z]\d{3} ", re.MULTILINE)
STATUS = re.compile(r"^exit status (\d)$", re.MULTILINE)
SHOWN = re.compile(r"^\$ coopfx (?:run|test|explain|prove) ", re.MULTILINE)
IN_ALL, IN_EACH = 150, 30
NEWLINES = {"lf": "\n", "crlf": "\r\n"}


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize(
    "case",
    sorted(CASES.rglob("*.md")),
    ids=lambda case: case.relative_to(CASES).with_suffix("").as_posix(),
)
def test_a_case_answers_as_it_did(
    case: Path,
    tmp_path: Path,
    cache_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    golden: Callable[[Path, str], None],
) -> None:
    text = case.read_text("utf-8")
    write_folder(text, tmp_path)
    before = contents(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_folder))
    monkeypatch.setenv("NO_COLOR", "1")

    found = FENCED.sub(lambda block: answered(block, tmp_path), text)

    assert "```console" in found, "a case shows a command"
    assert str(tmp_path) not in found, "an answer names the machine's own folders"
    shown = {block["info"].split()[1] for block in FENCED.finditer(text) if is_written(block)}
    left = [
        {path: data for path, data in files.items() if path not in shown}
        for files in (before, contents(tmp_path))
    ]
    assert left[0] == left[1], "a command leaves the folder as it was, but for what a case shows"
    golden(case, found)


def test_every_language_has_its_good_and_its_bad_cases() -> None:
    """By what the cases hold: the language of their statute, and whether an answer tells an error."""
    kinds = {case: kind_of(case.read_text("utf-8")) for case in sorted(CASES.rglob("*.md"))}
    in_all = Counter(kinds.values())
    by_language = Counter(
        (language, kind)
        for case, kind in kinds.items()
        for language in set(STATUTE.findall(case.read_text("utf-8")))
    )
    print("\n      good   bad")
    for language in ("en", "fr", "es", "it"):
        good, bad = by_language[language, "good"], by_language[language, "bad"]
        print(f"{language}   {good:7}{bad:6}")
        assert min(good, bad) >= IN_EACH, f"{language}: {good} good cases, {bad} bad ones"
    print(f"all  {in_all['good']:7}{in_all['bad']:6}")
    assert min(in_all["good"], in_all["bad"]) >= IN_ALL, in_all


def kind_of(text: str) -> str:
    """`good` or `bad`; `other` for a good text of which no command shows more than that it is one."""
    statuses = {int(status) for status in STATUS.findall(text)}
    assert statuses, "a case shows an answer"
    if ERROR.search(text):
        assert statuses & {1, 2}, "an error ends a command with status 1 or 2"
        return "bad"
    assert statuses <= {0, 1}, "only an error ends a command with another status"
    return "good" if SHOWN.search(text) else "other"


def write_folder(text: str, folder: Path) -> None:
    """Write the files that a case holds."""
    for block in FENCED.finditer(text):
        words = block["info"].split()
        if len(words) < 2 or is_written(block):
            continue
        path = folder / words[1]
        options = dict(option.split("=") for option in words[2:])
        path.parent.mkdir(parents=True, exist_ok=True)
        if words[0] == "hex":
            path.write_bytes(bytes.fromhex(block["text"]))
        else:
            data = block["text"].replace("\n", NEWLINES[options.get("newline", "lf")])
            path.write_bytes(data.encode(options.get("encoding", "utf-8")))


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file in a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_written(block: re.Match[str]) -> bool:
    """Whether a block shows a file that the commands above it have written."""
    return block["info"].split()[2:] == ["written"]


def answered(block: re.Match[str], folder: Path) -> str:
    """A fenced block as it is; a console block with its command's answer, a written file as it is."""
    if is_written(block):
        text = (folder / block["info"].split()[1]).read_bytes().decode()
        return f"```{block['info']}\n{text}```"
    if block["info"] != "console":
        return block[0]
    line = block["text"].split("\n", 1)[0]
    return f"```console\n{line}\n{answer(line)}```"


def answer(line: str) -> str:
    """What a command answers: exit status, standard output, standard error."""
    prompt, program, *arguments = shlex.split(line)
    assert (prompt, program) == ("$", "coopfx"), f"no command of coopfx: {line}"
    result = CliRunner().invoke(cli, arguments, prog_name=program)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    shown = [f"exit status {result.exit_code}\n"]
    for title, stream in (("output", result.stdout), ("error", result.stderr)):
        if stream:
            assert stream.endswith("\n"), f"standard {title} ends in the middle of a line"
            shown.append(f"--- standard {title}\n{stream}")
    return "".join(shown)


def test_a_case_that_differs_shows_where_and_how_it_is_written_anew(
    tmp_path: Path, golden: Callable[[Path, str], None]
) -> None:
    case = tmp_path / "case.md"
    case.write_text("one\ntwo\nthree\n", "utf-8")
    golden(case, "one\ntwo\nthree\n")
    with pytest.raises(pytest.fail.Exception) as told:
        golden(case, "one\n2\nthree \n")
    shown = str(told.value).splitlines()
    assert shown[1:6] == [f"{case}:2", "  - two", "  - three", "  + 2", "  + 'three '"]
    assert shown[-1].endswith("--rewrite-cases")
