"""Find the plugins, check them, keep each one's mistakes to itself, and freeze them into a World.

There is no global registry: a World is made when it is asked for, and passed along.
"""

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType

from attrs import Factory, define, frozen
from pluggy import PluginManager

from coopfx import __version__, builtin, cache, hookspecs
from coopfx.hookspecs import CONTRACT, Language, Law, Model
from coopfx.report import Report
from coopfx.words import Words, WordsError

GROUP = "coopfx"


@frozen(slots=True)
class Found:
    """An entry point: its name, the module it names, the distribution it comes from."""

    name: str
    module: str
    distribution: str
    version: str


@frozen(slots=True)
class Plugin:
    """A loaded plugin: where it comes from, and what it brings."""

    name: str
    distribution: str
    version: str
    languages: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@frozen(slots=True)
class Provided:
    """A law with the plugin that brings it."""

    law: Law
    plugin: Plugin


@frozen(slots=True)
class World:
    """All that plugins bring, frozen."""

    languages: dict[str, Words]
    laws: dict[str, Provided]
    plugins: tuple[Plugin, ...]
    models: dict[str, Model] = Factory(dict)

    def words(self, language: str) -> Words:
        """A language's words; English where it is not known."""
        return self.languages.get(language) or self.languages["en"]


@define(slots=True)
class _Collected:
    languages: dict[str, Words] = Factory(dict)
    laws: dict[str, tuple[Law, Found]] = Factory(dict)
    models: dict[str, Model] = Factory(dict)
    origins: dict[str, Found] = Factory(dict)
    brought: dict[Found, list[tuple[str, str]]] = Factory(dict)


def discover() -> list[Found]:
    """The entry points of the group, in order of their names.

    Reading every distribution's metadata is slow, so the answer is kept for as long as no folder of
    the import path changes.
    """
    folders = [(path, _changed(path)) for path in sys.path]
    key = cache.digest("entry-points", repr(folders))
    return cache.remember("plugins", key, _read_entry_points)


def _changed(path: str) -> int:
    try:
        return Path(path or ".").stat().st_mtime_ns
    except OSError:
        return 0


def _read_entry_points() -> list[Found]:
    from importlib.metadata import distributions  # slow to import, and rarely needed

    found = {
        Found(point.name, point.value, distribution.name, distribution.version)
        for distribution in distributions()
        for point in distribution.entry_points
        if point.group == GROUP
    }
    return sorted(found, key=lambda item: (item.name, item.distribution))


def load_world(report: Report, extra: Iterable[tuple[Found, ModuleType]] = ()) -> World:
    """Load every plugin that is installed, and the ``extra`` ones given.

    A plugin that cannot be loaded, that misspells a hook, that was made for another contract, that
    raises, or that declares what another one has, is told (P903), and the others still run.
    """
    manager = PluginManager("coopfx")
    manager.add_hookspecs(hookspecs)
    collected = _Collected()
    own = Found("coopfx", "coopfx.builtin", "coopfx", __version__)
    modules: list[tuple[Found, ModuleType]] = [(own, builtin)]
    for found in discover():
        try:
            modules.append((found, import_module(found.module)))
        except Exception as error:
            _tell(report, found, "load", error)
    for found, module in [*modules, *extra]:
        _take(manager, found, module, collected, report)
    plugins = {
        found: Plugin(
            found.name,
            found.distribution,
            found.version,
            tuple(name for sort, name in brought if sort == "language"),
            tuple(name for sort, name in brought if sort == "law"),
            tuple(name for sort, name in brought if sort == "model"),
        )
        for found, brought in collected.brought.items()
    }
    laws = {name: Provided(law, plugins[found]) for name, (law, found) in collected.laws.items()}
    return World(collected.languages, laws, tuple(plugins.values()), collected.models)


def _take(
    manager: PluginManager, found: Found, module: ModuleType, collected: _Collected, report: Report
) -> None:
    try:
        manager.register(module, f"{found.distribution}:{found.name}")
        manager.check_pending()
    except Exception as error:
        _tell(report, found, "hook", error)
        if manager.is_registered(module):
            manager.unregister(module)
        return
    collected.brought[found] = []
    for hook in ("coopfx_languages", "coopfx_laws", "coopfx_models"):
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            if implementation.plugin is not module:
                continue
            try:
                for declaration in implementation.function():
                    _declare(found, declaration, collected, report)
            except Exception as error:
                _tell(report, found, "raise", error)


def _declare(
    found: Found, declaration: Language | Law | Model, collected: _Collected, report: Report
) -> None:
    if declaration.contract != CONTRACT:
        report.tell(
            "P909",
            None,
            plugin=found.name,
            distribution=found.distribution,
            name=declaration.name,
            contract=declaration.contract,
            known=CONTRACT,
        )
        return
    sort = type(declaration).__name__.casefold()
    first = collected.origins.setdefault(f"{sort} {declaration.name}", found)
    if first is not found:
        report.tell(
            "P910",
            None,
            name=declaration.name,
            first=first.distribution,
            second=found.distribution,
        )
        return
    if isinstance(declaration, Language):
        try:
            collected.languages[declaration.name] = _language(declaration, collected)
        except WordsError as error:
            _tell(report, found, "words", error)
            return
    elif isinstance(declaration, Model):
        collected.models[declaration.name] = declaration
    else:
        collected.laws[declaration.name] = (declaration, found)
    collected.brought[found].append((sort, declaration.name))


def _language(declaration: Language, collected: _Collected) -> Words:
    """The words of a language, in English where a sentence has not been translated."""
    words = Words.from_toml(declaration.text)
    if words.language != declaration.name:
        raise WordsError(
            f"it is declared as {declaration.name}, and its file says {words.language}"
        )
    english = collected.languages.get("en")
    return words if english is None else words.completed(english)


def _tell(report: Report, found: Found, stage: str, error: Exception) -> None:
    report.tell(
        "P903",
        None,
        plugin=found.name,
        distribution=f"{found.distribution} {found.version}",
        stage=stage,
        reason=f"{type(error).__name__}: {error}".splitlines()[0][:200],
    )
