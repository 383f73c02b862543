"""The kit by which a plugin shows that it conforms, as a pytest plugin.

A file ``conformance.toml`` among a plugin's tests is all that it takes::

    plugin = "example"      # the name of the plugin's entry point
    cases = "cases"         # a folder beside this file: statutes whose examples expect verdicts

Pytest then makes a test of each check of each law that the plugin brings, and of each example in the
cases; the plugin need not be installed. The law and its word files can be read, every article and every
value of a parameter cites its source, no parameter begins later than its article, every rule is
satisfied by one case and violated by another, both beside its edge, and every constant is noticed by
some case. What a model leaves open is said in every language, and every answer makes a statute of which
nothing is told.

Further keys: ``languages`` (those that the laws are published in; else those that have word files), and
``values``, which types the history of parameters a second time, so that a value which changes is seen::

    [values.ceiling]
    2020-01-01 = "0.3"

What a check tells may be excused, under the name that its sentence begins with and with the reason::

    [excused]
    "example.bakers.kept" = "the authority alone decides; no figure of the year does"

An engine that a plugin brings is started with two workers, one of which is killed in mid-run: a small
federation then has to come to the bytes that the default engine writes, and what a task raises has to be
raised. These tests bear the mark ``engines``, for they take long.
"""

import sys
import tomllib
from collections.abc import Callable, Iterable
from functools import cache, partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from coopfx.laws.conformance import Cases
    from coopfx.plugged.hookspecs import Engine
    from coopfx.plugged.world import Found, Plugin, World

FILE = "conformance.toml"
ENGINES = "engines"
KEYS = {"plugin", "cases", "languages", "values", "excused"}


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark of long tests known, where a plugin's own settings do not name it."""
    config.addinivalue_line("markers", f"{ENGINES}: starts an engine, which may take half a minute")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take up a plugin's conformance file."""
    if file_path.name != FILE:
        return None
    return ConformanceFile.from_parent(parent, path=file_path)


class CheckError(Exception):
    """What a check found, as text."""


class ConformanceFile(pytest.File):
    """The checks of one plugin."""

    def collect(self) -> Iterable[pytest.Item]:
        from coopfx.ground.report import Report
        from coopfx.laws import conformance
        from coopfx.plugged.world import discover, load_world

        settings, amiss = _settings(self.path)
        if amiss:
            yield self._item("settings", lambda: amiss)
            return
        report = Report()
        name = settings.get("plugin", "")
        extra = [] if any(item.name == name for item in discover()) else _beside(self.path, name)
        world = load_world(report, extra)
        plugin = next((item for item in world.plugins if item.name == name), None)
        yield self._item("plugin", lambda: _sound(plugin, settings, world, report))
        if plugin is None:
            return
        excused = _Excused(settings.get("excused", {}))
        read: list[Cases] = []
        paths = sorted((self.path.parent / settings.get("cases", "cases")).glob("*.coop"))
        for path in paths:
            cases, wrong = conformance.read_cases(path, world)
            if cases is None:
                yield self._item(path.name, partial(_some, wrong))
                continue
            read.append(cases)
            for example in cases.statute.program.examples:
                failure = partial(cases.failure, example)
                yield self._item(f"{path.name}::{example.title}", partial(_told, failure))
        yield self._item("values", lambda: _unknown_values(settings, plugin.laws, world))
        # With a file of cases that cannot be read, each rule in it would be told to have none.
        whole = read if len(read) == len(paths) else None
        for law in plugin.laws:
            yield from self._checks(law, world, whole, settings, excused)
        for model in plugin.models:
            yield from self._of_model(model, world, settings)
        for engine in plugin.engines:
            yield from self._of_engine(world.engines[engine], world)
        if whole is not None:
            yield self._item("excused", excused.idle)

    def _of_model(
        self, name: str, world: "World", settings: dict[str, Any]
    ) -> Iterable[pytest.Item]:
        from coopfx.starts import conformance

        model = world.models[name]
        languages = settings.get("languages") or sorted({model.language, *model.words})
        if model.questions or model.words:
            yield self._item(f"{name}::words", lambda: conformance.unsaid(name, languages, world))
            check = partial(conformance.answered, name, languages, world)
            yield self._item(f"{name}::answers", check)

    def _of_engine(self, engine: "Engine", world: "World") -> Iterable[pytest.Item]:
        from coopfx.testing import engines

        def same() -> list[str]:
            with TemporaryDirectory(prefix="coopfx-") as folder:
                return engines.gives_the_same(engine, world, Path(folder))

        checks = {"a killed worker": same, "a task that fails": lambda: engines.raises(engine)}
        for name, check in checks.items():
            item = self._item(f"{engine.name}::{name}", check)
            item.add_marker(ENGINES)
            # What a library that starts processes warns of is not the plugin's.
            item.add_marker(pytest.mark.filterwarnings("ignore"))
            yield item

    def _checks(
        self,
        law: str,
        world: "World",
        cases: "list[Cases] | None",
        settings: dict[str, Any],
        excused: "_Excused",
    ) -> Iterable[pytest.Item]:
        from coopfx.laws import conformance

        book, wrong = conformance.law_as_read(law, world)
        yield self._item(f"{law}::text", lambda: wrong)
        if book is None:
            return
        brought = book.provided.law
        languages = settings.get("languages") or sorted({brought.language, *brought.words})
        typed = {
            name: {str(day): value for day, value in history.items()}
            for name, history in settings.get("values", {}).items()
            if name in {parameter.name for parameter in book.parameters}
        }
        checks: dict[str, Callable[[], list[str]]] = {
            "sources": lambda: conformance.sources(book),
            "gaps": lambda: conformance.gaps(book),
            "words": lambda: conformance.words(book, languages, world),
            "values": lambda: conformance.values(book, typed),
        }
        if cases is not None:
            checks |= {
                "both sides": lambda: conformance.both_sides(book, cases),
                "edges": lambda: conformance.edges(book, cases, world),
                "constants": lambda: [
                    text
                    for text in conformance.unnoticed(book, cases, world)
                    if _subject(text) not in typed
                ],
            }
        for name, check in checks.items():
            yield self._item(f"{law}::{name}", excused.but_for(check))

    def _item(self, name: str, check: Callable[[], list[str]]) -> "Check":
        return Check.from_parent(self, name=name, check=check)


class Check(pytest.Item):
    """One check: it fails with all that it has found."""

    def __init__(self, *, check: Callable[[], list[str]], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._check = check

    def runtest(self) -> None:
        wrong = self._check()
        if wrong:
            raise CheckError("\n".join(wrong))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CheckError):
            return f"{self.name}:\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


class _Excused:
    """What a plugin excuses, and whether there is anything to excuse.

    Each check is made once, by whichever item asks first: items may run in several processes.
    """

    def __init__(self, reasons: dict[str, str]) -> None:
        self._reasons = reasons
        self._checks: list[Callable[[], list[str]]] = []

    def but_for(self, check: Callable[[], list[str]]) -> Callable[[], list[str]]:
        """A check that leaves out what is excused."""
        once = cache(check)
        self._checks.append(once)
        return lambda: [text for text in once() if _subject(text) not in self._reasons]

    def idle(self) -> list[str]:
        """The excuses that say no reason, or that excuse nothing."""
        told = {_subject(text) for check in self._checks for text in check()}
        empty = [f"{name}: say why it is excused" for name, why in self._reasons.items() if not why]
        return empty + [
            f"{name}: {_nothing_told(name, told)}" for name in self._reasons if name not in told
        ]


def _nothing_told(name: str, told: set[str]) -> str:
    """That an excuse excuses nothing, and what to write instead: what was probably meant."""
    from coopfx.ground.words import nearest

    near = nearest(name, told)
    meant = f"did you mean {near!r}? Else take" if near else "take"
    return (
        f"nothing is told of it; {meant} the line out. "
        "An excuse is named by what a check tells, up to its colon"
    )


def _settings(path: Path) -> tuple[dict[str, Any], list[str]]:
    """What a conformance.toml says, and what of it cannot be read."""
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [str(error)]
    return settings, _amiss(settings)


def _amiss(settings: dict[str, Any]) -> list[str]:
    """What of a conformance.toml is not of the form that docs/writing-a-plugin.md shows."""
    wrong = [
        f"[{name}]: it wants lines of its own, each a name and a text"
        for name in ("excused", "values")
        if not isinstance(settings.get(name, {}), dict)
    ]
    if wrong:
        return wrong
    excused, values = settings.get("excused", {}), settings.get("values", {})
    return [
        *(
            f"[excused] {name}: it wants a reason in quotation marks"
            for name, reason in excused.items()
            if not isinstance(reason, str)
        ),
        *(
            f'[values.{name}]: it wants a line for each day, such as 2024-01-01 = "5%"'
            for name, history in values.items()
            if not isinstance(history, dict)
        ),
    ]


def _unknown_values(settings: dict[str, Any], laws: Iterable[str], world: "World") -> list[str]:
    """The names under ``[values]`` that no law of the plugin has a parameter of."""
    from coopfx.laws import conformance

    books = [conformance.law_as_read(law, world)[0] for law in laws]
    known = {item.name for book in books if book is not None for item in book.parameters}
    return [
        f"[values.{name}]: no law of this plugin has a parameter of that name"
        for name in settings.get("values", {})
        if name not in known
    ]


def _subject(text: str) -> str:
    return text.partition(":")[0]


def _beside(path: Path, name: str) -> "list[tuple[Found, ModuleType]]":
    """A plugin that is not installed, from the sources around its tests: its pyproject.toml names it."""
    from coopfx.plugged.world import Found

    for folder in path.parents[:3]:
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        project = tomllib.loads(file.read_text("utf-8")).get("project", {})
        module = project.get("entry-points", {}).get("coopfx", {}).get(name)
        source = folder / str(module).replace(".", "/") / "__init__.py"
        if module and source.is_file():
            spec = spec_from_file_location(module, source)
            assert spec is not None and spec.loader is not None
            made = sys.modules[module] = module_from_spec(spec)
            spec.loader.exec_module(made)
            return [(Found(name, module, project["name"], project.get("version", "0")), made)]
    return []


def _sound(
    plugin: "Plugin | None", settings: dict[str, Any], world: "World", report: Any
) -> list[str]:
    """That the plugin is installed and loads, and that its settings are known."""
    words = world.words("en")
    wrong = [words.message(item) for item in report.diagnostics]
    wrong += [f"{FILE} has no key {key}" for key in settings if key not in KEYS]
    if plugin is None:
        known = ", ".join(item.name for item in world.plugins)
        wrong.append(f"no plugin {settings.get('plugin', '')!r} is installed, only: {known}")
    return wrong


def _told(failure: Callable[[], str]) -> list[str]:
    return _some(failure())


def _some(text: str) -> list[str]:
    return [text] if text else []
