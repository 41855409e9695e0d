"""Bills of five images, beside what dpkg and pip inside a container of each say."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from helpers import bill_of_materials, known_fixes
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.engine.supply import ImageSupply
from helpers.errors import InvalidInput, NoSuchImage
from helpers.model.bill.bill import Bill
from helpers.notebook.session import open_session
from tests.engine.conftest import BUSYBOX, LABEL

pytestmark = pytest.mark.engine

PYTHON = "python:3.13-slim"
# Each as a Dockerfile: nothing on top; packages of pip; one of dpkg's that is gone but for its
# settings; another release over an old one; a virtual environment, and what is not in one.
DOCKERFILES = {
    "plain": f"FROM {PYTHON}\n",
    "pip": f"FROM {PYTHON}\nRUN pip install --no-cache-dir itsdangerous==2.2.0 click==8.1.7\n",
    "removed": (
        f"FROM {PYTHON}\nRUN echo kept > /etc/kept.conf"
        " && sed -i '/^Package: hostname$/,/^$/s/^Status: .*/Status: deinstall ok config-files/'"
        " /var/lib/dpkg/status && dpkg --remove --force-all ncurses-bin\n"
    ),
    "upgraded": (
        f"FROM {PYTHON}\nRUN pip install --no-cache-dir click==8.1.7\n"
        "RUN pip install --no-cache-dir click==8.1.8\n"
    ),
    "venv": (
        f"FROM {PYTHON}\nRUN python3 -m venv /venv"
        " && /venv/bin/pip install --no-cache-dir click==8.1.8\n"
    ),
}
PYTHONS = {"venv": "/venv/bin/python"}
FOLDERS = "import json, os, sys; print(json.dumps([os.path.realpath(p) for p in sys.path[1:]]))"
LISTED = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${db:Status-Status}\n"


@pytest.fixture(scope="module")
def docker(endpoint: Endpoint) -> Iterator[Docker]:
    client, _ = find_client([endpoint])
    ImageSupply(client).ensure(PYTHON)
    docker = Docker(client, endpoint, LABEL)
    open_session(docker)
    for name, text in DOCKERFILES.items():
        docker.build("-", stdin=text, tag=f"wbt-bill-{name}")
    yield docker
    docker.clean_up()
    client.close()


def asked(docker: Docker, name: str, *command: str) -> str:
    """What a command prints in a container of that image."""
    image = f"wbt-bill-{name}"
    output = docker.client.containers.run(image, list(command), remove=True, entrypoint=[])
    text: str = output.decode()
    return text


def debian_rows(bill: Bill) -> set[tuple[str, ...]]:
    return {(c.name, c.version, c.architecture, c.source) for c in bill.of_kind("deb")}


@pytest.mark.parametrize("name", DOCKERFILES)
def test_it_agrees_with_dpkg(docker: Docker, name: str) -> None:
    rows = [
        tuple(line.split("\t"))
        for line in asked(docker, name, "dpkg-query", "-W", "-f", LISTED).splitlines()
    ]
    theirs = {row[:4] for row in rows if row[4] != "config-files"}
    ours = debian_rows(bill_of_materials(f"wbt-bill-{name}").bill)
    assert ours == theirs
    assert len(ours) > 50
    assert (len(rows) > len(theirs)) == (name == "removed"), "one is there by its settings alone"


@pytest.mark.parametrize("name", DOCKERFILES)
def test_it_agrees_with_pip(docker: Docker, name: str) -> None:
    """By the folders that this Python looks into, the first of which wins, as for pip."""
    python = PYTHONS.get(name, "python3")
    listed = asked(docker, name, python, "-m", "pip", "list", "--format", "json")
    theirs = {(each["name"], each["version"]) for each in json.loads(listed)}
    folders = json.loads(asked(docker, name, python, "-c", FOLDERS))
    packages = bill_of_materials(f"wbt-bill-{name}").bill.of_kind("pypi")
    ours: dict[str, str] = {}
    for folder in folders:
        for each in packages:
            inside = each.location.removeprefix(folder.lstrip("/") + "/")
            if inside != each.location and inside.split("/")[0].endswith(("-info",)):
                ours.setdefault(each.name, each.version)
    assert set(ours.items()) == theirs
    wanted = {"pip": "itsdangerous", "upgraded": "click", "venv": "click"}.get(name)
    assert wanted is None or wanted in ours


def test_it_is_the_same_from_what_the_engine_saves(docker: Docker) -> None:
    """Not from the engine's storage, where this process could read that."""
    image = docker.image("wbt-bill-upgraded")
    quick = bill_of_materials(image).bill
    from helpers.engine.layers.engine_source import EngineSource

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EngineSource, "storage", None)
        saved = bill_of_materials(docker.image("wbt-bill-upgraded")).bill
    assert saved == quick
    assert [each.version for each in saved.with_name("click")] == ["8.1.8"]


def test_an_image_without_a_database_says_so(docker: Docker) -> None:
    shown = bill_of_materials(BUSYBOX)
    assert shown.bill.components == ()
    assert "No package database" in repr(shown)
    with pytest.raises(InvalidInput, match="no list of Debian packages"):
        known_fixes(shown)
    with pytest.raises(NoSuchImage):
        bill_of_materials("wbt-bill-nowhere")
