"""The lifecycle as a still picture, for whoever reads with no kernel."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from helpers.model.container.lifecycle import Life
from helpers.views.container.lifecycle_diagram import (
    ARROWS,
    BOX_HEIGHT,
    BOX_WIDTH,
    BOXES,
    HEIGHT,
    WIDTH,
    Arrow,
    Box,
)

INK, FAINT, PAPER, BLUE, PALE = "#1a1a1a", "#767676", "#ffffff", "#0b62a4", "#dcecf8"
TITLE_HEIGHT = 44
COLORS = 40
_DOTS_PER_INCH, _SCALE = 144, 100
_POINTS = 72 / _SCALE


def png(life: Life, title: str) -> bytes:
    """The picture, 1,400 dots wide, on white paper so that it reads on a dark page too."""
    from matplotlib.figure import Figure

    size = (WIDTH / _SCALE, (HEIGHT + TITLE_HEIGHT) / _SCALE)
    figure = Figure(figsize=size, dpi=_DOTS_PER_INCH, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, -TITLE_HEIGHT))
    axes.set_axis_off()
    axes.text(18, -16, title, size=15 * _POINTS, weight="bold", color=INK, parse_math=False)
    seen = set(life.states)
    gone = set(zip(["", *life.states], life.states, strict=False))
    for arrow in ARROWS:
        if not arrow.rare or (arrow.source, arrow.target) in gone:
            _draw_arrow(axes, arrow, (arrow.source, arrow.target) in gone)
    for box in BOXES:
        if not box.rare or box.state in seen:
            _draw_box(axes, box, box.state in seen, box.state == life.state)
    axes.plot([82], [96], "o", color=BLUE if gone else FAINT, markersize=8 * _POINTS)
    return _as_png(figure)


def _as_png(figure: Any) -> bytes:
    """The figure in few colours, which makes a third of the bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    full = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    image = full.convert("RGB").quantize(COLORS)
    out = BytesIO()
    image.save(out, "png", optimize=True)
    return out.getvalue()


def _draw_arrow(axes: Any, arrow: Arrow, was_gone: bool) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    color, width = (BLUE, 3.0) if was_gone else (FAINT, 1.4)
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(arrow.points) - 1)]
    axes.add_patch(
        FancyArrowPatch(
            path=Path(arrow.points, codes),
            arrowstyle="-|>,head_length=6,head_width=3.2",
            mutation_scale=_POINTS * 1.2,
            color=color,
            linewidth=width * _POINTS,
            shrinkA=0,
            shrinkB=0,
        )
    )
    for label in arrow.labels:
        axes.text(
            label.x, label.y, label.text,
            size=13 * _POINTS,
            family="monospace" if label.is_command else "sans-serif",
            style="normal" if label.is_command else "italic",
            ha={"start": "left", "middle": "center", "end": "right"}[label.anchor],
            color=INK,
        )  # fmt: skip


def _draw_box(axes: Any, box: Box, seen: bool, current: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    left, top = box.x - BOX_WIDTH / 2, box.y - BOX_HEIGHT / 2
    axes.add_patch(
        FancyBboxPatch(
            (left, top), BOX_WIDTH, BOX_HEIGHT,
            boxstyle="round,pad=0,rounding_size=10",
            facecolor=PALE if current else PAPER,
            edgecolor=BLUE if seen else FAINT,
            linewidth=(4.5 if current else 1.8 if seen else 1.2) * _POINTS,
        )
    )  # fmt: skip
    name = f"▶ {box.state}" if current else box.state
    weight = "bold" if current else "normal"
    axes.text(box.x, box.y - 4, name, size=15 * _POINTS, weight=weight, ha="center", color=INK)
    axes.text(box.x, box.y + 15, box.words, size=12.5 * _POINTS, ha="center", color=INK)
