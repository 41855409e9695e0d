"""The namespace of an unpacked /usr: its words, and what it needs of the tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.private import daemon_settings, mount_namespace
from helpers.engine.private.mount_namespace import MountNamespace
from helpers.errors import SetupFailed

INSIDE = MountNamespace(Path("/cache/usr"), Path("/run/x/tree"))


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("/usr/bin/runsc", "/run/x/tree/host-usr/bin/runsc"),
        ("/usr/local/bin/runsc", "/usr/local/bin/runsc"),
        ("/opt/gvisor/runsc", "/opt/gvisor/runsc"),
        ("/usr/share/x", "/usr/share/x"),
    ],
)
def test_a_program_of_the_machine_has_another_path(path: str, inside: str) -> None:
    assert INSIDE.of_host(path) == inside


def test_what_is_mounted_on_is_made_and_the_loader_is_found(tmp_path: Path) -> None:
    usr = tmp_path / "usr"
    (usr / "lib64").mkdir(parents=True)
    (usr / "lib64/ld-linux-x86-64.so.2").write_text("loader")
    namespace = MountNamespace(usr, tmp_path / "run/tree")
    for _ in range(2):
        namespace.prepare()
    assert {"local", "src", "share", "lib", "lib64"} == {path.name for path in usr.iterdir()}
    assert (usr / "lib/modules").is_dir()
    assert (usr / "lib/ld-linux-x86-64.so.2").read_text() == "loader"
    assert namespace.mount_point.is_dir()


def test_the_programs_are_named_where_the_packages_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usr = tmp_path / "usr"
    for name in ("libexec/docker/docker-init", "bin/docker-proxy"):
        (usr / name).parent.mkdir(parents=True, exist_ok=True)
        (usr / name).touch()
    namespace = MountNamespace(usr, Path("/run/x/tree"))
    monkeypatch.setattr(daemon_settings.shutil, "which", lambda name: None)
    assert daemon_settings.program_settings(namespace) == {
        "init-path": "/usr/libexec/docker/docker-init",
        "userland-proxy-path": "/usr/bin/docker-proxy",
    }
    monkeypatch.setattr(daemon_settings.shutil, "which", lambda name: f"/usr/bin/{name}")
    runtime = daemon_settings.program_settings(namespace)["runtimes"]["runsc"]
    assert runtime["path"] == "/run/x/tree/host-usr/bin/runsc"


def test_a_machine_without_util_linux_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mount_namespace, "program", lambda name: None)
    with pytest.raises(SetupFailed, match="unshare is not installed") as caught:
        INSIDE.entering("/usr/bin/true")
    assert "util-linux" in caught.value.next_step
