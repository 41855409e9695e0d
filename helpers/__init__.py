"""Docker Workbook: real Docker lessons in Jupyter. This is the learner's vocabulary.

Each name is loaded when it is first used, so that a cell pays only for what it shows.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.notebook.audit import audit
    from helpers.notebook.bill_of_materials import bill_of_materials, known_fixes
    from helpers.notebook.build_table import build_table
    from helpers.notebook.build_timeline import build_timeline
    from helpers.notebook.charts import bar_chart, line_chart, seconds_chart
    from helpers.notebook.connect import connect
    from helpers.notebook.exercise import exercise
    from helpers.notebook.footprint import compare_with_vm, footprint_chart
    from helpers.notebook.isolation import isolation
    from helpers.notebook.kubernetes import kubernetes
    from helpers.notebook.layer_explorer import layer_explorer
    from helpers.notebook.lessons import lesson_map, progress
    from helpers.notebook.lifecycle import lifecycle
    from helpers.notebook.live_usage import live_usage
    from helpers.notebook.load import requests
    from helpers.notebook.machine import feature_table
    from helpers.notebook.network_map import network_map
    from helpers.notebook.nodes import nodes
    from helpers.notebook.predict import predict
    from helpers.notebook.promql import promql
    from helpers.notebook.quiz import quiz
    from helpers.notebook.race import race
    from helpers.notebook.reaches import reaches
    from helpers.notebook.reconcile import reconcile
    from helpers.notebook.registries import image_name, layers_sent
    from helpers.notebook.reset import reset_progress
    from helpers.notebook.rollout import rollout
    from helpers.notebook.startup import startup
    from helpers.notebook.steps import what_happened
    from helpers.notebook.where_from import where_from
    from helpers.notebook.workfolder import workfolder

_HOMES = {
    "audit": "helpers.notebook.audit",
    "bar_chart": "helpers.notebook.charts",
    "bill_of_materials": "helpers.notebook.bill_of_materials",
    "build_table": "helpers.notebook.build_table",
    "build_timeline": "helpers.notebook.build_timeline",
    "compare_with_vm": "helpers.notebook.footprint",
    "connect": "helpers.notebook.connect",
    "exercise": "helpers.notebook.exercise",
    "image_name": "helpers.notebook.registries",
    "footprint_chart": "helpers.notebook.footprint",
    "isolation": "helpers.notebook.isolation",
    "known_fixes": "helpers.notebook.bill_of_materials",
    "kubernetes": "helpers.notebook.kubernetes",
    "layer_explorer": "helpers.notebook.layer_explorer",
    "layers_sent": "helpers.notebook.registries",
    "lesson_map": "helpers.notebook.lessons",
    "lifecycle": "helpers.notebook.lifecycle",
    "line_chart": "helpers.notebook.charts",
    "live_usage": "helpers.notebook.live_usage",
    "feature_table": "helpers.notebook.machine",
    "network_map": "helpers.notebook.network_map",
    "nodes": "helpers.notebook.nodes",
    "predict": "helpers.notebook.predict",
    "progress": "helpers.notebook.lessons",
    "promql": "helpers.notebook.promql",
    "quiz": "helpers.notebook.quiz",
    "race": "helpers.notebook.race",
    "reaches": "helpers.notebook.reaches",
    "reconcile": "helpers.notebook.reconcile",
    "requests": "helpers.notebook.load",
    "reset_progress": "helpers.notebook.reset",
    "rollout": "helpers.notebook.rollout",
    "seconds_chart": "helpers.notebook.charts",
    "startup": "helpers.notebook.startup",
    "what_happened": "helpers.notebook.steps",
    "where_from": "helpers.notebook.where_from",
    "workfolder": "helpers.notebook.workfolder",
}

__all__ = [
    "audit",
    "bar_chart",
    "bill_of_materials",
    "build_table",
    "build_timeline",
    "compare_with_vm",
    "connect",
    "exercise",
    "feature_table",
    "footprint_chart",
    "image_name",
    "isolation",
    "known_fixes",
    "kubernetes",
    "layer_explorer",
    "layers_sent",
    "lesson_map",
    "lifecycle",
    "line_chart",
    "live_usage",
    "network_map",
    "nodes",
    "predict",
    "progress",
    "promql",
    "quiz",
    "race",
    "reaches",
    "reconcile",
    "requests",
    "reset_progress",
    "rollout",
    "seconds_chart",
    "startup",
    "what_happened",
    "where_from",
    "workfolder",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
