"""The settings of `docker run`, and the line that says the same in a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from ipaddress import ip_address
from typing import TypedDict

from helpers.errors import InvalidInput
from helpers.model.container.health_settings import health_check
from helpers.model.text.command_line import docker_line, option, words_of
from helpers.model.text.options import check_options
from helpers.model.text.units import parse_bytes

Host = int | str | tuple[str, int] | None
_LAST_PORT = 65_535
_POLICY = re.compile(r"no|always|unless-stopped|on-failure(:\d+)?")


class RunOptions(TypedDict, total=False):
    """The options of `docker run` as keyword arguments; RunSettings says what each means."""

    name: str | None
    detach: bool
    ports: Mapping[int | str, Host] | None
    environment: Mapping[str, object] | None
    volumes: Mapping[str, str] | None
    network: str | None
    memory: str | int | None
    memory_swap: str | int | None
    cpus: float | None
    pids_limit: int | None
    restart: str | None
    user: str | None
    workdir: str | None
    entrypoint: str | Sequence[str] | None
    read_only: bool
    init: bool
    cap_drop: Sequence[str]
    cap_add: Sequence[str]
    security_opt: Sequence[str]
    tmpfs: Mapping[str, str] | None
    add_host: Mapping[str, str] | None
    log_driver: str | None
    log_opt: Mapping[str, object] | None
    health_cmd: str | None
    health_interval: str | float | None
    health_timeout: str | float | None
    health_retries: int | None
    health_start_period: str | float | None
    devices: Sequence[str]
    runtime: str | None


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """What `docker run` can be told, in the words of its options.

    `ports` is {port in the container: port, 'address:port' or (address, port) of the host}, where
    0 or None lets the engine choose and the address is an IP address. `memory` is a size such as
    '64m', `cpus` a number of cores.
    `volumes` is {volume or host path: path in the container}, `add_host` {name: address}, `log_opt`
    {option of the log driver: value}. Times of the health check are '1s', '500ms' or seconds.
    Raises InvalidInput at once for what no engine would take.
    """

    name: str | None = None
    detach: bool = True
    ports: Mapping[int | str, Host] | None = None
    environment: Mapping[str, object] | None = None
    volumes: Mapping[str, str] | None = None
    network: str | None = None
    memory: str | int | None = None
    memory_swap: str | int | None = None
    cpus: float | None = None
    pids_limit: int | None = None
    restart: str | None = None
    user: str | None = None
    workdir: str | None = None
    entrypoint: str | Sequence[str] | None = None
    read_only: bool = False
    init: bool = False
    cap_drop: Sequence[str] = ()
    cap_add: Sequence[str] = ()
    security_opt: Sequence[str] = ()
    tmpfs: Mapping[str, str] | None = None
    add_host: Mapping[str, str] | None = None
    log_driver: str | None = None
    log_opt: Mapping[str, object] | None = None
    health_cmd: str | None = None
    health_interval: str | float | None = None
    health_timeout: str | float | None = None
    health_retries: int | None = None
    health_start_period: str | float | None = None
    devices: Sequence[str] = ()
    runtime: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, object]) -> RunSettings:
        """The settings of these keyword arguments; raises InvalidInput for an unknown one."""
        check_options("run", options, [field.name for field in fields(cls)])
        return cls(**options)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        if self.restart is not None and not _POLICY.fullmatch(str(self.restart)):
            raise InvalidInput(
                f"restart={self.restart!r} is no restart policy.",
                "Choose 'no', 'on-failure', 'on-failure:3', 'always' or 'unless-stopped'.",
            )
        if not isinstance(self.ports or {}, Mapping):
            raise InvalidInput(
                f"ports={self.ports!r} is no table of ports.",
                "Write {port in the container: port of this machine}: ports={80: 4000}.",
            )
        for size in (self.memory, self.memory_swap):
            if size is not None:
                parse_bytes(size)
        self.health_check()
        if self.cpus is not None and self.cpus <= 0:
            raise InvalidInput(f"cpus={self.cpus} is no share of a CPU.", "Try cpus=0.5.")
        for inside in self.ports or {}:
            if not str(inside).split("/")[0].isdecimal():
                raise InvalidInput(
                    f"{inside!r} is no port of the container.", "Write ports={80: 4000}."
                )
        self.bindings()

    def line(self, image: str, command: str | Sequence[str] | None = None) -> str:
        """The `docker run …` line that stands for these settings."""
        return docker_line("run", self._options(), image, self._arguments(command))

    def bindings(self) -> dict[str, tuple[str, int | None]]:
        """{'80/tcp': (address, port or None for any)}, address '' for every one."""
        return {_protocol(inside): _binding(host) for inside, host in (self.ports or {}).items()}

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

    def entrypoint_words(self) -> list[str] | None:
        """The entrypoint as words, or None to keep the image's own."""
        return None if self.entrypoint is None else words_of(self.entrypoint)

    def _arguments(self, command: str | Sequence[str] | None) -> list[str]:
        return [*(self.entrypoint_words() or [])[1:], *words_of(command)]

    def _options(self) -> list[str]:
        first = next(iter(self.entrypoint_words() or []), None)
        pairs: list[tuple[str, object]] = [
            ("-d", self.detach), ("--name", self.name),
            *(("-p", _published(inside, host)) for inside, host in (self.ports or {}).items()),
            *(("-e", f"{key}={value}") for key, value in (self.environment or {}).items()),
            *(("-v", f"{source}:{path}") for source, path in (self.volumes or {}).items()),
            *(("--tmpfs", f"{path}:{how}" if how else path)
              for path, how in (self.tmpfs or {}).items()),
            ("--network", self.network), ("--memory", self.memory),
            ("--memory-swap", self.memory_swap), ("--cpus", self.cpus),
            ("--pids-limit", self.pids_limit), ("--restart", self.restart), ("--user", self.user),
            ("--workdir", self.workdir), ("--entrypoint", first), ("--read-only", self.read_only),
            ("--init", self.init),
            *(("--cap-drop", name) for name in self.cap_drop),
            *(("--cap-add", name) for name in self.cap_add),
            *(("--security-opt", name) for name in self.security_opt),
            *(("--add-host", f"{name}:{host}") for name, host in (self.add_host or {}).items()),
            ("--log-driver", self.log_driver),
            *(("--log-opt", f"{name}={value}") for name, value in (self.log_opt or {}).items()),
            ("--health-cmd", self.health_cmd), ("--health-interval", self.health_interval),
            ("--health-timeout", self.health_timeout), ("--health-retries", self.health_retries),
            ("--health-start-period", self.health_start_period),
            *(("--device", path) for path in self.devices),
            ("--runtime", self.runtime),
        ]  # fmt: skip
        return [word for flag, value in pairs for word in option(flag, value)]


def _protocol(inside: int | str) -> str:
    return str(inside) if "/" in str(inside) else f"{inside}/tcp"


def _binding(host: Host) -> tuple[str, int | None]:
    address, port = _split(host)
    if not port.isdecimal() or int(port) > _LAST_PORT:
        raise InvalidInput(f"{host!r} is no port of this machine.", "Write ports={80: 4000}.")
    return _address(address), int(port) or None


def _split(host: Host) -> tuple[str, str]:
    if isinstance(host, tuple):
        if len(host) != 2:
            raise InvalidInput(f"{host!r} is no address and port.", 'Write ("127.0.0.1", 4000).')
        return host[0], str(host[1])
    address, _, port = str(host or 0).rpartition(":")
    if ":" in address and not address.startswith("["):
        raise InvalidInput(
            f"{host!r}: where the address ends is not to be told.",
            f"Write '[{address}]:{port}', an IPv6 address in brackets.",
        )
    return address, port


def _address(text: str) -> str:
    """The IP address; the API itself takes any other text, and publishes on every address."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        if "%" in bare:
            raise ValueError
        return str(ip_address(bare)) if bare else ""
    except ValueError:
        raise InvalidInput(
            f"{text!r} is no IP address, so no port can be published on it alone.",
            "Write ports={80: '127.0.0.1:4000'} for this machine alone.",
        ) from None


def _published(inside: int | str, host: Host) -> str:
    address, port = _binding(host)
    shown = f"[{address}]" if ":" in address else address
    outside = str(port) if port else ""
    return ":".join([*([shown] if shown else []), *([outside] if outside or shown else []),
                     str(inside)])  # fmt: skip
