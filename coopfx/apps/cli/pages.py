"""A diagnostic's page: what it means, an example that it is told of, and the same mended.

The sentences stand in the word files, the examples are those of mistakes.py, run when a page is made:
what it shows is what coopfx answers.

``python -m coopfx.apps.cli.pages FOLDER`` writes every page (`make pages`): in English there, in each
other language in the folder of that language's pages beside it.
"""

import re
import sys
import textwrap
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import frozen

from coopfx.apps.cli.mistakes import Example, example
from coopfx.apps.cli.translated_mistakes import translated
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


def page(code: str, words: Words, english: Words, *, own: bool = False) -> Page:
    """A code's page in a language; a sentence that it lacks is said in English.

    The example is in that language too where it is asked for as its ``own``.
    """
    said = english.diagnostics[code] | words.diagnostics.get(code, {})
    shown = None if "." in code else example(code)
    if own and shown is not None and words.language != "en":
        shown = translated(shown, words, english)
    return Page(
        code,
        Diagnostic(code, None).severity,
        title(said["message"]),
        said.get("why", ""),
        title(said["help"]),
        shown,
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
        parts.append(words.phrase("help.page.without"))
    else:
        parts += _fenced(example.wrong.texts(), words)
        answer = example.wrong.answer(words.language).rstrip()
        parts.append(f"```console\n$ coopfx {example.wrong.command}\n{answer}\n```")
        if example.mended is not None:
            parts.append(f"## {words.phrase('help.page.mended')}")
            if example.mended.command != example.wrong.command:
                parts.append(f"```console\n$ coopfx {example.mended.command}\n```")
            parts += _fenced(changes(example), words)
    return "\n\n".join(parts) + "\n"


def _fenced(texts: dict[str, str], words: Words) -> list[str]:
    shown = []
    for name, written in texts.items():
        sort = name.rpartition(".")[2]
        empty = words.phrase("help.page.empty")
        shown += [f"`{name}`:", f"```{sort}\n{written}\n```" if written else empty]
    return shown


def index(found: list[Page], words: Words) -> str:
    """The list of all pages."""
    parts = [
        f"# {words.phrase('help.page.title')}",
        words.phrase("help.page.index"),
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


def translated_page(code: str, words: Words, english: Words, original: str) -> str:
    """A code's page in another language, ending with what tells when it is behind its original."""
    text = markdown(page(code, words, english, own=True), words)
    return f"{text}\n<!-- {made_of(code, words, original)} -->\n"


def made_of(code: str, words: Words, original: str) -> str:
    """What tells whether a page in another language is behind: its sentences and its original, digested."""
    parts = [sorted(words.diagnostics.get(code, {}).items()), original]
    return sha256(repr(parts).encode()).hexdigest()[:12]


def write(folder: Path) -> None:
    """Write every page in every language, and take away those of codes that are gone.

    In another language only what is behind is written: to make each example in it takes minutes.
    """
    from coopfx.ground.report import Report
    from coopfx.plugged.world import load_world

    world = load_world(Report())
    english = world.words("en")
    made = site(english)
    _write(folder, made, made)
    for language in world.languages:
        into = folder.parent / language / folder.name
        if not into.is_dir():
            continue
        words, behind = world.words(language), {}
        for name in made:
            code, path = name.removesuffix(".md"), into / name
            if name == "README.md":
                known = [page(one, words, english) for one in codes(english) if "." not in one]
                behind[name] = index(known, words)
            elif not path.exists() or f"<!-- {made_of(code, words, made[name])} -->" not in (
                path.read_text("utf-8")
            ):
                behind[name] = translated_page(code, words, english, made[name])
        _write(into, behind, made)


def _write(folder: Path, made: Mapping[str, str], all_: Collection[str]) -> None:
    """Write pages into a folder, and take away what is none of all that there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.md"):
        if path.name not in all_:
            path.unlink()
    for name, written in made.items():
        (folder / name).write_text(written, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
