"""What the tests of the image supply share: names set aside, archives made once, a registry."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from helpers.engine.supply.stand_in import StandIn, can_make, make, trust_for
from helpers.engine.supply.stand_in_image import put_on_engine
from helpers.engine.supply.trusted_layer import TrustedLayer
from helpers.model.image.reference import ImageReference
from helpers.model.supply.recipe import StandInRecipe


def need_stand_ins() -> None:
    """Skips the test where stand-ins cannot be made, saying why."""
    able, reason = can_make()
    if not able:
        pytest.skip(f"a stand-in cannot be made here: {reason}")


def need_loopback(client: DockerClient) -> None:
    """Skips the test where the engine does not share this machine's loopback."""
    if not client.api.base_url.startswith("http+docker://localhost"):
        pytest.skip("the engine is on another machine and cannot reach a server of this test")


def made(recipe: StandInRecipe) -> StandIn:
    """The archive, from the cache of this user where it is there."""
    return make(recipe, lambda _: None, threading.Event())


@contextmanager
def imported(client: DockerClient, recipe: StandInRecipe, name: str) -> Iterator[str]:
    """The stand-in under a name of the test's own."""
    layer = TrustedLayer(trust_for(recipe), recipe)
    put_on_engine(client, made(recipe), layer, ImageReference.parse(name))
    try:
        yield name
    finally:
        client.api.remove_image(name, force=True)


@contextmanager
def set_aside(client: DockerClient, *names: str) -> Iterator[None]:
    """A block in which the engine has no image of these names; afterwards it has what it had."""
    kept = {name: image for name in names if (image := image_id(client, name))}
    for name in kept:
        client.api.tag(kept[name], "wbsup-aside", _tag_for(name))
        client.api.remove_image(name, noprune=True)
    try:
        yield
    finally:
        for name in names:
            if image_id(client, name):
                client.api.remove_image(name, force=True)
            if name in kept:
                client.api.tag(f"wbsup-aside:{_tag_for(name)}", *name.split(":"))
                client.api.remove_image(f"wbsup-aside:{_tag_for(name)}", noprune=True)


def image_id(client: DockerClient, name: str) -> str | None:
    """The id of the image of that name, if the engine has one."""
    try:
        return str(client.api.inspect_image(name)["Id"])
    except ImageNotFound:
        return None


def has_containerd_store(client: DockerClient) -> bool:
    """Whether the engine keeps images in containerd's store, not in a classic one."""
    return ["driver-type", "io.containerd.snapshotter.v1"] in client.info()["DriverStatus"]


def identity(client: DockerClient, name: str) -> str | None:
    """What the image of that name is, out of an engine and in again: its ID, in a classic store.

    In containerd's an ID depends on how the layers are packed; there it is all else that is told.
    """
    if image_id(client, name) is None:
        return None
    found = client.api.inspect_image(name)
    if not has_containerd_store(client):
        return str(found["Id"])
    told = [found["RootFS"]["Layers"], found["Created"], found["Config"]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _tag_for(name: str) -> str:
    return name.replace("/", "-").replace(":", "-")


class StalledRegistry:
    """A registry with one image, whose only layer stops coming after a few bytes.

    `begun` is set once the engine has got those; `over` lets it go.
    """

    def __init__(self) -> None:
        self.begun, self.over = threading.Event(), threading.Event()
        layers = {"type": "layers", "diff_ids": [_digest(b"x")]}
        config = {"architecture": "amd64", "os": "linux", "rootfs": layers}
        self._config = json.dumps(config).encode()
        kind = "application/vnd.docker.distribution.manifest.v2+json"
        self._manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": kind,
                "config": self._described("container.image.v1+json", self._config),
                "layers": [
                    self._described("image.rootfs.diff.tar.gzip", b"x") | {"size": 10_000_000}
                ],
            }
        ).encode()
        self.kind = kind

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers one request of the engine."""
        if "/manifests/" in handler.path:
            self._send(handler, self._manifest, self.kind)
        elif handler.path.endswith(_digest(self._config)):
            self._send(handler, self._config, "application/octet-stream")
        elif "/blobs/" in handler.path:
            self._stall(handler)
        else:
            self._send(handler, b"{}", "application/json")

    def _stall(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10000000")
        handler.end_headers()
        handler.wfile.write(bytes(1000))
        handler.wfile.flush()
        self.begun.set()
        self.over.wait()
        handler.close_connection = True

    def _send(self, handler: BaseHTTPRequestHandler, body: bytes, kind: str) -> None:
        handler.send_response(200)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Docker-Content-Digest": _digest(body),
        }
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    def _described(self, kind: str, body: bytes) -> dict[str, Any]:
        media = f"application/vnd.docker.{kind}"
        return {"mediaType": media, "size": len(body), "digest": _digest(body)}


@contextmanager
def serving(registry: StalledRegistry) -> Iterator[str]:
    """The address of that registry on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # To what is no HTTP it answers in HTTP, as registries do: by that an engine with
        # containerd's store, which tries TLS first, knows that there is none.
        default_request_version = "HTTP/1.0"

        def do_GET(self) -> None:
            registry.answer(self)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"127.0.0.1:{httpd.server_port}"
        finally:
            registry.over.set()
            httpd.shutdown()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
