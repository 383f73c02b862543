"""The built wheels, installed alone outside the repository, do what the checkout does."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from strangers import ALL

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]

REPOSITORY = Path(__file__).parent.parent
PLUGINS = sorted(path.parent for path in REPOSITORY.glob("plugins/coopfx-*/pyproject.toml"))
COMMANDS = (("check", "--fast", "policies/alma"), ("run", "policies/alma"))


@dataclass(frozen=True)
class Installation:
    """A fresh environment that holds the wheels, and a folder that holds the policy alone."""

    python: Path
    folder: Path

    def run(
        self, *command: str | Path, beside: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder, with a home of its own and no way back to the checkout.

        ``beside`` is a folder of further packages.
        """
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        }
        home = {"HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder / "cache")}
        further = {"PYTHONPATH": str(beside)} if beside else {}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=inherited | home | further,
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
    if (plugin / package / "law").is_dir():
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


# ---- strangers: built where nothing of the repository is, installed beside the two wheels

STATUTE = """{heading}
currency EUR
in force from 2024-01-01
"""
CLAUSES = """article 1 "Surplus"
  allocate surplus
    60% to reserves.development
    rest to work_share
    losses to losses_brought_forward
article 2 "Work"
  share work_share among workers
    by hours
"""
RECORDS = '[{"id": "ana", "worker": "yes", "hours": "100"}]'


@pytest.fixture(scope="module")
def strangers(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Each stranger's wheel, unpacked by pip into a folder of its own."""
    installed = {}
    for sort, files in ALL.items():
        source = tmp_path_factory.mktemp(f"stranger-{sort}")
        if sort == "language":
            english = (REPOSITORY / "grammars" / "en.toml").read_text("utf-8")
            words = english.replace('language = "en"', 'language = "zu"', 1)
            files = {**files, "coopfx_language/zu.toml": words}
        for name, text in files.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text, "utf-8")
        wheel = source / "wheel"
        options = ("--no-build-isolation", "--no-deps", "--wheel-dir", wheel)
        built = pip(Path(sys.executable), "wheel", *options, source)
        assert built.returncode == 0, built.stderr
        target = installed[sort] = source / "installed"
        unpacked = pip(
            installation.python, "install", "--no-index", "--no-deps", "--target", target,
            *wheel.glob("*.whl"),
        )  # fmt: skip
        assert unpacked.returncode == 0, unpacked.stderr
    return installed


def policy(folder: Path, heading: str, clauses: str = CLAUSES, language: str = "en") -> Path:
    """A policy with a year of one person."""
    made = folder / "oven"
    shutil.rmtree(made, ignore_errors=True)
    (made / "2024").mkdir(parents=True)
    statute = STATUTE.format(heading=heading) + clauses
    (made / f"statute.{language}.coop").write_text(statute, "utf-8")
    (made / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    (made / "2024" / "people.csv").write_text("id,worker,hours\nana,yes,100\n")
    return made


@pytest.mark.parametrize("sort", ALL)
def test_a_strangers_plugin_is_found_and_named(
    installation: Installation, strangers: dict[str, Path], sort: str
) -> None:
    coopfx = installation.python.with_name("coopfx")
    listed = installation.run(coopfx, "plugins", "--lang", "en", beside=strangers[sort])
    assert (listed.returncode, listed.stderr) == (0, "")
    assert f"coopfx-{sort} 1.0 (coopfx_{sort})" in listed.stdout


def test_a_strangers_diagnostics_are_told_and_explained(
    installation: Installation, strangers: dict[str, Path]
) -> None:
    coopfx, beside = installation.python.with_name("coopfx"), strangers["sentences"]
    made = policy(installation.folder, 'statute "Oven"')
    (made / "2024" / "bread.loaf").write_text("dough")
    ran = installation.run(coopfx, "run", "oven", "--lang", "fr", beside=beside)
    assert ran.returncode == 2 and "error" not in ran.stderr
    assert "loaf.E01 Un pain de `ana` n'est pas cuit." in ran.stderr, ran.stderr
    helped = installation.run(coopfx, "help", "loaf.e01", beside=beside)
    assert helped.returncode == 0 and "Nobody shares out dough." in helped.stdout, helped.stderr


def test_a_strangers_law_judges(installation: Installation, strangers: dict[str, Path]) -> None:
    coopfx, beside = installation.python.with_name("coopfx"), strangers["law"]
    policy(installation.folder, 'statute "Oven" under stranger.law')
    ran = installation.run(coopfx, "run", "oven", "--format", "json", beside=beside)
    assert ran.returncode == 0, ran.stderr
    (verdict,) = json.loads(ran.stdout)["verdicts"]
    assert verdict["rule"] == "stranger.law.saved" and verdict["status"] == "satisfied"
    assert verdict["law"] == {
        "name": "stranger.law",
        "distribution": "coopfx-law",
        "version": "1.0",
        "file": "stranger.en.coop",
    }
    assert verdict["line"] == 5
    shown = installation.run(coopfx, "laws", "stranger.law", beside=beside)
    assert shown.returncode == 0 and "Act, article 1" in shown.stdout
    locked = installation.run(coopfx, "lock", "oven", beside=beside)
    assert locked.returncode == 0 and "stranger.law: coopfx-law 1.0" in locked.stdout
    without = installation.run(coopfx, "check", "oven")
    assert without.returncode == 1 and "N207" in without.stderr


def test_a_strangers_model_is_started_from(
    installation: Installation, strangers: dict[str, Path]
) -> None:
    coopfx = installation.python.with_name("coopfx")
    policy(installation.folder, 'statute "Oven"\nbased on stranger.model', clauses="")
    ran = installation.run(coopfx, "run", "oven", beside=strangers["model"])
    assert ran.returncode == 0 and "€600.00" in ran.stdout, ran.stderr


def test_a_strangers_language_is_read_and_spoken(
    installation: Installation, strangers: dict[str, Path]
) -> None:
    coopfx = installation.python.with_name("coopfx")
    policy(installation.folder, 'statute "Oven"', language="zu")
    ran = installation.run(coopfx, "run", "oven", "--lang", "zu", beside=strangers["language"])
    assert ran.returncode == 0 and "€600.00" in ran.stdout, ran.stderr
    assert installation.run(coopfx, "run", "oven").returncode == 2


def test_a_strangers_reader_reads(installation: Installation, strangers: dict[str, Path]) -> None:
    coopfx = installation.python.with_name("coopfx")
    year = policy(installation.folder, 'statute "Oven"') / "2024"
    (year / "people.csv").unlink()
    (year / "people.records.json").write_text(RECORDS)
    ran = installation.run(coopfx, "run", "oven", "--parts", beside=strangers["reader"])
    assert ran.returncode == 0 and "ana" in ran.stdout, ran.stderr
    (year / "cooperative.toml").unlink()
    (year / "own.records.json").write_text('{"closing": "2024-12-31", "surplus": "1000"}')
    alone = installation.run(coopfx, "run", "oven", "--parts", beside=strangers["reader"])
    assert alone.returncode == 0 and alone.stdout == ran.stdout, alone.stderr


def test_a_strangers_writer_writes(installation: Installation, strangers: dict[str, Path]) -> None:
    coopfx, beside = installation.python.with_name("coopfx"), strangers["writer"]
    policy(installation.folder, 'statute "Oven"', CLAUSES + "  require paid: work_share > 0 EUR\n")
    ran = installation.run(coopfx, "run", "oven", "--format", "verdicts", beside=beside)
    assert (ran.returncode, ran.stdout) == (0, "paid: satisfied\n"), ran.stderr
    arguments = ("run", "oven", "--format", "folder", "--output", "made")
    ran = installation.run(coopfx, *arguments, beside=beside)
    assert ran.returncode == 0, ran.stderr
    assert (installation.folder / "made" / "name" / "of.bin").read_bytes() == b"Oven"


def test_a_strangers_command_runs(installation: Installation, strangers: dict[str, Path]) -> None:
    coopfx = installation.python.with_name("coopfx")
    ran = installation.run(coopfx, "greet", beside=strangers["command"])
    assert ran.returncode == 0 and "Hello, fr.scop" in ran.stdout, ran.stderr
    listed = installation.run(coopfx, "--help", beside=strangers["command"])
    assert "Greet the laws." in listed.stdout


def test_a_new_plugin_is_made_by_the_installed_command(installation: Installation) -> None:
    coopfx = installation.python.with_name("coopfx")
    ran = installation.run(coopfx, "plugin", "new", "cheese")
    assert ran.returncode == 0, ran.stderr
    assert (installation.folder / "coopfx-cheese" / "coopfx_cheese" / "law").is_dir()


# ---- the lowest versions that the projects allow

FOR_CLUSTERS = ("distributed", "ray")
"""What runs a federation on a cluster: large, and for the tests of engines alone."""
LOWEST_DO = (
    ("run", "policies/alma", "--format", "json"),
    ("run", "policies/alma", "--format", "xlsx", "--output", "alma.xlsx"),
    ("run", "policies/alma", "--format", "fec-entries"),
    ("template", "policies/alma", "--output", "template.xlsx"),
    ("papers", "policies/quartet", "--output", "papers"),
    ("prove", "policies/quartet"),
    ("lock", "policies/quartet"),
    ("translate", "policies/quartet", "--to", "it"),
    ("federation", "run", "policies", "--output", "outcome"),
    ("plugins",),
)


def lowest() -> list[str]:
    """What the core, its extras and the plugins need, each in the lowest version that all allow."""
    versions: dict[str, tuple[int, ...]] = {}
    for folder in (REPOSITORY, *PLUGINS):
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        extras = project.get("optional-dependencies", {})
        for line in [
            *project["dependencies"],
            *extras.get("columns", []),
            *extras.get("proof", []),
        ]:
            name, _, version = line.partition(",")[0].partition(">=")
            if not name.startswith(("coopfx", *FOR_CLUSTERS)):
                numbers = tuple(int(part) for part in version.split("."))
                versions[name] = max(numbers, versions.get(name, ()))
    return [f"{name}=={'.'.join(map(str, numbers))}" for name, numbers in sorted(versions.items())]


@pytest.fixture(scope="module")
def oldest(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheels beside the lowest versions; skipped where these cannot be had."""
    folder = tmp_path_factory.mktemp("oldest")
    subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
    python = folder / "environment" / "bin" / "python"
    fetched = pip(python, "install", *lowest())
    if fetched.returncode != 0:
        pytest.skip(f"pip cannot fetch the lowest versions: {fetched.stderr[-200:]}")
    apart = {f"coopfx_{name}" for name in ("dask", "ray")}
    own = [path for name, path in wheels.items() if name not in apart]
    installed = pip(python, "install", "--no-index", *own)
    assert installed.returncode == 0, installed.stderr
    shutil.copytree(REPOSITORY / "policies", folder / "policies")
    return Installation(python, folder)


@pytest.mark.parametrize("command", LOWEST_DO, ids=" ".join)
def test_the_lowest_versions_do_the_same(oldest: Installation, command: tuple[str, ...]) -> None:
    theirs = oldest.run(oldest.python.with_name("coopfx"), *command)
    assert theirs.returncode == 0, theirs.stderr
    if command[0] == "run" and "--output" not in command:
        ours = oldest.run(Path(sys.executable).with_name("coopfx"), *command)
        assert theirs.stdout == ours.stdout


def dependencies() -> list[str]:
    """What the core, its batches and the plugins need at run time, as their projects say."""
    core, *plugins = (
        tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for folder in (REPOSITORY, *PLUGINS)
    )
    needed = [*core["dependencies"], *core["optional-dependencies"]["columns"]]
    needed += [name for plugin in plugins for name in plugin["dependencies"]]
    return sorted({name for name in needed if not name.startswith("coopfx")})


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
