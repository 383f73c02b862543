"""The statutes that the cooperatives of a federation follow, compiled, and which holds on a day."""

from datetime import date
from pathlib import Path

from attrs import frozen

from coopfx import pipeline
from coopfx.desk.packs import sha256
from coopfx.desk.policy import YEAR, Policy, in_force_on, open_policy
from coopfx.desk.versions import Statute, first_of_each_version
from coopfx.desk.years import schema_of
from coopfx.ground.exact import Type
from coopfx.ground.facts import Schema
from coopfx.ground.report import Report
from coopfx.language import ir
from coopfx.plugged.world import World

FOLDER = "statutes"
"""The folder beside the tables that holds the statutes by their names, each as a policy's folder."""


@frozen(slots=True)
class Statutes:
    """Statutes by their names, each in all its versions; an empty name is that of the only one."""

    policies: dict[str, Policy]
    versions: dict[str, dict[str, Statute]]

    def on(self, name: str, closing: date) -> Statute | None:
        """The version of a statute in force on a day; None where none is."""
        versions = self.versions[name]
        chosen = in_force_on(closing, {key: one.term for key, one in versions.items()})
        return None if chosen is None else versions[chosen]

    def all(self) -> list[Statute]:
        """Every version of every statute."""
        return [one for versions in self.versions.values() for one in versions.values()]

    def hashes(self) -> dict[str, str]:
        """The hash of every text that a figure rests on."""
        return {str(one.file.path): sha256(one.source.text) for one in self.all()}


def paths(folder: Path) -> dict[str, Path]:
    """Where the statutes of a folder of tables stand, by name."""
    found = {}
    if any(folder.glob("statute*.coop")):
        found[""] = folder
    if (folder / FOLDER).is_dir():
        found |= {one.name: one for one in sorted((folder / FOLDER).iterdir()) if one.is_dir()}
    return found


def tell_nothing(source: Path, report: Report) -> None:
    """Tell (P970) that a folder holds no federation; where it is one cooperative's, or its year, say so."""
    home = _above(source) if (source / YEAR).is_file() else source
    above = str(_above(home)) if any(home.glob("statute*.coop")) else ""
    report.tell("P970", None, path=str(source), policy=str(home), nearest=above)


def _above(path: Path) -> Path:
    return path.parent if path.name not in ("", "..") else path / ".."


def compile_all(at: dict[str, Path], world: World, report: Report) -> Statutes | None:
    """The statutes at these places; None, and told, where one has mistakes or there is none (P970)."""
    policies, versions = {}, {}
    before = report.errors()
    for name, path in at.items():
        policy = open_policy(path, report)
        if policy is None:
            continue
        compiled = pipeline.check_policy(policy, world, report, locked=False)
        policies[name] = policy
        versions[name] = first_of_each_version(compiled)
    return None if report.errors() > before else Statutes(policies, versions)


def own_constants(program: ir.Program) -> dict[str, ir.Slot]:
    """The figures that a statute itself sets to a constant, which a cooperative may set otherwise."""
    found = {}
    for name, index in program.figures.items():
        node = program.nodes[index]
        origin = program.origins.get(name)
        if isinstance(node, ir.Slot) and (origin is None or origin.law is None):
            found[name] = node
    return found


def schemas_of(statutes: Statutes) -> list[Schema]:
    """What may be given to any of the statutes."""
    return [schema_of(one.program) for one in statutes.all()]


def constants_of(statutes: Statutes) -> dict[str, Type]:
    """The constants of any of the statutes that a cooperative may set."""
    return {
        name: slot.type
        for one in statutes.all()
        for name, slot in own_constants(one.program).items()
    }
