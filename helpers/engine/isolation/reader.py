"""What the kernel says of the first process of a container, and of the engine's host."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.needed_parts import id_in, needed_count, needed_table, needed_text
from helpers.engine.isolation.shell import BUSYBOX, answered, refusal_in
from helpers.engine.isolation.siblings import Siblings
from helpers.errors import EngineError, ImageUnavailable, NoSuchContainer
from helpers.model.isolation.namespaces import KINDS
from helpers.model.isolation.proc_parts import (
    MOST_BYTES,
    NO_NAMESPACE,
    PARTS,
    completed,
    shell_script,
    split_parts,
    walls_from,
)
from helpers.model.isolation.walls import Host, SideBySide, Walls
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

BY_EXEC = "by exec in it"
BY_SIBLING = "by a sibling with --pid container"
BY_HOST = "by a sibling with --pid host"
_ALIVE = ("running", "paused")
# Looking into another's process is all that a sibling may do, and it needs that.
_LOOKS_ONLY: dict[str, Any] = {"cap_drop": ["ALL"], "cap_add": ["SYS_PTRACE"], "read_only": True}
_OWN_SHELL = ("/bin/sh", "-c")
_BUSYBOX_SHELL = (BUSYBOX, "sh", "-c")
# The namespaces that docker can be asked for to be the host's, with the SDK's names for it.
_OF_THE_HOST = {
    "pid": "pid_mode",
    "net": "network_mode",
    "uts": "uts_mode",
    "ipc": "ipc_mode",
    "user": "userns_mode",
    "cgroup": "cgroupns",
}


class WallReader:
    """Reads walls on one engine: by exec, and by siblings where no exec can."""

    def __init__(self, client: DockerClient, lesson: str) -> None:
        self.client = client
        self.siblings = Siblings(client, lesson)
        self._host: Host | None = None

    def side_by_side(self, a: str, b: str) -> SideBySide:
        """Both containers, by id, and the host; raises EngineGone without an engine."""
        with ThreadPoolExecutor(3) as pool:
            host = pool.submit(self._host_once)
            one, other = pool.map(self.walls, (a, b))
            return SideBySide(one, other, host.result())

    def walls(self, container: str) -> Walls:
        """The walls of one, by id; of one that is gone or does not run, why there are none."""
        try:
            with translated("docker inspect"):
                answer = self.client.api.inspect_container(container)
                seen = needed_table(answer, "docker inspect")
        except NoSuchContainer:
            return _nothing(container[:12], "it was removed")
        name = text_in(seen, "Name").removeprefix("/") or container[:12]
        status = needed_text(seen, "docker inspect", "State", "Status")
        if status not in _ALIVE:
            return _nothing(name, f"it is {status}: without a process there are no walls")
        return self._read(name, seen, status)

    def _host_once(self) -> Host:
        """The host, read again only where nothing was to be read."""
        if self._host is None or not self._host.namespaces:
            self._host = self.host()
        return self._host

    def host(self) -> Host:
        """The namespaces of the machine that the engine runs on, as far as it shows them.

        Where the first process of the host cannot be looked into, a sibling that was given the
        host's namespaces looks at its own.
        """
        try:
            with self.siblings.running(**_LOOKS_ONLY, **_host_modes()) as made:
                first = self._parts(made, _BUSYBOX_SHELL, 1)
                own = self._parts(made, _BUSYBOX_SHELL, "self")
        except (EngineError, ImageUnavailable) as error:
            why = _why(error)
            return Host(troubles=dict.fromkeys(KINDS, f"no sibling starts with --pid host: {why}"))
        walls = walls_from("host", first, BY_HOST)
        asked = {f"ns/{kind}": own[f"ns/{kind}"] for kind in _OF_THE_HOST if f"ns/{kind}" in own}
        lent = walls_from("host", asked, BY_HOST).namespaces
        return Host(
            {**lent, **walls.namespaces},
            BY_HOST,
            {kind: walls.why_not(f"ns/{kind}") for kind in KINDS
             if kind not in lent and kind not in walls.namespaces},
        )  # fmt: skip

    def _read(self, name: str, seen: dict[str, Any], status: str) -> Walls:
        """By exec where it has a shell and numbers its processes itself, the rest by siblings."""
        container = id_in(seen, "docker inspect")
        if (text_in(seen, "HostConfig", "PidMode") or "private") != "private":
            pid = needed_count(seen, "docker inspect", "State", "Pid")
            return self._by_sibling(name, BY_HOST, pid, pid_mode="host", userns_mode="host")
        beside = {"pid_mode": f"container:{container}"}
        if status == "paused":
            return self._by_sibling(name, BY_SIBLING, 1, **beside)
        try:
            walls = walls_from(name, self._parts(container, _OWN_SHELL, 1), BY_EXEC)
        except EngineError as error:
            walls = _nothing(name, _why(error), BY_EXEC)
        return completed(walls, self._by_sibling(name, BY_SIBLING, 1, **beside)) if (
            _may_be_mended(walls)) else walls  # fmt: skip

    def _by_sibling(self, name: str, source: str, pid: int, **options: Any) -> Walls:
        try:
            with self.siblings.running(**_LOOKS_ONLY, **options) as made:
                return walls_from(name, self._parts(made, _BUSYBOX_SHELL, pid), source)
        except (EngineError, ImageUnavailable) as error:
            return _nothing(name, f"no sibling starts: {_why(error)}", source)

    def _parts(self, container: str, shell: tuple[str, ...], pid: int | str) -> dict[str, str]:
        mark = f"@{secrets.token_hex(8)}"
        words = (*shell, shell_script(pid, mark))
        answer = answered(self.client, container, words, most_bytes=MOST_BYTES)
        return split_parts(answer.output, mark)


def _host_modes() -> dict[str, str]:
    return dict.fromkeys(_OF_THE_HOST.values(), "host")


def _nothing(name: str, why: str, source: str = "") -> Walls:
    return Walls(name, source=source, troubles=dict.fromkeys(PARTS, why))


def _why(error: EngineError | ImageUnavailable) -> str:
    return refusal_in(error) if isinstance(error, EngineError) else error.message


def _may_be_mended(walls: Walls) -> bool:
    """Whether a part is missing that the kernel has."""
    return any(why != NO_NAMESPACE for why in walls.troubles.values())
