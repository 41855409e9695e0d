"""A tag that was left out or misspelt; what is left out means as distribution's reference says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.image.reference import ImageReference
from helpers.model.supply.other_tags import step_by_tags


@pytest.mark.parametrize(
    ("name", "there", "says"),
    [
        ("busybox", ["busybox:1.37"], "Without a tag `latest` is meant; there is `busybox:1.37`."),
        ("docker.io/library/busybox", ["busybox:1.37"], "there is `busybox:1.37`."),
        ("busybox", ["docker.io/library/busybox:1.37"], "there is `busybox:1.37`."),
        ("busybox", ["busybox:1", "busybox:2"], "there are `busybox:1` and `busybox:2`."),
        ("busybox:1.73", ["busybox:1.37", "nginx:1"], "There is `busybox:1.37`. For another"),
        ("localhost:5000/a/b", ["localhost:5000/a/b:1"], "there is `localhost:5000/a/b:1`."),
    ],
)
def test_the_other_tag_is_named(name: str, there: list[str], says: str) -> None:
    assert says in step_by_tags(ImageReference.parse(name), there)


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("busybox", []),
        ("busybox", ["busybox:latest", "nginx:1", "me/busybox:1", "<none>:<none>", "BAD"]),
        ("busybox", ["localhost/busybox:1", "busybox@sha256:" + "a" * 64]),
        ("busybox@sha256:" + "a" * 64, ["busybox:1"]),
    ],
)
def test_nothing_is_said_of_others(name: str, there: list[str]) -> None:
    assert step_by_tags(ImageReference.parse(name), there) == ""


@given(st.lists(st.text(max_size=12)))
def test_any_names_are_read(names: list[str]) -> None:
    assert isinstance(step_by_tags(ImageReference.parse("busybox"), names), str)
