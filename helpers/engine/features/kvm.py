"""Whether /dev/kvm runs a guest on the processor itself, found out in a process of its own."""

from __future__ import annotations

import contextlib
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.features import kvm_guest

TRIAL_SECONDS = 3.0
_END_SECONDS = 1.0


@dataclass(frozen=True)
class KvmTrial:
    """Whether KVM runs a guest (None: not found out), and the reason in words."""

    works: bool | None
    reason: str


def try_kvm(seconds: float = TRIAL_SECONDS) -> KvmTrial:
    """What came of one guest, which gets that many seconds."""
    if sys.platform != "linux":
        return KvmTrial(None, "This is not Linux, and KVM is a part of Linux.")
    if not kvm_guest.DEVICE.exists():
        return KvmTrial(False, "There is no /dev/kvm.")
    if platform.machine() != "x86_64":
        return KvmTrial(None, f"/dev/kvm exists; there is no trial for {platform.machine()} yet.")
    return trial([sys.executable, "-I", "-S", str(Path(kvm_guest.__file__))], seconds)


def trial(command: Sequence[str], seconds: float) -> KvmTrial:
    """What that command said of KVM: 'yes …' or 'no …'; it is killed after so many seconds."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        return KvmTrial(None, f"The trial could not be started: {error.strerror}.")
    with contextlib.ExitStack() as afterwards:
        afterwards.callback(_end, process)
        try:
            said = process.communicate(timeout=seconds)[0].decode().strip()
        except subprocess.TimeoutExpired:
            return KvmTrial(False, f"/dev/kvm exists, and a guest did not end in {seconds:g} s.")
    word, _, reason = said.partition(" ")
    if word not in ("yes", "no"):
        ended = process.returncode
        return KvmTrial(False, f"/dev/kvm exists, and the trial broke off with {ended}.")
    return KvmTrial(word == "yes", reason)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process; one that the kernel will not let go of is not waited for."""
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_END_SECONDS)
    if process.stdout:
        process.stdout.close()
