"""The law of French cooperatives, as texts in the statute language."""

from pathlib import Path

from coopfx.hookspecs import Law, Model, hookimpl

_HERE = Path(__file__).parent
_LAWS = ("cooperation", "scic", "scop")


@hookimpl
def coopfx_laws() -> list[Law]:
    """``fr.cooperation``, the general law of 1947, and two under it: ``fr.scic`` and ``fr.scop``."""
    return [_law(name) for name in _LAWS]


def _law(name: str) -> Law:
    words = {
        file.parent.name: file.read_text("utf-8")
        for file in sorted((_HERE / "words").glob(f"*/{name}.toml"))
    }
    text = (_HERE / "law" / f"{name}.fr.coop").read_text("utf-8")
    return Law(f"fr.{name}", f"coopfx_fr/law/{name}.fr.coop", "fr", text, words)


@hookimpl
def coopfx_models() -> list[Model]:
    """The model statutes of a Scop SARL, ``fr.scop.sarl``."""
    file = "models/scop_sarl.fr.coop"
    text = (_HERE / file).read_text("utf-8")
    return [Model("fr.scop.sarl", f"coopfx_fr/{file}", "fr", text)]
