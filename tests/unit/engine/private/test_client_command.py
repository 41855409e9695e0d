"""The docker command of a private engine: its plug-ins, and the user's own settings beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.private.client_command import client_environment, prepare_client


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UnpackedTree:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "workbook"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.delenv("DOCKER_CONFIG", raising=False)
    plugins = tmp_path / "tree/usr/libexec/docker/cli-plugins"
    plugins.mkdir(parents=True)
    for name in ("docker-buildx", "docker-compose"):
        (plugins / name).write_text("the tree's")
    (tmp_path / "home").mkdir()
    return UnpackedTree(tmp_path / "tree", "testing", {}, "")


def config() -> Path:
    return Path(client_environment()["DOCKER_CONFIG"])


def test_the_tree_has_client_and_plugins(tree: UnpackedTree) -> None:
    prepare_client(tree)
    programs = Path(client_environment()["PATH"].split(":")[0])
    assert (programs / "docker").readlink() == tree.folder / "usr/bin/docker"
    assert {path.name for path in programs.iterdir()} == {"docker"}, "nothing else comes first"
    assert (config() / "cli-plugins/docker-compose").read_text() == "the tree's"
    assert {path.name for path in config().iterdir()} == {"cli-plugins"}


def test_the_users_settings_are_the_users(tree: UnpackedTree, tmp_path: Path) -> None:
    own = tmp_path / "home/.docker"
    (own / "cli-plugins").mkdir(parents=True)
    (own / "contexts").mkdir()
    (own / "config.json").write_text("{}")
    (own / "cli-plugins/docker-compose").write_text("the user's")
    (own / "cli-plugins/docker-scout").write_text("the user's")
    for _ in range(2):
        prepare_client(tree)
    (config() / "config.json").write_text(json.dumps({"auths": {}}))
    assert "auths" in (own / "config.json").read_text()
    assert (config() / "contexts").resolve() == own / "contexts"
    assert (config() / "cli-plugins/docker-scout").read_text() == "the user's"
    assert (config() / "cli-plugins/docker-compose").read_text() == "the tree's"
    assert (own / "cli-plugins/docker-compose").read_text() == "the user's"


def test_what_docker_wrote_there_stays_until_the_user_has_it(
    tree: UnpackedTree, tmp_path: Path
) -> None:
    prepare_client(tree)
    (config() / "config.json").write_text('{"auths": {"x": {}}}')
    (config() / "buildx").mkdir()
    prepare_client(tree)
    assert "auths" in (config() / "config.json").read_text()
    (tmp_path / "home/.docker/buildx").mkdir(parents=True)
    (tmp_path / "home/.docker/config.json").write_text("{}")
    prepare_client(tree)
    assert (config() / "config.json").read_text() == "{}"
    assert not (config() / "buildx").is_symlink()


def test_a_workbook_inside_a_terminal_of_the_workbook(
    tree: UnpackedTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "home/.docker"
    own.mkdir()
    (own / "config.json").write_text("{}")
    prepare_client(tree)
    for name, value in client_environment().items():
        monkeypatch.setenv(name, value)
    prepare_client(tree)
    assert (config() / "config.json").readlink() == own / "config.json"
    assert client_environment()["PATH"].count("/docker/bin") == 1
