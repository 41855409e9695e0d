"""Tar archives and image archives made byte by byte, odd ones too: no tarfile, on purpose."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

END = bytes(1024)


def header(
    name: bytes,
    type_: bytes = b"0",
    size: int | bytes = 0,
    mode: int = 0o644,
    uid: int | bytes = 0,
    gid: int | bytes = 0,
    link: bytes = b"",
    prefix: bytes = b"",
    magic: bytes = b"ustar\x0000",
    device: tuple[int, int] = (0, 0),
    rest: bytes = b"",
) -> bytes:
    """One header; `rest` replaces what stands from the prefix on (old GNU sparse files)."""
    text = name.ljust(100, b"\0")[:100]
    text += b"%07o\0" % mode + _number(uid, 8) + _number(gid, 8) + _number(size, 12)
    text += b"%011o\0" % 1_700_000_000 + b" " * 8 + type_ + link.ljust(100, b"\0")[:100]
    text += magic.ljust(8, b"\0") + bytes(64) + b"%07o\0%07o\0" % device
    text = (text + (rest or prefix)).ljust(512, b"\0")
    return text[:148] + b"%06o\0 " % sum(text) + text[156:]


def file(name: bytes, body: bytes = b"", **fields: Any) -> bytes:
    """A file with its body."""
    fields.setdefault("size", len(body))
    return header(name, **fields) + padded(body)


def folder(name: bytes, mode: int = 0o755, **fields: Any) -> bytes:
    return header(name, b"5", mode=mode, **fields)


def symlink(name: bytes, target: bytes, **fields: Any) -> bytes:
    return header(name, b"2", mode=0o777, link=target, **fields)


def hard_link(name: bytes, target: bytes, **fields: Any) -> bytes:
    return header(name, b"1", link=target, **fields)


def pax(records: Sequence[tuple[bytes, bytes]], type_: bytes = b"x") -> bytes:
    """An extended header: each record begins with its own length."""
    body = b""
    for key, value in records:
        text = b" %s=%s\n" % (key, value)
        length = len(text)
        while len(str(length)) + len(text) != length:
            length = len(str(length)) + len(text)
        body += str(length).encode() + text
    return file(b"PaxHeaders/x", body, type_=type_)


def gnu_long(name: bytes, type_: bytes = b"L") -> bytes:
    return file(b"././@LongLink", name + b"\0", type_=type_, magic=b"ustar  \0")


def base_256(value: int, width: int) -> bytes:
    return (value | 0x80 << 8 * (width - 1)).to_bytes(width, "big")


def padded(body: bytes) -> bytes:
    return body + bytes(-len(body) % 512)


def layer(*members: bytes) -> bytes:
    return b"".join(members) + END


def digest(blob: bytes) -> str:
    return f"sha256:{sha256(blob).hexdigest()}"


def config(layers: Sequence[bytes], created_by: Sequence[str] = (), **more: Any) -> bytes:
    """An image's config; steps that begin with ENV make no layer."""
    steps = created_by or [f"RUN step {n}" for n in range(len(layers))]
    history = [
        {"created_by": step} | ({"empty_layer": True} if step.startswith("ENV") else {})
        for step in steps
    ]
    rootfs = {"type": "layers", "diff_ids": [digest(blob) for blob in layers]}
    return json.dumps(
        {"os": "linux", "architecture": "amd64", "history": history, "rootfs": rootfs} | more
    ).encode()


def legacy(layers: Sequence[bytes], created_by: Sequence[str] = (), tag: str = "a:1") -> bytes:
    """Docker's layout up to version 24: equal layers are links to the first."""
    about, members, first = config(layers, created_by), [], dict[bytes, str]()
    name = digest(about).removeprefix("sha256:") + ".json"
    for place, blob in enumerate(layers):
        here = f"{place:064x}/layer.tar"
        members.append(folder(f"{place:064x}/".encode()))
        members.append(file(f"{place:064x}/VERSION".encode(), b"1.0"))
        if blob in first:
            members.append(symlink(here.encode(), f"../{first[blob]}".encode()))
        else:
            members.append(file(here.encode(), blob))
            first[blob] = here
    members.append(file(name.encode(), about))
    paths = [f"{place:064x}/layer.tar" for place in range(len(layers))]
    manifest = [{"Config": name, "RepoTags": [tag], "Layers": paths}]
    return layer(*members, file(b"manifest.json", json.dumps(manifest).encode()))


def blob(body: bytes) -> bytes:
    return file(f"blobs/{digest(body).replace(':', '/')}".encode(), body)


def descriptor(body: bytes, kind: str = "", **more: Any) -> dict[str, Any]:
    return {"mediaType": kind, "digest": digest(body), "size": len(body)} | more


def oci_manifest(about: bytes, blobs: Sequence[bytes]) -> bytes:
    return json.dumps(
        {
            "schemaVersion": 2,
            "config": descriptor(about),
            "layers": [descriptor(packed) for packed in blobs],
        }
    ).encode()


def gzipped(data: bytes) -> bytes:
    """The data packed, the same at any time: gzip notes the second otherwise."""
    return gzip.compress(data, mtime=0)


def oci(
    layers: Sequence[bytes],
    pack: Any = gzipped,
    created_by: Sequence[str] = (),
    name: str = "docker.io/library/a:1",
) -> bytes:
    """A pure OCI archive: blobs in the order of their digests, then the index."""
    about, blobs = config(layers, created_by), [pack(plain) for plain in layers]
    manifest = oci_manifest(about, blobs)
    entry = descriptor(manifest, annotations={"io.containerd.image.name": name})
    index = json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode()
    parts = sorted({blob(body) for body in (*blobs, about, manifest)})
    layout = file(b"oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
    return layer(folder(b"blobs/"), *parts, file(b"index.json", index), layout)


def docker_25(layers: Sequence[bytes]) -> bytes:
    """Docker's layout from version 25 on: plain blobs, manifest.json last."""
    about = config(layers)
    manifest = [
        {
            "Config": f"blobs/{digest(about).replace(':', '/')}",
            "RepoTags": ["a:1"],
            "Layers": [f"blobs/{digest(plain).replace(':', '/')}" for plain in layers],
        }
    ]
    both = oci(layers, pack=bytes)[:-1024]
    return layer(both, file(b"manifest.json", json.dumps(manifest).encode()))


def podman(layers: Sequence[bytes]) -> bytes:
    """Podman's docker-archive: <digest>.tar, with links from the old names."""
    about = config(layers)
    names = [digest(plain).removeprefix("sha256:") + ".tar" for plain in layers]
    parts = dict(zip(names, layers, strict=True))
    manifest = [{"Config": "config.json", "RepoTags": ["localhost/a:1"], "Layers": names}]
    return layer(
        *(file(name.encode(), plain) for name, plain in parts.items()),
        *(
            symlink(f"{place:064x}/layer.tar".encode(), f"../{name}".encode())
            for place, name in enumerate(names)
        ),
        file(b"config.json", about),
        file(b"manifest.json", json.dumps(manifest).encode()),
    )


def _number(value: int | bytes, width: int) -> bytes:
    if isinstance(value, bytes):
        return value.ljust(width, b"\0")
    return b"%0*o\0" % (width - 1, value)
