"""Every extension point, and the frozen declarations that plugins return through them.

A plugin is a distribution with an entry point in the group ``coopfx`` that names a module. The module
implements any of the hooks below; each returns declarations that carry the contract's version. Every
hook collects: no plugin hides another, and two declarations of one name are an error.
"""

from collections.abc import Iterable

from attrs import Factory, frozen
from pluggy import HookimplMarker, HookspecMarker

CONTRACT = 1
"""The version of this contract: a declaration made for another one is refused by name."""

hookspec = HookspecMarker("coopfx")
hookimpl = HookimplMarker("coopfx")


@frozen(slots=True)
class Language:
    """A natural language: its code, which the names of statute files bear, and its word file's text.

    ``[keywords]``, ``[numbers]`` and ``[units]`` are as full as in grammars/en.toml; a sentence or a
    name that the file lacks is in English.
    """

    name: str
    text: str
    contract: int = CONTRACT


@frozen(slots=True)
class Law:
    """A law: its text in the statute language, and its names and titles in each language.

    ``file`` is what diagnostics call the text, ``language`` the natural language it is written in.
    ``words`` maps a language to the text of a TOML file with the tables ``names``, ``definite`` (the
    grammatical article of a name, where it has one), ``labels``, ``rules``, ``messages`` and
    ``articles``.
    """

    name: str
    file: str
    language: str
    text: str
    words: dict[str, str] = Factory(dict)
    contract: int = CONTRACT


@frozen(slots=True)
class Model:
    """A statute that others may start from, in the statute language.

    ``file`` is what diagnostics call the text, ``language`` the natural language it is written in.
    """

    name: str
    file: str
    language: str
    text: str
    contract: int = CONTRACT


@hookspec
def coopfx_languages() -> Iterable[Language]:  # type: ignore[empty-body]
    """Natural languages that statutes may be written in and that coopfx speaks."""


@hookspec
def coopfx_laws() -> Iterable[Law]:  # type: ignore[empty-body]
    """Laws that a statute may stand under."""


@hookspec
def coopfx_models() -> Iterable[Model]:  # type: ignore[empty-body]
    """Model statutes that a statute may be based on."""
