"""Images built from Dockerfiles, each build told step by step."""

from __future__ import annotations

from helpers.engine.build.builder import Builder

__all__ = ["Builder"]
