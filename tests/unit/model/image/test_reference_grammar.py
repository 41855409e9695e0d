"""Names against the cases of github.com/distribution/reference, and parse against str."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference

F64, F128 = "f" * 64, "f" * 128
HEXADECIMAL = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a"

# (text, registry, repository, tag, digest) of reference_test.go and normalize_test.go.
VALID = [
    ("test_com", "docker.io", "library/test_com", "latest", None),
    ("test.com:tag", "docker.io", "library/test.com", "tag", None),
    ("test.com:5000", "docker.io", "library/test.com", "5000", None),
    ("test.com/repo:tag", "test.com", "repo", "tag", None),
    ("test:5000/repo", "test:5000", "repo", "latest", None),
    ("test:5000/repo:tag", "test:5000", "repo", "tag", None),
    (f"test:5000/repo@sha256:{F64}", "test:5000", "repo", None, f"sha256:{F64}"),
    (f"test:5000/repo:tag@sha256:{F64}", "test:5000", "repo", "tag", f"sha256:{F64}"),
    ("lowercase:Uppercase", "docker.io", "library/lowercase", "Uppercase", None),
    ("a/" * 127 + "a:over-max", "docker.io", "a/" * 127 + "a", "over-max", None),
    ("sub-dom1.foo.com/bar/baz/quux", "sub-dom1.foo.com", "bar/baz/quux", "latest", None),
    ("sub-dom1.foo.com/bar/baz/quux:a-tag", "sub-dom1.foo.com", "bar/baz/quux", "a-tag", None),
    ("b.gcr.io/test.example.com/my-app:t.e", "b.gcr.io", "test.example.com/my-app", "t.e", None),
    ("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com", "myimage", "xn--n3h.com", None),
    (f"xn--7o8h.com/i:t@sha512:{F128}", "xn--7o8h.com", "i", "t", f"sha512:{F128}"),
    ("foo_bar.com:8080", "docker.io", "library/foo_bar.com", "8080", None),
    ("foo/foo_bar.com:8080", "docker.io", "foo/foo_bar.com", "8080", None),
    ("192.168.1.1", "docker.io", "library/192.168.1.1", "latest", None),
    ("192.168.1.1:tag", "docker.io", "library/192.168.1.1", "tag", None),
    ("192.168.1.1:5000", "docker.io", "library/192.168.1.1", "5000", None),
    ("192.168.1.1/repo", "192.168.1.1", "repo", "latest", None),
    ("192.168.1.1:5000/repo", "192.168.1.1:5000", "repo", "latest", None),
    ("192.168.1.1:5000/repo:5050", "192.168.1.1:5000", "repo", "5050", None),
    ("[2001:db8::1]/repo", "[2001:db8::1]", "repo", "latest", None),
    ("[2001:db8:1:2:3:4:5:6]/repo:tag", "[2001:db8:1:2:3:4:5:6]", "repo", "tag", None),
    ("[2001:db8::1]:5000/repo", "[2001:db8::1]:5000", "repo", "latest", None),
    ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000", "repo", "tag", None),
    ("[2001:db8::]:5000/repo", "[2001:db8::]:5000", "repo", "latest", None),
    ("[::1]:5000/repo", "[::1]:5000", "repo", "latest", None),
    ("test_com/foo", "docker.io", "test_com/foo", "latest", None),
    ("test-com:8080/foo", "test-com:8080", "foo", "latest", None),
    ("xn--n3h.com:18080/foo", "xn--n3h.com:18080", "foo", "latest", None),
    ("docker/docker", "docker.io", "docker/docker", "latest", None),
    ("library/debian", "docker.io", "library/debian", "latest", None),
    ("docker.io/debian", "docker.io", "library/debian", "latest", None),
    ("docker.io/library/debian", "docker.io", "library/debian", "latest", None),
    ("index.docker.io/docker/docker", "docker.io", "docker/docker", "latest", None),
    ("index.docker.io/library/debian", "docker.io", "library/debian", "latest", None),
    ("index.docker.io/debian", "docker.io", "library/debian", "latest", None),
    ("127.0.0.1:5000/docker/docker", "127.0.0.1:5000", "docker/docker", "latest", None),
    ("192.168.0.1:8/debian", "192.168.0.1:8", "debian", "latest", None),
    ("[fc00::1]:5000/docker", "[fc00::1]:5000", "docker", "latest", None),
    (f"docker.io/{HEXADECIMAL}", "docker.io", f"library/{HEXADECIMAL}", "latest", None),
    (HEXADECIMAL[:63], "docker.io", f"library/{HEXADECIMAL[:63]}", "latest", None),
    ("Docker/docker", "Docker", "docker", "latest", None),
    ("DOCKER/docker", "DOCKER", "docker", "latest", None),
    ("docker---rules/docker", "docker.io", "docker---rules/docker", "latest", None),
    ("dock__er/docker", "docker.io", "dock__er/docker", "latest", None),
    ("jess/t", "docker.io", "jess/t", "latest", None),
    ("store/foo/bar", "docker.io", "store/foo/bar", "latest", None),
    ("docker.io/library/foo/bar", "docker.io", "library/foo/bar", "latest", None),
    ("ubuntu-12.04-base", "docker.io", "library/ubuntu-12.04-base", "latest", None),
]
INVALID = [
    "",
    ":justtag",
    f"@sha256:{F64}",
    "repo@sha256:" + "f" * 34,
    f"validname@invaliddigest:{F64}",
    f"name@sha256:{'F' * 64}",
    f"name@sha512:{F64}",
    "Uppercase:tag",
    "test:5000/Uppercase/lowercase:tag",
    "a/" * 128 + "a:tag",
    "aa/asdf$$^/aa",
    "[2001:db8::1]",
    "[2001:db8::1]:5000",
    "[2001:db8::1]:tag",
    "[fe80::1%eth0]:5000/repo",
    "[fe80::1%@invalidzone]:5000/repo",
    "https://github.com/docker/docker",
    "docker/Docker",
    "-docker",
    "-docker/docker",
    "-docker.io/docker/docker",
    "docker///docker",
    "docker.io/docker/Docker",
    "docker.io/docker///docker",
    "[fc00::1]",
    "fc00::1:5000/debian",
    "[2001:db8:3:4::192.0.2.33]:5000/debian",
    HEXADECIMAL,
    "docker-/docker",
    "-docker-/docker",
    "____/____",
    "_docker/_docker",
    "dock..er/docker",
    "dock_.er/docker",
    "dock-.er/docker",
    "docker/",
    "this_is_not_a_valid_namespace_because_its_length_is_greater_than_255_" * 4 + "x/docker",
    "-foo",
    "busybox:-foo",
    "busybox@foo",
]


@pytest.mark.parametrize(("text", "registry", "repository", "tag", "digest"), VALID)
def test_what_the_grammar_takes(
    text: str, registry: str, repository: str, tag: str | None, digest: str | None
) -> None:
    assert ImageReference.parse(text) == ImageReference(registry, repository, tag, digest)


@pytest.mark.parametrize("text", INVALID)
def test_what_the_grammar_refuses(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        ImageReference.parse(text)
    assert caught.value.message.endswith(".")
    assert caught.value.next_step


component = st.from_regex(r"[a-z0-9]{1,6}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}", fullmatch=True)
repositories = st.lists(component, min_size=1, max_size=4).map("/".join)
labels = st.from_regex(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,5}[a-zA-Z0-9])?", fullmatch=True)
ports = st.sampled_from(["", ":5000", ":1"])
hosts = st.one_of(
    st.just("docker.io"),
    st.builds(str.__add__, st.lists(labels, min_size=2, max_size=3).map(".".join), ports),
    st.builds(str.__add__, labels, st.just(":5000")),
    st.builds(str.__add__, st.sampled_from(["localhost", "[::1]", "[fc00::1]"]), ports),
)
tags = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True)
digests = st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:{}".format)


@settings(deadline=None)
@given(hosts, repositories, st.none() | tags, st.none() | digests)
def test_what_is_written_is_read_as_the_same(
    host: str, repository: str, tag: str | None, digest: str | None
) -> None:
    text = f"{host}/{repository}" + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    found = ImageReference.parse(text)
    assert ImageReference.parse(str(found)) == found
    assert ImageReference.parse(found.canonical()) == found
    assert (found.tag, found.digest) == (tag or (None if digest else "latest"), digest)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_taken_or_refused_in_words(text: str) -> None:
    try:
        found = ImageReference.parse(text)
    except InvalidInput as error:
        refused = error
    else:
        assert ImageReference.parse(str(found)) == found
        return
    assert refused.next_step


def test_a_name_on_the_hub_that_looks_like_another_registry_keeps_its_registry() -> None:
    assert str(ImageReference.parse("docker.io/quay.io/app:1")) == "docker.io/quay.io/app:1"
    assert str(ImageReference.parse("docker.io/localhost/app")) == "docker.io/localhost/app:latest"
