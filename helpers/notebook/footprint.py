"""`compare_with_vm(docker, image)` and `footprint_chart(comparison)`: measured, then looked at."""

from __future__ import annotations

from helpers.engine.docker import Docker
from helpers.model.footprint.footprint import FootprintComparison
from helpers.views.footprint.footprint_chart import FootprintChart
from helpers.views.kit.step_line import StepLine


def compare_with_vm(
    docker: Docker, image: str, port: int = 80, runs: int = 3, together: int = 0
) -> FootprintComparison:
    """The image as a container and as a VM, each started so many times, in turns, and measured.

    With `together`, so many of each are started at once as well. Nothing of it stays. Raises
    NotReady where the app does not answer.
    """
    with StepLine() as line:
        return docker.compare_with_vm(image, port, runs, together, on_step=line)


def footprint_chart(comparison: FootprintComparison) -> FootprintChart:
    """Every figure of a comparison with its spread, and the ratios."""
    return FootprintChart(comparison)
