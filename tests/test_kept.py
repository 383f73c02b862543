"""What is kept: under one fingerprint of the code, never a bit otherwise than it was, and not for ever."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.desk import law_words
from coopfx.ground import cache, code, kept, words
from coopfx.ground.report import Report
from coopfx.language import parse
from coopfx.plugged import sentences, world

REPOSITORY = Path(__file__).parents[1]
ALMA = REPOSITORY / "policies" / "alma"
SMALL = REPOSITORY / "tests" / "bench" / "workload.en.coop"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder, and nothing known of the code."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    code.fingerprint.cache_clear()
    found = cache.folder()
    assert found is not None
    yield found
    code.fingerprint.cache_clear()


@pytest.fixture
def copied(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The code copied to another place, which is the one that counts: its files."""
    left_out = shutil.ignore_patterns("__pycache__", "diagnostics")
    for name in ("coopfx", "grammars"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=left_out)
    places = {}
    for package, (place, *_) in code._installed()[1].items():
        places[package] = [shutil.copytree(place, tmp_path / package, ignore=left_out)]
    monkeypatch.setattr(code, "PACKAGE", tmp_path / "coopfx")
    monkeypatch.setattr(code, "_installed", lambda: ([], places))
    return [Path(path) for _, path in code.code_files()]


def fingerprint() -> str:
    """The fingerprint as another process would find it."""
    code.fingerprint.cache_clear()
    return code.fingerprint()


def with_a_comment(path: Path) -> str:
    """The fingerprint while a file has a comment more."""
    text = path.read_bytes()
    path.write_bytes(text + b"# a comment\n")
    found = fingerprint()
    path.write_bytes(text)
    return found


def test_every_module_and_every_text_counts() -> None:
    """All that lies in the packages, and all that the packages have loaded, wherever it lies."""
    world.load_world(Report())
    counted = {Path(path).resolve() for _, path in code.code_files()}
    packages = {"coopfx", *code._installed()[1]}
    assert len(packages) > 9
    loaded = {
        Path(file).resolve()
        for name, module in sys.modules.items()
        if name.partition(".")[0] in packages and (file := getattr(module, "__file__", None))
    }
    lying = {*(REPOSITORY / "coopfx").rglob("*.py"), *(REPOSITORY / "grammars").glob("*.*")}
    lying |= set(REPOSITORY.glob("plugins/coopfx-*/coopfx_*/**/*.py"))
    lying |= set(REPOSITORY.glob("plugins/coopfx-*/coopfx_*/**/*.coop"))
    assert len(lying) > 250
    assert sorted((loaded | lying) - counted) == []


def test_the_fingerprint_is_of_contents_wherever_they_lie(copied: list[Path]) -> None:
    here = fingerprint()
    for path in copied[::50]:
        os.utime(path, (1, 1))
    assert fingerprint() == here
    names = ("expressions.py", "ranges.py", "assemble.py", "fr.toml", "scop.fr.coop", "mapping.py")
    chosen = [path for path in copied if path.name in names]
    assert len(chosen) >= len(names)
    found = [here, *map(with_a_comment, chosen)]
    assert len(set(found)) == len(found)
    assert fingerprint() == here
    (copied[0].parent / "more.py").touch()
    assert fingerprint() != here


def test_a_change_that_keeps_size_and_time_counts(copied: list[Path]) -> None:
    here, path = fingerprint(), copied[0]
    before, text = path.stat(), path.read_bytes()
    path.write_bytes(bytes([text[0] ^ 1]) + text[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert fingerprint() != here


@pytest.mark.each
def test_each_file_in_turn_changes_the_fingerprint(copied: list[Path]) -> None:
    found = [fingerprint(), *map(with_a_comment, copied)]
    assert len(set(found)) == len(found) > 250


def test_other_code_has_nothing_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep("an answer", "sort", "a part")
    assert kept.recall("sort", "a part") == "an answer"
    monkeypatch.setattr(kept, "fingerprint", lambda: "of other code")
    assert kept.recall("sort", "a part") is None


def answers() -> list[str]:
    """What commands answer in a process that knows nothing yet."""
    code.fingerprint.cache_clear()
    for known in (parse._parser, parse._silent, words._words_of, sentences._read):
        known.cache_clear()
    law_words._read_texts.cache_clear()
    world._whole.clear()
    asked = (["check", str(SMALL), "--prove"], ["run", str(ALMA), "--format", "json"])
    return [CliRunner().invoke(cli, arguments).output for arguments in asked]


def flip(path: Path, random: Random) -> bytes:
    """Flip one bit of a file; what was in it."""
    whole = path.read_bytes()
    data, bit = bytearray(whole), random.randrange(8 * len(whole))
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    return whole


def test_two_hundred_flipped_bits_change_no_answer(home: Path) -> None:
    random, before = Random(18), answers()
    files = sorted(home.iterdir())
    kinds = {path.name.partition("-")[0] for path in files}
    assert {"code", "document", "grammar", "plugins", "proofs", "sentences", "words"} <= kinds
    for _ in range(200 - len(files)):
        path = random.choice(files)
        kind, _, key = path.name.rpartition("-")
        whole = flip(path, random)
        assert cache.read(kind, key) is None
        path.write_bytes(whole)
        assert cache.read(kind, key) is not None
    for path in files:
        flip(path, random)
    assert answers() == before
    assert sorted(home.iterdir()) == files
    for path in files:
        kind, _, key = path.name.rpartition("-")
        assert cache.read(kind, key) is not None, "it is kept anew"


def test_an_entry_under_another_name_is_none(home: Path) -> None:
    cache.write("sort", "one", b"of one")
    shutil.copy(home / "sort-one", home / "sort-other")
    assert cache.read("sort", "one") == b"of one"
    assert cache.read("sort", "other") is None


def test_the_oldest_go_when_the_folder_is_full(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST", 100_000)
    monkeypatch.setattr(cache, "_written", 0)
    for number in range(100):
        cache.write("sort", str(number), bytes(3_000))
        os.utime(home / f"sort-{number}", (number, number))
    left = sorted(int(path.name.partition("-")[2]) for path in home.iterdir())
    assert left == list(range(left[0], 100)), "the newest are left"
    size = sum(path.stat().st_size for path in home.iterdir())
    assert 50_000 < size < 115_000
