"""A mirror of Debian's archive, asked over HTTP with the machine's proxies and certificates."""

from __future__ import annotations

import os
import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from typing import NoReturn

from helpers.engine.base.pump import pumped
from helpers.errors import SetupFailed

MIRROR = "https://deb.debian.org/debian"
_VARIABLE = "WORKBOOK_DEBIAN_MIRROR"
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/+-]*)?")
_PATIENCE_SECONDS = 30
PIECE_BYTES = 1 << 18
_TROUBLE = (OSError, HTTPException, ValueError)


class MirrorUnreachable(SetupFailed):
    """Nothing answers there, or it broke off."""


class UncheckedCertificate(MirrorUnreachable):
    """Its certificate is signed by nobody whom this machine trusts."""


class NotOnMirror(SetupFailed):
    """The mirror has no such file."""


class Mirror:
    """A mirror by its address: what stands before `/dists`."""

    def __init__(self, url: str = MIRROR) -> None:
        self.url = url.rstrip("/")
        if not _URL.fullmatch(self.url):
            raise SetupFailed(
                f"What {_VARIABLE} says is no address of a Debian mirror.",
                f"Set it to one such as {MIRROR}, without a password, or take it away.",
            )

    @classmethod
    def chosen(cls) -> Mirror:
        """The one that WORKBOOK_DEBIAN_MIRROR names, else Debian's own."""
        return cls(os.environ.get(_VARIABLE) or MIRROR)

    @property
    def security(self) -> Mirror:
        """The mirror of what Debian's security team releases, which stands beside the archive."""
        return Mirror(f"{self.url}-security")

    @property
    def is_encrypted(self) -> bool:
        """Whether its certificate is checked, so that nobody between can change what it gives."""
        return self.url.startswith("https:")

    def unencrypted(self) -> Mirror:
        """The same over plain HTTP: enough where a signature tells what is genuine."""
        return Mirror(self.url.replace("https:", "http:", 1))

    def read(self, path: str, most_bytes: int, cancelled: threading.Event) -> bytes:
        """The file's bytes. Raises SetupFailed, also where there are more than that; Interrupted.

        Whoever cancels need not wait for a mirror that is silent.
        """
        data = b""
        for piece in pumped(self.pieces(path), cancelled):
            data += piece
            if len(data) > most_bytes:
                raise SetupFailed(
                    f"{self.url}/{path} is larger than it can be.", "Try another mirror."
                )
        return data

    def pieces(self, path: str) -> Iterator[bytes]:
        """The file in pieces as they come. Raises MirrorUnreachable or NotOnMirror."""
        with self._opened(path) as answer:
            while piece := self._next(answer):
                yield piece

    @contextmanager
    def _opened(self, path: str) -> Iterator[HTTPResponse]:
        request = urllib.request.Request(
            f"{self.url}/{path}", headers={"User-Agent": "docker-workbook"}
        )
        try:
            answer: HTTPResponse = urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS)
        except _TROUBLE as error:
            self._refuse(path, error)
        with answer:
            if self.is_encrypted and not answer.geturl().startswith("https:"):
                raise MirrorUnreachable(f"{self.url} leads to plain HTTP.", _next_step())
            yield answer

    def _next(self, answer: HTTPResponse) -> bytes:
        try:
            return answer.read(PIECE_BYTES)
        except _TROUBLE as error:
            self._refuse("", error)

    def _refuse(self, path: str, error: Exception) -> NoReturn:
        """The error in words."""
        if isinstance(error, urllib.error.HTTPError):
            error.close()
            if error.code in (404, 410):
                raise NotOnMirror(f"{self.url} has no {path}.", "Try another mirror.") from None
            raise MirrorUnreachable(
                f"{self.url} answered {error.code} ({error.reason}).", _next_step()
            ) from None
        reason = getattr(error, "reason", None) or error
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise UncheckedCertificate(
                f"The certificate of {self.url} is not trusted here: {reason.verify_message}.",
                "Install the package ca-certificates, or your company's certificate.",
            ) from None
        raise MirrorUnreachable(
            f"{self.url} cannot be reached: {str(reason).strip() or type(reason).__name__}.",
            _next_step(),
        ) from None


def _next_step() -> str:
    return (
        f"Check the network and its proxy (https_proxy), or name a mirror in {_VARIABLE}; a stick "
        "needs none: `./workbook lab --from FILE`."
    )
