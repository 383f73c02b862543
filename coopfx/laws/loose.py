"""A law that no plugin brings: its text alone, as its author holds it."""

from attrs import evolve

from coopfx.desk.texts import read_partly
from coopfx.ground.report import Report
from coopfx.ground.source import Source, language_of
from coopfx.language import ast
from coopfx.laws.book import LawBook, open_law
from coopfx.plugged.hookspecs import Law
from coopfx.plugged.world import Plugin, Provided, World


def law_of(file: str, text: str, world: World) -> Law | None:
    """The law that a text says of itself to be, in the language that its file's name tells or in another;
    None where it says no such thing.

    >>> from coopfx.plugged.world import load_world
    >>> world = load_world(Report())
    >>> law_of("bread.coop", 'law xx.bread "Bread"\\nin force from 2024-01-01', world).name
    'xx.bread'
    """
    told = language_of(file)
    for language in dict.fromkeys([*([told] if told in world.languages else []), *world.languages]):
        words = world.words(language)
        document = read_partly(Source(file, text, language), words, Report())
        for clause in document.clauses:
            if isinstance(clause, ast.Law):
                return Law(clause.name, file, language, text)
    return None


def open_loose(law: Law, world: World, report: Report) -> tuple[LawBook, World] | None:
    """A law as if it were installed, and the world with it; None, and told, where it cannot be read."""
    brings = Plugin(law.name, law.file, "", laws=(law.name,))
    other = evolve(world, laws={**world.laws, law.name: Provided(law, brings)})
    book = open_law(law.name, other, report)
    return None if book is None else (book, other)
