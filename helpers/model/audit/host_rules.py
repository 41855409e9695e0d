"""Rules on what a container shares with its host: folders, ports, namespaces, devices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter

from helpers.model.audit.container_facts import ContainerFacts, MountFact, PublishedPort
from helpers.model.audit.engine_facts import EngineFacts
from helpers.model.audit.finding import Judged, Rule, fails, for_a_person, passes

SYSTEM_FOLDERS = frozenset(("/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"))
# Sockets by which an engine is steered; whoever has one of them has the host.
_SOCKETS = ("docker.sock", "podman.sock", "containerd.sock", "crio.sock")
_SOCKET_FOLDERS = frozenset(("/", "/run", "/var/run", "/var"))
# Below it, only root may listen on Linux.
_FIRST_FREE_PORT = 1024
_EVERYWHERE = ("", "0.0.0.0", "::")


def _swarm(_: ContainerFacts, engine: EngineFacts) -> Judged:
    if engine.swarm is None:
        return Judged("not here", "this engine has no swarm mode")
    if engine.swarm == "inactive":
        return passes("swarm mode is off")
    return fails(f"swarm mode is {engine.swarm}", "of the engine: docker swarm leave")


def _folders(container: ContainerFacts, _: EngineFacts) -> Judged:
    """By the place on the host; the script takes one in the container for it, too."""
    shared = [mount for mount in container.mounts if _is_system(mount)]
    writable = [mount for mount in shared if mount.is_writable]
    if writable:
        seen = ", ".join(f"{mount.source} at {mount.target}" for mount in writable)
        return fails(f"{seen}, writable", _without(writable[0]))
    if shared:
        return for_a_person(f"{shared[0].source} at {shared[0].target}, to be read")
    return passes("no system folder of the host is writable")


def _is_system(mount: MountFact) -> bool:
    return mount.kind == "bind" and (mount.source.rstrip("/") or "/") in SYSTEM_FOLDERS


def _socket(container: ContainerFacts, _: EngineFacts) -> Judged:
    """A socket that is mounted read-only takes requests all the same."""
    for mount in container.mounts:
        if any(name in mount.source or name in mount.target for name in _SOCKETS):
            return fails(f"{mount.source} at {mount.target}", _without(mount))
    for mount in container.mounts:
        if mount.kind == "bind" and (mount.source.rstrip("/") or "/") in _SOCKET_FOLDERS:
            seen = f"{mount.source} at {mount.target}: the engine's socket may be below it"
            return for_a_person(seen, _without(mount))
    return passes("no engine's socket is mounted")


def _propagation(container: ContainerFacts, _: EngineFacts) -> Judged:
    for mount in container.mounts:
        if "shared" in mount.propagation:
            mend = f"leave out bind-propagation={mount.propagation} of the mount at {mount.target}"
            return fails(f"{mount.propagation}: {mount.source} at {mount.target}", mend)
    return passes("no mount is shared back")


def _low_ports(container: ContainerFacts, _: EngineFacts) -> Judged:
    low = [port for port in container.published if 0 < port.host_port < _FIRST_FREE_PORT]
    if low:
        mend = _publish(low[0], address=low[0].address, host_port=low[0].host_port + 8000)
        return fails(f"port {', '.join(_numbers(low))} of the host", mend)
    return passes("no port of the host below 1024")


def _needed_ports(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.published:
        return for_a_person(f"publishes {', '.join(_numbers(container.published))}: all needed?")
    return passes("publishes no port")


def _one_address(container: ContainerFacts, _: EngineFacts) -> Judged:
    """The script looks at 0.0.0.0 alone; `::` is every address as well."""
    wide = [port for port in container.published if port.address in _EVERYWHERE]
    if wide:
        seen = f"port {', '.join(_numbers(wide))} on every address of the host"
        return fails(seen, _publish(wide[0], "127.0.0.1", wide[0].host_port))
    return passes("no port on every address")


def _numbers(ports: list[PublishedPort] | tuple[PublishedPort, ...]) -> list[str]:
    return [str(number) for number in sorted({port.host_port for port in ports})]


def _publish(port: PublishedPort, address: str, host_port: int) -> str:
    """The option that publishes a port; the protocol is said where it is not TCP."""
    inside = port.port.removesuffix("/tcp")
    host = f"[{address}]" if ":" in address else address
    return f"-p {host}{':' if host else ''}{host_port}:{inside}"


def _network(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.network == "host":
        return fails("the host's network", "leave out --network host; -p publishes a port")
    return passes(f"network {container.network or 'default'}")


def _bridge(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.network in ("default", "bridge"):
        return for_a_person("on the default bridge, with all others there", "--network NAME")
    return passes(f"network {container.network}")


def _namespace(
    of: Callable[[ContainerFacts], str], what: str, option: str, c: ContainerFacts, _: EngineFacts
) -> Judged:
    """One of the namespaces that a container shares only where it was told to."""
    if of(c) == "host":
        return fails(f"the host's {what}", f"leave out {option} host")
    return passes(f"{what} not the host's")


def _own(attribute: str, what: str, option: str) -> Callable[[ContainerFacts, EngineFacts], Judged]:
    return partial(_namespace, attrgetter(attribute), what, option)


def _devices(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.devices:
        leave_out = " ".join(f"--device {device}" for device in container.devices)
        seen = f"{', '.join(container.devices)} of the host: needed?"
        return for_a_person(seen, f"leave out {leave_out}")
    return passes("no device of the host")


def _without(mount: MountFact) -> str:
    return f"leave out -v {mount.source}:{mount.target}"


RULES = (
    Rule("5.1", "swarm mode is off where nobody needs it", _swarm),
    Rule("5.6", "no system folder of the host", _folders),
    Rule("5.8", "no port of the host below 1024", _low_ports),
    Rule("5.9", "only the ports that it needs", _needed_ports),
    Rule("5.10", "a network of its own", _network),
    Rule("5.14", "ports on one address of the host", _one_address),
    Rule("5.16", "processes of its own", _own("pid_mode", "processes", "--pid")),
    Rule("5.17", "shared memory of its own", _own("ipc_mode", "shared memory", "--ipc")),
    Rule("5.18", "no device of the host", _devices),
    Rule("5.20", "mounts are not shared back", _propagation),
    Rule("5.21", "a host name of its own", _own("uts_mode", "host name", "--uts")),
    Rule("5.30", "not on the default bridge", _bridge),
    Rule("5.31", "the engine's user namespaces", _own("user_namespace", "users", "--userns")),
    Rule("5.32", "no engine's socket", _socket),
)
