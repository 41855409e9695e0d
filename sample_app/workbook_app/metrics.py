"""What the app counts, for Prometheus to read."""

import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from .leak import Leak

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Metrics:
    """Requests by route, method and status, how long they took, and the process itself."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            "http_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._durations = Histogram(
            "http_request_duration_seconds",
            "From a request's arrival in the app to its answer.",
            ["method", "route"],
            registry=self._registry,
        )
        self._in_progress = Gauge(
            "http_requests_in_progress",
            "Requests being worked on now.",
            ["method", "route"],
            registry=self._registry,
        )

    def watch(self, app: Flask) -> None:
        """Count every request of the app from now on."""

        @app.before_request
        def begin() -> None:
            g.counted_from = time.perf_counter()
            self._in_progress.labels(*_labels()).inc()

        @app.after_request
        def count(response: Response) -> Response:
            self._requests.labels(*_labels(), str(response.status_code)).inc()
            seconds = time.perf_counter() - g.counted_from
            self._durations.labels(*_labels()).observe(seconds)
            return response

        @app.teardown_request
        def end(_error: BaseException | None) -> None:
            self._in_progress.labels(*_labels()).dec()

    def show_leak(self, leak: Leak) -> None:
        """Show how much the leak holds."""
        gauge = Gauge("leaked_bytes", "Memory kept by /leak.", registry=self._registry)
        gauge.set_function(lambda: leak.size_bytes)

    def page(self) -> Blueprint:
        """`GET /metrics`: all of it in Prometheus's text format."""
        pages = Blueprint("metrics", __name__)

        @pages.get("/metrics")
        def metrics() -> Response:
            return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

        return pages


def _labels() -> tuple[str, str]:
    """The request's method and route, both from a short list.

    A route is its template ("/items/<item_id>") and not the path: whatever a client makes up
    would be kept for ever as a series of its own.
    """
    method = request.method if request.method in _METHODS else "OTHER"
    return method, request.url_rule.rule if request.url_rule else "unmatched"
