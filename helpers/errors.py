"""The errors that a learner can meet, each one sentence and its next step.

WorkbookError
├── EngineUnavailable        no usable engine
│   ├── EngineNotFound       nothing answers
│   ├── EngineRefused        something is there and says no (permissions)
│   └── EngineTooOld         it answers, and lacks what the lessons need
├── EngineError              the engine answered a request with an error
│   ├── NoSuchContainer
│   ├── NoSuchImage
│   ├── NoSuchVolume
│   ├── NameInUse
│   ├── PortInUse
│   ├── DiskFull
│   ├── CommandFailed        a docker command ended with another exit code than 0
│   ├── BuildFailed          a build ended with an error (helpers/model/build/failure.py)
│   └── EngineGone           it went away in the middle
├── NotReady                 an app did not answer in time
├── ImageUnavailable         no source could supply an image
├── RegistryError            a registry answered a request with an error
│   ├── NotInRegistry        it has no such repository, tag or digest
│   ├── RegistryGone         it cannot be reached, or broke off in the middle
│   ├── RegistryFull         its disk has no room left
│   └── WrongDigest          it gave other bytes than the digest says
├── DamagedBundle            a bundle of images is not whole
├── NotShareable             an image has settings of one machine in it
├── UnreadableImage          an image's bytes are cut off, damaged or impossible
├── SetupFailed              packages, environment or private engine
├── InvalidInput             an argument that cannot work (also a ValueError)
└── Interrupted              the learner stopped it (also a KeyboardInterrupt)
"""

from __future__ import annotations

from helpers.outside import visible_line, visible_text


class WorkbookError(Exception):
    """One clear sentence about what went wrong, and the next step to take.

    Both may quote an engine or a registry, so both are made one visible line each. An `excerpt`
    of what a program printed has several, each indented: none of them looks like ours.
    """

    def __init__(self, message: str, next_step: str = "", *, excerpt: str = "") -> None:
        lines = [f"  {line}" for line in visible_text(excerpt).split("\n")] if excerpt else []
        self.message = "\n".join([visible_line(message), *lines])
        self.next_step = visible_line(next_step)
        super().__init__(self.message, self.next_step)

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython shows in place of a traceback."""
        lines = [f"{type(self).__name__}: {self.message}"]
        return [*lines, f"→ {self.next_step}"] if self.next_step else lines


class EngineUnavailable(WorkbookError):
    """No engine can be used."""


class EngineNotFound(EngineUnavailable):
    """No engine answers anywhere that was looked."""


class EngineRefused(EngineUnavailable):
    """An engine is there, and this user may not talk to it."""


class EngineTooOld(EngineUnavailable):
    """An engine answers, and it is older than the lessons need."""


class EngineError(WorkbookError):
    """What the engine answered to a command that failed."""

    def __init__(
        self,
        message: str,
        next_step: str = "",
        *,
        excerpt: str = "",
        command: str = "",
        answer: str = "",
    ) -> None:
        super().__init__(message, next_step, excerpt=excerpt)
        self.command = command
        self.answer = answer


class NoSuchContainer(EngineError):
    """The engine has no container of that name."""


class NoSuchImage(EngineError):
    """The engine has no image of that name."""


class NoSuchVolume(EngineError):
    """The engine has no volume of that name."""


class NameInUse(EngineError):
    """Another container already has that name."""


class PortInUse(EngineError):
    """Something already listens on that port of the host."""


class DiskFull(EngineError):
    """The engine's disk has no room left."""


class CommandFailed(EngineError):
    """A docker command ended with that exit code; its own words were shown as they came."""

    def __init__(self, message: str, next_step: str = "", *, exit_code: int, **about: str) -> None:
        super().__init__(message, next_step, **about)
        self.exit_code = exit_code


class EngineGone(EngineError):
    """The engine stopped answering in the middle of a request."""


class NotReady(WorkbookError):
    """An app in a container did not answer in time."""


class ImageUnavailable(WorkbookError):
    """No source could supply an image."""


class RegistryError(WorkbookError):
    """A registry answered a request with an error."""


class NotInRegistry(RegistryError):
    """The registry has no such repository, tag or digest."""


class RegistryGone(RegistryError):
    """The registry cannot be reached, or broke off in the middle."""


class RegistryFull(RegistryError):
    """The registry's disk has no room left."""


class WrongDigest(RegistryError):
    """The registry gave other bytes than the digest says."""


class DamagedBundle(WorkbookError):
    """A bundle of images is cut off or changed."""


class NotShareable(WorkbookError):
    """An image has settings of one machine in it, which others must not get."""


class UnreadableImage(WorkbookError):
    """An image's bytes are cut off, damaged, or claim what cannot be."""


class SetupFailed(WorkbookError):
    """Something that the workbook needs could not be set up."""


class InvalidInput(WorkbookError, ValueError):
    """An argument that cannot work."""


class Interrupted(WorkbookError, KeyboardInterrupt):
    """The learner interrupted it; what had been begun was undone."""
