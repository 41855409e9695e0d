"""What the tests of registries share: small images, and roads to a registry that go wrong."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from docker import DockerClient
from docker.errors import NotFound

from helpers.engine.engine import Docker
from helpers.engine.labels import LESSON
from helpers.model.registry_manifest import INDEX_TYPES, MANIFEST_TYPES
from tests.engine.conftest import BUSYBOX, LABEL
from tests.unit import tar_writer

_LENGTHS = ("Content-Length", "Transfer-Encoding")


def build(client: DockerClient, name: str, *layers: bytes, base: str = BUSYBOX) -> str:
    """An image of that name: the base, and one layer with the file /part-N for each content."""
    lines = [f"FROM {base}", f"LABEL {LESSON}={LABEL}"]
    lines += [f"ADD part-{number} /" for number in range(len(layers))]
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w", format=tarfile.GNU_FORMAT) as archive:
        contents = {"Dockerfile": "\n".join(lines).encode()}
        contents |= {f"part-{number}": data for number, data in enumerate(layers)}
        for path, data in contents.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    context.seek(0)
    for message in client.api.build(
        fileobj=context, custom_context=True, tag=name, rm=True, decode=True
    ):
        assert "error" not in message, message["error"]
    return name


def names_at(docker: Docker, address: str) -> list[str]:
    """The engine's tags and digests of that registry."""
    return [
        name
        for image in docker.client.api.images()
        for name in [*(image["RepoTags"] or []), *(image["RepoDigests"] or [])]
        if name.startswith(f"{address}/")
    ]


def forget(docker: Docker, address: str) -> None:
    """Takes those names from the engine."""
    for name in names_at(docker, address):
        with suppress(NotFound):
            docker.client.api.remove_image(name, force=True)


def noise(size_bytes: int) -> bytes:
    """Bytes that no compression makes smaller."""
    return os.urandom(size_bytes)


class Road:
    """A way to a registry that counts the bytes sent on, and can spoil what comes back.

    `spoil` is (part of a path, bytes, what is put in their place); a GET whose path has a part
    that is in `on_get` waits for its event, and `waiting` tells that it does.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.sent_bytes = 0
        self.requests: list[str] = []
        self.spoil: tuple[str, bytes, bytes] | None = None
        self.on_get: dict[str, threading.Event] = {}
        self.waiting = threading.Event()


@contextmanager
def road_to(address: str) -> Iterator[tuple[str, Road]]:
    """An address on loopback that leads to the registry at `address`, and what is on the way."""
    road = Road(address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            road.requests.append(f"{self.command} {self.path}")
            for part, event in road.on_get.items():
                if self.command == "GET" and part in self.path:
                    road.waiting.set()
                    event.wait(30)
            body = self._body()
            if self.command in ("PATCH", "PUT", "POST") and "/blobs/" in self.path:
                road.sent_bytes += len(body)
            connection = HTTPConnection(road.address, timeout=60)
            connection.putrequest(self.command, self.path, skip_host=True)
            for name, text in self.headers.items():  # Accept comes several times
                if name not in _LENGTHS:
                    connection.putheader(name, text)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            data = answer.read()
            if road.spoil and self.command == "GET" and road.spoil[0] in self.path:
                data = data.replace(*road.spoil[1:])
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else len(data)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(data)
            connection.close()

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            pieces: list[bytes] = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)

        do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = pass_on  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"localhost:{httpd.server_port}", road
        finally:
            for event in road.on_get.values():
                event.set()
            httpd.shutdown()


def put_list(address: str, repository: str, tag: str, platforms: list[str]) -> dict[str, str]:
    """A list of hand-made images put into a registry; gives {platform: digest of its config}."""
    session = requests.Session()
    session.trust_env = False
    base, configs, entries = f"http://{address}/v2/{repository}", {}, []
    for platform in platforms:
        system, architecture, *variant = platform.split("/")
        plain = tar_writer.layer(tar_writer.file(b"platform", platform.encode()))
        about = {"architecture": architecture} | ({"variant": variant[0]} if variant else {})
        config, packed = tar_writer.config([plain], **about), gzip.compress(plain, mtime=0)
        manifest = tar_writer.oci_manifest(config, [packed])
        for blob in (config, packed):
            place = session.post(f"{base}/blobs/uploads/").headers["Location"]
            place += f"{'&' if '?' in place else '?'}digest={tar_writer.digest(blob)}"
            assert session.put(place, data=blob).status_code == 201
        kind = {"Content-Type": MANIFEST_TYPES[0]}
        digest = tar_writer.digest(manifest)
        assert session.put(f"{base}/manifests/{digest}", manifest, headers=kind).ok
        said = dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
        entries.append(
            {"mediaType": MANIFEST_TYPES[0], "digest": digest, "size": len(manifest)}
            | {"platform": {"os": system} | said}
        )
        configs[platform] = tar_writer.digest(config)
    index = {"schemaVersion": 2, "mediaType": INDEX_TYPES[0], "manifests": entries}
    kind = {"Content-Type": INDEX_TYPES[0]}
    answer = session.put(f"{base}/manifests/{tag}", json.dumps(index), headers=kind)
    assert answer.ok, answer.text
    session.close()
    return configs
