"""A server that answers as a registry does, and manifests for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from helpers.engine.registry.http import RegistryHttp

Reply = tuple[int, dict[str, str], bytes]


@contextmanager
def server(reply: Callable[[str, str, dict[str, str]], Reply]) -> Iterator[RegistryHttp]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            status, headers, body = reply(self.command, self.path, dict(self.headers))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        http = RegistryHttp(f"localhost:{httpd.server_port}")
        try:
            yield http
        finally:
            http._session.close()
            httpd.shutdown()


def digest_of(body: bytes) -> str:
    return f"sha256:{sha256(body).hexdigest()}"


def image(number: int = 0) -> bytes:
    layer = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 7}
    return json.dumps(
        {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {**layer, "digest": f"sha256:{number:064}"},
            "layers": [{**layer, "digest": f"sha256:{number + 1:064}"}],
        }
    ).encode()


def listed(entries: dict[str, bytes]) -> bytes:
    manifests = [
        {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "size": len(body),
            "digest": digest_of(body),
            "platform": dict(
                zip(("os", "architecture", "variant"), platform.split("/"), strict=False)
            ),
        }
        for platform, body in entries.items()
    ]
    attestation = {
        **manifests[0],
        "digest": digest_of(b"?"),
        "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
    }
    kind = "application/vnd.oci.image.index.v1+json"
    return json.dumps({"mediaType": kind, "manifests": [*manifests, attestation]}).encode()
