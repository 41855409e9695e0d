"""The classic builder's words, read as the news that BuildKit gives.

Docker with BuildKit off, and Podman, tell a build as text: `Step 2/5 : RUN …`, ` ---> Using cache`,
and what the step prints. Steps that only set metadata are left out, as BuildKit leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpers.model.build.dockerfile import Dockerfile, Instruction
from helpers.model.build.trace import LogNews, News, StatusNews, VertexNews

_STEP = re.compile(r"\s*(?:\[\d+/\d+\] )?step \d+/\d+ ?: (.*)", re.IGNORECASE | re.DOTALL)
_CACHED = re.compile(r"\s*-+> Using cache")
_IMAGE = re.compile(r"\s*-+> (?:Using cache )?([0-9a-f]{11,64})\s*$")
_NOISE = re.compile(
    r"\s*(?:-+> |Removing intermediate container |Successfully (?:built|tagged) |COMMIT|"
    r"[0-9a-f]{64}\s*$)"
)
_ERROR_COLOUR = "\x1b[91m"
_FROM_STAGE = re.compile(r"--from=(\S+)")


class ClassicStream:
    """Turns the stream's messages into news; `made` are the ids of images that nothing may name.

    Times are those at which a message came.
    """

    def __init__(self, dockerfile: Dockerfile) -> None:
        self._dockerfile = dockerfile
        self._left = list(dockerfile.instructions)
        self._step: VertexNews | None = None
        self._stage = -1
        self._last_of_stage: dict[int, str] = {}
        self._images: dict[int, str] = {}
        self._built: list[str] = []
        self._image, self._is_new = "", False
        self._is_after_step = False

    @property
    def made(self) -> tuple[str, ...]:
        """The ids of the images of the steps that were carried out, then of the stages' last ones.

        A classic store removes a step's image with what stands on it, containerd's keeps it.
        """
        return (*self._built, *self._images.values())

    def take(self, text: str, at: float) -> Iterator[News]:
        """The news in a piece of text."""
        if match := _STEP.match(text):
            yield from self._begin(match[1].strip(), at)
        elif _CACHED.match(text):
            yield from self._cached(at)
        elif _NOISE.match(text) or (self._is_after_step and not text.strip()):
            self._is_after_step = False
        elif self._step and text:
            yield LogNews(self._step.digest, at, text, text.startswith(_ERROR_COLOUR))
        if match := _IMAGE.match(text):
            self._image = match[1]  # the last one of a step: what is printed before may look so

    def take_pull(self, layer: str, current: int, at: float) -> Iterator[News]:
        """The news that so many bytes of a layer were fetched."""
        if self._step:
            yield StatusNews(self._step.digest, layer, current)

    def end(self, at: float, error: str = "") -> Iterator[News]:
        """The news that the step that runs is over."""
        if self._step:
            yield self._step._replace(completed=at, error=error)
        self._step = None
        if self._image and not error:
            self._images[self._stage] = self._image
            self._built += [self._image] if self._is_new else []
        self._image = ""

    def _begin(self, text: str, at: float) -> Iterator[News]:
        yield from self.end(at)
        self._is_after_step, self._is_new = True, not text.upper().startswith("FROM")
        instruction = self._matching(text)
        if instruction is None:
            return
        self._stage = instruction.stage
        if instruction in self._dockerfile.stages[max(0, instruction.stage)].steps:
            name, digest = self._name(instruction), f"line {instruction.line}"
            self._step = VertexNews(digest, name, self._inputs(instruction), started=at)
            self._last_of_stage[instruction.stage] = digest
            yield self._step

    def _cached(self, at: float) -> Iterator[News]:
        self._is_after_step = self._is_new = False
        if self._step:
            yield self._step._replace(cached=True, completed=at)
            self._step = None

    def _matching(self, text: str) -> Instruction | None:
        """The next instruction with that text; those before it were passed over."""
        wanted = " ".join(text.split())
        for position, instruction in enumerate(self._left):
            if " ".join(instruction.text.split()) == wanted:
                del self._left[: position + 1]
                return instruction
        return None

    def _name(self, instruction: Instruction) -> str:
        """What BuildKit would call it."""
        steps = self._dockerfile.stages[instruction.stage].steps
        label = self._dockerfile.stage_label(instruction.stage)
        number = steps.index(instruction) + 1
        return f"[{label} {number}/{len(steps)}] {instruction.text}".replace("[ ", "[")

    def _inputs(self, instruction: Instruction) -> tuple[str, ...]:
        """The steps that it builds on: the one before it, and the stage that it copies from."""
        digests = [self._last_of_stage.get(instruction.stage, "")]
        words = [*_FROM_STAGE.findall(instruction.text)]
        if instruction.keyword == "FROM":
            words.append(self._dockerfile.stages[instruction.stage].image)
        for stage in self._dockerfile.stages:
            if {stage.name, str(stage.number)} & {word.lower() for word in words} - {""}:
                digests.append(self._last_of_stage.get(stage.number, ""))
        return tuple(digest for digest in digests if digest)
