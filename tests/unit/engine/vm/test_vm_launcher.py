"""What creating a VM asks of an engine: all that is made once is made before."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress

import pytest
from docker.errors import APIError
from requests.exceptions import ConnectionError

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.container.launcher import Launcher
from helpers.engine.vm.launcher import VmLauncher
from helpers.engine.vm.tools import ensure_tools
from helpers.errors import EngineGone, ImageUnavailable, Interrupted
from helpers.model.supply.catalogue import VM_TOOLS
from helpers.model.vm.settings import VmSettings
from tests.unit.vm_engine import IMAGE, OLD_TOOLS, VmEngine

SETTINGS = VmSettings(ports={80: 0})


@pytest.fixture
def vms(vm_engine: VmEngine) -> VmLauncher:
    context = EngineContext(vm_engine.client, Endpoint("", ""), "tests")
    return VmLauncher(Launcher(context, vm_engine.ensure))


def test_after_ready_a_vm_is_one_container_and_two_questions(
    vm_engine: VmEngine, vms: VmLauncher
) -> None:
    vms.ready(IMAGE)
    assert vm_engine.tools_run == ["vm-disk", "-", "vm-boot"]
    assert vm_engine.containers == {}
    for _ in range(2):
        vm_engine.asked.clear()
        vms._created(IMAGE, None, SETTINGS)
        assert vm_engine.asked == ["inspect_image", "inspect_volume", "create_container vm-boot"]


def test_a_disk_that_is_gone_is_made_anew(vm_engine: VmEngine, vms: VmLauncher) -> None:
    volume, _ = vms.prepared(IMAGE)
    vm_engine.volumes.clear()
    assert vms.prepared(IMAGE)[0] == volume
    assert volume in vm_engine.volumes
    assert vm_engine.tools_run.count("vm-disk") == 2


def test_a_volume_that_took_a_disks_name_is_looked_into(
    vm_engine: VmEngine, vms: VmLauncher
) -> None:
    volume, _ = vms.prepared(IMAGE)
    vm_engine.volumes[volume] = {"Name": volume, "CreatedAt": "later"}
    vm_engine.asked.clear()
    vms.prepared(IMAGE)
    vms.prepared(IMAGE)
    assert vm_engine.tools_run == ["test"]


def test_another_image_of_that_name_has_a_disk_of_its_own(
    vm_engine: VmEngine, vms: VmLauncher
) -> None:
    first, _ = vms.prepared(IMAGE)
    vm_engine.images[IMAGE] = "sha256:two"
    assert vms.prepared(IMAGE)[0] != first
    assert len(vm_engine.volumes) == 2


def test_tools_that_are_gone_are_supplied_again(vm_engine: VmEngine, vms: VmLauncher) -> None:
    vms.ready(IMAGE)
    del vm_engine.images[VM_TOOLS]
    vm_engine.asked.clear()
    made, _ = vms._created(IMAGE, None, SETTINGS)
    assert vm_engine.containers[made][0] == "vm-boot"
    assert f"ensure {VM_TOOLS}" in vm_engine.asked


@pytest.mark.parametrize("step", ["create_volume", "put_archive", "start", "wait"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), ConnectionError("gone")])
def test_a_disk_that_is_broken_off_leaves_nothing(
    vm_engine: VmEngine, vms: VmLauncher, step: str, error: BaseException
) -> None:
    vm_engine.fails[step] = error
    with pytest.raises(type(error) if isinstance(error, KeyboardInterrupt) else EngineGone):
        vms.prepared(IMAGE)
    assert (vm_engine.containers, vm_engine.volumes) == ({}, {})


def test_the_files_container_goes_before_the_error_is_looked_at(
    vm_engine: VmEngine, vms: VmLauncher
) -> None:
    vm_engine.breaks_off = True
    with pytest.raises(EngineGone) as told:
        vms.prepared(IMAGE)
    # As a notebook does, `told` keeps all that was under way when the error came.
    assert told.tb is not None
    assert (vm_engine.containers, vm_engine.volumes) == ({}, {})


def test_a_volume_that_cannot_go_does_not_hide_what_happened(
    vm_engine: VmEngine, vms: VmLauncher
) -> None:
    vm_engine.fails = {"wait": KeyboardInterrupt(), "remove_volume": APIError("volume is in use")}
    with pytest.raises(KeyboardInterrupt):
        vms.prepared(IMAGE)


def test_a_tool_that_is_interrupted_while_it_is_made_is_removed(
    vm_engine: VmEngine, vms: VmLauncher
) -> None:
    vm_engine.when_creating = interrupt_main_and_wait
    with pytest.raises(Interrupted):
        vms.prepared(IMAGE)
    assert (vm_engine.containers, vm_engine.volumes) == ({}, {})


def test_an_engine_that_is_gone_says_nothing_of_the_acceleration(
    vm_engine: VmEngine, vms: VmLauncher
) -> None:
    vm_engine.fails["wait"] = ConnectionError("gone")
    with pytest.raises(EngineGone):
        _ = vms.acceleration
    vm_engine.fails.clear()
    assert "no kernel boots" in vms.acceleration.reason


def interrupt_main_and_wait() -> None:
    """The main thread, which waits for the engine's answer by then, is interrupted before it."""
    threading.Event().wait(0.2)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    threading.Event().wait(0.2)


@pytest.mark.parametrize("fails", [False, True])
def test_old_tools_go_when_new_ones_are_there(vm_engine: VmEngine, fails: bool) -> None:
    vm_engine.images[VM_TOOLS] = OLD_TOOLS
    if fails:
        vm_engine.fails[f"ensure {VM_TOOLS}"] = ImageUnavailable("no source has it", "")
    with suppress(ImageUnavailable):
        ensure_tools(vm_engine.client, vm_engine.ensure)
    left = OLD_TOOLS if fails else "sha256:tools"
    assert vm_engine.images == {IMAGE: "sha256:one", VM_TOOLS: left}
