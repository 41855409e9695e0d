"""This machine's settings in a stand-in's layer: added as it passes, and only where they belong."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.host.trust import BUNDLE_INSIDE, Trust
from helpers.engine.supply.stand_in import StandIn
from helpers.engine.supply.stand_in_image import changes_of, trusted_chunks
from helpers.engine.supply.stand_in_source import note_on
from helpers.engine.supply.trusted_layer import TrustedLayer
from helpers.model.supply.catalogue import PYTHON, REGISTRY
from helpers.model.supply.recipe import StandInRecipe
from tests.hostile.private_ca import private_ca
from tests.unit import tar_writer as tar

USUAL = b"-----BEGIN CERTIFICATE-----\nusual\n-----END CERTIFICATE-----\n"
STORE = b"." + BUNDLE_INSIDE.encode()
LAYER = tar.layer(
    tar.folder(b"./etc/ssl/certs/"),
    tar.file(STORE, USUAL),
    tar.gnu_long(b"./" + b"long/" * 30 + b"x"),
    tar.file(b"./cut", b"n" * 700),
    tar.hard_link(b"./other", b"./cut"),
)
SETTINGS = (("index-url", "https://pypi.example/simple"),)


def passed(layer: TrustedLayer, body: bytes, piece: int = 997) -> bytes:
    pieces = (body[at : at + piece] for at in range(0, len(body), piece))
    return b"".join(layer.passing(ByteStream(pieces, len(body))))


def files(body: bytes) -> dict[str, bytes | str]:
    """{path: content, or where a link leads}; fails where a path stands there twice."""
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        names = archive.getnames()
        assert len(names) == len(set(names))
        return {one.name: _content(archive, one) for one in archive if not one.isdir()}


def _content(archive: tarfile.TarFile, one: tarfile.TarInfo) -> bytes | str:
    file = archive.extractfile(one) if one.isreg() else None
    return file.read() if file else one.linkname


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    return Trust((private_ca(tmp_path).pem,), SETTINGS)


def test_a_python_gets_what_update_ca_certificates_would_make(trust: Trust) -> None:
    layer, before = TrustedLayer(trust, PYTHON), files(LAYER)
    after = files(passed(layer, LAYER))
    (pem,) = trust.certificates
    assert layer.has_store
    assert after.pop("./etc/ssl/certs/ca-certificates.crt") == USUAL + pem.encode()
    assert after.pop("./usr/local/share/ca-certificates/machine-00.crt") == pem.encode()
    assert after.pop("./etc/pip.conf") == trust.pip_conf().encode()
    links = {name: to for name, to in after.items() if name.startswith("./etc/ssl/certs/")}
    assert links.pop("./etc/ssl/certs/machine-00.pem") == (
        "/usr/local/share/ca-certificates/machine-00.crt"
    )
    assert list(links.values()) == ["machine-00.pem"]
    rest = {name: content for name, content in after.items() if name not in links}
    rest.pop("./etc/ssl/certs/machine-00.pem")
    assert rest == {name: before[name] for name in before if "ca-certificates" not in name}


def test_an_image_without_pip_gets_certificates_alone(trust: Trust) -> None:
    before, after = files(LAYER), files(passed(TrustedLayer(trust, REGISTRY), LAYER))
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == [f".{BUNDLE_INSIDE}"]


@pytest.mark.parametrize("recipe", [PYTHON, REGISTRY])
def test_a_layer_without_a_store_stays_as_it_is(trust: Trust, recipe: StandInRecipe) -> None:
    layer, body = TrustedLayer(trust, recipe), tar.layer(tar.file(b"./x", b"y"))
    assert passed(layer, body) == body
    assert not layer.has_store


def test_without_settings_the_archive_is_what_the_engine_gets(tmp_path: Path) -> None:
    archive = tmp_path / "a.tar"
    archive.write_bytes(LAYER)
    layer = TrustedLayer(Trust(), PYTHON)
    assert b"".join(trusted_chunks(archive, layer)) == LAYER


def test_what_has_settings_of_this_machine_is_labelled_and_says_so(trust: Trust) -> None:
    made = StandIn(Path("a"), "", 0, "Debian 13: python3.13 1", ("USER nobody",))
    changes = changes_of(made, trust)
    assert f"LABEL workbook.trust={trust.fingerprint}" in changes
    assert "pypi" not in str(changes)
    assert note_on(made, trust).endswith(
        "; with this machine's own 1 certificate and pip settings: "
        "what is built on it and pushed carries them along"
    )
    assert "workbook.trust" not in str(changes_of(made, Trust()))
    assert note_on(made, Trust()) == "not the official image: made here of Debian 13: python3.13 1"
