from __future__ import annotations

import socket
from pathlib import Path

import pytest

from helpers.engine.host import browser, docker_command, network_settings
from helpers.engine.host.docker_command import DockerCommand
from helpers.engine.host.machine import busy_ports, disks


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_with_a_listener_is_busy_whichever_its_address(address: str) -> None:
    with socket.socket() as listener:
        listener.bind((address, 0))
        listener.listen(1)
        port = int(listener.getsockname()[1])
        assert busy_ports([port]) == [port]
    assert busy_ports([port]) == []


def test_only_the_busy_ports_are_named() -> None:
    other = free_port()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        assert busy_ports([other, port]) == [port]


def test_a_disk_stands_once_for_all_its_folders_also_for_missing_ones(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    [disk] = disks([("one", folder), ("other", tmp_path / "not/yet/there")])
    assert disk.purposes == ("one", "other")
    assert disk.folder == folder
    assert 0 < disk.free_bytes <= disk.total_bytes


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("http://ann:secret@proxy:3128", "http://***@proxy:3128"),
        ("http://ann:se@cr/et@proxy:3128/", "http://***@proxy:3128/"),
        ("ann:secret@proxy:3128", "***@proxy:3128"),
        ("HTTP://token@proxy", "HTTP://***@proxy"),
        ("socks5h://a:b@[::1]:1080", "socks5h://***@[::1]:1080"),
        ("http://ann:sec\nret@proxy", "http://***@proxy"),
    ],
)
def test_credentials_are_masked(address: str, shown: str) -> None:
    assert network_settings.masked(address) == shown


def test_proxy_variables_count_in_either_case_and_empty_ones_do_not() -> None:
    environment = {"http_proxy": "http://u:p@h:1", "HTTPS_PROXY": "", "NO_PROXY": "localhost"}
    assert network_settings.proxy_settings(environment) == {
        "HTTP_PROXY": "http://***@h:1",
        "NO_PROXY": "localhost",
    }


def pem(body: str) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def test_a_certificate_that_nobody_ships_means_a_proxy_that_resigns(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle, usual = tmp_path / "bundle.crt", tmp_path / "usual"
    usual.mkdir()
    (usual / "a.crt").write_text(pem("AAAA"))
    (tmp_path / "certifi.pem").write_text(pem("BBBB"))
    monkeypatch.setattr("helpers.engine.host.trust._DISTRIBUTION", str(usual))
    monkeypatch.setattr(network_settings, "_certifi", lambda: tmp_path / "certifi.pem")
    bundle.write_text(pem("AAAA") + pem("BBBB"))
    plain = network_settings.trust_store(bundle)
    assert (plain.certificates, plain.own, plain.is_resigned) == (2, 0, False)
    bundle.write_text(pem("AAAA") + pem("BBBB") + pem("CCCC"))
    resigned = network_settings.trust_store(bundle)
    assert (resigned.certificates, resigned.own, resigned.is_resigned) == (3, 1, True)


def program(folder: Path, name: str, script: str = "exit 0") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def test_a_browser_is_found_on_the_path_before_playwrights(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setattr(browser.sys, "platform", "linux")
    assert browser.find_browser() is None
    own = program(tmp_path, "playwright/chromium-1200/chrome-linux/chrome")
    assert browser.find_browser() == own
    system = program(tmp_path, "bin/google-chrome")
    assert browser.find_browser() == system


DOCKER = """
case "$1" in
  --version) echo "Docker version 28.2.2, build abc";;
  info) if [ "$DOCKER_HOST" = good ]; then echo engine-1; else echo "no engine" >&2; exit 1; fi;;
esac
"""


def test_the_docker_command_tells_its_version_and_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("DOCKER_HOST", "bad")
    path = str(program(tmp_path, "docker", DOCKER))
    found = docker_command.docker_command({"DOCKER_HOST": "good"})
    assert found == DockerCommand(path, "28.2.2", "engine-1")
    assert docker_command.docker_command() == DockerCommand(path, "28.2.2", "", "no engine")


def test_the_docker_command_is_asked_for_what_its_engine_is_known_by(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path, "docker", 'echo "$3"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    found = docker_command.docker_command(None, "podman {{.Name}}")
    assert found is not None
    assert found.engine_id == "podman {{.Name}}"


def test_no_docker_command_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert docker_command.docker_command() is None


def test_a_docker_command_that_hangs_is_cut(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path, "docker", "exec tail -f /dev/null")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(docker_command, "_ANSWER_SECONDS", 0.2)
    found = docker_command.docker_command()
    assert found is not None
    assert found.error == "no answer in 0.2 s"
