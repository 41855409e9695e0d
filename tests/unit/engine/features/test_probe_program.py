from __future__ import annotations

import platform
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.engine.features.probe_program import (
    END_OF_FILE,
    GREETING,
    IPVS_MISSING,
    IPVS_THERE,
    architecture_of,
    other_architecture,
    program,
    program_names,
)

HERE = architecture_of(platform.machine())
RUNS_HERE = pytest.mark.skipif(
    sys.platform != "linux" or HERE is None, reason="no Linux on x86_64 or aarch64"
)
FAMILY = b"\x09\x00\x02\x00IPVS\x00\x00\x00\x00"
KNOWN_FAMILY = b"\x0b\x00\x02\x00nlctrl\x00\x00"


def run(
    folder: Path, content: bytes, *words: str, by: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[bytes]:
    file = folder / "program"
    file.write_bytes(content)
    file.chmod(0o755)
    return subprocess.run([*by, str(file), *words], capture_output=True, timeout=20, check=False)


@pytest.mark.parametrize(("architecture", "machine"), [("amd64", 62), ("arm64", 183)])
@pytest.mark.parametrize("name", program_names())
def test_each_program_is_a_small_executable_elf_file(
    name: str, architecture: str, machine: int
) -> None:
    content = program(name, architecture)
    assert len(content) < 300
    assert content[:7] == b"\x7fELF\x02\x01\x01"
    kind, of, version, entry, headers, _, _, size, segment, count = struct.unpack_from(
        "<HHIQQQIHHH", content, 16
    )
    assert (kind, of, version, size, segment, count) == (2, machine, 1, 64, 56, 1)
    load, flags, offset, address, _, in_file, in_memory, align = struct.unpack_from(
        "<IIQQQQQQ", content, headers
    )
    assert (load, flags, offset) == (1, 5, 0)
    assert in_file == in_memory == len(content)
    assert address % align == offset % align
    assert address + headers + segment == entry < address + len(content)


@RUNS_HERE
def test_hello_greets(tmp_path: Path) -> None:
    ended = run(tmp_path, program("hello", HERE or ""))
    assert (ended.returncode, ended.stdout.decode()) == (0, GREETING)


@RUNS_HERE
def test_read_writes_each_file_and_passes_over_missing_ones(tmp_path: Path) -> None:
    long = tmp_path / "long"
    long.write_text("x" * 10_000)
    ended = run(tmp_path, program("read", HERE or ""), str(long), "/no/such", str(long))
    assert ended.returncode == 0
    assert ended.stdout.decode().split(END_OF_FILE) == ["x" * 10_000, "", "x" * 10_000, ""]


@RUNS_HERE
def test_eat_ends_well_where_there_is_memory(tmp_path: Path) -> None:
    assert run(tmp_path, program("eat", HERE or "")).returncode == 0


@RUNS_HERE
def test_ask_gets_an_answer_from_the_kernel(tmp_path: Path) -> None:
    ended = run(tmp_path, program("ask", HERE or ""))
    is_loaded = Path("/proc/net/ip_vs").exists()
    assert ended.returncode in ((IPVS_THERE,) if is_loaded else (IPVS_THERE, IPVS_MISSING))


@RUNS_HERE
def test_ask_tells_a_family_that_is_there_from_one_that_is_not(tmp_path: Path) -> None:
    question = program("ask", HERE or "")
    assert FAMILY in question
    there = question.replace(FAMILY, KNOWN_FAMILY)
    missing = question.replace(b"IPVS", b"none")
    assert run(tmp_path, there).returncode == IPVS_THERE
    assert run(tmp_path, missing).returncode == IPVS_MISSING


@pytest.mark.parametrize(
    ("name", "tail"),
    [("hello", GREETING.encode()), ("read", END_OF_FILE.encode()), ("ask", FAMILY)],
)
def test_the_code_for_aarch64_points_at_its_own_data(name: str, tail: bytes) -> None:
    code = program(name, "arm64")[120:]
    words = struct.unpack_from(f"<{len(code) // 4}I", code)
    [(place, word)] = [
        (index * 4, word)
        for index, word in enumerate(words)
        if word & 0x9F00001F == 0x10000001  # adr x1, …
    ]
    target = place + ((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3)
    start = target if name != "ask" else target + 20
    assert code[start : start + len(tail)] == tail


def test_the_programs_for_aarch64_run_where_they_can(tmp_path: Path) -> None:
    """By qemu or on the processor itself; elsewhere their bytes alone are looked at, above."""
    qemu = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
    if HERE != "arm64" and qemu is None:
        assert {len(program(name, "arm64")[120:]) for name in program_names()} == {55, 64, 116, 117}
        return
    by = () if HERE == "arm64" or qemu is None else (qemu,)
    assert run(tmp_path, program("hello", "arm64"), by=by).stdout.decode() == GREETING
    read = run(tmp_path, program("read", "arm64"), "/proc/self/comm", "/no/such", by=by)
    assert read.stdout.decode().count(END_OF_FILE) == 2
    assert run(tmp_path, program("eat", "arm64"), by=by).returncode == 0


@pytest.mark.parametrize(
    ("machine", "architecture"),
    [("x86_64", "amd64"), ("aarch64", "arm64"), ("ARM64", "arm64"), ("riscv64", None)],
)
def test_architectures_go_by_their_docker_names(machine: str, architecture: str | None) -> None:
    assert architecture_of(machine) == architecture


def test_the_other_architecture_is_another_one() -> None:
    assert other_architecture("amd64") == "arm64"
    assert other_architecture("arm64") == "amd64"
