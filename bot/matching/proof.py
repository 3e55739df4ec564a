"""A run's prices as they are kept: sealed, because together with everybody's scores they hint at
who would rather not be paired with whom."""

import json

from bot.matching.certificate import Certificate
from bot.vault import Vault


def sealed(vault: Vault, run_id: int, certificate: Certificate) -> bytes:
    plain = {side: dict(prices) for side, prices in certificate.items()}
    return vault.seal(json.dumps(plain, separators=(",", ":")), _context(run_id))


def opened(vault: Vault, run_id: int, kept: bytes) -> Certificate:
    found: Certificate = json.loads(vault.open(kept, _context(run_id)))
    return found


def _context(run_id: int) -> str:
    return f"certificate:{run_id}"
