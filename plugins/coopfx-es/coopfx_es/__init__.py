"""The law of Spanish worker cooperatives, as texts in the statute language."""

from pathlib import Path

from coopfx.hookspecs import Law, hookimpl

_HERE = Path(__file__).parent
_LAWS = ("cooperativas", "euskadi")


@hookimpl
def coopfx_laws() -> list[Law]:
    """``es.cooperativas``, the state's law of 1999, and ``es.euskadi``, the Basque one of 2019."""
    return [_law(name) for name in _LAWS]


def _law(name: str) -> Law:
    words = {
        file.parent.name: file.read_text("utf-8")
        for file in sorted((_HERE / "words").glob(f"*/{name}.toml"))
    }
    text = (_HERE / "law" / f"{name}.es.coop").read_text("utf-8")
    return Law(f"es.{name}", f"coopfx_es/law/{name}.es.coop", "es", text, words)
