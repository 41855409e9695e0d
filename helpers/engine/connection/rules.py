"""Which engine the docker command takes: DOCKER_HOST, DOCKER_CONTEXT, the current context.

Source: resolveContextName and resolveDefaultDockerEndpoint in the docker command's
cli/command/cli.go, and cli/flags/options.go for TLS. Variables that are empty count as unset, as
they do from version 23 on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from helpers.engine.base.endpoint import Endpoint, TlsFiles
from helpers.engine.connection.address import DEFAULT_PIPE, DEFAULT_SOCKET, full_host
from helpers.engine.connection.contexts import config_folder, current_context, stored_endpoint
from helpers.errors import EngineNotFound

_CURRENT = "the current context"


def chosen_endpoint(environment: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The endpoint that one of the docker command's rules names; None where none does.

    Raises EngineNotFound for a context, or certificates, that there are not.
    """
    if host := environment.get("DOCKER_HOST", "").strip():
        return _default(host, "DOCKER_HOST", environment)
    if name := environment.get("DOCKER_CONTEXT"):
        if name == "default":
            return _default("", "DOCKER_CONTEXT (default)", environment)
        return _stored(name, "DOCKER_CONTEXT", environment)
    if name := current_context(config_folder(environment)):
        return _stored(name, _CURRENT, environment)
    if variable := _tls_variable(environment):
        return _default("", variable, environment)
    return None


def is_chosen() -> bool:
    """Whether one of those rules names an engine, one that there is not included."""
    try:
        return chosen_endpoint() is not None
    except EngineNotFound:
        return True


def other_way(endpoint: Endpoint) -> str:
    """What to do where that engine is not the one that is wanted; '' where no rule named it."""
    if endpoint.origin.startswith(_CURRENT):
        return "choose another context (`docker context use default` has one looked for)"
    variable = endpoint.origin.partition(" ")[0]
    return f"unset {variable} to have one looked for" if variable.isupper() else ""


def default_host() -> str:
    """Where the docker command looks when nothing names an engine."""
    return DEFAULT_PIPE if sys.platform == "win32" else DEFAULT_SOCKET


def _default(host: str, origin: str, environment: Mapping[str, str]) -> Endpoint:
    """The default context: whatever the variables say; with TLS and no host tcp://localhost."""
    is_tls = bool(_tls_variable(environment))
    text = host or ("tcp://" if is_tls else default_host())
    full = full_host(text, is_tls, default_host())
    uses_tls = is_tls and full.startswith("tcp://")
    return Endpoint(full, origin, tls=_tls_files(environment) if uses_tls else None)


def _stored(name: str, origin: str, environment: Mapping[str, str]) -> Endpoint:
    folder = config_folder(environment)
    endpoint = stored_endpoint(folder, name, f"{origin} ({name})", default_host())
    if endpoint is None:
        by = "the current one" if origin == _CURRENT else f"named by {origin}"
        way = other_way(Endpoint("", origin))
        raise EngineNotFound(
            f"There is no Docker context {name!r}, which is {by}.",
            f"`docker context ls` lists those that there are; or {way}.",
        )
    return endpoint


def _tls_variable(environment: Mapping[str, str]) -> str:
    """The variable that asks for TLS, whatever its value; '' where none does."""
    names = ("DOCKER_TLS_VERIFY", "DOCKER_TLS")
    return next((name for name in names if environment.get(name)), "")


def _tls_files(environment: Mapping[str, str]) -> TlsFiles:
    folder = Path(environment.get("DOCKER_CERT_PATH") or config_folder(environment))
    ca, certificate, key = (folder / f"{part}.pem" for part in ("ca", "cert", "key"))
    if not ca.is_file():
        variable = _tls_variable(environment)
        raise EngineNotFound(
            f"{variable} asks for TLS, and there is no {ca}.",
            f"Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem, or unset "
            f"{variable}.",
        )
    verifies = bool(environment.get("DOCKER_TLS_VERIFY"))
    has_key = certificate.is_file() and key.is_file()
    return TlsFiles(ca, certificate if has_key else None, key if has_key else None, verifies)
