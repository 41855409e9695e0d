"""What went wrong in a page, beside what a test looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

_BROKEN_OFF = "ERR_NETWORK_CHANGED"
_LOCAL = ("127.0.0.1", "localhost", "::1", None)


@dataclass
class PageWatch:
    """What no page of the workbook may do: log an error, raise one, or call another machine.

    One thing is not the page's fault: when a container comes or goes, the machine's interfaces
    change, and Chromium breaks off its requests with ERR_NETWORK_CHANGED. Each such request
    excuses one message of JupyterLab about it.
    """

    noted: list[str] = field(default_factory=list)
    broken_off: int = 0

    def follow(self, page: Page) -> None:
        """Notes what that page does from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.noted.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)

    def take_problems(self) -> list[str]:
        """What was noted since the last time; what the browser itself broke off excuses some."""
        excuses, left = self.broken_off, []
        for note in self.noted:
            if _BROKEN_OFF in note:
                continue
            if excuses and "Failed to fetch" in note:
                excuses -= 1
                continue
            left.append(note)
        self.noted, self.broken_off = [], 0
        return left

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.noted.append(f"console error: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in _LOCAL:
            self.noted.append(f"request to another machine: {request.url}")

    def _failed(self, request: Request) -> None:
        self.broken_off += _BROKEN_OFF in (request.failure or "")
