"""Where the states of a container stand in the picture, and how the arrows run between them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from helpers.model.container.state import State

WIDTH, HEIGHT = 994, 428
BOX_WIDTH, BOX_HEIGHT = 128, 54
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A state's box by its centre, with a few words on what the state means."""

    state: str
    x: float
    y: float
    words: str
    rare: bool = False


@dataclass(frozen=True)
class Label:
    """A line of text at its baseline; `anchor` is start, middle or end."""

    text: str
    x: float
    y: float
    anchor: str = "middle"
    is_command: bool = True


@dataclass(frozen=True)
class Arrow:
    """A curve from state to state: a start point, then cubic pieces of three points each."""

    source: str
    target: str
    points: tuple[Point, ...]
    labels: tuple[Label, ...] = ()
    rare: bool = False


BOXES = (
    Box(State.CREATED, 82, 214, "no process yet"),
    Box(State.RUNNING, 352, 214, "its process runs"),
    Box(State.PAUSED, 352, 58, "process frozen"),
    Box(State.RESTARTING, 352, 366, "waits to restart"),
    Box(State.EXITED, 694, 214, "process ended"),
    Box(State.DEAD, 694, 366, "removal failed", rare=True),
    Box(State.REMOVED, 912, 214, "nothing is left"),
)


def _line(start: Point, end: Point) -> tuple[Point, ...]:
    (x0, y0), (x1, y1) = start, end
    near = (x0 + (x1 - x0) / 3, y0 + (y1 - y0) / 3)
    far = (x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3)
    return (start, near, far, end)


def _under_all() -> tuple[Point, ...]:
    """From created down, along the bottom, and up to removed, with round corners."""
    left, right, top, bottom, turn = 60.0, 934.0, 241.0, 416.0, 18.0
    return (
        *_line((left, top), (left, bottom - turn)),
        (left, bottom - turn / 2), (left + turn / 2, bottom), (left + turn, bottom),
        *_line((left + turn, bottom), (right - turn, bottom))[1:],
        (right - turn / 2, bottom), (right, bottom - turn / 2), (right, bottom - turn),
        *_line((right, bottom - turn), (right, top))[1:],
    )  # fmt: skip


ARROWS = (
    Arrow("", State.CREATED, _line((82, 96), (82, 187)),
          (Label("docker create", 94, 140, "start"),)),
    Arrow(
        State.CREATED, State.RUNNING, _line((146, 214), (288, 214)),
        (Label("docker start", 215, 203), Label("docker run", 215, 236),
         Label("does both at once", 215, 252, is_command=False)),
    ),
    Arrow(State.RUNNING, State.PAUSED, _line((334, 187), (334, 85)),
          (Label("docker pause", 324, 134, "end"),)),
    Arrow(State.PAUSED, State.RUNNING, _line((370, 85), (370, 187)),
          (Label("docker unpause", 380, 134, "start"),)),
    Arrow(State.PAUSED, State.EXITED, ((416, 58), (590, 58), (694, 84), (694, 187)),
          (Label("docker kill", 622, 70, "start"),)),
    Arrow(
        State.RUNNING, State.EXITED, _line((416, 202), (630, 202)),
        (Label("docker stop, docker kill", 523, 172),
         Label("or its process ends by itself", 523, 189, is_command=False)),
    ),
    Arrow(
        State.EXITED, State.RUNNING, _line((630, 226), (416, 226)),
        (Label("docker start", 523, 245), Label("docker restart", 523, 262),
         Label("stops it first", 523, 278, is_command=False)),
    ),
    Arrow(
        State.RUNNING, State.RESTARTING, _line((334, 241), (334, 339)),
        (Label("its process ends, and a", 324, 290, "end", is_command=False),
         Label("restart policy is set", 324, 306, "end", is_command=False)),
    ),
    Arrow(
        State.RESTARTING, State.RUNNING, _line((370, 339), (370, 241)),
        (Label("the engine", 380, 280, "start", is_command=False),
         Label("starts it", 380, 296, "start", is_command=False)),
    ),
    Arrow(State.RESTARTING, State.EXITED, ((416, 366), (560, 366), (668, 352), (668, 241)),
          (Label("docker stop", 520, 384),)),
    Arrow(State.CREATED, State.REMOVED, _under_all(), (Label("docker rm", 84, 408, "start"),)),
    Arrow(
        State.EXITED, State.REMOVED, _line((758, 214), (848, 214)),
        (Label("docker rm", 802, 203), Label("docker rm --force", 912, 160),
         Label("kills it first", 912, 176, is_command=False)),
    ),
    Arrow(State.EXITED, State.DEAD, _line((706, 241), (706, 339)), rare=True),
    Arrow(State.DEAD, State.REMOVED, ((758, 366), (830, 366), (890, 330), (890, 241)), rare=True),
)  # fmt: skip


def diagram() -> dict[str, Any]:
    """The whole drawing, as JSON for the script."""
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "box": [BOX_WIDTH, BOX_HEIGHT],
        "boxes": [asdict(box) for box in BOXES],
        "arrows": [asdict(arrow) for arrow in ARROWS],
    }
