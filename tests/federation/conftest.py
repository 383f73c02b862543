"""Made-up federations for the tests, and what a run of them gives."""

import importlib.util
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest

SYNTHETIC = Path(__file__).parent.parent / "synthetic"


def synthetic() -> ModuleType:
    """The writer of federations."""
    if str(SYNTHETIC) not in sys.path:
        sys.path.append(str(SYNTHETIC))
    spec = importlib.util.spec_from_file_location(
        "synthetic_federation", SYNTHETIC / "federation.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def write() -> Callable[..., None]:
    """Writes a federation's tables; see tests/synthetic/federation.py."""
    found: Callable[..., None] = synthetic().write
    return found


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of forty cooperatives."""
    folder = tmp_path_factory.mktemp("federation") / "tables"
    synthetic().write(folder, 40)
    return folder


@pytest.fixture(scope="session")
def digests() -> Callable[[Path], dict[str, str]]:
    """The hash of every file of a run's folder."""

    def of(folder: Path) -> dict[str, str]:
        return {
            path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())
        }

    return of


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of six cooperatives."""
    folder = tmp_path_factory.mktemp("few") / "tables"
    synthetic().write(folder, 6, people=(2, 12))
    return folder
