"""The files of a visitor: a folder or a zip, hostile until read, and the same bytes again when saved."""

import io
import zipfile
from pathlib import Path

import pytest

from coopfx_page import files
from coopfx_page.files import RefusedError
from coopfx_page.visit import Visit

POLICIES = Path(__file__).parents[3] / "policies"
STATUTE = b'statute "Oven"\ncurrency EUR\n'


def archive(found: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in found.items():
            opened.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ({"statute.en.coop": STATUTE}, {"statute.en.coop"}),
        ({"a/statute.en.coop": STATUTE, "a/2024/x.csv": b""}, {"statute.en.coop", "2024/x.csv"}),
        ({"b\\a\\statute.en.coop": STATUTE}, {"statute.en.coop"}),
        (
            {"a/statute.en.coop": STATUTE, "__MACOSX/a/statute.en.coop": b"", "a/.DS_Store": b""},
            {"statute.en.coop"},
        ),
        # A copy inside the policy is its own affair, and is there for coopfx to tell.
        ({"statute.en.coop": STATUTE, "old/statute.en.coop": b""}, None),
    ],
)
def test_the_policy_is_found_among_the_files(
    found: dict[str, bytes], kept: set[str] | None
) -> None:
    assert set(files.policy_of(found)[1]) == (kept or set(found))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ({}, "page.E04"),
        ({"a/people.csv": b""}, "page.E04"),
        ({"a/statute.en.coop": STATUTE, "b/statute.en.coop": STATUTE}, "page.E05"),
        ({"../statute.en.coop": STATUTE}, "page.E06"),
        ({"/etc/statute.en.coop": STATUTE}, "page.E06"),
        ({"a/..\\..\\statute.en.coop": STATUTE}, "page.E06"),
        ({f"a/{number}.csv": b"" for number in range(files.MOST_FILES + 1)}, "page.E01"),
    ],
)
def test_other_files_are_refused(found: dict[str, bytes], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        files.policy_of(found)
    assert refused.value.code == code


def test_a_zip_is_unpacked_no_further_than_there_is_room_for() -> None:
    bomb = archive({"statute.en.coop": STATUTE, "x.csv": bytes(files.MOST_BYTES + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(RefusedError) as refused:
        files.unzipped(bomb)
    assert refused.value.code == "page.E02"


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", archive({"a": b"x" * 999})[:-40]],
    # A zip holds the hour it was made at: without a name, no two processes would agree on the test.
    ids=["nothing", "a first word", "cut short"],
)
def test_what_is_no_zip_is_told(data: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        files.unzipped(data)
    assert refused.value.code == "page.E03"


def test_what_is_saved_opens_again_as_it_was(tmp_path: Path) -> None:
    policy = POLICIES / "quartet"
    saved = files.zipped(policy, "quartet")
    visit = Visit(tmp_path, "en")
    assert visit.ask("open_zip", saved, "quartet.zip")["diagnostics"] == []
    assert visit.save() == saved == files.zipped(policy, "quartet")


def test_a_policy_that_is_refused_leaves_the_one_that_is_open(tmp_path: Path) -> None:
    visit = Visit(tmp_path, "it")
    visit.ask("open_zip", files.zipped(POLICIES / "quartet", "quartet"), "quartet.zip")
    (told,) = visit.ask("open_zip", b"nothing", "x.zip")["diagnostics"]
    assert told["code"] == "page.E03" and "zip" in told["message"]
    assert visit.ask("year", "")["title"]
