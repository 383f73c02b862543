"""The law of Italian worker cooperatives, as texts in the statute language."""

from pathlib import Path

from coopfx.plugged.hookspecs import Law, Model, hookimpl, laws_in, models_in

_HERE = Path(__file__).parent


@hookimpl
def coopfx_laws() -> list[Law]:
    """``it.cooperative``, the civil code, and under it ``it.lavoro``, the law on worker-members."""
    return laws_in(_HERE, "it")


@hookimpl
def coopfx_models() -> list[Model]:
    """The model statutes of a cooperative of worker-members, ``it.lavoro.srl``."""
    return models_in(_HERE, "it")
