"""A request that got no answer, as it is raised."""

from __future__ import annotations

from helpers.model.load.reply import Failure


class Failed(Exception):
    """There was no answer, for that reason; the words are the system's."""

    def __init__(self, failure: Failure, words: str = "") -> None:
        super().__init__(failure, words)
        self.failure = failure
        self.words = words
