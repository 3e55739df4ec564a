import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.config import Settings
from bot.errors import OperatorError
from bot.vault import InvalidTag, Vault, new_key, open_vault

VAULT = Vault(bytes(32))


def settings(database_url: str, key: str | None = None) -> Settings:
    secret = SecretStr(key) if key is not None else None
    return Settings(_env_file=None, database_url=database_url, encryption_key=secret)


class TestSeal:
    @given(text=st.text(), context=st.text())
    def test_opens_to_what_was_sealed(self, text: str, context: str) -> None:
        assert VAULT.open(VAULT.seal(text, context), context) == text

    @given(text=st.text(min_size=4))
    def test_shows_nothing_of_the_text_and_never_looks_the_same(self, text: str) -> None:
        one, other = VAULT.seal(text, "goal:1"), VAULT.seal(text, "goal:1")
        assert text.encode() not in one
        assert one != other

    def test_opens_for_no_other_context(self) -> None:
        sealed = VAULT.seal("a wish", "goal:1")
        with pytest.raises(InvalidTag):
            VAULT.open(sealed, "goal:2")

    def test_opens_with_no_other_key(self) -> None:
        sealed = VAULT.seal("a wish", "goal:1")
        with pytest.raises(InvalidTag):
            Vault(bytes(31) + b"1").open(sealed, "goal:1")

    @given(place=st.integers(0, 33))
    def test_does_not_open_when_any_byte_was_changed(self, place: int) -> None:
        sealed = bytearray(VAULT.seal("a wish", "goal:1"))
        sealed[place] ^= 1
        with pytest.raises(InvalidTag):
            VAULT.open(bytes(sealed), "goal:1")


class TestFingerprint:
    def test_tells_keys_apart_without_telling_the_key(self) -> None:
        assert VAULT.fingerprint == Vault(bytes(32)).fingerprint
        assert VAULT.fingerprint != Vault(bytes(31) + b"1").fingerprint


class TestOpenVault:
    def test_with_the_key_that_is_set(self) -> None:
        key = new_key()
        sealed = open_vault(settings("postgresql://host/db", key)).seal("a wish", "goal:1")
        assert open_vault(settings("sqlite:///other.db", key)).open(sealed, "goal:1") == "a wish"

    def test_makes_a_key_file_once_that_only_its_owner_reads(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/turnabout.db"
        sealed = open_vault(settings(url)).seal("a wish", "goal:1")
        assert open_vault(settings(url)).open(sealed, "goal:1") == "a wish"
        assert stat.S_IMODE((tmp_path / "turnabout.key").stat().st_mode) == 0o600

    def test_makes_no_key_file_when_a_key_is_set(self, tmp_path: Path) -> None:
        open_vault(settings(f"sqlite:///{tmp_path}/turnabout.db", new_key()))
        assert not list(tmp_path.iterdir())

    def test_refuses_postgresql_without_a_key(self) -> None:
        with pytest.raises(OperatorError, match="TURNABOUT_ENCRYPTION_KEY is not set"):
            open_vault(settings("postgresql://host/db"))

    @pytest.mark.parametrize("key", ["short", "ключ", "A" * 100, "=" * 44])
    def test_refuses_what_is_not_a_key_without_repeating_it(self, key: str) -> None:
        with pytest.raises(OperatorError, match="is not a key") as refused:
            open_vault(settings("sqlite:///x.db", key))
        assert key not in str(refused.value)

    def test_says_when_the_key_file_cannot_be_written(self, tmp_path: Path) -> None:
        with pytest.raises(OperatorError, match="cannot be written"):
            open_vault(settings(f"sqlite:///{tmp_path}/missing/turnabout.db"))

    def test_says_when_the_key_file_cannot_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "turnabout.key").mkdir()
        with pytest.raises(OperatorError, match="cannot be read"):
            open_vault(settings(f"sqlite:///{tmp_path}/turnabout.db"))

    def test_says_when_the_key_file_holds_no_key(self, tmp_path: Path) -> None:
        (tmp_path / "turnabout.key").write_bytes(b"\xff\xfe")
        with pytest.raises(OperatorError, match="is not a key"):
            open_vault(settings(f"sqlite:///{tmp_path}/turnabout.db"))
