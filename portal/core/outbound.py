"""The one way out: a name is resolved once, its addresses are judged, and a judged one is asked (SE-50 to SE-52)."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import current_app

SECONDS = 10
MOST_BYTES = 1_000_000
PORTS = {80, 443, 8080, 8443}
KEPT = "/%:@!$&'()*+,;=~?[]"  # what an address may hold as it is; all else travels encoded
DEFAULT_PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
METADATA = {ipaddress.ip_address("169.254.169.254"), ipaddress.ip_address("fd00:ec2::254")}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(ValueError):
    """The target is none that we may ask."""


@dataclass(frozen=True)
class Reached:
    """Whether something answered, and with which status; never what it said."""

    ok: bool
    status: int = 0


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one carries: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if address.teredo:
        return address.teredo[1]
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address


def is_allowed(address: Address, networks: Sequence[str] = ()) -> bool:
    """Return whether we may connect: global unicast or a listed network, never loopback or metadata."""
    inner = unwrapped(address)
    if inner.is_loopback or inner.is_link_local or inner.is_multicast or inner.is_unspecified or inner in METADATA:
        return False
    if inner.is_global:
        return True
    listed = [ipaddress.ip_network(one) for one in networks]
    return any(inner in network for network in listed if network.version == inner.version)


def networks() -> list[str]:
    """Return the internal networks that checks may reach, from the configuration file only (SE-51)."""
    return [one for one in str(current_app.config["PORTAL_INTERNAL_NETWORKS"]).replace(" ", "").split(",") if one]


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name; one that we may not reach makes all of it forbidden, and so does a resolver error."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Forbidden(host) from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not addresses or not all(is_allowed(ipaddress.ip_address(one), networks()) for one in addresses):
        raise Forbidden(host)
    return addresses


def parts_of(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path of an address that may be asked; others are forbidden."""
    given = _given_port(url)
    found = urlsplit(url)
    port = _port(given, found.scheme)
    if found.scheme not in DEFAULT_PORTS or not found.hostname or found.username or found.password or port not in PORTS:
        raise Forbidden(url)
    path = quote((found.path or "/") + (f"?{found.query}" if found.query else ""), safe=KEPT)
    return found.scheme, _plain(found.hostname), port, path


def _given_port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        raise Forbidden(url) from None


def _plain(host: str) -> str:
    """Return a host name as it travels, international ones too."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise Forbidden(host) from None


def _port(given: int | None, scheme: str) -> int:
    return given or DEFAULT_PORTS.get(scheme, 0)


def ask(url: str) -> Reached:
    """Send a GET without following anything; tell whether an answer came and its status."""
    scheme, host, port, path = parts_of(url)
    address = resolve(host, port)[0]
    try:
        with _connected(address, port, host if scheme == "https" else "") as channel:
            connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
            connection.sock = channel
            connection.request("GET", path, headers={"Host": host, "User-Agent": "Ventanilla", "Connection": "close"})
            answer = connection.getresponse()
            answer.read(MOST_BYTES)
            return Reached(True, answer.status)
    except (OSError, http.client.HTTPException, ValueError):
        return Reached(False)


def connects(host: str, port: int) -> Reached:
    """Tell whether a port takes a connection."""
    address = resolve(host, port)[0]
    try:
        with _connected(address, port, ""):
            return Reached(True)
    except OSError:
        return Reached(False)


@contextmanager
def _connected(address: str, port: int, tls_name: str) -> Iterator[socket.socket]:
    """Connect; whatever drips in, the connection is cut after SECONDS in all, handshake included (SE-50)."""
    begun, over = time.monotonic(), threading.Event()
    with socket.create_connection((address, port), timeout=SECONDS) as channel, channel.dup() as handle:
        cutter = threading.Timer(max(0.0, SECONDS - (time.monotonic() - begun)), _cut, (handle, over))
        cutter.daemon = True
        cutter.start()
        try:
            if tls_name:
                with ssl.create_default_context().wrap_socket(channel, server_hostname=tls_name) as safe:
                    yield safe
            else:
                yield channel
            if over.is_set():
                raise TimeoutError
        finally:
            cutter.cancel()


def _cut(handle: socket.socket, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
