"""A comparison under way: what comes before its clocks, and what stays when it is broken off."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from helpers.engine.footprint import compare
from helpers.engine.vm.race import RaceRun
from helpers.engine.vm.start import VmMaker
from helpers.errors import NotReady
from helpers.model.acceleration import SOFTWARE, Acceleration


class Maker(VmMaker):
    """One that notes what it is asked for."""

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    def prepared(self, image: str) -> Any:
        self._asked.append("disk")
        return "volume", None

    @property
    def acceleration(self) -> Acceleration:
        self._asked.append("acceleration")
        return Acceleration(SOFTWARE, "")


class Docker:
    """One on which nothing starts."""

    info: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.vms = Maker(self.asked)
        self.client = SimpleNamespace(api=None)

    def run(self, *_: object, **__: object) -> Any:
        self.asked.append("run")
        raise NotReady("Nothing starts here.")


def test_disk_and_acceleration_are_there_before_the_first_clock_starts() -> None:
    docker = Docker()
    with pytest.raises(NotReady, match="Nothing starts here"):
        compare(docker, "app")  # type: ignore[arg-type]
    assert docker.asked == ["disk", "acceleration", "run"]


def test_a_race_has_disk_and_acceleration_before_it_begins() -> None:
    docker = Docker()
    RaceRun(docker, "app")  # type: ignore[arg-type]
    assert docker.asked == ["disk", "acceleration"]
