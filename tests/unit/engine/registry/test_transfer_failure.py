"""What the engine says of a push or a pull that failed, in the workbook's words."""

from __future__ import annotations

import pytest

from helpers.engine.registry.transfer import failure
from helpers.errors import (
    DiskFull,
    NoSuchImage,
    NotInRegistry,
    RegistryError,
    RegistryFull,
    RegistryGone,
    WorkbookError,
    WrongDigest,
)
from helpers.model.image.reference import ImageReference

APP = ImageReference.parse("localhost:5004/team/app:1.0")
DIGEST = "sha256:" + "0" * 64
HELM, PLUGIN = "application/vnd.cncf.helm.config.v1+json", "application/vnd.docker.plugin.v1+json"
SAID: list[tuple[str, str, type[WorkbookError], str]] = [
    ("pull", "write /var/lib/x: no space left on device", DiskFull, "The engine's disk is full"),
    ("push", "no space left on device", RegistryFull, "The disk of the registry localhost:5004"),
    ("push", "An image does not exist locally with the tag: x", NoSuchImage, "There is no image"),
    ("pull", f"filesystem layer verification failed for digest {DIGEST}", WrongDigest, "other"),
    ("push", "unsupported: The operation is unsupported.", RegistryError, "takes no pushes"),
    ("push", "unexpected status: 405 Method Not Allowed", RegistryError, "takes no pushes"),
    ("pull", "manifest for x:1 not found: manifest unknown: OCI index", NotInRegistry, "has no"),
    ("push", "denied: requested access to the resource is denied", RegistryError, "wants a login"),
    ("pull", "dial tcp 127.0.0.1:5004: connect: connection refused", RegistryGone, "broke off"),
    ("push", "toomanyrequests:\n slow down", RegistryError, "failed: toomanyrequests: slow down"),
    ("pull", f"unsupported media type {HELM}", RegistryError, "is not an image"),
    ("pull", f'Encountered remote "{PLUGIN}"(plugin) when fetching', RegistryError, "not an image"),
    ("pull", "mismatched image rootfs and manifest layers", RegistryError, "is not an image"),
    (
        "pull",
        "unexpected status from GET request: 405 Method Not Allowed",
        RegistryError,
        "failed: ",
    ),
    ("pull", "unsupported manifest format", RegistryError, "failed: unsupported manifest format"),
    ("pull", "unexpected status from HEAD request: 403 Forbidden", RegistryError, "wants a login"),
    ("pull", "unexpected status: 429 Too Many Requests", RegistryError, "429 Too Many Requests"),
]


@pytest.mark.parametrize(("verb", "said", "kind", "words"), SAID)
def test_each_answer_is_an_error_with_what_it_means(
    verb: str, said: str, kind: type[WorkbookError], words: str
) -> None:
    error = failure(verb, APP, said)
    assert type(error) is kind
    assert words in error.message
    assert error.next_step
    assert ("pushes" in error.message) <= (verb == "push")
