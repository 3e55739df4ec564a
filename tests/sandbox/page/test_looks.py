"""A person sees what they would see in Slack, and nothing else."""

import pytest

from sandbox.page.seen import is_person
from tests.sandbox.test_client import MODAL

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


class TestWorkspace:
    async def test_who_is_there(self, visitor, demo, people, clock) -> None:
        demo.sandbox.add_channel("general", [people.ada])
        status, found = await visitor.get("/demo/workspace")
        assert status == 200
        assert [one["name"] for one in found["people"]] == ["Ben Short", "Ada Long", "Cleo Gone"]
        assert found["people"][0]["is_manager"] is True
        assert found["people"][1] == {
            "id": people.ada,
            "name": "Ada Long",
            "title": "Clerk",
            "department": "Sales",
            "level": 2,
            "time_zone": "Europe/Berlin",
            "is_manager": False,
            "deleted": False,
            "unread": 0,
        }
        assert found["people"][2]["deleted"] is True
        assert found["now"] == clock.now().isoformat()
        assert found["company"] == {"people": 3, "made_up": "Everybody is made up."}
        assert found["commands"][0]["command"] == "/mentoring"
        assert found["users"][people.ada] == "Ada Long"
        assert found["app"]["name"] == found["users"][found["app"]["id"]] == "Turnabout"

    async def test_names_of_public_channels_alone(self, visitor, demo, people) -> None:
        """Who is in a private one knows its name from their own conversations."""
        general = demo.sandbox.add_channel("general", [people.ada])
        demo.sandbox.add_channel("closed", [people.ben], private=True)
        _, found = await visitor.get("/demo/workspace")
        assert found["channels"] == {general: "general"}


class TestPerson:
    @pytest.mark.parametrize("person", ["U404", "USLACKBOT", "bot", "..", "%00"])
    @pytest.mark.parametrize("what", ["", "/messages?channel=C1"])
    async def test_who_is_nobody(self, visitor, demo, person, what) -> None:
        person = demo.sandbox.workspace.bot.id if person == "bot" else person
        status, answer = await visitor.get(f"/demo/people/{person}{what}")
        assert (status, answer["ok"]) == (404, False)

    async def test_their_own_conversations_and_the_app(self, visitor, demo, people) -> None:
        sandbox = demo.sandbox
        general = sandbox.add_channel("general", [people.ada, people.ben], app=True)
        sandbox.add_channel("closed", [people.ben], private=True)
        sandbox.add_channel("open", [people.ben])
        seen = await visitor.sees(people.ada)
        assert [one["name"] for one in seen["conversations"]] == ["directmessage", "general"]
        bot = sandbox.workspace.bot.id
        assert seen["conversations"][1] == {
            "id": general,
            "name": "general",
            "kind": "public",
            "with": [people.ben, bot],
            "archived": False,
            "unread": 0,
            "last": None,
            "is_app": False,
        }
        assert (seen["conversations"][0]["with"], seen["conversations"][0]["is_app"]) == (
            [bot],
            True,
        )
        assert (seen["home"], seen["modal"], seen["depth"]) == (None, None, 0)

    async def test_looking_changes_nothing(self, visitor, demo, people) -> None:
        before = list(demo.sandbox.workspace.conversations)
        newcomer = demo.sandbox.add_user("dan", "Dan New")
        assert (await visitor.sees(newcomer))["conversations"] == []
        await visitor.sees(people.ada)
        assert list(demo.sandbox.workspace.conversations) == before

    async def test_their_own_modal_and_home(self, visitor, demo, people) -> None:
        views = demo.sandbox.views
        views.open(views.new_trigger(people.ada), {**MODAL, "private_metadata": "secret"})
        views.publish(people.ada, {"type": "home", "blocks": [SECTION], "private_metadata": "no"})
        seen = await visitor.sees(people.ada)
        assert seen["modal"]["title"]["text"] == MODAL["title"]["text"]
        assert seen["home"]["blocks"][0]["text"] == SECTION["text"]
        assert seen["depth"] == 1
        assert "private_metadata" not in str(seen)
        others = await visitor.sees(people.ben)
        assert (others["modal"], others["home"], others["depth"]) == (None, None, 0)

    async def test_not_the_modal_that_the_cast_is_about_to_fill_in(
        self, visitor, demo, people
    ) -> None:
        demo.sandbox.views.open(demo.sandbox.views.new_trigger(people.ada), MODAL)
        demo.played.add(people.ada)
        seen = await visitor.sees(people.ada)
        assert (seen["modal"], seen["depth"]) == (None, 0)


class TestMessages:
    async def test_ephemeral_only_to_whom_it_is_for(self, visitor, demo, people, slack) -> None:
        general = demo.sandbox.add_channel("general", [people.ada, people.ben], app=True)
        await slack.chat_postEphemeral(channel=general, user=people.ada, text="for you")
        posted = await slack.chat_postMessage(
            channel=general, text="all", metadata={"event_type": "t", "event_payload": {"id": "x"}}
        )
        await slack.chat_update(channel=general, ts=posted["ts"], text="for all")
        for_ada = await visitor.messages(people.ada, general)
        assert [(one["text"], one["ephemeral"], one["edited"]) for one in for_ada] == [
            ("for you", True, False),
            ("for all", False, True),
        ]
        assert [one["text"] for one in await visitor.messages(people.ben, general)] == ["for all"]
        assert "metadata" not in for_ada[1]

    async def test_only_where_the_person_is(self, visitor, demo, people) -> None:
        closed = demo.sandbox.add_channel("closed", [people.ben], private=True)
        for channel in (closed, "C404", "", "general"):
            path = f"/demo/people/{people.ada}/messages?channel={channel}"
            status, answer = await visitor.get(path)
            assert (status, answer["ok"]) == (404, False)

    async def test_unread_until_fetched(self, visitor, demo, people, slack) -> None:
        general = demo.sandbox.add_channel("general", [people.ada, people.ben], app=True)
        for text in ("one", "two"):
            await slack.chat_postMessage(channel=general, text=text)
        await slack.chat_postEphemeral(channel=general, user=people.ben, text="three")
        demo.sandbox.member(people.ada).say(general, "four")

        async def unread() -> dict[str, int]:
            _, found = await visitor.get("/demo/workspace")
            return {one["id"]: one["unread"] for one in found["people"]}

        assert await unread() == {people.ada: 2, people.ben: 4, people.cleo: 0}
        [_, of_general] = (await visitor.sees(people.ada))["conversations"]
        assert of_general["unread"] == 2
        await visitor.messages(people.ada, general)
        assert await unread() == {people.ada: 0, people.ben: 4, people.cleo: 0}
        await slack.chat_postMessage(channel=general, text="five")
        assert await unread() == {people.ada: 1, people.ben: 5, people.cleo: 0}


class TestFile:
    @pytest.fixture
    def shared(self, demo, people):
        """Shares a file in a private channel of Ada's, and returns its id."""

        def share(name: str, content: bytes) -> str:
            space = demo.sandbox.workspace
            channel = demo.sandbox.add_channel("ours", [people.ada], private=True, app=True)
            file, ticket = space.files.ask(space.bot.id, name, len(content))
            assert space.files.upload(ticket, content)
            file.state = "complete"
            space.post(space.conversations[channel], space.bot.id, "Look", files=[file])
            return str(file.id)

        return share

    async def test_a_picture_is_shown_to_who_is_there(self, visitor, people, shared) -> None:
        picture = shared("chart.png", b"PNG")
        address = f"{visitor.url}/files/{picture}/chart.png?as={people.ada}"
        async with visitor.session.get(address) as response:
            assert (response.status, response.content_type) == (200, "image/png")
            assert await response.read() == b"PNG"

    async def test_anything_else_is_only_saved(self, visitor, people, shared) -> None:
        page = shared("page.html", b"<script src=x></script>")
        address = f"{visitor.url}/files/{page}/page.html?as={people.ada}"
        async with visitor.session.get(address) as response:
            assert response.content_type == "application/octet-stream"
            assert response.headers["Content-Disposition"] == "attachment"

    async def test_nobody_else_sees_it(self, visitor, demo, people, shared) -> None:
        picture, bot = shared("chart.png", b"PNG"), demo.sandbox.workspace.bot.id
        for viewer in (people.ben, bot, "U404", ""):
            status, answer = await visitor.get(f"/files/{picture}/chart.png?as={viewer}")
            assert (status, answer["ok"]) == (404, False)
        status, _ = await visitor.get(f"/files/F404/chart.png?as={people.ada}")
        assert status == 404


class TestIsPerson:
    def test_everybody_but_bots(self, sandbox, people) -> None:
        space = sandbox.workspace
        found = [user_id for user_id in space.users if is_person(space, user_id)]
        assert found == [people.ada, people.ben, people.cleo]
