"""An open connection to one engine, or the reason in words why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import docker
from docker.errors import DockerException, InvalidVersion, TLSParameterError
from requests.exceptions import RequestException

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.candidates import candidates
from helpers.errors import EngineNotFound, EngineRefused, EngineTooOld, EngineUnavailable

OLDEST_API = (1, 41)
FIRST_ANSWER_SECONDS = 10
READ_TIMEOUT_SECONDS = 600
_START = "Start Docker, or run `./workbook lab`, which finds or starts an engine."
_HOST = "Start that engine, or unset DOCKER_HOST to have one looked for."
_JOIN = "Add yourself to the group `docker` (`sudo usermod -aG docker $USER`) and log in again."
_CERTIFICATES = "Set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH to where your certificates are."


def open_client(endpoint: Endpoint) -> docker.DockerClient:
    """A client of the SDK for that engine, whose API is at least 1.41 (Engine 20.10).

    Raises EngineNotFound, EngineRefused or EngineTooOld. The first answer must come within ten
    seconds; later ones may take ten minutes, since a big `save` keeps the engine silent for long.
    """
    try:
        client = _client(endpoint)
    except (DockerException, RequestException, OSError, ValueError) as error:
        raise _reason(endpoint, error) from None
    version = client.api.api_version
    if tuple(int(part) for part in version.split(".")) < OLDEST_API:
        client.close()
        raise _too_old(endpoint, f"speaks API {version}")
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
    raise (tried or problems or [EngineNotFound("No Docker engine answers here.", _START)])[0]


def _client(endpoint: Endpoint) -> docker.DockerClient:
    settings = {"timeout": FIRST_ANSWER_SECONDS, "version": "auto"}
    if endpoint.origin == "DOCKER_HOST":
        return docker.from_env(**settings)
    if endpoint.context:
        return docker.DockerClient.from_context(endpoint.context, **settings)
    return docker.DockerClient(base_url=endpoint.host, **settings)


def _reason(endpoint: Endpoint, error: BaseException) -> EngineUnavailable:
    where = f"{endpoint.host} (from {endpoint.origin})"
    text = " ".join(str(cause) for cause in _chain(error)).lower()
    if "permission denied" in text or "access is denied" in text:
        return EngineRefused(f"The engine at {where} is there and refuses this user.", _JOIN)
    if isinstance(error, InvalidVersion) or "too old" in text:
        return _too_old(endpoint, f"answers: {error}")
    if isinstance(error, TLSParameterError) or "certificate" in text:
        return EngineRefused(f"The engine at {where} wants a TLS certificate.", _CERTIFICATES)
    step = _HOST if endpoint.origin == "DOCKER_HOST" else _START
    return EngineNotFound(f"No Docker engine answers at {where}.", step)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _too_old(endpoint: Endpoint, what: str) -> EngineTooOld:
    return EngineTooOld(
        f"The engine at {endpoint.host} {what}, and the lessons need API 1.41.",
        "Update it to Docker Engine 20.10 or newer.",
    )
