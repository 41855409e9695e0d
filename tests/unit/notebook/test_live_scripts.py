"""Every live view has its script, also where a cell's view derives from one of another folder."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest

import helpers
from helpers.views.kit.live import LiveView

for module in walk_packages(helpers.__path__, "helpers."):
    if module.name.startswith(("helpers.views.", "helpers.notebook.")):
        import_module(module.name)


def below(view: type[LiveView]) -> list[type[LiveView]]:
    """The classes that derive from that one, however far."""
    return [each for child in view.__subclasses__() for each in (child, *below(child))]


def is_whole(view: type[LiveView]) -> bool:
    """Whether it is a view to show: a base leaves methods to the views that derive from it."""
    methods = (getattr(view, name) for name in dir(view))
    return not any(getattr(method, "__isabstractmethod__", False) for method in methods)


VIEWS = [
    view for view in below(LiveView) if view.__module__.startswith("helpers.") and is_whole(view)
]


def test_views_are_looked_at_that_derive_from_a_view() -> None:
    assert any(view.__module__.startswith("helpers.notebook.") for view in VIEWS)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_its_script_is_there(view: type[LiveView]) -> None:
    path = view._script_path(view.__new__(view))
    assert "export default" in path.read_text(encoding="utf-8")
