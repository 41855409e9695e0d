"""The workbook's own engine before it runs: whether it can here, and its programs fetched.

Standard library only: on a bare machine they come while the environment is being made.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from helpers.engine.connection.rules import is_chosen
from helpers.engine.debian.tree_cache import unpacked_tree
from helpers.engine.private import EngineRelease
from helpers.engine.private.private_needs import check_machine, check_system
from helpers.errors import SetupFailed, WorkbookError
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.stick import Stick
from helpers.model.debian.tree_progress import TreeProgress

_WITH_ENGINE = ("lab", "run", "render", "test")
_TITLE = "Fetching the workbook's own engine"


def why_no_own_engine() -> SetupFailed | None:
    """Why this machine cannot run one at all; None when it can."""
    try:
        check_machine()
        check_system()
    except SetupFailed as problem:
        return problem
    return None


def fetch_engine(release: EngineRelease) -> None:
    """Its programs are in the cache; with one line of progress where there is something to do.

    Raises SetupFailed.
    """
    with ExitStack() as stack:
        lines: list[ProgressLine] = []

        def tell(step: TreeProgress) -> None:
            if not lines:
                lines.append(stack.enter_context(ProgressLine(_TITLE)))
            lines[0].update(step.words)

        unpacked_tree(release.recipe, tell, threading.Event())


def take_engine(release: EngineRelease, stick: Stick) -> None:
    """Its programs are in the cache, from that bundle where it has some and none were there.

    Raises as `Stick.bring_engine` does.
    """
    if release.kept() is None:
        with ProgressLine(f"Taking the workbook's own engine from {stick.source.name}") as line:
            stick.bring_engine(release.recipe, line.update, threading.Event())


class EngineAhead:
    """The engine's programs on their way beside other work, where they will plainly be needed.

    What fails here is tried again, and told, by the command that needs the engine.
    """

    def __init__(self, arguments: Sequence[str], stick: Stick | None = None) -> None:
        self._stick = stick
        self._cancelled = threading.Event()
        self._doing = ""
        self._thread: threading.Thread | None = None
        if _is_plainly_needed(arguments):
            self._thread = threading.Thread(target=self._fetch)
            self._thread.start()

    def wait(self) -> None:
        """Returns when they are here, or could not be had."""
        if self._thread is None:
            return
        try:
            if self._thread.is_alive():
                with ProgressLine(_TITLE) as line:
                    while self._thread.is_alive():
                        line.update(self._doing)
                        self._thread.join(0.2)
        except BaseException:
            self.give_up()
            raise

    def give_up(self) -> None:
        """Nothing of it runs any more, nor is anything half made left."""
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join()

    def _fetch(self) -> None:
        recipe, stick = EngineRelease().recipe, self._stick
        try:
            if stick is None or stick.bring_engine(recipe, self._say, self._cancelled) is None:
                unpacked_tree(recipe, lambda step: self._say(step.words), self._cancelled)
        except WorkbookError:
            return

    def _say(self, doing: str) -> None:
        self._doing = doing


def _is_plainly_needed(arguments: Sequence[str]) -> bool:
    """Whether a command needs an engine where there is no sign of one, nor its programs.

    In doubt not: then the command itself looks, once the environment is there.
    """
    if not arguments or arguments[0] not in _WITH_ENGINE:
        return False
    if {"--no-install", "--check", "--", "-h", "--help"} & set(arguments) or why_no_own_engine():
        return False
    signs = [Path("/var/run/docker.sock"), Path("/run/podman"), Path.home() / ".docker"]
    if is_chosen() or shutil.which("dockerd") or any(map(Path.exists, signs)):
        return False
    return EngineRelease().kept() is None
