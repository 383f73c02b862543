"""``coopfx page``: the page served on this machine alone, with a policy open."""

import sys
import webbrowser
from pathlib import Path

import click

from coopfx.extending import UNUSABLE, Session, language_option
from coopfx_page import server

BUILT = Path("dist", "page")
"""Where `make page` builds it, seen from the repository."""


@click.command("page")
@click.argument("policy", type=click.Path(path_type=Path, file_okay=False), required=False)
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
    built = folder or BUILT
    if not (built / "manifest.json").is_file():
        session.report.tell("page.E07", None, name=str(built))
    if policy is not None:
        session.open(str(policy))
    if session.report.failed:
        session.tell()
        raise SystemExit(UNUSABLE)
    try:
        made = server.bound(built, policy, port)
    except (OSError, OverflowError) as error:
        session.report.tell("page.E08", None, port=port, reason=str(error))
        session.tell()
        raise SystemExit(UNUSABLE) from None
    with server.serving(made) as address:
        click.echo(session.words.phrase("page.served", address=address))
        sys.stdout.flush()
        if browser:
            webbrowser.open(address)
        server.until_interrupted()
