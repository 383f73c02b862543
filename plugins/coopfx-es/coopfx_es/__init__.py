"""The law of Spanish worker cooperatives, as texts in the statute language."""

from pathlib import Path

from coopfx.plugged.hookspecs import Law, Model, hookimpl, laws_in, models_in

_HERE = Path(__file__).parent


@hookimpl
def coopfx_laws() -> list[Law]:
    """``es.cooperativas``, the state's law of 1999, and ``es.euskadi``, the Basque one of 2019."""
    return laws_in(_HERE, "es")


@hookimpl
def coopfx_models() -> list[Model]:
    """The model statutes of a worker cooperative of Euskadi, ``es.euskadi.trabajo``."""
    return models_in(_HERE, "es")
