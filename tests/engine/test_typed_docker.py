"""What is typed in a cell, against the same line given to the docker command by itself."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from docker.errors import ImageNotFound

from helpers.engine.command.client_process import Piece
from helpers.engine.command.client_program import client_environment, client_program
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.errors import CommandFailed, Interrupted, InvalidInput
from helpers.model.build.failure import BuildFailed
from helpers.model.build.report import BuildReport
from helpers.model.command.cell_words import cell_words
from helpers.model.text.output import Output
from tests.engine.build_kit import STEPS, TWO_STAGES, put
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engine.test_build_engines import outline

pytestmark = pytest.mark.engine

BOX = "wbt-typed"
# Lines that change nothing: here and there they say the same, to the byte.
SAME = (
    "ps --filter name=wbt-typed --format '{{.Names}} {{.Image}} {{json .Command}}'",
    "ps --all --filter name=^wbt-typed$ --no-trunc --format '{{json .Names}} {{json .Labels}}'",
    f"images {BUSYBOX}",
    f"image inspect {BUSYBOX}",
    "inspect wbt-typed --format '{{json .Config}}'",
    "logs wbt-typed",
    "logs --tail 1 wbt-typed",
    "port wbt-typed",
    "top wbt-typed -o pid,args",
    "diff wbt-typed",
    "exec wbt-typed sh -c 'echo out; echo err >&2'",
    'exec -e A="b  c" wbt-typed sh -c \'echo "$A"\'',
    "exec wbt-typed cat /etc/passwd",
    "network ls --filter name=bridge",
    "volume ls --filter name=wbt-nothing",
    "version",
    "context ls",
    f"history --no-trunc {BUSYBOX}",
    "--help",
    "run --help",
    "exec wbt-typed printf 'ünï\\n\\tcode\\n'",
)
# Errors that beginners meet: the same words, the same exit code, and a next step below.
FAILING = (
    f"run --name wbt-typed {BUSYBOX} true",
    "start wbt-nobody",
    "rm wbt-typed",
    "exec wbt-typed nix",
    "exec wbt-typed sh -c 'exit 3'",
    f"run --rm {BUSYBOX} nix",
    f"run --rm {BUSYBOX} /etc",
    f"run --rm -it {BUSYBOX} sh",
    "run",
    "rnu x",
    f"run --nmae x {BUSYBOX}",
    f"run -p web:80 {BUSYBOX}",
    f"run --rm --network wbt-nowhere {BUSYBOX} true",
    f"run --rm -m 1k {BUSYBOX} true",
    f"run --rm -v $PWD:/x {BUSYBOX} true",
    f"run --rm -u wbt-nobody {BUSYBOX} true",
    f"tag {BUSYBOX} UPPER",
    "build /wbt-nowhere",
    "logs wbt-nobody",
    "rmi wbt-nothing",
)


@pytest.fixture
def box(docker: Docker) -> Container:
    """A container that runs, printed two lines and wrote a file."""
    script = "echo one; echo two; echo x > /tmp/x; exec sleep 600"
    made = docker.run(BUSYBOX, ["sh", "-c", script], name=BOX, ports={80: "127.0.0.1:0"})
    while len(made.logs().splitlines()) < 2:
        time.sleep(0.05)
    return made


class Typed:
    """Types lines, and keeps what was said."""

    def __init__(self, docker: Docker) -> None:
        self._docker = docker
        self.pieces: list[Piece] = []

    def __call__(self, line: str, stdin: str | None = None) -> Container | BuildReport | Output:
        self.pieces.clear()
        return self._docker.typed.run(cell_words(line), stdin, self.pieces.append)

    def words(self, is_error: bool) -> str:
        """All that came on standard output, or error."""
        return "".join(piece.text for piece in self.pieces if piece.is_error is is_error)


@pytest.fixture
def typed(docker: Docker) -> Typed:
    """Types lines; what they make goes with what the docker fixture makes."""
    return Typed(docker)


def by_itself(docker: Docker, line: str) -> subprocess.CompletedProcess[str]:
    """What the docker command says to that line, with nobody between."""
    return subprocess.run(
        [client_program(), *cell_words(line)],
        env=client_environment(docker.endpoint),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )


def evened(text: str) -> str:
    """Without ids of containers that were made anew for each line."""
    words = text.split(" ")
    return " ".join("ID" if len(word.strip('".\n,')) == 64 else word for word in words)


@pytest.mark.parametrize("line", SAME)
def test_output_is_the_commands_own_to_the_byte(
    docker: Docker, box: Container, typed: Typed, line: str
) -> None:
    output = typed(line)
    plain = by_itself(docker, line)
    assert plain.returncode == 0, plain.stderr
    assert typed.words(is_error=False) == plain.stdout
    assert typed.words(is_error=True) == plain.stderr
    assert output == plain.stdout


@pytest.mark.parametrize("line", FAILING)
def test_errors_are_the_commands_own_and_have_a_next_step(
    docker: Docker, box: Container, typed: Typed, line: str
) -> None:
    with pytest.raises(CommandFailed) as caught:
        typed(line)
    plain = by_itself(docker, line)
    assert evened(typed.words(is_error=True)) == evened(plain.stderr)
    assert caught.value.exit_code == plain.returncode
    assert caught.value.next_step or "exit 3" in line
    assert caught.value.message.count(".") >= 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("exec wbt-nobody ls", "Docker ended with exit code 1."),
        (f"run -it {BUSYBOX} sh", "Docker ended with exit code 1."),
        (f"exec {BOX} cat /nowhere", "The program in the container ended with exit code 1."),
        (f"start -a {BOX}-3", "The program in the container ended with exit code 3."),
    ],
)
def test_who_ended_is_told(
    docker: Docker, box: Container, typed: Typed, line: str, says: str
) -> None:
    typed(f"create --name {BOX}-3 {BUSYBOX} sh -c 'exit 3'")
    with pytest.raises(CommandFailed) as caught:
        typed(line)
    assert caught.value.message == says
    assert bool(caught.value.next_step) is says.startswith("Docker")


def test_a_cells_rest_is_standard_input(box: Container, typed: Typed) -> None:
    assert typed(f"exec -i {BOX} sh", "echo from; echo the cell") == "from\nthe cell\n"


def test_what_is_made_is_labelled_and_goes_with_the_lesson(docker: Docker, typed: Typed) -> None:
    made = typed(f"run -d --name {BOX} {BUSYBOX} sleep 600")
    typed(f"create --name wbt-typed-2 {BUSYBOX} true")
    typed("network create wbt-typed-net")
    typed("volume create wbt-typed-data")
    typed(f"tag {BUSYBOX} wbt-typed-tag:1")
    typed(f"run --rm {BUSYBOX} true")
    assert isinstance(made, Container)
    assert made.name == BOX
    api = docker.client.api
    for found in (
        api.inspect_container(BOX)["Config"],
        api.inspect_network("wbt-typed-net"),
        api.inspect_volume("wbt-typed-data"),
    ):
        assert found["Labels"]["workbook.lesson"] == LABEL
    removed = docker.clean_up()
    assert set(removed.containers) == {BOX, "wbt-typed-2"}
    assert removed.networks == ("wbt-typed-net",)
    assert removed.volumes == ("wbt-typed-data",)
    assert removed.images == ("wbt-typed-tag:1",)


def test_a_run_that_fails_leaves_what_docker_leaves_and_clean_up_knows_it(
    docker: Docker, typed: Typed
) -> None:
    with pytest.raises(CommandFailed):
        typed(f"run -d --name {BOX} {BUSYBOX} wbt-no-such-program")
    assert docker.container(BOX).status == "created"
    assert docker.clean_up().containers == (BOX,)


@pytest.mark.parametrize("line", ["rm -f web", "stop -t 0 web", "rmi wbt-own", "tag {} wbt-own"])
def test_what_was_there_before_the_lesson_is_left_alone(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    api = docker.client.api
    own = docker.client.containers.run(BUSYBOX, "sleep 600", name="web", detach=True)
    api.tag(BUSYBOX, "wbt-own")
    lesson = Docker(docker.client, docker.endpoint, "wbt", names=("web", "wbt-own"))
    try:
        with pytest.raises(InvalidInput, match="before the lesson"):
            Typed(lesson)(line.format(BUSYBOX))
        assert docker.container("web").status == "running"
        assert api.inspect_image("wbt-own")
        own.remove(force=True)
        Typed(lesson)(f"run -d --name web {BUSYBOX} sleep 600")
        Typed(lesson)("rm -f web")
    finally:
        lesson.clean_up()
        api.remove_image("wbt-own")


def test_what_another_lesson_of_the_workbook_left_is_no_strangers(
    docker: Docker, typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    names = ("wbt-left", "wbt-image")
    dockerfile = put(tmp_path / "app", {"Dockerfile": f"FROM {BUSYBOX}\nENV a=1\n"})
    typed(f"run -d --name wbt-left {BUSYBOX} sleep 600")
    typed(f"build -t wbt-image {dockerfile}")
    lesson = Docker(docker.client, docker.endpoint, "wbt-next", names=names)
    Typed(lesson)("rm -f wbt-left")
    Typed(lesson)(f"build -t wbt-image {dockerfile}")
    assert "wbt-image:latest" in (*lesson.clean_up().images, *docker.clean_up().images)


def test_a_build_has_the_report_that_a_request_of_our_own_has(
    docker: Docker, typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "home"))
    app = put(tmp_path / "app", {"Dockerfile": TWO_STAGES, "a.txt": secrets.token_hex(8)})
    for words in ("", "--no-cache "):
        report = typed(f"build {words}-t wbt-build {app}")
        assert isinstance(report, BuildReport)
        assert [step[:3] for step in outline(report)] == STEPS
        assert report.command == f"docker build {words}-t wbt-build {app}"
        assert report.image_id == docker.image("wbt-build").id
        assert report.context_bytes
    asked = docker.build(app, "wbt-build-2", no_cache=True)
    assert outline(report) == outline(asked)
    assert report.layer_count == asked.layer_count
    again = typed(f"build -t wbt-build {app}")
    assert isinstance(again, BuildReport)
    assert {step.status for step in again.own_steps} == {"cached"}
    (app / "a.txt").write_text(secrets.token_hex(9))
    changed = typed(f"build -t wbt-build {app}")
    assert isinstance(changed, BuildReport)
    assert changed.misses[0].reason == "a.txt changed."


def tags_at(docker: Docker) -> set[str]:
    """The names of all images."""
    return {tag for image in docker.client.api.images() for tag in image["RepoTags"] or []}


@pytest.mark.parametrize("buildkit", ["1", "0"])
@pytest.mark.parametrize("options", ["-q", "-qt wbt-q3", "--quiet=true", "--progress plain", ""])
def test_every_tag_of_a_build_goes_with_the_lesson(
    docker: Docker, typed: Typed, monkeypatch: pytest.MonkeyPatch, options: str, buildkit: str
) -> None:
    if options.startswith("--progress") and buildkit == "0":
        options = "--force-rm"  # the classic builder has no --progress
    monkeypatch.setenv("DOCKER_BUILDKIT", buildkit)
    before = tags_at(docker)
    dockerfile = f"FROM {BUSYBOX}\nENV a={secrets.token_hex(4)}\n"
    typed(f"build {options} -t wbt-q1 -t wbt-q2:x -", dockerfile)
    assert tags_at(docker) - before >= {"wbt-q1:latest", "wbt-q2:x"}
    docker.clean_up()
    assert tags_at(docker) == before


def test_a_build_without_a_tag_has_its_report_and_goes_too(docker: Docker, typed: Typed) -> None:
    report = typed("build -", f"FROM {BUSYBOX}\nENV a={secrets.token_hex(4)}\n")
    assert isinstance(report, BuildReport)
    assert docker.client.api.inspect_image(report.image_id)["Id"] == report.image_id
    docker.clean_up()
    with pytest.raises(ImageNotFound):
        docker.client.api.inspect_image(report.image_id)


@pytest.mark.parametrize("buildkit", ["1", "0"])
@pytest.mark.parametrize("options", ["-q", "--quiet -t wbt-q1", "-qt wbt-q1"])
def test_a_quiet_build_prints_what_docker_prints(
    docker: Docker,
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: str,
    buildkit: str,
) -> None:
    monkeypatch.setenv("DOCKER_BUILDKIT", buildkit)
    monkeypatch.setenv("BUILDX_NO_DEFAULT_ATTESTATIONS", "1")  # they have the time in them
    text = f"FROM {BUSYBOX}\nRUN echo {secrets.token_hex(4)}\n"
    app = put(tmp_path / "app", {"Dockerfile": text})
    output = typed(f"build {options} {app}")
    said = {is_error: typed.words(is_error) for is_error in (True, False)}
    plain = by_itself(docker, f"build --label workbook.lesson={LABEL} {options} {app}")
    assert said == {True: plain.stderr, False: plain.stdout}
    assert output == plain.stdout
    assert output.startswith("sha256:")


def test_a_quiet_build_that_fails_is_explained_as_any(docker: Docker, typed: Typed) -> None:
    texts = []
    for options in ("", "-q "):
        with pytest.raises(BuildFailed) as caught:
            typed(f"build {options}-t wbt-q1 -", f"FROM {BUSYBOX}\nRUN rm /nothing\n")
        texts.append(str(caught.value))
    assert texts[0] == texts[1]
    assert "rm: can't remove" in texts[1]
    assert "wbt-q1:latest" not in tags_at(docker)


@pytest.mark.parametrize("buildkit", ["1", "0"])
def test_a_build_that_fails_says_it_in_the_builders_words_first(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, buildkit: str
) -> None:
    monkeypatch.setenv("DOCKER_BUILDKIT", buildkit)
    with pytest.raises(BuildFailed) as caught:
        typed("build -t wbt-fails -", f"FROM {BUSYBOX}\nRUN echo so; ls /nowhere\n")
    assert "ls /nowhere" in typed.words(is_error=True)
    assert "{" not in typed.words(is_error=True)
    assert caught.value.message.startswith("Line 2 of the Dockerfile")
    assert caught.value.next_step


def test_an_interrupt_ends_it_on_the_engine_too(docker: Docker, typed: Typed) -> None:
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(Interrupted):
        typed(f"run --rm --init --name {BOX} {BUSYBOX} sleep 600")
    assert time.monotonic() - began < 30
    assert not docker.client.api.containers(all=True, filters={"name": f"^{BOX}$"})


def test_an_image_that_nobody_has_is_told_in_the_engines_words(typed: Typed) -> None:
    with pytest.raises(CommandFailed) as caught:
        typed("run --rm wbt-no-such-image:1 true")
    assert "Unable to find image 'wbt-no-such-image:1' locally" in typed.words(is_error=True)
    assert caught.value.exit_code == 125
    assert caught.value.next_step


def test_a_tag_that_was_forgotten_is_named(docker: Docker, typed: Typed) -> None:
    """On a registry where nothing listens, so that nobody has the image."""
    name = "localhost:1/wbt/forgotten"
    docker.client.api.tag(BUSYBOX, name, "7")
    try:
        with pytest.raises(CommandFailed) as caught:
            typed(f"run --rm {name} true")
    finally:
        docker.client.api.remove_image(f"{name}:7")
    assert caught.value.next_step == f"Without a tag `latest` is meant; there is `{name}:7`."
