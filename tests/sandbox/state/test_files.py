"""Files, from the address for an upload to the message that shows them, by the real client."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.errors import SlackError
from sandbox.server import Sandbox
from sandbox.state.files import LARGEST_FILE, STORAGE

SCOPES = ("chat:write", "files:read", "files:write", "im:write")


@pytest.fixture
async def sandbox(clock):
    async with Sandbox(scopes=SCOPES, now=clock.now, monotonic=clock.monotonic) as made:
        yield made


@pytest.fixture
def channel(sandbox, people) -> str:
    return sandbox.add_channel("pair", [people.ada], private=True, app=True)


class TestUpload:
    async def test_shown_in_a_channel(self, sandbox, slack, people, channel) -> None:
        answer = await slack.files_upload_v2(
            filename="status.csv",
            content="a,b",
            title="Status",
            channel=channel,
            initial_comment="Here it is",
        )
        assert (answer["file"]["name"], answer["file"]["size"]) == ("status.csv", 3)
        [message] = sandbox.member(people.ada).messages(channel)
        assert message["text"] == "Here it is"
        [file] = message["files"]
        assert (file["title"], file["mimetype"], file["filetype"]) == ("Status", "text/csv", "csv")
        assert file["user"] == sandbox.workspace.bot.id
        told = (await slack.files_info(file=file["id"]))["file"]
        assert told["channels"] == [channel]
        assert sandbox.member(people.ben).messages(channel) == []

    async def test_several_in_one_message(self, sandbox, slack, people, channel) -> None:
        uploads = [{"filename": name, "content": name} for name in ("a.txt", "b.txt")]
        await slack.files_upload_v2(file_uploads=uploads, channel=channel)
        [message] = sandbox.member(people.ada).messages(channel)
        assert [file["name"] for file in message["files"]] == ["a.txt", "b.txt"]

    async def test_the_bytes_are_of_the_length_said(self, slack, session) -> None:
        asked = await slack.files_getUploadURLExternal(filename="a.txt", length=5)
        for content, status in ((b"Hell", 400), (b"Hello!", 400), (b"Hello", 200), (b"Hello", 400)):
            async with session.post(asked["upload_url"], data=content) as response:
                assert response.status == status

    async def test_in_a_form(self, slack, session) -> None:
        asked = await slack.files_getUploadURLExternal(filename="a.txt", length=5)
        form = aiohttp.FormData()
        form.add_field("filename", b"Hello", filename="a.txt")
        async with session.post(asked["upload_url"], data=form) as response:
            assert (response.status, await response.text()) == (200, "OK - 5")

    async def test_nothing_before_the_bytes_have_come(self, slack) -> None:
        asked = await slack.files_getUploadURLExternal(filename="a.txt", length=5)
        with pytest.raises(SlackApiError, match="file_not_found"):
            await slack.files_completeUploadExternal(files=[{"id": asked["file_id"]}])
        with pytest.raises(SlackApiError, match="file_not_found"):
            await slack.files_info(file=asked["file_id"])

    async def test_too_large_for_the_sandbox(self, slack) -> None:
        with pytest.raises(SlackApiError, match="file_upload_size_restricted"):
            await slack.files_upload_v2(filename="a.bin", content=bytes(LARGEST_FILE + 1))

    @pytest.mark.filterwarnings("ignore:Sending a large body")  # the SDK sends it in one go
    async def test_the_largest(self, slack, channel) -> None:
        content = bytes(LARGEST_FILE)
        assert (await slack.files_upload_v2(filename="a.bin", content=content))["ok"]

    async def test_an_address_nobody_was_given(self, sandbox, session) -> None:
        async with session.post(f"{sandbox.url}/upload/v1/nonsense", data=b"x") as response:
            assert response.status == 400


class TestDownload:
    async def test_with_the_token(self, sandbox, slack, session) -> None:
        answer = await slack.files_upload_v2(filename="a.txt", content="Hello")
        address = answer["file"]["url_private"]
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        async with session.get(address, headers=headers) as response:
            assert (response.content_type, await response.read()) == ("text/plain", b"Hello")
        for wrong in ({}, {"Authorization": "Bearer xoxb-wrong"}):
            async with session.get(address, headers=wrong) as response:
                assert response.status == 403
        await slack.files_delete(file=answer["file"]["id"])
        async with session.get(address, headers=headers) as response:
            assert response.status == 404

    async def test_not_what_the_app_does_not_see(self, sandbox, session, people) -> None:
        hidden = sandbox.add_channel("hidden", [people.ada], private=True)
        file = sandbox.add_file(people.ada, hidden, "a.txt", b"secret")
        address = sandbox.workspace.files.shape(file)["url_private"]
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        async with session.get(address, headers=headers) as response:
            assert (response.status, await response.text()) == (404, "file_not_found")


class TestImages:
    @pytest.mark.parametrize("by", ["id", "url"])
    async def test_of_a_file_that_is_there(self, slack, channel, by) -> None:
        file = (await slack.files_upload_v2(filename="a.png", content=b"png"))["file"]
        reference = {"id": file["id"]} if by == "id" else {"url": file["url_private"]}
        image = {"type": "image", "alt_text": "A", "slack_file": reference}
        assert (await slack.chat_postMessage(channel=channel, text="x", blocks=[image]))["ok"]
        context = {"type": "context", "elements": [image]}
        assert (await slack.chat_postMessage(channel=channel, text="x", blocks=[context]))["ok"]
        await slack.files_delete(file=file["id"])
        with pytest.raises(SlackApiError, match="invalid_blocks") as refusal:
            await slack.chat_postMessage(channel=channel, text="x", blocks=[context])
        assert refusal.value.response["errors"] == [
            "invalid slack file [json-pointer:/blocks/0/elements/0/slack_file]"
        ]

    async def test_in_a_modal(self, sandbox, slack, people) -> None:
        image = {"type": "image", "alt_text": "A", "slack_file": {"id": "F404"}}
        view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [image]}
        trigger = sandbox.views.new_trigger(people.ada)
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await slack.views_open(trigger_id=trigger, view=view)


class TestStorage:
    def test_deleting_makes_room(self, sandbox) -> None:
        files = sandbox.workspace.files
        for _ in range(STORAGE // LARGEST_FILE):
            file, ticket = files.ask("U1", "a.bin", LARGEST_FILE)
            assert files.upload(ticket, bytes(LARGEST_FILE))
        with pytest.raises(SlackError, match="storage_limit_reached"):
            files.ask("U1", "a.txt", 1)
        files.delete(file)
        files.ask("U1", "a.txt", 1)
