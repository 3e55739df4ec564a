"""Where a process takes connections, as the system has it (Linux)."""

import os
import sys
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

LISTENING = "0A"


def listeners(process: int | str = "self") -> set[tuple[IPv4Address | IPv6Address, int]]:
    """The address and port of every TCP socket on which this process listens."""
    place = Path("/proc") / str(process)
    own = {os.readlink(entry) for entry in (place / "fd").iterdir() if entry.is_symlink()}
    return {
        (_address(local.partition(":")[0]), int(local.partition(":")[2], 16))
        for table in ("tcp", "tcp6")
        for line in (place / "net" / table).read_text().splitlines()[1:]
        for _, local, _, state, *more in [line.split()]
        if state == LISTENING and f"socket:[{more[5]}]" in own
    }


def _address(hexadecimal: str) -> IPv4Address | IPv6Address:
    """Written by the kernel in words of four bytes, each in the machine's own order."""
    words = [hexadecimal[start : start + 8] for start in range(0, len(hexadecimal), 8)]
    return ip_address(b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words))
