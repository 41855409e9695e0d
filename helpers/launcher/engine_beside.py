"""A second private engine beside the first, for tests that two processes run at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import open_client
from helpers.engine.private import PrivateEngine
from helpers.engine.supply import ImageSupply
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.screen import image_bars
from helpers.launcher.supply_images import image_names

SECOND_ENGINE = "tests"


@contextmanager
def engine_beside(lessons: Sequence[str]) -> Iterator[str]:
    """Its address, with the images of these lessons on it, as long as the block runs.

    Raises SetupFailed or ImageUnavailable. Its data stay, so that the next one has its images.
    """
    engine = PrivateEngine(SECOND_ENGINE)
    with ExitStack() as stack:
        with ProgressLine("Starting a second private engine"):
            stack.enter_context(engine.lease())
        client = open_client(Endpoint(engine.host, "the tests"))
        stack.callback(client.close)
        with image_bars() as bars:
            ImageSupply(client).ensure_all(image_names(lessons), bars)
        yield engine.host
