"""The probes on the real engine: they find out, they agree with the kernel, they leave nothing."""

from __future__ import annotations

import errno
import platform
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from helpers.engine.connection.client import find_client
from helpers.engine.features import container_probes, features
from helpers.engine.features.container_probes import probe_features, shortened
from helpers.engine.features.emulation import emulation_feature, foreign_header
from helpers.engine.features.features import features_of
from helpers.engine.features.probe_containers import (
    GREETING,
    ProbeContainers,
    probe_containers,
    run_probe,
)
from helpers.errors import EngineError, EngineGone
from helpers.model.features.feature import TITLES
from helpers.model.image.tool_image import TOOL_IMAGE

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def client() -> Iterator[DockerClient]:
    found, _ = find_client()
    yield found
    found.close()


@pytest.fixture
def probes(client: DockerClient) -> Iterator[ProbeContainers]:
    with probe_containers(client) as probes:
        yield probes


def leftovers(client: DockerClient) -> list[str]:
    """What probes have left on the engine."""
    mark = {"label": "workbook.probe"}
    containers = client.api.containers(all=True, filters=mark)
    images = client.api.images(filters=mark, all=True)
    networks = client.api.networks(filters=mark)
    return [item["Id"] for item in [*containers, *images, *networks]]


def wait_until_clean(client: DockerClient) -> list[str]:
    """The leftovers, once there are none or after some seconds (others may be probing too)."""
    end = time.monotonic() + 10
    while (left := leftovers(client)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def test_a_container_says_its_word_and_is_gone(client: DockerClient) -> None:
    assert run_probe(client) == GREETING
    assert wait_until_clean(client) == []


def test_the_image_is_the_lessons_and_stays_as_it_was(client: DockerClient) -> None:
    before = client.api.inspect_image(TOOL_IMAGE)
    with probe_containers(client) as probes:
        probes.run()
    assert client.api.inspect_image(TOOL_IMAGE) == before


def test_two_probes_at_once_do_not_take_each_others_containers(client: DockerClient) -> None:
    with probe_containers(client) as one, one.running(("sleep", "60")) as made:
        with probe_containers(client) as other:
            assert other.run().output.strip() == GREETING
        assert client.api.inspect_container(made)["State"]["Running"]


def test_a_container_that_cannot_start_is_an_error_and_is_removed(probes: ProbeContainers) -> None:
    with pytest.raises(EngineError, match="no-such-program"):
        probes.run(("/no-such-program",))
    mark = {"label": f"workbook.probe={probes.labels['workbook.probe']}"}
    assert probes.client.api.containers(all=True, filters=mark) == []


def test_a_container_that_does_not_end_is_cut_and_removed(
    probes: ProbeContainers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.engine.features.probe_containers._RUN_SECONDS", 1)
    with pytest.raises(EngineGone):
        probes.run(("sleep", "60"))
    mark = {"label": f"workbook.probe={probes.labels['workbook.probe']}"}
    assert probes.client.api.containers(all=True, filters=mark) == []


def test_a_container_has_no_network_unless_asked(probes: ProbeContainers) -> None:
    ended = probes.run(("cat", "/proc/net/dev"))
    assert "lo:" in ended.output
    assert "eth0" not in ended.output


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_nothing(
    client: DockerClient, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    began = threading.Event()

    def interrupted(probes: ProbeContainers) -> Any:
        with probes.running(("sleep", "60")):
            began.set()
            raise error

    monkeypatch.setattr(container_probes, "storage_feature", interrupted)
    with pytest.raises(error):
        probe_features(client)
    assert began.is_set()
    assert wait_until_clean(client) == []


def test_every_feature_is_found_out_and_nothing_is_left(client: DockerClient) -> None:
    found = probe_features(client)
    assert tuple(found) == tuple(TITLES)
    failed = [item for item in found.values() if item.observed.startswith("Could not be found out")]
    assert failed == []
    assert all(item.observed.endswith(".") for item in found.values())
    assert wait_until_clean(client) == []


def test_they_agree_with_what_the_engine_says_of_itself(client: DockerClient) -> None:
    info, found = client.info(), probe_features(client)
    assert found.has("cgroup_v2") is (str(info.get("CgroupVersion", "1")) == "2")
    assert found.has("cpu_limit") is bool(info["CpuCfsQuota"])
    assert found.has("pids_limit") is bool(info["PidsLimit"])
    assert found.has("memory_limit") is bool(info["MemoryLimit"])
    options = " ".join(info.get("SecurityOptions") or [])
    assert found.has("seccomp") is ("seccomp" in options)
    assert found.has("user_namespaces") is ("rootless" in options or "userns" in options)


def test_reading_the_storage_means_reading_it(probes: ProbeContainers) -> None:
    found = container_probes.storage_feature(probes)
    data = probes.client.api.inspect_image(TOOL_IMAGE).get("GraphDriver", {}).get("Data") or {}
    assert found.available is Path(data.get("UpperDir") or "/none", "bin").is_dir()


def is_this_kernel(probes: ProbeContainers) -> bool:
    """Whether the engine's containers and this test are on one kernel, which both may ask."""
    boot = "/proc/sys/kernel/random/boot_id"
    file = Path(boot)
    return file.is_file() and probes.run(("cat", boot)).output.strip() == file.read_text().strip()


def test_programs_of_another_architecture_run_where_the_kernel_takes_them(
    probes: ProbeContainers, tmp_path: Path
) -> None:
    feature = emulation_feature(probes)
    program = tmp_path / "foreign"
    program.write_bytes(foreign_header("arm64" if platform.machine() == "x86_64" else "amd64"))
    program.chmod(0o755)
    try:
        subprocess.run([program], capture_output=True, check=False)
        is_taken = True
    except OSError as error:
        is_taken = error.errno != errno.ENOEXEC
    if is_this_kernel(probes):
        assert feature.available is is_taken


def test_ipvs_is_there_where_the_kernel_lists_its_services(
    client: DockerClient, probes: ProbeContainers
) -> None:
    found = probe_features(client)
    if is_this_kernel(probes):
        assert found.has("ipvs") is Path("/proc/net/ip_vs").exists()


def test_a_probe_that_fails_leaves_that_one_unknown(
    client: DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(probes: ProbeContainers) -> Any:
        raise EngineError("The engine answered: no.")

    monkeypatch.setattr(container_probes, "memory_feature", fails)
    found = probe_features(client)
    assert found["memory_limit"].available is None
    assert found["memory_limit"].observed == "Could not be found out: The engine answered: no."
    assert found["seccomp"].available is not None


def test_a_second_look_tries_nothing(
    client: DockerClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    first = features_of(client)
    monkeypatch.setattr(features, "probe_features", None)
    assert dict(features_of(client)) == dict(first)


def test_a_long_answer_of_an_engine_is_cut_to_its_cause() -> None:
    answer = (
        "failed to create task: runc create failed: unable to apply caps: not permitted: unknown"
    )
    assert shortened(answer) == "unable to apply caps: not permitted"
    assert shortened("permission denied") == "permission denied"
