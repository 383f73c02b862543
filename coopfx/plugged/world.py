"""Find the plugins, check them, keep each one's mistakes to itself, and freeze them into a World.

There is no global registry: a World is made when it is asked for, and passed along. It is frozen, so
that one of which nothing was amiss serves whoever asks again in the same process, while the same
plugins are installed.
"""

import hashlib
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from attrs import Factory, define, evolve, frozen
from pluggy import PluginManager

from coopfx.ground.code import entry_points
from coopfx.ground.plain import Plain
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.version import __version__
from coopfx.ground.words import Words, WordsError
from coopfx.plugged import builtin, hookspecs
from coopfx.plugged.examined import RefusedError, examine, look_for_slips
from coopfx.plugged.guarded import Guarded, confined
from coopfx.plugged.hookspecs import (
    CONTRACT,
    HOOKS,
    OLDEST_CONTRACT,
    Command,
    ComparisonWriter,
    Declaration,
    Engine,
    Language,
    Law,
    Model,
    Reader,
    Sentences,
    TableFormat,
    WorkbookFormat,
    Writer,
)
from coopfx.plugged.published import BROUGHT
from coopfx.plugged.sentences import Said as SaidByPlugin
from coopfx.plugged.sentences import read_sentences, with_sentences

_CALLED = ("read", "write", "anonymous", "find", "run")
SLOW = 2.0
"""So many seconds may pass while a plugin is loaded before it is told who takes them."""

T = TypeVar("T")


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Found(Plain):
    """An entry point: its name, the module or ``module:object`` it names, where it comes from."""

    name: str
    module: str
    distribution: str
    version: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Plugin(Plain):
    """A loaded plugin: where it comes from, and the names of what it brings.

    ``contract`` is the oldest that anything of it is written for.
    """

    name: str
    distribution: str
    version: str
    module: str = ""
    contract: int = CONTRACT
    languages: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    comparisons: tuple[str, ...] = ()
    workbooks: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The distribution with its version."""
        return f"{self.distribution} {self.version}"


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Provided(Plain):
    """A law with the plugin that brings it."""

    law: Law
    plugin: Plugin

    @property
    def path(self) -> Path:
        """What diagnostics call the law's text, as a path."""
        return Path(self.law.file)

    def source(self) -> Source:
        """The law's text."""
        return Source(self.law.file, self.law.text, self.law.language)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class World(Plain):
    """All that plugins bring, frozen. ``readers`` are by the suffixes of files, in small letters.

    ``origins`` gives the plugin of each declaration, by its sort and its name: ``writer json``.
    """

    languages: dict[str, Words]
    laws: dict[str, Provided]
    plugins: tuple[Plugin, ...]
    models: dict[str, Model] = Factory(dict)
    readers: dict[str, Reader] = Factory(dict)
    writers: dict[str, Writer] = Factory(dict)
    commands: dict[str, Command] = Factory(dict)
    origins: dict[str, Plugin] = Factory(dict)
    tables: dict[str, TableFormat] = Factory(dict)
    engines: dict[str, Engine] = Factory(dict)
    comparisons: dict[str, ComparisonWriter] = Factory(dict)
    workbooks: dict[str, WorkbookFormat] = Factory(dict)

    def words(self, language: str) -> Words:
        """A language's words; English where it is not known."""
        return self.languages.get(language) or self.languages["en"]

    @cached_property
    def texts(self) -> str:
        """A hash of all texts that a program may rest on: some plugins are brought in passing."""
        total = hashlib.sha256()
        for provided in self.laws.values():
            total.update(repr(provided.law).encode())
        for model in self.models.values():
            total.update(repr(model).encode())
        for name, words in sorted(self.languages.items()):
            total.update(repr((name, words.keywords, words.names, words.numbers)).encode())
        return total.hexdigest()

    def tell_failure(self, declaration: Declaration, error: BaseException, report: Report) -> None:
        """Tell (P931) that what a plugin brought has raised when it was used."""
        plugin = self.origins[_keys(declaration)[0]]
        report.tell(
            "P931",
            None,
            plugin=plugin.name,
            distribution=plugin.origin,
            name=declaration.name,
            reason=_reason(error) + _raised_at(error),
        )


@define(slots=True)
class _Collected:
    """What the plugins bring that are taken so far."""

    languages: dict[str, Words] = Factory(dict)
    sentences: dict[str, dict[str, SaidByPlugin]] = Factory(dict)
    brought: dict[Found, tuple[Declaration, ...]] = Factory(dict)
    origins: dict[str, Found] = Factory(dict)


def discover() -> list[Found]:
    """The entry points of plugins: this repository's, then the others, by their names."""
    found = [Found(*point) for point in entry_points()]
    return sorted(found, key=lambda one: one.distribution not in BROUGHT)


def load_world(report: Report, extra: Iterable[tuple[Found, Any]] = ()) -> World:
    """Load every plugin that is installed, and the ``extra`` ones given.

    A plugin that cannot be loaded, that misspells a hook, that raises, or whose declarations are not
    what they should be is told (P903), and so is one that was made for another contract (P909, P930).
    Of one that declares what another one has, that declaration alone is left out, and told (P910).
    One that prints, or takes long, is told. The others still run.
    """
    given, told = dict(extra), len(report.diagnostics)
    found_plugins = discover()
    if not given and (known := _whole.get(_as_imported(found_plugins))) is not None:
        return known
    manager = PluginManager("coopfx")
    manager.add_hookspecs(hookspecs)
    collected = _Collected()
    own = Found("coopfx", "coopfx.plugged.builtin", "coopfx", __version__)
    _keep(own, _examined(manager, own, builtin, collected), collected, report)
    for found in found_plugins:
        _take(manager, found, _named_by, collected, report)
    for found in given:
        _take(manager, found, given.__getitem__, collected, report)
    world = _frozen(collected)
    if not given and len(report.diagnostics) == told:
        _whole.clear()
        _whole[_as_imported(found_plugins)] = world
    return world


_Imported = tuple[tuple[Found, object], ...]
_whole: dict[_Imported, World] = {}
"""The last world of which nothing was amiss, by the plugins that it is made of."""


def _as_imported(plugins: Iterable[Found]) -> _Imported:
    """Entry points, each with the module that it names where that has been imported."""
    return tuple((one, sys.modules.get(_module_of(one))) for one in plugins)


def _module_of(found: Found) -> str:
    """The module that an entry point names, or in which what it names lies."""
    return found.module.partition("[")[0].strip().partition(":")[0]


def _named_by(found: Found) -> Any:
    """What an entry point names: a module, or an object in it."""
    named = import_module(_module_of(found))
    _, _, path = found.module.partition("[")[0].strip().partition(":")
    for part in filter(None, path.split(".")):
        named = getattr(named, part)
    return named


def _take(
    manager: PluginManager,
    found: Found,
    load: Callable[[Found], Any],
    collected: _Collected,
    report: Report,
) -> None:
    """Load a plugin and take what it brings; or nothing of it, and one diagnostic."""
    began = time.monotonic()
    loading = True
    try:
        with confined() as heard:
            plugin = load(found)
            loading = False
            examined = _examined(manager, found, plugin, collected)
    except RefusedError as refused:
        _tell(report, found, refused)
        return
    except Exception as error:
        how = RefusedError("load", reason=_reason(error))
        if not loading:
            how = RefusedError("raise", hook=found.module, reason=_reason(error))
        _tell(report, found, how)
        return
    before = len(report.diagnostics)
    _keep(found, examined, collected, report)
    if len(report.diagnostics) > before:
        return
    if time.monotonic() - began > SLOW:
        _tell(report, found, RefusedError("slow", seconds=int(SLOW)))
    elif heard.printed:
        _tell(report, found, RefusedError("prints"))


@frozen
class _Examined:
    """What a plugin declares, once nothing of it is amiss; words and sentences, read."""

    declarations: list[Declaration]
    languages: dict[str, Words]
    sentences: dict[str, dict[str, SaidByPlugin]]


def _examined(
    manager: PluginManager, found: Found, plugin: Any, collected: _Collected
) -> _Examined:
    """What a plugin declares; raises RefusedError where anything of it is amiss."""
    declarations = _declarations(manager, found, plugin)
    return _Examined(
        declarations,
        {
            item.name: _language(item, collected)
            for item in declarations
            if isinstance(item, Language)
        },
        {item.name: _sentences(item) for item in declarations if isinstance(item, Sentences)},
    )


def _keep(found: Found, examined: _Examined, collected: _Collected, report: Report) -> None:
    """Keep what a plugin declares, but for what another one has already (P910)."""
    declarations = examined.declarations
    if not _contracts_agree(found, declarations, report):
        return
    taken: list[Declaration] = []
    for item in declarations:
        there = next((key for key in _keys(item) if key in collected.origins), None)
        if there is None:
            taken.append(item)
            collected.origins |= dict.fromkeys(_keys(item), found)
        else:
            first, what = collected.origins[there].distribution, there.partition(" ")[2]
            report.tell("P910", None, name=what, first=first, second=found.distribution)
    own = found.distribution == "coopfx"
    collected.brought[found] = tuple(item if own else _quiet(item) for item in taken)
    for item in taken:
        if isinstance(item, Language):
            collected.languages[item.name] = examined.languages[item.name]
        elif isinstance(item, Sentences):
            collected.sentences[item.name] = examined.sentences[item.name]


def _quiet(item: Declaration) -> Declaration:
    """A declaration whose functions print nothing and end nothing; a command's speaks for itself."""
    called = [name for name in _CALLED if getattr(item, name, None) is not None]
    guarded: dict[str, Any] = {name: Guarded(getattr(item, name)) for name in called}
    return evolve(item, **guarded)


def _declarations(manager: PluginManager, found: Found, module: Any) -> list[Declaration]:
    """All that a plugin's hooks return; raises RefusedError where anything of it is amiss."""
    look_for_slips(module)
    if manager.is_registered(module):
        raise RefusedError("twice", name=str(manager.get_name(module)).partition(":")[0])
    try:
        manager.register(module, f"{found.distribution}:{found.name}")
        manager.check_pending()
    except Exception as error:
        if manager.is_registered(module):
            manager.unregister(module)
        raise RefusedError("raise", hook=found.module, reason=_reason(error)) from error
    declarations: list[Declaration] = []
    for hook, sort in HOOKS.items():
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            if implementation.plugin is not module:
                continue
            try:
                returned = list(implementation.function())
            except (Exception, SystemExit) as error:
                raise RefusedError("raise", hook=hook, reason=_reason(error)) from error
            for item in returned:
                examine(item, hook, sort)
            declarations += returned
    if not declarations:
        raise RefusedError("nothing")
    return declarations


def _contracts_agree(found: Found, declarations: list[Declaration], report: Report) -> bool:
    """Whether coopfx knows the contract of all that a plugin brings; told, once, where it does not."""
    contracts = {item.contract for item in declarations}
    origin = _origin(found)
    if max(contracts) > CONTRACT:
        newest = max(contracts)
        report.tell(
            "P909",
            None,
            plugin=found.name,
            distribution=origin,
            contract=newest,
            known=CONTRACT,
        )
    elif min(contracts) < OLDEST_CONTRACT:
        oldest = min(contracts)
        report.tell(
            "P930",
            None,
            plugin=found.name,
            distribution=origin,
            contract=oldest,
            known=OLDEST_CONTRACT,
        )
    else:
        return True
    return False


def _language(declaration: Language, collected: _Collected) -> Words:
    """The words of a language, in English where a sentence has not been translated."""
    try:
        words = Words.from_toml(declaration.text)
        if words.language != declaration.name:
            raise WordsError(
                f"it is declared as {declaration.name}, and its file says {words.language}"
            )
        english = collected.languages.get("en")
        return words if english is None else words.completed(english)
    except WordsError as error:
        raise RefusedError("words", name=declaration.name, reason=_reason(error)) from error


def _sentences(declaration: Sentences) -> dict[str, SaidByPlugin]:
    """What a plugin says, by language; raises RefusedError where it is not as it should be."""
    try:
        return read_sentences(declaration)
    except (WordsError, TypeError, AttributeError) as error:
        raise RefusedError("sentences", name=declaration.name, reason=_reason(error)) from error


def _frozen(collected: _Collected) -> World:
    plugins = {
        found: Plugin(
            found.name,
            found.distribution,
            found.version,
            found.module,
            min((item.contract for item in brought), default=CONTRACT),
            *(tuple(_of(sort, brought)) for sort in HOOKS.values()),
        )
        for found, brought in collected.brought.items()
    }
    brought = [item for items in collected.brought.values() for item in items]
    origins = {key: plugins[found] for key, found in collected.origins.items() if found in plugins}
    readers = _of(Reader, brought)
    languages = with_sentences(collected.languages, collected.sentences.values())
    # Of another language only its words are looked at.
    read = {name: evolve(words, phrases={}, diagnostics={}) for name, words in languages.items()}
    return World(
        {
            name: evolve(words, others=tuple(one for key, one in read.items() if key != name))
            for name, words in languages.items()
        },
        {name: Provided(law, origins[_keys(law)[0]]) for name, law in _of(Law, brought).items()},
        tuple(plugins.values()),
        _of(Model, brought),
        {end.casefold(): reader for reader in readers.values() for end in reader.suffixes},
        _of(Writer, brought),
        _of(Command, brought),
        origins,
        _of(TableFormat, brought),
        _of(Engine, brought),
        _of(ComparisonWriter, brought),
        _of(WorkbookFormat, brought),
    )


def _of(sort: type[T], declarations: Iterable[Declaration]) -> dict[str, T]:
    """The declarations of one sort, by their names."""
    return {item.name: item for item in declarations if isinstance(item, sort)}


def _keys(item: Declaration) -> tuple[str, ...]:
    """What two declarations must not have in common: a name, or a suffix of files."""
    own = f"{type(item).__name__.casefold()} {item.name}"
    ends = item.suffixes if isinstance(item, Reader) else ()
    return (own, *(f"suffix {end.casefold()}" for end in ends))


def _origin(found: Found) -> str:
    return f"{found.distribution} {found.version}"


def _reason(error: BaseException) -> str:
    """An exception on one line."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return text.splitlines()[0][:200]


def _raised_at(error: BaseException) -> str:
    """Where in the plugin an exception was raised: the file's name and the line, for its publishers."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""


def _tell(report: Report, found: Found, refused: RefusedError) -> None:
    report.tell("P903", None, plugin=found.name, distribution=_origin(found), problem=refused.said)
