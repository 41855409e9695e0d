"""`docker.run` and the container's own methods, against what the docker CLI says of the same."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from typing import Any

import pytest

from helpers.engine.docker import Docker
from helpers.errors import (
    ImageUnavailable,
    InvalidInput,
    NameInUse,
    NoSuchContainer,
    NotReady,
    PortInUse,
)
from tests.engine.conftest import BUSYBOX

pytestmark = pytest.mark.engine

SERVE = "httpd -f -p 80 -h /etc"


def cli(docker: Docker, *words: str) -> str:
    """What the docker command prints, spoken to the same engine."""
    command = ["docker", "--host", docker.endpoint.host, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def inspected(docker: Docker, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli(docker, "inspect", name))[0]
    return found


def test_a_container_that_prints_and_ends(docker: Docker) -> None:
    hello = docker.run(BUSYBOX, "echo hello", name="wbt-hello", detach=False)
    assert (hello.status, hello.exit_code) == ("exited", 0)
    assert hello.logs() == "hello\n" == cli(docker, "logs", "wbt-hello") + "\n"
    assert hello.command == f"docker run --name wbt-hello {BUSYBOX} echo hello"
    assert list(docker.commands) == [hello.command, "docker logs wbt-hello"]


@pytest.mark.parametrize(("command", "code"), [("true", 0), ("false", 1), ("sh -c 'exit 7'", 7)])
def test_exit_codes(docker: Docker, command: str, code: int) -> None:
    assert docker.run(BUSYBOX, command).wait() == code


def test_the_line_that_is_shown_makes_the_same_container(docker: Docker) -> None:
    options: dict[str, Any] = {
        "name": "wbt-twin", "ports": {80: "127.0.0.1:0"}, "environment": {"A": "b c"},
        "memory": "32m", "cpus": 0.5, "pids_limit": 50, "restart": "on-failure:2", "user": "1000",
        "workdir": "/tmp", "read_only": True, "init": True, "cap_drop": ["ALL"],
        "tmpfs": {"/run": "size=1m"}, "volumes": {"/etc": "/host:ro"},
    }  # fmt: skip
    made = docker.run(BUSYBOX, "sleep 60", **options)
    first = inspected(docker, "wbt-twin")
    made.remove(force=True)
    cli(docker, *shlex.split(made.command)[1:])
    second = inspected(docker, "wbt-twin")
    cli(docker, "rm", "--force", "wbt-twin")
    for found in (first, second):
        found["HostConfig"]["ShmSize"] = None
    differing = {
        k
        for k, v in first["HostConfig"].items()
        if (v or None) != (second["HostConfig"][k] or None)
    }
    assert differing <= {"ConsoleSize", "MaskedPaths", "ReadonlyPaths", "CgroupnsMode", "LogConfig"}
    for key in ("Cmd", "Entrypoint", "User", "WorkingDir", "ExposedPorts"):
        assert first["Config"][key] == second["Config"][key], key
    assert set(first["Config"]["Env"]) == set(second["Config"]["Env"])


def test_exec_gives_output_and_exit_code(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "sleep 60", name="wbt-box")
    assert box.exec("echo in here") == "in here\n"
    assert box.exec("sh -c 'echo bad; exit 3'").exit_code == 3
    assert box.exec("id -u", user="1000") == "1000\n"


def test_stop_start_restart_remove(docker: Docker) -> None:
    deaf = "trap '[ -e /hears ] && exit' TERM; while :; do sleep 0.1; done"
    box = docker.run(BUSYBOX, ["sh", "-c", deaf], name="wbt-life")
    assert box.stop(seconds=1).status == "exited"
    assert box.exit_code == 137
    assert box.start().status == "running"
    before = inspected(docker, "wbt-life")["State"]["Pid"]
    box.exec("touch /hears")  # or it is killed after the ten seconds that `restart` gives
    assert box.restart().status == "running"
    assert inspected(docker, "wbt-life")["State"]["Pid"] != before
    assert box.pause().status == "paused"
    assert box.unpause().status == "running"
    box.kill()
    assert box.wait() == 137
    assert box.remove().status == "removed"
    with pytest.raises(NoSuchContainer):
        box.logs()


def test_a_published_port_answers_and_readiness_is_waited_for(docker: Docker) -> None:
    web = docker.run(BUSYBOX, f"sh -c 'sleep 0.5; exec {SERVE}'", ports={80: ("127.0.0.1", 0)})
    answer = web.wait_until_ready("/passwd", seconds=20)
    assert answer.status == 200
    assert "root:" in answer.text
    assert answer.seconds > 0.3
    assert web.url() == web.url(80) == web.url("80/tcp")
    assert web.url(path="x") == f"{web.url()}x"


def test_an_app_that_never_gets_ready(docker: Docker) -> None:
    web = docker.run(BUSYBOX, "sleep 60", name="wbt-mute", ports={80: ("127.0.0.1", 0)})
    with pytest.raises(NotReady, match=r"was not ready within 0\.40 s"):
        web.wait_until_ready(seconds=0.4)


def test_an_app_that_ends_before_it_is_ready(docker: Docker) -> None:
    command = "sh -c 'sleep 0.5; echo no database >&2; exit 4'"
    web = docker.run(BUSYBOX, command, name="wbt-dies", ports={80: ("127.0.0.1", 0)})
    started = time.monotonic()
    with pytest.raises(NotReady, match=r"exited with exit code 4\. It said last: no database"):
        web.wait_until_ready(seconds=30)
    assert time.monotonic() - started < 20


def test_urls_of_what_is_not_published(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "sleep 60", name="wbt-closed")
    with pytest.raises(InvalidInput, match="does not publish port 80"):
        box.url(80)
    box.kill()
    box.wait()
    with pytest.raises(InvalidInput, match="is exited, so none of its ports"):
        box.url(80)


def test_a_name_in_use_leaves_the_first_one_alone(docker: Docker) -> None:
    first = docker.run(BUSYBOX, "sleep 60", name="wbt-one")
    with pytest.raises(NameInUse, match="already a container named 'wbt-one'"):
        docker.run(BUSYBOX, "sleep 60", name="wbt-one")
    assert first.status == "running"


def test_a_port_in_use_leaves_no_container_behind(docker: Docker) -> None:
    first = docker.run(BUSYBOX, SERVE, ports={80: ("127.0.0.1", 0)})
    port = first.url().rsplit(":", 1)[1].strip("/")
    with pytest.raises(PortInUse, match=f"Port {port} of this machine"):
        docker.run(BUSYBOX, SERVE, name="wbt-late", ports={80: ("127.0.0.1", int(port))})
    with pytest.raises(NoSuchContainer):
        docker.container("wbt-late")


def test_an_unknown_image(docker: Docker) -> None:
    with pytest.raises(ImageUnavailable, match="wbt-no-such-image"):
        docker.run("wbt-no-such-image:1")


def test_a_command_that_is_not_there_leaves_no_container(docker: Docker) -> None:
    from helpers.errors import EngineError

    with pytest.raises(EngineError, match="no-such-program"):
        docker.run(BUSYBOX, "no-such-program", name="wbt-bad")
    with pytest.raises(NoSuchContainer):
        docker.container("wbt-bad")


def test_ps_lists_what_the_cli_lists(docker: Docker) -> None:
    docker.run(BUSYBOX, "sleep 60", name="wbt-up")
    docker.run(BUSYBOX, "true", name="wbt-down", detach=False)
    running, everything = docker.ps(), docker.ps(all=True)
    assert sorted(running["name"]) == sorted(cli(docker, "ps", "--format", "{{.Names}}").split())
    assert set(everything["name"]) >= {"wbt-up", "wbt-down"}
    assert dict(zip(everything["name"], everything["status"], strict=True))["wbt-down"] == "exited"
    assert BUSYBOX in set(docker.images()["name"])


def test_events_tell_the_life_of_a_container(docker: Docker) -> None:
    hello = docker.run(BUSYBOX, "sh -c 'exit 5'", name="wbt-events", detach=False)
    events = hello.events()
    assert [action for action in events.actions if action in ("create", "start", "die")] == [
        "create", "start", "die",
    ]  # fmt: skip
    assert {event.name for event in events} == {"wbt-events"}
    die = next(event for event in events if event.action == "die")
    assert die.attributes["exitCode"] == "5"


def test_somebody_elses_container_is_found_by_name(docker: Docker) -> None:
    made = cli(docker, "create", "--name", "wbt-foreign", BUSYBOX, "true")
    try:
        found = docker.container("wbt-foreign")
        assert (found.id, found.status, found.command) == (
            made, "created", "docker inspect wbt-foreign",
        )  # fmt: skip
        assert found.exit_code is None
    finally:
        cli(docker, "rm", "wbt-foreign")
    with pytest.raises(NoSuchContainer):
        docker.container("wbt-foreign")
