"""The logins that `docker login` keeps, in its own file or in a helper program beside it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from docker.credentials.errors import StoreError
from docker.errors import DockerException

from helpers.engine.base.sdk import add_login_headers, login_header, stored_login

if TYPE_CHECKING:
    from docker import DockerClient

# A helper that is not installed, fails, or answers something else than a login.
_NO_LOGIN = (DockerException, StoreError, OSError, ValueError, LookupError, TypeError)
# What the SDK prints of a helper that is not installed; whoever needs it is asked to log in.
warnings.filterwarnings("ignore", "docker-credential-.* not installed")


def login_for(client: DockerClient, registry: str) -> str:
    """The header X-Registry-Auth for that registry; empty without a login that can be read."""
    header = ""
    with _none_where_it_cannot_be_read():
        header = login_header(client, registry)
    return header


def name_and_password(client: DockerClient, registry: str | None) -> tuple[str, str]:
    """Name and password for that registry (None: Docker Hub), as they are kept now; else empty."""
    login: Mapping[str, Any] = {}
    with _none_where_it_cannot_be_read():
        login = stored_login(client, registry)
    name, password = (login.get(key) or login.get(key.title()) for key in ("username", "password"))
    return str(name or ""), str(password or "")


def add_logins(client: DockerClient, headers: dict[str, str]) -> None:
    """Adds every login that can be read to the headers of a build, as the SDK sends them."""
    with _none_where_it_cannot_be_read():
        add_login_headers(client, headers)


@contextmanager
def _none_where_it_cannot_be_read() -> Iterator[None]:
    """A block that is left where a login cannot be read: most images can be had without one."""
    try:
        yield
    except _NO_LOGIN:
        return
