"""What the tests of registries share: small images, their names, and lists of several."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from contextlib import suppress

import requests
from docker import DockerClient
from docker.errors import NotFound

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.labels import LESSON
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.registry.registry import Registry
from helpers.model.image.descriptor import INDEX_TYPES, MANIFEST_TYPES
from tests.engine.conftest import BUSYBOX, LABEL
from tests.unit import tar_writer


def build(client: DockerClient, name: str, *layers: bytes, base: str = BUSYBOX) -> str:
    """An image of that name: the base, and one layer with the file /part-N for each content."""
    lines = [f"FROM {base}", f"LABEL {LESSON}={LABEL}"]
    lines += [f"ADD part-{number} /" for number in range(len(layers))]
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w", format=tarfile.GNU_FORMAT) as archive:
        contents = {"Dockerfile": "\n".join(lines).encode()}
        contents |= {f"part-{number}": data for number, data in enumerate(layers)}
        for path, data in contents.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    context.seek(0)
    for message in client.api.build(
        fileobj=context, custom_context=True, tag=name, rm=True, decode=True
    ):
        assert "error" not in message, message["error"]
    return name


def names_at(docker: Docker, address: str) -> list[str]:
    """The engine's tags and digests of that registry."""
    return [
        name
        for image in docker.client.api.images()
        for name in [*(image["RepoTags"] or []), *(image["RepoDigests"] or [])]
        if name.startswith(f"{address}/")
    ]


def forget(docker: Docker, address: str) -> None:
    """Takes those names from the engine."""
    for name in names_at(docker, address):
        with suppress(NotFound):
            docker.client.api.remove_image(name, force=True)


def noise(size_bytes: int) -> bytes:
    """Bytes that no compression makes smaller."""
    return os.urandom(size_bytes)


def put_list(address: str, repository: str, tag: str, platforms: list[str]) -> dict[str, str]:
    """A list of hand-made images put into a registry; gives {platform: digest of its config}."""
    session = requests.Session()
    session.trust_env = False
    base, configs, entries = f"http://{address}/v2/{repository}", {}, []
    for platform in platforms:
        system, architecture, *variant = platform.split("/")
        plain = tar_writer.layer(tar_writer.file(b"platform", platform.encode()))
        about = {"architecture": architecture} | ({"variant": variant[0]} if variant else {})
        config, packed = tar_writer.config([plain], **about), gzip.compress(plain, mtime=0)
        manifest = tar_writer.oci_manifest(config, [packed])
        for blob in (config, packed):
            place = session.post(f"{base}/blobs/uploads/").headers["Location"]
            place += f"{'&' if '?' in place else '?'}digest={tar_writer.digest(blob)}"
            assert session.put(place, data=blob).status_code == 201
        kind = {"Content-Type": MANIFEST_TYPES[0]}
        digest = tar_writer.digest(manifest)
        assert session.put(f"{base}/manifests/{digest}", manifest, headers=kind).ok
        said = dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
        entries.append(
            {"mediaType": MANIFEST_TYPES[0], "digest": digest, "size": len(manifest)}
            | {"platform": {"os": system} | said}
        )
        configs[platform] = tar_writer.digest(config)
    index = {"schemaVersion": 2, "mediaType": INDEX_TYPES[0], "manifests": entries}
    kind = {"Content-Type": INDEX_TYPES[0]}
    answer = session.put(f"{base}/manifests/{tag}", json.dumps(index), headers=kind)
    assert answer.ok, answer.text
    session.close()
    return configs


def registry_at(docker: Docker, address: str, container: Container | None = None) -> Registry:
    """The registry at that address, spoken to through that engine."""
    context = EngineContext(docker.client, docker.endpoint, docker.lesson, docker.commands)
    return Registry(context, address, container)
