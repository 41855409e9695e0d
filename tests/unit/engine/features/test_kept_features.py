from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.features import features as kept
from helpers.model.features.feature import TITLES, Feature, Features

KVM = Feature("kvm", False, "There is no /dev/kvm.")
IPVS = Feature("ipvs", None, "The kernel gave no answer.")
SECCOMP = Feature("seccomp", True, "Containers run behind a filter.")
INFO = {"ID": "engine-1", "ServerVersion": "28.5.2", "KernelVersion": "6.1"}


def test_has_is_true_only_for_what_is_known_to_work() -> None:
    found = Features([KVM, IPVS, SECCOMP])
    assert [found.has(name) for name in ("kvm", "ipvs", "seccomp", "unheard-of")] == [
        False,
        False,
        True,
        False,
    ]


def test_its_text_says_yes_no_and_unknown() -> None:
    assert repr(Features([KVM, IPVS, SECCOMP])).splitlines() == [
        "KVM (fast virtual machines): no. There is no /dev/kvm.",
        "IPVS (Swarm's virtual addresses): unknown. The kernel gave no answer.",
        "Seccomp: yes. Containers run behind a filter.",
    ]


def test_data_comes_back_as_it_went() -> None:
    found = Features([KVM, IPVS, SECCOMP])
    again = Features.from_data(json.loads(json.dumps(found.to_data())))
    assert dict(again) == dict(found)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [1],
        [{"name": "kvm"}],
        [{"name": "kvm", "available": "yes", "observed": ""}],
        [{"name": 1, "available": True, "observed": ""}],
    ],
)
def test_damaged_data_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="feature"):
        Features.from_data(data)


class Counted:
    """A client that only knows `info`, and a count of how often features were tried."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.times = 0
        monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
        monkeypatch.setattr(kept, "probe_features", self._probe)
        self.file = tmp_path / "state/features.json"
        self.answer = dict(INFO)

    def info(self) -> dict[str, str]:
        return self.answer

    def _probe(self, client: object) -> Features:
        self.times += 1
        return Features(Feature(name, True, "It works.") for name in TITLES)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    return Counted(monkeypatch, tmp_path)


def test_a_second_look_tries_nothing(engine: Any) -> None:
    first, second = kept.features_of(engine), kept.features_of(engine)
    assert dict(first) == dict(second)
    assert engine.times == 1


def test_refresh_tries_again(engine: Any) -> None:
    kept.features_of(engine)
    kept.features_of(engine, refresh=True)
    assert engine.times == 2


@pytest.mark.parametrize("field", ["ID", "ServerVersion", "KernelVersion"])
def test_another_engine_version_or_kernel_is_tried_for_itself(engine: Any, field: str) -> None:
    kept.features_of(engine)
    engine.answer[field] = "another"
    kept.features_of(engine)
    assert engine.times == 2
    engine.answer = dict(INFO)
    kept.features_of(engine)
    assert engine.times == 2


def test_another_boot_is_tried_for_itself(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.features_of(engine)
    monkeypatch.setattr(kept, "_boot", lambda: "another boot")
    kept.features_of(engine)
    assert engine.times == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"%s": 3}', '{"%s": [{"name": "kvm"}]}'])
def test_a_damaged_file_is_dropped(engine: Any, text: str) -> None:
    engine.file.parent.mkdir()
    engine.file.write_text(text.replace("%s", kept.key_of(INFO)), encoding="utf-8")
    assert kept.features_of(engine).has("kvm")
    assert engine.times == 1
    kept.features_of(engine)
    assert engine.times == 1


def test_what_an_older_workbook_kept_is_tried_again(engine: Any) -> None:
    engine.file.parent.mkdir()
    old = {kept.key_of(INFO): Features([KVM]).to_data()}
    engine.file.write_text(json.dumps(old), encoding="utf-8")
    assert set(kept.features_of(engine)) == set(TITLES)


def test_the_file_does_not_grow_for_ever(engine: Any) -> None:
    for number in range(25):
        engine.answer["ID"] = f"engine-{number}"
        kept.features_of(engine)
    entries = json.loads(engine.file.read_text(encoding="utf-8"))
    assert len(entries) == 20
    assert any(key.startswith("engine-24 ") for key in entries)


def test_a_home_that_cannot_be_written_to_is_no_error(
    engine: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "file"))
    assert kept.features_of(engine).has("kvm")
