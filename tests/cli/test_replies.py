"""What a check has said is said again only while nothing that it rests on has changed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LOADED = (
    "import sys\nfrom coopfx.__main__ import main\ntry:\n    main(sys.argv[1:])\nfinally:\n"
    "    print(sorted({'lark', 'pluggy', 'click'} & set(sys.modules)))"
)
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    def called(*arguments: object, loaded: str = LOADED) -> tuple[int, str, str]:
        ended = subprocess.run(
            [sys.executable, "-c", loaded, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "kept")},
        )
        *said, modules = ended.stdout.splitlines()
        return ended.returncode, "\n".join([*said, ended.stderr]), modules

    return called


def test_an_unchanged_policy_is_answered_before_anything_is_loaded(
    call: Call, tmp_path: Path
) -> None:
    policy = tmp_path / "quartet"
    shutil.copytree(REPOSITORY / "policies" / "quartet", policy)
    for language in ("", "fr"):
        asked = ("check", policy, *(("--lang", language) if language else ()))
        status, said, loaded = call(*asked)
        assert status == 0 and "pluggy" in loaded
        assert call(*asked) == (status, said, "[]")
    statute = next(policy.glob("statute.*.coop"))
    for name, text in ((statute.name, "\n# more\n"), ("coopfx.toml", "\n# more\n")):
        path = policy / name
        path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")
        assert "pluggy" in call("check", policy)[2]
    (policy / "statute.2015.en.coop").write_text("nothing", "utf-8")
    status, said, loaded = call("check", policy)
    assert status != 0 and "pluggy" in loaded and "statute.2015.en.coop" in said
    assert call("check", policy) == (status, said, "[]")


def test_a_language_asked_before_the_command_is_not_taken_for_none(
    call: Call, tmp_path: Path
) -> None:
    policy = tmp_path / "quartet"
    shutil.copytree(REPOSITORY / "policies" / "quartet", policy)
    spanish = call("--lang", "es", "check", policy)
    assert "nada que señalar" in spanish[1]
    assert "nada que señalar" not in call("check", policy)[1]
    assert call("check", policy, "--lang", "es")[:2] == spanish[:2]
