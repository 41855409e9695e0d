"""A live view of the newest reading of something that a feed reads again and again."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from helpers.views.kit.feed import Feed
from helpers.views.kit.live import LiveView
from helpers.views.kit.page import Page

Reading = TypeVar("Reading")


class ReadingView(LiveView, Generic[Reading]):
    """The base of such a view; `now` is the newest reading.

    It moves when the feed says so, while a page shows it. What `page` gives is its text and HTML.
    """

    def __init__(self, now: Reading, feed: Feed[Reading]) -> None:
        super().__init__()
        self.now = now
        self._feed = feed

    @abstractmethod
    def page(self) -> Page:
        """All of it, the same in every run."""

    def take(self, now: Reading) -> None:
        """The view with that reading; may be called from any thread."""
        if now != self.now:
            self.now = now
            self.refresh()

    def begin(self) -> None:
        """Listens to the feed."""
        self._feed.start(self.take)

    def end(self) -> None:
        """Listens no more; what was read stays."""
        self._feed.stop()

    def text(self) -> str:
        """The page as text."""
        return self.page().text

    def caption(self) -> str:
        """The page as HTML."""
        return self.page().html
