"""``coopfx page``: the page served on this machine alone, with a policy open."""

import os
import sys
import webbrowser
from pathlib import Path

import click

from coopfx.extending import UNUSABLE, Session, language_option
from coopfx_page import server

BUILT = "COOPFX_PAGE"
"""The variable that names the built folder, where it is not beside the command."""


@click.command("page")
@click.argument("policy", type=click.Path(path_type=Path), required=False)
@click.option(
    "--folder", type=click.Path(path_type=Path), help="The built page, as `make page` writes it."
)
@click.option(
    "--port", type=int, default=0, help="A port of this machine; any that is free without it."
)
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser at once.")
@language_option
def command(
    policy: Path | None, folder: Path | None, port: int, browser: bool, lang: str | None
) -> None:
    """Serve the page on this machine alone, with a policy open.

    POLICY is a policy folder; without it, the page asks for one. Nobody else on the network can reach
    it, and the page sends nothing anywhere. It ends with Ctrl-C.

    Example: coopfx page policies/alma
    """
    session = Session(lang, "text")
    built = folder or Path(os.environ.get(BUILT, "dist/page"))
    if not (built / "manifest.json").is_file():
        session.report.tell("page.E07", None, name=str(built))
    if policy is not None and session.open(str(policy)) is None:
        built = Path()
    if session.report.failed:
        session.tell()
        raise SystemExit(UNUSABLE)
    with server.serving(built, policy, port) as address:
        click.echo(session.words.phrase("page.served", address=address))
        sys.stdout.flush()
        if browser:
            webbrowser.open(address)
        server.until_interrupted()
