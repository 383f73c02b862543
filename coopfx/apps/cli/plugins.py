"""``coopfx plugins``: what is installed."""

import click

from coopfx.apps.cli.common import Session, shared_options


@click.command("plugins")
@shared_options
def command(form: str, lang: str | None) -> None:
    """List what is installed: languages, laws and models, with versions and where they come from.

    Example: coopfx plugins
    """
    session = Session(lang, form)
    rows = [
        {
            "name": item.name,
            "distribution": item.distribution,
            "version": item.version,
            "languages": list(item.languages),
            "laws": list(item.laws),
            "models": list(item.models),
        }
        for item in session.world.plugins
    ]
    if form == "json":
        session.show_json({"plugins": rows})
    else:
        for item in session.world.plugins:
            click.echo(f"{item.distribution} {item.version}")
            all_brought = (
                ("languages", item.languages),
                ("laws", item.laws),
                ("models", item.models),
            )
            for key, brought in all_brought:
                if brought:
                    click.echo(f"  {session.words.phrase(f'plugins.{key}')} {', '.join(brought)}")
    session.tell()
    session.end()
