"""Which sources are asked for an image, and which never are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpers.engine.bundle import save
from helpers.engine.supply.cache_note import NotedCache, note_cache
from helpers.engine.supply.image_supply import ImageSupply
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.image.tool_image import KUBERNETES_IMAGE
from helpers.model.supply.catalogue import VM_TOOLS
from helpers.model.supply.supply import Source


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state of the test's own, and no source but the usual ones."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    for name in ("BUNDLE", "ROOM", "MIRROR", "ALLOW_STAND_INS"):
        monkeypatch.delenv(f"WORKBOOK_{name}", raising=False)
    return tmp_path


class Engine:
    """As much of a client as the chain asks."""

    def info(self) -> dict[str, Any]:
        return {"ID": "e", "Labels": []}

    def version(self) -> dict[str, str]:
        return {"Os": "linux", "Arch": "amd64"}


def kinds(name: str) -> list[Source]:
    chain = ImageSupply(Engine())._chain(ImageReference.parse(name))
    return [source.kind for source in chain]


def test_an_image_of_the_workbooks_own_is_asked_of_no_registry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stranger may have taken the name on Docker Hub, and so in any copy of it."""
    note_cache(NotedCache("c", 4042))
    assert kinds(VM_TOOLS) == kinds(KUBERNETES_IMAGE) == [Source.OWN]
    assert kinds("busybox:1.37") == [*(Source.MIRROR, Source.HUB, Source.COPY, Source.STAND_IN)]
    monkeypatch.setenv("WORKBOOK_MIRROR", "mirror.class")
    monkeypatch.setenv("WORKBOOK_BUNDLE", "lessons.tar")
    assert kinds(VM_TOOLS) == kinds(KUBERNETES_IMAGE) == [Source.BUNDLE, Source.OWN]
    assert kinds("app:1") == [Source.BUNDLE, Source.MIRROR, Source.HUB, Source.COPY]
    assert kinds("someone/app:1") == [Source.BUNDLE, Source.MIRROR, Source.HUB]


def test_an_image_of_the_workbooks_own_is_packed_from_no_registry(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def asking(name: str, *_: object) -> None:
        asked.append(name)
        raise LookupError

    monkeypatch.setattr(save, "add_registry_image", asking)
    for names in ([VM_TOOLS], [VM_TOOLS, "busybox:1.37"]):
        try:
            save.save_bundle(
                Engine(), names, home / "b.tar", lambda _: None, [Platform("linux", "arm64")]
            )
        except LookupError:
            continue
    assert asked == ["busybox:1.37"]
