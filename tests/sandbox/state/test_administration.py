"""What happens in the workspace, and what the app hears of it."""

from typing import Any

import pytest

from sandbox.errors import NotAcknowledged, SlackRefuses
from sandbox.manifest import EVENT_SCOPES, Manifest
from sandbox.server import Sandbox

EVENTS = (*EVENT_SCOPES, "tokens_revoked", "app_uninstalled")


@pytest.fixture
async def sandbox(clock):
    manifest = Manifest(
        scopes=("groups:write", "channels:manage", "channels:join", "users:read.email"),
        events=EVENTS,
    )
    async with Sandbox(manifest=manifest, now=clock.now) as made:
        yield made


async def told(sandbox: Sandbox) -> list[dict[str, Any]]:
    """What the app was told since it was asked last; nobody takes it, and so it is kept."""
    await sandbox.settle()
    events = [event for event, _ in sandbox.undelivered]
    sandbox.undelivered.clear()
    return events


async def kinds(sandbox: Sandbox) -> list[str]:
    return [event["type"] for event in await told(sandbox)]


class TestPeople:
    async def test_who_comes(self, sandbox) -> None:
        ada = sandbox.add_user("ada", email="ada@example.com", tz="Europe/Berlin")
        [event] = await told(sandbox)
        assert (event["type"], event["user"]["id"]) == ("team_join", ada)
        assert event["user"]["profile"]["email"] == "ada@example.com"
        assert event["event_ts"] == "1772443800.000000"
        assert event["cache_ts"] == 1772443800

    async def test_who_changes(self, sandbox) -> None:
        ada = sandbox.add_user("ada")
        await told(sandbox)
        sandbox.change_user(ada, tz="Asia/Tokyo", real_name="Ada Late")
        [event] = await told(sandbox)
        assert event["type"] == "user_change"
        assert (event["user"]["real_name"], event["user"]["tz"]) == ("Ada Late", "Asia/Tokyo")
        with pytest.raises(TypeError, match="a user has no colour"):
            sandbox.change_user(ada, colour="blue")

    async def test_who_goes_and_comes_back(self, sandbox) -> None:
        ada = sandbox.add_user("ada")
        channel = sandbox.add_channel("general", [ada])
        await told(sandbox)
        sandbox.deactivate(ada)
        [event] = await told(sandbox)
        assert event["user"]["deleted"] is True
        with pytest.raises(SlackRefuses, match="deactivated"):
            sandbox.member(ada).say(channel, "Hello")
        sandbox.reactivate(ada)
        assert sandbox.member(ada).say(channel, "Hello")["text"] == "Hello"


class TestGuests:
    async def test_see_only_what_they_are_in(self, sandbox) -> None:
        guest = sandbox.member(sandbox.add_user("guest", is_restricted=True))
        general = sandbox.add_channel("general", [sandbox.add_user("ada")])
        with pytest.raises(SlackRefuses, match="does not see"):
            guest.join(general)
        lobby = sandbox.add_channel("lobby", [guest.id])
        with pytest.raises(SlackRefuses, match="cannot leave"):
            guest.leave(lobby)
        assert guest.say(lobby, "Hello")["text"] == "Hello"


class TestMembership:
    @pytest.mark.parametrize(("private", "letter"), [(True, "G"), (False, "C")])
    async def test_told_where_the_app_is(self, sandbox, private, letter) -> None:
        ada, ben = (sandbox.member(sandbox.add_user(name)) for name in ("ada", "ben"))
        channel = sandbox.add_channel("pair", [ada.id], private=private, app=True)
        elsewhere = sandbox.add_channel("elsewhere", [ada.id])
        await told(sandbox)
        ada.invite(channel, ben.id)
        ada.invite(elsewhere, ben.id)
        ben.leave(channel)
        joined, left = await told(sandbox)
        assert joined == {
            "type": "member_joined_channel",
            "user": ben.id,
            "channel": channel,
            "channel_type": letter,
            "team": sandbox.workspace.team_id,
            "inviter": ada.id,
            "event_ts": "1772443800.000000",
        }
        assert (left["type"], left["user"]) == ("member_left_channel", ben.id)
        assert "inviter" not in left

    async def test_the_app_comes_and_goes(self, sandbox, slack) -> None:
        ada = sandbox.member(sandbox.add_user("ada"))
        channel = sandbox.add_channel("general", [ada.id])
        await told(sandbox)
        await slack.conversations_join(channel=channel)
        await slack.conversations_leave(channel=channel)
        assert await kinds(sandbox) == ["member_joined_channel", "channel_left"]
        again = await slack.conversations_leave(channel=channel)
        assert again["not_in_channel"] is True

    async def test_by_oneself_into_public_channels_alone(self, sandbox) -> None:
        ada, ben = (sandbox.member(sandbox.add_user(name)) for name in ("ada", "ben"))
        public = sandbox.add_channel("open", [ada.id])
        ben.join(public)
        assert [one["id"] for one in ben.channels] == [public]
        private = sandbox.add_channel("closed", [ada.id], private=True)
        with pytest.raises(SlackRefuses, match="does not see"):
            ben.join(private)
        with pytest.raises(SlackRefuses, match="already_in_channel"):
            ada.invite(public, ben.id)
        sandbox.archive(public)
        with pytest.raises(SlackRefuses, match="archived"):
            ben.join(public)


class TestChannels:
    @pytest.mark.parametrize(("private", "family"), [(True, "group"), (False, "channel")])
    async def test_archived_and_back_and_gone(self, sandbox, private, family) -> None:
        ada = sandbox.add_user("ada")
        channel = sandbox.add_channel("pair", [ada], private=private, app=True)
        await told(sandbox)
        sandbox.archive(channel)
        sandbox.unarchive(channel)
        sandbox.delete_channel(channel)
        assert await kinds(sandbox) == [
            f"{family}_{what}" for what in ("archive", "unarchive", "deleted")
        ]
        assert sandbox.member(ada).channels == []
        assert sandbox.add_channel("pair", [ada]) != channel  # the name is free

    async def test_private_ones_the_app_is_not_in_are_no_news(self, sandbox) -> None:
        channel = sandbox.add_channel("secret", [sandbox.add_user("ada")], private=True)
        await told(sandbox)
        sandbox.archive(channel)
        assert await told(sandbox) == []

    async def test_renamed(self, sandbox, slack) -> None:
        made = (await slack.conversations_create(name="old"))["channel"]["id"]
        await told(sandbox)
        renamed = (await slack.conversations_rename(channel=made, name="new"))["channel"]
        assert (renamed["name"], renamed["previous_names"]) == ("new", ["old"])
        [event] = await told(sandbox)
        assert (event["type"], event["channel"]["name"]) == ("channel_rename", "new")
        assert (await slack.conversations_create(name="old"))["ok"]


class TestTheApp:
    async def test_is_uninstalled(self, sandbox) -> None:
        ada = sandbox.member(sandbox.add_user("ada"))
        channel = sandbox.add_channel("pair", [ada.id], app=True)
        await told(sandbox)
        sandbox.uninstall()
        revoked, uninstalled = await told(sandbox)
        assert revoked["tokens"] == {"oauth": [], "bot": [sandbox.workspace.bot.id]}
        assert uninstalled["type"] == "app_uninstalled"
        assert sandbox.workspace.conversations[channel].members.keys() == {ada.id}
        with pytest.raises(NotAcknowledged):
            await ada.command("/mentoring", channel=channel)
        sandbox.add_user("ben")
        assert await told(sandbox) == []

    async def test_loses_its_token_by_its_own_call(self, sandbox, slack) -> None:
        await slack.auth_revoke(test=True)
        assert (await slack.auth_test())["ok"]
        assert (await slack.auth_revoke())["revoked"] is True
        assert await kinds(sandbox) == ["tokens_revoked"]
