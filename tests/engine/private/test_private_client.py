"""What comes with a private engine: its own client, its plug-ins, and the machine's files."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import private_kit as kit
import pytest

from helpers.engine.base.origin_ledger import engine_id
from helpers.engine.private import PrivateEngine
from helpers.engine.private.client_command import client_environment, prepare_client
from helpers.engine.private.engine_release import engine_version
from helpers.engine.supply.ledger import record
from helpers.launcher.engines_for_tests import remove_all_but_supplied
from helpers.model.supply.supply import Source, Supplied

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="a private engine needs Linux and root",
    ),
]


def typed(engine: PrivateEngine, *words: str) -> str:
    """What a docker command says in a cell or terminal of the workbook."""
    environment = {**os.environ, **client_environment(), "DOCKER_HOST": engine.host}
    done = subprocess.run(
        ["docker", *words], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_client_buildx_and_compose_are_the_engines_own(
    engine: PrivateEngine, rootfs: bytes, tmp_path: Path
) -> None:
    engine.start()
    tree = engine.release.tree()
    prepare_client(tree)
    both = typed(engine, "version", "--format", "{{.Client.Version}} {{.Server.Version}}").split()
    assert {version.partition("+")[0] for version in both} == {engine_version(tree)}
    builder = typed(engine, "buildx", "ls", "--format", "{{.DriverEndpoint}}")
    assert "default" in builder
    assert typed(engine, "compose", "version", "--short")[0].isdecimal()
    with kit.client_of(engine, rootfs) as client:
        (tmp_path / "compose.yaml").write_text(
            f"name: wbpriv\nservices:\n  web:\n    image: {kit.IMAGE}\n    command: sleep 100\n"
        )
        compose = ("compose", "-f", str(tmp_path / "compose.yaml"))
        typed(engine, *compose, "up", "-d")
        assert [each.name for each in client.containers.list()] == ["wbpriv-web-1"]
        assert "sleep 100" in typed(engine, "top", "wbpriv-web-1"), "by the tree's ps"
        typed(engine, *compose, "down", "-t", "0")


def test_containers_see_the_machines_files(
    engine: PrivateEngine, rootfs: bytes, tmp_path: Path
) -> None:
    (tmp_path / "note").write_text("of the machine")
    share = sorted(path.name for path in Path("/usr/share").iterdir())
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        assert client.info()["OperatingSystem"].startswith(
            platform.freedesktop_os_release()["NAME"]
        )
        binds = [f"{tmp_path}:/here:ro", "/usr/share:/share:ro", "/usr/local:/local:ro"]
        run = client.containers.run
        assert run(kit.IMAGE, ["cat", "/here/note"], volumes=binds) == b"of the machine"
        listed = run(kit.IMAGE, ["sh", "-c", "cd /share; echo *"], volumes=binds).decode().split()
        assert listed == [name for name in share if not name.startswith(".")]
    assert sorted(path.name for path in Path("/usr/share").iterdir()) == share


def test_the_tests_engines_begin_with_supplied_images_alone(
    engine: PrivateEngine, rootfs: bytes
) -> None:
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        brought = client.images.get(kit.IMAGE)
        record(engine_id(client), Supplied(kit.IMAGE, Source.BUNDLE, str(brought.id), 1))
        client.networks.create("wbpriv-left")
        client.volumes.create("wbpriv-left")
        kit.web_server(client, name="left", network="wbpriv-left", volumes=["wbpriv-left:/data"])
        left = client.containers.get("left").commit("wbpriv-left", "1")
        brought.tag("wbpriv-left", "2")
        assert "wbpriv-left:1" in left.tags
        for _ in range(2):
            remove_all_but_supplied(client)
        assert client.containers.list(all=True) == []
        assert client.volumes.list() == []
        assert {network.name for network in client.networks.list()} == {"bridge", "host", "none"}
        assert [image.tags for image in client.images.list(all=True)] == [[kit.IMAGE]]
