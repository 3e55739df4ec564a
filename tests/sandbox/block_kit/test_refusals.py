"""What the app is told, from end to end."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.attachments import Attachment, AttachmentField

from sandbox.block_kit.refusals import LONGEST_BLOCKS
from sandbox.errors import BadAck
from tests.sandbox.block_kit.samples import field, home, modal, pie, plain, section, table

BAD = [section(), {"type": "header", "text": plain("W" * 151)}]
SENTENCE = "must be less than 151 characters [json-pointer:/blocks/1/text/text]"


async def refusal(call: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response.data


@pytest.fixture
def pair(sandbox, people) -> str:
    return sandbox.add_channel("pair", [sandbox.workspace.bot.id, people.ada])


class TestMessages:
    async def test_a_bad_one_is_told_what_is_wrong_and_where(self, slack, pair) -> None:
        assert await refusal(slack.chat_postMessage(channel=pair, text="x", blocks=BAD)) == {
            "ok": False,
            "error": "invalid_blocks",
            "errors": [SENTENCE],
            "response_metadata": {"messages": [f"[ERROR] {SENTENCE}"]},
        }

    async def test_for_one_person_and_as_an_update(self, slack, pair, people) -> None:
        posted = await slack.chat_postMessage(channel=pair, text="x", blocks=[section()])
        for call in (
            slack.chat_postEphemeral(channel=pair, user=people.ada, text="x", blocks=BAD),
            slack.chat_update(channel=pair, ts=posted["ts"], text="x", blocks=BAD),
        ):
            assert (await refusal(call))["errors"] == [SENTENCE]

    async def test_what_is_attached(self, slack, pair) -> None:
        attachments = [{"blocks": [section()]}, {"blocks": BAD}]
        answer = await refusal(
            slack.chat_postMessage(channel=pair, text="x", attachments=attachments)
        )
        assert answer["error"] == "invalid_attachments"
        assert answer["errors"] == [SENTENCE.replace("/blocks/1", "/attachments/1/blocks/1")]

    @pytest.mark.parametrize(
        ("attachment", "error"),
        [
            ({"fields": 5}, "must provide an array [json-pointer:/attachments/0/fields]"),
            ({"fields": ["x"]}, "must provide an object [json-pointer:/attachments/0/fields/0]"),
            (
                {"fields": [{"value": 1}]},
                "must provide a string [json-pointer:/attachments/0/fields/0/value]",
            ),
            ({"title": {}}, "must provide a string [json-pointer:/attachments/0/title]"),
            ({"pretext": None}, "must provide a string [json-pointer:/attachments/0/pretext]"),
            ({"ts": "noon"}, "must provide an integer [json-pointer:/attachments/0/ts]"),
            (
                {"title_link": "javascript:alert(1)"},
                "must begin with http:// or https:// [json-pointer:/attachments/0/title_link]",
            ),
            ({"txet": "x"}, "invalid additional property: txet [json-pointer:/attachments/0]"),
            ({"blocks": 5}, "must provide an array [json-pointer:/attachments/0/blocks]"),
        ],
    )
    async def test_what_no_attachment_has(self, slack, pair, attachment, error) -> None:
        answer = await refusal(
            slack.chat_postMessage(channel=pair, text="x", attachments=[attachment])
        )
        assert (answer["error"], answer["errors"]) == ("invalid_attachments", [error])

    async def test_a_whole_attachment(self, slack, pair) -> None:
        attachment = Attachment(
            text="x",
            fallback="x",
            fields=[AttachmentField(title="A", value="b", short=True)],
            color="good",
            markdown_in=["text"],
            title="T",
            title_link="https://example.org",
            pretext="before",
            author_name="Ada",
            image_url="https://example.org/a.png",
            footer="after",
            ts=1,
        )
        posted = await slack.chat_postMessage(channel=pair, text="x", attachments=[attachment])
        assert posted["ok"]

    async def test_a_second_table(self, slack, pair) -> None:
        attached = [{"blocks": [table()]}]
        taken = await slack.chat_postMessage(channel=pair, text="x", attachments=attached)
        assert taken["ok"]
        answer = await refusal(
            slack.chat_postMessage(channel=pair, text="x", blocks=[table()], attachments=attached)
        )
        assert answer["error"] == "invalid_attachments"
        assert answer["errors"] == ["only_one_table_allowed"]

    async def test_a_chart_and_a_table_arrive(self, sandbox, slack, pair, people) -> None:
        await slack.chat_postMessage(channel=pair, text="x", blocks=[pie(), table()])
        [message] = sandbox.member(people.ada).messages(pair)
        assert [block["type"] for block in message["blocks"]] == ["data_visualization", "table"]

    async def test_more_text_than_a_message_holds(self, slack, pair) -> None:
        full = [section("W" * 3_000)] * 4 + [section("W" * (LONGEST_BLOCKS - 12_000))]
        assert (await slack.chat_postMessage(channel=pair, text="x", blocks=full))["ok"]
        answer = await refusal(
            slack.chat_postMessage(channel=pair, text="x", blocks=[*full, section("W")])
        )
        assert answer["error"] == "msg_blocks_too_long"

    async def test_a_long_text_is_cut_or_refused(self, slack, pair, people) -> None:
        posted = await slack.chat_postMessage(channel=pair, text="W" * 40_001)
        assert len(posted["message"]["text"]) == 40_000
        call = slack.chat_postEphemeral(channel=pair, user=people.ada, text="W" * 40_001)
        assert (await refusal(call))["error"] == "msg_too_long"


class TestViews:
    async def test_a_bad_modal(self, sandbox, slack, people) -> None:
        trigger = sandbox.views.new_trigger(people.ada)
        view = {**modal(field({"type": "plain_text_input"}), {"type": "marquee"})}
        assert await refusal(slack.views_open(trigger_id=trigger, view=view)) == {
            "ok": False,
            "error": "invalid_arguments",
            "response_metadata": {
                "messages": ["[ERROR] unsupported type: marquee [json-pointer:/view/blocks/1/type]"]
            },
        }

    async def test_a_bad_home(self, slack, people) -> None:
        call = slack.views_publish(user_id=people.ada, view=home(table()))
        assert (await refusal(call))["response_metadata"]["messages"] == [
            "[ERROR] unsupported type: table [json-pointer:/view/blocks/0/type]"
        ]


class TestAcknowledgements:
    async def test_of_a_command(self, sandbox, people, app, serve) -> None:
        @app.command("/mentoring")
        async def answer(ack) -> None:
            await ack(text="x", blocks=BAD)

        async with serve(app):
            with pytest.raises(BadAck, match="invalid_blocks"):
                await sandbox.member(people.ada).command("/mentoring", "help")

    async def test_of_a_submission(self, sandbox, people, app, serve) -> None:
        @app.view("join")
        async def answer(ack) -> None:
            await ack(response_action="update", view=modal(title=plain("W" * 25)))

        sandbox.views.open(sandbox.views.new_trigger(people.ada), modal(callback_id="join"))
        async with serve(app):
            with pytest.raises(BadAck, match="must be less than 25 characters"):
                await sandbox.member(people.ada).submit()
