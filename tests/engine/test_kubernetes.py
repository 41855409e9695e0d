"""A cluster: started program by program, spoken to by kubectl, killed, and gone without a trace."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from helpers.engine.command.client_process import Piece
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.errors import CommandFailed, Interrupted, InvalidInput, NameInUse, NotReady, PortInUse
from helpers.model.command.cell_words import cell_words
from helpers.model.image.tool_image import KUBERNETES_IMAGE
from helpers.model.kubernetes.container import NAME
from helpers.model.kubernetes.programs import PROGRAMS
from tests.engine.conftest import BUSYBOX
from tests.engine.labelled import remove_labelled
from tests.engine.supply_kit import need_stand_ins

COMPILE_SECONDS = 2400  # where the programs are not in the cache yet
pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(COMPILE_SECONDS)]
LESSON, PORT = "tests-kubernetes", 4296
READY_SECONDS, AT_ONCE_SECONDS, PODS_SECONDS = 60.0, 3.0, 60.0
SHOP = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: shop
        image: IMAGE
        command: [sh, -c, "mkdir /w; hostname > /w/index.html; exec httpd -f -p 8000 -h /w"]
        readinessProbe: {httpGet: {path: /, port: 8000}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec:
  type: NodePort
  selector: {app: shop}
  ports: [{port: 80, targetPort: 8000, nodePort: 30080}]
""".replace("IMAGE", BUSYBOX)


def typed(docker: Docker, line: str, stdin: str | None = None) -> str:
    """What that line prints, typed behind `%kubectl` in a cell."""
    return docker.kubectl.run(cell_words(line, None, "kubectl"), stdin, lambda piece: None).strip()


def until(is_so: Callable[[], bool], seconds: float = PODS_SECONDS) -> None:
    """Returns once it is so; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds:g} s"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def docker() -> Iterator[Docker]:
    """An engine with the image, and nothing of a cluster; afterwards nothing else is there."""
    need_stand_ins()
    client, endpoint = find_client()
    docker = Docker(client, endpoint, LESSON)
    remove_labelled(client, LESSON)
    docker._ensure(KUBERNETES_IMAGE)
    docker._ensure(BUSYBOX)
    yield docker
    docker.clean_up()
    remove_labelled(client, LESSON)
    client.close()


@pytest.fixture(scope="module")
def started(docker: Docker) -> Docker:
    """The same with a cluster whose six programs run, one after the other as a lesson starts them.

    What stands between the starts is what each program is there for.
    """
    cluster = docker.cluster
    began = time.monotonic()
    cluster.up(PORT)
    assert cluster.programs() == []
    with pytest.raises(InvalidInput, match="kube-scheduler speaks to kube-apiserver"):
        cluster.start("kube-scheduler")
    assert cluster.start("kube-apiserver", "etcd").programs == ("etcd", "kube-apiserver")
    typed(docker, "apply -f -", SHOP)
    assert [item["kind"] for item in cluster.get("deployments", "replicasets", "pods")] == [
        "Deployment"
    ]
    cluster.start("kube-controller-manager")
    until(lambda: len(cluster.get("pods")) == 2)
    assert {pod["status"]["phase"] for pod in cluster.get("pods")} == {"Pending"}
    assert not any(pod["status"].get("conditions") for pod in cluster.get("pods"))
    cluster.start("kube-scheduler")
    until(lambda: all(pod["status"].get("conditions") for pod in cluster.get("pods")))
    reasons = [pod["status"]["conditions"][0]["reason"] for pod in cluster.get("pods")]
    assert reasons == ["Unschedulable"] * 2
    cluster.load(BUSYBOX)
    cluster.start("kubelet", "kube-proxy")
    assert time.monotonic() - began < READY_SECONDS
    typed(docker, "rollout status deployment/shop --timeout=60s")
    return docker


def test_pods_run_and_a_service_answers_on_this_machine(started: Docker) -> None:
    pods = {pod["metadata"]["name"] for pod in started.cluster.get("pods")}

    def answer() -> str:
        try:
            return requests.get(f"http://127.0.0.1:{PORT}", timeout=2).text.strip()
        except requests.ConnectionError:  # kube-proxy has not led it there yet
            return ""

    until(lambda: answer() in pods)
    names = [label["Names"][0] for label in started.cluster.containers()]
    assert len([name for name in names if name.startswith("/k8s_POD_shop-")]) == 2
    assert started.cluster.version == "1.20.2"


def test_a_second_time_finds_all_of_it_at_once(started: Docker) -> None:
    began = time.monotonic()
    started.cluster.up(PORT)
    again = started.cluster.start()
    assert (again.programs, again.before) == ((), PROGRAMS)
    assert time.monotonic() - began < AT_ONCE_SECONDS


def test_each_program_has_its_own_certificate_and_strangers_none(started: Docker) -> None:
    denied = started.client.containers.get(NAME).exec_run(
        ["wget", "-q", "-O", "-", "--no-check-certificate", "https://localhost:6443/api/v1/secrets"]
    )
    assert denied.exit_code != 0
    assert b"401" in denied.output
    with pytest.raises(CommandFailed) as refused:
        typed(started, "get secrets --kubeconfig /var/lib/kubernetes/kube-scheduler.conf")
    assert 'User "system:kube-scheduler" cannot list resource "secrets"' in refused.value.answer


def test_files_beside_the_notebook_go_along(
    started: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "one.yaml").write_text(SHOP.replace("replicas: 2", "replicas: 3"))
    (tmp_path / "shop" / "kustomization.yaml").write_text("resources: [one.yaml]\n")
    (tmp_path / "settings.env").write_text("COLOUR=blue\n")
    assert "shop configured" in typed(started, "apply -k shop")
    assert "unchanged" in typed(started, "apply -f shop/one.yaml")
    typed(started, "create configmap settings --from-env-file=settings.env")
    typed(started, "create configmap files --from-file=shop --from-file=key=settings.env")
    maps = {each["metadata"]["name"]: each["data"] for each in started.cluster.get("configmaps")}
    assert maps["settings"] == {"COLOUR": "blue"}
    assert maps["files"]["key"] == "COLOUR=blue\n"
    assert set(maps["files"]) == {"key", "one.yaml", "kustomization.yaml"}
    left = started.client.containers.get(NAME).exec_run(["sh", "-c", "ls -d /tmp/kubectl-*"])
    assert b"No such file" in left.output


def test_a_failure_has_kubectls_words_first_and_a_next_step(started: Docker) -> None:
    pieces: list[Piece] = []
    with pytest.raises(CommandFailed) as failed:
        started.kubectl.run(["get", "pods", "nope"], None, pieces.append)
    assert "".join(piece.text for piece in pieces) == failed.value.answer
    assert 'pods "nope" not found' in failed.value.answer
    assert failed.value.exit_code == 1
    assert "`%kubectl get all`" in failed.value.next_step
    with pytest.raises(InvalidInput, match="goes on until") as endless:
        started.kubectl.run(["get", "pods", "--watch"], None, pieces.append)
    assert "docker exec --interactive --tty kubernetes kubectl" in endless.value.next_step


def test_an_interrupt_ends_what_was_typed_in_the_cluster_too(started: Docker) -> None:
    typed(started, "create configmap stays")

    def waits() -> bool:
        running = started.client.api.top(NAME, "-eo pid,args")["Processes"]
        return any("kubectl wait" in row[-1] for row in running)

    def interrupt() -> None:
        until(waits)
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(Interrupted, match="`kubectl wait"):
        typed(started, "wait --for=delete configmap/stays --timeout=300s")
    until(lambda: not waits())


def test_a_stopped_program_does_no_more(started: Docker) -> None:
    cluster = started.cluster
    assert cluster.stop("kube-scheduler").programs == ("kube-scheduler",)
    assert "kube-scheduler" not in cluster.programs()
    typed(started, f"run late --image={BUSYBOX} -- sleep 600")
    assert typed(started, "get pod late -o jsonpath='{.spec.nodeName}'") == ""
    cluster.start("kube-scheduler")
    until(lambda: typed(started, "get pod late -o jsonpath='{.spec.nodeName}'") == NAME)
    typed(started, "delete pod late --grace-period=1 --wait=false")


def test_a_killed_cluster_comes_back_with_what_ran(started: Docker) -> None:
    started.cluster.stop("kube-proxy")
    started.client.api.kill(NAME)
    with pytest.raises(NotReady, match="is exited"):
        started.cluster.programs()
    started.cluster.up(PORT)
    assert started.cluster.programs() == list(PROGRAMS[:-1])
    typed(started, "rollout status deployment/shop --timeout=60s")


def test_clean_up_leaves_nothing(started: Docker) -> None:
    api = started.client.api
    identity = api.inspect_container(NAME)["Id"]
    removed = started.clean_up()
    assert removed.containers == removed.volumes == (NAME,)
    assert removed.networks == ()
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    groups = map(str, Path("/sys/fs/cgroup").rglob("*/"))
    assert [line for line in (*mounts, *groups) if identity in line] == []
    with pytest.raises(InvalidInput, match="There is no cluster yet"):
        started.cluster.programs()


def test_what_is_of_others_is_refused_and_a_taken_port_leaves_nothing(docker: Docker) -> None:
    docker.clean_up()
    others = docker.client.containers.create(BUSYBOX, name=NAME)
    try:
        with pytest.raises(NameInUse, match="it is no cluster's"):
            docker.cluster.up(PORT)
    finally:
        others.remove()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", PORT))
        taken.listen()
        with pytest.raises(PortInUse, match=f"Port {PORT} or {PORT + 1}"):
            docker.cluster.up(PORT)
    names = [name for item in docker.client.api.containers(all=True) for name in item["Names"]]
    assert f"/{NAME}" not in names
    assert NAME not in [item["Name"] for item in docker.client.api.volumes()["Volumes"] or []]
