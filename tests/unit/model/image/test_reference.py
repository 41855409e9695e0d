"""Names as the distribution grammar has them."""

from __future__ import annotations

import pytest

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference, familiar

DIGEST = "sha256:" + "a1" * 32


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest", "familiar"),
    [
        ("busybox", "docker.io", "library/busybox", "latest", None, "busybox:latest"),
        ("python:3.13-slim", "docker.io", "library/python", "3.13-slim", None, "python:3.13-slim"),
        ("prom/prometheus:v2", "docker.io", "prom/prometheus", "v2", None, "prom/prometheus:v2"),
        ("docker.io/library/redis:7", "docker.io", "library/redis", "7", None, "redis:7"),
        ("index.docker.io/a/b", "docker.io", "a/b", "latest", None, "a/b:latest"),
        ("localhost/app", "localhost", "app", "latest", None, "localhost/app:latest"),
        ("localhost:5000/app:1", "localhost:5000", "app", "1", None, "localhost:5000/app:1"),
        ("[::1]:5000/app:1", "[::1]:5000", "app", "1", None, "[::1]:5000/app:1"),
        ("ghcr.io/a/b_c/d__e:X", "ghcr.io", "a/b_c/d__e", "X", None, "ghcr.io/a/b_c/d__e:X"),
        ("Registry/app", "Registry", "app", "latest", None, "Registry/app:latest"),
        (f"app@{DIGEST}", "docker.io", "library/app", None, DIGEST, f"app@{DIGEST}"),
        (f"app:1@{DIGEST}", "docker.io", "library/app", "1", DIGEST, f"app:1@{DIGEST}"),
    ],
)
def test_parts(
    text: str, registry: str, repository: str, tag: str | None, digest: str | None, familiar: str
) -> None:
    found = ImageReference.parse(text)
    assert (found.registry, found.repository) == (registry, repository)
    assert (found.tag, found.digest) == (tag, digest)
    assert str(found) == familiar
    assert ImageReference.parse(str(found)) == found
    assert ImageReference.parse(found.canonical()) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a b", "blanks"),
        (" busybox", "blanks"),
        ("https://docker.io/busybox", "web address"),
        ("BusyBox", "capital letters"),
        ("ghcr.io/Me/app", "capital letters"),
        ("busybox:", "not a tag"),
        ("busybox:-1", "not a tag"),
        ("busybox:" + "x" * 129, "not a tag"),
        ("a//b", "not a repository's name"),
        ("-a", "not a repository's name"),
        ("a__b___c", "not a repository's name"),
        ("localhost/", "repository is missing"),
        ("bad_host.:1/app", "not a registry's address"),
        ("busybox@sha256:abc", "not a digest"),
        ("busybox@", "not a digest"),
        ("busybox@sha256:" + "a" * 63, "64 hexadecimal"),
        ("ab" * 32, "an image's id"),
        ("a/" * 130 + "b", "longer than 255"),
    ],
)
def test_what_docker_refuses_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        ImageReference.parse(text)
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("docker.io/library/busybox:1.37", "busybox:1.37"),
        ("docker.io/docker-workbook/vm:1", "docker-workbook/vm:1"),
        ("localhost/bread:1", "localhost/bread:1"),
        ("bread", "bread"),
        ("<none>:<none>", "<none>:<none>"),
        ("docker.io/No", "docker.io/No"),
    ],
)
def test_names_with_all_in_them_become_those_that_docker_lists(name: str, listed: str) -> None:
    assert familiar(name) == listed
