"""The ports that the doctor looks at are those that lessons and exercises publish."""

from __future__ import annotations

import re

import pytest

from helpers.engine.base.project_files import ROOT
from helpers.engine.registry.cache import CACHE_PORT
from helpers.engine.registry.container import PORT as REGISTRY_PORT
from helpers.model.course.lesson import LESSONS, Lesson, published_ports
from helpers.model.kubernetes.container import FIRST_PUBLISHED as CLUSTERS
from helpers.model.kubernetes.container import published
from helpers.model.node.node import FIRST_PUBLISHED

SOURCES = ROOT / "notebooks/source"
# Ways to write a port of this machine: `ports={80: 4001}`, `ports=(4050, 4051)`,
# `-p 127.0.0.1:4000:80`, `localhost:5004`, an exercise's `SITE_PORT = "site", 4002`, and in a
# compose file `${PORT:-4110}:8000` or `["127.0.0.1:4113:8000"]`; port 80 of nodes, from 4121 on.
WAYS = (
    r"ports=\{+\d+: \"?(?:[\d.]+:)?(\d+)",
    r"ports=\((\d+), ?\d+\)",
    r"ports=\(\d+, ?(\d+)\)",
    r"-p (?:[\d.]+:)?(\d+):\d+",
    r"localhost:(\d+)",
    r"\$\{PORT:-(\d+)\}:\d+",
    r"ports: \[\"[\d.]+:(\d+):\d+\"\]",
    r"\w*PORT = .*?(\d{4,5})",
)

CLUSTER = re.compile(r"\bkubernetes\(\)")
NODES = re.compile(r"^nodes\((\d)\)", re.MULTILINE)


def written(lesson: Lesson) -> set[int]:
    """The ports in the lesson's cells and in the checks of its exercises; 0 lets Docker choose.

    Prose and questions may speak of any port.
    """
    sources = SOURCES.glob(f"{lesson.number}_*.md")
    prose = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    cells = re.findall(r"^```python.*?^```", prose, re.MULTILINE | re.DOTALL)
    checks = (ROOT / "helpers/exercises").glob(f"lesson_{lesson.number}_checks.py")
    whole = "\n".join([*cells, *(path.read_text(encoding="utf-8") for path in checks)])
    ports = {int(port) for way in WAYS for port in re.findall(way, whole)} - {0}
    ports |= {FIRST_PUBLISHED + at for n in NODES.findall(whole) for at in range(int(n))}
    ports |= {REGISTRY_PORT} if "engine.registry()" in whole else set()
    ports |= set(published(CLUSTERS).values()) if CLUSTER.search(whole) else set()
    return ports | ({CACHE_PORT} if "engine.registry(cache_of=" in whole else set())


WRITTEN = [item for item in LESSONS if any(SOURCES.glob(f"{item.number}_*.md"))]


@pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: str(lesson.number))
def test_a_lesson_publishes_the_ports_that_it_declares(lesson: Lesson) -> None:
    assert set(lesson.ports) == written(lesson)


def test_each_port_is_asked_for_once_and_by_its_first_lesson() -> None:
    assert published_ports()[4000] == "02"
    assert sorted(published_ports()) == sorted({port for item in LESSONS for port in item.ports})
