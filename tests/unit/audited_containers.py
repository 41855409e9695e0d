"""What the engine says of containers, as an audit reads it: as little as `docker run` leaves."""

from __future__ import annotations

from typing import Any


def inspected(**host: Any) -> dict[str, Any]:
    """The answer for a container that was run without options, but for these of its HostConfig."""
    plain = {
        "Binds": None,
        "NetworkMode": "bridge",
        "PortBindings": {},
        "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
        "CapAdd": None,
        "SecurityOpt": None,
        "Privileged": False,
        "ReadonlyRootfs": False,
        "Memory": 0,
        "NanoCpus": 0,
        "CpuShares": 0,
        "CpuQuota": 0,
        "PidsLimit": None,
        "PidMode": "",
        "IpcMode": "private",
        "UTSMode": "",
        "UsernsMode": "",
        "Devices": [],
        "Ulimits": None,
        "CgroupParent": "",
    }
    return {
        "Name": "/web",
        "State": {"Status": "running"},
        "Config": {"User": ""},
        "AppArmorProfile": "docker-default",
        "HostConfig": {**plain, **host},
        "Mounts": [],
        "NetworkSettings": {"Ports": {}},
    }


def bind(source: str, target: str = "/x", writable: bool = True, how: str = "rprivate") -> Any:
    return {
        "Type": "bind",
        "Source": source,
        "Destination": target,
        "RW": writable,
        "Propagation": how,
    }


def port(address: str, number: int) -> list[dict[str, str]]:
    return [{"HostIp": address, "HostPort": str(number)}]
