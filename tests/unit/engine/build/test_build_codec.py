"""Protocol buffers and BuildKit's StatusResponse, by hand-made bytes."""

from __future__ import annotations

import base64

import pytest

from helpers.engine.build.protobuf import field, fields_of, number, text
from helpers.engine.build.status_codec import status_news
from helpers.model.build.trace import LogNews, StatusNews, VertexNews

# A vertex: digest sha256:1, inputs a and b, name "RUN é", cached, started at 100.5 s, error "no".
VERTEX = bytes.fromhex(
    "0a280a087368613235363a311201611201621a0652554e20c3a920012a0808641080cab5ee013a026e6f"
)


def test_a_vertex() -> None:
    (news,) = status_news(base64.b64encode(VERTEX).decode())
    assert news == VertexNews("sha256:1", "RUN é", ("a", "b"), True, 100.5, None, "no")


def test_statuses_and_logs() -> None:
    stamp = field(1, 7) + field(2, 250_000_000)
    message = field(
        2, field(1, "sha256:l") + field(2, "v") + field(4, 300) + field(5, 70_000)
    ) + field(3, field(1, "v") + field(2, stamp) + field(3, 2) + field(4, b"oh\n"))
    assert status_news(base64.b64encode(message).decode()) == [
        StatusNews("v", "sha256:l", 300, 70_000), LogNews("v", 7.25, b"oh\n", True),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [1, 127, 128, 300, 2**31, 2**63 - 1])
def test_numbers_of_any_length(value: int) -> None:
    assert number(fields_of(field(3, value)), 3) == value


def test_zero_and_nothing_take_no_room() -> None:
    assert field(1, 0) == field(1, "") == b""
    assert (number(fields_of(b""), 1), text(fields_of(b""), 1)) == (0, "")


@pytest.mark.parametrize("damaged", [b"\x0a", b"\x0a\x05ab", b"\x80", b"\x0b\x00", b"\x0f"])
def test_damaged_bytes_are_a_value_error(damaged: bytes) -> None:
    with pytest.raises(ValueError, match=r"field|number"):
        fields_of(damaged)
