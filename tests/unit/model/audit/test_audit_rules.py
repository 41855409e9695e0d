"""What each rule says of what `docker inspect` can say; the other rules say what they said."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.audit.engine_facts import EngineFacts
from helpers.model.audit.report import AuditReport, audited
from helpers.model.audit.rules import RULES
from helpers.outside import visible_line
from tests.unit.audited_containers import bind, inspected, port

ENGINE = EngineFacts(has_apparmor=True)
# Of a container that `docker run IMAGE` made: by the rules of docker-bench-security 1.6.
PLAIN_FAILS = {"4.1", "5.11", "5.12", "5.13", "5.26", "5.27", "5.29"}
PLAIN_JUDGE = {"5.19", "5.30"}
PLAIN_UNKNOWN = {"5.23", "5.24", "5.28"}


def report(answer: dict[str, Any], engine: EngineFacts = ENGINE, **facts: Any) -> AuditReport:
    return audited([ContainerFacts.from_inspect(answer, **facts)], engine)


def numbers(answer: AuditReport, outcome: Any) -> set[str]:
    return {finding.number for finding in answer.with_outcome(outcome)}


def finding(answer: AuditReport, number: str) -> tuple[str, str, str]:
    (one,) = (one for one in answer.findings if one.number == number)
    return one.outcome, one.seen, one.mend


def test_the_rules_of_section_5_are_all_there_and_in_order() -> None:
    assert [rule.number for rule in RULES] == ["4.1", *(f"5.{number}" for number in range(1, 33))]


def test_a_plain_container() -> None:
    answer = report(inspected())
    assert numbers(answer, "fails") == PLAIN_FAILS
    assert numbers(answer, "judge") == PLAIN_JUDGE
    assert numbers(answer, "unknown") == PLAIN_UNKNOWN
    assert numbers(answer, "not here") == {"5.3"}
    assert sum(answer.counts.values()) == len(RULES)


HARDENED: dict[str, Any] = {
    "SecurityOpt": ["no-new-privileges"],
    "ReadonlyRootfs": True,
    "Memory": 64 << 20,
    "NanoCpus": 500_000_000,
    "PidsLimit": 50,
    "NetworkMode": "shop",
    "Ulimits": [{"Name": "nofile", "Hard": 64, "Soft": 64}],
}


def test_a_hardened_container_fails_in_nothing() -> None:
    answer = inspected(**HARDENED)
    answer["Config"]["User"] = "1000:1000"
    answer["State"]["Health"] = {"Status": "starting"}
    result = report(answer)
    assert not result.failed
    assert not result.with_outcome("judge")


# What is changed in the answer, the rule that then has another outcome, and that outcome.
BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    ({"CapAdd": ["NET_ADMIN"]}, "5.4", "fails", "NET_ADMIN"),
    ({"CapAdd": ["CAP_SYS_PTRACE", "CHOWN"]}, "5.4", "fails", "added: SYS_PTRACE"),
    ({"CapAdd": ["ALL"]}, "5.4", "fails", "ALL"),
    ({"CapAdd": ["CHOWN", "cap_kill"]}, "5.4", "passes", ""),
    ({"Privileged": True}, "5.5", "fails", "privileged"),
    ({"NetworkMode": "host"}, "5.10", "fails", "host"),
    ({"NetworkMode": "container:abc"}, "5.10", "passes", ""),
    ({"Memory": 1 << 30}, "5.11", "passes", "1 GiB"),
    ({"CpuShares": 512}, "5.12", "passes", "512"),
    ({"CpuQuota": 50_000}, "5.12", "passes", ""),
    ({"ReadonlyRootfs": True}, "5.13", "passes", ""),
    ({"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5}}, "5.15", "passes", ":5"),
    ({"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 6}}, "5.15", "fails", ":6"),
    ({"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 0}}, "5.15", "judge", "end"),
    ({"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}}, "5.15", "judge", "always"),
    ({"PidMode": "host"}, "5.16", "fails", "processes"),
    ({"IpcMode": "host"}, "5.17", "fails", "memory"),
    ({"Devices": [{"PathOnHost": "/dev/fuse"}]}, "5.18", "judge", "/dev/fuse"),
    ({"UTSMode": "host"}, "5.21", "fails", "name"),
    ({"SecurityOpt": ["seccomp=unconfined"]}, "5.22", "fails", "unconfined"),
    ({"SecurityOpt": ["seccomp:unconfined"]}, "5.22", "fails", "unconfined"),
    ({"CgroupParent": "/elsewhere"}, "5.25", "fails", "/elsewhere"),
    ({"SecurityOpt": ["no-new-privileges:true"]}, "5.26", "passes", ""),
    ({"SecurityOpt": ["no-new-privileges=false"]}, "5.26", "fails", ""),
    ({"PidsLimit": -1}, "5.29", "fails", ""),
    ({"PidsLimit": 0}, "5.29", "fails", ""),
    ({"PidsLimit": 2048}, "5.29", "passes", "2,048"),
    ({"UsernsMode": "host"}, "5.31", "fails", "users"),
]


@pytest.mark.parametrize(("host", "number", "outcome", "seen"), BROKEN)
def test_an_option_decides_its_rule(
    host: dict[str, Any], number: str, outcome: str, seen: str
) -> None:
    result = finding(report(inspected(**host)), number)
    assert result[0] == outcome
    assert seen in result[1]
    assert bool(result[2]) == (outcome in ("fails", "judge"))


@pytest.mark.parametrize(
    ("mount", "folders", "socket", "shared"),
    [
        (bind("/etc"), "fails", "passes", "passes"),
        (bind("/etc/"), "fails", "passes", "passes"),
        (bind("/etc", writable=False), "judge", "passes", "passes"),
        (bind("/etc/ssl"), "passes", "passes", "passes"),
        (bind("/"), "fails", "judge", "passes"),
        (bind("/srv", "/usr"), "passes", "passes", "passes"),
        (bind("/var/run/docker.sock", writable=False), "passes", "fails", "passes"),
        (bind("/srv/engine", "/run/docker.sock"), "passes", "fails", "passes"),
        (bind("/run/podman/podman.sock"), "passes", "fails", "passes"),
        (bind("/var/run"), "passes", "judge", "passes"),
        (bind("/srv", how="rshared"), "passes", "passes", "fails"),
        (bind("/srv", how="rslave"), "passes", "passes", "passes"),
    ],
)
def test_mounts(mount: dict[str, Any], folders: str, socket: str, shared: str) -> None:
    answer = inspected()
    answer["Mounts"] = [mount]
    result = report(answer)
    assert [finding(result, number)[0] for number in ("5.6", "5.32", "5.20")] == [
        folders,
        socket,
        shared,
    ]


@pytest.mark.parametrize(
    ("address", "number", "low", "wide", "mend"),
    [
        ("0.0.0.0", 4000, "passes", "fails", "-p 127.0.0.1:4000:80"),
        ("::", 4000, "passes", "fails", "-p 127.0.0.1:4000:80"),
        ("127.0.0.1", 4000, "passes", "passes", ""),
        ("127.0.0.1", 80, "fails", "passes", "-p 127.0.0.1:8080:80"),
        ("::1", 1023, "fails", "passes", "-p [::1]:9023:80"),
        ("127.0.0.1", 1024, "passes", "passes", ""),
    ],
)
def test_ports(address: str, number: int, low: str, wide: str, mend: str) -> None:
    answer = inspected()
    answer["NetworkSettings"]["Ports"] = {"80/tcp": port(address, number), "81/tcp": None}
    result = report(answer)
    low_found, wide_found = finding(result, "5.8"), finding(result, "5.14")
    assert (low_found[0], wide_found[0]) == (low, wide)
    assert mend in (low_found[2], wide_found[2])
    assert finding(result, "5.9")[0] == "judge"


def test_a_container_that_does_not_run_is_told_by_what_it_will_publish() -> None:
    answer = inspected(PortBindings={"53/udp": port("", 53)})
    result = report(answer, commands=None, why_no_commands="it is created")
    assert finding(result, "5.14")[0] == "fails"
    assert finding(result, "5.14")[2] == "-p 127.0.0.1:53:53/udp"
    assert finding(result, "5.7")[:2] == ("unknown", "it is created")


@pytest.mark.parametrize(
    ("user", "outcome"),
    [("", "fails"), ("0", "fails"), ("root", "fails"), ("0:0", "fails"), ("65534", "passes")],
)
def test_the_user(user: str, outcome: str) -> None:
    answer = inspected()
    answer["Config"]["User"] = user
    assert finding(report(answer), "4.1")[0] == outcome


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        ("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", "fails"),
        ("/usr/sbin/sshd -D", "fails"),
        ("/usr/lib/openssh/sshd-session -R", "fails"),
        ("vi /etc/ssh/sshd_config", "passes"),
        ("", "passes"),
    ],
)
def test_an_ssh_server(command: str, outcome: str) -> None:
    assert finding(report(inspected(), commands=["init", command]), "5.7")[0] == outcome


def test_what_the_kernel_does_not_have_is_said() -> None:
    bare = EngineFacts.from_info({"SecurityOptions": None})
    result = report(inspected(), bare)
    assert [finding(result, number)[0] for number in ("5.1", "5.2", "5.3", "5.22")] == [
        *("not here", "not here", "not here", "judge")
    ]


INFO = {
    "SecurityOptions": ["name=selinux", "name=seccomp,profile=builtin", "name=no-new-privileges"],
    "Swarm": {"LocalNodeState": "active"},
}


def test_what_the_engine_says_of_itself() -> None:
    engine = EngineFacts.from_info(INFO)
    assert engine == EngineFacts(False, True, True, True, "active")
    result = report(inspected(SecurityOpt=["label=disable"]), engine)
    assert finding(result, "5.1")[0] == "fails"
    assert finding(result, "5.3")[:2] == ("fails", "label=disable")
    assert finding(result, "5.26")[0] == "passes"
    assert finding(report(inspected(), engine), "5.3")[0] == "fails"
    confined = inspected(SecurityOpt=["label=level:s0:c1,c2"])
    assert finding(report(confined, engine), "5.3")[0] == "passes"


def test_a_container_that_apparmor_leaves_alone() -> None:
    answer = inspected()
    answer["AppArmorProfile"] = "unconfined"
    assert finding(report(answer), "5.2")[:2] == ("fails", "profile unconfined")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
PLACES = [
    *(("HostConfig", key) for key in inspected()["HostConfig"]),
    *(("State", "Health"), ("NetworkSettings", "Ports"), ("Config", "User"), ("Mounts",)),
]


@given(place=st.sampled_from(PLACES), value=ANYTHING)
def test_whatever_stands_in_one_place_every_rule_has_an_outcome(
    place: tuple[str, ...], value: Any
) -> None:
    answer = copy.deepcopy(inspected())
    holder = answer
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    result = report(answer)
    assert len(result.findings) == len(RULES)
    for one in result.findings:
        assert visible_line(repr(one)) == repr(one)
