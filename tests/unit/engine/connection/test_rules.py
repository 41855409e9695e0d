"""Which engine is taken: the docker command's rules, compared with the docker command itself."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint, TlsFiles
from helpers.engine.connection.candidates import candidates
from helpers.engine.connection.rules import chosen_endpoint, is_chosen
from helpers.errors import EngineNotFound

FAR, NEAR = "tcp://far:2375", "ssh://me@near"
SOCKET = "npipe:////./pipe/docker_engine" if sys.platform == "win32" else "unix:///run/own.sock"
# Each: the variables, the current context, and where docker goes: the context's name, the address.
RULES: list[tuple[dict[str, str], str, tuple[str, str]]] = [
    ({"DOCKER_HOST": "tcp://one:1"}, "", ("default", "tcp://one:1")),
    ({"DOCKER_HOST": "tcp://one:1", "DOCKER_CONTEXT": "far"}, "near", ("default", "tcp://one:1")),
    ({"DOCKER_HOST": "tcp://one:1"}, "near", ("default", "tcp://one:1")),
    ({"DOCKER_CONTEXT": "far"}, "", ("far", FAR)),
    ({"DOCKER_CONTEXT": "far"}, "near", ("far", FAR)),
    ({"DOCKER_CONTEXT": "far"}, "gone", ("far", FAR)),
    ({"DOCKER_CONTEXT": "local"}, "", ("local", SOCKET)),
    ({}, "near", ("near", NEAR)),
    ({}, "far", ("far", FAR)),
    ({"DOCKER_TLS_VERIFY": "1"}, "far", ("far", FAR)),
    # How an address is completed.
    ({"DOCKER_HOST": "one"}, "", ("default", "tcp://one:2375")),
    ({"DOCKER_HOST": "one:99"}, "", ("default", "tcp://one:99")),
    ({"DOCKER_HOST": "tcp://one"}, "", ("default", "tcp://one:2375")),
    ({"DOCKER_HOST": "tcp://"}, "", ("default", "tcp://localhost:2375")),
    ({"DOCKER_HOST": ":2375"}, "", ("default", "tcp://localhost:2375")),
    ({"DOCKER_HOST": " tcp://one:5 "}, "", ("default", "tcp://one:5")),
    ({"DOCKER_HOST": "tcp://[::1]:5"}, "", ("default", "tcp://[::1]:5")),
    ({"DOCKER_HOST": "ssh://me@one:22"}, "", ("default", "ssh://me@one:22")),
    ({"DOCKER_HOST": "unix:///run/x.sock"}, "", ("default", "unix:///run/x.sock")),
]  # fmt: skip
GONE = [({"DOCKER_CONTEXT": "gone"}, ""), ({"DOCKER_CONTEXT": "gone"}, "far"), ({}, "gone")]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder of the docker command with contexts named far, near and local."""
    for name, host in (("far", FAR), ("near", NEAR), ("local", SOCKET)):
        keep(tmp_path, name, {"Host": host, "SkipTLSVerify": False})
    return tmp_path


def keep(folder: Path, name: str, docker: object) -> str:
    """A context as the docker command keeps it; the name of its folders."""
    place = hashlib.sha256(name.encode()).hexdigest()
    meta = folder / "contexts" / "meta" / place
    meta.mkdir(parents=True)
    value = {"Name": name, "Metadata": {}, "Endpoints": {"docker": docker}}
    (meta / "meta.json").write_text(json.dumps(value))
    return place


def in_folder(config: Path, variables: dict[str, str], current: str) -> dict[str, str]:
    """The variables, and the folder's current context."""
    (config / "config.json").write_text(json.dumps({"currentContext": current}))
    return {"DOCKER_CONFIG": str(config), **variables}


def docker_says(environment: dict[str, str]) -> str | None:
    """The context that the docker command takes with its address, or its complaint; None where
    there is no such command to compare with.
    """
    command = shutil.which("docker")
    if command is None:
        return None
    words = [command, "context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}"]
    path = {"PATH": "/usr/bin:/bin", "HOME": environment["DOCKER_CONFIG"]}
    told = subprocess.run(words, env={**path, **environment}, capture_output=True, text=True)
    return told.stderr if told.returncode else told.stdout.strip()


@pytest.mark.parametrize(("variables", "current", "expected"), RULES)
def test_the_rules_are_those_of_the_docker_command(
    config: Path, variables: dict[str, str], current: str, expected: tuple[str, str]
) -> None:
    environment = in_folder(config, variables, current)
    # With TLS asked for, and a context that has none, docker looks for no certificates.
    endpoint = chosen_endpoint(environment)
    assert endpoint is not None
    assert (endpoint.context or "default", endpoint.host) == expected
    assert docker_says(environment) in (None, " ".join(expected))


@pytest.mark.parametrize(("variables", "current"), GONE)
def test_a_context_that_there_is_not_is_told_as_docker_does(
    config: Path, variables: dict[str, str], current: str
) -> None:
    environment = in_folder(config, variables, current)
    with pytest.raises(EngineNotFound, match="no Docker context 'gone'") as caught:
        chosen_endpoint(environment)
    assert "docker context ls" in caught.value.next_step
    assert (variables.get("DOCKER_CONTEXT") is None) == ("current" in caught.value.message)
    told = docker_says(environment)
    assert told is None or re.search(r"gone.* (not found|not exist)", told)


@pytest.mark.parametrize("current", ["", "default"])
def test_where_no_rule_names_one_the_docker_command_takes_the_usual_socket(
    config: Path, current: str
) -> None:
    environment = in_folder(config, {"DOCKER_HOST": " "}, current)
    assert chosen_endpoint(environment) is None
    del environment["DOCKER_HOST"]
    assert (docker_says(environment) or "default").split()[0] == "default"


def test_empty_variables_count_as_unset(config: Path) -> None:
    """As they do from version 23 on; 20.10 takes the usual socket then."""
    environment = in_folder(config, {"DOCKER_HOST": "", "DOCKER_CONTEXT": ""}, "far")
    assert chosen_endpoint(environment) == Endpoint(FAR, "the current context (far)", "far")


def test_the_default_context_by_its_name_means_the_usual_socket_and_no_other(config: Path) -> None:
    endpoint = chosen_endpoint(in_folder(config, {"DOCKER_CONTEXT": "default"}, "far"))
    assert endpoint is not None
    assert (endpoint.context, endpoint.is_local) == ("", True)


@pytest.mark.parametrize("variable", ["DOCKER_TLS_VERIFY", "DOCKER_TLS"])
def test_tls_without_an_address_means_this_machine(
    config: Path, tmp_path: Path, variable: str
) -> None:
    environment = in_folder(config, {variable: "0"}, "")
    with pytest.raises(
        EngineNotFound, match=rf"{variable} asks for TLS, and there is no .*ca\.pem"
    ):
        chosen_endpoint(environment)
    assert "ca.pem" in (docker_says(environment) or "ca.pem")
    for part in ("ca", "cert", "key"):
        (tmp_path / f"{part}.pem").write_text(part)
    ca, certificate, key = (tmp_path / f"{part}.pem" for part in ("ca", "cert", "key"))
    tls = TlsFiles(ca, certificate, key, verifies=variable == "DOCKER_TLS_VERIFY")
    assert chosen_endpoint(environment) == Endpoint("tcp://localhost:2376", variable, tls=tls)


def test_certificates_stand_where_docker_cert_path_says(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "ca.pem").write_text("ca")
    variables = {
        "DOCKER_HOST": "far", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder)
    }  # fmt: skip
    endpoint = chosen_endpoint(in_folder(config, variables, ""))
    tls = TlsFiles(folder / "ca.pem", None, None)
    assert endpoint == Endpoint("tcp://far:2376", "DOCKER_HOST", tls=tls)
    # No one asks who is at the other end of a socket.
    variables["DOCKER_HOST"] = "unix:///run/x.sock"
    endpoint = chosen_endpoint(in_folder(config, variables, ""))
    assert endpoint == Endpoint("unix:///run/x.sock", "DOCKER_HOST")


@pytest.mark.parametrize("skips", [False, True])
def test_a_context_brings_its_own_certificates(config: Path, skips: bool) -> None:
    place = keep(config, "safe", {"Host": "tcp://safe:2376", "SkipTLSVerify": skips})
    folder = config / "contexts" / "tls" / place / "docker"
    folder.mkdir(parents=True)
    (folder / "ca.pem").write_text("ca")
    endpoint = chosen_endpoint(in_folder(config, {"DOCKER_CONTEXT": "safe"}, ""))
    tls = TlsFiles(folder / "ca.pem", None, None, verifies=not skips)
    assert endpoint == Endpoint("tcp://safe:2376", "DOCKER_CONTEXT (safe)", "safe", tls)
    assert endpoint.environment() == {"DOCKER_CONTEXT": "safe"}


@pytest.mark.parametrize("meta", ["", "{", "[]", '{"Endpoints": []}', '{"Endpoints": {}}',
                                  '{"Endpoints": {"docker": {"Host": 7}}}'])  # fmt: skip
def test_a_context_that_cannot_be_read_is_none(config: Path, meta: str) -> None:
    place = keep(config, "broken", {})
    (config / "contexts" / "meta" / place / "meta.json").write_text(meta)
    with pytest.raises(EngineNotFound, match="no Docker context 'broken'"):
        chosen_endpoint(in_folder(config, {"DOCKER_CONTEXT": "broken"}, ""))


def test_settings_that_cannot_be_read_choose_nothing(config: Path) -> None:
    for text in ("", "{", "[]", '{"currentContext": 7}'):
        (config / "config.json").write_text(text)
        assert chosen_endpoint({"DOCKER_CONFIG": str(config)}) is None


def test_what_is_named_is_the_only_candidate(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in in_folder(config, {}, "far").items():
        monkeypatch.setenv(name, value)
    assert candidates() == [Endpoint(FAR, "the current context (far)", "far")]
    monkeypatch.setenv("DOCKER_CONTEXT", "near")
    assert candidates() == [Endpoint(NEAR, "DOCKER_CONTEXT (near)", "near")]
    monkeypatch.setenv("DOCKER_HOST", "tcp://example:2375")
    assert candidates() == [Endpoint("tcp://example:2375", "DOCKER_HOST")]
    monkeypatch.setenv("DOCKER_HOST", "")
    monkeypatch.setenv("DOCKER_CONTEXT", "gone")
    assert is_chosen()
    with pytest.raises(EngineNotFound):
        candidates()
