"""``coopfx plugin``: a plugin begun from the example, in a folder of its own."""

import keyword
import re
from pathlib import Path

import click

from coopfx.apps.cli.common import UNUSABLE, Session, language_option
from coopfx.apps.cli.output import write_folder
from coopfx.apps.cli.spoken import usage
from coopfx.plugged.published import by_this_python, installing

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NOT_COPIED = {"__pycache__", ".pytest_cache", ".venv", "dist"}


def example_folder() -> Path:
    """Where the example is: in the package, or among the plugins of a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "example"
    return inside if inside.is_dir() else package.parent / "plugins" / "example"


@click.group("plugin")
def command() -> None:
    """Begin a plugin of your own.

    Example: coopfx plugin new bakers
    """


@command.command("new")
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where it is made: a folder that is not there yet. Else coopfx-NAME, here.",
)
@language_option
def new(name: str, folder: Path | None, lang: str | None) -> None:
    """Make a plugin with a law, its words, its cases, its tests: one that passes at once.

    NAME is a word in small letters, such as bakers: the distribution is called coopfx-bakers, its law
    bakers.statute. coopfx-bakers is taken for bakers. Nothing that is there already is overwritten.

    Example: coopfx plugin new bakers
    """
    name = name.removeprefix("coopfx-")
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise usage("plugin_name", name=name)
    session = Session(lang, "text")
    target = folder or Path(f"coopfx-{name}")
    if write_folder(target, files_of(name), session.report):
        install = installing(f"{target}[dev]")
        test = by_this_python("pytest", str(target))
        said = {"path": str(target), "install": install, "test": test}
        click.echo(session.words.phrase("plugins.made", **said))
        session.tell()
        return
    session.tell()
    raise SystemExit(UNUSABLE)


def files_of(name: str) -> dict[str, bytes]:
    """The files of the example under another name."""
    root = example_folder()
    return {
        _renamed(path.relative_to(root).as_posix(), name): _renamed(
            path.read_text("utf-8"), name
        ).encode()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not _NOT_COPIED & set(path.relative_to(root).parts)
    }


def _renamed(text: str, name: str) -> str:
    """A text of the example that speaks of another plugin: its package, its distribution, its law."""
    module = name.replace("-", "_")
    for before, after in (
        ("coopfx_example", f"coopfx_{module}"),
        ("coopfx-example", f"coopfx-{name}"),
        ("law/bakers", "law/statute" if module != "example" else "law/bakers"),
        ("bakers.en.coop", f"{module}.en.coop" if module != "example" else "bakers.en.coop"),
        ("bakers_2023", f"{module}_2023" if module != "example" else "bakers_2023"),
        ("example.bakers", f"{module}.statute" if module != "example" else "example.bakers"),
        ("/bakers.toml", "/statute.toml" if module != "example" else "/bakers.toml"),
        ('plugin = "example"', f'plugin = "{module}"'),
        ('parent, "example"', f'parent, "{module}"'),
        ("\nexample = ", f"\n{module} = "),
    ):
        text = text.replace(before, after)
    return text
