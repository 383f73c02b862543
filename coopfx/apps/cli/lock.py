"""``coopfx lock``: keep with a policy which versions of the laws it was run with."""

import click

from coopfx.apps.cli.common import Session, shared_options
from coopfx.apps.cli.output import write_file
from coopfx.desk.packs import packs_of
from coopfx.formats import toml


@click.command("lock")
@click.argument("policy", type=click.Path())
@shared_options
def command(policy: str, form: str, lang: str | None) -> None:
    """Keep with a policy which versions of the laws and models it was run with.

    They are written under [packs] in the policy's coopfx.toml; the rest of that file stays as it is.
    Whenever another version is installed later, or another text, check and run say so. A run itself
    writes nothing: which law a year was judged by is for people to decide.

    Example: coopfx lock policies/alma
    """
    session = Session(lang, form)
    held = session.hold(policy)
    if held is None:
        session.tell()
        session.end()
    statutes = held.statutes(session.report, locked=False)
    programs = [statute.program for statute in statutes]
    packs = packs_of(programs, session.world)
    rows = {
        name: {"distribution": pack.distribution, "version": pack.version, "sha256": pack.sha256}
        for name, pack in packs.items()
    }
    path = held.policy.settings
    if not session.report.failed:
        text = path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
        written = toml.with_table(text, "packs", rows, session.words.phrase("lock.comment"))
        done = written == text or write_file(path, written.encode(), session.report)
        if done and form == "text":
            for name, pack in packs.items():
                click.echo(f"{name}: {pack.distribution} {pack.version}")
            key = "lock.kept" if packs else "lock.none"
            click.echo(session.words.phrase(key, path=str(path)))
    if form == "json":
        session.show_json({"packs": {} if session.report.failed else rows})
    session.tell()
    session.end()
