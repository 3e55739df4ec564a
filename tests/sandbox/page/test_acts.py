"""What a visitor does as somebody reaches the app, and what comes of it is said in a sentence."""

import asyncio
from typing import Any

import pytest

from sandbox.page.acts import as_sentence
from sandbox.to_app import transport
from tests.sandbox.test_client import MODAL, message_with_buttons

ACTS = ("command", "say", "click", "submit", "close", "home")


@pytest.fixture
def general(demo, people) -> str:
    return demo.sandbox.add_channel("general", [people.ada, people.ben], app=True)


@pytest.fixture
def heard(bolt) -> list[dict[str, Any]]:
    """What the app is sent; it acknowledges everything with nothing."""
    heard: list[dict[str, Any]] = []

    async def note(ack, body) -> None:
        heard.append(body)
        await ack()

    bolt.command("/mentoring")(note)
    bolt.action("met")(note)
    bolt.view("join")(note)
    return heard


def open_modal(demo, person: str, modal: dict[str, Any] = MODAL) -> str:
    views = demo.sandbox.views
    return str(views.open(views.new_trigger(person), modal).id)


class TestLengths:
    async def test_a_message_has_an_end(self, visitor, people, general, demo) -> None:
        done = await visitor.act(people.ada, "say", channel=general, text="W" * 40_000)
        assert done == {"ok": True}
        done = await visitor.act(people.ada, "say", channel=general, text="W" * 40_001)
        assert done == {"ok": False, "problem": "A message has at most 40,000 characters."}
        assert len(demo.sandbox.member(people.ada).messages(general)) == 1


class TestEverybody:
    @pytest.mark.parametrize("act", ACTS)
    async def test_who_is_nobody(self, visitor, demo, act) -> None:
        for person in ("U404", "USLACKBOT", demo.sandbox.workspace.bot.id):
            status, answer = await visitor.post(f"/demo/people/{person}/{act}", {})
            assert (status, answer["ok"]) == (404, False)
        assert demo.taken == []

    @pytest.mark.parametrize("act", ACTS[:-1])
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"channel": 1, "text": 2, "view": 3, "action_id": 4},
            {"channel": None, "text": None, "view": None, "action_id": None},
            {"channel": "C404", "text": "/x", "ts": "1.0", "action_id": "a"},
            {"view": "V", "values": [], "action_id": "a"},
            {"view": "V", "values": {"a": 1}, "action_id": "a"},
        ],
    )
    async def test_what_is_not_well_formed(self, visitor, people, act, body) -> None:
        status, answer = await visitor.post(f"/demo/people/{people.ada}/{act}", body)
        assert answer["ok"] is False
        assert status in (200, 400, 404)
        assert answer["problem"].endswith(".")

    async def test_a_deactivated_person(self, visitor, demo, people) -> None:
        channel = demo.sandbox.add_channel("old", [people.cleo])
        view = open_modal(demo, people.cleo)
        for act, body in {
            "command": {"channel": channel, "text": "/mentoring"},
            "say": {"channel": channel, "text": "Hello"},
            "click": {"channel": channel, "ts": "1.0", "action_id": "met"},
            "submit": {"view": view},
            "home": {},
        }.items():
            answer = await visitor.act(people.cleo, act, **body)
            assert answer["ok"] is False
            assert "deactivated" in answer["problem"]

    async def test_whoever_acts_is_the_visitors(self, visitor, demo, people, general) -> None:
        await visitor.sees(people.ada)
        await visitor.messages(people.ada, general)
        await visitor.act(people.ada, "home")
        assert demo.taken == []
        await visitor.act(people.ada, "say", channel=general, text="Hello")
        assert demo.taken == [people.ada]


class TestCommand:
    async def test_reaches_the_app(self, visitor, people, general, heard) -> None:
        typed = {"channel": general, "text": "  /mentoring   join now "}
        assert await visitor.act(people.ada, "command", **typed) == {"ok": True}
        [sent] = heard
        assert (sent["command"], sent["text"]) == ("/mentoring", "join now")
        assert (sent["user_id"], sent["channel_id"]) == (people.ada, general)

    async def test_no_slash(self, visitor, people, general, heard) -> None:
        path = f"/demo/people/{people.ada}/command"
        status, answer = await visitor.post(path, {"channel": general, "text": "mentoring"})
        assert (status, answer["problem"]) == (400, "A command begins with a slash.")
        assert heard == []

    async def test_the_answer_is_there_to_read(self, visitor, people, general, bolt) -> None:
        @bolt.command("/mentoring")
        async def answer(ack) -> None:
            await ack("Welcome")

        await visitor.act(people.ada, "command", channel=general, text="/mentoring")
        [message] = await visitor.messages(people.ada, general)
        assert (message["text"], message["ephemeral"]) == ("Welcome", True)

    async def test_the_app_is_too_slow(
        self, visitor, demo, people, general, bolt, monkeypatch
    ) -> None:
        released = asyncio.Event()

        @bolt.command("/mentoring")
        async def hang(ack) -> None:
            await released.wait()
            await ack()

        monkeypatch.setattr(transport, "ACK_SECONDS", 0.05)
        demo.sandbox.deliver_over_http(demo.sandbox._transport._url)
        answer = await visitor.act(people.ada, "command", channel=general, text="/mentoring")
        released.set()
        assert answer == {"ok": False, "problem": "Turnabout did not answer in time."}

    async def test_the_app_does_not_know_it(self, visitor, people, general, bolt) -> None:
        answer = await visitor.act(people.ada, "command", channel=general, text="/mentoring")
        assert answer == {"ok": False, "problem": "Turnabout answered with an error."}

    async def test_the_app_answers_nonsense(self, visitor, people, general, bolt) -> None:
        @bolt.command("/mentoring")
        async def babble(ack) -> None:
            await ack({"blocks": [{"type": "nonsense"}]})

        answer = await visitor.act(people.ada, "command", channel=general, text="/mentoring")
        assert answer == {
            "ok": False,
            "problem": "Turnabout answered with something that Slack cannot show.",
        }


class TestSay:
    async def test_everybody_there_reads_it(self, visitor, people, general) -> None:
        assert (await visitor.act(people.ada, "say", channel=general, text="<hi> & bye"))["ok"]
        [message] = await visitor.messages(people.ben, general)
        assert message["user"] == people.ada

    async def test_not_in_an_archived_channel(self, visitor, demo, people, general) -> None:
        demo.sandbox.workspace.archive(general)
        answer = await visitor.act(people.ada, "say", channel=general, text="Hello")
        assert answer["ok"] is False
        assert "archived" in answer["problem"]


class TestClick:
    async def test_a_button_of_several(self, visitor, people, general, slack, heard) -> None:
        posted = await slack.chat_postMessage(
            channel=general, text="Met?", blocks=message_with_buttons("yes", "no")
        )
        pressed = {"channel": general, "ts": posted["ts"], "action_id": "met"}
        await visitor.act(people.ada, "click", **pressed, block_id="no", value="no")
        assert [(one["block_id"], one["value"]) for one in heard[0]["actions"]] == [("no", "no")]

    async def test_a_message_that_is_gone(self, visitor, people, general, heard) -> None:
        gone = {"channel": general, "ts": "1.0", "action_id": "met"}
        answer = await visitor.act(people.ada, "click", **gone)
        assert answer == {"ok": False, "problem": "This message is not there any more."}
        assert heard == []

    async def test_what_is_typed_travels_along_and_stays(
        self, visitor, demo, people, heard
    ) -> None:
        blocks = [*MODAL["blocks"], *message_with_buttons("yes")]
        view = open_modal(demo, people.ada, {**MODAL, "blocks": blocks})
        typed = {"name": {"value": "Ad"}, "weeks": {"value": "many"}, "gone": {"value": "x"}}
        pressed = {"view": view, "action_id": "met", "block_id": "yes", "values": typed}
        assert (await visitor.act(people.ada, "click", **pressed))["ok"]
        values = heard[0]["view"]["state"]["values"]
        assert values["name"]["value"]["value"] == "Ad"
        assert values["weeks"]["value"]["value"] == "12"
        seen = await visitor.sees(people.ada)
        assert seen["modal"]["state"]["values"]["name"]["value"]["value"] == "Ad"

    async def test_somebody_elses_modal(self, visitor, demo, people, heard) -> None:
        view = open_modal(demo, people.ben)
        answer = await visitor.act(people.ada, "click", view=view, action_id="met")
        assert answer["ok"] is False
        assert heard == []


class TestSubmit:
    async def test_filled_in(self, visitor, demo, people, heard) -> None:
        view = open_modal(demo, people.ada)
        filled = {"name": {"value": "Ada"}, "weeks": {"value": 8}}
        assert await visitor.act(people.ada, "submit", view=view, values=filled) == {"ok": True}
        assert heard[0]["view"]["state"]["values"]["weeks"]["value"]["value"] == "8"
        assert (await visitor.sees(people.ada))["modal"] is None

    async def test_what_slack_finds_wrong_stands_beside_its_input(
        self, visitor, demo, people, heard
    ) -> None:
        view = open_modal(demo, people.ada)
        filled = {"name": {"value": ""}, "weeks": {"value": "many"}}
        assert await visitor.act(people.ada, "submit", view=view, values=filled) == {
            "ok": True,
            "errors": {"name": "This is required.", "weeks": "Please enter a number."},
        }
        assert heard == []
        assert (await visitor.sees(people.ada))["modal"]["id"] == view

    async def test_what_the_app_finds_wrong_too(self, visitor, demo, people, bolt) -> None:
        @bolt.view("join")
        async def refuse(ack) -> None:
            await ack({"response_action": "errors", "errors": {"name": "Taken."}})

        view = open_modal(demo, people.ada)
        answer = await visitor.act(
            people.ada, "submit", view=view, values={"name": {"value": "Ada"}}
        )
        assert answer == {"ok": True, "errors": {"name": "Taken."}}

    async def test_a_form_that_was_replaced_meanwhile(self, visitor, demo, people, heard) -> None:
        first = open_modal(demo, people.ada)
        demo.sandbox.views.clear(people.ada)
        second = open_modal(demo, people.ada)
        values = {"name": {"value": "Ada"}}
        answer = await visitor.act(people.ada, "submit", view=first, values=values)
        assert answer == {"ok": False, "problem": "This form is not open any more."}
        assert heard == []
        assert (await visitor.act(people.ada, "submit", view=second, values=values))["ok"]
        answer = await visitor.act(people.ada, "submit", view=second, values=values)
        assert answer["ok"] is False
        assert len(heard) == 1

    async def test_a_form_that_the_app_changed_meanwhile(
        self, visitor, demo, people, heard
    ) -> None:
        view = open_modal(demo, people.ada)
        shorter = {**MODAL, "blocks": MODAL["blocks"][:2]}
        demo.sandbox.views.update(demo.sandbox.views.find(view, None), shorter)
        filled = {"name": {"value": "Ada"}, "weeks": {"value": 8}}
        assert (await visitor.act(people.ada, "submit", view=view, values=filled))["ok"]
        assert heard[0]["view"]["state"]["values"].keys() == {"name"}

    async def test_one_on_which_another_lies(self, visitor, demo, people, heard) -> None:
        below = open_modal(demo, people.ada)
        demo.sandbox.views.push(people.ada, MODAL)
        answer = await visitor.act(people.ada, "submit", view=below)
        assert answer["ok"] is False


class TestClose:
    async def test_the_top_or_all(self, visitor, demo, people, heard) -> None:
        view = open_modal(demo, people.ada)
        for everything, left in ((False, 1), (True, 0)):
            top = demo.sandbox.views.push(people.ada, MODAL).id
            answer = await visitor.act(people.ada, "close", view=top, all=everything)
            assert answer == {"ok": True}
            assert (await visitor.sees(people.ada))["depth"] == left
        answer = await visitor.act(people.ada, "close", view=view)
        assert answer == {"ok": False, "problem": "This form is not open any more."}

    async def test_all_is_yes_or_no(self, visitor, people) -> None:
        path = f"/demo/people/{people.ada}/close"
        status, _ = await visitor.post(path, {"view": "V1", "all": "yes"})
        assert status == 400


class TestHome:
    async def test_the_app_hears_of_it(self, visitor, demo, people, bolt) -> None:
        opened: list[str] = []

        @bolt.event("app_home_opened")
        async def note(event) -> None:
            opened.append(event["user"])

        assert await visitor.act(people.ada, "home") == {"ok": True}
        await demo.sandbox.settle()
        assert opened == [people.ada]


class TestClock:
    @pytest.mark.parametrize("days", [1, 7])
    async def test_moves_on(self, visitor, demo, days) -> None:
        assert await visitor.post("/demo/clock", {"days": days}) == (202, {"ok": True})
        assert demo.moved == [days]

    @pytest.mark.parametrize("days", [0, 2, -1, 365, "1", 1.5, True, None, [1], {}])
    async def test_by_nothing_else(self, visitor, demo, days) -> None:
        status, answer = await visitor.post("/demo/clock", {"days": days})
        assert (status, answer["ok"]) == (400, False)
        assert demo.moved == []

    async def test_not_while_it_is_moving(self, visitor, demo) -> None:
        demo.moving = True
        status, answer = await visitor.post("/demo/clock", {"days": 1})
        assert (status, answer["ok"]) == (409, False)
        assert answer["problem"].endswith(".")


class TestCast:
    async def test_on_and_off(self, visitor, demo) -> None:
        for acting in (False, False, True):
            assert await visitor.post("/demo/cast", {"acting": acting}) == (200, {"ok": True})
            assert demo.acting is acting

    @pytest.mark.parametrize("body", [{}, {"acting": 1}, {"acting": "no"}, {"acting": None}])
    async def test_neither(self, visitor, demo, body) -> None:
        status, _ = await visitor.post("/demo/cast", body)
        assert status == 400
        assert demo.acting is True


class TestAsSentence:
    def test_one(self) -> None:
        assert as_sentence("this is required") == "This is required."
        assert as_sentence("/x is not a command here") == "/x is not a command here."
