"""Twenty containers built to break rules, and what docker-bench-security's rules say of each.

The reference asks the docker command, rule by rule, as that script does: one Go template and what
of its answer is a warning. Source: docker-bench-security 1.6, tests/5_container_runtime.sh and
check 4.1.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from helpers import audit
from helpers.engine.base.engine_identity import is_podman
from helpers.engine.docker import Docker
from helpers.errors import NoSuchContainer
from helpers.model.audit.finding import AuditFinding
from helpers.notebook.session import open_session
from tests.engine.conftest import BUSYBOX

pytestmark = pytest.mark.engine

HOST = ".HostConfig"
# {rule: (what of a container is looked at, what of that is a warning)}.
TEMPLATES = {
    "4.1": ("{{.Config.User}}", r"|0|root"),
    "5.4": (f"{{{{{HOST}.CapAdd}}}}", r"(?!\[\]$|<NOVALUE>$|<NIL>$).*"),
    "5.5": (f"{{{{{HOST}.Privileged}}}}", "true"),
    "5.6": (
        '{{range .Mounts}}{{if eq .Type "bind"}}{{.Source}}:{{.RW}} {{end}}{{end}}',
        r"(.* )?(/|/boot|/dev|/etc|/lib|/proc|/sys|/usr):true( .*)?",
    ),
    "5.10": (f"{{{{{HOST}.NetworkMode}}}}", "host"),
    "5.11": (f"{{{{{HOST}.Memory}}}}", "0"),
    "5.12": (f"{{{{{HOST}.CpuShares}}}}/{{{{{HOST}.NanoCpus}}}}", "0/0"),
    "5.13": (f"{{{{{HOST}.ReadonlyRootfs}}}}", "false"),
    "5.15": (f"{{{{{HOST}.RestartPolicy.MaximumRetryCount}}}}", r"[6-9]|[1-9]\d+"),
    "5.16": (f"{{{{{HOST}.PidMode}}}}", "host"),
    "5.17": (f"{{{{{HOST}.IpcMode}}}}", "host"),
    "5.20": ("{{range .Mounts}}{{.Propagation}} {{end}}", r".*shared.*"),
    "5.21": (f"{{{{{HOST}.UTSMode}}}}", "host"),
    "5.22": (f"{{{{{HOST}.SecurityOpt}}}}", r".*seccomp[:=]unconfined.*"),
    "5.25": (f"{{{{{HOST}.CgroupParent}}}}", ".+"),
    "5.26": (f"{{{{{HOST}.SecurityOpt}}}}", r"(?!.*no-new-privileges).*"),
    "5.27": ("{{json .State}}", r'(?!.*"Health":\{).*'),
    "5.29": (f"{{{{{HOST}.PidsLimit}}}}", r"0|-1|<nil>|<no value>"),
    "5.31": (f"{{{{{HOST}.UsernsMode}}}}", r".*host.*"),
    "5.32": ("{{range .Mounts}}{{.Source}} {{.Destination}} {{end}}", r".*docker\.sock.*"),
}
# The capabilities that the script takes out of the list before it looks whether one is left.
USUAL = re.compile(
    "(CAP_)?(AUDIT_WRITE|CHOWN|DAC_OVERRIDE|FOWNER|FSETID|KILL|MKNOD|NET_BIND_SERVICE|NET_RAW|"
    r"SETFCAP|SETGID|SETPCAP|SETUID|SYS_CHROOT)|\s"
)
PARTS = "¦¦"
SLEEP = "sleep 600"
# {name: (options of `docker run`, command)}.
CONTAINERS: Mapping[str, tuple[str, str]] = {
    "plain": ("", SLEEP),
    "least": (
        "--user 65534 --cap-drop ALL --read-only --security-opt no-new-privileges --memory 32m"
        " --cpus 0.5 --pids-limit 20 --health-cmd true --network none --restart on-failure:5",
        SLEEP,
    ),
    "privileged": ("--privileged", SLEEP),
    "admin": ("--cap-add NET_ADMIN --cap-add CHOWN", SLEEP),
    "usual": ("--cap-add CHOWN --cap-add KILL", SLEEP),
    "etc": ("-v /etc:/host:rw", SLEEP),
    "etc-read": ("-v /etc:/host:ro", SLEEP),
    "socket": ("-v {socket}:/var/run/docker.sock:ro", SLEEP),
    "shared": ("--mount type=bind,source=/srv,target=/x,bind-propagation=rshared", SLEEP),
    "host-net": ("--network host", SLEEP),
    "host-pid": ("--pid host", SLEEP),
    "host-ipc": ("--ipc host", SLEEP),
    "host-uts": ("--uts host", SLEEP),
    "host-users": ("--userns host", SLEEP),
    "no-filter": ("--security-opt seccomp=unconfined", SLEEP),
    "everywhere": ("-p 0.0.0.0:0:80", SLEEP),
    "here": ("-p 127.0.0.1:0:80 --cpu-shares 512 --user root", SLEEP),
    "restless": ("--restart on-failure:9 --pids-limit -1", SLEEP),
    "grouped": ("--cgroup-parent {parent} --device /dev/null", SLEEP),
    "sshd": ("--memory 64m", "sh -c 'cp /bin/busybox /busybox-sshd; exec /busybox-sshd sleep 600'"),
}
# Made and not started: they would need a shared mount of the host, leave a control group there, or
# need what the host itself may not have.
CREATED = ("shared", "grouped", "privileged")
# Rules that nothing breaks on Podman: it tells of no user namespace.
NOT_ON_PODMAN = {"5.31"}


def command(*words: str) -> str:
    run = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def asked(name: str, template: str) -> str:
    return command("inspect", "--format", template, name)


def warned_by_inspect(names: list[str]) -> dict[str, set[str]]:
    """The rules that a template alone decides, by container."""
    templates = PARTS.join(template for template, _ in TEMPLATES.values())
    lines = command("inspect", "--format", templates, *names).splitlines()
    warned = {}
    for name, line in zip(names, lines, strict=True):
        answers = [answer.strip() for answer in line.split(PARTS)]
        warned[name] = {
            number
            for (number, (_, pattern)), answer in zip(TEMPLATES.items(), answers, strict=True)
            if re.fullmatch(pattern, _usual_left_out(answer) if number == "5.4" else answer)
        }
    return warned


def _usual_left_out(answer: str) -> str:
    return USUAL.sub("", answer.upper())


def published(name: str) -> list[tuple[str, int]]:
    """The addresses and ports of the host that `docker port` names."""
    rows = [line.rpartition(" ")[2].rpartition(":") for line in command("port", name).splitlines()]
    return [(address, int(number)) for address, _, number in rows]


def warned(name: str, engine: list[str]) -> set[str]:
    """What the script would warn of besides; `engine` is what `docker info` says."""
    numbers = set()
    options, swarm = engine
    if any(number < 1024 for _, number in published(name)):
        numbers.add("5.8")
    if any(address == "0.0.0.0" for address, _ in published(name)):
        numbers.add("5.14")
    running = asked(name, "{{.State.Running}}") == "true"
    if running and "sshd" in command("top", name, "-eo", "pid,comm"):
        numbers.add("5.7")
    profile = asked(name, "{{.AppArmorProfile}}")
    if "apparmor" in options and profile in ("", "unconfined"):
        numbers.add("5.2")
    if "selinux" in options and asked(name, "{{.HostConfig.SecurityOpt}}") in ("[]", "<no value>"):
        numbers.add("5.3")
    if swarm != "inactive":
        numbers.add("5.1")
    return numbers


@contextmanager
def running(docker: Docker) -> Iterator[list[str]]:
    """The twenty containers; a control group is named as the engine's driver takes it.

    The socket is the engine's own, or a volume in its stead where that is elsewhere.
    """
    host = docker.endpoint.host
    socket = host.removeprefix("unix://") if host.startswith("unix://") else "wbt-audit-socket"
    by_systemd = docker.info.get("CgroupDriver") == "systemd"
    parent = "wbtaudit.slice" if by_systemd else "/wbt-audit"
    names = []
    try:
        for name, (options, inside) in CONTAINERS.items():
            words = shlex.split(options.format(parent=parent, socket=socket))
            full = f"wbt-audit-{name}"
            names.append(full)
            verb = ["create"] if name in CREATED else ["run", "-d"]
            command(*verb, "--name", full, *words, BUSYBOX, *shlex.split(inside))
        yield names
    finally:
        subprocess.run(["docker", "rm", "--force", *names], capture_output=True, check=False)


def numbers(findings: tuple[AuditFinding, ...], name: str) -> set[str]:
    return {finding.number for finding in findings if finding.container == name}


def test_twenty_containers_fail_where_the_script_warns_and_nowhere_else(docker: Docker) -> None:
    assert len(CONTAINERS) == 20
    open_session(docker)
    with running(docker) as names:
        table = audit(names)
        engine = command("info", "--format", "{{.SecurityOptions}}\n{{.Swarm.LocalNodeState}}")
        for name, by_inspect in warned_by_inspect(names).items():
            theirs = by_inspect | warned(name, engine.splitlines())
            assert numbers(table.failed, name) == theirs, name
        for_a_person = table.report.with_outcome("judge")
        judged = {name: numbers(for_a_person, f"wbt-audit-{name}") for name in CONTAINERS}
        assert "5.18" in judged["grouped"]
        assert "5.9" in judged["here"]
        assert "5.6" in judged["etc-read"]
        assert "5.30" in judged["plain"]
        assert not judged["least"] & {"5.30", "5.9", "5.18"}
        text = repr(table)
    assert "--security-opt no-new-privileges" in text
    broken = {finding.number for finding in table.failed}
    whole = {*TEMPLATES, "5.7", "5.14"} - broken
    assert whole == (NOT_ON_PODMAN if is_podman(docker.info) else set()), "each is broken by one"


def test_what_the_audit_says_mends_it_does(docker: Docker) -> None:
    """The options that it names for the plain container, given as they stand."""
    open_session(docker)
    command("run", "-d", "--name", "wbt-audit-mend", BUSYBOX, *SLEEP.split())
    try:
        before = audit("wbt-audit-mend").failed
        options = " ".join(one.mend.partition(" (")[0] for one in before).replace("'…'", "true")
        command("rm", "--force", "wbt-audit-mend")
        words = shlex.split(options)
        command("run", "-d", "--name", "wbt-audit-mend", *words, BUSYBOX, *SLEEP.split())
        assert len(before) >= 6
        assert audit("wbt-audit-mend").failed == ()
    finally:
        subprocess.run(["docker", "rm", "--force", "wbt-audit-mend"], capture_output=True)


def test_a_container_that_is_not_there(docker: Docker) -> None:
    open_session(docker)
    with pytest.raises(NoSuchContainer, match="docker ps --all"):
        audit("wbt-audit-nowhere")
