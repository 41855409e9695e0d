"""The service of prices, asked by the shop."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from workbook_app.errors import Unavailable
from workbook_app.settings import BadSetting

from .host_name import is_host

TIMEOUT_SECONDS = 2.0
MAX_ANSWER_BYTES = 64 * 1024


class PricesUnavailable(Unavailable):
    """The service of prices gives none."""


@dataclass(frozen=True)
class PriceSource:
    """Where the service of prices is."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"The service of prices at {self.host}:{self.port}"

    def prices(self) -> dict[str, int]:
        """The price of each thing in cents, asked for now; PricesUnavailable if none is told.

        Each call has a connection of its own: so it goes to whoever has the name now, and where
        several have it, not always to the same.
        """
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("GET", "/prices")
            answer = connection.getresponse()
            body = answer.read(MAX_ANSWER_BYTES)
        except TimeoutError:
            raise PricesUnavailable(
                f"{self} did not answer within {TIMEOUT_SECONDS:g} seconds."
            ) from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise PricesUnavailable(f"{self} cannot be reached: {reason}.") from error
        except http.client.HTTPException as error:
            raise PricesUnavailable(f"{self} broke off its answer.") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise PricesUnavailable(f"{self} answered {answer.status}.")
        return self._read(body)

    def _read(self, body: bytes) -> dict[str, int]:
        try:
            prices = json.loads(body)
        except (ValueError, RecursionError):
            prices = None
        if isinstance(prices, dict) and all(type(cents) is int for cents in prices.values()):
            return prices
        raise PricesUnavailable(f"{self} answered with something else than prices.")


def price_source(url: str) -> PriceSource:
    """The service at a URL such as http://prices:8000; BadSetting for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError:
        parts, port = urlsplit(""), 0
    host = parts.hostname or ""
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme != "http" or not is_host(host) or beyond:
        raise BadSetting("PRICES_URL must be like http://prices:8000, with no path behind it.")
    return PriceSource(host, port)
