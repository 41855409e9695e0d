"""The folder that learners of lesson 10 are given: {path: text}.

It holds no comments, so that a translation of the lesson shares it.
"""

from __future__ import annotations

DRAWER = {"settings.txt": "colour=blue\n"}
FOLDERS = {"drawer": DRAWER}
