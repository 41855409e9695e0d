"""docs/engines.md, made of what was tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_HEAD = """\
# The lessons on engines of several kinds

Written by `python tests/engines/table.py` (as root, on Linux; `--engine` and `--lesson` try a part
anew). Each engine runs from Debian's packages, which are only unpacked. Its docker command is that
of Docker 28.5. A lesson *passes* where every cell runs from a fresh kernel, in order, and the
solution of each exercise is accepted; how many of its outputs read otherwise than in the committed
notebook stands beside it, and below, which. One *needs limits* where a probe shows that none of
the engine's hold on the machine of this table. Images are stand-ins where no registry is reached.

"""
_PODMAN = """
## What is different on Podman

- Its service builds by itself, without BuildKit: mounts and secrets work, stages come one after the
  other. The workbook tells the docker command so (`DOCKER_BUILDKIT=0`). That command then lends no
  secrets: `%docker build --secret` sends them along, as Podman's own command does, and says so.
- Its cache does not look at the argument that an `ENV` takes its value from (buildah's issue 5501):
  exercise 04.2 builds with `--no-cache`.
- `docker commit` asks for `/etc/containers/policy.json`, which most packages of Podman bring.
- `docker stats --format {{.Name}}` shows names without their first letter, as the docker command
  cuts off a slash that Podman does not write: `{{.Container}}` is the name as it was asked for.
- It leaves the time between health checks to systemd. Without it nobody has them run: the workbook
  does, while it waits for a health, and while `%docker compose up` does. In a terminal
  `docker compose up --wait` waits in vain.
- It speaks plain HTTP to a registry of this machine only where `registries.conf` says so. Lesson 05
  needs `[[registry]]` with `location = "localhost:5004"` and `insecure = true`, and so for 5005.
- It does not tell which layers a push sent, when a container was asked to stop, and that it is
  about to start one again; it limits each container to 2,048 processes, and takes `--memory 2m`.
- `docker update --cpus` is passed over without a word: `--cpu-period` and `--cpu-quota` work.
- From 6 on it needs cgroup v2. Where the kernel counts with cgroup v1, as on the machine of this
  table, it sets no limits and tells no memory, and the cells of lessons 06 to 08 that need them
  fail.
- It opens no port below 1024 to a user who is not root: exercise 09.1 takes port 8000 there.
"""
# How crun says that the kernel's new control groups bound nothing here.
_OF_LIMITS = re.compile(r"cgroup\.controllers|memory\.max|pids\.max|cpu\.max")


def page(known: Mapping[str, Any], titles: Sequence[str], numbers: Sequence[str]) -> str:
    """The page: a table with a column for each lesson, then what reads otherwise where."""
    lines = [
        "| Engine | Version | " + " | ".join(numbers) + " | Tried |",
        "|---|---|" + "---|" * len(numbers) + "---|",
    ]
    details: list[str] = []
    for title in titles:
        kept = known.get(title, {"version": "", "lessons": {}})
        lessons = kept["lessons"]
        unlimited = kept.get("unlimited", [])
        row = [cell(lessons.get(number), bool(unlimited)) for number in numbers]
        dates = sorted({lesson["date"] for lesson in lessons.values()})
        shown = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else ""
        lines.append(f"| {title} | {kept['version']} | {' | '.join(row)} | {shown} |")
        details += _details(title, lessons, unlimited)
    return _HEAD + "\n".join(lines) + "\n" + _PODMAN + "".join(details)


def cell(trial: Mapping[str, Any] | None, is_unlimited: bool = False) -> str:
    """What the table says of one lesson on one engine; `is_unlimited` where no limits hold."""
    if trial is None:
        return "not tried"
    word = "**fails**" if trial["broken"] or trial["unsolved"] else "passes"
    if is_unlimited and any(map(_OF_LIMITS.search, trial["broken"])):
        word = "needs limits"
    count = len(trial["differing"])
    return f"{word}, {count} otherwise" if count else word


def _details(title: str, lessons: Mapping[str, Any], unlimited: Sequence[str]) -> list[str]:
    lines = [f"- Tried on this machine: {_code(each)}\n" for each in unlimited]
    for number, trial in sorted(lessons.items()):
        lines += [f"- {number}: fails at `{_code(each)}`\n" for each in trial["broken"]]
        lines += [f"- {number}: exercise {each} is not solved\n" for each in trial["unsolved"]]
        lines += [f"- {number}: otherwise at `{_code(each)}`\n" for each in trial["differing"]]
    return [f"\n## {title}\n\n", *lines] if lines else []


def _code(words: str) -> str:
    """Words that stand between back quotes, on one line."""
    return " ".join(words.replace("`", "'").split())[:160]
