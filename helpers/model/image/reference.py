"""Image names as Docker reads them: registry, repository, tag, digest.

Source: the grammar in github.com/distribution/reference.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from helpers.errors import InvalidInput
from helpers.model.image.digest import HEX_LENGTHS

DOCKER_HUB = "docker.io"
_OFFICIAL = "library/"
_LONGEST_REPOSITORY = 255
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_REGISTRY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_IMAGE_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ImageReference:
    """A name that Docker takes for an image; the tag is None only where a digest stands alone."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """The reference that the text means; raises InvalidInput where Docker would refuse it.

        What is left out is filled in as Docker does: docker.io, library/, latest.
        """
        if not text or text != text.strip() or any(letter.isspace() for letter in text):
            raise _refused(text, "it is empty or has blanks in it")
        if "://" in text:
            raise _refused(text, "it begins like a web address", "Leave out the part up to '://'.")
        if _IMAGE_ID.fullmatch(text):
            raise _refused(text, "64 hexadecimal digits are an image's id")
        rest, _, digest = text.partition("@")
        name, tag = _split_tag(rest)
        registry, repository = _split_registry(name)
        _check_repository(text, registry, repository)
        _check_suffixes(text, rest, tag, digest)
        return cls(registry, repository, tag or (None if digest else "latest"), digest or None)

    def __str__(self) -> str:
        return self.familiar()

    def familiar(self) -> str:
        """The name as people type it: 'python:3.13-slim'."""
        return self.familiar_name + self._suffix()

    def canonical(self) -> str:
        """The name with nothing left out: 'docker.io/library/python:3.13-slim'."""
        return f"{self.registry}/{self.repository}{self._suffix()}"

    @property
    def familiar_name(self) -> str:
        """The familiar name without tag and digest.

        The Hub's own address stays where the name would mean another registry without it.
        """
        if self.registry != DOCKER_HUB or _split_registry(self.repository)[0] != DOCKER_HUB:
            return f"{self.registry}/{self.repository}"
        short = self.repository.removeprefix(_OFFICIAL)
        return self.repository if "/" in short else short

    @property
    def namespace(self) -> str:
        """What stands between the registry and the last part of the repository; may be empty."""
        return self.repository.rpartition("/")[0]

    @property
    def tag_or_digest(self) -> str:
        """What a registry is asked for: the digest, which no tag overrides, or the tag."""
        return self.digest or self.tag or "latest"

    @property
    def within_registry(self) -> str:
        """The name without its registry: 'library/python:3.13-slim'."""
        return f"{self.repository}{self._suffix()}"

    @property
    def is_on_docker_hub(self) -> bool:
        """Whether the name means an image on Docker Hub."""
        return self.registry == DOCKER_HUB

    def _suffix(self) -> str:
        return (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def familiar(name: str) -> str:
    """The name as Docker lists it: of an image of Docker Hub without the registry.

    Podman's have nothing left out: docker.io/library/busybox:1.37.
    """
    if name.startswith(f"{DOCKER_HUB}/"):
        with suppress(InvalidInput):
            return ImageReference.parse(name).familiar()
    return name


def _split_tag(rest: str) -> tuple[str, str]:
    head, colon, tag = rest.rpartition(":")
    return (head, tag) if colon and "/" not in tag else (rest, "")


def _split_registry(name: str) -> tuple[str, str]:
    first, slash, remainder = name.partition("/")
    is_host = any(mark in first for mark in ".:") or first == "localhost" or first.lower() != first
    registry, repository = (first, remainder) if slash and is_host else (DOCKER_HUB, name)
    registry = DOCKER_HUB if registry == "index.docker.io" else registry
    if registry == DOCKER_HUB and repository and "/" not in repository:
        repository = _OFFICIAL + repository
    return registry, repository


def _check_repository(text: str, registry: str, repository: str) -> None:
    if not _REGISTRY.fullmatch(registry):
        raise _refused(text, f"{registry!r} is not a registry's address")
    if not repository:
        raise _refused(text, "the repository is missing")
    if repository.lower() != repository:
        raise _refused(text, "a repository's name has no capital letters")
    if not _REPOSITORY.fullmatch(repository):
        raise _refused(text, f"{repository.removeprefix(_OFFICIAL)!r} is not a repository's name")
    if len(repository) > _LONGEST_REPOSITORY:
        raise _refused(text, f"the repository is longer than {_LONGEST_REPOSITORY} characters")


def _check_suffixes(text: str, rest: str, tag: str, digest: str) -> None:
    if rest.endswith(":") or (tag and not _TAG.fullmatch(tag)):
        raise _refused(text, f"{tag!r} is not a tag")
    if "@" in text and not _DIGEST.fullmatch(digest):
        raise _refused(text, "what follows the @ is not a digest", "A digest is sha256:… in full.")
    if digest:
        _check_digest(text, digest)


def _check_digest(text: str, digest: str) -> None:
    """Raises InvalidInput for a digest of an unknown kind or of another length than its kind has.

    Source: github.com/opencontainers/go-digest.
    """
    kind, _, hexadecimal = digest.partition(":")
    length = HEX_LENGTHS.get(kind)
    if length is None:
        raise _refused(text, f"{kind!r} is no kind of digest", "A digest is sha256:… in full.")
    if not re.fullmatch(rf"[0-9a-f]{{{length}}}", hexadecimal):
        raise _refused(text, f"a {kind} digest has {length} hexadecimal digits, in small letters")


def _refused(text: str, reason: str, next_step: str = "") -> InvalidInput:
    return InvalidInput(
        f"{text!r} is not an image's name: {reason}.",
        next_step or "Write it as in 'python:3.13-slim' or 'localhost:5000/app:1.0'.",
    )
