"""What creating a VM asks of an engine: all that is made once is made before."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.vm import start
from helpers.engine.vm.start import VmMaker
from helpers.model.catalogue import VM_TOOLS
from helpers.model.vm_settings import VmSettings
from tests.unit.vm_engine import IMAGE, VmEngine

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
