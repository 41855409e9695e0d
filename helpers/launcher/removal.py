"""What `./workbook clean` takes away, each with a line that says so."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

from helpers.engine.base.folders import cache_dir
from helpers.engine.cleanup.cleanup import clean_up_all
from helpers.engine.cleanup.labelled import labelled_by_others
from helpers.engine.cleanup.supplied_images import remove_supplied
from helpers.engine.connection.client import find_client
from helpers.launcher.engines_for_tests import all_own_engines
from helpers.launcher.screen import console


def clean_engine(everything: bool) -> None:
    """Nothing of the lessons on the engine in use; with everything, no image brought either."""
    client, endpoint = find_client()
    try:
        _report(f"Lessons, on {endpoint.host}", clean_up_all(client))
        if kept := labelled_by_others(client):
            _report("Kept, labelled as the workbook's but not noted as made by it", ", ".join(kept))
        if everything:
            _report("Images that the workbook brought", remove_supplied(client))
    finally:
        client.close()


def remove_own_engines() -> None:
    """No engine of the workbook's own, those of the tests included, and none of their data."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    removed = []
    for engine in all_own_engines():
        if engine.data_root.exists():
            removed.append(f"{engine.name} ({engine.release.store})")
        engine.remove()
    _report("The workbook's own engines", ", ".join(removed) if removed else "there were none")


def remove_cache() -> None:
    """Nothing in the cache folder."""
    folder = cache_dir()
    there = folder.is_dir() and any(folder.iterdir())
    shutil.rmtree(folder, ignore_errors=True)
    _report(f"The cache in {folder}", "removed" if there else "was not there")


def _report(what: str, result: Any) -> None:
    console().print(f"{what}: {result}", markup=False, highlight=False)
