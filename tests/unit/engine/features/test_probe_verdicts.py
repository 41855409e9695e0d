"""What a probe makes of an engine's answers, of engines that are not at hand."""

from __future__ import annotations

import struct
from typing import Any, cast

import pytest

from helpers.engine.features import container_probes, kvm
from helpers.engine.features.container_probes import ipvs_feature
from helpers.engine.features.emulation import emulation_feature, foreign_header
from helpers.engine.features.kvm import kvm_feature
from helpers.engine.features.limit_probes import inside_features, memory_feature
from helpers.engine.features.probe_containers import ProbeContainers, ProbeRun
from helpers.errors import EngineError
from helpers.model.features.feature import Feature
from helpers.model.vm.acceleration import KVM, SOFTWARE, Acceleration

NO_DEVICE = EngineError(
    "The engine answered: it failed.",
    answer='error gathering device information for "/dev/kvm": no such file or directory',
)


class Answers:
    """Containers that end one after the other as was said, or are refused."""

    def __init__(self, *answers: ProbeRun | EngineError) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.client = cast("Any", self)

    def version(self) -> dict[str, str]:
        return {"Arch": "amd64"}

    def run(self, words: tuple[str, ...], files: object = None, **options: Any) -> ProbeRun:
        self.asked.append({"words": words, "files": files, **options})
        answer = self.answers.pop(0)
        if isinstance(answer, EngineError):
            raise answer
        return answer


def ended(output: str = "", exit_code: int = 0, was_out_of_memory: bool = False) -> ProbeRun:
    return ProbeRun(output, exit_code, was_out_of_memory)


def probes(*answers: ProbeRun | EngineError) -> ProbeContainers:
    return cast("ProbeContainers", Answers(*answers))


@pytest.mark.parametrize(("architecture", "machine"), [("amd64", 62), ("arm64", 183)])
def test_a_foreign_header_is_what_kernels_choose_by(architecture: str, machine: int) -> None:
    """The first 20 bytes, as in the magics of QEMU's qemu-binfmt-conf.sh, and no code at all."""
    header = foreign_header(architecture)
    assert header[:16] == b"\x7fELF\x02\x01\x01" + bytes(9)
    assert struct.unpack_from("<HH", header, 16) == (2, machine)
    assert len(header) == 64
    assert not any(header[24:])


@pytest.mark.parametrize(
    ("answer", "available"),
    [
        (ended("exec /foreign: exec format error\n", 255), False),
        (EngineError("It failed.", answer='exec: "/foreign": exec format error'), False),
        (ended("qemu: Segmentation fault\n", 139), True),
        (ended("", 1), True),
    ],
)
def test_emulation_is_there_where_the_kernel_takes_the_file(
    answer: ProbeRun | EngineError, available: bool
) -> None:
    asked = Answers(answer)
    assert emulation_feature(cast("ProbeContainers", asked)).available is available
    assert asked.asked[0]["files"] == {"foreign": foreign_header("arm64")}


@pytest.mark.parametrize(
    ("answers", "available"),
    [
        ([ended(exit_code=0)], True),
        ([ended(exit_code=1)], False),
        ([ended(exit_code=137)], None),
        ([EngineError("No such capability here."), ended(exit_code=0)], True),
        # Nobody could load the module there, so that it is missing proves nothing.
        ([EngineError("No such capability here."), ended(exit_code=1)], None),
    ],
)
def test_ipvs_is_known_where_its_module_could_be_loaded(
    answers: list[ProbeRun | EngineError], available: bool | None
) -> None:
    assert ipvs_feature(probes(*answers)).available is available


@pytest.mark.parametrize(
    ("run", "available", "words"),
    [
        (ended(exit_code=137, was_out_of_memory=True), True, "(137), and the engine says so."),
        (ended(exit_code=137), True, "(137); OOMKilled says false here."),
        (ended(), False, "took four times as much and lived."),
    ],
)
def test_a_memory_limit_holds_where_the_container_is_killed(
    run: ProbeRun, available: bool, words: str
) -> None:
    feature = memory_feature(probes(run))
    assert feature.available is available
    assert feature.observed.endswith(words)


V2 = "cpu memory pids\n\x1e25000 100000\n\x1e23\n\x1e\x1e\x1e         0     100000      65536\n\x1e"
V1 = "\x1e\x1e\x1e25000\n\x1e23\n\x1e         0          0 4294967295\n\x1e"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (f"{V2}Name:\tcat\nSeccomp:\t2\n\x1e", [True, True, True, True, True]),
        (f"{V1}Seccomp:\t0\n\x1e", [False, True, True, False, False]),
        ("\x1e" * 7, [False, False, False, None, None]),
    ],
)
def test_limits_and_walls_are_read_in_both_versions_of_cgroups(
    files: str, expected: list[bool | None]
) -> None:
    assert [feature.available for feature in inside_features(probes(ended(files)))] == expected


def kvm_of(monkeypatch: pytest.MonkeyPatch, has_tools: bool, *answers: Any) -> Feature:
    monkeypatch.setattr(kvm, "has_tools", lambda client: has_tools)
    return kvm_feature(probes(*answers))


@pytest.mark.parametrize(
    ("answer", "available", "words"),
    [
        (NO_DEVICE, False, "There is no /dev/kvm on the engine's machine."),
        (ended(exit_code=1), False, "a container may not open it."),
        (ended(), None, "found out by lesson 06."),
    ],
)
def test_without_the_vm_tools_kvm_is_as_much_as_its_device_tells(
    monkeypatch: pytest.MonkeyPatch, answer: Any, available: bool | None, words: str
) -> None:
    feature = kvm_of(monkeypatch, False, answer)
    assert feature.available is available
    assert words in feature.observed


@pytest.mark.parametrize(("kind", "available"), [(KVM, True), (SOFTWARE, False)])
def test_with_the_vm_tools_a_kernel_is_booted(
    monkeypatch: pytest.MonkeyPatch, kind: str, available: bool
) -> None:
    monkeypatch.setattr(kvm, "acceleration_of", lambda client, lesson: Acceleration(kind, "Why."))
    feature = kvm_of(monkeypatch, True)
    assert feature.available is available
    assert feature.observed.startswith("Why. Virtual machines run")


def test_every_title_has_a_probe() -> None:
    names, looks = container_probes.looks(probes())
    assert sorted(name for group in names for name in group) == sorted(container_probes.TITLES)
    assert len(names) == len(looks)
