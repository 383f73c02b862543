"""The built wheels, installed alone outside the repository, do what the checkout does."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]

REPOSITORY = Path(__file__).parent.parent
PLUGINS = sorted(path.parent for path in REPOSITORY.glob("plugins/*/pyproject.toml"))
COMMANDS = (("check", "policies/alma"), ("run", "policies/alma"))


@dataclass(frozen=True)
class Installation:
    """A fresh environment that holds the wheels, and a folder that holds the policy alone."""

    python: Path
    folder: Path

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder, with a home of its own and no way back to the checkout."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        }
        home = {"HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder / "cache")}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=inherited | home,
            encoding="utf-8",
            capture_output=True,
            check=False,
        )


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All wheels by the name of their package, built with the backend of this environment."""
    folder = tmp_path_factory.mktemp("wheels")
    built = pip(
        Path(sys.executable),
        "wheel",
        "--no-build-isolation",
        "--no-deps",
        "--wheel-dir",
        folder,
        REPOSITORY,
        *PLUGINS,
    )
    assert built.returncode == 0, built.stderr
    return {path.name.partition("-")[0]: path for path in folder.glob("*.whl")}


@pytest.fixture(scope="module")
def installation(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheels in a fresh environment; skipped where their dependencies cannot be had."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    lock = REPOSITORY / "requirements" / "test.lock"
    fetched = pip(python, "install", "--constraint", lock, *dependencies())
    if fetched.returncode != 0:
        pytest.skip("pip cannot fetch the dependencies: is a package index within reach?")
    installed = pip(python, "install", "--no-index", *wheels.values())
    assert installed.returncode == 0, installed.stderr
    shutil.copytree(REPOSITORY / "policies" / "alma", folder / "policies" / "alma")
    return Installation(python, folder)


def test_the_core_wheel_holds_the_grammars(wheels: dict[str, Path]) -> None:
    assert sources(REPOSITORY, "grammars", "coopfx/grammars") <= contents(wheels["coopfx"])


def test_the_core_wheel_holds_nothing_else(wheels: dict[str, Path]) -> None:
    roots = {name.partition("/")[0] for name in contents(wheels["coopfx"])}
    assert {root.partition("-")[0] for root in roots} == {"coopfx"}
    assert "coopfx/py.typed" in contents(wheels["coopfx"])


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_a_plugin_s_wheel_holds_the_laws_and_the_words(
    wheels: dict[str, Path], plugin: Path
) -> None:
    package = plugin.name.replace("-", "_")
    published = sources(plugin, package, package)
    assert any(name.endswith(".coop") for name in published)
    assert any(name.startswith(f"{package}/words/") for name in published)
    assert published <= contents(wheels[package])


def test_the_package_is_the_installed_one(installation: Installation) -> None:
    where = installation.run(
        installation.python, "-c", "import coopfx, coopfx_fr; print(coopfx.__file__)"
    )
    assert where.returncode == 0, where.stderr
    assert Path(where.stdout.strip()).is_relative_to(installation.folder / "environment")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_wheel_says_what_the_checkout_says(
    installation: Installation, command: tuple[str, ...]
) -> None:
    ours = installation.run(Path(sys.executable).with_name("coopfx"), *command)
    theirs = installation.run(installation.python.with_name("coopfx"), *command)
    assert theirs.returncode == 0, theirs.stderr
    assert (theirs.stdout, theirs.stderr) == (ours.stdout, ours.stderr)


def dependencies() -> list[str]:
    """What the core needs at run time, as its project says."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return [str(requirement) for requirement in project["project"]["dependencies"]]


def pip(python: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run this environment's pip, showing errors only."""
    return subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", "--retries=1", "-qq", *arguments],
        encoding="utf-8",
        capture_output=True,
        check=False,
    )


def sources(project: Path, folder: str, packed_as: str) -> set[str]:
    """The files of a folder under the names a wheel gives them."""
    root = project / folder
    return {
        f"{packed_as}/{path.relative_to(root).as_posix()}"
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def contents(wheel: Path) -> set[str]:
    """The names of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())
