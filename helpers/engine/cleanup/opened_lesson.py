"""A lesson that is open on an engine, from its first cell to its clean-up, and on after that."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.origin import own_names
from helpers.engine.cleanup.cleanup import clean_up
from helpers.engine.cleanup.lesson_opening import go_on, open_lesson, strangers
from helpers.engine.cleanup.present import present
from helpers.errors import InvalidInput
from helpers.model.container.outcome import Removed

if TYPE_CHECKING:
    from docker import DockerClient


class OpenedLesson:
    """`names` are what learners make in it by hand, without the label of the lesson."""

    def __init__(self, client: DockerClient, lesson: str, names: tuple[str, ...]) -> None:
        self._client = client
        self._lesson = lesson
        self._names = names
        self._is_cleaned_up = False
        self._reopening = threading.Lock()
        with translated("docker info"):
            open_lesson(client, lesson, names)

    def go_on(self) -> None:
        """Opens it again where it was cleaned up in its middle; otherwise nothing."""
        with self._reopening:
            if self._is_cleaned_up:
                go_on(self._client, self._lesson)
                self._is_cleaned_up = False

    def keep_strangers(self, kind: str, names: tuple[str, ...]) -> None:
        """Raises InvalidInput where one of these is what had its name before the lesson.

        What the workbook made in another lesson is no stranger, whether or not it was cleaned up.
        """
        before = (strangers(self._client, self._lesson) or {}).get(kind, {}) if names else {}
        wanted = tuple(name for name in names if name in before)
        now = present(self._client, wanted).get(kind, {}) if wanted else {}
        there = [name for name in wanted if now.get(name) == before[name]]
        own = own_names(self._client, kind) if there else set()
        for name in there:
            if name not in own:
                raise InvalidInput(
                    f"`{name}` was on this engine before the lesson, so it was left alone.",
                    "Rename yours, or do this in a terminal if you mean it; then go on here.",
                )

    def clean_up(self) -> Removed:
        """What was removed: only what this lesson made."""
        removed = clean_up(self._client, self._lesson, self._names)
        self._is_cleaned_up = True
        return removed
