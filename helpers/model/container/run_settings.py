"""The settings of `docker run`, and the line that says the same in a terminal."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial

from helpers.errors import InvalidInput
from helpers.model.container.health_settings import health_check
from helpers.model.container.option_values import (
    cores_of,
    count_of,
    list_of,
    switch_of,
    table_of,
    text_of,
    volumes_of,
)
from helpers.model.container.port_bindings import (
    Ports,
    bindings_of,
    checked_ports,
    published_words,
)
from helpers.model.text.command_line import docker_line, option, words_of
from helpers.model.text.durations import duration_of
from helpers.model.text.options import check_options
from helpers.model.text.units import parse_bytes, parse_swap

_POLICY = re.compile(r"no|always|unless-stopped|on-failure(:[0-9]{1,9})?")


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """What `docker run` can be told, in the words of its options.

    `ports` is {port in the container: port, 'address:port' or (address, port) of the host}, where
    0 or None lets the engine choose and the address is an IP address. `memory` is a size such as
    '64m', `cpus` a number of cores. `environment` is {name: value}, where None takes the value that
    the variable has here. `volumes` is {volume or host path: path in the container}, `add_host`
    {name: address}, `log_opt` {option of the log driver: value}; each may also be a list of what
    the command takes: ['data:/data']. Times of the health check are '1s', '500ms' or seconds.
    `of` reads all of it; what is here is in one form each.
    """

    name: str | None = None
    detach: bool = True
    ports: Ports | None = None
    environment: Mapping[str, str | None] = field(default_factory=dict)
    volumes: tuple[tuple[str, str], ...] = ()
    network: str | None = None
    memory: str | None = None
    memory_swap: str | None = None
    cpus: float | None = None
    pids_limit: int | None = None
    restart: str | None = None
    user: str | None = None
    workdir: str | None = None
    entrypoint: tuple[str, ...] | None = None
    read_only: bool = False
    init: bool = False
    cap_drop: tuple[str, ...] = ()
    cap_add: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    tmpfs: Mapping[str, str | None] = field(default_factory=dict)
    add_host: Mapping[str, str | None] = field(default_factory=dict)
    log_driver: str | None = None
    log_opt: Mapping[str, str | None] = field(default_factory=dict)
    health_cmd: str | None = None
    health_interval: str | None = None
    health_timeout: str | None = None
    health_retries: int | None = None
    health_start_period: str | None = None
    devices: tuple[str, ...] = ()
    runtime: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, object]) -> RunSettings:
        """The settings of these keyword arguments.

        Raises InvalidInput for an unknown one, and at once for what no engine would take.
        """
        check_options("run", options, [field.name for field in fields(cls)], _ELSEWHERE)
        return cls(**{name: _READ[name](value) for name, value in options.items()})  # type: ignore[arg-type]

    def line(self, image: str, command: object = None) -> str:
        """The `docker run …` line that stands for these settings."""
        return docker_line("run", self._options(), image, self._arguments(command))

    def bindings(self) -> dict[str, tuple[str, int | None]]:
        """{'80/tcp': (address, port or None for any)}, address '' for every one."""
        return bindings_of(self.ports)

    def variables(self, here: Mapping[str, str] = os.environ) -> list[str]:
        """The environment in the Engine API's form.

        A name without a value has the one that it has here; where it has none, the engine takes it
        out of the image's own. Source: docker/cli, opts.ValidateEnv.
        """
        values = {key: here.get(key) if value is None else value
                  for key, value in self.environment.items()}  # fmt: skip
        return [key if value is None else f"{key}={value}" for key, value in values.items()]

    def restart_policy(self) -> dict[str, object] | None:
        """The policy in the Engine API's form: `on-failure:3` has a greatest number of tries."""
        if self.restart is None:
            return None
        name, _, tries = self.restart.partition(":")
        return {"Name": name, "MaximumRetryCount": int(tries or 0)}

    def health_check(self) -> dict[str, object] | None:
        """The health check in the Engine API's form, or None to keep the image's own."""
        return health_check(
            self.health_cmd,
            self.health_interval,
            self.health_timeout,
            self.health_retries,
            self.health_start_period,
        )

    def _arguments(self, command: object) -> list[str]:
        return [*(self.entrypoint or ())[1:], *words_of(command)]

    def _options(self) -> list[str]:
        first = next(iter(self.entrypoint or ()), None)
        pairs: list[tuple[str, object]] = [
            ("-d", self.detach), ("--name", self.name),
            *(("-p", words) for words in published_words(self.ports)),
            *(("-e", word) for word in _words(self.environment)),
            *(("-v", f"{source}:{path}") for source, path in self.volumes),
            *(("--tmpfs", f"{path}:{how}" if how else path) for path, how in self.tmpfs.items()),
            ("--network", self.network), ("--memory", self.memory),
            ("--memory-swap", self.memory_swap), ("--cpus", self.cpus),
            ("--pids-limit", self.pids_limit), ("--restart", self.restart), ("--user", self.user),
            ("--workdir", self.workdir), ("--entrypoint", first), ("--read-only", self.read_only),
            ("--init", self.init),
            *(("--cap-drop", name) for name in self.cap_drop),
            *(("--cap-add", name) for name in self.cap_add),
            *(("--security-opt", name) for name in self.security_opt),
            *(("--add-host", f"{name}:{host}") for name, host in self.add_host.items()),
            ("--log-driver", self.log_driver),
            *(("--log-opt", word) for word in _words(self.log_opt)),
            ("--health-cmd", self.health_cmd), ("--health-interval", self.health_interval),
            ("--health-timeout", self.health_timeout), ("--health-retries", self.health_retries),
            ("--health-start-period", self.health_start_period),
            *(("--device", path) for path in self.devices),
            ("--runtime", self.runtime),
        ]  # fmt: skip
        return [word for flag, value in pairs for word in option(flag, value)]


def _words(table: Mapping[str, str | None]) -> list[str]:
    return [key if value is None else f"{key}={value}" for key, value in table.items()]


def _restart_of(value: object) -> str | None:
    if value is not None and not _POLICY.fullmatch(str(value)):
        raise InvalidInput(
            f"restart={value!r} is no restart policy.",
            "Choose 'no', 'on-failure', 'on-failure:3', 'always' or 'unless-stopped'.",
        )
    return None if value is None else str(value)


def _size_of(name: str, value: object) -> str | None:
    if value is None:
        return None
    (parse_swap if name == "memory_swap" else parse_bytes)(value)
    return str(value)


def _entrypoint_of(value: object) -> tuple[str, ...] | None:
    """The words; one that is empty takes the image's own away, as `--entrypoint ''` does."""
    return None if value is None else tuple(words_of(value)) or ("",)


def _reader(read: Callable[..., object], *names: str, **more: str) -> dict[str, _Read]:
    return {name: partial(read, name, **more) for name in names}


_Read = Callable[[object], object]
_READ: dict[str, _Read] = {
    **_reader(text_of, "name", "network", "user", "workdir", "log_driver", "health_cmd", "runtime"),
    **_reader(switch_of, "detach", "read_only", "init"),
    **_reader(list_of, "cap_drop", "cap_add", "security_opt", "devices"),
    **_reader(table_of, "environment", "log_opt"),
    **_reader(table_of, "tmpfs", "add_host", separator=":"),
    **_reader(volumes_of, "volumes"),
    **_reader(_size_of, "memory", "memory_swap"),
    **_reader(cores_of, "cpus"),
    **_reader(count_of, "pids_limit", "health_retries"),
    **_reader(duration_of, "health_interval", "health_timeout", "health_start_period"),
    "ports": checked_ports,
    "restart": _restart_of,
    "entrypoint": _entrypoint_of,
}
# Other names for the same: the docker command's own, and those of its library for Python.
_ELSEWHERE = {
    "mem_limit": "memory", "m": "memory", "memswap_limit": "memory_swap", "nano_cpus": "cpus",
    "env": "environment", "e": "environment", "volume": "volumes", "v": "volumes",
    "binds": "volumes", "publish": "ports", "p": "ports", "port_bindings": "ports",
    "working_dir": "workdir", "w": "workdir", "restart_policy": "restart", "u": "user",
    "d": "detach", "background": "detach", "extra_hosts": "add_host", "net": "network",
    "network_mode": "network", "log_config": "log_opt", "healthcheck": "health_cmd",
    "device": "devices",
}  # fmt: skip
