"""Capabilities tried: an act in the container, and what the kernel answered."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.needed_parts import needed_table, needed_text
from helpers.engine.isolation.reader import WallReader
from helpers.engine.isolation.shell import (
    BUSYBOX,
    Answered,
    answered,
    refusal_in,
    start_beside,
)
from helpers.engine.isolation.stage import stage_of
from helpers.errors import EngineError, EngineGone, InvalidInput, WorkbookError
from helpers.model.isolation.acts import ACTS, Act, predicted, why_untried
from helpers.model.isolation.caps import NAMES, names_in
from helpers.model.isolation.namespaces import is_shared
from helpers.model.isolation.trial import Outcome, Trial, answer_in, note_on, outcome_of
from helpers.model.isolation.walls import SideBySide, Walls

if TYPE_CHECKING:
    from docker import DockerClient

# Who leaves files and a process there that the container's user does not own.
_OTHER, _ANOTHER = 65_533, 65_532
_GROUP = 64_321
_SLEEP = "60"


class Trials:
    """Tries capabilities in the containers of one engine; nothing is left of it there."""

    def __init__(self, reader: WallReader) -> None:
        self._client = reader.client
        self._siblings = reader.siblings

    def trial(self, container: str, cap: str, now: SideBySide, side: int) -> Trial:
        """What came of trying that capability ('CAP_CHOWN') in the container with that id.

        `now` is what was read of it, on that side. What cannot be tried says why; raises
        InvalidInput for a name that is none, EngineGone without an engine.
        """
        if cap not in NAMES:
            raise InvalidInput(f"{cap!r} is no capability.", "Write it as CAP_CHOWN.")
        if why := why_untried(cap):
            return Trial(cap, Outcome.UNTRIED, why)
        try:
            with translated("docker inspect"):
                answer = self._client.api.inspect_container(container)
                seen = needed_table(answer, "docker inspect")
                status = needed_text(seen, "docker inspect", "State", "Status")
            if status != "running":
                return Trial(cap, Outcome.UNTRIED, f"it is {status}")
            return self._tried(seen, cap, now, side)
        except EngineGone:
            raise
        except EngineError as error:
            return Trial(cap, Outcome.UNTRIED, refusal_in(error), ACTS[cap].line)
        except WorkbookError as error:
            return Trial(cap, Outcome.UNTRIED, error.message, ACTS[cap].line)

    def _tried(self, seen: dict[str, Any], cap: str, now: SideBySide, side: int) -> Trial:
        act, walls = ACTS[cap], now.sides[side]
        with stage_of(self._siblings, seen, walls) as (container, folder, where):
            scene = Scene(self._client, container, folder, act, walls)
            try:
                scene.prepare()
                answer, effective = scene.play()
            finally:
                scene.clear()
        outcome = outcome_of(act, answer.exit_code, answer.output)
        if differs := _other_rights(walls, effective):
            return Trial(cap, Outcome.UNTRIED, differs, act.line, where)
        in_hosts = is_shared("user", walls.namespaces, now.host.namespaces)
        expected = None if effective is None else predicted(cap, effective, in_hosts)
        note = note_on(outcome, expected, answer.exit_code)
        words = answer_in(answer.output)
        return Trial(cap, outcome, words, act.line, where, note, effective)


class Scene:
    """One act in a folder that is there for it, with what others leave there."""

    def __init__(
        self, client: DockerClient, container: str, folder: str, act: Act, walls: Walls
    ) -> None:
        self._client = client
        self._container = container
        self._act = act
        self._folder = folder
        self._mark = f"@{secrets.token_hex(8)}"
        status = walls.status
        self._user = 0 if status is None or status.user is None else status.user
        self._other = _OTHER if self._user != _OTHER else _ANOTHER
        self._has_process = "$p" in act.script

    def prepare(self) -> None:
        """Of the files and the process what the act needs; raises EngineError."""
        other = f"{self._other}:{self._other}"
        if "theirs" in self._act.script:
            self._must(other, f": > {self._folder}/theirs")
        if "ours" in self._act.script:
            self._must(f"{self._user}:{_GROUP}", f": > {self._folder}/ours")
        if self._has_process:
            self._must(other, f"$b mkfifo -m 666 {self._folder}/ready")
            script = f"b={BUSYBOX}; cd {self._folder}; echo $$ > pid; echo $$ > ready; "
            words = (BUSYBOX, "sh", "-c", f"{script}exec $b sleep {_SLEEP}")
            start_beside(self._client, self._container, words, other)

    def play(self) -> tuple[Answered, frozenset[str] | None]:
        """What the act printed and how it ended, and the capabilities of the shell that ran it."""
        ready = "p=$($b timeout 5 $b cat ready) || exit 125; " if self._has_process else ""
        script = (
            f"while read -r k v; do [ $k = CapEff: ] && echo {self._mark} $v; "
            f"done < /proc/self/status; cd {self._folder} || exit 125; {ready}{self._act.script}"
        )
        answer = self._shell("", f"({script}) 2>&1")
        first, _, rest = answer.output.partition("\n")
        effective = first.removeprefix(f"{self._mark} ").strip()
        try:
            return Answered(rest, answer.exit_code), names_in(int(effective, 16))
        except ValueError:
            return answer, None

    def clear(self) -> None:
        """Nothing is left of it, also where it was only half prepared."""
        if self._has_process:
            with suppress(EngineError):
                self._shell(f"{self._other}:{self._other}", f"kill $($b cat {self._folder}/pid)")
        self._shell("0:0", f"$b rm -rf {self._folder}")

    def _must(self, user: str, script: str) -> None:
        answer = self._shell(user, script)
        if not answer.is_good:
            raise EngineError(
                f"The act could not be prepared: {answer_in(answer.output)}.",
                "Look whether its disk has room.",
            )

    def _shell(self, user: str, script: str) -> Answered:
        words = (BUSYBOX, "sh", "-c", f"b={BUSYBOX}; {script}")
        return answered(self._client, self._container, words, user)


def _other_rights(walls: Walls, effective: frozenset[str] | None) -> str:
    """Why an act tells nothing: it ran with other capabilities than the first process has."""
    expected = None if walls.status is None else walls.status.effective
    if effective is None:
        return "it does not say which capabilities the act had"
    if expected is None or effective == expected:
        return ""
    return "another process there gets other capabilities than its first one has"
