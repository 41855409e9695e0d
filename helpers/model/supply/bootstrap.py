"""What mmdebstrap's output says of how far a stand-in has got."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# Each of mmdebstrap's stages: how its line begins, what it does in words, where it begins (0..1).
# Shares were measured with the python stand-in, the longest; they only have to look right.
_STAGES = (
    ("running apt-get update", "reading Debian's package lists", 0.02),
    ("downloading packages", "fetching packages", 0.14),
    ("extracting archives", "unpacking the base system", 0.25),
    ("installing essential", "setting up the base system", 0.36),
    ("installing remaining", "installing packages", 0.54),
    ("running --customize-hook", "finishing the image", 0.88),
    ("creating tarball", "packing the image", 0.95),
)
_DOWNLOADING = 1
# What the script of a recipe that compiles says, and how much of the whole time that takes.
_COMPILED = re.compile(r"workbook: compiled (\d+) of (\d+) (\S+)")
_STAGE = re.compile(r"workbook: (.+)")
_COMPILING_SHARE = 0.85
_COUNT = re.compile(r"\d+ upgraded, (\d+) newly installed")
_STEPS = {
    "fetching": re.compile(r"Get:\d+ \S+ \S+ \S+ (\S+)"),
    "unpacking": re.compile(r"Unpacking (\S+)"),
    "setting up": re.compile(r"Setting up (\S+)"),
}


@dataclass(frozen=True)
class BootstrapProgress:
    """The stage in words, the package that is at hand, and the share that is done (0..1)."""

    stage: str = "starting"
    detail: str = ""
    share: float = 0.0
    number: int = -1
    packages: int = 0
    done: tuple[int, int, int] = (0, 0, 0)
    end: float = 1.0

    @classmethod
    def of(cls, *, compiles: bool) -> BootstrapProgress:
        """The beginning of one that compiles, or only unpacks."""
        return cls(end=1 - _COMPILING_SHARE if compiles else 1.0)

    def within(self, begin: float, end: float) -> BootstrapProgress:
        """The same as a part of something longer, which goes from `begin` to `end` (0..1)."""
        return replace(self, share=begin + (end - begin) * self.share)

    def after(self, line: str) -> BootstrapProgress:
        """The progress once that line of mmdebstrap's output was read; it never goes back."""
        if compiled := _COMPILED.match(line):
            return self._compiled(int(compiled[1]), int(compiled[2]), compiled[3])
        if stage := _STAGE.match(line):
            return replace(self, stage=stage[1], detail="")
        if line.startswith("I: "):
            return self._stage_of(line.removeprefix("I: "))
        if counted := _COUNT.match(line):
            return replace(self, packages=int(counted[1]), done=(0, 0, 0))
        for step, (words, pattern) in enumerate(_STEPS.items()):
            if self.packages and (match := pattern.match(line)):
                return self._one_more(step, f"{words} {match[1]}")
        return self

    def _stage_of(self, text: str) -> BootstrapProgress:
        for number, (begins, words, share) in enumerate(_STAGES):
            if text.startswith(begins):
                share = max(share * self.end, self.share)
                return BootstrapProgress(words, "", share, number, self.packages, end=self.end)
        return self

    def _one_more(self, step: int, detail: str) -> BootstrapProgress:
        """One package more was fetched, unpacked or set up; what is in the cache is not fetched."""
        fetched, unpacked, set_up = (
            count + (step == index) for index, count in enumerate(self.done)
        )
        fetched = self.packages if step > 0 else fetched
        steps = self.packages * (1 if self.number <= _DOWNLOADING else 3)
        part = min(0.99, (fetched + unpacked + set_up) / steps)
        begin, end = self._span()
        share = max(self.share, (begin + (end - begin) * part) * self.end)
        return replace(self, detail=detail, share=share, done=(fetched, unpacked, set_up))

    def _compiled(self, done: int, of: int, name: str) -> BootstrapProgress:
        """So many packages were compiled; those that were kept from another try are not counted."""
        share = max(self.share, self.end + (1 - self.end) * min(0.99, done / max(1, of)))
        detail = f"{done} of {of} packages: {name.rpartition('/')[2]}"
        return replace(self, stage="compiling", detail=detail, share=share)

    def _span(self) -> tuple[float, float]:
        starts = [0.0, *(share for _, _, share in _STAGES), 1.0]
        return starts[self.number + 1], starts[self.number + 2]
