"""The way to an engine over TCP, with TLS or without."""

from __future__ import annotations

import socket
import ssl

from helpers.engine.base.endpoint import TlsFiles
from helpers.engine.connection.address import Address
from helpers.engine.connection.tls_bridge import bridged

_CONNECT_SECONDS = 10


class TcpDial:
    """Connections to an address, each verified by the files where there are some.

    Raises OSError (ssl.SSLError is one) for files that are none.
    """

    def __init__(self, address: Address, tls: TlsFiles | None) -> None:
        self._address = address
        self._context = _context(tls) if tls else None
        self._complaint = ""

    def connect(self) -> socket.socket:
        """A connected socket; behind TLS one end of a pair, at whose other end it is spoken."""
        target = (self._address.machine, self._address.port)
        connection = socket.create_connection(target, timeout=_CONNECT_SECONDS)
        if self._context is None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(None)
            return connection
        try:
            spoken = self._context.wrap_socket(connection, server_hostname=self._address.machine)
        except BaseException:
            connection.close()
            raise
        return bridged(spoken, self._note)

    def machine(self) -> str:
        """The host of the address."""
        return self._address.machine

    def complaint(self) -> str:
        """What TLS ended with: an engine refuses a certificate only after it has connected."""
        return self._complaint

    def close(self) -> None:
        """Nothing: each connection ends by itself."""

    def _note(self, problem: OSError) -> None:
        self._complaint = str(problem)


def _context(tls: TlsFiles) -> ssl.SSLContext:
    """As the docker command does it: the files' own CA alone, else the machine's."""
    context = ssl.create_default_context(cafile=str(tls.ca) if tls.ca else None)
    # Certificates for engines are often made by hand, without what RFC 5280 wants in each.
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    if not tls.verifies:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.certificate:
        context.load_cert_chain(tls.certificate, tls.key)
    return context
