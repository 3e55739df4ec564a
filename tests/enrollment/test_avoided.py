import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from bot.enrollment import avoided
from bot.vault import KEY_BYTES, Vault
from bot.views.modals.profile import MOST_AVOIDED

VAULT = Vault(bytes(KEY_BYTES))
LONGEST_ID = 32
IDS = st.frozensets(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=9, max_size=LONGEST_ID),
    max_size=MOST_AVOIDED,
)


class TestSealed:
    @given(IDS)
    def test_opens_for_its_owner(self, slack_ids: frozenset[str]) -> None:
        kept = avoided.sealed(VAULT, 7, slack_ids)
        assert avoided.opened(VAULT, 7, kept) == slack_ids

    @given(IDS)
    def test_is_as_long_as_an_empty_one(self, slack_ids: frozenset[str]) -> None:
        nobody = avoided.sealed(VAULT, 7, frozenset())
        assert len(avoided.sealed(VAULT, 7, slack_ids)) == len(nobody)

    @given(IDS)
    def test_looks_different_each_time(self, slack_ids: frozenset[str]) -> None:
        assert avoided.sealed(VAULT, 7, slack_ids) != avoided.sealed(VAULT, 7, slack_ids)

    def test_opens_for_nobody_else(self) -> None:
        with pytest.raises(InvalidTag):
            avoided.opened(VAULT, 8, avoided.sealed(VAULT, 7, {"U1"}))
