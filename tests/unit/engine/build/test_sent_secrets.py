"""A secret for Podman goes along under a name that nothing else has, and the request says which."""

from __future__ import annotations

import json

from helpers.engine.build.sent_secrets import sent_secrets


def test_a_secret_is_a_file_that_the_request_names() -> None:
    files, query = sent_secrets({"token": lambda: b"lemon"})
    ((name, content),) = files.items()
    assert content == b"lemon"
    assert json.loads(query["secrets"]) == [f"id=token,src={name}"]
    assert name not in sent_secrets({"token": lambda: b"lemon"})[0]


def test_without_secrets_nothing_goes_along() -> None:
    assert sent_secrets({}) == ({}, {})
