import json
import sqlite3
import threading
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from workbook_app.factory import MAX_BODY_BYTES, create_app
from workbook_app.lifecycle import Lifecycle
from workbook_app.settings import Settings
from workbook_app.store import Item, ItemStore, MemoryStore, SqliteStore, StoreUnavailable

JSON_WANTED = 'The body must be JSON like {"name": "tea"}.'
NAME_WANTED = 'The body must be a JSON object with a "name" that is a text and not empty.'
NO_ITEM = "There is no item with this id."


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ItemStore:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path)


@pytest.fixture(params=["memory", "sqlite"])
def items(request: pytest.FixtureRequest, tmp_path: Path) -> FlaskClient:
    settings = Settings(data=None if request.param == "memory" else tmp_path)
    return create_app(settings, Lifecycle()).test_client()


def test_items_are_added_listed_shown_and_removed(items: FlaskClient) -> None:
    assert items.get("/items").json == []
    added = items.post("/items", json={"name": "  tea "})
    assert (added.status_code, added.json) == (201, {"id": 1, "name": "tea"})
    assert added.headers["Location"] == "/items/1"
    items.post("/items", json={"name": "茶 🍵"})
    assert items.get("/items").json == [{"id": 1, "name": "tea"}, {"id": 2, "name": "茶 🍵"}]
    assert items.get("/items/2").json == {"id": 2, "name": "茶 🍵"}
    removed = items.delete("/items/1")
    assert (removed.status_code, removed.data) == (204, b"")
    assert items.get("/items").json == [{"id": 2, "name": "茶 🍵"}]


def test_a_body_needs_no_content_type(items: FlaskClient) -> None:
    assert items.post("/items", data='{"name": "tea"}').status_code == 201


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("item_id", ["1", "0", "-1", "tea", "1.0", "١", "9" * 18, "9" * 5000])
def test_an_id_that_no_item_has_is_404(items: FlaskClient, method: str, item_id: str) -> None:
    answer = items.open(f"/items/{item_id}", method=method)
    assert (answer.status_code, answer.json) == (404, {"error": NO_ITEM})


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", JSON_WANTED),
        (b"name=tea", JSON_WANTED),
        (b"\xff\xfe\xff", JSON_WANTED),
        (b"[" * 10_000, JSON_WANTED),
        (b"[]", NAME_WANTED),
        (b"{}", NAME_WANTED),
        (b'"tea"', NAME_WANTED),
        (b'{"name": 7}', NAME_WANTED),
        (b'{"name": null}', NAME_WANTED),
        (b'{"name": "  "}', NAME_WANTED),
        (b'{"name": "a\\u0000b"}', "The name must not have control characters in it."),
        (b'{"name": "\\ud800"}', "The name must not have control characters in it."),
        (
            json.dumps({"name": "x" * 201}).encode(),
            "The name must not be longer than 200 characters.",
        ),
    ],
)
def test_a_bad_body_is_told_why_and_adds_nothing(
    items: FlaskClient, body: bytes, sentence: str
) -> None:
    answer = items.post("/items", data=body)
    assert (answer.status_code, answer.json) == (400, {"error": sentence})
    assert items.get("/items").json == []


def test_the_longest_name_is_taken(items: FlaskClient) -> None:
    assert items.post("/items", json={"name": "x" * 200}).status_code == 201


def test_a_body_that_is_too_big_is_refused(items: FlaskClient) -> None:
    answer = items.post("/items", data=b" " * (MAX_BODY_BYTES + 1))
    assert (answer.status_code, answer.json) == (413, {"error": "The body is too big."})


def test_a_store_keeps_what_it_is_given(store: ItemStore) -> None:
    tea, coffee = store.add("tea"), store.add("coffee")
    assert store.all() == [tea, coffee] == [Item(1, "tea"), Item(2, "coffee")]
    assert store.get(2) == coffee
    assert store.get(3) is None
    assert store.remove(2)
    assert not store.remove(2)
    assert store.get(2) is None
    store.check()


def test_an_id_is_never_used_twice(store: ItemStore) -> None:
    store.remove(store.add("tea").id)
    assert store.add("coffee").id == 2


def test_many_threads_may_add_at_once(store: ItemStore) -> None:
    adders = [
        threading.Thread(target=lambda: [store.add("tea") for _ in range(20)]) for _ in range(8)
    ]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join()
    assert [item.id for item in store.all()] == list(range(1, 161))


def test_items_in_a_folder_outlive_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "by the store"
    SqliteStore(folder).add("tea")
    assert SqliteStore(folder).all() == [Item(1, "tea")]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"^DATA cannot be the folder .*file"):
        SqliteStore(tmp_path / "file")


def test_a_broken_store_is_503_and_unhealthy(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path), Lifecycle()).test_client()
    assert app.get("/healthz").status_code == 200
    (tmp_path / "items.db").write_bytes(b"this is no database" * 100)
    for answer in (app.get("/items"), app.post("/items", json={"name": "tea"})):
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["error"].startswith(f"The store in {tmp_path} is not available: ")
    health = app.get("/healthz")
    assert health.status_code == 503
    assert health.json is not None
    assert health.json["status"] == "no store"


def test_the_file_is_plain_sqlite(tmp_path: Path) -> None:
    SqliteStore(tmp_path).add("tea")
    connection = sqlite3.connect(tmp_path / "items.db")
    assert connection.execute("SELECT id, name FROM items").fetchall() == [(1, "tea")]
    connection.close()
