"""The classic builder's words, read as the news that BuildKit gives.

Docker with BuildKit off, and Podman, tell a build as text: `Step 2/5 : RUN …`, ` ---> Using cache`,
and what the step prints, all in one. So words are the builder's only where it says them: a step is
the next one of the Dockerfile, the cache is named before the step runs, and what ends a step stands
directly before the next. Steps that only set metadata are left out, as BuildKit leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpers.model.build.dockerfile import Dockerfile, Instruction
from helpers.model.build.dockerfile_images import names_in
from helpers.model.build.step_ending import StepEnding
from helpers.model.build.trace import LogNews, News, StatusNews, VertexNews

_STEP = re.compile(
    r"\s*(?P<stage>\[\d+/\d+\] )?step (?P<number>\d+)/(?P<total>\d+) ?: (?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CACHED = re.compile(r"\s*-+> Using cache(?: [0-9a-f]{11,64})?\s*")
_RUNNING = re.compile(r" ---> Running in [0-9a-f]+\s*")
_ERROR_COLOUR = "\x1b[91m"


class ClassicStream:
    """Turns the stream's messages into news; `made` are ids of images, as far as its words go.

    Times are those at which a message came.
    """

    def __init__(self, dockerfile: Dockerfile) -> None:
        self._dockerfile = dockerfile
        self._left = list(dockerfile.instructions)
        self._step: VertexNews | None = None
        self._stage = -1
        self._number = self._total = 0
        self._last_of_stage: dict[int, str] = {}
        self._images: dict[int, str] = {}
        self._built: list[str] = []
        self._is_new = self._is_after_step = self._runs = False
        self._ending = StepEnding()

    @property
    def made(self) -> tuple[str, ...]:
        """The ids of the images of the steps that were carried out, then of the stages' last ones.

        A classic store removes a step's image with what stands on it, containerd's keeps it.
        """
        return (*self._built, *self._images.values())

    def take(self, text: str, at: float) -> Iterator[News]:
        """The news in a piece of text."""
        if (match := _STEP.match(text)) and self._is_next(match):
            self._number, self._total = int(match["number"]), int(match["total"])
            yield from self._begin(self._matching(match["text"]), at)
            return
        is_after_step, self._is_after_step = self._is_after_step, False
        if not self._runs and _CACHED.fullmatch(text):
            self._ending.take(text, at)
            yield from self._cached(at)
        elif not self._runs and _RUNNING.fullmatch(text):
            self._runs = self._is_after_step = True
        elif not (is_after_step and not text.strip()):
            yield from self._written(self._ending.take(text, at))

    def take_pull(self, layer: str, current: int, at: float) -> Iterator[News]:
        """The news that so many bytes of a layer were fetched."""
        if self._step:
            yield StatusNews(self._step.digest, layer, current)

    def end(self, at: float, error: str = "") -> Iterator[News]:
        """The news that the step that runs is over."""
        image, printed = self._ending.over(bool(error))
        yield from self._written(printed)
        if self._step:
            yield self._step._replace(completed=at, error=error)
        self._step = None
        if image and not error:
            self._images[self._stage] = image
            self._built += [image] if self._is_new else []

    def _written(self, pieces: list[tuple[str, float]]) -> Iterator[News]:
        """The news of what the step printed."""
        for text, at in pieces:
            self._runs = True
            if self._step and text:
                data = text.encode("utf-8", "surrogatepass")
                yield LogNews(self._step.digest, at, data, text.startswith(_ERROR_COLOUR))

    def _is_next(self, match: re.Match[str]) -> bool:
        """Whether such a step has to come: the Dockerfile's, or the label that the builder adds.

        Podman counts anew in each stage.
        """
        number, total, text = int(match["number"]), int(match["total"]), match["text"]
        is_anew = not self._number or (number == 1 and match["stage"])
        if not is_anew and (number <= self._number or total != self._total):
            return False
        is_label = number == total and text.startswith("LABEL ")
        return is_label or any(_is_like(instruction, text) for instruction in self._left)

    def _begin(self, instruction: Instruction | None, at: float) -> Iterator[News]:
        yield from self.end(at)
        self._is_after_step, self._runs = True, False
        self._is_new = instruction is None or instruction.keyword != "FROM"
        if instruction is None:
            return
        self._stage = instruction.stage
        if instruction in self._dockerfile.stages[max(0, instruction.stage)].steps:
            name, digest = self._name(instruction), f"line {instruction.line}"
            self._step = VertexNews(digest, name, self._inputs(instruction), started=at)
            self._last_of_stage[instruction.stage] = digest
            yield self._step

    def _cached(self, at: float) -> Iterator[News]:
        self._is_new = False
        if self._step:
            yield self._step._replace(cached=True, completed=at)
            self._step = None

    def _matching(self, text: str) -> Instruction | None:
        """The next instruction with that text; those before it were passed over."""
        for position, instruction in enumerate(self._left):
            if _is_like(instruction, text):
                del self._left[: position + 1]
                return instruction
        return None

    def _name(self, instruction: Instruction) -> str:
        """What BuildKit would call it."""
        steps = self._dockerfile.stages[instruction.stage].steps
        label = self._dockerfile.stage_label(instruction.stage)
        number = steps.index(instruction) + 1
        return f"[{label} {number}/{len(steps)}] {instruction.text}".replace("[ ", "[", 1)

    def _inputs(self, instruction: Instruction) -> tuple[str, ...]:
        """The steps that it builds on: the one before it, and the stage that it copies from."""
        digests = [self._last_of_stage.get(instruction.stage, "")]
        words = [*names_in(instruction)]
        if instruction.keyword == "FROM":
            words.append(self._dockerfile.stages[instruction.stage].image)
        for stage in self._dockerfile.stages:
            if {stage.name, str(stage.number)} & {word.lower() for word in words} - {""}:
                digests.append(self._last_of_stage.get(stage.number, ""))
        return tuple(digest for digest in digests if digest)


def _is_like(instruction: Instruction, text: str) -> bool:
    """Whether that is the instruction's text, whatever blanks are between its words."""
    return "".join(instruction.text.split()) == "".join(text.split())
