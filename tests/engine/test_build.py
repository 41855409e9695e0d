"""Real builds: their reports, their cache, and the docker command as the reference."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import Listeners
from helpers.engine.build.session import session
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.errors import ImageUnavailable, InvalidInput, NoSuchImage
from helpers.model.build.report import BuildReport
from tests.engine.build_kit import STEPS, TWO_STAGES, built_by_command, image_id, put
from tests.engine.conftest import BUSYBOX, LABEL

pytestmark = pytest.mark.engine
BUILDERS = pytest.mark.parametrize("buildkit", [None, False], ids=["buildkit", "classic"])


@pytest.fixture(autouse=True)
def _own_memory(
    docker: Docker, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path_factory.mktemp("home")))
    yield
    docker.clean_up()  # while what was left over is noted where this test looks


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return put(tmp_path / "app", {"Dockerfile": TWO_STAGES, "a.txt": f"{fresh()}\n"})


def fresh() -> str:
    """A text that the engine's cache has never seen."""
    return secrets.token_hex(8)


@BUILDERS
def test_both_builders_tell_the_same_steps(
    docker: Docker, app: Path, buildkit: bool | None
) -> None:
    report = docker.build(app, "wbt-build", buildkit=buildkit, no_cache=True)
    assert [(s.line, s.stage, s.instruction) for s in report.own_steps] == STEPS
    assert report.builder == ("classic" if buildkit is False else "BuildKit")
    # BuildKit takes WORKDIR from the cache even then.
    assert {s.instruction.split()[0] for s in report.own_steps if s.cached} <= {"FROM", "WORKDIR"}
    assert report.image_id == image_id(docker.client, "wbt-build")
    assert docker.image("wbt-build").labels["workbook.lesson"] == LABEL
    log = {step.line: [line.text for line in step.log] for step in report.own_steps}
    assert log[5] == ["complaint", "no end of line"]
    assert log[11] == ["hello", "more"]
    assert (report.context_files, report.context_bytes > 0) == (2 if buildkit is False else 1, True)
    assert all(0 <= (s.started_seconds or 0) <= report.seconds for s in report.own_steps)
    again = docker.build(app, "wbt-build", buildkit=buildkit)
    assert again.cached == len(STEPS)
    assert again.misses == ()
    assert docker.commands[-1].endswith(f"docker build -t wbt-build {app}")


def test_without_a_session_the_context_goes_along_with_the_request(
    docker: Docker, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "hijacked", lambda *_: None)
    put(app, {".dockerignore": "left-out\n", "left-out": "1"})
    report = docker.build(app, "wbt-build", no_cache=True)
    assert report.builder == "BuildKit"
    assert [(s.line, s.stage, s.instruction) for s in report.own_steps] == STEPS
    assert (report.context_files, "left-out" in report.inputs.files) == (3, False)


def test_the_image_is_the_one_that_the_command_builds(docker: Docker, app: Path) -> None:
    mine = docker.build(app, "wbt-build").image_id
    assert built_by_command(docker.client, app, "wbt-build:command") == mine
    put(app, {"a.txt": fresh()})
    theirs = built_by_command(docker.client, app, "wbt-build:command")
    report = docker.build(app, "wbt-build")
    assert (report.image_id, report.cached) == (theirs, len(STEPS))


def test_files_of_every_kind_arrive_as_the_command_sends_them(
    docker: Docker, tmp_path: Path
) -> None:
    put(tmp_path, {"Dockerfile": f"FROM {BUSYBOX}\nCOPY . /all/\n", "d/e/f": "1", "run": "2"})
    (tmp_path / "run").chmod(0o4755)
    (tmp_path / "d").chmod(0o1777)
    (tmp_path / "link").symlink_to("d/e/f")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.link(tmp_path / "run", tmp_path / "same")
    (tmp_path / "é ü").write_text("3")
    (tmp_path / "empty").mkdir()
    mine = docker.build(tmp_path, "wbt-build").image_id
    assert built_by_command(docker.client, tmp_path, "wbt-build:command") == mine
    files = docker.image("wbt-build").files()
    assert files["all/run"].mode & 0o7777 == 0o4755
    assert files["all/dangling"].link_target == "nowhere"


def test_a_dockerfile_elsewhere_and_one_that_is_only_text(docker: Docker, tmp_path: Path) -> None:
    put(tmp_path, {"app/a": fresh(), "other": f"FROM {BUSYBOX}\nCOPY . /x/\n"})
    mine = docker.build(tmp_path / "app", "wbt-build", dockerfile=str(tmp_path / "other"))
    theirs = built_by_command(
        docker.client, tmp_path / "app", "wbt-build:command", "-f", str(tmp_path / "other")
    )
    assert mine.image_id == theirs
    text = f"FROM {BUSYBOX}\nCOPY a /y\n"
    report = docker.build(tmp_path / "app", "wbt-build", dockerfile="-", stdin=text)
    assert [step.line for step in report.own_steps] == [1, 2]
    alone = docker.build("-", "wbt-build", stdin=f"FROM {BUSYBOX}\nRUN true {fresh()}\n")
    assert alone.own_steps[-1].status == "done"
    assert alone.command.startswith("docker build -t wbt-build - <<'EOF'\nFROM busybox")


def test_options_reach_the_builder(docker: Docker, app: Path) -> None:
    arguments, labels = {"GREETING": "moin"}, {"who": "me"}
    report = docker.build(app, "wbt-build", build_args=arguments, labels=labels, no_cache=True)
    assert [line.text for line in report.own_steps[-1].log] == ["moin", "more"]
    assert docker.image("wbt-build").labels["who"] == "me"
    only = docker.build(app, "wbt-build", target="maker")
    assert [step.line for step in only.own_steps] == [2, 3, 4, 5]


def test_a_miss_is_explained_across_kernels(docker: Docker, app: Path, endpoint: Endpoint) -> None:
    docker.build(app, "wbt-build")
    put(app, {"a.txt": fresh()})
    client, _ = find_client([endpoint])
    report = Docker(client, endpoint, LABEL).build(app, "wbt-build")
    client.close()
    first, second, third = report.misses
    assert (first.step.line, first.cause, first.files) == (8, "files", ("a.txt",))
    assert (second.cause, third.cause) == ("earlier step", "earlier step")
    assert report.why_missed(first.step) == first
    assert report.why_missed(report.own_steps[1]) is None


def test_a_secret_is_there_for_its_step_and_in_no_layer(docker: Docker, tmp_path: Path) -> None:
    text = (
        f"FROM {BUSYBOX}\n"
        "RUN --mount=type=secret,id=token wc -c < /run/secrets/token; test -s /run/secrets/token\n"
    )
    put(tmp_path, {"Dockerfile": text, "word": "hunter2"})
    report = docker.build(
        tmp_path, "wbt-build", secrets=[f"id=token,src={tmp_path / 'word'}"], no_cache=True
    )
    assert [line.text for line in report.own_steps[-1].log] == ["7"]
    assert not any("token" in path for path in docker.image("wbt-build").files() if "etc" in path)
    assert "hunter2" not in str(docker.client.api.history("wbt-build"))


@BUILDERS
@pytest.mark.filterwarnings("ignore:docker-credential-wbt-missing")
def test_a_helper_for_logins_that_is_missing_keeps_nobody_from_building(
    docker: Docker,
    app: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    buildkit: bool | None,
) -> None:
    put(tmp_path / "config", {"config.json": '{"credsStore": "wbt-missing"}'})
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))
    assert docker.build(app, "wbt-build", buildkit=buildkit, no_cache=True).image_id


def test_what_needs_buildkit_is_refused_without_it(docker: Docker, tmp_path: Path) -> None:
    put(tmp_path, {"word": "x"})
    options = {"secrets": [f"id=a,src={tmp_path / 'word'}"], "buildkit": False}
    with pytest.raises(InvalidInput, match="need BuildKit"):
        docker.build("-", "wbt-build", stdin=f"FROM {BUSYBOX}\n", **options)


def test_only_the_classic_builder_needs_images_of_stages_that_are_not_built(
    docker: Docker,
) -> None:
    text = f"FROM wbt-nowhere:1 AS debug\nRUN true\nFROM {BUSYBOX}\nRUN true\n"
    report = docker.build("-", "wbt-build", stdin=text)
    assert [step.line for step in report.own_steps] == [3, 4]
    with pytest.raises(ImageUnavailable, match="Line 1 of the Dockerfile, `FROM wbt-nowhere:1"):
        docker.build("-", "wbt-build", stdin=text, buildkit=False)


def test_somebody_who_listens_sees_the_build_grow(endpoint: Endpoint, app: Path) -> None:
    seen: list[BuildReport] = []
    threads: set[str] = set()

    def listen(report: BuildReport) -> None:
        seen.append(report)
        threads.add(threading.current_thread().name)

    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, LABEL, listeners=Listeners(on_build=listen))
    put(app, {"Dockerfile": f"FROM {BUSYBOX}\nRUN echo one; sleep 0.5; echo two\n"})
    report = docker.build(app, "wbt-build", no_cache=True)
    docker.clean_up()
    client.close()
    assert threads == {threading.main_thread().name}
    assert seen[-1] == report
    assert [found.is_over for found in seen].count(True) == 1
    assert any(found.own_steps and found.own_steps[-1].status == "running" for found in seen)
    seconds = [found.seconds for found in seen]
    assert seconds == sorted(seconds)


@BUILDERS
def test_clean_up_takes_all_that_was_built(
    docker: Docker, app: Path, buildkit: bool | None
) -> None:
    before = {image["Id"] for image in docker.client.api.images(all=True)}
    for _ in range(3):
        put(app, {"a.txt": fresh()})
        docker.build(app, "wbt-build", buildkit=buildkit)
    removed = docker.clean_up()
    assert "wbt-build:latest" in removed.images
    assert not any("none" in name for name in removed.images)
    assert {image["Id"] for image in docker.client.api.images(all=True)} == before
    with pytest.raises(NoSuchImage):
        docker.image("wbt-build")
