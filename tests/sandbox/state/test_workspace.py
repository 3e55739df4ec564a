"""The state on its own: times, names, and who sees what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import SlackError
from sandbox.state.workspace import Ids, Workspace, check_channel_name

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class TestNextTs:
    @given(steps=st.lists(st.integers(min_value=-5, max_value=5), min_size=2))
    def test_increases_whatever_the_clock_does(self, steps: list[int]) -> None:
        moments = iter(START + timedelta(microseconds=step) for step in steps)
        workspace = Workspace(lambda: next(moments))
        stamps = [workspace.next_ts() for _ in steps]
        assert stamps == sorted(set(stamps))
        assert all(len(stamp) == len("1772443800.000000") for stamp in stamps)

    def test_is_the_time_of_the_clock(self) -> None:
        workspace = Workspace(lambda: START.replace(microsecond=1234))
        assert workspace.next_ts() == "1772443800.001234"


class TestIds:
    def test_are_shared_by_workspaces(self) -> None:
        ids = Ids()
        first, second = (Workspace(lambda: START, ids=ids) for _ in range(2))
        assert (first.team_id, second.team_id) == ("T0000001", "T0000002")
        assert first.bot.id != second.bot.id


class TestCheckChannelName:
    @pytest.mark.parametrize("name", ["a", "pair-1_x", "a" * 80, "mentoring-größe", "日本"])
    def test_a_good_name(self, name: str) -> None:
        check_channel_name(name)

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("", "invalid_name_required"),
            ("a" * 81, "invalid_name_maxlength"),
            ("A", "invalid_name_specials"),
            ("a.b", "invalid_name_specials"),
            ("_-", "invalid_name_punctuation"),
        ],
    )
    def test_a_bad_name(self, name: str, error: str) -> None:
        with pytest.raises(SlackError, match=error):
            check_channel_name(name)


class TestLeave:
    def test_a_private_channel_is_gone_for_whom_left(self) -> None:
        workspace = Workspace(lambda: START)
        ada = workspace.add_user("ada", "Ada")
        channel = workspace.create_channel("pair", ada, private=True)
        assert workspace.conversations_of(ada) == [channel]
        workspace.leave(channel.id, ada)
        assert workspace.conversations_of(ada) == []
        with pytest.raises(SlackError, match="channel_not_found"):
            workspace.conversation(channel.id, ada)


class TestOneName:
    def test_of_every_name(self) -> None:
        workspace = Workspace(lambda: START)
        ada, ben = (workspace.add_user(name, name) for name in ("ada", "ben"))
        channel = workspace.create_channel("pair", ada).id
        with_app, among_people = (
            workspace.open_direct(one, [ada])[0].id for one in (workspace.bot.id, ben)
        )
        for names, one_name in (
            ((channel, "pair", "#pair"), channel),
            ((ada, with_app), ada),
            (("C404",), "C404"),
        ):
            assert {workspace.one_name(name) for name in names} == {one_name}
        assert workspace.one_name(among_people) in (ada, ben)


class TestOpenDirect:
    def test_is_the_same_from_both_sides(self) -> None:
        workspace = Workspace(lambda: START)
        ada = workspace.add_user("ada", "Ada")
        mine, was_there = workspace.open_direct(ada, [workspace.bot.id])
        theirs, is_there = workspace.open_direct(workspace.bot.id, [ada])
        assert mine is theirs
        assert (was_there, is_there) == (False, True)
