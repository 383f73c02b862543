"""A diagnostic's page: what it means, an example that it is told of, and the same mended.

The sentences stand in the word files, the examples are those of mistakes.py, run when a page is made:
what it shows is what coopfx answers.

``python -m coopfx.apps.cli.pages FOLDER`` writes every page in English (`make pages`).
"""

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

from attrs import frozen

from coopfx.apps.cli.mistakes import Example, example
from coopfx.formats.terminal import WIDTH, Style
from coopfx.ground.report import Diagnostic, Severity
from coopfx.ground.words import Words

SCHEMA = "coopfx.help/1"
FAMILIES = "SNTMLEDRP"
_PLACE = re.compile(r"\{\w+\}")


@frozen(slots=True)
class Page:
    """All that is said of a code, in one language."""

    code: str
    severity: Severity
    title: str
    why: str
    help: str
    example: Example | None


def codes(words: Words) -> list[str]:
    """Every code of coopfx, family by family, then those of plugins."""
    return sorted(words.diagnostics, key=lambda code: ("." in code, FAMILIES.find(code[0]), code))


def family(code: str) -> str:
    """What a code is listed under: its letter, or the prefix of the plugin that tells it."""
    prefix, point, _ = code.rpartition(".")
    return prefix if point else code[0]


def page(code: str, words: Words, english: Words) -> Page:
    """A code's page in a language; a sentence that it lacks is said in English."""
    said = english.diagnostics[code] | words.diagnostics.get(code, {})
    return Page(
        code,
        Diagnostic(code, None).severity,
        title(said["message"]),
        said.get("why", ""),
        title(said["help"]),
        None if "." in code else example(code),
    )


def title(message: str) -> str:
    """A message that speaks of no case in particular: `…` stands for what changes from one to another.

    >>> title("The name `{name}` is not known.")
    'The name `…` is not known.'
    """
    return _PLACE.sub("…", message)


# ---- a page, shown


def line(page: Page) -> dict[str, Any]:
    """A code in one line, for programs."""
    return {"code": page.code, "severity": page.severity.value, "title": page.title}


def listing(found: list[Page], words: Words, style: Style) -> str:
    """Every code with its title, family by family, for people."""
    shown = []
    for name in dict.fromkeys([*FAMILIES, *(family(page.code) for page in found)]):
        of_plugin = words.phrase("help.plugin", plugin=name)
        heading = words.phrase(f"help.{name}") if name in FAMILIES else of_plugin
        shown.append(style.paint(heading, "bold"))
        shown += [
            textwrap.fill(
                page.title, WIDTH, initial_indent=f"  {page.code}  ", subsequent_indent=" " * 8
            )
            for page in found
            if family(page.code) == name
        ]
        shown.append("")
    return "\n".join([*shown, words.phrase("help.more"), ""])


def changes(example: Example) -> dict[str, str]:
    """What differs in the mended texts, by their names."""
    assert example.mended is not None
    before, after = example.wrong.texts(), example.mended.texts()
    return {name: text for name, text in after.items() if before.get(name) != text}


def data(page: Page, words: Words) -> dict[str, Any]:
    """A page for programs."""
    example = page.example
    mended = example.mended if example else None
    return {
        **line(page),
        "why": page.why,
        "help": page.help,
        "example": None
        if example is None
        else {
            "texts": example.wrong.texts(),
            "command": f"coopfx {example.wrong.command}",
            "answer": example.wrong.answer(words.language),
            "mended": None
            if mended is None
            else {"texts": mended.texts(), "command": f"coopfx {mended.command}"},
        },
    }


def text(page: Page, words: Words, style: Style) -> str:
    """A page for people, on a terminal."""
    heading = f"{words.phrase(f'severity.{page.severity.value}')} {page.code}"
    parts = [f"{style.paint(heading, page.severity.value)} {page.title}"]
    parts += [textwrap.fill(said, WIDTH) for said in (page.why, page.help)]
    example = page.example
    if example is not None:
        for name, written in example.wrong.texts().items():
            parts.append(words.phrase("help.example", name=name))
            parts.append(textwrap.indent(written, "    "))
        parts.append(f"$ coopfx {example.wrong.command}")
        parts.append(example.wrong.answer(words.language).rstrip())
        if example.mended is not None and example.mended.command != example.wrong.command:
            command = f"coopfx {example.mended.command}"
            parts.append(words.phrase("help.mended.command", command=command))
        for name, written in changes(example).items() if example.mended else ():
            parts.append(words.phrase("help.mended", name=name))
            parts.append(textwrap.indent(written, "    "))
    return "\n\n".join(parts) + "\n"


def markdown(page: Page, words: Words) -> str:
    """A page of `docs/diagnostics/`."""
    parts = [f"# {page.code}: {page.title.rstrip('.')}", page.why, page.help]
    example = page.example
    if example is None:
        parts.append("An example would be too large for a page, or would need another machine.")
    else:
        parts += _fenced(example.wrong.texts())
        answer = example.wrong.answer(words.language).rstrip()
        parts.append(f"```console\n$ coopfx {example.wrong.command}\n{answer}\n```")
        if example.mended is not None:
            parts.append("## Mended")
            if example.mended.command != example.wrong.command:
                parts.append(f"```console\n$ coopfx {example.mended.command}\n```")
            parts += _fenced(changes(example))
    return "\n\n".join(parts) + "\n"


def _fenced(texts: dict[str, str]) -> list[str]:
    shown = []
    for name, written in texts.items():
        sort = name.rpartition(".")[2]
        shown += [f"`{name}`:", f"```{sort}\n{written}\n```" if written else "(empty)"]
    return shown


def index(found: list[Page], words: Words) -> str:
    """The list of all pages."""
    parts = [
        "# What coopfx tells",
        "Every message has a code that lasts. Each page says what is wrong, why it matters, and shows "
        "an example with what coopfx answers and the same mended. `coopfx help CODE` shows a page, in "
        "the reader's language. Written by `make pages` from `grammars/`.",
    ]
    for name in FAMILIES:
        parts.append(f"## {name}: {words.phrase(f'help.{name}')}")
        parts.append(
            "\n".join(
                f"- [{page.code}]({page.code}.md) {page.title}"
                for page in found
                if family(page.code) == name
            )
        )
    return "\n\n".join(parts) + "\n"


def site(words: Words) -> dict[str, str]:
    """Every page of `docs/diagnostics/`, by its file's name; what plugins tell has none there."""
    found = [page(code, words, words) for code in codes(words) if "." not in code]
    return {"README.md": index(found, words)} | {
        f"{one.code}.md": markdown(one, words) for one in found
    }


def write(folder: Path) -> None:
    """Write every page into a folder, and take away those of codes that are gone."""
    from coopfx.ground.report import Report
    from coopfx.plugged.world import load_world

    folder.mkdir(parents=True, exist_ok=True)
    made = site(load_world(Report()).words("en"))
    for path in folder.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, written in made.items():
        (folder / name).write_text(written, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
