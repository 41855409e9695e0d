"""The engine of the tests as one on another machine: over TCP, behind TLS, by SSH."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.rules import chosen_endpoint
from helpers.engine.connection.tls_bridge import bridged
from tests.ssh_program import SshProgram

FILES = Path(__file__).resolve().parents[1] / "recorded" / "tls"
WAYS = ("tcp", "tls", "ssh")


@contextmanager
def far_engine(
    way: str, near: Endpoint, folder: Path, monkeypatch: pytest.MonkeyPatch, machine: str
) -> Iterator[Endpoint]:
    """The endpoint by which DOCKER_HOST and its like lead there; `machine` is what SSH calls it."""
    if not near.host.startswith("unix://"):
        pytest.skip("the engine of the tests is not on this machine")
    with contextlib.ExitStack() as stack:
        if way == "ssh":
            SshProgram(folder, near.host, machine)
            monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
            monkeypatch.setenv("DOCKER_HOST", "ssh://somebody@far")
        else:
            port = stack.enter_context(
                _relay(Path(near.host.removeprefix("unix://")), way == "tls")
            )
            monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        if way == "tls":
            _certificates(folder)
            monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
            monkeypatch.setenv("DOCKER_CERT_PATH", str(folder))
        endpoint = chosen_endpoint()
        assert endpoint is not None
        yield endpoint


def _certificates(folder: Path) -> None:
    for name, source in (("ca", "ca"), ("cert", "client"), ("key", "client.key")):
        (folder / f"{name}.pem").write_bytes((FILES / f"{source}.pem").read_bytes())


@contextmanager
def _relay(engine: Path, is_tls: bool) -> Iterator[int]:
    """A port of this machine that leads to the engine's socket."""
    tls = None
    if is_tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(FILES / "server.pem", FILES / "server.key.pem")
        tls.load_verify_locations(FILES / "ca.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, engine, tls), daemon=True).start()
        yield int(listener.getsockname()[1])
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, engine: Path, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_relayed, args=(client, engine, tls), daemon=True).start()


def _relayed(client: socket.socket, engine: Path, tls: ssl.SSLContext | None) -> None:
    try:
        near = bridged(tls.wrap_socket(client, server_side=True)) if tls else client
    except OSError:
        client.close()
        return
    with near, socket.socket(socket.AF_UNIX) as far:
        far.connect(str(engine))
        back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
        back.start()
        _pass_on(near, far)
        back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
