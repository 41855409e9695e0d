"""What the requests to a bundle's server share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from helpers.engine.bundle.bounded_http import BoundedHttpServer
from helpers.engine.bundle.offered_images import OfferedImages
from helpers.errors import WorkbookError


@dataclass
class Serving:
    """What is offered, how much of it was sent, who is connected, and who hears of trouble."""

    offered: OfferedImages
    on_trouble: Callable[[WorkbookError], None]
    served_bytes: int = 0
    http: BoundedHttpServer = field(init=False)
