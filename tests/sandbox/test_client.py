"""People at their Slack, with a real Bolt app at the other end, over HTTP and Socket Mode."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.errors import BadAck, NotAcknowledged, SlackRefuses

MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "join",
    "title": {"type": "plain_text", "text": "Join"},
    "submit": {"type": "plain_text", "text": "Join"},
    "private_metadata": "opaque",
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}},
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        },
        {
            "type": "input",
            "block_id": "weeks",
            "optional": True,
            "label": {"type": "plain_text", "text": "Weeks"},
            "element": {
                "type": "number_input",
                "action_id": "value",
                "is_decimal_allowed": False,
                "initial_value": "12",
            },
        },
    ],
}


def message_with_buttons(*values: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "actions",
            "block_id": value,
            "elements": [
                {
                    "type": "button",
                    "action_id": "met",
                    "text": {"type": "plain_text", "text": value},
                    "value": value,
                },
            ],
        }
        for value in values
    ]


@pytest.fixture
def joining(app: AsyncApp) -> AsyncApp:
    """`/mentoring join` opens the modal."""

    @app.command("/mentoring")
    async def join(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    return app


def answer_submission(app: AsyncApp, seen: list[dict[str, Any]], **answer: Any) -> None:
    @app.view("join")
    async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack(**answer)


class TestCommand:
    async def test_the_app_is_told_who_and_where(self, sandbox, people, app, serve) -> None:
        seen: list[dict[str, Any]] = []

        @app.command("/mentoring")
        async def hear(ack: AsyncAck, body: dict[str, Any]) -> None:
            seen.append(body)
            await ack()

        channel = sandbox.add_channel("general", [people.ada])
        async with serve(app):
            answer = await sandbox.member(people.ada).command("/mentoring", "join in", channel)
        assert answer.body == {}
        assert answer.message is None
        told = seen[0]
        assert (told["command"], told["text"]) == ("/mentoring", "join in")
        assert (told["user_id"], told["user_name"]) == (people.ada, "ada")
        assert (told["channel_id"], told["channel_name"]) == (channel, "general")
        assert told["team_id"] == sandbox.workspace.team_id
        assert told["api_app_id"] == sandbox.workspace.app_id
        assert told["response_url"].startswith(f"{sandbox.url}/response/")

    async def test_an_answer_is_seen_by_the_person_alone(self, sandbox, people, app, serve) -> None:
        @app.command("/mentoring")
        async def hear(ack: AsyncAck) -> None:
            await ack("just you")

        channel = sandbox.add_channel("general", [people.ada, people.ben])
        async with serve(app):
            answer = await sandbox.member(people.ada).command("/mentoring", channel=channel)
        assert answer.text == "just you"
        assert [one["text"] for one in sandbox.member(people.ada).messages(channel)] == ["just you"]
        assert sandbox.member(people.ben).messages(channel) == []

    async def test_an_answer_in_the_channel_is_seen_by_all(
        self, sandbox, people, app, serve
    ) -> None:
        @app.command("/mentoring")
        async def hear(ack: AsyncAck) -> None:
            await ack(text="everybody", response_type="in_channel")

        channel = sandbox.add_channel("general", [people.ada, people.ben])
        async with serve(app):
            await sandbox.member(people.ada).command("/mentoring", channel=channel)
        assert [one["text"] for one in sandbox.member(people.ben).messages(channel)] == [
            "everybody"
        ]

    async def test_private_conversations_are_not_named(
        self, sandbox, people, app, serve_http
    ) -> None:
        seen: list[str] = []

        @app.command("/mentoring")
        async def hear(ack: AsyncAck, body: dict[str, Any]) -> None:
            seen.append(body["channel_name"])
            await ack()

        channel = sandbox.add_channel("pair-1", [people.ada], private=True)
        async with serve_http(app):
            await sandbox.member(people.ada).command("/mentoring", channel=channel)
            await sandbox.member(people.ada).command("/mentoring")
        assert seen == ["privategroup", "directmessage"]

    async def test_only_where_the_person_is(self, sandbox, people) -> None:
        member = sandbox.member(people.ada)
        public = sandbox.add_channel("open")
        private = sandbox.add_channel("closed", [people.ben], private=True)
        archived = sandbox.add_channel("old", [people.ada])
        sandbox.workspace.archive(archived)
        for channel, reason in ((public, "not in"), (private, "not see"), (archived, "archived")):
            with pytest.raises(SlackRefuses, match=reason):
                await member.command("/mentoring", channel=channel)

    async def test_a_deactivated_person_does_nothing(self, sandbox, people) -> None:
        channel = sandbox.add_channel("general", [people.cleo])
        with pytest.raises(SlackRefuses, match="deactivated"):
            await sandbox.member(people.cleo).command("/mentoring", channel=channel)

    async def test_without_a_transport_nobody_answers(self, sandbox, people) -> None:
        with pytest.raises(NotAcknowledged):
            await sandbox.member(people.ada).command("/mentoring")

    async def test_a_command_nobody_listens_to(self, sandbox, people, app, serve_http) -> None:
        async with serve_http(app):
            with pytest.raises(NotAcknowledged) as refusal:
                await sandbox.member(people.ada).command("/nothing")
        assert refusal.value.status == 404


class TestSubmit:
    async def test_a_modal_there_and_back(self, sandbox, people, joining, serve) -> None:
        seen: list[dict[str, Any]] = []
        answer_submission(joining, seen)
        member = sandbox.member(people.ada)
        async with serve(joining):
            await member.command("/mentoring", "join")
            assert member.modal is not None
            assert member.modal["callback_id"] == "join"
            opened = member.modal
            submitted = await member.submit({"name": "Ada"})
        assert submitted.errors == {}
        assert member.modal is None
        view = seen[0]["view"]
        assert view["id"] == opened["id"] == view["root_view_id"]
        assert view["hash"] == opened["hash"]
        assert view["private_metadata"] == "opaque"
        assert seen[0]["user"]["id"] == people.ada
        assert view["state"]["values"] == {
            "name": {"value": {"type": "plain_text_input", "value": "Ada"}},
            "weeks": {"value": {"type": "number_input", "value": "12"}},
        }

    async def test_errors_keep_it_open_with_what_was_typed(
        self, sandbox, people, joining, serve
    ) -> None:
        seen: list[dict[str, Any]] = []

        @joining.view("join")
        async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
            seen.append(body["view"]["state"]["values"])
            if len(seen) == 1:
                await ack(response_action="errors", errors={"weeks": "Too many."})
            else:
                await ack()

        member = sandbox.member(people.ada)
        async with serve(joining):
            await member.command("/mentoring", "join")
            first = await member.submit({"name": "Ada", "weeks": 99})
            assert first.errors == {"weeks": "Too many."}
            assert member.modal is not None
            second = await member.submit({"weeks": 9})
        assert second.errors == {}
        assert member.modal is None
        assert seen[1]["name"]["value"]["value"] == "Ada"
        assert seen[1]["weeks"]["value"]["value"] == "9"

    async def test_an_error_beside_no_input_is_the_apps_mistake(
        self, sandbox, people, joining, serve_http
    ) -> None:
        answer_submission(joining, [], response_action="errors", errors={"nowhere": "Hm."})
        member = sandbox.member(people.ada)
        async with serve_http(joining):
            await member.command("/mentoring", "join")
            with pytest.raises(BadAck):
                await member.submit({"name": "Ada"})
        assert member.modal is not None

    async def test_update_push_and_clear(self, sandbox, people, joining, serve) -> None:
        answers = iter(
            [
                {"response_action": "update", "view": {**MODAL, "callback_id": "second"}},
                {"response_action": "push", "view": {**MODAL, "callback_id": "third"}},
                {"response_action": "clear"},
            ]
        )

        @joining.view({"type": "view_submission", "callback_id": "join"})
        @joining.view("second")
        @joining.view("third")
        async def submitted(ack: AsyncAck) -> None:
            await ack(**next(answers))

        member = sandbox.member(people.ada)
        async with serve(joining):
            await member.command("/mentoring", "join")
            first = member.modal
            await member.submit({"name": "Ada"})
            second = member.modal
            await member.submit()
            third = member.modal
            await member.submit({"name": "Ada"})
        assert None not in (first, second, third)
        assert second["id"] == first["id"]
        assert second["hash"] != first["hash"]
        assert second["callback_id"] == "second"
        assert (third["previous_view_id"], third["root_view_id"]) == (first["id"], first["id"])
        assert member.modal is None

    async def test_no_more_than_three_views_on_a_stack(
        self, sandbox, people, joining, serve_http
    ) -> None:
        answer_submission(joining, [], response_action="push", view=MODAL)
        member = sandbox.member(people.ada)
        async with serve_http(joining):
            await member.command("/mentoring", "join")
            await member.submit({"name": "1"})
            await member.submit({"name": "2"})
            with pytest.raises(BadAck, match="push_limit_reached"):
                await member.submit({"name": "3"})

    async def test_a_required_input_left_out(self, sandbox, people, joining, serve_http) -> None:
        seen: list[dict[str, Any]] = []
        answer_submission(joining, seen)
        member = sandbox.member(people.ada)
        async with serve_http(joining):
            await member.command("/mentoring", "join")
            with pytest.raises(SlackRefuses) as refusal:
                await member.submit({"weeks": 3})
        assert refusal.value.field == "name"
        assert seen == []

    async def test_the_app_says_no(self, sandbox, people, joining, serve_http) -> None:
        member = sandbox.member(people.ada)
        async with serve_http(joining):
            await member.command("/mentoring", "join")
            with pytest.raises(NotAcknowledged) as refusal:
                await member.submit({"name": "Ada"})
        assert refusal.value.status == 404
        assert member.modal is not None

    async def test_no_submit_button(self, sandbox, people) -> None:
        plain = {key: value for key, value in MODAL.items() if key != "submit"}
        plain["blocks"] = [{"type": "divider"}]
        sandbox.views.open(sandbox.views.new_trigger(people.ada), plain)
        with pytest.raises(SlackRefuses, match="no submit button"):
            await sandbox.member(people.ada).submit({"name": "Ada"})

    @pytest.mark.parametrize(
        "kind",
        [
            "users_select",
            "multi_users_select",
            "channels_select",
            "conversations_select",
            "multi_conversations_select",
        ],
    )
    async def test_pickers_offer_what_is_there(
        self, sandbox, people, app, serve_http, kind
    ) -> None:
        seen: list[dict[str, Any]] = []
        answer_submission(app, seen)
        hidden = sandbox.add_channel("hidden", [people.ben], private=True)
        general = sandbox.add_channel("general", [people.ben])
        bad, good = ("U404", people.ben) if "users" in kind else (hidden, general)
        element = {"type": kind, "action_id": "it"}
        label = {"type": "plain_text", "text": "Who or where"}
        picker = {"type": "input", "block_id": "pick", "label": label, "element": element}
        member = sandbox.member(people.ada)
        sandbox.views.open(sandbox.views.new_trigger(people.ada), {**MODAL, "blocks": [picker]})
        several = kind.startswith("multi_")
        with pytest.raises(SlackRefuses) as refusal:
            await member.submit({"pick": [good, bad] if several else bad})
        assert refusal.value.field == "pick"
        async with serve_http(app):
            await member.submit({"pick": [good] if several else good})
        assert good in str(seen[0]["view"]["state"]["values"]["pick"])

    async def test_no_modal_no_submit(self, sandbox, people) -> None:
        with pytest.raises(SlackRefuses, match="no modal"):
            await sandbox.member(people.ada).submit()


class TestClose:
    @pytest.mark.parametrize("notify", [True, False])
    async def test_the_app_hears_only_where_it_asks(
        self, sandbox, people, app, serve, notify
    ) -> None:
        heard: list[str] = []

        @app.view_closed("join")
        async def closed(ack: AsyncAck, body: dict[str, Any]) -> None:
            heard.append(body["view"]["callback_id"])
            await ack()

        member = sandbox.member(people.ada)
        trigger = sandbox.views.new_trigger(people.ada)
        sandbox.views.open(trigger, {**MODAL, "notify_on_close": notify})
        async with serve(app):
            await member.close()
        assert member.modal is None
        assert heard == (["join"] if notify else [])


class TestClick:
    async def test_a_button_and_the_message_it_changes(
        self, sandbox, people, app, slack, serve
    ) -> None:
        seen: list[dict[str, Any]] = []

        @app.action("met")
        async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            seen.append(body)
            await respond(text="Thanks", replace_original=True)

        member = sandbox.member(people.ada)
        channel = member.direct()
        async with serve(app):
            blocks = message_with_buttons("yes", "no")
            await slack.chat_postMessage(channel=people.ada, text="Met?", blocks=blocks)
            message = member.messages(channel)[0]
            await member.click(message, "met", "no")
        assert [one["text"] for one in member.messages(channel)] == ["Thanks"]
        body = seen[0]
        action = body["actions"][0]
        assert (action["action_id"], action["value"], action["block_id"]) == (
            "met",
            "no",
            "no",
        )
        assert action["action_ts"] > message["ts"]
        assert body["container"] == {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel,
            "is_ephemeral": False,
        }
        assert body["channel"] == {"id": channel, "name": "directmessage"}
        assert body["message"]["ts"] == message["ts"]
        assert body["trigger_id"]

    async def test_a_button_in_an_ephemeral_message(
        self, sandbox, people, app, slack, serve_http
    ) -> None:
        seen: list[dict[str, Any]] = []

        @app.action("met")
        async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
            seen.append(body)
            await ack()

        channel = sandbox.add_channel("general", [people.ada], app=True)
        await slack.chat_postEphemeral(
            channel=channel, user=people.ada, text="Met?", blocks=message_with_buttons("yes")
        )
        async with serve_http(app):
            member = sandbox.member(people.ada)
            await member.click(member.messages(channel)[0], "met")
        assert seen[0]["container"]["is_ephemeral"] is True
        assert "message" not in seen[0]

    async def test_no_such_button(self, sandbox, people, slack) -> None:
        member = sandbox.member(people.ada)
        await slack.chat_postMessage(
            channel=people.ada, text="Met?", blocks=message_with_buttons("yes")
        )
        message = member.messages(member.direct())[0]
        with pytest.raises(SlackRefuses):
            await member.click(message, "other")
        with pytest.raises(SlackRefuses):
            await member.click(message, "met", "no")
        with pytest.raises(SlackRefuses):
            await sandbox.member(people.ben).click(message, "met")

    async def test_not_in_somebody_elses_modal(self, sandbox, people) -> None:
        blocks = message_with_buttons("yes")
        sandbox.views.open(sandbox.views.new_trigger(people.ada), {**MODAL, "blocks": blocks})
        view = sandbox.member(people.ada).modal
        with pytest.raises(SlackRefuses, match="not open before ben"):
            await sandbox.member(people.ben).click(view, "met")
        await sandbox.member(people.ada).close()
        with pytest.raises(SlackRefuses, match="not open any more"):
            await sandbox.member(people.ada).click(view, "met")

    async def test_a_choice_in_a_modal_stays_in_its_state(
        self, sandbox, people, app, serve
    ) -> None:
        seen: list[dict[str, Any]] = []

        @app.action("topic")
        async def chosen(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            seen.append(body)
            view = body["view"]
            await client.views_update(view_id=view["id"], hash=view["hash"], view=with_select)

        option = {"text": {"type": "plain_text", "text": "AI"}, "value": "ai"}
        select = {"type": "static_select", "action_id": "topic", "options": [option]}
        section = {"type": "section", "block_id": "pick", "accessory": select}
        section["text"] = {"type": "plain_text", "text": "Pick"}
        with_select = {**MODAL, "blocks": [section, *MODAL["blocks"]]}
        member = sandbox.member(people.ada)
        sandbox.views.open(sandbox.views.new_trigger(people.ada), with_select)
        async with serve(app):
            assert member.modal is not None
            await member.click(member.modal, "topic", "ai")
        chosen_state = {"type": "static_select", "selected_option": option}
        assert seen[0]["actions"][0]["selected_option"] == option
        assert seen[0]["view"]["state"]["values"]["pick"] == {"topic": chosen_state}
        assert member.modal["state"]["values"] == {"pick": {"topic": chosen_state}}


class TestOpenHome:
    async def test_the_app_publishes_and_the_person_sees(self, sandbox, people, app, serve) -> None:
        home = {"type": "home", "blocks": message_with_buttons("yes")}
        published = asyncio.Event()

        @app.event("app_home_opened")
        async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
            await client.views_publish(user_id=event["user"], view=home)
            published.set()

        member = sandbox.member(people.ada)
        assert member.home is None
        async with serve(app):
            member.open_home()
            await sandbox.settle()
            await published.wait()
        assert member.home["type"] == "home"
        assert sandbox.undelivered == []


class TestMessages:
    async def test_typed_signs_are_escaped(self, sandbox, people) -> None:
        channel = sandbox.add_channel("general", [people.ada])
        said = sandbox.member(people.ada).say(channel, '<!here> 1 < 2 & "so on"')
        assert said["text"] == '&lt;!here&gt; 1 &lt; 2 &amp; "so on"'

    async def test_only_where_one_is(self, sandbox, people, slack) -> None:
        made = await slack.conversations_create(name="pair", is_private=True)
        channel = made["channel"]["id"]
        await slack.conversations_invite(channel=channel, users=[people.ada])
        await slack.chat_postMessage(channel=channel, text="Hello, you two")
        sandbox.member(people.ada).say(channel, "Hi")
        texts = [one["text"] for one in sandbox.member(people.ada).messages(channel)]
        assert texts == ["Hello, you two", "Hi"]
        assert sandbox.member(people.ben).messages(channel) == []
        assert [one["id"] for one in sandbox.member(people.ada).channels] == [channel]
        assert sandbox.member(people.ben).channels == []
