"""Where a text stands in an image, beside what an unpacked `docker save` holds."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.engine.image.image import Image
from helpers.errors import InvalidInput
from helpers.model.layers.text_match import TextMatch
from tests.engine.conftest import BUSYBOX, LABEL

pytestmark = pytest.mark.engine

NEEDLE = "wbt-needle-0815"
DOCKERFILE = f"""\
FROM {BUSYBOX}
ARG TOKEN
ENV SHOP=open
RUN echo "$TOKEN" > /deleted; head -c 200000 /dev/zero > /long; echo "$TOKEN" >> /long
RUN rm /deleted
"""
LONG = 'RUN echo "$TOKEN" > /deleted; head -c 200000 /dev/zero > /long; echo "$TOKEN" >> /long'


@pytest.fixture
def docker(endpoint: Endpoint) -> Iterator[Docker]:
    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, LABEL)
    yield docker
    docker.clean_up()
    client.close()


def files_with(image: Image, docker: Docker, text: str) -> set[str]:
    """The paths of all files of all layers that hold the text, by unpacking them."""
    archive = io.BytesIO(b"".join(docker.client.api.get_image(image.id)))
    found = set()
    with tarfile.open(fileobj=archive) as outer:
        for member in (one for one in outer if one.isfile()):
            body = outer.extractfile(member)
            assert body is not None
            content = body.read()
            try:
                with tarfile.open(fileobj=io.BytesIO(content)) as layer:
                    for one in (entry for entry in layer if entry.isfile()):
                        inner = layer.extractfile(one)
                        assert inner is not None
                        if text.encode() in inner.read():
                            found.add(one.name.removeprefix("./"))
            except tarfile.ReadError:
                continue
    return found


@pytest.mark.parametrize("buildkit", [None, False])
def test_it_finds_every_place_and_no_other(docker: Docker, buildkit: bool | None) -> None:
    docker.build(
        "-", stdin=DOCKERFILE, tag="wbt-find", build_args={"TOKEN": NEEDLE}, buildkit=buildkit
    )
    image = docker.image("wbt-find")
    places = image.find(NEEDLE)
    in_files = [place for place in places if place.kind == "file"]
    assert {place.path for place in in_files} == files_with(image, docker, NEEDLE)
    assert {(place.path, place.instruction) for place in in_files} == {
        ("deleted", LONG),
        ("long", LONG),
    }
    noted = [place.instruction for place in places if place.kind == "history"]
    if noted[0] == f"ARG TOKEN={NEEDLE}":  # newer builders note the argument itself, too
        del noted[0]
    assert noted == [LONG, "RUN rm /deleted"], "each RUN that could see the argument"
    assert image.find("SHOP=open")[-1] == TextMatch("setting")
    assert image.find("wbt-needle-nowhere") == ()


def test_there_must_be_a_text(docker: Docker) -> None:
    docker.build("-", stdin=f"FROM {BUSYBOX}\nENV A=b\n", tag="wbt-find")
    with pytest.raises(InvalidInput, match="no text"):
        docker.image("wbt-find").find("")


def test_a_place_reads_as_words() -> None:
    assert repr(TextMatch("setting")) == "in the image's settings"
    assert repr(TextMatch("history", "RUN a")) == "in the history, at `RUN a`"
    assert repr(TextMatch("file", "RUN a", "etc/b")) == "in /etc/b, brought by `RUN a`"
