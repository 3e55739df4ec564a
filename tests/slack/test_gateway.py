import asyncio
import json
import socket

import pytest
from aiohttp import ClientSession, web

from bot.slack.errors import Gone, InDoubt, OurFault, TryLater
from bot.slack.gateway import METADATA_EVENT, SCOPES, Gateway
from sandbox.faults import Fault
from sandbox.server import Sandbox
from tests.bad_day import BadDay, gateway_to

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Hi"}, "blocks": BLOCKS}


class TestIdentify:
    async def test_says_who_we_are_and_what_we_may(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        identity = await gateway.identify()
        assert identity.team_id == sandbox.workspace.team_id
        assert identity.bot_user_id == sandbox.workspace.bot.id
        assert identity.bot_id == sandbox.workspace.bot_id
        assert identity.scopes >= SCOPES["users.info"]

    async def test_with_a_wrong_token(self, sandbox: Sandbox, session: ClientSession) -> None:
        with pytest.raises(OurFault) as refused:
            await gateway_to(sandbox.api_url, "xoxb-wrong", session).identify()
        assert refused.value.code == "invalid_auth"


class TestAnswers:
    @pytest.mark.parametrize(
        "fault",
        [
            Fault("slow", seconds=0.01),
            Fault("status", times=2),
            Fault("error", times=2),
            Fault("ratelimited", times=2),
            Fault("drop_before"),
            Fault("drop_after"),
        ],
    )
    async def test_whatever_it_says_and_if_one_connection_breaks(
        self, gateway: Gateway, sandbox: Sandbox, fault: Fault
    ) -> None:
        sandbox.faults.add(fault)
        assert await gateway.answers()

    @pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
    async def test_not_when_they_keep_breaking(
        self, gateway: Gateway, sandbox: Sandbox, kind: str
    ) -> None:
        sandbox.faults.add(Fault(kind, times=2))
        assert not await gateway.answers()

    async def test_not_when_nobody_is_there(self, session: ClientSession) -> None:
        assert not await gateway_to("http://127.0.0.1:1/api/", "xoxb-any", session).answers()

    async def test_not_when_it_takes_too_long(
        self, gateway: Gateway, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.slack.gateway.REACH_SECONDS", 0.05)
        sandbox.faults.add(Fault("slow", times=2, seconds=0.5))
        assert not await gateway.answers()


class TestProfile:
    async def test_of_an_employee(self, gateway: Gateway, sandbox: Sandbox) -> None:
        user = sandbox.add_user("jo", "Jo Young", email="Jo@Example.com", tz="Asia/Tokyo")
        profile = await gateway.profile(user)
        assert (profile.slack_user_id, profile.name) == (user, "Jo Young")
        assert (profile.email, profile.time_zone) == ("jo@example.com", "Asia/Tokyo")
        assert profile.can_take_part
        assert not profile.is_admin

    @pytest.mark.parametrize("right", ["is_admin", "is_owner"])
    async def test_of_an_administrator(
        self, right: str, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        assert (await gateway.profile(sandbox.add_user("root", **{right: True}))).is_admin

    @pytest.mark.parametrize("what", ["is_bot", "deleted"])
    async def test_of_who_cannot_take_part(
        self, what: str, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        profile = await gateway.profile(sandbox.add_user("other", **{what: True}))
        assert not profile.can_take_part

    @pytest.mark.parametrize("what", ["is_restricted", "is_ultra_restricted", "is_stranger"])
    async def test_of_a_guest(self, what: str, troubled: Gateway, bad_day: BadDay) -> None:
        user = {"id": "U1", "name": "guest", "is_restricted": True, what: True}
        bad_day.answer = lambda: web.json_response({"ok": True, "user": user})
        assert not (await troubled.profile("U1")).can_take_part

    async def test_with_next_to_nothing_in_it(self, troubled: Gateway, bad_day: BadDay) -> None:
        user = {"id": "U1", "name": "jo", "tz": None, "profile": {"email": None}}
        bad_day.answer = lambda: web.json_response({"ok": True, "user": user})
        profile = await troubled.profile("U1")
        assert (profile.name, profile.email, profile.time_zone) == ("jo", None, "")
        assert (profile.locale, profile.updated) == ("", 0)

    async def test_of_nobody(self, gateway: Gateway) -> None:
        with pytest.raises(Gone):
            await gateway.profile("U404")


class TestPost:
    async def test_to_a_channel_carries_the_key_and_nothing_unfurls(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        channel = sandbox.add_channel("pair", app=True)
        ts = await gateway.post(channel, "opaque", "Hello", BLOCKS)
        message = sandbox.workspace.conversations[channel].messages[ts]
        expected = {"event_type": METADATA_EVENT, "event_payload": {"id": "opaque"}}
        assert message.metadata == expected
        assert message.text == "Hello"
        assert sandbox.calls[-1].args["unfurl_links"] is False

    async def test_to_a_person_arrives_in_their_direct_messages(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        user = sandbox.add_user("jo")
        await gateway.post(user, "opaque", "Hello", BLOCKS)
        [direct] = sandbox.member(user).channels
        assert [message["text"] for message in sandbox.member(user).messages(direct["id"])] == [
            "Hello"
        ]

    async def test_where_we_are_not(self, gateway: Gateway, sandbox: Sandbox) -> None:
        with pytest.raises(Gone) as refused:
            await gateway.post(sandbox.add_channel("hidden", private=True), "k", "Hello", BLOCKS)
        assert refused.value.code == "channel_not_found"

    async def test_to_an_archived_channel(self, gateway: Gateway, sandbox: Sandbox) -> None:
        channel = sandbox.add_channel("old", app=True)
        sandbox.workspace.archive(channel)
        with pytest.raises(Gone) as refused:
            await gateway.post(channel, "k", "Hello", BLOCKS)
        assert refused.value.code == "is_archived"

    async def test_with_too_many_blocks(self, gateway: Gateway, sandbox: Sandbox) -> None:
        channel = sandbox.add_channel("pair", app=True)
        with pytest.raises(OurFault) as refused:
            await gateway.post(channel, "k", "Hello", BLOCKS * 51)
        assert refused.value.code == "invalid_blocks"


class TestUpdate:
    async def test_changes_what_was_said(self, gateway: Gateway, sandbox: Sandbox) -> None:
        channel = sandbox.add_channel("pair", app=True)
        ts = await gateway.post(channel, "k", "Hello", BLOCKS)
        await gateway.update(channel, ts, "Good-bye", BLOCKS)
        assert sandbox.workspace.conversations[channel].messages[ts].text == "Good-bye"


class TestOpenView:
    async def test_a_trigger_that_is_none(self, gateway: Gateway) -> None:
        view = {"type": "modal", "title": {"type": "plain_text", "text": "Hi"}, "blocks": BLOCKS}
        with pytest.raises(OurFault) as refused:
            await gateway.open_view("nonsense", view)
        assert refused.value.code == "invalid_trigger_id"


class TestPushView:
    async def test_comes_up_above_the_modal_of_its_trigger(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        ada = sandbox.member(sandbox.add_user("ada", "Ada Long"))
        view = {"type": "modal", "title": {"type": "plain_text", "text": "Hi"}, "blocks": BLOCKS}
        await gateway.open_view(sandbox.views.new_trigger(ada.id), view)
        assert ada.modal is not None
        below = ada.modal["id"]
        await gateway.push_view(sandbox.views.new_trigger(ada.id, below), view)
        assert ada.modal["previous_view_id"] == below

    async def test_without_a_modal(self, gateway: Gateway, sandbox: Sandbox) -> None:
        ada = sandbox.member(sandbox.add_user("ada", "Ada Long"))
        view = {"type": "modal", "title": {"type": "plain_text", "text": "Hi"}, "blocks": BLOCKS}
        with pytest.raises(OurFault):
            await gateway.push_view(sandbox.views.new_trigger(ada.id), view)


class TestUpdateView:
    async def test_takes_the_place_of_what_was_there(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        ada = sandbox.member(sandbox.add_user("ada", "Ada Long"))
        await gateway.open_view(sandbox.views.new_trigger(ada.id), VIEW)
        before = ada.modal
        assert before is not None
        longer = {**VIEW, "blocks": BLOCKS * 2}
        await gateway.update_view(before["id"], longer, before["hash"])
        assert ada.modal is not None
        assert (ada.modal["id"], len(ada.modal["blocks"])) == (before["id"], 2)

    async def test_of_a_view_that_has_changed_since_it_was_seen(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        ada = sandbox.member(sandbox.add_user("ada", "Ada Long"))
        await gateway.open_view(sandbox.views.new_trigger(ada.id), VIEW)
        before = ada.modal
        assert before is not None
        await gateway.update_view(before["id"], VIEW)
        with pytest.raises(OurFault) as refused:
            await gateway.update_view(before["id"], VIEW, before["hash"])
        assert refused.value.code == "hash_conflict"


class TestPublishHome:
    async def test_takes_the_place_of_what_was_there(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        ada = sandbox.member(sandbox.add_user("ada", "Ada Long"))
        for count in (1, 2):
            await gateway.publish_home(ada.id, {"type": "home", "blocks": BLOCKS * count})
            assert ada.home is not None
            assert len(ada.home["blocks"]) == count

    async def test_of_nobody(self, gateway: Gateway) -> None:
        with pytest.raises(OurFault):
            await gateway.publish_home("U9999999", {"type": "home", "blocks": BLOCKS})


class TestCreatePrivateChannel:
    async def test_is_private_and_ours(self, gateway: Gateway, sandbox: Sandbox) -> None:
        channel = await gateway.create_private_channel("mentoring-1")
        found = sandbox.workspace.conversations[channel]
        assert (found.kind, found.name) == ("private", "mentoring-1")
        assert list(found.members) == [sandbox.workspace.bot.id]

    async def test_finds_the_one_of_an_earlier_try(self, gateway: Gateway) -> None:
        first = await gateway.create_private_channel("mentoring-1")
        assert await gateway.create_private_channel("mentoring-1") == first

    async def test_finds_it_on_a_later_page(self, gateway: Gateway, sandbox: Sandbox) -> None:
        for number in range(205):
            sandbox.add_channel(f"early-{number}", private=True, app=True)
        first = await gateway.create_private_channel("zz-late")
        assert await gateway.create_private_channel("zz-late") == first
        pages = [call for call in sandbox.calls if call.method == "conversations.list"]
        assert len(pages) == 2

    async def test_gives_up_when_the_name_is_of_a_channel_we_cannot_see(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        sandbox.add_channel("mentoring-1", private=True)
        with pytest.raises(OurFault) as refused:
            await gateway.create_private_channel("mentoring-1")
        assert refused.value.code == "name_taken"

    async def test_leaves_alone_what_somebody_else_made_and_asked_us_into(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        """Whoever made it would read what the pair writes."""
        sandbox.add_channel("mentoring-1", [sandbox.add_user("spy")], private=True, app=True)
        with pytest.raises(OurFault) as refused:
            await gateway.create_private_channel("mentoring-1")
        assert refused.value.code == "name_taken"


class TestOpenGroupDm:
    async def test_is_of_these_people_and_us_and_the_same_whenever_it_is_asked_for(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        two = [sandbox.add_user("ada", "Ada Long"), sandbox.add_user("ben", "Ben Short")]
        opened = await gateway.open_group_dm(two)
        conversation = sandbox.workspace.conversations[opened]
        assert conversation.kind == "mpim"
        assert set(conversation.members) == {*two, sandbox.workspace.bot.id}
        assert await gateway.open_group_dm(two[::-1]) == opened
        assert await gateway.post(opened, "key", "Hello", BLOCKS)

    async def test_of_somebody_whose_account_is_closed(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        two = [sandbox.add_user("ada", "Ada Long"), sandbox.add_user("ben", "Ben Short")]
        sandbox.workspace.user(two[1]).deleted = True
        with pytest.raises(Gone) as refused:
            await gateway.open_group_dm(two)
        assert refused.value.code == "user_disabled"


class TestInvite:
    async def test_brings_both_in_and_may_be_repeated(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        channel = await gateway.create_private_channel("mentoring-1")
        two = [sandbox.add_user("jo"), sandbox.add_user("lena")]
        await gateway.invite(channel, two)
        await gateway.invite(channel, two)
        assert set(two) < set(sandbox.workspace.conversations[channel].members)

    async def test_brings_the_other_in_when_one_is_there_already(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        channel = await gateway.create_private_channel("mentoring-1")
        two = [sandbox.add_user("jo"), sandbox.add_user("lena")]
        await gateway.invite(channel, two[:1])
        await gateway.invite(channel, two)
        assert set(two) < set(sandbox.workspace.conversations[channel].members)

    async def test_says_when_somebody_cannot_be_invited(
        self, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        channel = await gateway.create_private_channel("mentoring-1")
        two = [sandbox.add_user("jo"), sandbox.add_user("lena", deleted=True)]
        with pytest.raises(Gone) as refused:
            await gateway.invite(channel, two)
        assert refused.value.code == "cant_invite"


class TestABadDay:
    """Whatever comes back, it is one of the four errors, and Slack was called once."""

    async def post(self, troubled: Gateway) -> str:
        return await troubled.post("C1", "k", "Hello", BLOCKS)

    async def test_a_connection_that_is_cut_leaves_a_doubt(
        self, troubled: Gateway, bad_day: BadDay
    ) -> None:
        with pytest.raises(InDoubt) as failed:
            await self.post(troubled)
        assert failed.value.code == "connection_broke"
        assert bad_day.calls == 1

    async def test_an_answer_that_does_not_come_leaves_a_doubt(
        self, troubled: Gateway, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        never = asyncio.Event()

        class Silent(web.Response):
            async def prepare(self, request: web.BaseRequest) -> None:
                await never.wait()

        bad_day.answer = Silent
        with pytest.raises(InDoubt):
            await self.post(troubled)
        never.set()

    async def test_a_refused_connection_is_tried_later(self, session: ClientSession) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and not listening
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
            with pytest.raises(TryLater) as failed:
                await self.post(gateway_to(url, "xoxb-any", session))
        assert failed.value.code == "not_connected"

    @pytest.mark.parametrize(
        "body",
        [
            {"text": json.dumps({"ok": False, "error": "ratelimited"}), "type": "application/json"},
            {"text": "Too many", "type": "text/plain"},
            {"text": "<html>Too many</html>", "type": "text/html"},
            {"text": "not json", "type": "application/json"},
            {"text": "", "type": "application/json"},
        ],
        ids=lambda body: f"{body['type']} {body['text'][:9]}",
    )
    async def test_too_many_calls_wait_whatever_the_body(
        self, body: dict[str, str], troubled: Gateway, bad_day: BadDay
    ) -> None:
        bad_day.answer = lambda: web.Response(
            status=429,
            text=body["text"],
            content_type=body["type"],
            headers={"retry-after": "7"},
        )
        with pytest.raises(TryLater) as failed:
            await self.post(troubled)
        assert failed.value.seconds == 7
        assert bad_day.calls == 1

    @pytest.mark.parametrize("status", [200, 500, 502, 503])
    @pytest.mark.parametrize(
        ("text", "content_type"),
        [
            ("<html>Bad gateway</html>", "text/html"),
            ("upstream connect error", "text/plain"),
            ("{half a", "application/json"),
            ("[1, 2]", "application/json"),
            ('"ok"', "application/json"),
            ("null", "application/json"),
            ("", "application/json"),
            ('{"ok": false}', "application/json"),
            ('{"ok": false, "error": "Jo wrote <this>"}', "application/json"),
        ],
    )
    async def test_an_answer_that_makes_no_sense_leaves_a_doubt(
        self, status: int, text: str, content_type: str, troubled: Gateway, bad_day: BadDay
    ) -> None:
        bad_day.answer = lambda: web.Response(status=status, text=text, content_type=content_type)
        with pytest.raises(InDoubt) as failed:
            await self.post(troubled)
        assert failed.value.code in {"unreadable_answer", f"http_{status}"}
        assert bad_day.calls == 1

    async def test_letters_of_no_alphabet_leave_a_doubt(
        self, troubled: Gateway, bad_day: BadDay
    ) -> None:
        bad_day.answer = lambda: web.Response(
            body=b'{"ok": "\xff"}', content_type="application/json"
        )
        with pytest.raises(InDoubt):
            await self.post(troubled)

    async def test_a_page_of_a_proxy_that_refuses_is_our_fault(
        self, troubled: Gateway, bad_day: BadDay
    ) -> None:
        bad_day.answer = lambda: web.Response(
            status=403, text="<html>No</html>", content_type="text/html"
        )
        with pytest.raises(OurFault) as failed:
            await self.post(troubled)
        assert failed.value.code == "http_403"

    async def test_an_error_never_carries_what_was_posted(
        self, troubled: Gateway, bad_day: BadDay
    ) -> None:
        bad_day.answer = lambda: web.json_response({"ok": False, "error": "invalid_blocks"})
        with pytest.raises(OurFault) as failed:
            await troubled.post("C1", "k", "marked value", BLOCKS)
        assert "marked value" not in str(failed.value)
        assert failed.value.__suppress_context__
