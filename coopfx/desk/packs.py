"""The laws and models that a policy rests on: their distribution, their version, the text itself."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from coopfx.desk.policy import Pack, Policy
from coopfx.desk.versions import Statute
from coopfx.desk.years import unread
from coopfx.ground.facts import Facts, digest_of
from coopfx.ground.report import Report, Said
from coopfx.language import ir
from coopfx.plugged.world import World

if TYPE_CHECKING:
    from coopfx.engine.outcome import Provenance


def packs_of(programs: Iterable[ir.Program], world: World) -> dict[str, Pack]:
    """The packs of programs by the names of their laws, and of the models that they start from.

    A model's name stands after the word ``model``, since a law may be called the same.
    """
    found: dict[str, Pack] = {}
    for program in programs:
        for law in program.laws:
            provided = world.laws[law]
            plugin = provided.plugin
            found[law] = Pack(plugin.distribution, plugin.version, sha256(provided.law.text))
        for model in _models_of(program):
            plugin = world.origins[f"model {model}"]
            text = world.models[model].text
            found[f"model {model}"] = Pack(plugin.distribution, plugin.version, sha256(text))
    return dict(sorted(found.items()))


def tell_changed(policy: Policy, used: dict[str, Pack], report: Report) -> None:
    """Tell each pack that is not the one which the policy was last run with (P932, P933)."""
    for name, kept in policy.packs.items():
        now = used.get(name)
        if now is None:
            continue
        if (now.distribution, now.version) != (kept.distribution, kept.version):
            report.tell(
                "P932",
                kept.span,
                name=name,
                distribution=now.distribution,
                installed=now.version,
                locked=f"`{kept.distribution}` {kept.version}",
                text=Said(f"packs.{_text_since(kept, now)}"),
                policy=str(policy.path),
            )
        elif kept.sha256 and now.sha256 != kept.sha256:
            report.tell(
                "P933",
                kept.span,
                name=name,
                distribution=now.distribution,
                installed=now.version,
                policy=str(policy.path),
            )


def _text_since(kept: Pack, now: Pack) -> str:
    """Whether a pack's text is the one that a policy keeps, which may be without a hash."""
    if not kept.sha256:
        return "unknown"
    return "same" if kept.sha256 == now.sha256 else "changed"


def provenance(
    statute: Statute, facts: Facts, world: World, changes: Iterable[str] = ()
) -> "Provenance":
    """What an outcome rests on: versions of coopfx and of the packs, hashes of statute and data.

    ``changes`` are those that make it a scenario.
    """
    from coopfx.engine.outcome import LawUsed, Provenance

    laws = [world.laws[name] for name in statute.program.laws]
    packs = {item.plugin.distribution: item.plugin.version for item in laws}
    return Provenance(
        world.plugins[0].version,
        packs,
        sha256(statute.source.text),
        digest_of(facts, unread(statute.program)),
        tuple(
            LawUsed(
                item.law.name,
                item.plugin.distribution,
                item.plugin.version,
                item.law.file,
                sha256(item.law.text),
            )
            for item in laws
        ),
        tuple(changes),
    )


def sha256(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _models_of(program: ir.Program) -> list[str]:
    """The models whose clauses a program holds."""
    clauses = (*program.money_clauses(), *program.rules, *program.indicators)
    origins = (*(clause.origin for clause in clauses), *program.origins.values())
    return sorted({origin.model for origin in origins if origin.model})
