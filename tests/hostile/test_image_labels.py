"""The list of labels that a stranger can copy is whole."""

from __future__ import annotations

import re

from helpers.engine.base.project_files import ROOT
from tests.hostile.image_labels import ONCE_OURS, OURS

_LABEL = re.compile(r'"(workbook\.[a-z][a-z.-]*)[="]')


def test_every_label_of_ours_is_among_them() -> None:
    written = {
        name
        for path in (ROOT / "helpers").rglob("*.py")
        for name in _LABEL.findall(path.read_text(encoding="utf-8"))
    }
    assert written == OURS.keys() - ONCE_OURS.keys()
