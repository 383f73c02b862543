"""Runs of the commands that nobody would type: mutated statutes, settings, years and options.

A run is drawn from a seed alone, so that one that goes wrong can be had again.
"""

import contextlib
import io
import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import click
import pytest

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.plugged import world as plugged_world
from coopfx.plugged.world import World, load_world

CASES = Path(__file__).parents[1] / "cases"
FENCED = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATUSES = (0, 1, 2)
NUMBERS = [
    "0",
    "-1",
    "1e999",
    "1" * 40,
    "0.001",
    "1,000.00",
    "1.000,00",
    "٣",
    "½",
    "NaN",
    "",
    "- 5",
]
WORDS = [
    *("surplus", "rest", "of", "when", "person", "ana", "(", ")", ",", ":", "%", "$", "EUR", "|", "="),
    *("allocate", "share", "define", "require", "example", "expect", "given", "until", "opening"),
    *("répartir", "partager", "exiger", "repartir", "ripartire", "previous", "at", "2024-02-30", "_"),
    *("\u202e", "\u0000", "\ufeff", "é", "ß", '"', "«", "“", "🙂", "#", "\t", "\r", "per", "hours"),
]  # fmt: skip
SETTINGS = [
    'language = "fr"\n',
    'language = "xx"\n',
    "language = 3\n",
    "[names]\nen = 3\n",
    '[names.fr]\nsurplus = "x"\n',
    "[packs]\n",
    '[packs]\n"fr.scop" = 1\n',
    "[columns]\nx = 1\n",
    "= 3",
    "",
    "colour = true\n",
]
COOPERATIVE = 'closing = 2024-12-31\nsurplus = 1000\nturnover = "5"\n[balances]\ncapital = 10\n'
PEOPLE = "id,worker,member,hours,salary,presence\nana,yes,yes,100,20000,12\nben,yes,no,300,,3\n"
FORMATS = ["text", "json", "entries", "fec-entries", "xlsx", "no", "resolutions.md"]
LANGUAGES = ["en", "fr", "es", "it", "xx", ""]


@cache
def world() -> World:
    return load_world(Report())


@cache
def bases() -> tuple[tuple[str, str], ...]:
    """The statutes of the cases, with the language of each; short ones, so that many can be run."""
    found = []
    for path in sorted(CASES.rglob("*.md")):
        for sort, name, text in FENCED.findall(path.read_text("utf-8")):
            language = name.removesuffix(".coop").rpartition(".")[2]
            if sort == "coop" and language in LANGUAGES[:4] and len(text) < 1_500:
                found.append((language, text))
    return tuple(found)


@dataclass
class Fuzz:
    """One run: a folder with a statute, its settings and a year, and a command."""

    seed: int
    folder: Path
    slow: float = 0.0
    """How often a command is drawn that takes its time."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def mutated(self, text: str, most: int = 4) -> str:
        """A text with a few changes, of lines or of what stands in one."""
        lines = text.splitlines() or [""]
        for _ in range(self.random.randrange(most)):
            at = self.random.randrange(len(lines))
            match self.random.randrange(8):
                case 0:
                    lines.insert(at, self.random.choice(lines))
                case 1 if len(lines) > 1:
                    del lines[at]
                case 2:
                    lines[at] = re.sub(r"\d[\d .,]*", self.number, lines[at], count=1)
                case 3:
                    lines[at] = lines[at][: self.random.randrange(len(lines[at]) + 1)]
                case 4:
                    other = self.random.randrange(len(lines))
                    lines[at], lines[other] = lines[other], lines[at]
                case _:
                    words = lines[at].split(" ")
                    place = self.random.randrange(len(words))
                    if self.random.random() < 0.5:
                        words[place] = self.random.choice(WORDS)
                    else:
                        words.insert(place, self.random.choice(WORDS))
                    lines[at] = " ".join(words)
        return "\n".join(lines) + "\n"

    def number(self, _: object) -> str:
        return self.random.choice(NUMBERS)

    def write(self) -> None:
        """Write the folder that the command is given."""
        draw = self.random.random
        language, text = self.random.choice(bases())
        policy = self.folder / "oven"
        (policy / "2024").mkdir(parents=True, exist_ok=True)
        for path in [*policy.glob("*.*"), *policy.glob("2024/*")]:
            path.unlink()
        statute = self.mutated(text).encode("utf-8", "replace")
        if draw() < 0.03:
            statute = statute[: self.random.randrange(len(statute) + 1)] + b"\xff\xfe"
        (policy / f"statute.{language}.coop").write_bytes(statute)
        if draw() < 0.3:
            settings = self.mutated(self.random.choice(SETTINGS), 2)
            (policy / "coopfx.toml").write_text(settings, "utf-8")
        if draw() < 0.95:
            own = COOPERATIVE if draw() < 0.6 else self.mutated(COOPERATIVE)
            (policy / "2024" / "cooperative.toml").write_text(own, "utf-8")
        if draw() < 0.8:
            people = PEOPLE if draw() < 0.6 else self.mutated(PEOPLE)
            (policy / "2024" / "people.csv").write_text(people, "utf-8")

    def command(self) -> list[str]:
        """A command with its options."""
        choose = self.random.choice
        figure = choose(["surplus", "work_share", "part_travail", "reserves.legal", "x", "", "a b"])
        command = choose(
            [
                ["check", "oven"],
                ["check", "oven", "--format", "json"],
                ["run", "oven"],
                ["run", "oven", "2024", "--parts"],
                ["run", "oven", "--format", choose(FORMATS)],
                ["run", "oven", "2025"],
                ["run", "oven", "oven/2024/cooperative.toml"],
                ["explain", "oven", "2024", figure],
                ["explain", "oven", figure, "of", "ana"],
                ["explain", "oven", figure, "--format", "prose"],
                ["explain", "--missing", "oven"],
                ["compare", "oven", "--set", f"{figure} = 1", "--format", choose(FORMATS)],
                ["compare", "oven", "--change", choose(["60% -> 45%", "4: a -> b", "->", ""])],
                ["test", "oven"],
                ["test", "oven", "--coverage"],
                ["fmt", "--check", "oven"],
                ["translate", "oven", "--to", choose(LANGUAGES)],
                ["lock", "oven"],
                ["laws", choose(["fr.scop", "fr.scopp", "no", ""])],
                ["help", choose(["M404", "P999", "x", "", "m404"])],
                ["template", "oven", "--output", "made.xlsx"],
                ["plugin", "new", choose(["x y", "", "../x", "class"])],
                ["fec", "show", "oven/2024/people.csv"],
                ["papers", "oven", "--format", "no"],
                ["federation", "check", "."],
                ["chek", "oven"],
                [],
            ]
        )
        if Random(-self.seed).random() < self.slow:
            command = choose(
                [
                    ["prove", "oven", "--time-limit", "50"],
                    ["prove", "oven", "--nearest", "--time-limit", "50"],
                    ["prove", "oven", "--format", "json", "--time-limit", "50"],
                    ["check", "oven", "--prove"],
                    ["run", "oven", "--format", choose(["report.html", "statement.html"])],
                    ["run", "oven", "--anonymous", "--format", "report.html"],
                    ["federation", "run", ".", "--tables", "csv", "--output", "made"],
                    ["fmt", "oven"],
                ]
            )
        if self.random.random() < 0.3:
            command = [*command, "--lang", choose(LANGUAGES)]
        if self.random.random() < 0.1 and command:
            at = self.random.randrange(len(command))
            command[at] = choose(
                ["--format", "--no", "-", "oven/../oven", "nowhere", "*", "--help"]
            )
        return command

    def run(self) -> tuple[int | str, list[str]]:
        """The status with which the command ends, or the exception; and the command."""
        self.write()
        command = self.command()
        told = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="replace")
        try:
            with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
                cli.main(list(command), "coopfx", standalone_mode=False)
            return 0, command
        except click.exceptions.Exit as ended:
            return ended.exit_code, command
        except click.ClickException as ended:
            return ended.exit_code, command
        except SystemExit as ended:
            return (0 if ended.code is None else ended.code), command
        except Exception as error:
            return f"{type(error).__name__}: {error}", command


def amiss(seeds: range, folder: Path, slow: float = 0.0) -> list[str]:
    """What went wrong in the runs of some seeds: the seed, the command, what came of it."""
    found = []
    with contextlib.chdir(folder), pytest.MonkeyPatch.context() as patched:
        known = world()
        patched.setattr(plugged_world, "load_world", lambda report, extra=(): known)
        outside = sorted(path.name for path in folder.parent.iterdir())
        for seed in seeds:
            status, command = Fuzz(seed, folder, slow).run()
            if status not in STATUSES:
                found.append(f"{seed} {' '.join(command)}: {status}")
            made = {path.name for path in folder.iterdir()} - {"oven"}
            asked = {*command, *(f"coopfx-{word}" for word in command)}
            if not made <= asked or sorted(one.name for one in folder.parent.iterdir()) != outside:
                found.append(f"{seed} {' '.join(command)}: wrote {made or 'outside'}")
            for name in made:
                path = folder / name
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    return found
