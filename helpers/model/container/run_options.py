"""The options of `docker run` as a learner may write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import TypedDict

from helpers.model.container.port_bindings import Ports

Table = Mapping[str, object] | Sequence[str] | str


class RunOptions(TypedDict, total=False):
    """The options of `docker run` as keyword arguments; RunSettings says what each means."""

    name: str | None
    detach: bool
    ports: Ports | None
    environment: Table | None
    volumes: Mapping[str, str] | Mapping[Path, str] | Sequence[str] | str | None
    network: str | None
    memory: str | float | None
    memory_swap: str | float | None
    cpus: float | str | None
    pids_limit: int | str | None
    restart: str | None
    user: str | int | None
    workdir: str | PurePath | None
    entrypoint: str | Sequence[str] | None
    read_only: bool
    init: bool
    cap_drop: Sequence[str] | str
    cap_add: Sequence[str] | str
    security_opt: Sequence[str] | str
    tmpfs: Table | None
    add_host: Table | None
    log_driver: str | None
    log_opt: Table | None
    health_cmd: str | None
    health_interval: str | float | None
    health_timeout: str | float | None
    health_retries: int | str | None
    health_start_period: str | float | None
    devices: Sequence[str] | str
    runtime: str | None
