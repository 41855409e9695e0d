"""A registry's HTTP API, read directly: manifests, tags, blobs.

Sources: the OCI distribution specification; Docker's "Token authentication" for the 401 dance.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace

import requests

from helpers.engine.registry.body import (
    DOCUMENT_SECONDS,
    announced_bytes,
    document,
    is_packed,
    pieces,
)
from helpers.engine.registry.listing import following_path, items_in
from helpers.engine.registry.patience import MOST_WAITS, retry_seconds, waited
from helpers.engine.registry.refusals import error_words, refusal, unreachable_words
from helpers.engine.registry.session import UNREACHABLE, AnonymousSession
from helpers.engine.registry.token import anonymous_token
from helpers.errors import RegistryError, RegistryGone, WrongDigest
from helpers.model.image.choice import ImageChoice
from helpers.model.image.config import platform_in
from helpers.model.image.descriptor import ACCEPT
from helpers.model.image.digest import Digest, is_digest
from helpers.model.image.index import Index
from helpers.model.image.manifest import Manifest, manifest_or_index
from helpers.model.image.platform import Platform
from helpers.model.image.reference import DOCKER_HUB

MOST_DOCUMENT_BYTES = 16 << 20
MOST_PAGES = 1000
_PAGE = 1000
_LOOPBACK = re.compile(r"(?:localhost|127\.[0-9.]+|\[::1\])(?::\d+)?")
_ONLINE = "See whether it runs, and whether this machine is online."


class RegistryHttp:
    """The API of the registry at an address such as 'localhost:5000' or 'docker.io'.

    Plain HTTP is spoken on loopback, or where the address begins with http://; TLS elsewhere.
    Every method raises RegistryGone where it cannot be reached, RegistryError for its refusals.
    """

    def __init__(self, address: str) -> None:
        scheme, _, host = address.rpartition("://")
        self.address = host.rstrip("/")
        host = "registry-1.docker.io" if self.address == DOCKER_HUB else self.address
        is_loopback = _LOOPBACK.fullmatch(host) is not None
        self.base = f"{scheme or ('http' if is_loopback else 'https')}://{host}"
        # A proxy is for what is far away. On loopback it would be in the way, and so for a server
        # of the local network, which is what http:// is written out for.
        self._session = AnonymousSession(uses_proxies=not (is_loopback or scheme == "http"))
        self._tokens: dict[str, str] = {}

    def open(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """The answer to a request, its body not yet read; a token is fetched where one is wanted.

        Answers below 400 are given; others raise NotInRegistry, RegistryFull or RegistryError.
        """
        answer = self._answered(path, method, headers or {})
        if answer.status_code < 400:
            return answer
        with closing(answer):
            words, seconds = error_words(answer), retry_seconds(answer)
            raise refusal(self.address, path, answer.status_code, words, method, seconds)

    def manifest(self, repository: str, reference: str) -> Manifest | Index:
        """The manifest or index at a tag or digest, checked against its digest.

        Raises WrongDigest, and UnreadableImage where it makes no sense or cannot be checked.
        """
        path = f"/v2/{repository}/manifests/{reference}"
        with closing(self.open(path, headers={"Accept": ACCEPT})) as answer:
            body = self.document(answer)
        is_digest = ":" in reference
        stated = reference if is_digest else answer.headers.get("Docker-Content-Digest", "")
        check_digest(f"{self.address}/{repository}", stated, body)
        name = f"{self.address}/{repository}{'@' if is_digest else ':'}{reference}"
        return manifest_or_index(name, body, answer.headers.get("Content-Type", ""))

    def image_manifest(
        self, repository: str, reference: str, platform: Platform | None = None
    ) -> Manifest:
        """The manifest of one image, through the indexes that lead to it for that platform.

        Raises as `manifest` does, and InvalidInput where there is none for that platform.
        """
        choice = ImageChoice(
            f"{self.address}/{repository}",
            platform,
            lambda entry: self.manifest(repository, entry.digest),
            lambda manifest: platform_in(self.config(repository, manifest.config.digest)),
        )
        return choice.manifest(self.manifest(repository, reference))

    def noted_manifest(self, repository: str, reference: str, platform: Platform) -> Manifest:
        """The same with a note, where its config says that it is for another platform."""
        manifest = self.image_manifest(repository, reference, platform)
        actual = None
        with suppress(RegistryError):  # a look beside what was asked for
            actual = platform_in(self.config(repository, manifest.config.digest))
        if actual is None or actual.fits(platform):
            return manifest
        return replace(manifest, note=f"It is for {actual}, and there is none for {platform}.")

    def config(self, repository: str, digest: str) -> bytes:
        """The document that is the blob of that digest, checked against it as a manifest is."""
        with closing(self.open(f"/v2/{repository}/blobs/{digest}")) as answer:
            body = self.document(answer)
        check_digest(f"{self.address}/{repository}", digest, body)
        return body

    def digest(self, repository: str, reference: str) -> str:
        """The digest that a tag leads to, from the headers alone where the registry names it.

        Some registries and proxies refuse HEAD, in many words, where they answer GET.
        """
        path = f"/v2/{repository}/manifests/{reference}"
        with closing(self._answered(path, "HEAD", {"Accept": ACCEPT})) as answer:
            stated = answer.headers.get("Docker-Content-Digest", "")
            if answer.status_code < 400 and is_digest(stated):
                return stated
        return self.manifest(repository, reference).digest

    def tags(self, repository: str) -> list[str]:
        """Every tag of a repository, however many pages that takes."""
        return self._listed(f"/v2/{repository}/tags/list?n={_PAGE}", "tags")

    def repositories(self) -> list[str]:
        """Every repository, however many pages that takes."""
        return self._listed(f"/v2/_catalog?n={_PAGE}", "repositories")

    def delete(self, repository: str, digest: str) -> None:
        """Deletes a manifest, and with it every tag that leads to it."""
        self.open(f"/v2/{repository}/manifests/{digest}", "DELETE").close()

    def blob(
        self, repository: str, digest: str, start: int = 0, size_bytes: int | None = None
    ) -> Iterator[bytes]:
        """The bytes of a blob from there on, as they stand in the registry; not checked here.

        What something between packed again is unpacked: all that is called packed, but where what
        comes has the size that the blob should have. Raises `ValueError` before the first byte
        where only the whole blob is given.
        """
        headers = {"Range": f"bytes={start}-"} if start else {}
        with closing(self.open(f"/v2/{repository}/blobs/{digest}", headers=headers)) as answer:
            is_whole = size_bytes is not None and announced_bytes(answer) == size_bytes - start
            is_repacked = is_packed(answer) and not is_whole
            if start and (answer.status_code != 206 or is_repacked):
                raise ValueError("the registry does not give parts of a blob")
            yield from pieces(answer, self.address, unpack=is_repacked)

    def _listed(self, path: str, key: str) -> list[str]:
        """The items of every page; raises RegistryError where they do not end."""
        items: list[str] = []
        asked: set[str] = set()
        left_bytes, deadline = MOST_DOCUMENT_BYTES, time.monotonic() + DOCUMENT_SECONDS
        while path:
            asked.add(path)
            with closing(self.open(path)) as answer:
                body = self.document(answer)
                link = answer.headers.get("Link", "")
            items += items_in(body, key, self.address)
            left_bytes -= len(body)
            path = following_path(f"{self.base}{path}", link, self.address)
            is_late = left_bytes < 0 or time.monotonic() > deadline
            if is_late or len(asked) > MOST_PAGES or path in asked:
                raise RegistryError(f"The list of {self.address} does not end.", "Ask its owner.")
        return list(dict.fromkeys(items))

    def document(self, answer: requests.Response) -> bytes:
        """All of an answer that is a document; raises RegistryGone and RegistryError."""
        return document(answer, self.address, MOST_DOCUMENT_BYTES)

    def _answered(self, path: str, method: str, headers: Mapping[str, str]) -> requests.Response:
        """The answer, whatever it is; where the registry asks for patience, a later one."""
        for _ in range(MOST_WAITS):
            answer = self._let_in(path, method, headers)
            if not waited(answer):
                return answer
        return self._let_in(path, method, headers)

    def _let_in(self, path: str, method: str, headers: Mapping[str, str]) -> requests.Response:
        """The answer with the token that the registry wants, where it wants one."""
        repository = _repository(path)
        answer = self._asked(method, path, {**headers, **self._login(repository)})
        if answer.status_code != 401:
            return answer
        challenge, scope = answer.headers.get("WWW-Authenticate", ""), _scope(repository)
        try:  # anew each time: a token lasts minutes, a download may last longer
            token = anonymous_token(self._session, self.base, challenge, scope)
        except RegistryError:
            answer.close()
            raise
        if not token:
            return answer
        answer.close()
        self._tokens[repository] = token
        return self._asked(method, path, {**headers, **self._login(repository)})

    def _login(self, scope: str) -> dict[str, str]:
        token = self._tokens.get(scope)
        return {"Authorization": token} if token else {}

    def _asked(self, method: str, path: str, headers: Mapping[str, str]) -> requests.Response:
        try:
            return self._session.head_of(method, f"{self.base}{path}", headers)
        except UNREACHABLE as error:
            raise RegistryGone(
                f"The registry {self.address} cannot be reached ({unreachable_words(error)}).",
                _ONLINE,
            ) from None


def check_digest(where: str, stated: str, body: bytes) -> None:
    """Raises WrongDigest where bytes are not those that a digest names; an empty one names any.

    Raises UnreadableImage for a kind of digest that cannot be worked out.
    """
    if not stated:
        return
    expected = Digest(stated)
    actual = Digest.of(body, expected.algorithm)
    if actual != expected:
        raise WrongDigest(
            f"{where} gave other bytes than {expected[:19]}… says: they are {actual[:19]}….",
            "Nothing of it was used. Somebody between may have changed them: try another network.",
        )


def _repository(path: str) -> str:
    """The repository that a path of the API is about; empty where it is about none."""
    return path.partition("?")[0].removeprefix("/v2/").rpartition("/")[0].rpartition("/")[0]


def _scope(repository: str) -> str:
    """What a token is asked for where the registry does not say."""
    return f"repository:{repository}:pull" if repository else ""
