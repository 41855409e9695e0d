"""Amounts of CPU and memory, as manifests have them.

Source: Kubernetes API reference, "Quantity" of the common definitions.
"""

from __future__ import annotations

import re

_FORM = re.compile(r"([+-]?[0-9]{1,18}(?:\.[0-9]{0,9})?)(m|k|M|G|T|P|E|[KMGTPE]i|)")
_POWERS = "KMGTPE"


def quantity(text: str) -> float | None:
    """The number that '100m' (0.1), '0.5', '64Mi' or '64M' stands for; None for anything else."""
    match = _FORM.fullmatch(text.strip())
    return float(match[1]) * _factor(match[2]) if match else None


def _factor(suffix: str) -> float:
    if suffix in ("", "m"):
        return 0.001 if suffix else 1.0
    base = 1024 if suffix.endswith("i") else 1000
    return float(base ** (_POWERS.index(suffix[0].upper()) + 1))
