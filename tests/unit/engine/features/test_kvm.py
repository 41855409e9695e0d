from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.engine.features import kvm, kvm_guest
from helpers.engine.features.kvm import KvmTrial, trial, try_kvm
from helpers.engine.features.kvm_guest import (
    EXIT_HALT,
    EXIT_INTERNAL,
    EXIT_PORT,
    GUEST_BYTE,
    verdict,
)


def says(code: str, seconds: float = 10) -> KvmTrial:
    return trial([sys.executable, "-I", "-S", "-c", code], seconds)


def test_a_guest_that_wrote_its_byte_and_halted_ran() -> None:
    assert verdict([(EXIT_PORT, GUEST_BYTE), (EXIT_HALT, b"")])[0]


@pytest.mark.parametrize(
    ("exits", "word"),
    [
        ([], "None"),
        ([(EXIT_INTERNAL, b"")], "emulates"),
        ([(EXIT_PORT, b"?"), (EXIT_HALT, b"")], "does not run"),
        ([(EXIT_HALT, b"")], "does not run"),
        ([(EXIT_PORT, GUEST_BYTE), (9, b"")], "exit reason 9"),
    ],
)
def test_any_other_end_is_a_no_with_its_reason(exits: list[tuple[int, bytes]], word: str) -> None:
    works, reason = verdict(exits)
    assert not works
    assert word in reason


def test_the_trial_gives_back_what_the_child_says() -> None:
    assert says("print('yes A guest ran.')") == KvmTrial(True, "A guest ran.")
    assert says("print('no It did not.')") == KvmTrial(False, "It did not.")


def test_a_child_that_crashes_is_a_no() -> None:
    found = says("import os; os.abort()")
    assert found.works is False
    assert "broke off" in found.reason


def test_a_child_that_hangs_is_killed_in_time() -> None:
    began = time.monotonic()
    found = says("import signal; signal.pause()", seconds=0.3)
    assert time.monotonic() - began < 10
    assert found.works is False
    assert "0.3 s" in found.reason


def test_a_child_that_cannot_start_leaves_it_open() -> None:
    assert trial(["/no/such/program"], 1).works is None


def test_no_device_is_a_no(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kvm.sys, "platform", "linux")
    monkeypatch.setattr(kvm_guest, "DEVICE", tmp_path / "kvm")
    assert try_kvm() == KvmTrial(False, "There is no /dev/kvm.")


@pytest.mark.parametrize(("platform", "machine"), [("darwin", "arm64"), ("linux", "aarch64")])
def test_elsewhere_it_is_left_open(
    platform: str, machine: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kvm.sys, "platform", platform)
    monkeypatch.setattr(kvm.platform, "machine", lambda: machine)
    monkeypatch.setattr(kvm_guest, "DEVICE", tmp_path)
    assert try_kvm().works is None


def test_the_real_device_gets_a_verdict_in_time() -> None:
    began = time.monotonic()
    found = try_kvm()
    assert time.monotonic() - began < kvm.TRIAL_SECONDS + 10
    assert found.reason.endswith(".")
    if sys.platform == "linux" and not kvm_guest.DEVICE.exists():
        assert found.works is False


def test_a_device_that_is_no_kvm_is_a_no_in_words(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(kvm_guest.__file__).parent)!r})\n"
        "import kvm_guest, pathlib\n"
        "kvm_guest.DEVICE = pathlib.Path('/dev/null')\n"
        "kvm_guest.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert ended.stdout.startswith("no /dev/kvm exists, but answers ENOTTY")
