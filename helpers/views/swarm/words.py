"""The words of a service on its nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from helpers.model.load.tally import Tally
from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import Rollout, Seen
from helpers.model.swarm.task import Phase
from helpers.model.text.units import counted

MOST_NODES, MOST_TASKS, MOST_TROUBLES, MOST_VERSIONS = 30, 200, 4, 8
NOWHERE = "on no node"
NONE = "–"
HEAD = ("", "image", "tasks that run", "requests")
NODE_HEADERS = ("node", "what it is", "tasks")
SIGNS = {
    Phase.PENDING: "…",
    Phase.STARTING: "◔",
    Phase.RUNNING: "●",
    Phase.ENDING: "↓",
    Phase.FAILED: "✗",
    Phase.REJECTED: "✗",
    Phase.LOST: "?",
    Phase.ENDED: "–",
}
WORDS = {
    "live": "● live",
    "waiting": "○ as it was: no answer from the kernel",
    "shelves": "Nodes and their tasks",
    "versions": "Versions and requests",
    "empty": "no task",
    "choose": "Choose a tile for the rest of what is known of it; arrows lead to the next.",
    "about": "A shelf is a node, a tile a task: its version, its slot, its state.",
    "again": "A number behind # counts specifications of tasks that have the same version.",
    "last": "Below is what was known last.",
}
_UPDATES = {
    "updating": "An update is under way.",
    "paused": "The update is paused.",
    "completed": "The last update is complete.",
    "rollback_started": "The service is on its way back to what it was before the update.",
    "rollback_paused": "The way back is paused.",
    "rollback_completed": "The service was rolled back, and is what it was before the update.",
}
_AT_REST = ("", "completed", "rollback_completed")
_AVAILABILITY = {"drain": "drained", "pause": "paused: no new tasks"}


def title_of(now: Rollout) -> str:
    """'web: 3 of 3 tasks run: 1 of version 1, 2 of version 2'."""
    if now.service is None:
        return nothing_line(now)
    counts = Counter(each.version.label for each in now.seen if each.phase is Phase.RUNNING)
    order = list(dict.fromkeys(each.label for each in now.versions))
    by_version = [f"{counts[label]} of version {label}" for label in order if counts[label]]
    line = f"{now.name}: {now.running} of {counted(now.wanted, 'task runs', 'tasks run')}"
    return f"{line}: {', '.join(by_version)}" if by_version else line


def nothing_line(now: Rollout) -> str:
    """That there is no such service, and which there are."""
    line = (
        f"There is no service {now.name} in this swarm: "
        f"`docker service create --name {now.name} …` makes one."
    )
    return f"{line} Services that it has: {', '.join(now.others)}." if now.others else line


def update_line(now: Rollout) -> str:
    """How its last update goes, the same in every run; empty before the first."""
    update = now.service.update if now.service else ""
    return _UPDATES.get(update, f"Its update is {update}." if update else "")


def message_line(now: Rollout) -> str:
    """What the manager says of an update that has not just gone well; it may name a task."""
    if now.service is None or now.service.update in (*_AT_REST, "updating"):
        return ""
    return now.service.message


def node_line(node: Node) -> str:
    """'manager, leader', 'worker, drained, disk=ssd', 'worker, down: heartbeat failure'."""
    facts = [node.role, "leader" if node.is_leader else ""]
    if node.reachability == "unreachable":
        facts.append("cannot be reached")
    if node.state != "ready":
        facts.append(f"{node.state}: {node.message}" if node.message else node.state)
    if node.availability != "active":
        facts.append(_AVAILABILITY.get(node.availability, node.availability))
    facts += [f"{key}={value}" if value else key for key, value in node.labels]
    return ", ".join(fact for fact in facts if fact)


def task_name(now: Rollout, seen: Seen) -> str:
    """'web.3', as `docker service ps` has it; of one on each node its service's name."""
    return f"{now.name}.{seen.task.slot}" if seen.task.slot else now.name


def state_of(seen: Seen) -> str:
    """Its state, by the swarm's own word while it comes up."""
    return seen.task.state if seen.phase is Phase.STARTING else str(seen.phase)


def detail_of(now: Rollout, seen: Seen, node: str) -> str:
    """All that is known of a task, on one line."""
    where = f"on {node}" if seen.task.node else NOWHERE
    what = f"{task_name(now, seen)} {where}, version {seen.version.name}"
    state = state_of(seen)
    if seen.phase is Phase.ENDING and seen.task.state != "running":
        state = f"{state} ({seen.task.state})"
    line = f"{what} ({seen.task.image}): {state}"
    if seen.phase is Phase.LOST:
        return f"{line}, since the node does not answer; it was {seen.task.state}."
    message = seen.task.error or ("" if seen.phase is Phase.RUNNING else seen.task.message)
    return f"{line}: {message}." if message else f"{line}."


def trouble_lines(now: Rollout) -> list[str]:
    """What keeps tasks from running, each reason once, with how many have it."""
    reasons = Counter(
        (state_of(each), each.task.error)
        for each in now.seen
        if each.task.error and each.phase is not Phase.RUNNING and each.phase is not Phase.ENDING
    )
    lines = [
        f"{counted(count, 'task')} {state}: {error}"
        for (state, error), count in reasons.most_common(MOST_TROUBLES)
    ]
    if (hidden := len(now.seen) - MOST_TASKS) > 0:
        lines.append(f"Not shown: {counted(hidden, 'task')} more.")
    if (hidden := len(now.nodes) - MOST_NODES) > 0:
        lines.append(f"Not shown: {counted(hidden, 'node')} more.")
    return lines


def tasks_line(seen: Iterable[Seen]) -> str:
    """'2 running (version 1), 1 failed (version 2)'."""
    counts = Counter((str(each.phase), each.version.name) for each in seen)
    parts = [f"{count} {phase} (version {name})" for (phase, name), count in sorted(counts.items())]
    return ", ".join(parts) or WORDS["empty"]


def counter_line(tally: Tally) -> str:
    """'3 of 600 requests failed'."""
    whole = tally.answered + tally.failed
    return f"{tally.failed:,} of {counted(whole, 'request')} failed"


def version_row(now: Rollout, label: str, tally: Tally | None) -> tuple[str, ...]:
    """The cells of that version's row below HEAD."""
    own = [each for each in now.versions if each.label == label]
    running = sum(each.phase is Phase.RUNNING and each.version in own for each in now.seen)
    answered = f"{tally.answers.get(label, 0):,} answered" if tally else ""
    return (f"version {label}", own[-1].image, str(running), answered)


def other_row(kind: str, is_answer: bool, count: int) -> tuple[str, ...]:
    """The cells of requests that no version of the service accounts for."""
    outcome = "answered" if is_answer else "failed"
    return (f"{outcome}: {kind}", NONE, NONE, f"{count:,} {outcome}")
