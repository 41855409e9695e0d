"""The application, put together from its parts."""

from flask import Flask

from .access_log import log_requests
from .burn import burn_pages
from .errors import answer_errors_in_json
from .greeting import greeting_page
from .health import health_page
from .help import help_page
from .items import item_pages
from .leak import Leak, leak_pages
from .lifecycle import Lifecycle
from .metrics import Metrics
from .settings import Settings
from .store import open_store

MAX_BODY_BYTES = 16 * 1024


def create_app(settings: Settings, lifecycle: Lifecycle) -> Flask:
    """The app for these settings, with a store, metrics and a leak of its own."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    store, leak, metrics = open_store(settings.data), Leak(), Metrics()
    log_requests(app)
    metrics.watch(app)
    metrics.show_leak(leak)
    answer_errors_in_json(app)
    app.register_blueprint(greeting_page(settings.name))
    app.register_blueprint(health_page(lifecycle, store))
    app.register_blueprint(help_page())
    app.register_blueprint(item_pages(store))
    app.register_blueprint(metrics.page())
    app.register_blueprint(burn_pages())
    app.register_blueprint(leak_pages(leak))
    return app
