"""WWW-Authenticate, as the grammar of RFC 9110 allows it, and as a stranger may send it."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.registry.challenge import Challenge, bearer_challenge, challenges
from helpers.model.registry.header_reader import MOST_CHARACTERS
from helpers.model.registry.link import next_page

REALM = {"realm": "https://auth.example/token", "service": "registry"}
BEARER = 'Bearer realm="https://auth.example/token",service="registry"'


@pytest.mark.parametrize(
    "header",
    [
        BEARER,
        f'Basic realm="x", {BEARER}',
        f'{BEARER}, Basic realm="x"',
        f"Negotiate, {BEARER}",
        f"Negotiate YII/+==, {BEARER}",
        f", ,{BEARER} ,",
        'bearer REALM="https://auth.example/token" , Service=registry',
        'BEARER realm = "https://auth.example/token"\t,\tservice = "registry"',
        r'Bearer realm="https:\/\/auth.example/token",service="registry"',
        f'Digest realm="a, Bearer realm=\\"http://evil.example\\"", {BEARER}',
        "Bearer realm=https://auth.example/token,service=registry",
        "Basic realm=here, bearer realm=https://auth.example/token, service=registry",
        f'Bearer error="invalid_token", {BEARER}',
    ],
)
def test_the_token_service_is_found_however_it_is_written(header: str) -> None:
    challenge = bearer_challenge(header)
    assert challenge is not None
    assert challenge.parameters == REALM


@pytest.mark.parametrize(
    "header", ["", "Basic realm=x", 'realm="x"', '"', "=", 'Basic realm="Bearer realm=x', "é"]
)
def test_where_none_is_named_there_is_none(header: str) -> None:
    assert bearer_challenge(header) is None


def test_the_first_of_two_values_counts_and_what_follows_no_grammar_ends_it() -> None:
    assert challenges('A x=1, x=2, B y="open, C z=3') == (
        Challenge("a", {"x": "1"}),
        Challenge("b", {"y": ""}),
    )


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ('</v2/a/tags/list?last=b>; rel="next"', "/v2/a/tags/list?last=b"),
        ("</x>;rel=next", "/x"),
        ('</x> ; title="a, <y>; rel=next" ; REL = "prev NEXT"', "/x"),
        ('</first>; rel="first", </x>; n=1; rel="next"', "/x"),
        ('</a,b;c>; rel="next"', "/a,b;c"),
        ("</x>", "/x"),
        ('</a>; title="b", </x>; rel="next"', "/x"),
        ("</x>; rel=prev", ""),
        ('</x>; rel="prev"; rel="next"', ""),
        ("", ""),
        (" , ", ""),
    ],
)
def test_the_next_page_of_a_list(header: str, target: str) -> None:
    assert next_page(header) == target


@pytest.mark.parametrize(
    "header",
    [
        "</x; rel=next",
        "/x; rel=next",
        'rel="next"; </x>',
        "</x>; rel=prev </y>; rel=next",
        "</x> rel=next",
        "</x>; rel=prev, y",
        "</x>; rel=" + "a" * MOST_CHARACTERS,
    ],
)
def test_where_a_list_may_go_on_and_nobody_can_tell_is_no_end(header: str) -> None:
    with pytest.raises(ValueError, match="its header Link"):
        next_page(header)


PIECES = ("a", "a=", "=", '"', '\\"', "\\", ",", ";", " ", "\t", "<", ">", "Bearer ", "é", "</x>;")


@pytest.mark.parametrize("piece", [*PIECES, 'a="b",', 'a="b', "a b,", "a==,", "</x>;a=b,"])
@pytest.mark.parametrize("begin", ["", "Bearer ", 'Bearer a="', "</x>; rel=", "</x"])
def test_each_character_costs_the_same(begin: str, piece: str) -> None:
    header = (begin + piece * MOST_CHARACTERS)[:MOST_CHARACTERS]
    before = time.thread_time()
    challenges(header)
    with suppress(ValueError):
        next_page(header)
    assert time.thread_time() - before < 0.5


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_whatever_comes_is_read_to_some_end(header: str) -> None:
    for challenge in challenges(header):
        assert challenge.scheme == challenge.scheme.lower()
    with suppress(ValueError):
        assert next_page(header) in header


TOKENS = st.text("abcXYZ019-._~", min_size=1, max_size=9)
WRITTEN = st.tuples(TOKENS, st.text(max_size=20).filter(str.isprintable))


@given(st.lists(st.tuples(TOKENS, st.lists(WRITTEN, unique_by=lambda pair: pair[0].lower()))))
def test_what_is_written_by_the_grammar_is_read_back(
    listed: list[tuple[str, list[tuple[str, str]]]],
) -> None:
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    header = ", ".join(
        f"{scheme} {', '.join(f'{name}={quoted(value)}' for name, value in parameters)}"
        for scheme, parameters in listed
    )
    read = [(one.scheme, dict(one.parameters)) for one in challenges(header)]
    assert read == [
        (scheme.lower(), {name.lower(): value for name, value in parameters})
        for scheme, parameters in listed
    ]
