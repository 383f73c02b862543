"""The law of French cooperatives, as texts in the statute language."""

from pathlib import Path

from coopfx.plugged.hookspecs import Law, Model, hookimpl, laws_in, models_in

_HERE = Path(__file__).parent


@hookimpl
def coopfx_laws() -> list[Law]:
    """``fr.cooperation``, the general law of 1947, and two under it: ``fr.scic`` and ``fr.scop``."""
    return laws_in(_HERE, "fr")


@hookimpl
def coopfx_models() -> list[Model]:
    """The model statutes of a Scop and of a Scic, one for each form that the company may have."""
    return models_in(_HERE, "fr")
