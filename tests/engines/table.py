"""Writes docs/engines.md: every lesson on every engine, passed or why not.

    .venv/bin/python tests/engines/table.py                        # all of it: an hour or more
    .venv/bin/python tests/engines/table.py --engine podman-5-8 --lesson 03

What was found is kept in docs/engines.json, so that a part can be tried anew. As root on Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from docker import DockerClient  # noqa: E402

from helpers.engine.base.engine_identity import engine_title  # noqa: E402
from helpers.engine.connection.client import open_client  # noqa: E402
from helpers.engine.debian.tree_cache import unpacked_tree  # noqa: E402
from helpers.engine.features.container_probes import probe_features  # noqa: E402
from helpers.engine.supply import ImageSupply  # noqa: E402
from helpers.lessons.lesson_files import committed_lessons  # noqa: E402
from helpers.model.debian.tree_recipe import DOCKER_TREE  # noqa: E402
from helpers.model.supply.catalogue import images_for  # noqa: E402
from tests.engines.pages import page  # noqa: E402
from tests.engines.tested_engine import ENGINES, TestedEngine  # noqa: E402
from tests.engines.trial import try_lesson  # noqa: E402

KEPT, PAGE = ROOT / "docs/engines.json", ROOT / "docs/engines.md"


def main() -> int:
    """0 when all that was tried passes, or says in the lesson why it cannot."""
    lessons = sorted(committed_lessons())
    parser = argparse.ArgumentParser(description="Try the lessons on engines of several kinds.")
    parser.add_argument("--engine", action="append", choices=[each.key for each in ENGINES])
    parser.add_argument("--lesson", action="append", choices=lessons)
    chosen = parser.parse_args()
    failed = False
    for engine in ENGINES:
        if not chosen.engine or engine.key in chosen.engine:
            failed |= not _tried(engine, chosen.lesson or lessons)
    return int(failed)


def _tried(engine: TestedEngine, lessons: list[str]) -> bool:
    """Whether these lessons passed on it; each is noted as soon as it is over."""
    with tempfile.TemporaryDirectory(prefix="workbook-engine-") as name:
        folder = Path(name)
        with engine.running(folder / "engine") as endpoint:
            with closing(open_client(endpoint)) as client:
                os.environ["WORKBOOK_ALLOW_STAND_INS"] = "1"
                ImageSupply(client).ensure_all(image.name for image in images_for(lessons))
                title = engine_title(client.info())
                unlimited = limits_that_do_not_hold(client)
            environment = {**client_variables(folder), "DOCKER_HOST": endpoint.host}
            passed = True
            for lesson in lessons:
                trial = try_lesson(lesson, environment)
                note(engine.title, title, asdict(trial), unlimited)
                passed &= trial.passes
                print(engine.title, lesson, "passes" if trial.passes else trial, flush=True)
    return passed


def client_variables(folder: Path) -> dict[str, str]:
    """What leads cells to the docker command, buildx and Compose of the newest Docker."""
    tree = unpacked_tree(DOCKER_TREE, lambda progress: None, threading.Event())
    programs, settings = folder / "bin", folder / "settings"
    for each in (programs, settings):
        each.mkdir(exist_ok=True)
    (programs / "docker").symlink_to(tree.folder / "usr/bin/docker")
    plugins = {"cliPluginsExtraDirs": [str(tree.folder / "usr/libexec/docker/cli-plugins")]}
    (settings / "config.json").write_text(json.dumps(plugins))
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    return {"PATH": path, "DOCKER_CONFIG": str(settings)}


def limits_that_do_not_hold(client: DockerClient) -> list[str]:
    """What probes showed of them, a sentence for each; empty where all hold."""
    features = probe_features(client)
    return [
        features[name].observed
        for name in ("cpu_limit", "memory_limit", "pids_limit")
        if not features[name].available
    ]


def note(engine: str, version: str, trial: dict[str, Any], unlimited: list[str]) -> None:
    """What came of a lesson is in the file, and the page is written anew."""
    known: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
    kept = known.setdefault(engine, {"version": version, "lessons": {}})
    kept |= {"version": version, "unlimited": unlimited}
    kept["lessons"][trial["lesson"]] = {**trial, "date": time.strftime("%Y-%m-%d")}
    KEPT.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(
        page(known, [each.title for each in ENGINES], sorted(committed_lessons())), "utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
