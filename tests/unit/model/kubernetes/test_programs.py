"""Which programs of a cluster are meant, and which need others first."""

from __future__ import annotations

import pytest

from helpers.errors import InvalidInput
from helpers.model.kubernetes.container import daemon_options, published
from helpers.model.kubernetes.programs import (
    DOES,
    PROGRAMS,
    Started,
    Stopped,
    check_needs,
    checked_programs,
)


def test_none_means_all_and_some_come_in_the_order_of_starting() -> None:
    assert checked_programs(()) == PROGRAMS
    assert checked_programs(("kube-proxy", "etcd", "etcd")) == ("etcd", "kube-proxy")


def test_an_unknown_one_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInput, match="'scheduler' is no program") as refused:
        checked_programs(("etcd", "scheduler"))
    assert all(name in refused.value.next_step for name in PROGRAMS)


@pytest.mark.parametrize(
    ("wanted", "running", "first"),
    [
        (["kube-apiserver"], [], '`cluster.start("etcd")` first.'),
        (["kubelet"], ["etcd"], '`cluster.start("kube-apiserver")` first.'),
        (["kube-scheduler", "etcd"], [], '`cluster.start("kube-apiserver")` first.'),
        (["kube-proxy"], ["kubelet"], '`cluster.start("etcd", "kube-apiserver")` first.'),
    ],
)
def test_a_program_without_its_server_is_not_started(
    wanted: list[str], running: list[str], first: str
) -> None:
    with pytest.raises(InvalidInput, match="which does not run") as refused:
        check_needs(wanted, running)
    assert refused.value.next_step == first


def test_what_has_its_server_is_started() -> None:
    check_needs(PROGRAMS, [])
    check_needs(["kubelet"], ["etcd", "kube-apiserver"])
    check_needs(["etcd"], [])


def test_a_start_reads_as_what_happened() -> None:
    text = repr(Started(("etcd", "kube-apiserver"), ("kubelet",), 3.84))
    assert text.startswith("etcd and kube-apiserver answer after 3.8 s.\netcd keeps")
    assert text.endswith("kubelet ran already.")
    assert repr(Started((), PROGRAMS[:3], 0.1)) == (
        "etcd, kube-apiserver and kube-controller-manager ran already."
    )
    stopped = repr(Stopped(("kube-scheduler",), ("kubelet",)))
    assert stopped == (
        f"kube-scheduler, which {DOES['kube-scheduler']}, is stopped.\nkubelet did not run."
    )


def test_the_engine_in_it_opens_no_port_and_pods_have_a_network_of_their_own() -> None:
    hosts = [word for word in daemon_options() if word.startswith("--host=")]
    assert hosts == ["--host=unix:///var/run/docker.sock"]
    assert "--bip=198.18.0.1/24" in daemon_options()


@pytest.mark.parametrize("port", [0, 80, 65_534, True, "4130", None])
def test_what_is_no_port_is_refused(port: object) -> None:
    with pytest.raises(InvalidInput, match="no port that a cluster could publish"):
        published(port)  # type: ignore[arg-type]
    assert published(4130) == {30080: 4130, 30081: 4131}
