"""The widget behind every card: what is shown goes to card.js, what is clicked comes back."""

from __future__ import annotations

from pathlib import Path

import traitlets
from anywidget import AnyWidget

from helpers.views.kit.script import whole_script


class CardWidget(AnyWidget):
    """`content` is set once and `state` again and again; both are described in live_card.py."""

    _esm = whole_script(Path(__file__).with_name("card.js"))
    content = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
