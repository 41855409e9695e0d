"""A bundle that is made behind a proxy with a private CA contains nothing of it."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.bundle import machine_traces
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.engine_images import PlainImage
from helpers.engine.bundle.save import save_bundle
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.host.trust import Trust
from helpers.errors import NotShareable
from helpers.model.image.config import labels_in
from helpers.model.image.imported import imported_config
from helpers.model.image.platform import Platform
from tests.hostile.private_ca import PrivateCa, private_ca
from tests.unit import tar_writer as tar
from tests.unit.saving_engine import SavingEngine

HOST = "pypi.umbrella.example:8443"
STAND_IN = {"workbook.stand-in": "Debian 13: python3.13 1"}
CLEAN = tar.layer(tar.file(b"./x", b"nothing special" * 900))


class Engine(SavingEngine):
    """An engine with that image under any name, and its labels and variables."""

    def version(self) -> dict[str, str]:
        return {"Os": "linux", "Arch": "amd64"}


def engine(layers: list[bytes], archive: bytes | None = None, **config: Any) -> Any:
    document = tar.config(layers, config=config)
    return Engine(archive or with_config(layers, document), layers, document)


def with_config(layers: list[bytes], document: bytes) -> bytes:
    names = [f"{index}.tar".encode() for index in range(len(layers))]
    manifest = f'[{{"Config":"c.json","RepoTags":["a:1"],"Layers":{[n.decode() for n in names]}}}]'
    return tar.layer(
        tar.file(b"c.json", document),
        *(tar.file(name, layer) for name, layer in zip(names, layers, strict=True)),
        tar.file(b"manifest.json", manifest.replace("'", '"').encode()),
    )


@pytest.fixture
def ca(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PrivateCa:
    """The machine trusts it, and asks an index of its own for packages."""
    made = private_ca(tmp_path)
    trust = Trust((made.pem,), (("index-url", f"https://{HOST}/simple"),))
    monkeypatch.setattr(machine_traces, "machine_trust", lambda _: trust)
    monkeypatch.setenv("PIP_INDEX_URL", f"https://me:secret@{HOST}/token/simple")
    return made


def pem_of_76(ca: PrivateCa) -> bytes:
    """The same certificate in lines of MIME's length."""
    body = "".join(ca.pem.splitlines()[1:-1])
    lines = [body[at : at + 76] for at in range(0, len(body), 76)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"]).encode()


HIDDEN: dict[str, Callable[[PrivateCa], bytes]] = {
    "PEM": lambda ca: ca.pem.encode(),
    "PEM of other lines": pem_of_76,
    "DER": lambda ca: ca.der,
    "pip's index": lambda _: f"[global]\nindex-url = https://{HOST}/simple\n".encode(),
    "an index with a login": lambda _: f"https://me:secret@{HOST}/token/simple".encode(),
}


def everything_in(bundle: BundleFile) -> bytes:
    """Every byte of the file, and every layer unpacked."""
    whole = [bundle.path.read_bytes()]
    for image in bundle.images:
        for blob in bundle.manifest(image).blobs:
            content = unpacked(ByteStream(bundle.chunks(blob.digest))).rest()
            whole.append(b"".join(map(bytes, content)))
    return b"\n".join(whole)


def save(client: Any, path: Path, **options: Any) -> BundleFile:
    return save_bundle(client, ["a:1"], path, lambda _: None, **options)


@pytest.mark.parametrize("labels", [{}, STAND_IN], ids=["any image", "a stand-in"])
@pytest.mark.parametrize("how", HIDDEN)
def test_a_layer_with_settings_of_this_machine_is_never_packed(
    ca: PrivateCa, tmp_path: Path, how: str, labels: dict[str, str]
) -> None:
    body = b"\n" * 200_000 + HIDDEN[how](ca)
    layer = tar.layer(tar.file(b"./etc/x", body))
    with pytest.raises(NotShareable, match=r"a:1 has .* of a machine in it"):
        save(engine([CLEAN, layer], Labels=labels), tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").exists()
    packed = zstandard.compress(layer)[4:]
    assert packed not in (tmp_path / "b.tar.part").read_bytes()


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_what_came_packed_is_looked_through_too(
    ca: PrivateCa, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    layer = tar.layer(tar.file(b"./etc/x", ca.der))
    bad = SavingEngine(tar.oci([layer], pack), [layer])
    bad.version = lambda: {"Os": "linux", "Arch": "amd64"}  # type: ignore[attr-defined]
    path, refused = tmp_path / "b.tar", list[NotShareable]()
    with pytest.raises(NotShareable):
        save(bad, path)
    bundle = save(engine([CLEAN]), path, on_left_out=refused.append)
    assert refused == []
    assert ca.traces_in(everything_in(bundle)) == []


@pytest.mark.parametrize(
    "config",
    [
        {"Labels": {"workbook.trust": "0123"}},
        {"Labels": STAND_IN, "Env": ["SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"]},
        {"Labels": STAND_IN, "Env": ["HTTPS_PROXY=http://proxy.umbrella.example:3128"]},
        {"Env": [f"INDEX=https://{HOST}/simple"]},
    ],
)
def test_an_image_whose_settings_say_so_is_left_out_with_a_sentence(
    ca: PrivateCa, tmp_path: Path, config: dict[str, Any]
) -> None:
    refused = list[NotShareable]()
    with pytest.raises(NotShareable) as caught:
        save(engine([CLEAN], **config), tmp_path / "b.tar", on_left_out=refused.append)
    assert refused == [caught.value]
    assert "which others must not get" in caught.value.message
    assert "docker image rm a:1" in caught.value.next_step


@pytest.mark.parametrize(
    "path", [b"./etc/pip.conf", b"./usr/local/share/ca-certificates/machine-00.crt"]
)
def test_a_stand_in_of_before_has_files_of_its_maker(
    ca: PrivateCa, tmp_path: Path, path: bytes
) -> None:
    """The certificate may be another machine's, or have been replaced since."""
    layer = tar.layer(tar.file(path, b"somebody's"))
    with pytest.raises(NotShareable):
        save(engine([layer], Labels=STAND_IN), tmp_path / "b.tar")
    save(engine([layer]), tmp_path / "b.tar")


def test_what_an_earlier_version_left_half_done_is_looked_through_and_dropped(
    ca: PrivateCa, tmp_path: Path
) -> None:
    path, layer = tmp_path / "b.tar", tar.layer(tar.file(b"./etc/x", ca.pem.encode()))
    with BundleWriter(path) as writer:
        writer.add([zstandard.compress(layer)])
        writer.add([layer])
    bundle = save(engine([CLEAN]), path)
    bundle.verify()
    assert ca.traces_in(everything_in(bundle)) == []
    again = tmp_path / "again.tar"
    assert save(engine([CLEAN]), again).path.read_bytes() == bundle.path.read_bytes()
    with tarfile.open(bundle.path) as archive:
        assert archive.getnames()[0] == "oci-layout"


def test_a_stand_in_is_packed_of_its_own_archive_instead(ca: PrivateCa, tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    archive.write_bytes(CLEAN)
    instructions = ["ENV A=b", 'CMD ["sh"]', 'LABEL workbook.stand-in="Debian 13"']
    config = imported_config(
        instructions, tar.digest(CLEAN), Platform.here(), "2026-11-24T17:41:00Z"
    )
    bad = engine([tar.layer(tar.file(b"./x", ca.der))], Labels={"workbook.trust": "1"})
    bundle = save(bad, tmp_path / "b.tar", plain={"a:1": PlainImage(config, archive)})
    bundle.verify()
    assert ca.traces_in(everything_in(bundle)) == []
    manifest = bundle.manifest(bundle.images[0])
    assert labels_in(b"".join(bundle.chunks(manifest.config.digest))) == {
        "workbook.stand-in": "Debian 13"
    }
    assert io.BytesIO(everything_in(bundle)).read().count(b"nothing special") == 900
