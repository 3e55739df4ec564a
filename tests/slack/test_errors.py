import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.errors import GONE, Gone, InDoubt, OurFault, SlackError, TryLater, named


class TestNamed:
    @pytest.mark.parametrize("code", sorted(GONE))
    def test_nobody_there(self, code: str) -> None:
        found = named(200, code, None)
        assert isinstance(found, Gone)
        assert found.code == code

    @pytest.mark.parametrize("code", ["invalid_blocks", "missing_scope", "never_heard_of"])
    def test_our_fault(self, code: str) -> None:
        found = named(200, code, None)
        assert isinstance(found, OurFault)
        assert found.code == code

    @pytest.mark.parametrize("code", ["fatal_error", "internal_error", "request_timeout"])
    def test_slack_failed_half_way(self, code: str) -> None:
        assert isinstance(named(200, code, None), InDoubt)

    @pytest.mark.parametrize("code", ["service_unavailable", "rate_limited", "ratelimited"])
    def test_not_now(self, code: str) -> None:
        found = named(200, code, None)
        assert isinstance(found, TryLater)
        assert found.seconds > 0

    @given(seconds=st.integers(0, 999_999))
    def test_too_many_calls_wait_as_long_as_slack_says(self, seconds: int) -> None:
        found = named(429, "ratelimited", str(seconds))
        assert isinstance(found, TryLater)
        assert found.seconds == seconds

    @pytest.mark.parametrize("header", [None, "", "soon", "-1", "nan", "1e9", "²", "9" * 400])
    def test_too_many_calls_wait_half_a_minute_if_slack_does_not_say(
        self, header: str | None
    ) -> None:
        found = named(429, "ratelimited", header)
        assert isinstance(found, TryLater)
        assert found.seconds == 30

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    @pytest.mark.parametrize("code", [None, "channel_not_found", "who_knows"])
    def test_a_server_that_failed_may_have_done_it(self, status: int, code: str | None) -> None:
        found = named(status, code, None)
        assert isinstance(found, InDoubt)
        assert found.code == f"http_{status}"

    def test_an_unreadable_ok_may_have_done_it(self) -> None:
        assert isinstance(named(200, None, None), InDoubt)

    @pytest.mark.parametrize("status", [400, 403, 404])
    def test_an_unreadable_refusal_is_our_fault(self, status: int) -> None:
        found = named(status, None, None)
        assert isinstance(found, OurFault)
        assert found.code == f"http_{status}"

    @given(
        status=st.sampled_from([200, 400, 404, 429, 500]),
        code=st.none() | st.text() | st.integers() | st.lists(st.text()),
    )
    def test_never_repeats_what_is_not_a_code(self, status: int, code: object) -> None:
        found = named(status, code, None)
        assert isinstance(found, SlackError)
        assert found.code.isascii()
        assert len(found.code) <= 64
        assert " " not in found.code
