"""Dockerfiles with no stage: engines end on some of them, so none is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.build.source import dockerfile_of, open_source
from helpers.errors import InvalidInput
from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.refused import refuse_without_stage
from helpers.model.build.settings import BuildSettings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ARG A=1\n", "no `FROM`"),
        ("ARG A=1\rFROM busybox:1.37\r", "CR"),
        ("FROM busybox:1.37\rRUN x\r", "CR"),
        ("ARG A=1\n# FROM x\nRUN <<EOF\nFROM x\nEOF\n", "no `FROM`"),
        ("ARG A=1 \\\nFROM x\n", "no `FROM`"),
        ("# syntax=docker/dockerfile:1\nARG A=1\n", "no `FROM`"),
        ("ONBUILD FROM x\n", "no `FROM`"),
        ("# only a comment\n", "no instruction"),
        ("\ufeff\n", "no instruction"),
        (" \n", "empty"),
    ],
)
def test_what_nothing_can_be_built_from(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        open_source(BuildSettings(context="-", stdin=text))
    assert caught.value.next_step
    dockerfile = dockerfile_of("-", None, text)
    assert dockerfile is not None
    with pytest.raises(InvalidInput):
        refuse_without_stage(dockerfile)


@pytest.mark.parametrize(
    "text",
    [
        "FROM a", "from a\r", "ARG A=1\r\nFROM a\r\n", "\ufeffFROM a", "FR\\\nOM a", "FROM",
        "# syntax=example.org/other:1\nwhat: else\n",
    ],
)  # fmt: skip
def test_all_else_is_the_builders(text: str) -> None:
    refuse_without_stage(read_dockerfile(text))


@given(st.text(st.sampled_from("FROM a\n\r#\\ARG<=\t"), max_size=40))
def test_what_is_not_refused_has_a_stage(text: str) -> None:
    dockerfile = read_dockerfile(text)
    try:
        refuse_without_stage(dockerfile)
    except InvalidInput:
        return
    assert dockerfile.stages
