"""The plugins that this repository publishes, and how each is installed from it.

coopfx needs none of them. Where a command, a format or a law of one is asked for and is not there, this
says which one brings it; and of two plugins that bring one name, theirs is kept.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

_FEC = "#########fec########"
BROUGHT = {
    "coopfx-dask": ("engine dask",),
    "coopfx-es": ("law es.cooperativas", "law es.euskadi", "model es.euskadi.trabajo"),
    "coopfx-fec": (
        *("command fec", "writer entries", "writer fec-entries", "reader fec", "sentences fec"),
        *(f"suffix {_FEC}{more}{end}" for more in ("", "*") for end in (".txt", ".csv", ".xml")),
        *(f"suffix fec{end}" for end in (".txt", ".csv", ".xml")),
        f"suffix {_FEC}",
    ),
    "coopfx-fr": (
        *("law fr.cooperation", "law fr.scic", "law fr.scop"),
        *("model fr.scic.sarl", "model fr.scic.sas"),
        *("model fr.scop.sa", "model fr.scop.sarl", "model fr.scop.sas"),
    ),
    "coopfx-it": ("law it.cooperative", "law it.lavoro", "model it.lavoro.srl"),
    "coopfx-page": ("command page", "sentences page"),
    "coopfx-papers": (
        *("command papers", "writer statement.pdf", "writer statement.html"),
        *("writer report.pdf", "writer report.html"),
        *(
            f"writer {name}.{kind}"
            for name in ("resolutions", "minutes")
            for kind in ("md", "pdf", "docx")
        ),
        *("writer indicators.html", "writer indicators.pdf", "sentences papers"),
        *("comparisonwriter pdf", "comparisonwriter html"),
    ),
    "coopfx-parquet": (
        *("reader parquet", "suffix .parquet", "tableformat parquet", "sentences parquet"),
    ),
    "coopfx-ray": ("engine ray",),
    "coopfx-sheets": (
        *(
            "command template",
            "writer xlsx",
            "comparisonwriter xlsx",
            "workbookformat xlsx",
            "reader xlsx",
            "reader ods",
            "sentences sheets",
        ),
        *("suffix .xlsx", "suffix .xlsm", "suffix .ods"),
    ),
}
"""What each plugin brings: each declaration by its sort and its name."""

PUBLISHER = {key: name for name, keys in BROUGHT.items() for key in keys}
"""The plugin that brings each declaration."""


def how_to_install(name: str) -> str:
    """The command that installs a plugin, or one of coopfx's own extras such as ``proof``, from here.

    It names the copy of the repository that runs; where coopfx was installed without one, the place
    inside the repository.
    """
    repository = Path(__file__).parents[2]
    inside = Path("plugins", name) if name in BROUGHT else Path()
    copied = (repository / inside / "pyproject.toml").is_file()
    place = _from_here(repository / inside) if copied else str(Path("coopfx") / inside)
    return installing(place if name in BROUGHT else f"{place}[{name}]")


def installing(project: str) -> str:
    """The command that installs a project from its folder, beside the coopfx that runs."""
    return by_this_python("pip", "install", "--editable", project)


def by_this_python(module: str, *arguments: str) -> str:
    """A command of the Python that runs, as it is typed in the folder that one is in."""
    command = [_from_here(Path(sys.executable)), "-m", module, *arguments]
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)


def _from_here(path: Path) -> str:
    """A path as it is shortest typed in the folder that the command was called in."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
