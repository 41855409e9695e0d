"""uv is fetched for an installation and gone after it; a pip with its own index needs none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from helpers.engine.host.pip_settings import pip_certificates, pip_has_its_own_way
from helpers.errors import SetupFailed
from helpers.launcher import installer
from helpers.launcher.uv import LOCK, fetched_uv
from tests.unit.launcher import test_environment
from tests.unit.launcher.test_environment import can_import

environment = test_environment.environment
without_uv = test_environment.without_uv


@pytest.fixture(autouse=True)
def plain_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pip that was told nothing, on any machine."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "SSL_CERT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


class Pip:
    """A pip that brings a uv, or cannot."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.asked: list[list[str]] = []

    def __call__(self, words: Sequence[str]) -> None:
        self.asked.append(list(words))
        programs = Path(words[words.index("--target") + 1]) / "bin"
        programs.mkdir(parents=True)
        if self.fails:
            raise SetupFailed("pip failed.", "Run it again.")
        (programs / "uv").write_text("#!/bin/sh\n")
        (programs / "uv").chmod(0o755)


def test_it_is_there_in_the_block_and_nothing_of_it_afterwards(tmp_path: Path) -> None:
    pip = Pip()
    with fetched_uv(tmp_path / "uv", pip) as (program, settings):
        assert Path(program) == tmp_path / "uv/bin/uv"
        assert Path(settings["UV_CACHE_DIR"]).parent == tmp_path / "uv"
        assert "SSL_CERT_FILE" not in settings
    assert not (tmp_path / "uv").exists()
    assert {"--require-hashes", "--only-binary=:all:", str(LOCK)} <= set(pip.asked[0])


def test_where_pip_cannot_fetch_it_pip_does_all(tmp_path: Path) -> None:
    with fetched_uv(tmp_path / "uv", Pip(fails=True)) as (program, _):
        assert program == ""
    assert not (tmp_path / "uv").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIP_INDEX_URL", "https://packages.example/simple"),
        ("PIP_EXTRA_INDEX_URL", "https://packages.example/simple"),
        ("PIP_FIND_LINKS", "/wheels"),
        ("PIP_NO_INDEX", "1"),
        ("PIP_PROXY", "proxy.example:3128"),
        ("PIP_TRUSTED_HOST", "packages.example"),
        ("PIP_CLIENT_CERT", "/mine.pem"),
    ],
)
def test_a_pip_that_was_told_its_way_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    pip = Pip()
    with fetched_uv(tmp_path / "uv", pip) as (program, _):
        assert (program, pip.asked) == ("", [])


def test_pip_is_told_its_way_in_its_files_too(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\ntimeout = 60\ncert = /company.pem\n")
    assert not pip_has_its_own_way({}, (file,))
    assert pip_certificates({}, (file,)) == "/company.pem"
    file.write_text("[install]\nindex-url = https://packages.example/simple\n")
    assert pip_has_its_own_way({}, (file,))


def test_it_trusts_whom_pip_trusts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CERT", "/company.pem")
    with fetched_uv(tmp_path / "uv", Pip()) as (_, settings):
        assert settings["SSL_CERT_FILE"] == "/company.pem"
    monkeypatch.setenv("SSL_CERT_FILE", "/machine.pem")
    with fetched_uv(tmp_path / "uv", Pip()) as (_, settings):
        assert settings["SSL_CERT_FILE"] == "/machine.pem"


def test_a_new_environment_is_made_with_it(
    environment: test_environment.Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (tmp_path / "programs/uv").rename(tmp_path / "another uv")
    fetched: list[Path] = []

    class Fetched:
        def __init__(self, folder: Path, pip: object) -> None:
            fetched.append(folder)

        def __enter__(self) -> tuple[str, dict[str, str]]:
            return str(program), {}

        def __exit__(self, *error: object) -> None:
            pass

    monkeypatch.setattr(installer, "fetched_uv", Fetched)
    environment.ensure()
    assert can_import(environment, "tinyone")
    assert fetched == [environment.folder / "uv"]
    assert not list(environment.folder.glob("lib/*/site-packages/pip")), "pip was not needed"


def test_an_environment_that_is_there_is_mended_with_pip(
    without_uv: test_environment.Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    without_uv.ensure()

    def never(folder: Path, pip: object) -> None:
        raise AssertionError("it was fetched for one package")

    monkeypatch.setattr(installer, "fetched_uv", never)
    (without_uv.root / "requirements.txt").write_text("tinyone==1.0\ntinytwo==1.0\n")
    without_uv.ensure()
    assert can_import(without_uv, "tinytwo")
