"""Files as a writer returns them, printed, or put where they belong: whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from shutil import copy2, rmtree
from typing import Any, TypeVar

import click

from coopfx.ground.report import Report

F = TypeVar("F", bound=Callable[..., Any])
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a system says where there is no room for a file."""
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


def force_option(function: F) -> F:
    """The option of a command that writes where its ``--output`` says."""
    return click.option(
        "--force",
        is_flag=True,
        help="Replace what is there already; what coopfx does not write there stays.",
    )(function)


def write_files(
    written: Written, path: Path, report: Report, *, force: bool = False, personal: bool = False
) -> None:
    """Put what a writer returned at a path: a file, or a folder.

    Told where something else is there already (P914), unless ``force`` replaces it, and where the path
    cannot be written (P917, P915). What is ``personal`` can be read by its owner alone.
    """
    files = _several(written)
    private = files is not None and personal
    if files is not None:
        write_folder(path, files, report, force=force, private=lambda name: private)
        return
    content = _bytes(written)
    if _is_plain(path) and not force and not _holds(path, content):
        report.tell("P914", None, path=str(path))
        return
    write_file(path, content, report, personal=personal)


def _is_plain(path: Path) -> bool:
    """Whether something is there that writing would replace: no pipe, and no device."""
    return path.is_file() or path.is_dir() or (path.is_symlink() and not path.exists())


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == content
    except OSError:
        return False


def write_file(path: Path, content: bytes, report: Report, *, personal: bool = False) -> bool:
    """Write a file whole or not at all, instead of one that is there; told (P917) where it cannot be.

    Where the name is a link, the file that it leads to is written, and its rights are kept. A pipe or
    a device is written to.
    """
    made: Path | None = None
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(content)
            return True
        rights = 0o600 if personal else 0o644
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            made = Path(file.name)
            file.write(content)
        made.chmod(target.stat().st_mode & 0o777 if target.exists() else rights)
        made.replace(target)
    except OSError as error:
        _tell_unwritten(path, error, "P917", report)
        if made is not None:
            made.unlink(missing_ok=True)
        return False
    return True


def write_folder(
    path: Path,
    files: Mapping[str, bytes],
    report: Report,
    *,
    force: bool = False,
    ours: Callable[[str], bool] = lambda name: False,
    private: Callable[[str], bool] = lambda name: False,
) -> bool:
    """Write a folder of files whole or not at all; told where one is there already, or cannot be written.

    A file's name may lead through folders inside this one (``tests/cases.coop``), never out of it.
    With ``force``, a folder that is there is made anew: of its other files, those that are ``ours`` by
    their names go, and all else stays. What is ``private`` by
    its name, and the folders that hold only such, can be read by their owner alone.
    """
    if path.exists() and not (force and path.is_dir()):
        report.tell("P914", None, path=str(path))
        return False
    made: Path | None = None
    target = path.resolve()
    try:
        made = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
        folder = made / "folder"
        folder.mkdir()
        for name, content in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            if private(name):
                file.chmod(0o600)
        for inner in {file.parent for file in map(folder.joinpath, files)} - {folder}:
            if all(
                private(f"{inner.relative_to(folder).as_posix()}/{one.name}")
                for one in inner.iterdir()
            ):
                inner.chmod(0o700)
        if target.is_dir():
            _keep(target, folder, ours)
            target.rename(made / "before")
        folder.rename(target)
    except OSError as error:
        if made is not None and (made / "before").is_dir() and not target.exists():
            (made / "before").rename(target)
        _tell_unwritten(path, error, "P915", report)
        return False
    finally:
        if made is not None:
            rmtree(made, ignore_errors=True)
    return True


def write_together(folder: Path, files: Mapping[str, bytes | None], report: Report) -> bool:
    """Write several files of a folder, or take them away where they are None: all of them or none.

    All else in the folder stays. Told where the folder cannot be written (P915, P980), and where one of
    the files is a link (P950) or may only be read (P951).
    """
    if not folder.exists() and not folder.is_symlink():
        new = {name: content for name, content in files.items() if content is not None}
        return write_folder(folder, new, report)
    for path in (folder / name for name in files):
        if path.is_symlink():
            report.tell("P950", None, path=str(path), target=str(path.readlink()))
            return False
        if path.exists() and not (path.is_file() and os.access(path, os.W_OK)):
            report.tell("P951", None, path=str(path))
            return False
    made: Path | None = None
    done: list[tuple[Path, Path]] = []
    try:
        made = Path(tempfile.mkdtemp(prefix=".", dir=folder))
        for place, content in enumerate(files.values()):
            if content is not None:
                (made / f"{place}").write_bytes(content)
                (made / f"{place}").chmod(0o644)
        for place, (name, content) in enumerate(files.items()):
            path, before = folder / name, made / f"{place}.before"
            if path.exists():
                path.rename(before)
            done.append((path, before))
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                (made / f"{place}").rename(path)
    except OSError as error:
        for path, before in reversed(done):
            path.unlink(missing_ok=True)
            if before.exists():
                before.rename(path)
        _tell_unwritten(folder, error, "P915", report)
        return False
    finally:
        if made is not None:
            rmtree(made, ignore_errors=True)
    return True


def _keep(old: Path, new: Path, ours: Callable[[str], bool]) -> None:
    """Take over into a folder what stands in an older one, and is neither written anew nor ours."""
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old).as_posix()
        there = new / name
        if path.is_dir() and not path.is_symlink():
            continue
        if not ours(name) and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            copy2(path, there, follow_symlinks=False)


def _tell_unwritten(path: Path, error: OSError, code: str, report: Report) -> None:
    """Tell that a path cannot be written: there is no room (P980), or why ever (P915, P917)."""
    if error.errno in FULL:
        report.tell("P980", None, path=str(path))
    elif code == "P915":
        report.tell("P915", None, path=str(path))
    else:
        report.tell("P917", None, path=str(path))


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
