"""What earlier builds were made of, kept from one kernel to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.build import leftovers as left
from helpers.engine.build.memory import KEPT, keys_of, recall, remember
from helpers.engine.build.secrets import secret_readers
from helpers.errors import InvalidInput
from helpers.model.build.inputs import BuildInputs, FileStamp

INPUTS = BuildInputs(
    "FROM a\n", {"A": "1"}, {"a": "sha256:1"}, {"f": FileStamp(0o644, 1, 2, "", "d")}, "t", "p"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    return tmp_path / "state" / "builds"


def test_a_build_is_known_by_its_tag_its_dockerfile_or_its_folder() -> None:
    keys = keys_of("engine", "app:1", Path("/x/Dockerfile"), Path("/x"))
    assert recall(keys) is None
    remember(keys, INPUTS)
    assert [recall((key,)) for key in keys] == [INPUTS] * 3
    assert recall(keys_of("other engine", "app:1", None, None)) is None
    assert keys_of("engine", "", None, None) == ()


def test_damaged_notes_count_as_none(home: Path) -> None:
    keys = keys_of("engine", "app:1", None, None)
    remember(keys, INPUTS)
    for damage in ("", "[]", "{}", '{"dockerfile": 1}', '{"at": 3}'):
        next(home.glob("*.json")).write_text(damage)
        assert recall(keys) is None


def test_only_so_many_are_kept(home: Path) -> None:
    for number in range(KEPT + 5):
        remember(keys_of("engine", f"app:{number}", None, None), INPUTS)
    assert len(list(home.iterdir())) == KEPT


def test_what_a_classic_build_left_is_known_by_engine_and_lesson() -> None:
    left.note_leftovers("one", "03", ["a", "b", "a"])
    left.note_leftovers("one", "05", ["c"])
    left.note_leftovers("two", "03", ["d"])
    assert left.leftovers("one", "03") == ["a", "b"]
    left.forget_leftovers("one", "03")
    assert (left.leftovers("one", "03"), left.leftovers("one", None)) == ([], ["c"])


def test_secrets_are_read_when_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "word").write_text("early")
    monkeypatch.setenv("TOKEN", "from the environment")
    found = secret_readers([f"id=word,src={tmp_path / 'word'}", "id=t,env=TOKEN", "id=TOKEN"])
    (tmp_path / "word").write_text("late")
    assert {name: read() for name, read in found.items()} == {
        "word": b"late", "t": b"from the environment", "TOKEN": b"from the environment",
    }  # fmt: skip


@pytest.mark.parametrize("secret", ["id=x,src=/nowhere", "id=x,env=NOT_THERE", "id=x"])
def test_a_secret_that_is_not_there(secret: str) -> None:
    with pytest.raises(InvalidInput, match="secret 'x'"):
        secret_readers([secret])


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_a_secret_that_cannot_be_read_is_told_by_name() -> None:
    # It opens for everybody, root too, and its first byte is nobody's to read.
    with pytest.raises(InvalidInput, match=r"'/proc/self/mem' of secret 'x' cannot be") as caught:
        secret_readers(["id=x,src=/proc/self/mem"])
    assert caught.value.next_step


def test_a_secret_that_is_gone_by_then_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "word").write_text("early")
    monkeypatch.setenv("TOKEN", "early")
    file, variable = secret_readers([f"id=a,src={tmp_path / 'word'}", "id=b,env=TOKEN"]).values()
    (tmp_path / "word").unlink()
    monkeypatch.delenv("TOKEN")
    with pytest.raises(InvalidInput, match=r"word' of secret 'a' cannot be read \("):
        file()
    with pytest.raises(InvalidInput, match=r"'TOKEN' of secret 'b' is not set"):
        variable()
