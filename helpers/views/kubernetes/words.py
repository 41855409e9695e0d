"""The words of a cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from helpers.model.kubernetes.cluster_node import ClusterNode
from helpers.model.kubernetes.endpoint import Service, ServicePort
from helpers.model.kubernetes.pod import Phase, Pod
from helpers.model.kubernetes.state import ClusterState
from helpers.model.kubernetes.workload import Workload
from helpers.model.text.units import counted

ROLES = {
    "etcd": "keeps what was told",
    "kube-apiserver": "takes it, and tells everybody",
    "kube-controller-manager": "makes the objects that are missing",
    "kube-scheduler": "gives each pod a node",
    "kubelet": "starts containers, and tells how they are",
    "kube-proxy": "leads connections to pods",
}
IDLE = {
    "kube-controller-manager": "nobody makes what is missing, or takes away what is too much.",
    "kube-scheduler": "nobody gives pods a node.",
    "kubelet": "nobody starts or stops containers, and nobody tells how they are.",
    "kube-proxy": "nobody leads connections to new pods.",
}
HEADERS = ("wished", "program", "observed")
SAME, DIFFERS, NOTHING = "=", "≠", "–"
SIGNS = {
    Phase.UNPLACED: "…",
    Phase.PLACED: "○",
    Phase.STARTING: "◔",
    Phase.READY: "●",
    Phase.UNREADY: "◐",
    Phase.FAILING: "✗",
    Phase.ENDING: "↓",
    Phase.ENDED: "–",
    Phase.LOST: "?",
}
WORDS = {
    "live": "● live",
    "waiting": "○ as it was: no answer from the kernel",
    "wished": "wished",
    "programs": "programs",
    "observed": "observed",
    "pods": "Pods",
    "choose": "Choose a tile for the rest of what is known of it; arrows lead to the next.",
    "about": (
        "= is as wished, ≠ is not. A tile is a pod: its version, the end of its name, its state; "
        "→ says that a Service leads to it. It lies where the last program left it."
    ),
    "last": "What stands here is what was known last.",
    "on": "on",
    "off": "off",
    "unknown": "unknown",
    "same": "as wished",
    "differs": "not as wished",
    "nothing": "nothing is wished",
}
MOST_PODS, _MOST_REASONS = 200, 3
_STRATEGIES = {"Recreate": "All old pods end before new ones begin."}


def title_of(now: ClusterState) -> str:
    """'web: 2 of 3 pods ready: 1 of version 1, 1 of version 2'."""
    wished = sum(each.wished for each in now.deployments)
    if not now.deployments and not now.pods:
        return nothing_line(now)
    name = now.app or (
        now.deployments[0].meta.full_name
        if len(now.deployments) == 1
        else counted(len(now.deployments), "Deployment")
    )
    ready = Counter(each.version for each in now.pods if each.phase is Phase.READY)
    by_version = [f"{ready[one]} of version {one}" for one in now.versions() if ready[one]]
    needed = max(wished, sum(each.is_wanted for each in now.pods))
    line = f"{name}: {sum(ready.values())} of {counted(needed, 'pod')} ready"
    is_one = len(now.deployments) == 1
    return f"{line}: {', '.join(by_version)}" if by_version and is_one else line


def nothing_line(now: ClusterState) -> str:
    """That nothing is wished, or nothing of that app, and what else there is."""
    if not now.contact.connected:
        return "What is wished is not known."
    if not now.app:
        return "Nothing is wished of this cluster."
    others = f" Deployments that there are: {', '.join(now.others)}." if now.others else ""
    return f"Nothing is wished of an app {now.app}.{others}"


def wish_line(deployment: Workload) -> str:
    """'web: 3 pods of version 2'."""
    pods = counted(deployment.wished, "pod")
    return f"{deployment.meta.full_name}: {pods} of version {deployment.version}"


def rule_line(deployment: Workload) -> str:
    """How it is updated, and what its containers are asked: 'readiness probe; …'."""
    if deployment.strategy == "RollingUpdate":
        rule = f"at most {deployment.surge} more and {deployment.unavailable} fewer in an update"
    else:
        rule = _STRATEGIES.get(deployment.strategy, "")
    probes = [f"{kind} probe" for kind in deployment.probes] or ["no probe"]
    paused = ["paused"] if deployment.is_paused else []
    return "; ".join(part for part in [rule, *probes, *paused] if part)


def deployment_line(deployment: Workload) -> str:
    """'web: 2 of 3 ready, 1 of 3 of version 2'; what its controller says that went wrong."""
    name = deployment.meta.full_name
    if not deployment.is_observed:
        return f"{name}: stored, and no controller has looked at it since"
    line = f"{name}: {deployment.ready} of {deployment.wished} ready"
    if deployment.updated != deployment.there:
        line += f", {deployment.updated} of {deployment.there} of version {deployment.version}"
    elif deployment.there > deployment.wished:
        line += f", {deployment.there} there"
    return f"{line}: {deployment.trouble}" if deployment.trouble else line


def set_wish(deployment: Workload) -> str:
    """'web: a ReplicaSet of version 2 with 3 pods'."""
    pods = counted(deployment.wished, "pod")
    return f"{deployment.meta.full_name}: a ReplicaSet of version {deployment.version} with {pods}"


def set_line(replica_set: Workload) -> str:
    """'3 wished, 2 there, 1 ready'."""
    return f"{replica_set.wished} wished, {replica_set.there} there, {replica_set.ready} ready"


def lamp_state(now: ClusterState, program: str) -> str:
    """'on', 'off', or 'unknown' where nobody can tell."""
    return {True: "on", False: "off", None: "unknown"}[now.programs.get(program)]


def lamp_words(now: ClusterState, program: str) -> str:
    """'etcd: on'."""
    return f"{program}: {WORDS[lamp_state(now, program)]}"


def node_line(node: ClusterNode) -> str:
    """'node kubernetes: ready', 'node kubernetes: not ready: …'."""
    state = "ready" if node.is_ready else "not ready"
    state += ", takes no more pods" if node.is_cordoned else ""
    line = f"node {node.name}: {state}"
    return f"{line}: {node.message}" if node.message else line


def service_wish(service: Service) -> str:
    """'web: port 80 (on nodes 30080) to ready pods with app=web'."""
    ports = ", ".join(_port_words(each) for each in service.ports) or "no port"
    selector = ",".join(f"{key}={value}" for key, value in service.selector)
    return f"{service.meta.full_name}: {ports} to ready pods with {selector}"


def service_line(now: ClusterState, service: Service) -> str:
    """'web leads to 2 of 3 pods'."""
    members = [each for each in now.members(service) if each.is_wanted]
    if not members:
        return f"{service.meta.full_name} leads to no pod: none has these labels"
    leads = sum(each.meta.uid in service.ready for each in members)
    return f"{service.meta.full_name} leads to {leads} of {counted(len(members), 'pod')}"


def state_of(pod: Pod) -> str:
    """kubectl's word for it; of a running one whether it is ready."""
    if pod.phase in (Phase.READY, Phase.UNREADY):
        return str(pod.phase)
    return pod.status or str(pod.phase)


def mark_of(now: ClusterState, pod: Pod) -> str:
    """'→' for one that a Service leads to, and how often it was restarted: '↻2'."""
    restarts = f"↻{pod.restarts}" if pod.restarts else ""
    return f"{restarts} →".strip() if now.services_to(pod) else restarts


def pod_line(now: ClusterState, pod: Pod) -> str:
    """All that is known of a pod, on one line."""
    where = f"on {pod.node}" if pod.node else "on no node"
    line = f"{pod.meta.full_name} {where}, version {pod.version} ({pod.image}): {_state_line(pod)}."
    facts = [
        counted(pod.restarts, "restart") if pod.restarts else "",
        f"Ended before: {pod.last_end}" if pod.last_end else "",
        f"Address {pod.ip}" if pod.ip else "",
        _runtime_words(now, pod),
        _service_words(now, pod),
        f"Why: {pod.message.rstrip('.')}" if pod.message else "",
    ]
    return " ".join([line, *(f"{fact}." for fact in facts if fact)])


def reasons(pods: Iterable[Pod]) -> list[str]:
    """Why pods wait or fail, each reason once, with how many have it."""
    counts = Counter(
        (state_of(each), each.message) for each in pods if each.message and each.is_wanted
    )
    return [
        f"{counted(count, 'pod')} {state}: {message}"
        for (state, message), count in counts.most_common(_MOST_REASONS)
    ]


def _state_line(pod: Pod) -> str:
    if pod.phase in (Phase.READY, Phase.UNREADY):
        return f"{pod.status}, {pod.phase}, {pod.ready_containers} of {pod.containers}"
    return pod.status or str(pod.phase)


def _runtime_words(now: ClusterState, pod: Pod) -> str:
    own = now.containers_of(pod)
    names = sorted("pause" if each.is_sandbox else each.name for each in own)
    return f"In the node's runtime: {', '.join(names)}" if names else ""


def _service_words(now: ClusterState, pod: Pod) -> str:
    leads = now.services_to(pod)
    chosen = [each for each in now.services if pod in now.members(each)]
    names = ", ".join(each.meta.full_name for each in (leads or chosen))
    if not names:
        return ""
    return f"Service {names} leads to it" if leads else f"Service {names} does not lead to it"


def _port_words(port: ServicePort) -> str:
    return f"port {port.port} (on nodes {port.on_nodes})" if port.on_nodes else f"port {port.port}"
