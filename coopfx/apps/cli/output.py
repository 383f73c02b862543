"""Files as a writer returns them, printed, or put where they belong: whole or not at all."""

import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath
from shutil import rmtree

import click

from coopfx.ground.report import Report

Written = str | bytes | Mapping[str, str | bytes]


def print_files(written: Written) -> None:
    """Print what a writer returned; of several files each after its name."""
    files = _several(written)
    if files is None:
        click.echo(_bytes(written), nl=False)
        return
    for name, content in files.items():
        click.echo(f"==> {name} <==")
        click.echo(content, nl=False)


def write_files(written: Written, path: Path, report: Report) -> None:
    """Put what a writer returned at a path: a file, or a folder that is not there yet.

    Told where the path cannot be written (P917), or a folder is there already (P914).
    """
    files = _several(written)
    if files is None:
        write_file(path, _bytes(written), report)
    else:
        write_folder(path, files, report)


def write_file(path: Path, content: bytes, report: Report) -> bool:
    """Write a file whole or not at all, instead of one that is there; told (P917) where it cannot be.

    Where the name is a link, the file that it leads to is written, and its rights are kept.
    """
    made: Path | None = None
    try:
        target = path.resolve()
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            made = Path(file.name)
            file.write(content)
        made.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        made.replace(target)
    except OSError:
        report.tell("P917", None, path=str(path))
        if made is not None:
            made.unlink(missing_ok=True)
        return False
    return True


def write_folder(path: Path, files: Mapping[str, bytes], report: Report) -> bool:
    """Write a folder of files whole or not at all; told where one is there already, or cannot be written.

    A file's name may lead through folders inside this one (``tests/cases.coop``), never out of it.
    """
    if path.exists():
        report.tell("P914", None, path=str(path))
        return False
    made: Path | None = None
    try:
        made = Path(tempfile.mkdtemp(prefix=".", dir=path.parent))
        folder = made / "folder"
        folder.mkdir()
        for name, content in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        folder.rename(path)
    except OSError:
        report.tell("P915", None, path=str(path))
        return False
    finally:
        if made is not None:
            rmtree(made, ignore_errors=True)
    return True


def _several(written: Written) -> dict[str, bytes] | None:
    """The files by their names; None where there is one, which has none."""
    if isinstance(written, str | bytes):
        return None
    for name in written:
        parts = PurePath(name).parts
        if not name or PurePath(name).is_absolute() or ".." in parts or "\\" in name:
            raise ValueError(f"{name!r} is no name of a file inside a folder")
    return {name: _bytes(content) for name, content in written.items()}


def _bytes(content: object) -> bytes:
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, bytes):
        return content
    raise TypeError(f"neither text nor bytes: {type(content).__name__}")
