"""Where a text stands in an image, in each layout of its archive."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import zstandard

from helpers.engine.layers.text_search import text_matches
from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.layers.text_match import TextMatch
from tests.unit import tar_writer as tar
from tests.unit.saving_engine import SavingEngine

BASE = tar.layer(tar.file(b"etc/secret", b"x" * 130_000 + b"needle"), tar.file(b"plain", b"hay"))
TOP = tar.layer(tar.file(b"etc/.wh.secret"), tar.file(b"again", b"needle"))
LAYERS = [BASE, TOP]
STEPS = ["RUN echo needle > /etc/secret", "ENV A=b", "RUN rm /etc/secret"]
LAYOUTS: dict[str, Callable[[list[bytes]], bytes]] = {
    "docker": lambda layers: tar.legacy(layers, STEPS),
    "oci, gzip": lambda layers: tar.oci(layers, created_by=STEPS),
    "oci, zstd": lambda layers: tar.oci(layers, zstandard.compress, STEPS),
    "oci, plain": lambda layers: tar.oci(layers, bytes, STEPS),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_is_found_in_hidden_files_in_the_history_and_in_settings(layout: str) -> None:
    config = tar.config(LAYERS, STEPS, config={"Env": ["A=b"]})
    engine = SavingEngine(LAYOUTS[layout](LAYERS), LAYERS, config)
    assert text_matches(engine, "a:1", "needle") == (
        TextMatch("history", STEPS[0]),
        TextMatch("file", STEPS[0], "etc/secret"),
        TextMatch("file", STEPS[2], "again"),
    )
    assert text_matches(engine, "a:1", "A=b")[-1] == TextMatch("setting")
    assert text_matches(engine, "a:1", "nowhere") == ()


def test_there_must_be_a_text() -> None:
    with pytest.raises(InvalidInput, match="no text"):
        text_matches(SavingEngine(b"", []), "a:1", "")


def test_a_layer_that_is_missing_is_not_passed_over() -> None:
    whole = LAYOUTS["docker"](LAYERS)
    lacking = whole.replace(tar.padded(TOP), tar.padded(b"gone".ljust(len(TOP))))
    with pytest.raises(UnreadableImage, match="lacks the layer"):
        text_matches(SavingEngine(lacking, LAYERS), "a:1", "needle")
