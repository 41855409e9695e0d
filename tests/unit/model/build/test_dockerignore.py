"""Patterns of .dockerignore; what the docker command really sends is in tests/engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InvalidInput
from helpers.model.build.dockerignore import ignore_rules, read_dockerignore
from helpers.model.build.path_pattern import PathPattern

# (pattern, path, whether it matches): the cases of the documentation and of Go's filepath.Match.
MATCHES = [
    ("a", "a", True), ("a", "ab", False), ("*", "a", True), ("*", "a/b", False),
    ("a*", "abc", True), ("*.md", "README.md", True), ("*.md", "docs/README.md", False),
    ("*/*.md", "docs/README.md", True), ("?.txt", "a.txt", True), ("?.txt", "ab.txt", False),
    ("**", "a/b/c", True), ("**/a", "a", True), ("**/a", "x/y/a", True), ("**/a", "xa", False),
    ("**/*.pyc", "a.pyc", True), ("**/*.pyc", "x/y/a.pyc", True), ("a/**", "a/b/c", True),
    ("a/**", "a", False), ("a/**/b", "a/b", True), ("a/**/b", "a/x/y/b", True),
    ("a/**/b", "ab", False), ("**/a/**", "x/a/y", True), ("[a-c].txt", "b.txt", True),
    ("[^a-c].txt", "b.txt", False), ("[^a-c].txt", "d.txt", True), ("a.c", "abc", False),
    (r"\*", "*", True), (r"\*", "a", False), ("a(b)+$", "a(b)+$", True), ("é*", "édith", True),
    ("[[]", "[", True), ("**foo", "a/barfoo", True),
    # What reaches Go's regexp as it is: `^`, escaped letters, what is in brackets.
    ("^a*", "abc", True), ("^a", "^a", True), ("^a", "a", False), ("a^*", "a^", False),
    (r"\d", "7", True), (r"\d", "d", False), (r"\w*", "é", False), (r"a\b*", "a-b", True),
    (r"\x41", "A", True), (r"\101", "A", True), (r"\n", "\n", True), (r"\.", ".", True),
    ("[!a]", "!", True), ("[!a]", "b", False), ("[a*]", "[]", True), ("[a*]", "a", False),
    ("[[:alpha:]]", "q", True), ("[[:^digit:]]", "5", False), (r"[\d]", "5", True),
    ("]", "]", True), ("[a.]", ".", True), ("[+-.]", ",", True), ("[^/]a", "/a", False),
    ("***", "a/b", True), ("**/**/**/a", "a", True), ("a.|)$(}+{bc", "a.|)$(}+{bc", True),
    ("*", "a\nb", True), ("**/b*", "a\nc/b", False), ("caf?", "caf\udce9", True),
    ("caf\udce9", "caf\udce9", True), ("caf\udce9*", "caf\udcff1", True),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "path", "matches"), MATCHES)
def test_a_pattern_names_whole_paths(pattern: str, path: str, matches: bool) -> None:
    assert PathPattern(pattern).is_valid
    assert PathPattern(pattern).matches(path) is matches


def test_the_last_rule_that_matches_decides() -> None:
    rules = read_dockerignore("*.md\n!README*.md\nREADME-secret.md\n")
    excluded = {
        name for name in ("a.md", "README.md", "README-secret.md") if rules.excludes_path(name)
    }
    assert excluded == {"a.md", "README-secret.md"}


def test_a_folder_takes_what_is_in_it_along() -> None:
    rules = read_dockerignore("node_modules\n!node_modules/keep\n")
    assert rules.excludes_path("node_modules/a/b")
    assert not rules.excludes_path("node_modules/keep/c")
    assert rules.may_hold_exceptions("node_modules")
    assert not rules.may_hold_exceptions("other")


@pytest.mark.parametrize(
    ("exception", "walked"),
    [
        ("src/**", {"src"}), ("src/*", {"src"}), ("src/*/**", {"src"}),
        ("src/a/**", {"src", "src/a"}), ("src/*.py", {"src", "src/a", "data"}),
        ("**/x", {"src", "src/a", "data"}), ("**", {"src", "src/a", "data"}),
    ],
)  # fmt: skip
def test_which_excluded_folders_are_walked(exception: str, walked: set[str]) -> None:
    rules = read_dockerignore(f"*\n!{exception}\n")
    folders = ("src", "src/a", "data")
    assert {name for name in folders if rules.may_hold_exceptions(name)} == walked


def test_a_rule_that_changed_nothing_for_the_folder_does_not_hold_in_it() -> None:
    """Docker's own subtlety: `!d` is not even tried for d, which nothing had excluded."""
    rules = read_dockerignore("d/c\n!d\n")
    assert rules.excludes_path("d/c")


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("/a", "a"), ("a/", "a"), ("./a", "a"), ("a//b", "a/b"), ("x/../a", "a"), ("  a  ", "a"),
        ("a\r", "a"), ("\ufeffa", "a"), (" # a", "# a"), ("a /", "a"), ("\u3000a\x85", "a"),
    ],
)  # fmt: skip
def test_lines_are_made_clean(line: str, path: str) -> None:
    assert read_dockerignore(line).excludes_path(path)


@pytest.mark.parametrize("text", ["", "\n \n", "# a", ".", "/", "../a", "!a"])
def test_lines_that_exclude_nothing(text: str) -> None:
    assert not read_dockerignore(text).excludes_path("a")


def test_an_exception_with_spaces_behind_its_mark() -> None:
    assert not read_dockerignore("*\n!  /a \n").excludes_path("a")


@pytest.mark.parametrize(
    "text",
    [
        "!", "!/", "! ", "[a", "a\\", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "[^", "[^bc", "a[",
        "a*[", "[]*]", "[\udce9]", "b\n[", "x" * 65_536,
    ],
)  # fmt: skip
def test_what_docker_refuses_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="dockerignore"):
        read_dockerignore(text)


@pytest.mark.parametrize("text", ["\\R", "\\1", "\\é", "[[:what:]]", "[b-a]", "\\x4", "[\\b]"])
def test_what_docker_refuses_only_once_it_is_tried(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no pattern"):
        read_dockerignore(text).excludes_path("a")
    assert read_dockerignore(f"*\n{text}").excludes_path("a")


RULES = st.lists(
    st.sampled_from(["a", "b", "/", ".", "..", "*", "**", "?", "[", "]", "^", "-", "!", "\\", "\\d",
                     "\n", " ", "#", "{", "$", "[:alpha:]", "\udce9", "é", "\0", "\r"]),
    max_size=20,
).map("".join)  # fmt: skip
PART = st.text(st.sampled_from("ab.-é\udce9\n"), min_size=1, max_size=3)


@given(RULES, st.lists(PART, min_size=1, max_size=4))
def test_whatever_the_rules_they_answer_or_are_refused_in_words(
    text: str, parts: list[str]
) -> None:
    refusals = []
    try:
        read_dockerignore(text).excludes_path("/".join(parts))
    except InvalidInput as error:
        refusals.append(error.next_step)
    assert all(refusals)


@given(st.lists(st.sampled_from(["a", "!a", "*", "!*", "?", "!?b", "**", "!**"])), PART)
def test_the_last_rule_that_holds_decides(rules: list[str], name: str) -> None:
    matching = [rule for rule in rules if PathPattern(rule.removeprefix("!")).matches(name)]
    excluded = bool(matching) and not matching[-1].startswith("!")
    assert read_dockerignore("\n".join(rules)).excludes_path(name) == excluded


def test_rules_that_the_builder_hands_over() -> None:
    assert ignore_rules(["a", "!a/b"]).excludes_path("a/c")
