"""Stand-ins behave as the official images do, and making them leaves nothing behind."""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from helpers.engine.connection.client import find_client
from helpers.engine.supply import image_tools, mmdebstrap
from helpers.engine.supply.stand_in import StandIn, hash_of, key_of, make
from helpers.model.supply.catalogue import BUSYBOX, PYTHON
from tests.engine.supply_kit import imported, need_stand_ins

pytestmark = pytest.mark.engine
REQUIREMENTS = "flask\nwaitress\nprometheus-client\n"
DOCKERFILE = """
FROM wbsup-python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["python", "-c", "import flask, waitress, prometheus_client; print('imported')"]
"""


@pytest.fixture(scope="module")
def client() -> Iterator[DockerClient]:
    found, _ = find_client()
    yield found
    found.close()


@pytest.fixture(scope="module")
def python(client: DockerClient) -> Iterator[str]:
    """The python stand-in under a name of the test's own, with the settings of the real one."""
    need_stand_ins()
    with imported(client, PYTHON, "wbsup-python:3.13-slim") as name:
        yield name


@pytest.fixture(scope="module")
def busybox(client: DockerClient) -> Iterator[str]:
    need_stand_ins()
    with imported(client, BUSYBOX, "wbsup-busybox:1.37") as name:
        yield name


def said(client: DockerClient, image: str, command: str, **options: Any) -> str:
    answer: bytes = client.containers.run(image, ["sh", "-c", command], remove=True, **options)
    return answer.decode().strip()


def test_python_pip_apt_and_a_shell_are_there(client: DockerClient, python: str) -> None:
    assert said(client, python, "python -c 'import sys; print(sys.version_info[:2])'") == "(3, 13)"
    assert said(client, python, "echo Python $PYTHON_VERSION") == said(
        client, python, "python3 --version"
    )
    assert said(client, python, "pip --version").endswith("(python 3.13)")
    assert said(client, python, "apt-get --version").startswith("apt 3")
    assert said(client, python, "which python python3 pip bash").split() == [
        *("/usr/local/bin/python", "/usr/local/bin/python3", "/usr/local/bin/pip"),
        "/usr/bin/bash",
    ]
    assert said(client, python, "echo $LANG $(id -u) $PWD") == "C.UTF-8 0 /"


def test_its_default_command_is_the_interpreter(client: DockerClient, python: str) -> None:
    assert client.images.get(python).attrs["Config"]["Cmd"] == ["python3"]


def test_nothing_of_this_machine_is_in_it(client: DockerClient, python: str) -> None:
    found = said(client, python, "find / -xdev -name EXTERNALLY-MANAGED; ls /var/lib/apt/lists")
    assert found == ""
    assert "workbook" not in said(
        client, python, "cat /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/*"
    )


def test_its_bytecode_is_there_and_fresh(client: DockerClient, python: str) -> None:
    box = client.containers.run(
        python, ["python", "-c", "import asyncio, http.server, json, pip, sqlite3"], detach=True
    )
    try:
        assert box.wait()["StatusCode"] == 0
        assert not [change for change in box.diff() or [] if change["Path"].endswith(".pyc")]
    finally:
        box.remove(force=True)


def test_apt_installs_and_leaves_no_caches(client: DockerClient, python: str) -> None:
    command = (
        "(apt-get update && apt-get install -y --no-install-recommends tree) >/dev/null 2>&1;"
        "tree --version; find /var/cache/apt -type f ! -name lock"
    )
    (only,) = said(client, python, command).splitlines()
    assert only.startswith("tree v")


def test_a_plain_user_installs_for_themselves(client: DockerClient, python: str) -> None:
    command = (
        "pip install -q --no-cache-dir click 2>/dev/null;"
        "python -c 'import click; print(click.__file__)'"
    )
    assert said(client, python, command, user="1000", environment={"HOME": "/tmp"}).startswith(
        "/tmp/.local/lib/python3.13/site-packages/"
    )


def context() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, text in (("Dockerfile", DOCKERFILE), ("requirements.txt", REQUIREMENTS)):
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


@pytest.mark.parametrize("builder", ["1", "2"], ids=["classic", "BuildKit"])
def test_an_unchanged_dockerfile_builds_and_runs(
    client: DockerClient, python: str, builder: str
) -> None:
    name = f"wbsup-built:{builder}"
    answer = client.api.post(
        client.api._url("/build"),
        params={"version": builder, "t": name, "nocache": "1", "rm": "1"},
        data=context(),
        headers={"Content-Type": "application/x-tar"},
    )
    try:
        assert '"error"' not in answer.text
        output = client.containers.run(name, user="1000", read_only=True, remove=True)
        assert output.strip() == b"imported"
        paths = "find /usr/local/lib/python3.13/site-packages -name '*.pyc' | grep -c flask"
        assert int(said(client, name, paths)) > 20
    finally:
        client.api.remove_image(name, force=True)


def test_busybox_has_its_applets_users_and_folders(client: DockerClient, busybox: str) -> None:
    assert said(client, busybox, "busybox | head -n 1").startswith("BusyBox v1.37")
    assert said(client, busybox, "ls -d /tmp /root /etc/passwd /bin/sh").split() == [
        *("/bin/sh", "/etc/passwd", "/root", "/tmp")
    ]
    assert said(client, busybox, "id -un; stat -c %a /tmp; echo hi | tr a-z A-Z; pwd").split() == [
        *("root", "1777", "HI", "/")
    ]
    assert said(client, busybox, "touch /tmp/x && echo ok", user="1000") == "ok"
    assert client.images.get(busybox).attrs["Config"]["Cmd"] == ["sh"]


@pytest.fixture
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    need_stand_ins()
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    return tmp_path


def test_two_makers_do_the_work_once_and_a_damaged_archive_is_made_anew(
    fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = [[], []]
    found: list[Any] = [None, None]

    def run(number: int) -> None:
        found[number] = make(
            BUSYBOX, lambda step: told[number].append(step.detail or step.stage), threading.Event()
        )

    makers = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert found[0] == found[1]
    worked = [stages for stages in told if "unpacking the base system" in stages]
    assert len(worked) == 1
    waited = next(stages for stages in told if stages is not worked[0])
    assert waited in ([], ["waiting for another workbook that makes it"])
    assert "fetching busybox-static" in worked[0]

    whole = hash_of(found[0].path)
    with found[0].path.open("r+b") as archive:
        archive.seek(100_000)
        archive.write(b"damage")
    told[0].clear()
    monkeypatch.setattr(mmdebstrap, "_free_memory_bytes", lambda: 0)  # so this time on disk
    run(0)
    assert found[0].sha256 == whole == hash_of(found[0].path)
    assert "unpacking the base system" in told[0]
    assert "fetching busybox-static" not in told[0]
    assert not list(fresh_home.rglob("*.work-*"))


def test_another_recipe_or_another_mirror_makes_another_archive() -> None:
    keys = {key_of(PYTHON), key_of(BUSYBOX), key_of(PYTHON, "http://mirror.example/debian")}
    assert len(keys) == 3


MAKER = """
import sys, threading
from helpers.engine.supply.stand_in import make
from helpers.model.supply.catalogue import BUSYBOX
try:
    make(BUSYBOX, lambda step: None, threading.Event(), mirror=sys.argv[1])
except KeyboardInterrupt:
    sys.exit(7)
"""


def test_an_interrupt_leaves_no_process_no_mount_and_no_folder(fresh_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tarpit:
        tarpit.settimeout(60)
        mirror = f"http://127.0.0.1:{tarpit.getsockname()[1]}/debian"
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        maker = subprocess.Popen([sys.executable, "-c", MAKER, mirror], env=environment)
        try:
            waiting, _ = tarpit.accept()
            assert list(fresh_home.rglob("*.work-*/tree"))
            assert running_with(fresh_home)
            maker.send_signal(signal.SIGINT)
            assert maker.wait(timeout=20) == 7
        finally:
            maker.kill()
            maker.wait()
            waiting.close()
    assert not list(fresh_home.rglob("*.work-*"))
    assert str(fresh_home) not in Path("/proc/self/mountinfo").read_text()
    assert running_with(fresh_home) == []


def running_with(folder: Path) -> list[str]:
    """The processes whose command line names the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found


@pytest.mark.slow
def test_without_mmdebstrap_a_tree_has_it_and_nothing_is_installed(
    fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive is the same, byte by byte, where this machine has mmdebstrap, too."""
    told: list[str] = []

    def made() -> StandIn:
        return make(BUSYBOX, lambda step: told.append(step.stage), threading.Event())

    monkeypatch.setattr(image_tools, "machine_has_tools", lambda: False)
    before = installed_packages()
    of_tree = made()
    assert "getting mmdebstrap" in told
    assert installed_packages() == before
    monkeypatch.undo()
    if image_tools.machine_has_tools():
        monkeypatch.setenv("WORKBOOK_HOME", str(fresh_home / "other"))
        assert made().sha256 == of_tree.sha256


def installed_packages() -> str:
    """All packages that dpkg knows here, with their versions; empty where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return ""
    return subprocess.run(["dpkg-query", "-W"], capture_output=True, text=True, check=True).stdout


def test_a_mirror_that_cannot_be_reached_is_told_in_one_sentence(fresh_home: Path) -> None:
    from helpers.errors import SetupFailed

    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SetupFailed, match="mmdebstrap stopped while reading") as caught:
        make(
            BUSYBOX,
            lambda _: None,
            threading.Event(),
            mirror=f"http://127.0.0.1:{port}/debian",
        )
    assert "\n" not in caught.value.message
    assert "127.0.0.1" in caught.value.message
    assert not list(fresh_home.rglob("*.work-*"))
