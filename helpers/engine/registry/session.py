"""HTTP with a server that nobody vouches for: without logins, and bounded in time.

Proxies and certificates are those of the environment, as everywhere on this machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

TIMEOUT_SECONDS = (5, 60)
HEAD_SECONDS = 90.0
MOST_REDIRECTS = 5
# What asking may raise: requests' own, urllib3's where it leaks, and bytes that are no address.
UNREACHABLE = (requests.RequestException, HTTPError, OSError, ValueError)
_Answer = TypeVar("_Answer")
_REDIRECTS = (301, 302, 303, 307, 308)
IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"


class AnonymousSession(requests.Session):
    """Requests that carry nothing of this user's: no netrc, no cookies, no header elsewhere."""

    def __init__(self, uses_proxies: bool = True) -> None:
        super().__init__()
        self.trust_env = uses_proxies
        self.auth = _unchanged  # with any at all, requests looks for none in a netrc file
        # Bytes are wanted as they stand there: digests, lengths and ranges are about those.
        self.headers["Accept-Encoding"] = "identity"

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nothing: requests would read the whole body of a redirect, however long that is."""
        return None

    def head_of(
        self, method: str, url: str, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """The answer where redirects end, its body not read; Authorization goes to that host only.

        Raises RequestException, urllib3's HTTPError, ValueError, or TimeoutError where all of
        that takes longer than HEAD_SECONDS.
        """
        return within(HEAD_SECONDS, lambda: self._followed(method, url, dict(headers or {})))

    def _followed(self, method: str, url: str, headers: dict[str, str]) -> requests.Response:
        for _ in range(MOST_REDIRECTS + 1):
            self.cookies.clear()
            answer = self.request(
                method, url, headers=headers, stream=True, timeout=TIMEOUT_SECONDS
            )
            location = answer.headers.get("Location")
            if answer.status_code not in _REDIRECTS or location is None:
                return answer
            answer.close()
            following = _address(url, location)
            if _origin(following) != _origin(url):
                headers.pop("Authorization", None)
            url = following
        raise requests.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects")


def within(seconds: float, ask: Callable[[], _Answer]) -> _Answer:
    """The answer, or what `ask` raises; TimeoutError where neither comes in that time.

    A name look-up has no time-out of its own, and a server that gives a byte now and then begins
    every other one anew; so a thread asks, which is left to itself when time is up.
    """
    outcomes: list[_Answer] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            outcomes.append(ask())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="workbook-registry")
    thread.start()
    thread.join(seconds)
    if outcomes:
        return outcomes[0]
    raise errors[0] if errors else TimeoutError("timed out")


def _address(url: str, location: str) -> str:
    """Where a redirect leads, its bytes as they came, whatever they are in UTF-8.

    Raises ValueError where that is no address, or one in plain HTTP behind one of HTTPS.
    """
    following = urljoin(url, quote(location, safe=IN_ADDRESSES, encoding="latin-1"))
    schemes = ("https",) if url.startswith("https:") else ("https", "http")
    if urlsplit(following).scheme not in schemes:
        raise ValueError("it leads to an address of another kind")
    return following


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
