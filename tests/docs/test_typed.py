"""What a newcomer types: the set-up with and without make, then every command of the first pages."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text("utf-8")
INSTALLING = (REPOSITORY / "docs" / "installing.md").read_text("utf-8")
MAKEFILE = (REPOSITORY / "Makefile").read_text("utf-8")
# Pages, templates and messages: all that a reader may follow.
READ = [
    *REPOSITORY.glob("*.md"),
    *(REPOSITORY / "docs").rglob("*.md"),
    *(REPOSITORY / "policies").rglob("*.md"),
    *(REPOSITORY / "grammars").rglob("*.toml"),
    *(REPOSITORY / "coopfx").rglob("*.py"),
    *(
        path
        for path in (REPOSITORY / "plugins").rglob("*")
        if path.suffix in (".md", ".yml", ".py", ".toml")
    ),
]
AN_INDEX = re.compile(
    r"pypi|package index|index-url|anaconda\.org|conda install"
    r"|pip install (?!-|--)['\"]?coopfx|install ['\"]coopfx\[",
    re.IGNORECASE,
)


def fenced(page: str, sort: str) -> list[str]:
    """The lines of a page's blocks of one sort."""
    found = re.findall(rf"^```{sort}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [line for block in found for line in block.splitlines()]


def test_nobody_is_sent_to_a_package_index() -> None:
    assert len(READ) > 300
    found = {path: AN_INDEX.findall(path.read_text("utf-8")) for path in READ}
    assert not {path: said for path, said in found.items() if said}


def test_the_first_page_is_short_and_begins_with_a_picture() -> None:
    assert len(README.split()) <= 900
    (picture,) = re.findall(r'<img src="([^"]+)"[^>]* alt="[^"]+">', README)
    assert README.index("<img") < README.index("## ")
    shown = (REPOSITORY / picture).read_bytes()
    assert picture.startswith("docs/") and shown.startswith(b"\x89PNG") and len(shown) < 60_000


def test_make_demo_and_the_way_without_make_install_the_same() -> None:
    (projects,) = re.findall(r"^FOR_ONE := .*,plugins/coopfx-%,([\w ]+)\)$", MAKEFILE, re.MULTILINE)
    wanted = [".[proof]", *(f"plugins/coopfx-{name}" for name in projects.split())]
    for sort in ("sh", "bat"):
        (install,) = (line for line in fenced(INSTALLING, sort) if " pip install " in line)
        assert shlex.split(install, posix=sort == "sh")[3:] == [
            "install",
            *(
                word
                for one in wanted
                for word in ("--editable", one if sort == "sh" else quoted(one))
            ),
        ]


def quoted(project: str) -> str:
    return f'"{project}"' if "[" in project else project


def test_the_first_page_speaks_of_nothing_that_make_demo_does_not_install() -> None:
    from coopfx.plugged.builtin import COMMANDS
    from coopfx.plugged.published import BROUGHT

    (projects,) = re.findall(r"^FOR_ONE := .*,plugins/coopfx-%,([\w ]+)\)$", MAKEFILE, re.MULTILINE)
    there = {command.name for command in COMMANDS}
    for name in projects.split():
        there |= {key.split()[1] for key in BROUGHT[f"coopfx-{name}"] if key.startswith("command")}
    typed = re.findall(r"(?<![\w/-])coopfx ([a-z]+)", "\n".join(fenced(README, "console")))
    spoken = re.findall(r"`coopfx ([a-z]+)", README)
    assert len(typed) >= 4 and {*typed, *spoken} <= there


@pytest.mark.wheel
@pytest.mark.xdist_group("wheel")
def test_the_set_up_without_make_is_typed_and_every_command_of_the_first_pages(
    tmp_path: Path,
) -> None:
    """In a fresh copy whose path has spaces and accents, with a plain venv, in an empty home."""
    copy = tmp_path / "Les coopératives d’à côté"
    subprocess.run(["git", "clone", "--quiet", REPOSITORY, copy], check=True)
    home = tmp_path / "maison vide"
    home.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "XDG", "VIRTUAL_ENV"))
    } | {"HOME": str(home), "PYTHONUTF8": "1"}
    for line in fenced(INSTALLING, "sh"):
        words = shlex.split(line)
        words[0] = sys.executable if words[0] == "python3" else words[0]
        ended = subprocess.run(
            words, cwd=copy, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        if "pip" in words and "connection" in ended.stderr.casefold():
            pytest.skip("pip cannot fetch the dependencies")
        assert ended.returncode == 0, f"{line}\n{ended.stderr}"
    for page in ("README.md", "docs/tutorial.md", "docs/fr/README.md", "docs/fr/tutorial.md"):
        type_page(copy, page, environment)
    size = sum(path.lstat().st_size for path in (copy / ".venv").rglob("*"))
    assert size < 300_000_000


def type_page(copy: Path, page: str, environment: dict[str, str]) -> None:
    """Type the commands of a page, with the files that it shows, in the copy's own folder."""
    text = (copy / page).read_text("utf-8")
    written: dict[str, str] = {}
    for words, block in re.findall(r"^```([^\n]+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        _, *more = words.split()
        path = next((word for word in more if "/" in word), None)
        if path:
            block = f"{written[path]}\n{block}" if "+" in more else block
            written[path] = block
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_text(block, "utf-8")
        if not words.startswith("console"):
            continue
        status = next((int(word) for word in more if word.isdigit()), 0)
        for line in block.splitlines():
            if line.startswith("$ coopfx "):
                command: list[str | Path] = [
                    copy / ".venv" / "bin" / "coopfx",
                    *shlex.split(line)[2:],
                ]
                ended = subprocess.run(
                    command, cwd=copy, env=environment, capture_output=True, check=False
                )
                assert ended.returncode == status, f"{page}: {line}\n{ended.stderr.decode()}"


def test_the_lowest_versions_that_a_project_allows_are_written_down() -> None:
    """What `make test-all` tries: each dependency of the core and of what one cooperative needs."""
    for project in [REPOSITORY, *REPOSITORY.glob("plugins/coopfx-*")]:
        declared = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
        for line in declared["dependencies"]:
            assert re.match(r"[\w.-]+(\[[\w,]+\])?>=\d", line), f"{project.name}: {line}"
