"""An engine that answers everything with any JSON at all: a value comes of it, or our own error."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from docker.errors import NotFound
from hypothesis import given
from hypothesis import strategies as st

from helpers.doctor.engine_kind import engine_kind
from helpers.engine.audit.gathered_facts import container_facts, engine_facts
from helpers.engine.base.engine_identity import engine_title, identity_of
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.listed_objects import images_of
from helpers.engine.base.origin import own_objects
from helpers.engine.base.origin_ledger import CONTAINERS, IMAGES, NETWORKS, VOLUMES, MadeObject
from helpers.engine.base.other_platform import other_platform
from helpers.engine.bundle.machine_traces import MachineTraces
from helpers.engine.cleanup.present import present
from helpers.engine.features.features import key_of
from helpers.engine.image.image import Image
from helpers.engine.image.platform import engine_platform
from helpers.engine.isolation.stage import own_folders, twin_options
from helpers.engine.layers.containerd_store import containerd_storage
from helpers.engine.layers.engine_source import diff_ids_of, engine_history
from helpers.engine.layers.overlay2_store import overlay2_storage
from helpers.engine.supply.cache_note import NotedCache
from helpers.engine.supply.consent import allows_stand_ins
from helpers.errors import EngineError, NotShareable
from helpers.model.vm.guest import Guest

# As Engine 28.5 answers, each cut down to what is read of it.
IMAGE: dict[str, Any] = {
    "Id": "sha256:" + "5" * 64, "Os": "linux", "Architecture": "amd64", "Size": 5,
    "RepoTags": ["busybox:1.37"], "RepoDigests": [], "Labels": {"a": "b"},
    "Config": {"Env": ["A=b"], "Cmd": ["sh"], "Entrypoint": None, "Labels": {"a": "b"},
               "WorkingDir": "/", "User": ""},
    "RootFS": {"Type": "layers", "Layers": ["sha256:" + "1" * 64]},
    "GraphDriver": {"Name": "overlay2", "Data": {"UpperDir": "/u", "LowerDir": "/l"}},
}  # fmt: skip
CONTAINER: dict[str, Any] = {
    "Id": "c0ffee" * 10, "Name": "/web", "Names": ["/web"], "Image": "sha256:00",
    "Config": {"Image": "busybox:1.37", "Labels": {"workbook.token": "t"}, "User": "1"},
    "State": {"Status": "running", "Health": {"Status": "healthy"}, "StartedAt": "2026-11-30"},
    "HostConfig": {"IpcMode": "private", "CapAdd": ["A"], "CapDrop": None, "SecurityOpt": None,
                   "GroupAdd": None, "Privileged": False, "ReadonlyRootfs": True, "Devices": [],
                   "RestartPolicy": {"Name": "no"}, "PidsLimit": 5, "Ulimits": [{"Name": "n"}]},
    "Mounts": [{"Type": "bind", "Destination": "/data", "RW": True}],
    "NetworkSettings": {"Ports": {"5000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "5006"}]}},
    "Labels": {"workbook.token": "t"}, "Titles": ["PID", "CMD"], "Processes": [["1", "sh"]],
}  # fmt: skip
INFO: dict[str, Any] = {
    "ID": "5", "Name": "host", "ServerVersion": "28.5.2", "KernelVersion": "6",
    "Driver": "overlayfs",
    "DriverStatus": [["Native Overlay Diff", "true"],
                     ["driver-type", "io.containerd.snapshotter.v1"]],
    "Containerd": {"Namespaces": {"Containers": "moby"}}, "DockerRootDir": "/nowhere",
    "Labels": ["a"], "SecurityOptions": ["name=seccomp,profile=builtin"], "Os": "linux",
    "Arch": "amd64", "Swarm": {"LocalNodeState": "inactive"}, "SystemTime": "2026-11-30T10:00:00Z",
    "OperatingSystem": "Debian", "Components": [{"Name": "Engine"}],
}  # fmt: skip
KEYS = sorted({key for whole in (IMAGE, CONTAINER, INFO) for key in whole})
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=6,
)
NOTES = [MadeObject("e", "01", kind, name="web", token="t") for kind in
         (CONTAINERS, IMAGES, NETWORKS, VOLUMES)]  # fmt: skip
CACHE = NotedCache("c0ffee" * 10, 5006)
Read = Callable[[Any], object]


class Strange:
    """An engine and its API: each request is answered with the same, in a list or not."""

    def __init__(self, answer: Any) -> None:
        self.api = self
        self._answer = answer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        answer = self._answer
        if name == "history":
            answer = [answer]
        if name == "volumes" and isinstance(answer, list):
            answer = {"Volumes": answer}
        return lambda *_, **__: answer


# Each with an answer that it reads to the end: of an image, a container, a list, or the engine.
READERS: dict[str, tuple[Any, Read]] = {
    "image": (IMAGE, lambda client: (repr(image := Image(client, "a")), image.platform)),
    "images": ([IMAGE], lambda client: images_of(client.api)),
    "history": (IMAGE, lambda client: engine_history(client, IMAGE)),
    "diff-ids": (IMAGE, lambda client: diff_ids_of(client.inspect_image())),
    "guest": (IMAGE, lambda client: Guest.from_inspect(client.inspect_image()).settings()),
    "traces": (IMAGE, lambda client: MachineTraces().check("a", client.inspect_image())),
    "platform": (IMAGE, lambda client: other_platform(client, IMAGE)),
    "overlay2": (IMAGE, lambda client: overlay2_storage(client.inspect_image(), INFO)),
    "own objects": ([CONTAINER | IMAGE], lambda client: own_objects(client, NOTES)),
    "present": ([CONTAINER], lambda client: present(client, ("web",))),
    "facts": (CONTAINER, lambda client: container_facts(client, "web")),
    "folders": (CONTAINER, lambda client: own_folders(client.inspect_container())),
    "twin": (CONTAINER, lambda client: twin_options(client.inspect_container())),
    "cache": (CONTAINER, lambda client: CACHE.running_since(client)),
    "engine": (INFO, engine_facts),
    "its platform": (INFO, engine_platform),
    "its storage": (INFO, lambda client: containerd_storage(IMAGE, client.info())),
    "its names": (INFO, lambda client: (key_of(info := info_of(client)), engine_title(info),
                                        identity_of(info), allows_stand_ins(info),
                                        engine_kind(info, info))),
}  # fmt: skip


def ways(answer: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each part of an answer."""
    if way:
        yield way
    pairs = answer.items() if isinstance(answer, dict) else ()
    pairs = enumerate(answer) if isinstance(answer, list) else pairs
    for key, value in pairs:
        yield from ways(value, (*way, key))


@contextmanager
def its_own_error() -> Iterator[None]:
    """A block that may raise the workbook's error, with a next step, and no other."""
    try:
        yield
    except (EngineError, NotShareable) as error:
        if not error.next_step:
            raise AssertionError(f"{error} has no next step") from error
    except NotFound as error:
        raise AssertionError("the SDK's own error came through") from error


@pytest.mark.parametrize("name", READERS)
def test_an_answer_as_an_engine_gives_it_is_read(name: str) -> None:
    whole, read = READERS[name]
    read(Strange(copy.deepcopy(whole)))


@pytest.mark.parametrize("name", READERS)
def test_an_answer_that_lacks_any_one_part_is_read(name: str) -> None:
    """Every part in turn left out, null, and of another kind."""
    whole, read = READERS[name]
    for *before, last in ways(whole):
        for other in (None, 5, "x", [], {}, [None], {"x": None}):
            answer = copy.deepcopy(whole)
            holder: Any = answer
            for key in before:
                holder = holder[key]
            holder[last] = other
            with its_own_error():
                read(Strange(answer))


@given(answer=JSON)
def test_any_json_at_all_is_read(answer: object) -> None:
    for name in ("image", "images", "own objects", "facts", "engine", "its names"):
        with its_own_error():
            READERS[name][1](Strange(copy.deepcopy(answer)))
