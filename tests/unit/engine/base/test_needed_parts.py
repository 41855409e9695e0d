"""What an engine's answer must have, read from one that has it, and from any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from docker.api.container import ContainerApiMixin
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_info import info_of, version_of
from helpers.engine.base.exec_output import exec_exit_code, prepared_exec
from helpers.engine.base.listed_objects import (
    ListedImage,
    ListedObject,
    containers_of,
    images_of,
    networks_of,
    volumes_of,
)
from helpers.engine.base.needed_parts import (
    id_in,
    needed_count,
    needed_rows,
    needed_table,
    needed_text,
)
from helpers.errors import EngineError

KEYS = st.sampled_from(["Id", "Name", "Names", "Labels", "RepoTags", "RepoDigests", "Size",
                        "Volumes", "ExitCode", "State"])  # fmt: skip
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
LISTS: tuple[Callable[[Any], object], ...] = (containers_of, networks_of, volumes_of, images_of)


def engine(answer: Any) -> Any:
    """A client of an engine that answers everything with that."""
    ways = ("containers", "networks", "volumes", "images", "exec_create", "exec_inspect")
    api = SimpleNamespace(**dict.fromkeys(ways, lambda *_, **__: answer))
    return SimpleNamespace(api=api, info=lambda: answer, version=lambda: answer)


@contextmanager
def its_own_error() -> Iterator[None]:
    """A block that may raise the workbook's error, with a next step, and no other."""
    try:
        yield
    except EngineError as error:
        if not error.next_step:
            raise AssertionError(f"{error} has no next step") from error


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda: id_in({"Id": None}, "docker create"), "`docker create` has no Id."),
        (lambda: id_in([], "docker create"), "`docker create` has no Id."),
        (lambda: needed_text({"State": []}, "docker inspect", "State", "Status"),
         "`docker inspect` has no State.Status."),
        (lambda: needed_count({"StatusCode": "x"}, "docker wait", "StatusCode"),
         "`docker wait` has no number at StatusCode."),
        (lambda: needed_table([], "docker info"), "`docker info` is no object."),
        (lambda: needed_table({"HostConfig": None}, "docker inspect", "HostConfig"),
         "`docker inspect` has no object at HostConfig."),
        (lambda: needed_rows({"message": "no"}, "docker ps"),
         "`docker ps` has no list of objects."),
        (lambda: needed_rows([{}, None], "docker ps"), "`docker ps` has no list of objects."),
        (lambda: needed_rows([], "docker volume ls", "Volumes"),
         "`docker volume ls` is no object."),
    ],
)  # fmt: skip
def test_what_must_be_there_and_is_not_is_said_in_a_sentence(
    read: Callable[[], object], words: str
) -> None:
    with pytest.raises(EngineError) as caught:
        read()
    assert caught.value.message == f"The engine's answer to {words}"
    assert "`./workbook doctor`" in caught.value.next_step


def test_an_empty_list_may_be_null() -> None:
    """As Go writes one that nobody made: `{"Volumes": null}` of Engine 20.10."""
    assert needed_rows({"Volumes": None}, "docker volume ls", "Volumes") == []
    assert needed_rows(None, "docker ps") == []


def test_the_lists_are_read_to_the_last_part() -> None:
    api = engine([{"Id": "c0ffee" * 10, "Names": ["/web", "/db/web"], "Labels": {"a": "b"}}]).api
    assert containers_of(api) == [ListedObject("c0ffee" * 10, ("web", "db/web"), {"a": "b"})]
    assert (
        containers_of(engine([{"Id": "c0ffee" * 10, "Names": None}]).api)[0].name == "c0ffeec0ffee"
    )
    api = engine({"Volumes": [{"Name": "shelf", "Labels": None}], "Warnings": None}).api
    assert volumes_of(api) == [ListedObject("shelf", ("shelf",), {})]
    api = engine([{"Id": "1", "Name": "bridge", "Labels": {}}]).api
    assert networks_of(api) == [ListedObject("1", ("bridge",), {})]
    row = {"Id": "sha256:1", "RepoTags": ["docker.io/library/busybox:1.37"], "RepoDigests": None,
           "Labels": None, "Size": 5}  # fmt: skip
    assert images_of(engine([row]).api) == [
        ListedImage("sha256:1", ("busybox:1.37",), (), {}, 5)
    ]  # fmt: skip


@given(JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=4), max_size=3))
def test_any_answer_is_a_list_or_the_workbooks_own_error(answer: Any) -> None:
    client = engine(answer)
    for read in LISTS:
        with its_own_error():
            read(client.api)
    for ask in (info_of, version_of, lambda client: prepared_exec(client, "web", ["ls"])):
        with its_own_error():
            ask(client)
    assert exec_exit_code(client, "1") is None or isinstance(answer, dict)


class Answering(ContainerApiMixin):
    """The SDK's own reading of containers, with the engine's answer put in."""

    def _url(self, *_: object, **__: object) -> str:
        return ""

    def _get(self, *_: object, **__: object) -> object:
        return None

    def _result(self, *_: object, **__: object) -> Any:
        return [{"Name": "no id"}]


def test_what_the_sdk_itself_stumbles_over_is_the_workbooks_own_error() -> None:
    with pytest.raises(EngineError) as caught, translated("docker ps"):
        Answering().containers(quiet=True)
    assert caught.value.message == (
        "The engine's answer to `docker ps` cannot be read: KeyError, 'Id'."
    )


def test_a_fault_of_our_own_stays_one() -> None:
    nothing: dict[str, int] = {}
    with pytest.raises(KeyError), translated("docker ps"):
        nothing["Id"]
