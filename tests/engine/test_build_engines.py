"""The same builds on an engine of another release: the same steps, failures in the same words."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.model.build.failure import BuildFailed
from helpers.model.build.report import BuildReport
from tests.engine.build_kit import STEPS, TWO_STAGES, put
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engine.other_engine import other_engine
from tests.engines.tested_engine import DOCKER_26

pytestmark = [pytest.mark.engine, pytest.mark.slow]
FAILURES = (
    f"FROM {BUSYBOX}\nRUN echo so; ls /nowhere\n",
    f"FROM {BUSYBOX}\nCOPY nix /\n",
)


@pytest.fixture(scope="module")
def engines(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Docker]]:
    """The engine under test, and Debian 13's."""
    outer, _ = find_client([endpoint])
    with other_engine(DOCKER_26, outer, tmp_path_factory.mktemp("other")) as (client, other):
        yield [Docker(outer, endpoint, LABEL), Docker(client, other, LABEL)]
    outer.close()


def outline(report: BuildReport) -> list[tuple[int | None, str, str, str]]:
    """What must be the same everywhere: WORKDIR is cached even with --no-cache by some."""
    return [
        (step.line, step.stage, step.instruction, "" if "WORKDIR" in step.name else step.status)
        for step in report.own_steps
    ]


def test_four_builders_give_reports_with_the_same_steps(
    engines: list[Docker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "home"))
    app = put(tmp_path / "app", {"Dockerfile": TWO_STAGES, "a.txt": secrets.token_hex(8)})
    assert engines[0].info["ServerVersion"] != engines[1].info["ServerVersion"]
    first, again, logs = [], [], []
    for docker in engines:
        for buildkit in (None, False):
            report = docker.build(app, "wbt-build", buildkit=buildkit, no_cache=True)
            first.append(outline(report))
            logs.append([sorted(line.text for line in step.log) for step in report.own_steps])
            again.append(outline(docker.build(app, "wbt-build", buildkit=buildkit)))
        docker.clean_up()
    assert [step[:3] for step in first[0]] == STEPS
    assert first == [first[0]] * 4
    assert logs == [logs[0]] * 4
    assert again == [again[0]] * 4
    assert {step[3] for step in again[0]} == {"cached", ""}


@pytest.mark.parametrize("text", FAILURES)
def test_four_builders_fail_in_the_same_words(engines: list[Docker], text: str) -> None:
    said = set()
    for docker in engines:
        for buildkit in (None, False):
            with pytest.raises(BuildFailed) as caught:
                docker.build("-", "wbt-fails", stdin=text, buildkit=buildkit)
            lines = caught.value.message.splitlines()
            said.add((lines[0], frozenset(lines[1:]), caught.value.next_step))
    assert len(said) == 1, said
