"""Compose typed in a cell, against the same line given to the docker command by itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.command import compose_program as compose_program_file
from helpers.engine.command.client_program import client_environment
from helpers.engine.command.compose_program import compose_program, compose_release
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.errors import CommandFailed, InvalidInput
from helpers.model.command.cell_words import cell_words
from tests.engine.conftest import BUSYBOX
from tests.engine.labelled import remove_labelled
from tests.engine.test_typed_docker import Typed, evened

pytestmark = pytest.mark.engine

LESSON = "wbt-compose"
SHOP = f"""\
services:
  web:
    image: ${{IMAGE:-{BUSYBOX}}}
    command: ["sh", "-c", "echo $GREETING; exec sleep 600"]
    environment: {{GREETING: "${{GREETING-}}"}}
    stop_grace_period: 0s
    depends_on:
      db: {{condition: service_healthy}}
  db:
    image: {BUSYBOX}
    command: sleep 600
    stop_grace_period: 0s
    volumes: ["data:/data"]
    healthcheck: {{test: "true", interval: 300ms}}
  tool:
    image: wbt-tool:1
    profiles: [debug]
volumes:
  data:
"""
MORE = "services:\n  web:\n    environment: {MORE: '1'}\n"
# Lines that change nothing: here and there they say the same, to the byte.
SAME = (
    "ps --all --format '{{.Name}} {{.Image}} {{.State}}'",
    "-f compose.yaml -f more.yaml config --format json",
    "-p wbt-other config --services",
    "--profile debug config --format json",
    "--env-file other.env config",
    "-f compose.yaml --project-directory . config --volumes",
    "logs --no-color web",
    "exec -T web sh -c 'echo out; echo err >&2'",
    "version",
    "up --help",
)
OF_COMPOSE = {"com.docker.compose.project": "wbt-again", "com.docker.compose.volume": "data"}
FAILING = (
    "exec -T web sh -c 'exit 3'",
    "up --nope",
    "-f nowhere.yaml ps",
    "-f wrong.yaml up -d",
    "-f wrong.yaml down",
    "run --rm web nix",
)


class Shop(Typed):
    """A project that was brought up in a cell, and what it was typed to."""

    def __init__(self, docker: Docker) -> None:
        super().__init__(docker)
        self.docker = docker


@pytest.fixture(scope="module")
def shop(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A project that was brought up in a cell, whose folder is the one that all are in."""
    folder = tmp_path_factory.mktemp("files") / "wbt-shop"
    folder.mkdir()
    for name, text in {
        "compose.yaml": SHOP,
        "more.yaml": MORE,
        ".env": "GREETING=hello\n",
        "other.env": "GREETING=other\n",
        "wrong.yaml": "services:\n  web:\n    imgae: x\n",
    }.items():
        (folder / name).write_text(text)
    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, LESSON)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        typed = Shop(docker)
        typed("compose up -d --wait")
        yield typed
        docker.clean_up()
        remove_labelled(client, LESSON)
        client.close()


def by_itself(docker: Docker, line: str) -> subprocess.CompletedProcess[str]:
    """What Compose says to that line, with nobody between."""
    path, environment = compose_program(client_environment(docker.endpoint))
    return subprocess.run(
        [path, "compose", *cell_words(line)],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )


def of_project(docker: Docker, project: str) -> list[dict[str, Any]]:
    """Its containers, as the engine tells them."""
    wanted = {"label": f"com.docker.compose.project={project}"}
    found: list[dict[str, Any]] = docker.client.api.containers(all=True, filters=wanted)
    return found


@pytest.mark.parametrize("line", SAME)
def test_output_is_composes_own_to_the_byte(shop: Shop, line: str) -> None:
    output = shop(f"compose {line}")
    plain = by_itself(shop.docker, line)
    assert plain.returncode == 0, plain.stderr
    assert (shop.words(is_error=False), shop.words(is_error=True)) == (plain.stdout, plain.stderr)
    assert output == plain.stdout


@pytest.mark.parametrize("line", FAILING)
def test_errors_are_composes_own_and_have_a_next_step(shop: Shop, line: str) -> None:
    with pytest.raises(CommandFailed) as caught:
        shop(f"compose {line}")
    plain = by_itself(shop.docker, line)
    assert last_words(shop.words(is_error=True)) == last_words(plain.stderr)
    assert caught.value.exit_code == plain.returncode
    assert caught.value.next_step or "exit 3" in line


def last_words(text: str) -> list[str]:
    """Without progress, in which a container of a run has a name of its own."""
    return [evened(line) for line in text.splitlines() if not line.startswith(" Container ")]


def test_a_terminal_meets_the_same_project(shop: Shop) -> None:
    docker = shop.docker
    before = {item["Id"] for item in of_project(docker, "wbt-shop")}
    plain = by_itself(docker, "up -d")
    assert plain.returncode == 0
    assert "Creat" not in plain.stderr
    hashes = dict(line.split() for line in by_itself(docker, "config --hash *").stdout.splitlines())
    found = of_project(docker, "wbt-shop")
    assert {item["Id"] for item in found} == before
    for item in found:
        labels = item["Labels"]
        service = labels["com.docker.compose.service"]
        assert labels["com.docker.compose.config-hash"] == hashes[service]
        assert labels["workbook.lesson"] == LESSON


def test_clean_up_removes_what_was_made_and_nothing_of_the_learners(
    docker: Docker, shop: Shop
) -> None:
    """The learner's project has the same file; a volume of the lesson's was there before."""
    client = docker.client
    service = f"image: '{BUSYBOX}', command: sleep 600, volumes: ['data:/d'], stop_grace_period: 0s"
    Path("mine.yaml").write_text(f"services: {{a: {{{service}}}}}\nvolumes: {{data: }}\n")
    kept = client.api.create_volume("wbt-again_data", labels=OF_COMPOSE)
    by_itself(docker, "-f mine.yaml -p wbt-mine up -d")
    before = everything(docker)
    typed = Typed(docker)
    try:
        typed("compose -f mine.yaml -p wbt-again up -d --scale a=2")
        typed("compose -f mine.yaml -p wbt-mine up -d --scale a=2")
        removed = docker.clean_up()
        assert removed.containers == ("wbt-again-a-1", "wbt-again-a-2", "wbt-mine-a-2")
        assert removed.networks == ("wbt-again_default",)
        assert removed.volumes == ()
        assert everything(docker) == before
    finally:
        by_itself(docker, "-f mine.yaml -p wbt-mine down -v")
        client.api.remove_volume(kept["Name"])


def everything(docker: Docker) -> set[str]:
    """All containers, networks and volumes of the engine, by id or name."""
    api = docker.client.api
    containers = {item["Id"] for item in api.containers(all=True)}
    networks = {item["Id"] for item in api.networks()}
    return containers | networks | {item["Name"] for item in api.volumes()["Volumes"] or []}


def test_images_that_are_missing_are_supplied_first_and_those_that_were_built_go(
    docker: Docker, shop: Shop
) -> None:
    """What the build needs, too, and nothing of a profile that is not asked for."""
    wanted: list[str] = []
    supply = docker.typed.supply()

    class Supply:
        def ensure_all(self, names: Iterable[str], *_: object) -> Sequence[object]:
            wanted.extend(names)
            return supply.ensure_all([BUSYBOX])

    app = Path("app")
    app.mkdir()
    (app / "Dockerfile").write_text("ARG BASE\nFROM $BASE\nENV a=1\n")
    build = f"build: {{context: app, args: {{BASE: '{BUSYBOX}'}}}}, command: 'true'"
    Path("made.yaml").write_text(
        f"services:\n  a: {{image: '${{IMAGE}}'}}\n  b: {{{build}}}\n"
        f"  c: {{image: wbt-other:1, profiles: [debug]}}\n"
    )
    Path("made.env").write_text("IMAGE=localhost:1/wbt:1\n")
    typed = replace(docker.typed, supply=Supply)
    line = "compose --env-file made.env -p wbt-made -f made.yaml"
    with pytest.raises(CommandFailed) as caught:
        typed.run(cell_words(f"{line} up -d --pull never a"), None, lambda piece: None)
    assert wanted == []
    assert caught.value.exit_code == 1
    typed.run(cell_words(f"{line} up -d b"), None, lambda piece: None)
    assert wanted == [BUSYBOX]
    assert docker.clean_up().images == ("wbt-made-b:latest",)
    with pytest.raises(CommandFailed):
        typed.run(cell_words(f"{line} create --pull missing a"), None, lambda piece: None)
    assert wanted == [BUSYBOX, "localhost:1/wbt:1"]


def test_what_was_there_before_the_lesson_is_left_alone(
    docker: Docker, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    lesson = Docker(docker.client, docker.endpoint, "wbt", names=("wbt-shop-web-1",))
    before = everything(docker)
    for line in ("down", "up -d --force-recreate"):
        with pytest.raises(InvalidInput, match="before the lesson"):
            Typed(lesson)(f"compose {line}")
    assert Typed(lesson)("compose ps -q")
    lesson.clean_up()
    assert everything(docker) == before


def test_another_folder_of_that_name_is_left_alone(
    docker: Docker, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The learner has a project of the lesson's name elsewhere; its own folder may go on."""
    Path("mine.yaml").write_text(f"services: {{a: {{image: '{BUSYBOX}'}}}}\n")
    by_itself(docker, "-f mine.yaml create")
    before = everything(docker)
    Typed(docker)("compose -f mine.yaml create --no-recreate")
    folder = tmp_path / "wbt-shop"
    folder.mkdir()
    (folder / "compose.yaml").write_text(Path("mine.yaml").read_text())
    mine = Path.cwd()
    monkeypatch.chdir(folder)
    for line in ("up -d", "down -v"):
        with pytest.raises(InvalidInput, match="of another folder") as caught:
            Typed(docker)(f"compose {line}")
        assert str(mine) in caught.value.message
    assert everything(docker) == before
    monkeypatch.chdir(mine)
    by_itself(docker, "-f mine.yaml rm -f a")


@pytest.mark.parametrize("is_plug_in", [True, False], ids=["plug-in", "package"])
def test_what_the_cell_holds_may_be_the_file(
    docker: Docker, shop: Shop, is_plug_in: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_plug_in:
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    text = f"services: {{a: {{image: '{BUSYBOX}', command: echo from the cell}}}}"
    assert Typed(docker)("compose -p wbt-cell -f - run --rm a", text) == "from the cell\n"
    assert docker.clean_up().networks == ("wbt-cell_default",)


def test_where_there_is_no_compose_docker_says_so_itself(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(compose_program_file, "_PACKAGE", "no-such-package")
    if compose_release() is not None:
        return  # a plug-in of the whole machine, which no folder of settings hides
    typed = Typed(docker)
    with pytest.raises(CommandFailed) as caught:
        typed("compose ps")
    assert "compose" in typed.words(is_error=True)
    assert "Install Docker's plug-in" in caught.value.next_step
