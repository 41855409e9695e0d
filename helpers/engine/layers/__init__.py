"""Images read layer by layer: from an engine, an archive file or a registry."""

from helpers.engine.layers.analysis import analyse, summary
from helpers.engine.layers.archive_file import analyse_archive
from helpers.engine.layers.registry import analyse_registry

__all__ = ["analyse", "analyse_archive", "analyse_registry", "summary"]
