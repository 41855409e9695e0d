"""What a VM's console tells: the stages of a boot, and what went wrong."""

from __future__ import annotations

import re

import pytest

from helpers.engine.vm.acceleration import judged
from helpers.model.vm.console import (
    APP_STARTED,
    KERNEL,
    clean,
    console_end,
    has_started,
    stage_of,
    strain_on,
    trouble_on,
)

BOOT = """\
\x1bc\x1b[?7l\x1b[2J[    0.000000] Linux version 6.12.118 (debian) #1 SMP\r
[    0.500000] Memory: 88332K/130700K available\r
[    3.978671] Run /init as init process\r
workbook: the first process runs\r
workbook: the disk is mounted\r
workbook: the network is up\r
workbook: the app is started\r
Listening on http://0.0.0.0:80\r
"""


def test_a_boot_passes_its_stages_in_order() -> None:
    found = [stage for line in BOOT.splitlines() if (stage := stage_of(line))]
    assert len(found) == 5
    assert (found[0], found[-1]) == (KERNEL, APP_STARTED)
    assert stage_of("[    0.500000] Memory") is None
    assert has_started(BOOT)
    assert not has_started(BOOT.partition("workbook: the app")[0])


def test_a_good_boot_has_no_trouble() -> None:
    assert trouble_on(BOOT) is None
    assert strain_on(BOOT) is None


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("[ 1.0] Kernel panic - not syncing: VFS", "its kernel gave up"),
        ("[ 9.0] Out of memory: Killed process 77 (python)", "it ran out of memory"),
        ("qemu: cannot set up guest memory 'pc.ram': Cannot allocate memory", "too little memory"),
        ("workbook: the app ended with exit code 3", "its app ended with exit code 3$"),
        (
            "workbook: python is not in this image\nworkbook: the app ended with exit code 127",
            r"exit code 127 \(python is not in this image\)",
        ),
        ("workbook: there is no disk to mount", "its disk could not be mounted"),
        ("workbook: this image has no folder /proc", "this image has no folder /proc"),
    ],
)
def test_trouble_is_told_in_words(said: str, means: str) -> None:
    found = trouble_on(f"{BOOT}{said}\n")
    assert found is not None
    assert re.search(means, found)


def test_a_vm_short_of_memory_is_strained_and_not_given_up() -> None:
    console = f"{BOOT}workbook: memory is short\n"
    assert trouble_on(console) is None
    assert strain_on(console) == "it is short of memory"


def test_the_end_is_shown_as_plain_text() -> None:
    assert "\x1b" not in clean(BOOT)
    assert "\r" not in clean(BOOT)
    assert console_end(BOOT, 2) == "workbook: the app is started\nListening on http://0.0.0.0:80"
    assert console_end("") == ""
    assert console_end("a\x00b\x07c") == "abc"


def test_the_line_that_tells_of_trouble_is_shown_however_long_the_rest_is() -> None:
    panic = "[ 15.0] sysrq: crash\n[ 15.1] Kernel panic - not syncing: crash\n"
    shown = console_end(BOOT + panic + "[ 15.2] usb 1-1: gone\n" * 50)
    assert "Kernel panic - not syncing: crash" in shown
    assert shown.count("\n") == 9


def test_what_a_kernel_dumps_of_its_processor_is_left_out() -> None:
    panic = "[   14.9] Kernel panic - not syncing: crash\n[   14.9] Call Trace:\n"
    dumped = """\
[   14.940911]  <TASK>
[   14.940911]  ? arch_exit_to_user_mode_prepare.isra.0+0x16/0xa0
[   14.941053]  entry_SYSCALL_64_after_hwframe+0x76/0x7e
[   14.943354] RIP: 0033:0x7f9b09aff3a7
[   14.943872] Code: 48 89 fa 4c 89 df e8
[   14.944799] RAX: ffffffffffffffda RBX: 00007f9b09a6d740 RCX: 00007f9b09aff3a7
[   14.949393] R13: 0000000000000002 R14: 0000000000000000
[   14.949393] x29: ffff80008000bd90 x28: ffff0000c0318000
[   14.949393] pc : sysrq_handle_crash+0x1c/0x28
[   14.949661]  </TASK>
"""
    end = "[   15.0] Rebooting"
    assert console_end(f"{BOOT}{panic}{dumped}{end}", 3) == f"{panic}{end}"


def test_a_probe_boot_proves_hardware_only_by_ending_well() -> None:
    assert judged("workbook: the first process runs\nworkbook: the probe is over\n").is_hardware
    died = judged("qemu: error: failed to set MSR 0x10a\nqemu: Assertion failed.\n")
    assert not died.is_hardware
    assert "no kernel boots on it: error: failed to set MSR 0x10a." in died.reason
    assert judged("").reason == "/dev/kvm is there, but no kernel boots on it."
