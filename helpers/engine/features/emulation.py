"""Whether the engine's kernel hands programs of another processor to an emulator."""

from __future__ import annotations

import struct

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_info import version_of
from helpers.engine.features.probe_containers import ProbeContainers
from helpers.errors import EngineError
from helpers.model.features.feature import Feature
from helpers.model.text.answer_parts import text_in

# e_machine of a file in ELF format: elf(5), linux/elf-em.h.
_MACHINES = {"amd64": 62, "arm64": 183}
_EXECUTABLE = 2
_REFUSAL = "exec format error"


def emulation_feature(probes: ProbeContainers) -> Feature:
    """Whether something takes a file of another architecture; nothing of it is carried out."""
    with translated("docker version"):
        ours = text_in(version_of(probes.client), "Arch")
    foreign = foreign_header("arm64" if ours == "amd64" else "amd64")
    try:
        answer = probes.run(("/foreign",), {"foreign": foreign}).output
    except EngineError as error:
        answer = error.answer or error.message
    runs = _REFUSAL not in answer.lower()
    observed = (
        "A program made for another processor runs, by emulation."
        if runs
        else "A program made for another processor does not run: images must fit this one."
    )
    return Feature("emulation", runs, observed)


def foreign_header(architecture: str) -> bytes:
    """The beginning of a program for that architecture, by which a kernel chooses who runs it.

    Source: the kernel's Documentation/admin-guide/binfmt-misc.rst; the magics of QEMU's
    qemu-binfmt-conf.sh end with e_machine.
    """
    kind = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    return kind + struct.pack("<HHI", _EXECUTABLE, _MACHINES[architecture], 1) + bytes(40)
