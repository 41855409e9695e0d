"""What became of a build: its steps, its cache, its time, its image."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers.model.build.cache_misses import misses_of
from helpers.model.build.inputs import BuildInputs
from helpers.model.build.miss import Miss
from helpers.model.build.step import BuildStep, LogLine
from helpers.model.image.digest import short_id
from helpers.model.text.units import counted, format_bytes, format_seconds
from helpers.outside import visible_repr

__all__ = ["BuildReport", "BuildStep", "LogLine"]


@dataclass(frozen=True)
class BuildReport:
    """A build that runs, is done or has failed.

    `command` can be typed in a terminal, `builder` is "BuildKit", "classic" or "buildx",
    `dockerfile` the Dockerfile's text. `steps` are in the Dockerfile's order, with the builder's
    own around them. `seconds` is from the call to the image, the sending of the context included;
    `context_bytes` and `context_files` are what was sent. `image_id` is "" until there is one.
    `inputs` is what the build was made of, `earlier` what the build before it of the same tag (or
    of the same Dockerfile) was made of, as far as the workbook knows.
    """

    command: str
    tag: str = ""
    builder: str = "BuildKit"
    dockerfile: str = ""
    steps: tuple[BuildStep, ...] = ()
    seconds: float = 0.0
    image_id: str = ""
    size_bytes: int = 0
    layer_count: int = 0
    context_bytes: int = 0
    context_files: int = 0
    error: str = ""
    is_over: bool = False
    inputs: BuildInputs = field(default_factory=BuildInputs, repr=False)
    earlier: BuildInputs | None = field(default=None, repr=False)

    @visible_repr
    def __repr__(self) -> str:
        return f"$ {self.command}\n{self._outcome()}"

    @property
    def own_steps(self) -> tuple[BuildStep, ...]:
        """The steps that the Dockerfile asks for, without the builder's own."""
        return tuple(step for step in self.steps if not step.is_internal)

    @property
    def cached(self) -> int:
        """How many of the Dockerfile's steps came from the cache."""
        return sum(step.status == "cached" for step in self.own_steps)

    @property
    def done(self) -> str:
        """The instructions that were carried out and not taken from the cache: 'COPY, RUN'."""
        ran = [step for step in self.own_steps if step.status == "done"]
        return ", ".join(step.instruction.split()[0] for step in ran) or "nothing"

    @property
    def failed_step(self) -> BuildStep | None:
        """The step that failed; None where none did."""
        return next((step for step in self.steps if step.status == "failed"), None)

    @property
    def misses(self) -> tuple[Miss, ...]:
        """Why each of the Dockerfile's steps that ran did not come from the cache."""
        return misses_of(self.own_steps, self.inputs, self.earlier)

    def why_missed(self, step: BuildStep) -> Miss | None:
        """Why that step did not come from the cache; None for one that did, or never ran."""
        return next((miss for miss in self.misses if miss.step.digest == step.digest), None)

    def _outcome(self) -> str:
        steps = f"{counted(len(self.own_steps), 'step')}, {self.cached} from the cache"
        if self.error:
            return f"failed after {format_seconds(self.seconds)}; {steps}"
        if not self.is_over:
            return f"building for {format_seconds(self.seconds)}; {steps}"
        name = self.tag or short_id(self.image_id)
        size = f"{format_bytes(self.size_bytes)} in {counted(self.layer_count, 'layer')}"
        return f"built {name} in {format_seconds(self.seconds)}: {steps}; {size}"
