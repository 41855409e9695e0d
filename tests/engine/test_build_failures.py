"""Builds that end badly: the step, its line, its last words, and nothing left that has the tag."""

from __future__ import annotations

import io
import json
import re
import secrets
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import Listeners
from helpers.engine.build.session.sent_files import SentFile
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.errors import ImageUnavailable, Interrupted, InvalidInput
from helpers.model.build.failure import BuildFailed
from helpers.model.build.report import BuildReport
from tests.engine.build_kit import image_id, put
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engine.test_interrupt import interrupt_when

pytestmark = pytest.mark.engine
BUILDERS = pytest.mark.parametrize("buildkit", [None, False], ids=["buildkit", "classic"])
TAG = "wbt-fails"


@pytest.fixture(autouse=True)
def _nothing_keeps_the_tag(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "home"))
    yield
    docker.clean_up()  # while what was left over is noted where this test looks
    assert image_id(docker.client, TAG) is None


def failed(docker: Docker, *lines: str, **options: object) -> BuildFailed:
    text = "\n".join([f"FROM {BUSYBOX}", *lines])
    with pytest.raises(BuildFailed) as caught:
        docker.build("-", TAG, stdin=text, **options)  # type: ignore[arg-type]
    assert caught.value.report.is_over
    return caught.value


@BUILDERS
def test_a_run_that_fails(docker: Docker, buildkit: bool | None) -> None:
    error = failed(docker, "RUN true", "RUN echo looking; \\", "  ls /nowhere", buildkit=buildkit)
    assert error.message.startswith(
        "Line 3 of the Dockerfile, `RUN echo looking; ls /nowhere`, failed: "
        "the command ended with exit code 1.\n"
    )
    assert {line.strip() for line in error.message.splitlines()[1:]} == {
        "looking", "ls: /nowhere: No such file or directory",
    }  # fmt: skip
    step = error.report.failed_step
    assert step is not None
    assert (step.line, step.status) == (3, "failed")


@BUILDERS
def test_a_file_that_is_not_in_the_context(
    docker: Docker, tmp_path: Path, buildkit: bool | None
) -> None:
    put(tmp_path, {"Dockerfile": f"FROM {BUSYBOX}\n\nCOPY d/nix /\n"})
    with pytest.raises(BuildFailed) as caught:
        docker.build(tmp_path, TAG, buildkit=buildkit)
    # Engine 20.10 names the folder where that is missing already.
    assert re.fullmatch(
        r"Line 3 of .*, `COPY d/nix /`, failed: 'd(/nix)?' is not in the build context\.",
        caught.value.message,
    )
    put(tmp_path, {"d/nix": "1", ".dockerignore": "d\n"})
    with pytest.raises(BuildFailed) as caught:
        docker.build(tmp_path, TAG, buildkit=buildkit)
    assert caught.value.next_step.startswith(".dockerignore leaves it out")


@BUILDERS
def test_a_syntax_error(docker: Docker, buildkit: bool | None) -> None:
    error = failed(docker, "RUM true", buildkit=buildkit)
    assert error.message.startswith("Line 2 of the Dockerfile, `RUM true`, failed: ")
    assert "unknown instruction: RUM" in error.message


def test_a_trigger_of_the_base_is_none_of_the_dockerfiles_lines(docker: Docker) -> None:
    onbuild = f"FROM {BUSYBOX}\nONBUILD RUN echo trigger; test -e /good\n"
    docker.build("-", "wbt-onbuild:bad", stdin=onbuild)
    docker.build("-", "wbt-onbuild:good", stdin=onbuild.replace("test -e /good", "true"))
    lines = ["RUN echo first; false", "RUN echo second"]
    with pytest.raises(BuildFailed) as caught:
        docker.build("-", TAG, stdin="\n".join(["FROM wbt-onbuild:good", *lines]))
    assert caught.value.message.startswith("Line 2 of the Dockerfile, `RUN echo first; false`")
    with pytest.raises(BuildFailed) as caught:
        docker.build("-", TAG, stdin="\n".join(["FROM wbt-onbuild:bad", *lines]))
    assert "no line of the Dockerfile has" in caught.value.message
    assert "ONBUILD" in caught.value.next_step


def test_an_image_whose_id_a_classic_step_prints_stays(docker: Docker) -> None:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(secrets.token_hex(8)))
    imported = docker.client.api.import_image_from_data(body.getvalue())
    image = str(json.loads(imported.splitlines()[-1])["status"])
    ending = "echo 'Removing intermediate container 0123456789ab'; sleep 0.3"
    line = f"RUN {ending}; echo ' ---> {image[7:19]}'; sleep 0.3; "
    try:
        docker.build("-", "wbt-prints", stdin=f"FROM {BUSYBOX}\n{line} true\n", buildkit=False)
        failed(docker, f"{line} false", buildkit=False)
        docker.clean_up()
        assert docker.client.api.inspect_image(image)
    finally:
        docker.client.api.remove_image(image, force=True)


@BUILDERS
def test_what_a_step_writes_is_text_whatever_its_bytes(
    docker: Docker, buildkit: bool | None
) -> None:
    written = r"printf 'caf\351 caf\303\251\n'"
    report = docker.build(
        "-", "wbt-bytes", stdin=f"FROM {BUSYBOX}\nRUN {written}\n", buildkit=buildkit, no_cache=True
    )
    (line,) = report.own_steps[-1].log
    # The classic builder sends JSON, in which the byte is lost before it comes here.
    assert line.text == ("caf\ufffd café" if buildkit is False else "caf\\xe9 café")
    line.text.encode()


def test_what_has_no_stage_never_comes_to_the_engine(
    docker: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engines of before 27 end on it."""

    def asked(*_: object, **__: object) -> None:
        raise AssertionError("the engine is asked")

    monkeypatch.setattr("helpers.engine.build.request.BuildStream", asked)
    monkeypatch.setattr("helpers.engine.command.typed_docker.ClientProcess", asked)
    for text in ("ARG A=1\n", f"ARG A=1\rFROM {BUSYBOX}\r"):
        with pytest.raises(InvalidInput, match=r"FROM|CR"):
            docker.build("-", TAG, stdin=text)
        for words in ("build -", f"build -q -t {TAG} -", f"buildx build -t {TAG} -f - ."):
            with pytest.raises(InvalidInput, match=r"FROM|CR"):
                docker.typed.run(words.split(), text, print)


def test_an_image_that_nobody_has(docker: Docker) -> None:
    with pytest.raises(ImageUnavailable, match="Line 2 of the Dockerfile, `FROM wbt-nowhere:1`"):
        docker.build("-", TAG, stdin="# a comment\nFROM wbt-nowhere:1\n")


def test_a_step_without_a_network(docker: Docker) -> None:
    error = failed(docker, "RUN timeout 5 wget -q -O- http://example.org/", network="none")
    assert error.message.startswith("Line 2 of the Dockerfile, `RUN timeout 5 wget")
    assert "network" in error.next_step


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_what_is_not_there_is_said_before_the_engine_is_asked(
    docker: Docker, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput, match=r"There is no (folder|Dockerfile)"):
        docker.build(tmp_path / name, TAG)


def test_a_file_in_the_context_that_cannot_be_read(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"Dockerfile": f"FROM {BUSYBOX}\nCOPY . /\n", "locked": "1"})

    def refuse(file: SentFile) -> Iterator[bytes]:
        if file.path == "locked":
            raise PermissionError(13, "Permission denied", file.location)
        yield file.text or b""

    monkeypatch.setattr(SentFile, "content", refuse)
    with pytest.raises(InvalidInput, match=r"locked.* cannot be read \(Permission denied\)"):
        docker.build(tmp_path, TAG)


@BUILDERS
def test_a_file_that_vanishes_when_its_content_is_due(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, buildkit: bool | None
) -> None:
    put(tmp_path, {"Dockerfile": f"FROM {BUSYBOX}\nCOPY . /\n", "brief": "1"})
    seen: list[BuildReport] = []

    def vanish(place: str) -> dict[str, bytes]:
        if place.endswith("brief"):
            Path(place).unlink()
        return {}

    for module in ("pack", "session.sent_files"):
        monkeypatch.setattr(f"helpers.engine.build.{module}.attributes_of", vanish)
    docker = Docker(
        docker.client, docker.endpoint, LABEL, listeners=Listeners(on_build=seen.append)
    )
    with pytest.raises(InvalidInput, match=r"brief' is in the build context and changed while"):
        docker.build(tmp_path, TAG, buildkit=buildkit)
    assert seen[-1].is_over


def test_a_file_of_somebody_else_in_the_archive(tmp_path: Path) -> None:
    put(tmp_path, {"Dockerfile": f"FROM {BUSYBOX}\nCOPY . /\n", "locked": "1"})
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from helpers.engine.build.pack import packed\n"
        "from helpers.engine.build.walk import walk\n"
        "from helpers.model.build.dockerignore import DockerIgnore\n"
        "os.setuid(65534)\n"
        "list(packed(walk(Path(sys.argv[1]), DockerIgnore()), {}, lambda *_: None))\n"
    )
    for place in (tmp_path, *list(tmp_path.parents)[:-2]):
        place.chmod(place.stat().st_mode | 0o055)
    (tmp_path / "locked").chmod(0o600)
    words = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "cannot be read (Permission denied)" in done.stderr


@BUILDERS
def test_an_interrupt_stops_the_build_on_the_engine(
    docker: Docker, buildkit: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = containers(docker)
    images = {image["Id"] for image in docker.client.api.images(all=True)}
    text = f"FROM {BUSYBOX}\nRUN true\nRUN echo begun; sleep 61\n"
    seen: list[BuildReport] = []
    docker = Docker(
        docker.client, docker.endpoint, LABEL, listeners=Listeners(on_build=seen.append)
    )
    watcher = interrupt_when(lambda: "sleep 61" in processes())
    with pytest.raises(Interrupted, match="The build was stopped"):
        docker.build("-", TAG, stdin=text, buildkit=buildkit, no_cache=True)
    watcher.join()
    wait_until(lambda: "sleep 61" not in processes())
    wait_until(lambda: containers(docker) == before)
    assert (seen[-1].is_over, seen[-1].error) == (True, "The build was stopped.")
    assert seen[-1].own_steps[-1].status == "canceled"
    docker.clean_up()
    assert {image["Id"] for image in docker.client.api.images(all=True)} == images


def containers(docker: Docker) -> set[str]:
    return {item["Id"] for item in docker.client.api.containers(all=True)}


def wait_until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(500):
        if is_so():
            return
        pause.wait(0.04)
    raise AssertionError("it did not come about")


def processes() -> str:
    """The command lines of all processes here."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(line for line in found if line.startswith(("sleep", "/bin/sleep")))


def test_two_builds_at_once(docker: Docker, endpoint: Endpoint, tmp_path: Path) -> None:
    def build(name: str, seconds: int) -> None:
        client, _ = find_client([endpoint])
        run = f"RUN sleep {seconds}; cat /a; test {seconds} = 1"
        text = f"FROM {BUSYBOX}\nCOPY a /\n{run}\n"
        mine = put(tmp_path / name, {"Dockerfile": text, "a": name})
        other = Docker(client, endpoint, LABEL)
        try:
            said[name] = other.build(mine, f"wbt-{name}", no_cache=True).own_steps[-1].log[0].text
        except BuildFailed as error:
            said[name] = error.message.splitlines()[-1].strip()
        client.close()

    said: dict[str, str] = {}
    threads = [threading.Thread(target=build, args=pair) for pair in (("one", 1), ("two", 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"one": "one", "two": "two"}
    assert image_id(docker.client, "wbt-one")
    assert image_id(docker.client, "wbt-two") is None


def test_a_failed_build_leaves_the_old_image_its_name(docker: Docker) -> None:
    first = docker.build("-", "wbt-kept", stdin=f"FROM {BUSYBOX}\nRUN true\n")
    with pytest.raises(BuildFailed):
        docker.build("-", "wbt-kept", stdin=f"FROM {BUSYBOX}\nRUN false\n")
    assert image_id(docker.client, "wbt-kept") == first.image_id
