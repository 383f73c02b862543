"""No command falls over, whatever it is given: a status that is documented, nothing written elsewhere."""

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from fuzzed import amiss

from coopfx.apps.cli import last_resort
from coopfx.apps.cli.main import cli, main

RUNS = 500


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_some_hundred_runs_end_as_commands_end(inside: Path) -> None:
    assert amiss(range(RUNS), inside) == []


@pytest.mark.soak
def test_a_hundred_thousand_runs_end_as_commands_end(inside: Path) -> None:
    """A part of them: FUZZ_PART is the number of the part, from 0 to 3, FUZZ_RUNS how many it has.

    One in ten is of a command that takes its time: proofs, papers, a federation.
    """
    part, runs = int(os.environ.get("FUZZ_PART", "0")), int(os.environ.get("FUZZ_RUNS", "25000"))
    found = amiss(range(part * runs, (part + 1) * runs), inside, slow=0.1)
    print(f"\n{runs} runs of the commands, from seed {part * runs}: {len(found)} amiss")
    assert found == []


# ---- the last resort


def test_a_mistake_of_coopfx_is_one_message_without_anybodys_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def falls(*_: object, **__: object) -> None:
        raise AssertionError("ana is paid 20000")

    monkeypatch.setattr(sys.modules[main.__module__], "cli", falls)
    for language, said in (("en", "a mistake of its own"), ("fr", "une erreur à lui")):
        with pytest.raises(SystemExit) as ended:
            main(["run", "oven", "--lang", language])
        told = capsys.readouterr()
        assert ended.value.code == 2 and not told.out
        assert told.err.count("P999") == 1 and said in told.err
        assert "AssertionError" in told.err and "20000" not in told.err
        assert "Traceback" not in told.err
    monkeypatch.setenv(last_resort.TRACE, "1")
    with pytest.raises(SystemExit):
        main(["run", "oven"])
    assert "ana is paid 20000" in capsys.readouterr().err


def test_where_even_the_words_are_broken_it_is_still_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def falls(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(last_resort, "_session", falls)
    assert last_resort.tell(ValueError("x"), []) == 2
    assert "P999" in capsys.readouterr().err


def test_a_command_that_is_none_is_no_mistake_of_coopfx() -> None:
    assert CliRunner().invoke(cli, ["chek"]).exit_code == 2
