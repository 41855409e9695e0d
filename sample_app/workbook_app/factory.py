"""The application, put together from its parts."""

from flask import Flask, Response

from .access_log import log_requests
from .burn import burn_pages
from .errors import answer_errors_in_json
from .greeting import greeting_page
from .health import health_pages
from .help import help_page
from .items import item_pages
from .leak import Leak, leak_pages
from .lifecycle import Lifecycle
from .metrics import Metrics
from .settings import Settings
from .store import ItemStore, open_store

MAX_BODY_BYTES = 16 * 1024
VERSION_HEADER = "X-App-Version"


def create_app(settings: Settings, lifecycle: Lifecycle, store: ItemStore | None = None) -> Flask:
    """The app for these settings, with metrics and a leak of its own, and a store if given none."""
    store, leak = store or open_store(settings.data), Leak()
    app, metrics = bare_app(settings)
    metrics.show_leak(leak)
    app.register_blueprint(greeting_page(settings.name))
    app.register_blueprint(health_pages(lifecycle, store.check))
    app.register_blueprint(help_page())
    app.register_blueprint(item_pages(store))
    app.register_blueprint(burn_pages())
    app.register_blueprint(leak_pages(leak))
    return app


def bare_app(settings: Settings) -> tuple[Flask, Metrics]:
    """What any service has: a log, metrics, errors in JSON and its version in every answer."""
    app, metrics = Flask(__name__, static_folder=None), Metrics()
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    log_requests(app)
    metrics.watch(app)
    answer_errors_in_json(app)
    app.register_blueprint(metrics.page())

    @app.after_request
    def tell_version(response: Response) -> Response:
        response.headers[VERSION_HEADER] = settings.version
        return response

    return app, metrics
