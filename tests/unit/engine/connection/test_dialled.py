"""Connections over TCP, TLS and SSH: they carry all that is needed, and say what is missing."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from helpers.engine.base import sdk
from helpers.engine.base.endpoint import Endpoint, TlsFiles
from helpers.engine.connection import ssh
from helpers.engine.connection.client import open_client
from helpers.errors import EngineNotFound, EngineRefused, EngineUnavailable
from tests.ssh_program import SshProgram
from tests.unit.fake_engine import SILENT, Answers, fake_engine, fake_tcp_engine

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the engine is played on a Unix socket")
FILES = Path(__file__).resolve().parents[3] / "recorded" / "tls"
CA = FILES / "ca.pem"
CLIENT = TlsFiles(CA, FILES / "client.pem", FILES / "client.key.pem")
BIG = "x" * 3_000_000
ANSWERS: Answers = {
    "/version": (200, {"ApiVersion": "1.41"}), "/big": (200, BIG), "/containers/json": (200, []),
}  # fmt: skip


def server_tls(name: str = "server", wants_client: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FILES / f"{name}.pem", FILES / f"{name}.key.pem")
    if wants_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(CA)
    return context


@contextmanager
def engine_over(way: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DockerClient]:
    """A client of an engine that is reached that way."""
    if way.startswith("ssh"):
        if way == "ssh by pipes":
            monkeypatch.setattr(ssh, "_BY_PIPES", True)
        with fake_engine(folder / "engine", ANSWERS) as host:
            SshProgram(folder, host, "far.example")
            monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
            client = open_client(Endpoint("ssh://me@far", "DOCKER_HOST"))
            yield client
            client.close()
        return
    tls = server_tls() if way == "tls" else None
    with fake_tcp_engine(ANSWERS, tls) as port:
        files = CLIENT if tls else None
        client = open_client(Endpoint(f"tcp://127.0.0.1:{port}", "DOCKER_HOST", tls=files))
        yield client
        client.close()


@pytest.fixture(params=["tcp", "tls", "ssh", "ssh by pipes"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DockerClient]:
    """The engine, with a web proxy and a trust store set that have nothing to do with it."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(FILES / "elsewhere.pem"))
    with engine_over(way, tmp_path, monkeypatch) as made:
        yield made


def test_requests_and_big_answers_come_through(client: DockerClient) -> None:
    assert client.api.api_version == "1.41"
    assert client.api.containers() == []
    answer = sdk.asked(client, sdk.url_of(client, "/big"))
    assert answer.text == BIG
    posted = client.api.post(sdk.url_of(client, "/big"), data=b"y" * 3_000_000)
    assert posted.text == BIG


def test_many_at_once(client: DockerClient) -> None:
    lengths: list[int] = []

    def ask() -> None:
        lengths.append(len(sdk.asked(client, sdk.url_of(client, "/big")).content))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert lengths == [len(BIG)] * 8


def test_another_thread_hangs_up(client: DockerClient) -> None:
    seen: list[Any] = []
    first = threading.Event()
    answer = sdk.asked(client, sdk.url_of(client, SILENT), timeout=None)

    def read() -> None:
        try:
            for piece in answer.iter_content(None):
                seen.append(piece)
                first.set()
        except Exception as error:
            seen.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert first.wait(10)
    sdk.hang_up(answer)
    thread.join(5)
    assert not thread.is_alive()


def test_a_new_socket_is_a_plain_one(client: DockerClient) -> None:
    """As the sessions of BuildKit need it: two threads, `select`, `shutdown`."""
    connection = sdk.new_socket(client)
    assert type(connection) is socket.socket
    with connection:
        connection.settimeout(10)
        connection.sendall(b"GET /v1.41/version HTTP/1.1\r\nHost: docker\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        connection.shutdown(socket.SHUT_RDWR)


def test_where_published_ports_are_sought(client: DockerClient, way: str) -> None:
    over_ssh = way.startswith("ssh")
    assert sdk.machine_of(client) == ("far.example" if over_ssh else "127.0.0.1")
    assert sdk.is_here(client) is not over_ssh


def test_behind_a_socket_or_over_ipv6_it_is_this_machine(tmp_path: Path) -> None:
    with fake_engine(tmp_path / "engine", ANSWERS) as host:
        client = open_client(Endpoint(host, "a test"))
        assert sdk.is_here(client)
        client.close()
    with fake_tcp_engine(ANSWERS, server_tls(), "::1") as port:
        client = open_client(Endpoint(f"tcp://[::1]:{port}", "a test", tls=CLIENT))
        assert sdk.machine_of(client) == "::1"
        assert sdk.is_here(client)
        client.close()


OTHER = TlsFiles(FILES / "elsewhere.pem", CLIENT.certificate, CLIENT.key)
REFUSALS = [
    # The engine's certificate (None: no TLS), what is used here, what is said, what helps.
    ("server", None, "wants TLS, and nothing here asks for it", "DOCKER_TLS_VERIFY"),
    ("server", TlsFiles(CA), "refuses your TLS certificate, or its absence", "DOCKER_CERT_PATH"),
    (
        "server",
        OTHER,
        r"none that the CA of yours signed: [a-z -]*\. ",
        "DOCKER_CERT_PATH",
    ),
    ("elsewhere", CLIENT, "was made for another address.*127", "Use the address"),
    (None, CLIENT, "speaks no TLS", "unset DOCKER_TLS_VERIFY"),
]


@pytest.mark.parametrize(("engine", "here", "message", "step"), REFUSALS)
def test_what_tls_refuses_is_said(
    engine: str | None, here: TlsFiles | None, message: str, step: str
) -> None:
    tls = server_tls(engine) if engine else None
    # As Go answers plain HTTP on a TLS port; Python's server only hangs up.
    answers = {"": (400, "Client sent an HTTP request to an HTTPS server.\n")}
    plain = tls is not None and here is None
    with fake_tcp_engine(answers if plain else ANSWERS, None if plain else tls) as port:
        endpoint = Endpoint(f"tcp://127.0.0.1:{port}", "DOCKER_HOST", tls=here)
        with pytest.raises(EngineRefused, match=message) as caught:
            open_client(endpoint)
    assert step in caught.value.next_step
    assert f"tcp://127.0.0.1:{port}, from DOCKER_HOST" in caught.value.message


@pytest.mark.parametrize("name", ["make.sh", "none.pem"])
def test_certificates_that_are_none(name: str) -> None:
    endpoint = Endpoint("tcp://127.0.0.1:9", "DOCKER_HOST", tls=TlsFiles(FILES / name))
    with pytest.raises(EngineUnavailable) as caught:
        open_client(endpoint)
    assert caught.value.next_step


def test_nobody_looks_who_answers_where_that_was_asked_for() -> None:
    blind = TlsFiles(None, CLIENT.certificate, CLIENT.key, verifies=False)
    with fake_tcp_engine(ANSWERS, server_tls("elsewhere")) as port:
        open_client(Endpoint(f"tcp://127.0.0.1:{port}", "DOCKER_TLS", tls=blind)).close()


COMPLAINTS: list[tuple[str, type[EngineUnavailable], str, str]] = [
    ("Host key verification failed.\r\n", EngineRefused, "does not know the key", "Run `ssh`"),
    ("@@@\nWARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.\n",
     EngineRefused, "another key than before", "ssh-keygen -R"),
    ("me@far: Permission denied (publickey,password).\n", EngineRefused,
     r"without a password: me@far: Permission denied \(publickey,password\)\.", "ssh-copy-id"),
    ("bash: line 1: docker: command not found\n", EngineNotFound, "no `docker` command", "PATH"),
    ("error during connect: permission denied while trying to connect to the Docker daemon "
     "socket at unix:///var/run/docker.sock", EngineRefused, "refuses that user", "group"),
    ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon "
     "running?", EngineNotFound, "no engine answers there", "Start Docker on that machine"),
    ("ssh: Could not resolve hostname far: Name or service not known\n", EngineNotFound,
     "No Docker engine answers at ssh://me@far, from DOCKER_HOST: ssh: Could not resolve hostname",
     "unset DOCKER_HOST"),
    ("ssh: connect to host far port 22: Connection refused\r\n", EngineNotFound,
     r"port 22: Connection refused\.", "unset DOCKER_HOST"),
]  # fmt: skip


@pytest.mark.parametrize(("complaint", "kind", "message", "step"), COMPLAINTS)
def test_what_ssh_complains_of_is_said(
    complaint: str,
    kind: type[EngineUnavailable],
    message: str,
    step: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SshProgram(tmp_path, "").complain(complaint)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(kind, match=message) as caught:
        open_client(Endpoint("ssh://me@far", "DOCKER_HOST"))
    assert type(caught.value) is kind
    assert ",," not in caught.value.message
    assert step in caught.value.next_step


def test_without_an_ssh_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineNotFound, match="no `ssh` program on this machine") as caught:
        open_client(Endpoint("ssh://far", "DOCKER_HOST"))
    assert "openssh-client" in caught.value.next_step


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("ssh://far", ["-T", "--", "far", "docker", "system", "dial-stdio"]),
        ("ssh://me@far:2222",
         ["-T", "-l", "me", "-p", "2222", "--", "far", "docker", "system", "dial-stdio"]),
        ("ssh://far/run/x.sock",
         ["-T", "--", "far", "docker", "--host", "unix:///run/x.sock", "system", "dial-stdio"]),
        ("ssh://far/run/a;b",
         ["-T", "--", "far", "docker", "--host", "'unix:///run/a;b'", "system", "dial-stdio"]),
    ],
)  # fmt: skip
def test_ssh_is_called_as_the_docker_command_calls_it(
    host: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = SshProgram(tmp_path, "")
    program.complain("no")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineNotFound):
        open_client(Endpoint(host, "a test"))
    assert json.loads(program.asked[0])[2:] == words


def test_no_ssh_is_left_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dials: list[ssh.SshDial] = []
    real = ssh.SshDial.__init__

    def noted(self: ssh.SshDial, address: Any) -> None:
        real(self, address)
        dials.append(self)

    monkeypatch.setattr(ssh.SshDial, "__init__", noted)
    with engine_over("ssh", tmp_path, monkeypatch) as client:
        sdk.asked(client, sdk.url_of(client, SILENT))
        processes = list(dials[0]._running)
        assert processes
    assert all(process.returncode is not None for process in processes)


@pytest.mark.parametrize("host", ["http://far:1", "fd://x", "ssh://", "ssh://me:secret@far",
                                  "tcp://far:2375/path", "tcp://me@far:1", "tcp://far:99999",
                                  "ssh://far?x=1"])  # fmt: skip
def test_what_is_no_address(host: str) -> None:
    with pytest.raises(EngineNotFound, match="is no address of an engine") as caught:
        open_client(Endpoint(host, "DOCKER_HOST"))
    assert "ssh://USER@HOST" in caught.value.next_step


def test_one_that_does_not_answer_is_said_with_its_name() -> None:
    endpoint = Endpoint("tcp://127.0.0.1:9", "the current context (far)", "far")
    with pytest.raises(EngineNotFound, match=r"127\.0\.0\.1:9, from the current context \(far\)\. "
                       ) as caught:  # fmt: skip
        open_client(endpoint)
    assert "docker context use default" in caught.value.next_step
