"""Lines of cells that make, change and build the folders of the lessons on builds."""

from __future__ import annotations


def dockerfile(folder: str, *lines: str) -> str:
    """A line that writes the folder's Dockerfile, FROM busybox first."""
    text = "\n".join(["FROM busybox:1.37", *lines, ""])
    return f"from pathlib import Path\nPath('{folder}/Dockerfile').write_text({text!r})"


def cell(*lines: str) -> str:
    """One cell of these lines."""
    return "\n".join(lines)


def folder_made(folder: str) -> str:
    """The cell with which the lesson makes that folder."""
    return f"from helpers import workfolder\nworkfolder('{folder}')"


def built(folder: str, tag: str) -> str:
    """A line that builds the folder."""
    return f"%docker build -t {tag} {folder}"
