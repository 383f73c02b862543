"""A small stranger's plugin for each thing that a plugin may bring, as the files of a distribution.

Each is written as somebody would who has the pages of the hooks and no access to this repository.
"""

from textwrap import dedent


def distribution(name: str, module: str, **others: str) -> dict[str, str]:
    """The files of a distribution with one module, and what else its package holds."""
    package = f"coopfx_{name}"
    pyproject = f"""\
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"
        [project]
        name = "coopfx-{name}"
        version = "1.0"
        dependencies = ["coopfx>=0.1,<1"]
        [project.entry-points.coopfx]
        {name} = "{package}"
        """
    files = {"pyproject.toml": dedent(pyproject), f"{package}/__init__.py": dedent(module)}
    return files | {f"{package}/{path}": dedent(text) for path, text in others.items()}


LAW = distribution(
    "law",
    '''\
    """A law."""
    from coopfx.plugged.hookspecs import Law, hookimpl

    TEXT = """law stranger.law "A stranger's law"
    currency EUR
    in force from 2020-01-01
    article 1 "Reserves" ref "Act, article 1"
      require saved: reserves >= 10% of surplus when surplus > 0 EUR
    """

    @hookimpl
    def coopfx_laws():
        return [Law("stranger.law", "stranger.en.coop", "en", TEXT.replace("\\n    ", "\\n"))]
    ''',
)

MODEL = distribution(
    "model",
    '''\
    """A model statute."""
    from coopfx.plugged.hookspecs import Model, hookimpl

    TEXT = """statute "Model"
    currency EUR
    in force from 2020-01-01
    article 1 "Surplus"
      allocate surplus
        60% to reserves.development
        rest to work_share
        losses to losses_brought_forward
    article 2 "Work"
      share work_share among workers
        by hours
    """

    @hookimpl
    def coopfx_models():
        return [Model("stranger.model", "model.en.coop", "en", TEXT.replace("\\n    ", "\\n"))]
    ''',
)

# A language of its own words: English, with each phrase before the word "zu".
LANGUAGE = distribution(
    "language",
    '''\
    """A language: English words with an ending."""
    import tomllib
    from pathlib import Path
    from coopfx.plugged.hookspecs import Language, hookimpl

    @hookimpl
    def coopfx_languages():
        return [Language("zu", (Path(__file__).parent / "zu.toml").read_text("utf-8"))]
    ''',
)

READER = distribution(
    "reader",
    '''\
    """A year in JSON: people.records.json is a list of objects, own.records.json an object."""
    import json
    from coopfx.ground.facts import Places, Sheet
    from coopfx.plugged.hookspecs import Reader, hookimpl

    def read(path, file, schema, report):
        rows = json.load(file)
        if isinstance(rows, dict):
            own = list(enumerate(rows.items(), 2))
            return [Sheet("cooperative", ["item", "value"], own, Places(str(path)))]
        names = [key for key in rows[0] if key != "id"]
        cells = [(at, [row["id"], *(row[name] for name in names)]) for at, row in enumerate(rows, 1)]
        return [Sheet("person", ["id", *names], cells, Places(str(path)))]

    @hookimpl
    def coopfx_readers():
        return [Reader("records", (".records.json",), read, most=1_000_000)]
    ''',
)

WRITER = distribution(
    "writer",
    '''\
    """The verdicts as a list, and as two files."""
    from coopfx.plugged.hookspecs import Writer, hookimpl

    def lines(results, words):
        return "".join(f"{item.rule}: {item.status}\\n" for item in results.outcome.verdicts)

    def folder(results, words):
        name = results.outcome.statute.encode()
        return {"verdicts.txt": lines(results, words), "name/of.bin": name}

    @hookimpl
    def coopfx_writers():
        return [Writer("verdicts", lines), Writer("folder", folder)]
    ''',
)

COMMAND = distribution(
    "command",
    '''\
    """A command."""
    from coopfx.plugged.hookspecs import Command, hookimpl

    @hookimpl
    def coopfx_commands():
        return [Command("greet", "Greet the laws.", "coopfx_command.cli:greet")]
    ''',
    **{
        "cli.py": '''\
    import click
    import coopfx

    @click.command("greet")
    def greet():
        """Greet the laws."""
        for law in sorted(coopfx.load_world(coopfx.Report()).laws):
            click.echo(f"Hello, {law}")
    '''
    },
)

SENTENCES = distribution(
    "sentences",
    '''\
    """A reader that says of its own what is amiss, in two languages."""
    from coopfx.ground.facts import Places
    from coopfx.plugged.hookspecs import Reader, Sentences, hookimpl

    ENGLISH = """
    [phrases]
    title = "Loaves of {year}"
    [diagnostics.E01]
    message = "A loaf of `{name}` is not baked."
    help = "Bake it."
    why = "Nobody shares out dough."
    [diagnostics.W02]
    message = "The crust is soft."
    help = "Wait."
    why = "Bread keeps better with a crust."
    """
    FRENCH = """
    [phrases]
    title = "Pains de {year}"
    [diagnostics.E01]
    message = "Un pain de `{name}` n'est pas cuit."
    """

    def read(path, data, schema, report):
        report.tell("loaf.E01", Places(str(path)).row(1), name="ana")
        report.tell("loaf.W02", None)
        return []

    @hookimpl
    def coopfx_readers():
        return [Reader("loaf", (".loaf",), read)]

    @hookimpl
    def coopfx_sentences():
        return [Sentences("loaf", {"en": ENGLISH, "fr": FRENCH})]
    ''',
)

ALL = {
    "sentences": SENTENCES,
    "law": LAW,
    "model": MODEL,
    "language": LANGUAGE,
    "reader": READER,
    "writer": WRITER,
    "command": COMMAND,
}
