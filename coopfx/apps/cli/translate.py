"""``coopfx translate``: a statute in another language."""

from pathlib import Path

import click

from coopfx import pipeline
from coopfx.apps.cli.common import UNUSABLE, Session, shared_options
from coopfx.apps.cli.texts import Kept, read_kept, write_whole
from coopfx.desk.policy import STANDARD_INPUT, Policy, open_policy
from coopfx.ground.source import EXTENSION


@click.command("translate")
@click.argument("policy", type=click.Path())
@click.option("--to", "target", metavar="LANGUAGE", required=True, help="The language to write.")
@click.option(
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Write to this file, or into this folder, instead of standard output.",
)
@click.option("--language", metavar="LANGUAGE", help="The language of a statute on standard input.")
@shared_options
def command(
    policy: str,
    target: str,
    output: Path | None,
    language: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Write a statute in another of the languages, its remarks and its layout kept.

    POLICY is a policy folder, whose statute is read in the policy's own language, a text, or - for a
    text on standard input. Keywords, standard names and signs are translated, each to its first form;
    titles and remarks are not. The policy's own names have their word in each language in
    coopfx.toml, and stay as they are where they have none. No file is overwritten.

    Example: coopfx translate policies/alma --to en
    """
    session = Session(lang, form)
    session.must_know(language, "--language")
    session.must_know(target, "--to")
    opened = open_policy(Path(policy), session.report, language or lang or "en")
    made: list[tuple[Kept, str]] = []
    if opened is not None:
        if lang is None:
            session.words = session.world.words(opened.language)
        for text in _texts(session, opened, output):
            translated = pipeline.translate_source(
                text.source, target, opened, session.world, session.report
            )
            if translated is not None:
                made.append((text, translated))
    written = [
        {"file": str(text.path)} | _written(session, text, translated, target, output, form)
        for text, translated in made
    ]
    if form == "json":
        from coopfx.formats import json

        told = json.diagnostics(session.report, session.words)
        session.show_json({"texts": written, "diagnostics": told})
    else:
        session.tell()
    if session.report.failed:
        raise SystemExit(UNUSABLE)


def _texts(session: Session, opened: Policy, output: Path | None) -> list[Kept]:
    """The texts to translate: of each version, the one in the policy's own language."""
    versions = [files[0] for files in opened.versions().values()]
    if len(versions) > 1 and (output is None or not output.is_dir()):
        files = tuple(file.path.name for file in versions)
        session.report.tell("P956", None, path=str(opened.path), files=files)
        return []
    known = sorted(session.world.languages)
    kept = [read_kept(file.path, file.language, known, session.report) for file in versions]
    return [text for text in kept if text is not None]


def _written(
    session: Session, text: Kept, translated: str, target: str, output: Path | None, form: str
) -> dict[str, str]:
    """Write a translation where it is asked for, and say where that was."""
    data = text.bytes_of(translated)
    if output is None:
        if form == "text":
            click.echo(data, nl=False)
        return {"text": translated}
    path = output / _name_in(text, target) if output.is_dir() else output
    if path.exists() or path.is_symlink():
        session.report.tell("P914", None, path=str(path))
        return {}
    if not write_whole(path, data, session.report):
        return {}
    if form == "text":
        click.echo(session.words.phrase("translate.written", path=str(path)))
    return {"written": str(path)}


def _name_in(text: Kept, target: str) -> str:
    """What a text's file is called in another language: ``statute.2015.en.coop``."""
    if text.path == STANDARD_INPUT:
        return f"statute.{target}{EXTENSION}"
    stem = text.path.name.removesuffix(EXTENSION).removesuffix(f".{text.source.language}")
    return f"{stem}.{target}{EXTENSION}"
