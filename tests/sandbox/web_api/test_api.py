"""The Web API as the real slack_sdk meets it."""

import json
from datetime import UTC, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Title"},
    "blocks": [SECTION],
}
METADATA = {"event_type": "turnabout_delivery", "event_payload": {"id": "1"}}


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as refusal:
        await call
    return str(refusal.value.response["error"])


@pytest.fixture
async def pair(slack: AsyncWebClient, people) -> str:
    """A private channel with the app and Ada in it."""
    made = await slack.conversations_create(name="pair", is_private=True)
    await slack.conversations_invite(channel=made["channel"]["id"], users=[people.ada])
    return str(made["channel"]["id"])


class TestTokens:
    async def test_in_the_header_or_as_an_argument(self, sandbox, session) -> None:
        url = f"{sandbox.api_url}auth.test"
        answers = [
            await session.post(url, headers={"Authorization": f"Bearer {sandbox.bot_token}"}),
            await session.post(url, data={"token": sandbox.bot_token}),
            await session.post(url, json={"token": sandbox.bot_token}),
            await session.get(url, params={"token": sandbox.bot_token}),
        ]
        assert [(await answer.json())["ok"] for answer in answers] == [True] * 4
        assert all(call.args == {} for call in sandbox.calls)

    async def test_an_app_token_calls_nothing_else(self, sandbox, call) -> None:
        answer = await call("users.list", {}, token=sandbox.app_token)
        assert answer["error"] == "not_allowed_token_type"

    async def test_an_app_token_is_told_its_app(self, sandbox, call) -> None:
        answer = await call("auth.test", {}, token=sandbox.app_token)
        assert answer == {"ok": True, "app_name": "Turnabout", "app_id": sandbox.workspace.app_id}

    async def test_a_bot_token_opens_no_connection(self, call) -> None:
        assert (await call("apps.connections.open", {}))["error"] == "not_allowed_token_type"

    async def test_connections_are_opened_by_post(self, sandbox, session) -> None:
        url, params = f"{sandbox.api_url}apps.connections.open", {"token": sandbox.app_token}
        async with session.get(url, params=params) as response:
            assert (await response.json())["error"] == "insecure_request"


class TestRequests:
    async def test_a_method_nobody_knows(self, call) -> None:
        answer = await call("conversations.history", {"channel": "C1"})
        assert answer["error"] == "unknown_method"

    async def test_form_json_and_query_string_say_the_same(self, sandbox, session, pair) -> None:
        url = f"{sandbox.api_url}chat.postMessage"
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        args = {"channel": pair, "text": "Hello"}
        form = {**args, "blocks": json.dumps([SECTION]), "metadata": json.dumps(METADATA)}
        multipart = aiohttp.FormData(form, default_to_multipart=True)
        as_json = {**args, "blocks": [SECTION], "metadata": METADATA}
        answers = [
            await session.post(url, headers=headers, data=form),
            await session.post(url, headers=headers, data=multipart),
            await session.post(url, headers=headers, json=as_json),
            await session.post(url, headers=headers, params=form),
            await session.get(url, headers=headers, params=form),
        ]
        assert [(await answer.json())["ok"] for answer in answers] == [True] * 5
        assert all(call.args == as_json for call in sandbox.calls[-5:])

    async def test_a_body_that_is_no_json_object(self, sandbox, session) -> None:
        url = f"{sandbox.api_url}auth.test"
        headers = {
            "Authorization": f"Bearer {sandbox.bot_token}",
            "Content-Type": "application/json",
        }
        for body, error in (("{", "invalid_json"), ("[1]", "json_not_object")):
            async with session.post(url, headers=headers, data=body) as response:
                assert (await response.json())["error"] == error

    async def test_a_method_that_reads_no_json(self, sandbox, session, people) -> None:
        url = f"{sandbox.api_url}users.info"
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        async with session.post(url, headers=headers, json={"user": people.ada}) as response:
            assert (await response.json())["error"] == "invalid_arguments"

    @pytest.mark.parametrize(
        ("method", "args", "error"),
        [
            ("chat.postMessage", {"channel": 5, "text": "x"}, "invalid_arguments"),
            ("chat.postMessage", {"channel": "C1", "text": ["x"]}, "invalid_arguments"),
            ("conversations.create", {"name": "a", "is_private": "maybe"}, "invalid_arguments"),
            ("conversations.create", {"name": "a", "is_private": [1]}, "invalid_arguments"),
            ("views.update", {"view_id": "V1", "view": "{"}, "invalid_arguments"),
            ("views.update", {"view_id": "V1", "view": []}, "invalid_arguments"),
            ("chat.postMessage", {"channel": "C1", "metadata": "{"}, "invalid_metadata_format"),
            ("chat.update", {"channel": "C1", "ts": "1", "attachments": 1}, "invalid_attachments"),
        ],
    )
    async def test_a_wrong_type(self, sandbox, session, method, args, error) -> None:
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        async with session.post(
            f"{sandbox.api_url}{method}", headers=headers, json=args
        ) as response:
            assert (await response.json())["error"] == error

    async def test_null_is_as_good_as_left_out(self, sandbox, session, pair) -> None:
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        args = {"channel": pair, "text": "x", "blocks": None, "metadata": None, "mrkdwn": None}
        url = f"{sandbox.api_url}chat.postMessage"
        async with session.post(url, headers=headers, json=args) as response:
            assert (await response.json())["ok"]
        assert sandbox.calls[-1].args == {"channel": pair, "text": "x"}

    async def test_granted_scopes_are_in_a_header(self, sandbox, slack) -> None:
        answer = await slack.auth_test()
        assert "groups:write" in answer.headers["x-oauth-scopes"].split(",")


class TestCalls:
    async def test_each_is_recorded_with_the_clocks_time(self, clock, session) -> None:
        heard = []
        async with Sandbox(now=clock.now, scopes=["chat:write"], on_call=heard.append) as sandbox:
            slack = AsyncWebClient(
                token=sandbox.bot_token,
                base_url=sandbox.api_url,
                session=session,
                retry_handlers=[],
            )
            ada = sandbox.add_user("ada")
            await slack.chat_postMessage(channel=ada, text="Hello", blocks=[SECTION])
            clock.advance(days=7)
            await refused(slack.chat_postMessage(channel="C404", text="Hello"))
        assert sandbox.calls == heard
        assert [call.answer for call in sandbox.calls] == [None] * len(heard)
        assert all(call.answer is not None for call in heard)
        assert heard[0].as_json() == {
            "at": "2026-03-02T09:30:00+00:00",
            "workspace": "T0000001",
            "method": "chat.postMessage",
            "args": {"channel": ada, "text": "Hello", "blocks": [SECTION]},
            "ok": True,
            "error": None,
        }
        assert (heard[1].ok, heard[1].error) == (False, "channel_not_found")
        assert heard[1].at - heard[0].at == timedelta(days=7)
        assert heard[1].at.tzinfo == UTC

    async def test_a_refused_call_is_recorded_as_it_came(self, sandbox, call) -> None:
        await call("chat.postMessage", {"channel": "C1", "blocks": "nonsense"})
        assert sandbox.calls[-1].args == {"channel": "C1", "blocks": "nonsense"}
        await call("nothing.here", {"a": "b"}, token="xoxb-wrong")
        assert sandbox.calls[-1].method == "nothing.here"

    async def test_secrets_are_not(self, sandbox, call) -> None:
        given = {"client_id": "x", "client_secret": "a secret"}
        for method in ("apps.uninstall", "api.test", "nothing.here"):
            for token in (sandbox.bot_token, "xoxb-wrong"):
                await call(method, {**given, "token": token}, token=None)
                assert sandbox.calls[-1].args == {"client_id": "x"}

    @pytest.mark.parametrize(
        ("body", "kind", "error"),
        [
            (b'{"channel": "C1", "text": "\\ud800"}', "application/json", "invalid_json"),
            (b"[" * 100_000, "application/json", "invalid_json"),
            (
                b"channel=C1&text=%ED%A0%80",
                "application/x-www-form-urlencoded",
                "invalid_form_data",
            ),
            (
                b"channel=C1&blocks=[{%22type%22:%22%5Cud800%22}]",
                "application/x-www-form-urlencoded",
                "invalid_blocks",
            ),
        ],
    )
    async def test_half_a_sign_is_refused(self, sandbox, session, body, kind, error) -> None:
        headers = {"Content-Type": kind, "Authorization": f"Bearer {sandbox.bot_token}"}
        url = f"{sandbox.api_url}chat.postMessage"
        async with session.post(url, data=body, headers=headers) as response:
            assert (await response.json())["error"] == error
        json.dumps(sandbox.calls[-1].as_json(), ensure_ascii=False).encode()


class TestAuthTest:
    async def test_says_who_the_app_is(self, sandbox, slack) -> None:
        answer = await slack.auth_test()
        assert answer["url"] == "https://sandbox.slack.com/"
        assert answer["team_id"] == sandbox.workspace.team_id
        assert answer["user_id"] == sandbox.workspace.bot.id
        assert answer["bot_id"] == sandbox.workspace.bot_id
        assert (answer["team"], answer["user"]) == ("Sandbox", "turnabout")


class TestPostMessage:
    async def test_into_a_channel(self, sandbox, slack, pair) -> None:
        answer = await slack.chat_postMessage(
            channel=pair, text="Hello", blocks=[SECTION], metadata=METADATA
        )
        assert answer["channel"] == pair
        message = answer["message"]
        assert message["ts"] == answer["ts"] == "1772443800.000000"
        assert message["user"] == sandbox.workspace.bot.id
        assert message["bot_id"] == sandbox.workspace.bot_id
        assert message["metadata"] == METADATA
        assert message["blocks"][0]["block_id"]
        assert message["blocks"][0]["text"] == SECTION["text"]

    async def test_times_never_repeat(self, slack, pair) -> None:
        stamps = [(await slack.chat_postMessage(channel=pair, text=str(n)))["ts"] for n in range(3)]
        assert stamps == ["1772443800.000000", "1772443800.000001", "1772443800.000002"]

    async def test_to_a_user_arrives_in_the_dm(self, sandbox, slack, people) -> None:
        answer = await slack.chat_postMessage(channel=people.ada, text="Hello")
        opened = await slack.conversations_open(users=[people.ada])
        assert answer["channel"] == opened["channel"]["id"]
        assert answer["channel"].startswith("D")
        assert [m["text"] for m in sandbox.member(people.ada).messages(answer["channel"])] == [
            "Hello"
        ]

    async def test_by_the_channels_name(self, slack, pair) -> None:
        for name in ("pair", "#pair"):
            assert (await slack.chat_postMessage(channel=name, text="x"))["channel"] == pair

    async def test_where_the_app_may_not(self, sandbox, slack, people) -> None:
        public = sandbox.add_channel("general", [people.ada])
        private = sandbox.add_channel("secret", [people.ada], private=True)
        archived = sandbox.add_channel("old", app=True)
        sandbox.workspace.archive(archived)
        errors = {
            public: "not_in_channel",
            private: "channel_not_found",
            archived: "is_archived",
            "C404": "channel_not_found",
            people.cleo: "channel_not_found",
            "USLACKBOT": "cannot_dm_bot",
        }
        for channel, error in errors.items():
            assert await refused(slack.chat_postMessage(channel=channel, text="x")) == error

    async def test_in_public_with_the_scope_for_it(self, session) -> None:
        async with Sandbox(scopes=["chat:write", "chat:write.public"]) as sandbox:
            channel = sandbox.add_channel("general", [sandbox.add_user("ada")])
            slack = AsyncWebClient(
                token=sandbox.bot_token, base_url=sandbox.api_url, session=session
            )
            assert (await slack.chat_postMessage(channel=channel, text="x"))["ok"]

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            ({"text": " "}, "no_text"),
            ({"text": "", "blocks": []}, "no_text"),
            ({"text": "x", "blocks": "nonsense"}, "invalid_blocks"),
            ({"text": "x", "blocks": '{"type": "section"}'}, "invalid_blocks"),
            ({"text": "x", "blocks": '["section"]'}, "invalid_blocks"),
            ({"text": "x", "blocks": [{"text": "no type"}]}, "invalid_blocks"),
            ({"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
            ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
            ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
            ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ],
    )
    async def test_content_slack_does_not_take(self, call, pair, content, error) -> None:
        assert (await call("chat.postMessage", {"channel": pair, **content}))["error"] == error

    async def test_fifty_blocks_are_well(self, slack, pair) -> None:
        assert (await slack.chat_postMessage(channel=pair, text="x", blocks=[SECTION] * 50))["ok"]


class TestUpdate:
    async def test_what_is_not_given_stays(self, sandbox, slack, pair, people) -> None:
        posted = await slack.chat_postMessage(
            channel=pair, text="Old", blocks=[SECTION], metadata=METADATA
        )
        answer = await slack.chat_update(channel=pair, ts=posted["ts"], text="New")
        assert answer["text"] == "New"
        [message] = sandbox.member(people.ada).messages(pair)
        assert message["text"] == "New"
        assert message["blocks"] == posted["message"]["blocks"]
        assert message["metadata"] == METADATA
        assert message["edited"]["ts"] > message["ts"]
        await slack.chat_update(channel=pair, ts=posted["ts"], text="New", blocks=[])
        assert "blocks" not in sandbox.member(people.ada).messages(pair)[0]

    async def test_what_cannot_be_changed(self, sandbox, slack, pair, people) -> None:
        of_ada = sandbox.member(people.ada).say(pair, "Mine")["ts"]
        ephemeral = await slack.chat_postEphemeral(channel=pair, user=people.ada, text="x")
        posted = await slack.chat_postMessage(channel=pair, text="x")
        errors = {
            of_ada: "cant_update_message",
            ephemeral["message_ts"]: "message_not_found",
            "1.000000": "message_not_found",
        }
        for ts, error in errors.items():
            assert await refused(slack.chat_update(channel=pair, ts=ts, text="y")) == error
        late = slack.chat_update(channel="C404", ts="1.000000", text="y")
        assert await refused(late) == "channel_not_found"
        long = slack.chat_update(channel=pair, ts=posted["ts"], text="y" * 4001)
        assert await refused(long) == "msg_too_long"
        sandbox.workspace.archive(pair)
        late = slack.chat_update(channel=pair, ts=posted["ts"], text="y")
        assert await refused(late) == "is_inactive"


class TestPostEphemeral:
    async def test_is_for_one_person(self, sandbox, slack, pair, people) -> None:
        await slack.conversations_invite(channel=pair, users=[people.ben])
        await slack.chat_postEphemeral(channel=pair, user=people.ada, text="Psst")
        assert len(sandbox.member(people.ada).messages(pair)) == 1
        assert sandbox.member(people.ben).messages(pair) == []

    async def test_only_for_members_where_the_app_is(self, sandbox, slack, pair, people) -> None:
        outside = slack.chat_postEphemeral(channel=pair, user=people.ben, text="x")
        assert await refused(outside) == "user_not_in_channel"
        general = sandbox.add_channel("general", [people.ben])
        absent = slack.chat_postEphemeral(channel=general, user=people.ben, text="x")
        assert await refused(absent) == "not_in_channel"


class TestConversationsCreate:
    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("pair", "name_taken"),
            ("a" * 81, "invalid_name_maxlength"),
            ("Pair", "invalid_name_specials"),
            ("a pair", "invalid_name_specials"),
            ("pair!", "invalid_name_specials"),
            ("--_", "invalid_name_punctuation"),
        ],
    )
    async def test_names_slack_does_not_take(self, slack, pair, name, error) -> None:
        assert await refused(slack.conversations_create(name=name)) == error

    async def test_the_app_is_in_it(self, sandbox, slack, pair) -> None:
        info = await slack.conversations_info(channel=pair, include_num_members=True)
        assert info["channel"]["is_private"] is True
        assert info["channel"]["is_member"] is True
        assert info["channel"]["creator"] == sandbox.workspace.bot.id
        assert info["channel"]["num_members"] == 2

    @pytest.mark.parametrize("private", [True, False])
    async def test_the_scope_is_that_of_the_kind(self, session, private) -> None:
        wrong, right = "channels:manage", "groups:write"
        if not private:
            wrong, right = right, wrong
        async with Sandbox(scopes=[wrong]) as sandbox:
            slack = AsyncWebClient(
                token=sandbox.bot_token, base_url=sandbox.api_url, session=session
            )
            with pytest.raises(SlackApiError) as refusal:
                await slack.conversations_create(name="pair", is_private=private)
        assert refusal.value.response["error"] == "missing_scope"
        assert right in refusal.value.response["needed"].split(",")
        assert refusal.value.response["provided"] == wrong


class TestConversationsInvite:
    async def test_several_at_once(self, sandbox, slack, people) -> None:
        made = await slack.conversations_create(name="pair", is_private=True)
        channel = made["channel"]["id"]
        await slack.conversations_invite(channel=channel, users=[people.ada, people.ben])
        members = (await slack.conversations_members(channel=channel))["members"]
        assert members == [sandbox.workspace.bot.id, people.ada, people.ben]

    async def test_nobody_when_one_cannot_be(self, sandbox, slack, pair, people) -> None:
        with pytest.raises(SlackApiError) as refusal:
            await slack.conversations_invite(channel=pair, users=["U404", people.ben])
        assert refusal.value.response["error"] == "user_not_found"
        assert refusal.value.response["errors"] == [
            {"user": "U404", "ok": False, "error": "user_not_found"}
        ]
        assert people.ben not in sandbox.workspace.conversations[pair].members
        await slack.conversations_invite(channel=pair, users=["U404", people.ben], force=True)
        assert people.ben in sandbox.workspace.conversations[pair].members

    async def test_no_more_than_a_hundred(self, slack, pair) -> None:
        many = slack.conversations_invite(channel=pair, users=["U1"] * 101)
        assert await refused(many) == "invalid_arguments"

    async def test_who_and_where_it_cannot_be(self, sandbox, slack, pair, people) -> None:
        errors = {
            people.ada: "already_in_channel",
            sandbox.workspace.bot.id: "cant_invite_self",
            people.cleo: "cant_invite",
            "U404": "user_not_found",
        }
        for user, error in errors.items():
            assert await refused(slack.conversations_invite(channel=pair, users=user)) == error
        general = sandbox.add_channel("general", [people.ada])
        hidden = sandbox.add_channel("hidden", [people.ada], private=True)
        direct = (await slack.conversations_open(users=people.ada))["channel"]["id"]
        places = {
            general: "not_in_channel",
            hidden: "channel_not_found",
            "C404": "channel_not_found",
            direct: "method_not_supported_for_channel_type",
        }
        for channel, error in places.items():
            call = slack.conversations_invite(channel=channel, users=people.ben)
            assert await refused(call) == error
        sandbox.workspace.archive(pair)
        late = slack.conversations_invite(channel=pair, users=people.ben)
        assert await refused(late) == "is_archived"


class TestConversationsOpen:
    async def test_finds_a_dm_again(self, slack, people) -> None:
        first = await slack.conversations_open(users=[people.ada])
        again = await slack.conversations_open(users=[people.ada], return_im=True)
        assert "already_open" not in first
        assert again["already_open"] is True
        assert again["channel"]["id"] == first["channel"]["id"]
        assert again["channel"]["user"] == people.ada
        resumed = await slack.conversations_open(channel=first["channel"]["id"])
        assert resumed["channel"]["id"] == first["channel"]["id"]

    async def test_finds_a_group_dm_again_in_any_order(self, slack, people) -> None:
        first = await slack.conversations_open(users=[people.ada, people.ben])
        again = await slack.conversations_open(users=[people.ben, people.ada])
        assert first["channel"]["is_mpim"] is True
        assert again["channel"]["id"] == first["channel"]["id"]

    async def test_with_whom_it_cannot_be(self, sandbox, slack, pair, people) -> None:
        many = [sandbox.add_user(f"user{number}") for number in range(9)]
        errors = {
            "U404": "user_not_found",
            people.cleo: "user_disabled",
            "USLACKBOT": "cannot_dm_bot",
            sandbox.add_user("robot", is_bot=True): "cannot_dm_bot",
            sandbox.workspace.bot.id: "not_enough_users",
            ",".join(many): "too_many_users",
            "": "users_list_not_supplied",
        }
        for users, error in errors.items():
            assert await refused(slack.conversations_open(users=users)) == error
        assert (await slack.conversations_open(users=many[:8]))["ok"]
        wrong = slack.conversations_open(channel=pair)
        assert await refused(wrong) == "method_not_supported_for_channel_type"
        new = slack.conversations_open(users=people.ben, prevent_creation=True)
        assert await refused(new) == "channel_not_found"

    async def test_a_group_needs_its_own_scope(self, session) -> None:
        async with Sandbox(scopes=["im:write"]) as sandbox:
            ada, ben = sandbox.add_user("ada"), sandbox.add_user("ben")
            slack = AsyncWebClient(
                token=sandbox.bot_token, base_url=sandbox.api_url, session=session
            )
            assert (await slack.conversations_open(users=[ada]))["ok"]
            assert await refused(slack.conversations_open(users=[ada, ben])) == "missing_scope"


class TestConversationsList:
    async def test_by_kind(self, sandbox, slack, pair, people) -> None:
        general = sandbox.add_channel("general", [people.ada])
        sandbox.add_channel("hidden", [people.ada], private=True)
        direct = (await slack.conversations_open(users=people.ada))["channel"]["id"]

        async def ids(**args: Any) -> list[str]:
            return [one["id"] for one in (await slack.conversations_list(**args))["channels"]]

        assert await ids() == [general]
        assert await ids(types="private_channel") == [pair]
        assert await ids(types="public_channel, private_channel,im") == [pair, general, direct]
        sandbox.workspace.archive(general)
        assert await ids(exclude_archived=True) == []

    async def test_page_by_page(self, sandbox, slack) -> None:
        made = [sandbox.add_channel(f"channel-{number}") for number in range(5)]
        seen: list[str] = []
        sizes = []
        async for page in await slack.conversations_list(limit=2):
            seen += [one["id"] for one in page["channels"]]
            sizes.append(len(page["channels"]))
        assert seen == made
        assert sizes == [2, 2, 1]

    async def test_what_slack_does_not_take(self, slack) -> None:
        errors: list[tuple[dict[str, Any], str]] = [
            ({"types": "rooms"}, "invalid_types"),
            ({"cursor": "nonsense"}, "invalid_cursor"),
            ({"limit": 1001}, "invalid_limit"),
            ({"limit": "many"}, "invalid_limit"),
        ]
        for args, error in errors:
            assert await refused(slack.conversations_list(**args)) == error


class TestConversationsMembers:
    async def test_a_hidden_channel_is_not_there(self, sandbox, slack, people) -> None:
        hidden = sandbox.add_channel("hidden", [people.ada], private=True)
        for call in (slack.conversations_members, slack.conversations_info):
            assert await refused(call(channel=hidden)) == "channel_not_found"


class TestUsersInfo:
    async def test_one_person(self, slack, people) -> None:
        user = (await slack.users_info(user=people.ada, include_locale=True))["user"]
        assert user["real_name"] == user["profile"]["real_name"] == "Ada Long"
        assert user["profile"]["email"] == "ada@example.com"
        assert (user["tz"], user["tz_offset"]) == ("Europe/Berlin", 3600)
        assert (user["is_admin"], user["is_owner"], user["is_bot"]) == (False, False, False)
        assert (user["deleted"], user["locale"]) == (False, "en-US")

    async def test_a_deactivated_person_has_no_zone(self, slack, people) -> None:
        user = (await slack.users_info(user=people.cleo))["user"]
        assert user["deleted"] is True
        assert "tz" not in user
        assert "is_admin" not in user

    async def test_nobody(self, slack) -> None:
        assert await refused(slack.users_info(user="U404")) == "user_not_found"

    async def test_no_email_without_its_scope(self, session) -> None:
        async with Sandbox(scopes=["users:read"]) as sandbox:
            ada = sandbox.add_user("ada", email="ada@example.com")
            slack = AsyncWebClient(
                token=sandbox.bot_token, base_url=sandbox.api_url, session=session
            )
            user = (await slack.users_info(user=ada))["user"]
        assert "email" not in user["profile"]
        assert "locale" not in user


class TestUsersList:
    async def test_everybody_and_the_bots(self, sandbox, slack, people) -> None:
        members = (await slack.users_list())["members"]
        assert [one["id"] for one in members] == [
            "USLACKBOT",
            sandbox.workspace.bot.id,
            people.ada,
            people.ben,
            people.cleo,
        ]

    async def test_page_by_page(self, slack, people) -> None:
        pages = [len(page["members"]) async for page in await slack.users_list(limit=2)]
        assert pages == [2, 2, 1]


class TestViewsOpen:
    async def test_the_view_as_slack_gives_it_back(self, sandbox, slack, people) -> None:
        trigger = sandbox.views.new_trigger(people.ada)
        view = (await slack.views_open(trigger_id=trigger, view=MODAL))["view"]
        assert view["id"] == view["root_view_id"]
        assert view["previous_view_id"] is None
        assert view["hash"]
        assert view["state"] == {"values": {}}
        assert view["team_id"] == sandbox.workspace.team_id
        assert view["app_id"] == sandbox.workspace.app_id
        assert view["bot_id"] == sandbox.workspace.bot_id
        assert sandbox.member(people.ada).modal == view

    async def test_a_trigger_works_once(self, sandbox, slack, people) -> None:
        trigger = sandbox.views.new_trigger(people.ada)
        await slack.views_open(trigger_id=trigger, view=MODAL)
        again = slack.views_open(trigger_id=trigger, view=MODAL)
        assert await refused(again) == "exchanged_trigger_id"

    async def test_a_trigger_lives_three_real_seconds(self, sandbox, slack, people, clock) -> None:
        clock.advance(days=1)
        early, late = (sandbox.views.new_trigger(people.ada) for _ in range(2))
        clock.seconds += 3.0
        assert (await slack.views_open(trigger_id=early, view=MODAL))["ok"]
        clock.seconds += 0.1
        assert await refused(slack.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"

    async def test_a_trigger_nobody_gave(self, slack) -> None:
        call = slack.views_open(trigger_id="1.2.3", view=MODAL)
        assert await refused(call) == "invalid_trigger_id"
        assert await refused(slack.views_open(view=MODAL, trigger_id="")) == "invalid_arguments"

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"title": None}, "field: title"),
            ({"title": {"type": "plain_text", "text": "t" * 25}}, "25 characters"),
            ({"title": {"type": "plain_text", "text": ""}}, "/view/title/text"),
            ({"type": "home"}, "/view/type"),
            ({"type": None}, "field: type"),
            ({"blocks": None}, "field: blocks"),
            ({"blocks": [SECTION] * 101}, "no more than 100"),
        ],
    )
    async def test_a_view_slack_does_not_take(self, sandbox, slack, people, changes, fault) -> None:
        view = {key: value for key, value in {**MODAL, **changes}.items() if value is not None}
        trigger = sandbox.views.new_trigger(people.ada)
        with pytest.raises(SlackApiError, match="invalid_arguments") as refusal:
            await slack.views_open(trigger_id=trigger, view=view)
        [message] = refusal.value.response["response_metadata"]["messages"]
        assert fault in message
        assert sandbox.member(people.ada).modal is None
        assert (await slack.views_open(trigger_id=trigger, view=MODAL))["ok"]

    async def test_a_view_too_large(self, sandbox, slack, people) -> None:
        trigger = sandbox.views.new_trigger(people.ada)
        view = {**MODAL, "private_metadata": "x" * 250_001}
        assert await refused(slack.views_open(trigger_id=trigger, view=view)) == "view_too_large"


class TestViewsUpdate:
    async def test_by_id_and_by_external_id(self, sandbox, slack, people) -> None:
        trigger = sandbox.views.new_trigger(people.ada)
        opened = await slack.views_open(trigger_id=trigger, view={**MODAL, "external_id": "x1"})
        view_id = opened["view"]["id"]
        first = await slack.views_update(external_id="x1", view={**MODAL, "external_id": "x2"})
        second = await slack.views_update(
            view_id=view_id, view={**MODAL, "callback_id": "new"}, hash=first["view"]["hash"]
        )
        assert first["view"]["id"] == second["view"]["id"] == view_id
        assert sandbox.member(people.ada).modal["callback_id"] == "new"
        assert await refused(slack.views_update(external_id="x2", view=MODAL)) == "not_found"

    async def test_not_with_an_old_hash(self, sandbox, slack, people) -> None:
        trigger = sandbox.views.new_trigger(people.ada)
        view = (await slack.views_open(trigger_id=trigger, view=MODAL))["view"]
        await slack.views_update(view_id=view["id"], view=MODAL)
        late = slack.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
        assert await refused(late) == "hash_conflict"

    async def test_not_what_is_closed(self, sandbox, slack, people) -> None:
        trigger = sandbox.views.new_trigger(people.ada)
        view = (await slack.views_open(trigger_id=trigger, view=MODAL))["view"]
        await sandbox.member(people.ada).close()
        assert await refused(slack.views_update(view_id=view["id"], view=MODAL)) == "not_found"

    async def test_no_external_id_twice(self, sandbox, slack, people) -> None:
        named = {**MODAL, "external_id": "x1"}
        for user, error in ((people.ada, None), (people.ben, "duplicate_external_id")):
            call = slack.views_open(trigger_id=sandbox.views.new_trigger(user), view=named)
            if error is None:
                assert (await call)["ok"]
            else:
                assert await refused(call) == error

    async def test_which_view_must_be_said(self, call) -> None:
        assert (await call("views.update", {"view": MODAL}))["error"] == "invalid_arguments"


class TestViewsPublish:
    async def test_again_and_again(self, sandbox, slack, people) -> None:
        home = {"type": "home", "blocks": [SECTION]}
        first = (await slack.views_publish(user_id=people.ada, view=home))["view"]
        second = (await slack.views_publish(user_id=people.ada, view=home, hash=first["hash"]))[
            "view"
        ]
        assert second["id"] == first["id"]
        late = slack.views_publish(user_id=people.ada, view=home, hash=first["hash"])
        assert await refused(late) == "hash_conflict"
        assert sandbox.member(people.ada).home == second
        assert sandbox.member(people.ben).home is None

    async def test_what_slack_does_not_take(self, slack, people) -> None:
        home = {"type": "home", "blocks": [SECTION]}
        assert await refused(slack.views_publish(user_id="U404", view=home)) == "invalid_arguments"
        wrong = slack.views_publish(user_id=people.ada, view=MODAL)
        assert await refused(wrong) == "invalid_arguments"
