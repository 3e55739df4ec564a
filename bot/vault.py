"""Free text that a person wrote is sealed before it reaches the database."""

import base64
import binascii
import contextlib
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.config import Settings
from bot.errors import OperatorError

KEY_BYTES = 32
NONCE_BYTES = 12


class Vault:
    """AES-256-GCM under one key. `context` is bound to the text: sealed for one workspace and
    purpose, it opens for no other (`InvalidTag`)."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self.fingerprint = hashlib.sha256(b"turnabout key check" + key).hexdigest()[:16]

    def seal(self, text: str, context: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, ciphertext, context.encode()).decode()


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def open_vault(settings: Settings) -> Vault:
    """The vault under TURNABOUT_ENCRYPTION_KEY.

    One process on SQLite may go without: the key then lives in a file beside the database, made
    at the first use, readable by its owner only. Several copies on PostgreSQL must share a key, so
    there it has to be set; raises OperatorError with a fresh one to use.
    """
    if settings.encryption_key is not None:
        return Vault(
            _decoded(settings.encryption_key.get_secret_value(), "TURNABOUT_ENCRYPTION_KEY")
        )
    if settings.sqlite_file is None:
        raise OperatorError(
            "TURNABOUT_ENCRYPTION_KEY is not set. PostgreSQL needs one that all copies share; "
            "`turnabout db new-key` prints one. Keep it safe: goals cannot be read without it."
        )
    file = key_file(settings.sqlite_file)
    return Vault(_decoded(_key_in(file), str(file)))


def key_file(database: Path) -> Path:
    """Where the key of an SQLite database is kept."""
    return database.with_suffix(".key")


def _key_in(path: Path) -> str:
    """Read, or made: written whole under another name first, so that no start ever finds half."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            draft.touch(0o600)
            draft.write_text(new_key())
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)  # another process may have been faster; its key counts
        except OSError as error:
            raise OperatorError(
                f"The key file {path} cannot be written: {error.strerror}."
            ) from None
        finally:
            draft.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError as error:
        raise OperatorError(f"The key file {path} cannot be read: {error.strerror}.") from None


def _decoded(key: str, place: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise OperatorError(f"{place} is not a key: `turnabout db new-key` prints a good one.")
    return raw


__all__ = ["InvalidTag", "Vault", "new_key", "open_vault"]
