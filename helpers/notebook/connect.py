"""`connect()`, with a bar for images that come or go, and a timeline of each build."""

from __future__ import annotations

from helpers.engine.connect import connect as engine_connect
from helpers.engine.engine import Docker
from helpers.notebook.build_timeline import BuildDisplay
from helpers.views.live import load_widgets_ahead
from helpers.views.supply_bar import SupplyBar
from helpers.views.transfer_bars import TransferBars


def connect(lesson: str | None = None) -> Docker:
    """The engine of this machine; what is made in a lesson ('02') is labelled with its number.

    Raises EngineNotFound, EngineRefused or EngineTooOld, each with what to do.
    """
    docker = engine_connect(lesson, SupplyBar(), BuildDisplay(), TransferBars())
    load_widgets_ahead()
    return docker
