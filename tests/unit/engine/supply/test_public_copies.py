"""Which public copies are asked, when, and what becomes of what they have."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import ImageNotFound

from helpers.engine.registry.reachability import OFFLINE, Reachability, reachability
from helpers.engine.supply import image_supply, public_copies, sources
from helpers.engine.supply.image_sources import source_of
from helpers.engine.supply.image_supply import ImageSupply
from helpers.engine.supply.public_copies import PublicCopies
from helpers.engine.supply.source_failed import SourceFailed, fail
from helpers.engine.supply.sources import Wanted
from helpers.errors import ImageUnavailable
from helpers.model.image.reference import ImageReference
from helpers.model.supply.supply import LayerTotals

ECR, GOOGLE = "public.ecr.aws/docker/library/postgres", "mirror.gcr.io/library/postgres"
QUAY = "quay.io/prometheus/prometheus"
OLD, NEW = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"
NOT_THERE = "manifest unknown: manifest unknown"


class Engine:
    """An engine that pulls what `has` lists, by repository: {tag or digest: digest}."""

    def __init__(self, **has: dict[str, str]) -> None:
        self.has, self.asked, self.images = has, list[str](), dict[str, str]()
        self.refusals: dict[str, str] = {}
        self.api = SimpleNamespace(
            base_url="http+docker://localhost",
            inspect_image=self._inspect,
            tag=self._tag,
            remove_image=lambda name, noprune=False: self.images.pop(name),
        )

    def info(self) -> dict[str, Any]:
        return {"ID": "e", "Labels": []}

    def _inspect(self, name: str) -> dict[str, Any]:
        if name not in self.images:
            raise ImageNotFound(name)
        repository = name.partition("@")[0].rpartition(":")[0]
        return {"Id": "i", "RepoDigests": [f"{repository}@{self.images[name]}"]}

    def _tag(self, name: str, repository: str, tag: str) -> None:
        self.images[f"{repository}:{tag}"] = self.images[name]

    def pull(self, client: object, repository: str, tag: str, *_: object) -> Iterator[LayerTotals]:
        mark = "@" if ":" in tag else ":"
        self.asked.append(f"{repository}{mark}{tag}")
        if refusal := self.refusals.get(repository):
            raise fail(refusal)
        if tag not in self.has.get(repository, {}):
            raise fail(NOT_THERE)
        self.images[f"{repository}{mark}{tag}"] = self.has[repository][tag]
        return iter(())


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine of this machine, from which all public registries answer, and the Hub does not."""
    engine = Engine()
    closed = Reachability(False, "no network", 0.0)
    monkeypatch.setattr(sources, "pull", engine.pull)
    monkeypatch.setattr(public_copies, "is_here", lambda client: True)
    monkeypatch.setattr(public_copies, "reachability", lambda: closed)
    monkeypatch.setattr(public_copies, "note_silence", lambda *_: None)
    answering(monkeypatch)
    return engine


def answering(monkeypatch: pytest.MonkeyPatch, *closed: str) -> None:
    def looks(registries: Iterable[str]) -> dict[str, Reachability]:
        return {name: Reachability(name not in closed, "", 0.0) for name in registries}

    monkeypatch.setattr(public_copies, "reached_once", looks)


def hub_tells(monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    monkeypatch.setattr(public_copies, "hubs_digest", lambda reference: digest)


def supplied(engine: Engine, name: str = "postgres:17", failure: str = "connection refused") -> str:
    reference, went = ImageReference.parse(name), fail(failure)
    wanted = Wanted(reference, threading.Event(), lambda _: None, went)
    return PublicCopies(engine).supply(wanted)  # type: ignore[arg-type]


def test_the_first_that_has_it_gives_it_under_its_official_name_alone(engine: Engine) -> None:
    engine.has = {GOOGLE: {"17": NEW}}
    assert supplied(engine) == "from Google's cache, Docker Hub being closed"
    assert engine.asked == [f"{ECR}:17", f"{GOOGLE}:17"]
    assert engine.images == {"postgres:17": NEW}


def test_where_the_pulls_are_used_up_the_hubs_digest_is_asked_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_tells(monkeypatch, NEW)
    engine.has = {ECR: {"17": OLD, OLD: OLD}, GOOGLE: {"17": NEW, NEW: NEW}}
    note = supplied(engine, failure="toomanyrequests: You have reached your pull rate limit.")
    assert note == (
        "from Google's cache, Docker Hub's pulls being used up; with Docker Hub's digest"
    )
    assert engine.asked == [f"{ECR}@{NEW}", f"{GOOGLE}@{NEW}"]
    assert engine.images == {"postgres:17": NEW}


def test_a_copy_with_another_digest_than_the_hub_tells_is_passed_over(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_tells(monkeypatch, NEW)
    engine.has = {ECR: {"17": OLD, OLD: OLD}}
    with pytest.raises(SourceFailed, match="ECR Public: it has no image with Docker Hub's digest"):
        supplied(engine)
    assert engine.images == {}


def test_a_publishers_own_build_is_taken_and_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_tells(monkeypatch, NEW)
    engine.has = {QUAY: {"v3.13.3": OLD}}
    note = supplied(engine, "prom/prometheus:v3.13.3")
    assert note.endswith("its publisher's build, not Docker Hub's")
    assert engine.images == {"prom/prometheus:v3.13.3": OLD}


def test_registries_that_do_not_answer_are_left_out_and_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, "public.ecr.aws", "mirror.gcr.io")
    with pytest.raises(SourceFailed, match=r"ECR Public: not reached; Google's cache: not reached"):
        supplied(engine)
    assert engine.asked == []
    assert source_of(engine, "postgres:17") != "ECR Public"  # type: ignore[arg-type]


def test_what_falls_silent_on_the_engine_is_remembered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent: list[str] = []
    monkeypatch.setattr(public_copies, "note_silence", lambda name, why: silent.append(name))
    engine.refusals = {ECR: "dial tcp: lookup public.ecr.aws: no such host"}
    engine.has = {GOOGLE: {"17": NEW}}
    supplied(engine)
    assert silent == ["public.ecr.aws"]


def test_nobody_is_asked_who_was_forbidden(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_OFFLINE", "1")
    with pytest.raises(SourceFailed, match=OFFLINE):
        supplied(engine)
    assert reachability().observed == OFFLINE
    assert public_copies.answering_copy(ImageReference.parse("postgres:17")) is None
    assert engine.asked == []


def test_an_image_that_the_hub_does_not_have_is_asked_of_no_copy(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    for name in ("BUNDLE", "FROM", "MIRROR", "ALLOW_STAND_INS"):
        monkeypatch.delenv(f"WORKBOOK_{name}", raising=False)
    monkeypatch.setattr(sources.RegistrySource, "_asks_from_here", lambda self: False)
    monkeypatch.setattr(image_supply, "images_of", lambda api: [])
    with pytest.raises(ImageUnavailable, match=r"\(Docker Hub: it has no such image or tag\)"):
        ImageSupply(engine).ensure("nonesuch:1")  # type: ignore[arg-type]
    assert engine.asked == ["nonesuch:1"]
