"""Recorded usage as a still picture: CPU, memory against its limit, network, processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2, nan
from typing import Any

from helpers.model.container.event import EngineEvent
from helpers.model.text.units import format_bytes, format_memory
from helpers.model.usage.usage import Usage
from helpers.views.kit.figure import COLOURS, INK, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.usage.packet import rate
from helpers.views.usage.record import Member
from helpers.views.usage.words import event_name

DASHES: tuple[Any, ...] = ("-", "--", ":", "-.")
MOST_SHOWN = len(COLOURS)
TOO_NEAR = 0.03  # of the whole width
LIMIT_IN_SIGHT = 4  # times what is used; a limit far above would flatten the line
Series = list[Usage]
Value = Callable[[Usage | None, Usage], float | None]


def png(
    members: Sequence[Member],
    usages: Sequence[tuple[Member, Usage]],
    events: Sequence[tuple[int, EngineEvent]],
) -> bytes:
    """The picture: the busiest four containers in colours and dashes, the others in grey."""
    figure = clear_figure(8.6, 4.4)
    panels = figure.subplots(2, 2, sharex=True, height_ratios=(3, 2))
    series = _series(usages)
    busiest = sorted(members, key=lambda m: -_mean_cpu(series.get(m.number, [])))[:MOST_SHOWN]
    chosen = [member for member in members if member in busiest]
    first = min((usage.at for _, usage in usages), default=0.0)
    for axes, (title, value, shown_as) in zip(panels.flat, _PANELS, strict=True):
        _draw(axes, title, value, shown_as, members, chosen, series, first)
    _draw_limits(panels[0][0], panels[0][1], panels[1][1], chosen)
    if len(chosen) == 1:
        _draw_cache(panels[0][1], series.get(chosen[0].number, []), first)
    _draw_events(panels[0], chosen, events, first)
    _name(figure, panels[0][0], chosen, len(members))
    return png_of(figure)


def in_words(members: Sequence[Member], usages: Sequence[tuple[Member, Usage]]) -> str:
    """The highest CPU and memory of each container, in words."""
    series = _series(usages)
    return "\n".join(_peaks(member, series.get(member.number, [])) for member in members)


def _peaks(member: Member, usages: Series) -> str:
    cpu = max((u.cpu_percent for u in usages if u.cpu_percent is not None), default=None)
    memory = max((u.memory_bytes for u in usages if u.memory_bytes is not None), default=None)
    most = [
        f"CPU up to {cpu:.0f} %" if cpu is not None else "CPU n/a",
        f"memory up to {format_memory(memory)}" if memory is not None else "memory n/a",
    ]
    return f"{shown(member.name)}: {', '.join(most)}"


def _series(usages: Sequence[tuple[Member, Usage]]) -> dict[int, Series]:
    series: dict[int, Series] = {}
    for member, usage in usages:
        series.setdefault(member.number, []).append(usage)
    return series


def _mean_cpu(usages: Series) -> float:
    known = [usage.cpu_percent for usage in usages if usage.cpu_percent is not None]
    return sum(known) / len(known) if known else 0.0


def _draw(
    axes: Any,
    title: str,
    value: Value,
    shown_as: Callable[[float], str],
    members: Sequence[Member],
    chosen: Sequence[Member],
    series: dict[int, Series],
    first: float,
) -> None:
    from matplotlib.ticker import FixedLocator, MaxNLocator

    for member in members:
        usages = series.get(member.number, [])
        pairs = zip([None, *usages], usages, strict=False)
        values = [nan if (amount := value(*pair)) is None else amount for pair in pairs]
        times = [usage.at - first for usage in usages]
        if member in chosen:
            slot = chosen.index(member)
            axes.plot(times, values, DASHES[slot], color=COLOURS[slot], linewidth=1.8)
        else:
            axes.plot(times, values, color=INK, alpha=0.35, linewidth=0.7, zorder=1)
    axes.set_title(title, loc="left", color=INK, fontsize=10)
    axes.yaxis.set_major_formatter(lambda number, _: shown_as(number))
    axes.xaxis.set_major_formatter(lambda number, _: f"{number:g} s")
    axes.set_ylim(bottom=0, top=max(axes.get_ylim()[1], _LEAST.get(title, 1)))
    if shown_as is _memory:
        axes.yaxis.set_major_locator(FixedLocator(_binary_ticks(axes.get_ylim()[1])))
    elif title == "Processes":
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(colors=INK, labelsize=8.5)
    axes.grid(axis="y", color=INK, alpha=0.25, linewidth=0.6)
    axes.patch.set_alpha(0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)


def _draw_limits(cpu: Any, memory: Any, pids: Any, chosen: Sequence[Member]) -> None:
    for slot, member in enumerate(chosen):
        size = member.memory_limit_bytes
        of_cpu = None if member.cpu_limit is None else member.cpu_limit * 100
        _limit(cpu, of_cpu, f"{member.cpu_limit} CPU", slot)
        _limit(memory, size, "" if size is None else format_memory(size), slot)
        _limit(pids, member.pids_limit or None, str(member.pids_limit), slot)


def _limit(axes: Any, limit: float | None, text: str, slot: int) -> None:
    """The limit as a line with its value, unless it is far above all that was used."""
    if limit is None or limit > axes.get_ylim()[1] * LIMIT_IN_SIGHT:
        return
    axes.set_ylim(top=max(axes.get_ylim()[1], limit * 1.18))
    axes.axhline(limit, color=COLOURS[slot], linewidth=1.2, linestyle=(0, (6, 3)))
    axes.annotate(
        f"limit {text}", (1, limit), xycoords=("axes fraction", "data"), xytext=(0, 2),
        textcoords="offset points", ha="right", fontsize=8.5, color=INK,
    )  # fmt: skip


def _draw_cache(axes: Any, usages: Series, first: float) -> None:
    times = [usage.at - first for usage in usages]
    memory = [nan if usage.memory_bytes is None else usage.memory_bytes for usage in usages]
    top = [low + (usage.memory_cache_bytes or 0) for low, usage in zip(memory, usages, strict=True)]
    axes.fill_between(times, 0, memory, color=COLOURS[0], alpha=0.18, linewidth=0)
    if any(usage.memory_cache_bytes for usage in usages):
        axes.fill_between(times, memory, top, facecolor="none", edgecolor=INK, hatch="////",
                          linewidth=0)  # fmt: skip
        axes.set_ylim(top=max(axes.get_ylim()[1], *top))

        axes.set_title("Memory, and hatched the cache", loc="left", color=INK, fontsize=10)


def _draw_events(
    panels: Sequence[Any],
    chosen: Sequence[Member],
    events: Sequence[tuple[int, EngineEvent]],
    first: float,
) -> None:
    numbers = {member.number: slot for slot, member in enumerate(chosen)}
    for number, event in events:
        if number in numbers:
            for axes in panels:
                colour = COLOURS[numbers[number]]
                axes.axvline(event.at - first, color=colour, linewidth=1, linestyle=":")
    low, high = panels[0].get_xlim()
    shown_events = [event for number, event in events if number in numbers]
    for at, text in _texts(shown_events, first, (high - low) * TOO_NEAR):
        panels[0].annotate(
            text, (at, 1), xycoords=("data", "axes fraction"), xytext=(2, -2),
            textcoords="offset points", va="top", fontsize=8, color=INK, rotation=90,
        )  # fmt: skip


def _texts(events: Sequence[EngineEvent], first: float, near: float) -> list[tuple[float, str]]:
    """Where to write what happened; events near to each other share a text."""
    texts: list[tuple[float, str]] = []
    for event in events:
        at, text = event.at - first, shown(event_name(event))
        if texts and at - texts[-1][0] < near:
            texts[-1] = texts[-1][0], f"{texts[-1][1]}, {text}"
        else:
            texts.append((at, text))
    return texts


def _name(figure: Any, axes: Any, chosen: Sequence[Member], count: int) -> None:
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color=COLOURS[slot], linestyle=DASHES[slot], label=shown(member.name))
        for slot, member in enumerate(chosen)
    ]
    if count > len(chosen):
        lines.append(Line2D([], [], color=INK, alpha=0.5, label=f"{count - len(chosen)} others"))
    figure.legend(
        handles=lines, loc="outside lower center", ncols=5, frameon=False, fontsize=9,
        labelcolor=INK,
    )  # fmt: skip


def _memory(count: float) -> str:
    return format_memory(round(count))


def _binary_ticks(top: float) -> list[float]:
    """Round binary sizes for an axis that ends there: a power of two apart, with room for more."""
    step = 2.0 ** max(round(log2(max(top, 1) / 4)), 0)
    return [step * count for count in range(40)]


def _plain(name: str) -> Value:
    return lambda _, usage: getattr(usage, name)


def _network(before: Usage | None, usage: Usage) -> float | None:
    received = rate(before, usage, "network_rx_bytes")
    sent = rate(before, usage, "network_tx_bytes")
    return None if received is None or sent is None else received + sent


_LEAST = {"CPU (100 % is one core)": 10, "Network, in and out": 1000, "Processes": 4}
_PANELS: tuple[tuple[str, Value, Callable[[float], str]], ...] = (
    ("CPU (100 % is one core)", _plain("cpu_percent"), lambda number: f"{number:.0f} %"),
    ("Memory", _plain("memory_bytes"), _memory),
    ("Network, in and out", _network, lambda number: f"{format_bytes(round(number))}/s"),
    ("Processes", _plain("pids"), lambda number: f"{number:g}"),
)
