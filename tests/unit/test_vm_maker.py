"""What creating a VM asks of an engine: all that is made once is made before."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError
from requests.exceptions import ConnectionError

from helpers.engine.vm import start
from helpers.engine.vm.start import VmMaker
from helpers.engine.vm.tools import ensure_tools
from helpers.errors import EngineGone, ImageUnavailable, Interrupted
from helpers.model.catalogue import VM_TOOLS
from helpers.model.vm_settings import VmSettings
from tests.unit.vm_engine import IMAGE, OLD_TOOLS, VmEngine

SETTINGS = VmSettings(ports={80: 0})


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> VmEngine:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(start, "_known", {})
    return VmEngine()


@pytest.fixture
def maker(engine: VmEngine) -> VmMaker:
    return VmMaker(engine.client, lambda: engine, "tests")  # type: ignore[arg-type, return-value]


def test_after_ready_a_vm_is_one_container_and_two_questions(
    engine: VmEngine, maker: VmMaker
) -> None:
    maker.ready(IMAGE)
    assert engine.tools_run == ["vm-disk", "-", "vm-boot"]
    assert engine.containers == {}
    for _ in range(2):
        engine.asked.clear()
        maker.create(IMAGE, None, SETTINGS)
        assert engine.asked == ["inspect_image", "inspect_volume", "create_container vm-boot"]


def test_a_disk_that_is_gone_is_made_anew(engine: VmEngine, maker: VmMaker) -> None:
    volume, _ = maker.prepared(IMAGE)
    engine.volumes.clear()
    assert maker.prepared(IMAGE)[0] == volume
    assert volume in engine.volumes
    assert engine.tools_run.count("vm-disk") == 2


def test_a_volume_that_took_a_disks_name_is_looked_into(engine: VmEngine, maker: VmMaker) -> None:
    volume, _ = maker.prepared(IMAGE)
    engine.volumes[volume] = {"Name": volume, "CreatedAt": "later"}
    engine.asked.clear()
    maker.prepared(IMAGE)
    maker.prepared(IMAGE)
    assert engine.tools_run == ["test"]


def test_another_image_of_that_name_has_a_disk_of_its_own(engine: VmEngine, maker: VmMaker) -> None:
    first, _ = maker.prepared(IMAGE)
    engine.images[IMAGE] = "sha256:two"
    assert maker.prepared(IMAGE)[0] != first
    assert len(engine.volumes) == 2


def test_tools_that_are_gone_are_supplied_again(engine: VmEngine, maker: VmMaker) -> None:
    maker.ready(IMAGE)
    del engine.images[VM_TOOLS]
    engine.asked.clear()
    made, _ = maker.create(IMAGE, None, SETTINGS)
    assert engine.containers[made][0] == "vm-boot"
    assert f"ensure {VM_TOOLS}" in engine.asked


@pytest.mark.parametrize("step", ["create_volume", "put_archive", "start", "wait"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), ConnectionError("gone")])
def test_a_disk_that_is_broken_off_leaves_nothing(
    engine: VmEngine, maker: VmMaker, step: str, error: BaseException
) -> None:
    engine.fails[step] = error
    with pytest.raises(type(error) if isinstance(error, KeyboardInterrupt) else EngineGone):
        maker.prepared(IMAGE)
    assert (engine.containers, engine.volumes) == ({}, {})


def test_the_files_container_goes_before_the_error_is_looked_at(
    engine: VmEngine, maker: VmMaker
) -> None:
    engine.breaks_off = True
    with pytest.raises(EngineGone) as told:
        maker.prepared(IMAGE)
    # As a notebook does, `told` keeps all that was under way when the error came.
    assert told.tb is not None
    assert (engine.containers, engine.volumes) == ({}, {})


def test_a_volume_that_cannot_go_does_not_hide_what_happened(
    engine: VmEngine, maker: VmMaker
) -> None:
    engine.fails = {"wait": KeyboardInterrupt(), "remove_volume": APIError("volume is in use")}
    with pytest.raises(KeyboardInterrupt):
        maker.prepared(IMAGE)


def test_a_tool_that_is_interrupted_while_it_is_made_is_removed(
    engine: VmEngine, maker: VmMaker
) -> None:
    engine.when_creating = interrupt_main_and_wait
    with pytest.raises(Interrupted):
        maker.prepared(IMAGE)
    assert (engine.containers, engine.volumes) == ({}, {})


def test_an_engine_that_is_gone_says_nothing_of_the_acceleration(
    engine: VmEngine, maker: VmMaker
) -> None:
    engine.fails["wait"] = ConnectionError("gone")
    with pytest.raises(EngineGone):
        _ = maker.acceleration
    engine.fails.clear()
    assert "no kernel boots" in maker.acceleration.reason


def interrupt_main_and_wait() -> None:
    """The main thread, which waits for the engine's answer by then, is interrupted before it."""
    threading.Event().wait(0.2)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    threading.Event().wait(0.2)


@pytest.mark.parametrize("fails", [False, True])
def test_old_tools_go_when_new_ones_are_there(engine: VmEngine, fails: bool) -> None:
    engine.images[VM_TOOLS] = OLD_TOOLS
    if fails:
        engine.fails[f"ensure {VM_TOOLS}"] = ImageUnavailable("no source has it", "")
    supply: Any = engine
    with suppress(ImageUnavailable):
        ensure_tools(engine.client, supply)
    assert engine.images == {IMAGE: "sha256:one", VM_TOOLS: OLD_TOOLS if fails else "sha256:tools"}
