"""What plugins bring, read whole: also the laws and the models that no policy uses.

A command reads what it needs; this is for whoever lists the plugins, or shows or tests a law.
"""

from datetime import date
from pathlib import Path

from coopfx import pipeline
from coopfx.desk.law_words import amiss, tell_amiss
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.desk.texts import read_document
from coopfx.desk.versions import Statute
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Source
from coopfx.language import ast
from coopfx.plugged.hookspecs import CONTRACT, Law, Model
from coopfx.plugged.world import Plugin, World

EXAMPLE_DAY = date(2024, 12, 31)


def examine(world: World, report: Report) -> None:
    """Tell (P903) each law and each model that cannot be used, and each word file that is amiss.

    A plugin of an older contract is told (P957) what has changed since.
    """
    for plugin in world.plugins:
        if plugin.contract < CONTRACT:
            report.tell(
                "P957",
                None,
                plugin=plugin.name,
                distribution=plugin.origin,
                contract=plugin.contract,
                known=CONTRACT,
                changed=tuple(
                    Said(f"plugins.contract.{number}")
                    for number in range(plugin.contract + 1, CONTRACT + 1)
                ),
            )
    for provided in world.laws.values():
        law, quiet = provided.law, Report()
        if compiled_alone(law, world, quiet) is None:
            _tell(law, provided.plugin, quiet, report)
        for language, reason in amiss(law).items():
            tell_amiss(provided, language, reason, report)
    for name, model in world.models.items():
        quiet = Report()
        if _compiled_from(model, world, quiet) is None:
            _tell(model, world.origins[f"model {name}"], quiet, report)


def compiled_alone(law: Law, world: World, report: Report) -> Statute | None:
    """A statute that says nothing of its own, under a law; None, and told, where the law has mistakes."""
    head = f'statute "{law.name}" under {law.name}'
    return _compiled(head, law, world, report)


def _compiled_from(model: Model, world: World, report: Report) -> Statute | None:
    head = f'statute "{model.name}"\nbased on {model.name}'
    return _compiled(head, model, world, report)


def _compiled(head: str, item: Law | Model, world: World, report: Report) -> Statute | None:
    """A statute with this heading and nothing else, in the currency of what is examined."""
    words = world.words(item.language)
    document = read_document(Source(item.file, item.text, item.language), words, Report())
    lines = document.clauses if document else ()
    currency = next((one.code for one in lines if isinstance(one, ast.Currency)), "EUR")
    text = f"{head}\ncurrency {currency}\nin force from {EXAMPLE_DAY}\n"
    file = StatuteFile(Path("statute.en.coop"), "", "en")
    policy = Policy(Path(), "en", {}, (file,))
    source = Source("statute.en.coop", text, "en")
    return pipeline.compile_source(source, file, policy, world, report)


def _tell(item: Law | Model, plugin: Plugin, quiet: Report, report: Report) -> None:
    first = next((told for told in quiet.in_order() if told.file == item.file), None)
    first = first or quiet.in_order()[0]
    place = f"{item.file}:{first.span.line}" if first.span else item.file
    problem = Said("plugins.problem.text", {"name": item.name, "place": place, "why": first})
    report.tell("P903", None, plugin=plugin.name, distribution=plugin.origin, problem=problem)
