"""What a docker command ends, removes, or takes a name from."""

from __future__ import annotations

import pytest

from helpers.model.command.cell_words import cell_words
from helpers.model.command.touched import touched
from helpers.model.command.typed_command import typed_command


@pytest.mark.parametrize(
    ("line", "kind", "names"),
    [
        ("rm -f web shop", "containers", ("web", "shop")),
        ("container rm --force web", "containers", ("web",)),
        ("stop -t 3 web", "containers", ("web",)),
        ("stop --timeout 3 web", "containers", ("web",)),
        ("kill -s TERM web", "containers", ("web",)),
        ("rmi bread:1 shop:latest", "images", ("bread:1", "shop")),
        ("image rm shop", "images", ("shop",)),
        ("build -t shop --tag shop:2 .", "images", ("shop:2", "shop")),
        ("tag a b:latest", "images", ("b",)),
        ("commit web b", "images", ("b",)),
        ("volume rm data", "volumes", ("data",)),
        ("network remove back", "networks", ("back",)),
        ("run --name web x", "", ()),
        ("ps", "", ()),
        ("logs web", "", ()),
    ],
)
def test_whose_names_are_touched(line: str, kind: str, names: tuple[str, ...]) -> None:
    touched_kind, touched_names = touched(typed_command(cell_words(line)))
    assert (touched_kind, set(touched_names)) == (kind, set(names))
