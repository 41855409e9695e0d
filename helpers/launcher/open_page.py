"""The way into JupyterLab, told to the browser and on the screen without telling other users.

Every user of a machine reads the arguments of every process, and with the token in an address
whoever reads it has a kernel of ours, which may be root's. So a browser gets the path of a page
that only this user can read, and the page sends it on; Jupyter does the same.
"""

from __future__ import annotations

import html
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import psutil

_NAME = ".open-"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url={url}">
<title>Docker Workbook</title>
<p><a href="{url}">On to JupyterLab</a></p>
</html>
"""


def write_page(folder: Path, url: str) -> Path:
    """A page of this process in the folder, which sends a browser on to the address.

    The folder is the learner's own and not a hidden one of the home folder, because browsers that
    come as a snap read nothing there.
    """
    remove_pages(folder)
    handle, name = tempfile.mkstemp(prefix=f"{_NAME}{os.getpid()}-", suffix=".html", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as page:
        page.write(_PAGE.format(url=html.escape(url)))
    return Path(name)


def remove_pages(folder: Path) -> None:
    """No page is left of this process, nor of one that is gone."""
    for page in folder.glob(f"{_NAME}*-*.html"):
        number = page.name.removeprefix(_NAME).partition("-")[0]
        is_old = number.isdecimal() and not psutil.pid_exists(int(number))
        if is_old or number == str(os.getpid()):
            page.unlink(missing_ok=True)


def close_to_others(output: TextIO) -> None:
    """Where the output goes to a file, only its owner can read it: a token is about to be in it."""
    with suppress(OSError, ValueError):
        number = output.fileno()
        mode = os.fstat(number).st_mode
        if stat.S_ISREG(mode) and hasattr(os, "fchmod"):
            os.fchmod(number, stat.S_IMODE(mode) & ~0o077)
