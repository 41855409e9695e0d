"""The one seam to those parts of the docker SDK that it does not document, each behind a name.

tests/unit/engine/base/test_sdk.py pins them: where a new SDK has others, this file is all there is
to change.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from docker import DockerClient
from docker.auth import AuthConfig, encode_header, load_config, resolve_repository_name
from docker.types.daemon import CancellableStream
from urllib3.exceptions import HTTPError

from helpers.model.container.published import is_loopback

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

_ANY_VERSION = "1.41"  # with one, the SDK asks nothing before it is set up


def url_of(client: DockerClient, path: str, *words: str) -> str:
    """The address of a path of the engine's API; `words`, quoted, take the place of {0}, {1} …"""
    return str(client.api._url(path, *words))


def asked(client: DockerClient, url: str, **options: Any) -> requests.Response:
    """The answer to a GET whose body is read as it comes, whatever its status.

    `options` are those of `requests`; without a timeout the client's own holds.
    """
    answer: requests.Response = client.api._get(url, stream=True, **options)
    return answer


def posted(client: DockerClient, url: str, body: Mapping[str, Any]) -> requests.Response:
    """The answer to a POST of that JSON, whose body is read as it comes, whatever its status."""
    answer: requests.Response = client.api._post_json(url, data=dict(body), stream=True)
    return answer


def refuse_failure(client: DockerClient, answer: requests.Response) -> None:
    """Raises docker's APIError (NotFound, ImageNotFound) for an answer of 400 or more."""
    client.api._raise_for_status(answer)


def messages_of(client: DockerClient, answer: requests.Response) -> CancellableStream:
    """The JSON messages of an answer as they come; another thread may end it by `close`."""
    return CancellableStream(client.api._stream_helper(answer, decode=True), answer)


def hang_up(answer: requests.Response) -> None:
    """Ends the connection even under a reader, for whom a mere close() would wait.

    Nothing happens where it has ended, or where it is none that can be ended (SSH).
    """
    raw: Any = answer.raw
    with suppress(AttributeError, OSError):
        reader = raw._fp.fp.raw
        connection = getattr(reader, "sock", None) or getattr(reader, "_sock", reader)
        connection.shutdown(socket.SHUT_RDWR)


def new_socket(client: DockerClient) -> socket.socket | None:
    """A new socket, connected by the SDK's own adapter to wherever the engine is.

    None where nobody answers, or where it is not a plain one (TLS, SSH, a Windows pipe).
    """
    api: Any = client.api
    request = requests.Request("POST", f"{api.base_url}/session").prepare()
    adapter = api.get_adapter(api.base_url)
    pool = adapter.get_connection_with_tls_context(request, api.verify, cert=api.cert)
    connection = pool._new_conn()
    try:
        connection.connect()
    except (OSError, HTTPError):
        return None
    if type(connection.sock) is socket.socket:
        return connection.sock
    connection.close()
    return None


def login_header(client: DockerClient, registry: str) -> str:
    """The header X-Registry-Auth from what `docker login` keeps; empty where it keeps nothing.

    Raises whatever a helper program that keeps logins fails with, as the next two do.
    """
    login = stored_login(client, registry)
    return encode_header(login).decode() if login else ""


def stored_login(client: DockerClient, registry: str | None) -> Mapping[str, Any]:
    """The login for that registry (None: Docker Hub) as it is kept at this moment, or nothing."""
    return _kept_logins(client).resolve_authconfig(registry) or {}


def add_login_headers(client: DockerClient, headers: dict[str, str]) -> None:
    """Adds X-Registry-Config with every login that is kept, as a classic build wants it."""
    kept = _kept_logins(client)
    if not kept.is_empty:  # the SDK would look for others elsewhere
        client.api._auth_configs = kept
        client.api._set_auth_headers(headers)


def _kept_logins(client: DockerClient) -> AuthConfig:
    """The logins in the file that `docker login` writes; else the SDK looks elsewhere."""
    folder = os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker"
    path, environment = Path(folder, "config.json"), client.api.credstore_env
    if not path.exists():
        return AuthConfig({}, environment)
    return load_config(str(path), credstore_env=environment)


def registry_of(repository: str) -> str:
    """The registry that a repository's name leads to, by the SDK's rules: 'docker.io'."""
    return str(resolve_repository_name(repository)[0])


def local_client(address: str, timeout: float) -> DockerClient:
    """A client of the engine behind that socket or pipe; it asks for the API version at once.

    Raises as `client_through` does.
    """
    client = DockerClient(base_url=address, version=_ANY_VERSION, timeout=timeout)
    try:
        return _versioned(client)
    except BaseException:
        client.close()
        raise


def client_through(adapter: BaseAdapter, timeout: float) -> DockerClient:
    """A client all of whose requests go through that adapter; it asks for the API version at once.

    Raises docker's DockerException where nothing answers, or nothing that is an engine.
    """
    # The address is never dialled: without a version the SDK would ask it.
    client = DockerClient(base_url="tcp://docker:2375", version=_ANY_VERSION, timeout=timeout)
    api: Any = client.api
    api._unmount("http://", "https://")
    api._custom_adapter = adapter
    api.mount("http+docker://", adapter)
    api.base_url = "http+docker://docker"
    return _versioned(client)


def _versioned(client: DockerClient) -> DockerClient:
    """The client with the engine's own version of the API, asked for without any password.

    With any `auth` at all, requests looks for none in a netrc file: what is there is for others.
    """
    api: Any = client.api
    api.auth = _unchanged
    api._version = api._retrieve_server_version()
    return client


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def machine_of(client: DockerClient) -> str:
    """The host at which the engine's machine is reached: 127.0.0.1 behind a socket or a pipe."""
    adapter = client.api.get_adapter(client.api.base_url)
    return str(getattr(adapter, "machine", "127.0.0.1"))


def is_here(client: DockerClient) -> bool:
    """Whether the engine is on this machine, as far as its address says."""
    return is_loopback(machine_of(client))
