"""For each diagnostic a mistake that it is told of, and the same mended.

They stand in `grammars/diagnostics/`, one table a code; the tables below say what one may hold. A
mistake is answered by the command itself, on files of its own in a folder of their own.

``wrong`` and ``mended`` are the text of ``file``, which is the statute unless another is named; a
statute is given a heading, under the law ``under``, unless the example is ``whole``. ``statute`` and
``files`` stand beside it unless it is ``alone``; ``laws`` and ``models`` are texts that a plugin
brings, ``questions`` says what a model leaves open. ``mended_file``, ``mended_command``,
``mended_laws`` and ``mended_questions`` say what else is changed. Where an example would be too large,
or needs another machine, the table says ``without``.
"""

import contextlib
import io
import tempfile
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import Factory, frozen

from coopfx.ground.code import grammar_folder
from coopfx.plugged.hookspecs import CONTRACT, Law, Model, hookimpl
from coopfx.plugged.world import Found

_STATUTE = "oven/statute.en.coop"
_HEADING = 'statute "The Oven"{under}\ncurrency EUR\nin force from 2024-01-01\n'
_CLAUSE = "require saved: reserves >= 10% of surplus"
_YEAR = "oven/2024/cooperative.toml"


@frozen(slots=True)
class State:
    """An example before or after it is mended: the files, what plugins bring, the command."""

    files: dict[str, str]
    command: str
    laws: dict[str, str] = Factory(dict)
    models: dict[str, str] = Factory(dict)
    questions: dict[str, str] = Factory(dict)
    encoding: str = "utf-8"
    hook: str = "coopfx_laws"
    contract: int = CONTRACT
    twice: bool = False

    def texts(self) -> dict[str, str]:
        """All that is written in it, by the name under which coopfx tells of it."""
        brought = self.laws | self.models
        return self.files | {f"{name}.en.coop": text for name, text in brought.items() if text}

    def plugins(self) -> list[tuple[Found, ModuleType]]:
        """The plugins that bring what the example stands under or starts from."""
        if not (self.laws or self.models):
            return []
        module = ModuleType("example")

        def laws() -> list[Law]:
            return [
                Law(name, f"{name}.en.coop", "en", text, contract=self.contract)
                for name, text in self.laws.items()
            ]

        def models() -> list[Model]:
            return [
                Model(name, f"{name}.en.coop", "en", text, questions=self.questions.get(name, ""))
                for name, text in self.models.items()
            ]

        setattr(module, self.hook, hookimpl(laws))
        module.coopfx_models = hookimpl(models)  # type: ignore[attr-defined]
        found = Found("example", "example", "coopfx-example", "1.0")
        brought = [(found, module)]
        if self.twice:
            second = ModuleType("other")
            second.coopfx_laws = hookimpl(laws)  # type: ignore[attr-defined]
            brought.append((Found("other", "other", "coopfx-other", "1.0"), second))
        return brought

    def answer(self, language: str) -> str:
        """What coopfx tells of it, in a language: the diagnostics that the command shows."""
        from coopfx.apps.cli.main import cli

        told, shown = io.StringIO(), io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for name, text in self.files.items():
                path = Path(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes((text + "\n").encode(self.encoding) if text else b"")
            with (
                contextlib.redirect_stderr(told),
                contextlib.redirect_stdout(shown),
                contextlib.suppress(SystemExit),
            ):
                arguments = [*self.command.split(), "--lang", language]
                cli.main(arguments, "coopfx", standalone_mode=False, obj=self.plugins())
        return told.getvalue()


@frozen(slots=True)
class Example:
    """A mistake and the same mended; ``mended`` is None where there is nothing to mend."""

    wrong: State
    mended: State | None


def example(code: str) -> Example | None:
    """A code's example; None where it would be too long, or would need another machine."""
    table: dict[str, Any] = _examples(code[0]).get(code, {"without": True})
    if "without" in table:
        return None
    wrong = _state(table, "")
    changed = any(key.startswith("mended") for key in table)
    return Example(wrong, _state(table, "mended_") if changed else None)


@cache
def _examples(letter: str) -> dict[str, Any]:
    path = grammar_folder() / "diagnostics" / f"{letter}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def _state(table: dict[str, Any], prefix: str) -> State:
    """The example as it stands, or with the prefix ``mended_``, as it is mended."""

    def given(key: str, otherwise: Any) -> Any:
        return table.get(prefix + key, table.get(key, otherwise))

    file = given("file", _STATUTE)
    files = {} if table.get("alone") else {_STATUTE: table.get("statute", _CLAUSE)}
    if given("command", "").startswith(("run", "explain", "compare", "project")):
        files[_YEAR] = "closing = 2024-12-31\nsurplus = 1000"
    files |= table.get("files", {})
    if "wrong" in table:
        files[file] = table.get("mended", table["wrong"]) if prefix else table["wrong"]
    under = f" under {table['under']}" if "under" in table else ""
    return State(
        {name: _headed(name, files[name], under, table) for name in sorted(files)},
        given("command", "check oven --fast"),
        given("laws", {}),
        table.get("models", {}),
        given("questions", {}),
        "utf-8" if prefix else table.get("encoding", "utf-8"),
        table.get("hook", "coopfx_laws"),
        given("contract", CONTRACT),
        table.get("twice", False),
    )


def _headed(name: str, text: str, under: str, table: dict[str, Any]) -> str:
    """A file's text; a statute has a heading of its own only where the example is `whole`."""
    text = text.strip("\n")
    if table.get("whole") or not name.endswith(".coop"):
        return text
    return _HEADING.format(under=under) + "\n" + text
