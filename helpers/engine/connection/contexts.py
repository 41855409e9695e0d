"""The contexts that `docker context create` keeps, read from its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.engine.base.endpoint import Endpoint, TlsFiles
from helpers.engine.connection.address import full_host


def config_folder(environment: Mapping[str, str]) -> Path:
    """Where the docker command keeps its settings."""
    return Path(environment.get("DOCKER_CONFIG") or Path.home() / ".docker")


def current_context(folder: Path) -> str:
    """What `docker context use` chose; '' for none, or the default.

    A file that cannot be read chooses none: the docker command warns, and goes on without it.
    """
    name = _read(folder / "config.json").get("currentContext")
    return name if isinstance(name, str) and name != "default" else ""


def stored_endpoint(folder: Path, name: str, origin: str, default: str) -> Endpoint | None:
    """Where the context of that name leads to; None where there is none that can be read.

    Its files: contexts/meta/SHA-256 OF THE NAME/meta.json, and contexts/tls/…/docker/*.pem.
    """
    hashed = hashlib.sha256(name.encode()).hexdigest()
    meta = _read(folder / "contexts" / "meta" / hashed / "meta.json")
    try:
        docker = meta["Endpoints"]["docker"]
        host, skips = docker["Host"], bool(docker.get("SkipTLSVerify"))
    except (KeyError, TypeError, AttributeError):
        return None
    if not isinstance(host, str):
        return None
    tls = _tls_files(folder / "contexts" / "tls" / hashed / "docker", skips)
    full = full_host(host, tls is not None, default) if host else default
    return Endpoint(full, origin, name, tls if full.startswith("tcp://") else None)


def _tls_files(folder: Path, skips: bool) -> TlsFiles | None:
    """What the context has for TLS; None where it has nothing, and nothing is to be skipped."""
    ca, certificate, key = (_there(folder / f"{part}.pem") for part in ("ca", "cert", "key"))
    if not (ca or certificate or key or skips):
        return None
    return TlsFiles(ca, certificate, key, verifies=not skips)


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
