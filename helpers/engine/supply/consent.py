"""Whether stand-ins may take official names on an engine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from helpers.engine.base.labels import PRIVATE_LABEL
from helpers.model.text.answer_parts import texts_of


def allows_stand_ins(info: Mapping[str, Any]) -> bool:
    """Whether they may on the engine of that `docker info`: the workbook's own, or one whose
    learner said so, with --allow-stand-ins or WORKBOOK_ALLOW_STAND_INS=1.
    """
    if os.environ.get("WORKBOOK_ALLOW_STAND_INS") == "1":
        return True
    return PRIVATE_LABEL in texts_of(info, "Labels")
