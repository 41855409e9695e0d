"""Where images of Docker Hub are a second time, and the words for it."""

from __future__ import annotations

import pytest

from helpers.model.image.reference import ImageReference
from helpers.model.supply.public_copies import PublicCopy, copies_of, origin_words

CLOSED = "Docker Hub being closed"
COPY = PublicCopy("ECR Public", "public.ecr.aws", "docker/library/postgres")
ECR, GOOGLE = "public.ecr.aws/docker/library", "mirror.gcr.io"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("postgres:17", [f"{ECR}/postgres", f"{GOOGLE}/library/postgres"]),
        (
            "docker.io/library/busybox:1.37",
            [f"{ECR}/busybox", f"{GOOGLE}/library/busybox"],
        ),
        ("prom/prometheus:v3.13.3", ["quay.io/prometheus/prometheus", f"{GOOGLE}/prom/prometheus"]),
        (
            "kibana:9.1.0",
            [
                "docker.elastic.co/kibana/kibana",
                f"{ECR}/kibana",
                f"{GOOGLE}/library/kibana",
            ],
        ),
        ("someone/app:1", []),
        ("ghcr.io/library/postgres:17", []),
        (f"postgres@sha256:{'0' * 64}", []),
    ],
)
def test_official_images_and_those_of_known_publishers_are_sought(
    name: str, expected: list[str]
) -> None:
    assert [copy.name for copy in copies_of(ImageReference.parse(name))] == expected


def test_the_publishers_own_are_marked() -> None:
    marks = [copy.is_publishers for copy in copies_of(ImageReference.parse("prom/prometheus:v3"))]
    assert marks == [True, False]


@pytest.mark.parametrize(
    ("hubs", "actual", "expected"),
    [
        ("", "sha256:1", f"from ECR Public, {CLOSED}"),
        ("sha256:1", "", f"from ECR Public, {CLOSED}"),
        ("sha256:1", "sha256:1", f"from ECR Public, {CLOSED}; with Docker Hub's digest"),
        (
            *("sha256:1", "sha256:2"),
            f"from ECR Public, {CLOSED}; its publisher's build, not Docker Hub's",
        ),
    ],
)
def test_the_note_says_from_where_why_and_whether_it_is_the_hubs(
    hubs: str, actual: str, expected: str
) -> None:
    assert origin_words(COPY, CLOSED, hubs, actual) == expected
