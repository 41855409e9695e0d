import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from running_app import RunningApp
from workbook_app.factory import create_app
from workbook_app.lifecycle import Lifecycle
from workbook_app.settings import Settings


@pytest.fixture
def lifecycle() -> Lifecycle:
    return Lifecycle()


@pytest.fixture
def client(lifecycle: Lifecycle) -> FlaskClient:
    return create_app(Settings(), lifecycle).test_client()


@pytest.fixture
def running_app() -> Iterator[RunningApp]:
    """The app as a process of its own on a free port, like `python app.py` starts it."""
    app = RunningApp(NAME="Tester")
    yield app
    app.close()
