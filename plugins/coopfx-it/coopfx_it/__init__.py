"""The law of Italian worker cooperatives, as texts in the statute language."""

from pathlib import Path

from coopfx.hookspecs import Law, hookimpl

_HERE = Path(__file__).parent
_LAWS = ("cooperative", "lavoro")


@hookimpl
def coopfx_laws() -> list[Law]:
    """``it.cooperative``, the civil code, and under it ``it.lavoro``, the law on worker-members."""
    return [_law(name) for name in _LAWS]


def _law(name: str) -> Law:
    words = {
        file.parent.name: file.read_text("utf-8")
        for file in sorted((_HERE / "words").glob(f"*/{name}.toml"))
    }
    text = (_HERE / "law" / f"{name}.it.coop").read_text("utf-8")
    return Law(f"it.{name}", f"coopfx_it/law/{name}.it.coop", "it", text, words)
