from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families


def _samples(client: FlaskClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What /metrics tells, read by Prometheus's own parser: (name, labels) -> value."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def _requests(client: FlaskClient) -> dict[tuple[str, str, str], float]:
    """method, route, status -> how often."""
    return {
        (labels["method"], labels["route"], labels["status"]): value
        for (name, pairs), value in _samples(client).items()
        if name == "http_requests_total" and (labels := dict(pairs))
    }


def test_metrics_are_in_the_text_format(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"


def test_requests_are_counted_by_route_method_and_status(client: FlaskClient) -> None:
    client.post("/items", json={"name": "tea"})
    client.post("/items", data="bad")
    for item_id in ("1", "2", "tea"):
        client.get(f"/items/{item_id}")
    assert _requests(client) == {
        ("POST", "/items", "201"): 1,
        ("POST", "/items", "400"): 1,
        ("GET", "/items/<item_id>", "200"): 1,
        ("GET", "/items/<item_id>", "404"): 2,
    }
    assert _requests(client)["GET", "/metrics", "200"] == 1


def test_made_up_paths_and_methods_make_no_new_series(client: FlaskClient) -> None:
    for number in range(50):
        client.get(f"/made/up/{number}")
        client.open("/", method=f"MADEUP{number}")
    assert _requests(client) == {("GET", "unmatched", "404"): 50, ("OTHER", "unmatched", "405"): 50}


def test_durations_are_a_histogram(client: FlaskClient) -> None:
    client.get("/burn?ms=30")
    client.get("/")
    samples = _samples(client)
    burn = (("method", "GET"), ("route", "/burn"))
    assert samples["http_request_duration_seconds_count", burn] == 1
    assert 0.03 <= samples["http_request_duration_seconds_sum", burn] < 5
    assert samples["http_request_duration_seconds_bucket", (("le", "0.025"), *burn)] == 0
    assert samples["http_request_duration_seconds_bucket", (("le", "+Inf"), *burn)] == 1


def test_progress_ends_where_it_began(client: FlaskClient) -> None:
    client.get("/")
    client.get("/nowhere")
    progress = {
        dict(pairs)["route"]: value
        for (name, pairs), value in _samples(client).items()
        if name == "http_requests_in_progress"
    }
    assert progress == {"/": 0, "unmatched": 0, "/metrics": 1}


def test_two_apps_count_apart(client: FlaskClient) -> None:
    from workbook_app.factory import create_app
    from workbook_app.lifecycle import Lifecycle
    from workbook_app.settings import Settings

    other = create_app(Settings(), Lifecycle()).test_client()
    other.get("/")
    assert _requests(client) == {}
    assert _requests(other)["GET", "/", "200"] == 1


def test_a_leak_is_shown(client: FlaskClient) -> None:
    client.get("/leak?mb=3")
    assert _samples(client)["leaked_bytes", ()] == 3_000_000
    client.delete("/leak")
    assert _samples(client)["leaked_bytes", ()] == 0
