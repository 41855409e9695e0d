"""An open connection to one engine, or the reason in words why there is none."""

from __future__ import annotations

from collections.abc import Sequence

import docker
from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.sdk import local_client
from helpers.engine.connection.address import read_address
from helpers.engine.connection.candidates import candidates
from helpers.engine.connection.dialled import Dial, dialled_client
from helpers.engine.connection.reasons import next_step, reason_for, too_old
from helpers.engine.connection.ssh import SshDial
from helpers.engine.connection.tcp import TcpDial
from helpers.errors import EngineNotFound, EngineUnavailable

OLDEST_API = (1, 41)
FIRST_ANSWER_SECONDS = 10
READ_TIMEOUT_SECONDS = 600
_FAILURES = (DockerException, RequestException, OSError, ValueError)


def open_client(endpoint: Endpoint) -> docker.DockerClient:
    """A client of the SDK for that engine, whose API is at least 1.41 (Engine 20.10).

    Raises EngineNotFound, EngineRefused or EngineTooOld. The first answer must come within ten
    seconds; later ones may take ten minutes, since a big `save` keeps the engine silent for long.
    """
    dial: Dial | None = None
    try:
        dial = _dial(endpoint)
        client = _client(endpoint, dial)
    except BaseException as error:
        complaint = dial.complaint() if dial and isinstance(error, _FAILURES) else ""
        if dial:
            dial.close()
        if isinstance(error, _FAILURES):
            raise reason_for(endpoint, error, complaint) from None
        raise
    version = client.api.api_version
    if tuple(int(part) for part in version.split(".")) < OLDEST_API:
        client.close()
        raise too_old(endpoint, f"speaks API {version}")
    client.api.timeout = READ_TIMEOUT_SECONDS
    return client


def find_client(
    endpoints: Sequence[Endpoint] | None = None,
) -> tuple[docker.DockerClient, Endpoint]:
    """A client of the first engine that answers, with its endpoint.

    Raises the error that says most: one that refused or is too old before one that is not there.
    """
    problems: list[EngineUnavailable] = []
    for endpoint in candidates() if endpoints is None else endpoints:
        try:
            return open_client(endpoint), endpoint
        except EngineUnavailable as problem:
            problems.append(problem)
    tried = [problem for problem in problems if not isinstance(problem, EngineNotFound)]
    nothing = EngineNotFound("No Docker engine answers here.", next_step(Endpoint("", "")))
    raise (tried or problems or [nothing])[0]


def _dial(endpoint: Endpoint) -> Dial | None:
    """The way to an engine on a network; None to one behind a socket or a pipe, which the SDK has.

    Raises EngineNotFound for an address that is none.
    """
    try:
        address = read_address(endpoint.host)
    except ValueError:
        raise EngineNotFound(
            f"{endpoint.host!r}, from {endpoint.origin}, is no address of an engine.",
            "Write it as unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST.",
        ) from None
    if address.scheme == "ssh":
        return SshDial(address)
    return TcpDial(address, endpoint.tls) if address.scheme == "tcp" else None


def _client(endpoint: Endpoint, dial: Dial | None) -> docker.DockerClient:
    if dial:
        return dialled_client(dial, FIRST_ANSWER_SECONDS)
    return local_client(endpoint.host, FIRST_ANSWER_SECONDS)
