"""``coopfx plugins``: what is installed."""

import click

from coopfx.apps.cli.common import Session, shared_options
from coopfx.ground.report import Report
from coopfx.laws.examine import examine
from coopfx.plugged.hookspecs import CONTRACT, OLDEST_CONTRACT
from coopfx.plugged.world import Plugin
from coopfx.starts.model import open_start

SCHEMA = "coopfx.plugins/1"
SORTS = (
    *("languages", "laws", "models", "readers", "writers", "commands", "sentences"),
    *("tables", "engines", "comparisons", "workbooks"),
)


@click.command("plugins")
@shared_options
def command(form: str, lang: str | None) -> None:
    """List what is installed: what each plugin brings, with its version and where it comes from.

    All that they bring is examined, also what no policy uses: each law is read, each word file opened.
    Where any of it is left out, or amiss, the command ends with status 1.

    Example: coopfx plugins
    """
    session = Session(lang, form)
    examine(session.world, session.report)
    for name in session.world.models:
        # What is wrong with the model's own text is told already.
        told = Report()
        open_start(name, session.world, told)
        for diagnostic in told.diagnostics:
            if diagnostic.code == "P969":
                session.report.add(diagnostic)
    if form == "json":
        from coopfx.formats import json

        session.show_json(
            {
                "schema": SCHEMA,
                "contracts": {"oldest": OLDEST_CONTRACT, "newest": CONTRACT},
                "plugins": [_row(item) for item in session.world.plugins],
                "diagnostics": json.diagnostics(session.report, session.words),
            }
        )
    else:
        for item in session.world.plugins:
            click.echo(f"{item.origin} ({item.module})")
            for sort in SORTS:
                brought = getattr(item, sort)
                if brought:
                    click.echo(f"  {session.words.phrase(f'plugins.{sort}')} {', '.join(brought)}")
    session.tell()
    session.end(violated=bool(session.report.diagnostics))


def _row(item: Plugin) -> dict[str, object]:
    own = ("name", "distribution", "version", "module")
    brought = {sort: list(getattr(item, sort)) for sort in SORTS}
    return {key: getattr(item, key) for key in own} | brought
