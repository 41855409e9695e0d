"""What a VM's console tells: how far the boot has come, and what went wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.outside import visible_text

OWN = "workbook: "
APP_STARTED = "the app is started"
KERNEL = "the kernel's first message"
_STAGES = (
    ("Linux version ", KERNEL),
    (f"{OWN}the first process runs", "the kernel is up, the first process runs"),
    (f"{OWN}the disk is mounted", "the disk is mounted"),
    (f"{OWN}the network is up", "the network is up"),
    (f"{OWN}{APP_STARTED}", APP_STARTED),
)
_ENDED = re.compile(rf"{OWN}the app ended with exit code (\d+)")
_TROUBLES = (
    ("Out of memory", "it ran out of memory"),
    ("System is deadlocked on memory", "it ran out of memory"),
    ("Cannot allocate memory", "the engine's machine has too little memory for it"),
    ("Kernel panic", "its kernel gave up"),
    ("Could not set up host forwarding", "one of its ports is taken inside of its container"),
    (f"{OWN}there is no disk to mount", "its disk could not be mounted"),
)
_SHOWN_LINES = 10
# What a kernel that gives up dumps of its processor: registers, code, and the calls it was in.
_DUMPED = re.compile(
    r"^(\[ *\d+\.\d+\] )?\s*"
    r"((R[A-Z0-9]{1,2}|[CDFGE]S|CR\d|DR\d|PKRU|EFLAGS|Code|x\d+|pc|lr|sp|pstate) ?: ?|</?TASK>"
    r"|(\? )?[\w.]+\+0x[0-9a-f]+/0x)"
)
_NOT_SHOWN = re.compile(r"[^\x20-\x7e\u00a0-\uffff]")
_COLOURS = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|.)")


@dataclass(frozen=True)
class Milestone:
    """A point of a start, and how long after its begin it was reached, in seconds."""

    name: str
    seconds: float


def stage_of(line: str) -> str | None:
    """The stage that this line of the console says has been reached; None for any other line."""
    return next((stage for mark, stage in _STAGES if mark in line), None)


def has_started(console: str) -> bool:
    """Whether the boot came as far as the app."""
    return f"{OWN}{APP_STARTED}" in console


def trouble_on(console: str) -> str | None:
    """What went wrong, by the console; None where it tells of nothing."""
    for mark, words in _TROUBLES:
        if mark in console:
            return words
    if ended := _ENDED.search(console):
        missing = [line for line in _own_lines(console) if "is not in this image" in line]
        reason = f" ({missing[-1]})" if missing else ""
        return f"its app ended with exit code {ended[1]}{reason}"
    return next((line for line in _own_lines(console) if line.startswith("this image")), None)


def strain_on(console: str) -> str | None:
    """What makes it slow without ending it, by the console; None where it tells of nothing."""
    return "it is short of memory" if f"{OWN}memory is short" in console else None


def console_end(console: str, lines: int = _SHOWN_LINES) -> str:
    """The last lines of the console as plain text, and before them the line that tells of trouble.

    A kernel that gives up says so first, and then lists its registers for a page; those are left
    out.
    """
    whole = clean(console).rstrip().split("\n")
    shown = [line.rstrip() for line in whole if not _DUMPED.match(line)]
    marks = [at for at, line in enumerate(shown) if any(mark in line for mark, _ in _TROUBLES)]
    if marks and marks[0] < len(shown) - lines:
        excerpt = shown[max(0, marks[0] - 1) : marks[0] + 2]
        return "\n".join([*excerpt, "…", *shown[-(lines - len(excerpt) - 1) :]])
    return "\n".join(shown[-lines:])


def clean(console: str) -> str:
    """The console as plain text: neither carriage returns nor control characters."""
    text = _COLOURS.sub("", console).replace("\r", "")
    return visible_text("\n".join(_NOT_SHOWN.sub("", line) for line in text.split("\n")))


def _own_lines(console: str) -> list[str]:
    return [line.split(OWN, 1)[1].strip() for line in clean(console).split("\n") if OWN in line]
