"""What `connect()` sets up for the cells of a lesson."""

from __future__ import annotations

import os

import pytest

from helpers.notebook.connect import connect

pytestmark = pytest.mark.engine
VARIABLE = "BUILDX_NO_DEFAULT_ATTESTATIONS"


@pytest.mark.parametrize(("before", "after"), [("", "1"), ("0", "0")])
def test_docker_build_makes_one_manifest_unless_somebody_wants_it_otherwise(
    before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, before)
    if not before:
        monkeypatch.delenv(VARIABLE)
    connect("05").client.close()
    assert os.environ[VARIABLE] == after
