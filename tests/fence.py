"""Keeps the tests on this machine: whatever of Python's would reach out of it fails, and so does
the test, even where the code under test passes over errors. Programs that a test starts are their
own.
"""

import ipaddress
from typing import Any

attempts: list[str] = []
"""What was tried since somebody looked last."""


class Outside(BaseException):
    """No Exception, so that nothing takes it for a broken connection and tries again."""


def watch(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook."""
    match event, args:
        case "socket.connect", (_, (str() as host, *_)):
            _check(host)
        case "socket.getaddrinfo", (str() | bytes() as host, *_):
            _check(host if isinstance(host, str) else host.decode())


def _check(host: str) -> None:
    if not is_here(host):
        attempts.append(host)
        raise Outside(f"a test tried to reach {host}")


def is_here(host: str) -> bool:
    """Loopback by name or address, or nothing in particular, for one who listens."""
    if host in ("", "localhost"):
        return True
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified
