"""The law of French cooperatives, as texts in the statute language."""

from pathlib import Path

from coopfx.hookspecs import Law, Model, hookimpl

_HERE = Path(__file__).parent


@hookimpl
def coopfx_laws() -> list[Law]:
    """The law of the Scop, ``fr.scop``."""
    words = {
        file.stem: file.read_text("utf-8") for file in sorted((_HERE / "words").glob("*.toml"))
    }
    text = (_HERE / "law" / "scop.fr.coop").read_text("utf-8")
    return [Law("fr.scop", "coopfx_fr/law/scop.fr.coop", "fr", text, words)]


@hookimpl
def coopfx_models() -> list[Model]:
    """The model statutes of a Scop SARL, ``fr.scop.sarl``."""
    file = "models/scop_sarl.fr.coop"
    text = (_HERE / file).read_text("utf-8")
    return [Model("fr.scop.sarl", f"coopfx_fr/{file}", "fr", text)]
