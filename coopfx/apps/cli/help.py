"""``coopfx help``: what a diagnostic means, an example that it is told of, and the same mended."""

import sys
from collections.abc import Iterable

import click

from coopfx.apps.cli import pages
from coopfx.apps.cli.common import Session, shared_options, style_of
from coopfx.ground.words import nearest


@click.command("help")
@click.argument("code", required=False)
@shared_options
@click.pass_context
def command(context: click.Context, code: str | None, form: str, lang: str | None) -> None:
    """Say what a diagnostic means, with an example and how it is mended.

    CODE is what a message begins with, such as N201; without it, all of them are listed. The name of
    a command shows that command's own help.

    Example: coopfx help N201
    """
    group = context.find_root().command
    asked = group.get_command(context, code) if code and isinstance(group, click.Group) else None
    if asked is not None:
        with asked.make_context(code, ["--help"], parent=context.find_root()):
            return
    session = Session(lang, form)
    english = session.world.words("en")
    if code is None:
        found = [pages.page(one, session.words, english) for one in pages.codes(session.words)]
        if form == "json":
            session.show_json({"schema": pages.SCHEMA, "codes": [pages.line(one) for one in found]})
        else:
            click.echo(pages.listing(found, session.words, style_of(sys.stdout)), nl=False)
    elif asked_for := _known(code, english.diagnostics):
        page = pages.page(asked_for, session.words, english)
        if form == "json":
            session.show_json({"schema": pages.SCHEMA, **pages.data(page, session.words)})
        else:
            click.echo(pages.text(page, session.words, style_of(sys.stdout)), nl=False)
    else:
        # An O typed for a nought, an I or an L for a one.
        upper = code.upper()
        meant = upper[:1] + upper[1:].translate(str.maketrans("OIL", "011"))
        known = english.diagnostics
        near = meant if meant in known else nearest(upper, known) or nearest(code, known)
        session.report.tell("P916", None, found=code[:60], nearest=near)
    session.tell()
    session.end()


def _known(code: str, codes: Iterable[str]) -> str:
    """A code as it is written, however its letters were typed; empty where there is none such."""
    folded = code.casefold()
    return next((known for known in codes if known.casefold() == folded), "")
