"""What buildx writes down of a build; its keys are those of BuildKit's exporters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.command.build_metadata import build_metadata

CONFIG, MANIFEST = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


@pytest.mark.parametrize(
    ("told", "digests"),
    [
        # By containerd's store, by the older one, and by an export that makes no image.
        (
            {"containerimage.digest": MANIFEST, "containerimage.config.digest": CONFIG},
            (CONFIG, MANIFEST),
        ),
        ({"containerimage.digest": CONFIG, "image.name": "x"}, (CONFIG,)),
        ({"buildx.build.ref": "default/x"}, ()),
    ],
)
def test_the_digest_that_a_quiet_build_prints_comes_first(
    told: dict[str, str], digests: tuple[str, ...]
) -> None:
    with build_metadata() as metadata:
        option, path = metadata.words
        assert option == "--metadata-file"
        Path(path).write_text(json.dumps(told), encoding="utf-8")
        assert metadata.digests == digests


def test_there_is_none_where_nothing_was_written() -> None:
    with build_metadata() as metadata:
        assert metadata.digests == ()


@given(st.binary(max_size=60) | st.sampled_from([b"[" * 100_000, b"[]", b"1", b"null"]))
def test_any_bytes_are_read(content: bytes) -> None:
    with build_metadata() as metadata:
        Path(metadata.words[1]).write_bytes(content)
        assert metadata.digests == ()
