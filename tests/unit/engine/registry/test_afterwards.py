"""A push or a pull that is over stays so, whatever a look at it afterwards comes to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.other_platform import other_platform
from helpers.engine.registry import registry, transfer
from helpers.engine.registry.registry import Registry
from helpers.model.registry.transfer import TransferProgress
from tests.unit.registry_server import Reply, digest_of, image, server

DIGEST = digest_of(image())


def engine(architecture: str = "amd64") -> Any:
    """One that has any image, made for its own platform or another."""
    inspected = {"Os": "linux", "Architecture": architecture, "RootFS": {"Layers": ["sha256:1"]}}
    version = {"Os": "linux", "Arch": "amd64", "ApiVersion": "1.44"}
    api = SimpleNamespace(inspect_image=lambda name: inspected)
    return SimpleNamespace(api=api, version=lambda: version, info=lambda: {"ID": "e"})


@pytest.fixture(autouse=True)
def _pulled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pull works."""
    over = TransferProgress("pull", "app:1", digest=DIGEST, is_over=True)
    monkeypatch.setattr(transfer, "pull", lambda *_: over)
    monkeypatch.setattr(registry, "engine_seconds", lambda client: 0.0)


def pulled(reply: Reply, client: Any) -> Any:
    with server(lambda *_: reply) as http:
        context = EngineContext(client, Endpoint("http://localhost", "a test"), None)
        return Registry(context, http.address).pull("app:1")


@pytest.mark.parametrize("status", [401, 403, 404, 405, 429, 500])
def test_a_registry_that_answers_no_more_fails_no_pull_that_worked(status: int) -> None:
    done = pulled((status, {}, b""), engine())
    assert done.digest == DIGEST
    assert done.layers == ()
    assert "It is done; a look at it afterwards failed" in repr(done)


@pytest.mark.parametrize("body", [b"", b"[" * 60_000, b"{}", b'{"manifests": []}'])
def test_nor_do_documents_without_sense(body: bytes) -> None:
    assert pulled((200, {}, body), engine()).digest == DIGEST


def test_a_look_that_works_is_noted_nowhere() -> None:
    done = pulled((200, {}, image()), engine())
    assert (len(done.layers), done.note) == (1, "")


def test_an_image_for_another_platform_is_told() -> None:
    assert "made for linux/s390x, and this engine runs linux/amd64" in repr(
        pulled((200, {}, image()), engine("s390x"))
    )


@pytest.mark.parametrize(
    ("inspected", "is_other"),
    [
        ({"Os": "linux", "Architecture": "amd64"}, False),
        ({"Os": "linux", "Architecture": "386"}, False),
        ({"Os": "linux", "Architecture": "x86_64", "Variant": "v1"}, False),
        ({}, False),
        ({"Os": "", "Architecture": ""}, False),
        ({"Os": "linux", "Architecture": "arm64", "Variant": "v8"}, True),
        ({"Os": "windows", "Architecture": "amd64"}, True),
    ],
)
def test_only_what_does_not_run_is_another(inspected: dict[str, str], is_other: bool) -> None:
    assert bool(other_platform(engine(), inspected)) == is_other
