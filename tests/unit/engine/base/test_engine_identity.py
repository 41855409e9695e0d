"""Podman's service is known by what it tells, and known again by its folder."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from helpers.engine.base.engine_identity import (
    engine_title,
    identity_format,
    identity_of,
    is_podman,
)
from helpers.engine.base.listed_objects import images_of

DOCKER = {"ID": "a", "ServerVersion": "28.5.2", "Name": "vm", "DockerRootDir": "/var/lib/docker"}
PODMAN = {**DOCKER, "ServerVersion": "5.8.6", "BuildahVersion": "1.43.2"}


def test_an_engine_is_known_again() -> None:
    assert identity_of(DOCKER) != identity_of({**DOCKER, "ID": "b"})
    assert identity_of(PODMAN) == identity_of({**PODMAN, "ID": "b"})
    assert identity_of(PODMAN) != identity_of({**PODMAN, "DockerRootDir": "/home/ada/storage"})


def test_the_docker_command_tells_the_same() -> None:
    for info in (DOCKER, PODMAN):
        answer = identity_format(info)
        for name in ("ID", "Name", "DockerRootDir"):
            answer = answer.replace(f"{{{{.{name}}}}}", info[name])
        assert answer == identity_of(info)


def test_its_title_says_which_kind_it_is() -> None:
    assert engine_title(DOCKER) == "Docker Engine 28.5.2"
    assert engine_title(PODMAN) == "Podman 5.8.6"
    assert is_podman(PODMAN)
    assert not is_podman(DOCKER)


def test_names_of_images_are_those_that_docker_gives() -> None:
    names = ["docker.io/library/busybox:1.37", "docker.io/prom/prometheus:v2.53.3",
             "localhost/bread:1", "<none>:<none>", "busybox:1.37"]  # fmt: skip
    api: Any = SimpleNamespace(
        images=lambda **options: [
            {"Id": "sha256:1", "RepoTags": names},
            {"Id": "sha256:2", "RepoTags": None},
        ]
    )
    assert [image.tags for image in images_of(api)] == [
        ("busybox:1.37", "prom/prometheus:v2.53.3", *names[2:]),
        (),
    ]
