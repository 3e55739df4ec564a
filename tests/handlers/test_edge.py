import time
from typing import Any

import aiohttp
import pytest

from bot.views import blocks
from bot.views.modals.goal import PARTS
from models import Enrollment, Goal, MatchRun, Program
from sandbox.errors import NotAcknowledged
from sandbox.faults import Fault
from sandbox.to_app.transport import encoded, sign
from tests.handlers.scene import Scene, events, is_private, logged, on_one_engine, texts

FILLED = dict.fromkeys(PARTS, "A sentence")


def slash(scene: Scene, text: str, **changes: Any) -> dict[str, Any]:
    """A slash command of Jo's, as Slack sends it."""
    workspace = scene.sandbox.workspace
    return {
        "team_id": workspace.team_id,
        "channel_id": scene.jo.direct(),
        "user_id": scene.jo.id,
        "command": "/mentoring",
        "text": text,
        "api_app_id": workspace.app_id,
        "response_url": f"{scene.sandbox.url}/response/none",
        "trigger_id": scene.sandbox.views.new_trigger(scene.jo.id),
        **changes,
    }


class TestSomethingUnforeseen:
    """An apology with a reference that stands in the log, and nothing half written."""

    async def test_in_a_command(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.lose_table("decision")
        with logged() as logs:
            answer = await scene.command(scene.robin, "match", scene.channel)
        [failure] = events(logs, "listener_failed")
        wanted = scene.say("errors.something_wrong", reference=failure["reference"])
        assert is_private(answer)
        assert answer.text == wanted
        assert failure["level"] == "error"
        assert failure["exception"] in ("OperationalError", "ProgrammingError")
        assert await scene.count(MatchRun) == 0

    async def test_in_a_form_which_keeps_what_was_typed(self, scene: Scene) -> None:
        await scene.open_pair()
        await scene.command(scene.jo, "goals")
        await scene.lose_table("delivery")
        with logged() as logs:
            assert (await scene.jo.submit(FILLED)).errors == {}
        [failure] = events(logs, "listener_failed")
        assert scene.jo.modal is not None
        apology = scene.say("errors.something_wrong", reference=failure["reference"])
        assert apology in str(scene.jo.modal["blocks"])
        assert await scene.count(Goal) == 0
        await scene.jo.close()
        assert scene.jo.modal is not None
        assert scene.jo.modal["state"]["values"]["learning"]["value"]["value"] == "A sentence"

    async def test_behind_a_button(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.company.enrol(scene.program, await scene.company.person("Olli", level=1))
        proposal = await scene.proposal()
        await scene.lose_table("delivery")
        with logged() as logs:
            await scene.robin.click(proposal, "publish_match")
        [failure] = events(logs, "listener_failed")
        said = scene.robin.messages(scene.channel)[-1]
        assert said["text"] == scene.say("errors.something_wrong", reference=failure["reference"])
        assert [program.state.value for program in await scene.rows(Program)] == ["enrolling"]

    async def test_behind_an_event_slack_is_asked_to_send_it_again(self, scene: Scene) -> None:
        await scene.lose_table("delivery")
        workspace = scene.sandbox.workspace
        event = {
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "type": "event_callback",
            "event_id": "Ev1",
            "event": {
                "type": "message_metadata_posted",
                "message_ts": "1.2",
                "metadata": {"event_type": "turnabout_delivery", "event_payload": {"id": "x"}},
            },
        }
        with pytest.raises(NotAcknowledged) as refused:
            await scene.sandbox.send("event", event)
        assert refused.value.status == 500

    @on_one_engine
    async def test_each_time_has_a_reference_of_its_own(self, scene: Scene) -> None:
        await scene.lose_table("program")
        answers = {(await scene.command(scene.jo, "join")).text for _ in range(3)}
        assert len(answers) == 3

    @on_one_engine
    async def test_the_app_goes_on(self, scene: Scene) -> None:
        await scene.lose_table("match_run")
        await scene.enrol_all()
        await scene.command(scene.robin, "match", scene.channel)
        answer = await scene.command(scene.robin, "help")
        assert answer.text == scene.say("help.participant")


@on_one_engine
class TestSlackSaysNo:
    async def test_a_trigger_that_is_too_old(self, scene: Scene) -> None:
        with logged() as logs:
            answer = await scene.sandbox.send("command", slash(scene, "join", trigger_id="1.2.x"))
        [failure] = events(logs, "listener_failed")
        assert (failure["code"], failure["level"]) == ("invalid_trigger_id", "error")
        assert answer["text"] == scene.say("errors.slack_refused", reference=failure["reference"])

    @pytest.mark.parametrize("kind", ["status", "ratelimited", "drop_before"])
    async def test_what_passes_is_a_warning(self, scene: Scene, kind: str) -> None:
        scene.sandbox.faults.add(Fault(kind, method="views.open"))
        with logged() as logs:
            answer = await scene.command(scene.jo, "join")
        [failure] = events(logs, "listener_failed")
        assert failure["level"] == "warning"
        assert answer.text == scene.say("errors.slack_refused", reference=failure["reference"])
        assert scene.jo.modal is None
        await scene.command(scene.jo, "join")
        assert scene.jo.modal is not None

    async def test_slack_cannot_say_who_it_is(self, scene: Scene) -> None:
        answer = await scene.sandbox.send("command", slash(scene, "join", user_id="U9999999"))
        assert answer["text"] == scene.say("errors.slack_unavailable")

    async def test_the_answer_of_a_button_does_not_get_through(self, scene: Scene) -> None:
        await scene.enrol_all()
        press = scene.press(scene.jo.id, await scene.proposal(), "publish_match")
        press["response_url"] = f"{scene.sandbox.url}/response/gone"
        with logged() as logs:
            assert await scene.sandbox.send("interaction", press) == {}
        [lost] = events(logs, "answer_lost")
        assert lost["status"] == 404

    async def test_there_is_nobody_at_the_answers_address(self, scene: Scene) -> None:
        await scene.enrol_all()
        press = scene.press(scene.jo.id, await scene.proposal(), "publish_match")
        press["response_url"] = "http://127.0.0.1:9/"
        with logged() as logs:
            assert await scene.sandbox.send("interaction", press) == {}
        assert len(events(logs, "answer_lost")) == 1


def button_of(action_id: str, value: str) -> list[dict[str, Any]]:
    return [blocks.actions(blocks.button("Press", action_id, value))]


@on_one_engine
class TestAButtonInAView:
    """Slack gives it no address to answer to: what there is to say comes up above the view."""

    async def home(self, scene: Scene, action_id: str, value: str = "999") -> dict[str, Any]:
        view = {"type": "home", "blocks": button_of(action_id, value)}
        await scene.runtime.slack.publish_home(scene.jo.id, view)
        assert scene.jo.home is not None
        return scene.jo.home

    async def form(self, scene: Scene) -> dict[str, Any]:
        trigger_id = scene.sandbox.views.new_trigger(scene.jo.id)
        view = blocks.notice("Your form", "Cancel", "Text")
        view["blocks"] += button_of("set_goal", "999")
        await scene.runtime.slack.open_view(trigger_id, view)
        assert scene.jo.modal is not None
        return scene.jo.modal

    async def test_on_a_home_as_a_modal(self, scene: Scene) -> None:
        await scene.jo.click(await self.home(scene, "set_goal"), "set_goal")
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("errors.not_your_pair")]
        assert scene.jo.modal["title"]["text"] == scene.label("home.notice_title")

    async def test_in_a_modal_above_it(self, scene: Scene) -> None:
        form = await self.form(scene)
        await scene.jo.click(form, "set_goal")
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("errors.not_your_pair")]
        assert scene.jo.modal["title"]["text"] == "Your form"
        await scene.jo.close()
        assert scene.jo.modal is not None
        assert scene.jo.modal["id"] == form["id"]

    async def test_an_answer_in_several_paragraphs_is_shown_in_full(self, scene: Scene) -> None:
        await scene.enrol_all()
        olli = await scene.company.person("Olli", level=1)
        await scene.company.enrol(scene.program, olli)
        home = await self.home(scene, "skip_round", str(scene.program.id))
        await scene.jo.click(home, "skip_round")
        assert scene.jo.modal is not None
        assert scene.jo.modal["submit"] is None

    async def test_something_unforeseen(self, scene: Scene) -> None:
        home = await self.home(scene, "set_goal")
        await scene.lose_table("pair")
        with logged() as logs:
            await scene.jo.click(home, "set_goal")
        [failure] = events(logs, "listener_failed")
        assert scene.jo.modal is not None
        apology = scene.say("errors.something_wrong", reference=failure["reference"])
        assert texts(scene.jo.modal) == [apology]

    async def test_somebody_who_has_left(self, scene: Scene) -> None:
        home = await self.home(scene, "set_goal")
        async with scene.company.transaction() as session:
            (await session.get_one(type(scene.junior), scene.junior.id)).active = False
        await scene.jo.click(home, "set_goal")
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("errors.unknown_person")]

    async def test_what_does_not_get_through_is_logged(self, scene: Scene) -> None:
        home = await self.home(scene, "set_goal")
        scene.sandbox.faults.add(Fault("error", method="views.open", error="expired_trigger_id"))
        with logged() as logs:
            await scene.jo.click(home, "set_goal")
        [lost] = events(logs, "answer_lost")
        assert lost["code"] == "expired_trigger_id"
        assert scene.jo.modal is None

    async def test_where_no_further_modal_fits_it_is_logged(self, scene: Scene) -> None:
        form = await self.form(scene)
        for _ in range(2):
            await scene.jo.click(form, "set_goal")
        with logged() as logs:
            await scene.jo.click(form, "set_goal")
        [lost] = events(logs, "answer_lost")
        assert lost["code"] == "push_limit_reached"

    async def test_a_form_opens_from_a_home_too(self, scene: Scene) -> None:
        pair = await scene.open_pair()
        await scene.jo.click(await self.home(scene, "set_goal", str(pair.id)), "set_goal")
        assert scene.jo.modal is not None
        assert scene.jo.modal["callback_id"] == "goal"


@on_one_engine
class TestWhoAsks:
    @pytest.mark.parametrize("account", [{"is_bot": True}, {"deleted": True}])
    async def test_a_bot_or_a_closed_account(self, scene: Scene, account: dict[str, Any]) -> None:
        user = scene.sandbox.add_user("x", "X", **account)
        answer = await scene.sandbox.send("command", slash(scene, "join", user_id=user))
        assert answer["text"] == scene.say("errors.unknown_person")

    async def test_somebody_who_has_left(self, scene: Scene) -> None:
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            left = await session.get_one(type(scene.junior), scene.junior.id)
            left.active = False
        for text in ("join", "help", "status"):
            answer = await scene.command(scene.jo, text)
            assert answer.text == scene.say("errors.unknown_person")
        assert await scene.count(Enrollment) == 0

    async def test_a_workspace_where_we_are_not_installed(self, scene: Scene) -> None:
        answer = await scene.sandbox.send("command", slash(scene, "join", team_id="T9999999"))
        assert answer["text"] == scene.say("errors.unknown_workspace")

    async def test_an_answer_with_nothing_to_say_is_an_empty_one(self, scene: Scene) -> None:
        assert await scene.sandbox.send("command", slash(scene, "join")) == {}


@on_one_engine
class TestWhatNobodyListensTo:
    async def test_a_button_of_another_time_is_not_taken(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        press = scene.press(scene.robin.id, proposal)
        press["actions"][0]["action_id"] = "of_another_time"
        with pytest.raises(NotAcknowledged) as refused:
            await scene.sandbox.send("interaction", press)
        assert refused.value.status == 404


@on_one_engine
class TestSignature:
    """Only Slack can speak to the app over HTTP."""

    async def test_a_wrong_one_is_refused(self, scene: Scene) -> None:
        secret, now = scene.sandbox.signing_secret, int(time.time())
        body, content_type = encoded("command", slash(scene, "join"))
        forged = {
            "with another secret": _signed("another", now, body),
            "of another body": _signed(secret, now, body + "&text=help"),
            "of long ago": _signed(secret, now - 301, body),
            "from the future": _signed(secret, now + 301, body),
            "empty": _signed(secret, now, body) | {"X-Slack-Signature": ""},
            "no signature": {"X-Slack-Request-Timestamp": str(now)},
            "no timestamp": {"X-Slack-Signature": sign(secret, str(now), body)},
            "nothing": {},
        }
        for what, headers in forged.items():
            status, _ = await _post(scene, body, headers | {"Content-Type": content_type})
            assert status == 401, what
        assert scene.jo.modal is None

    async def test_the_right_one_is_taken(self, scene: Scene) -> None:
        body, content_type = encoded("command", slash(scene, "join"))
        headers = _signed(scene.sandbox.signing_secret, int(time.time()), body)
        status, _ = await _post(scene, body, headers | {"Content-Type": content_type})
        assert status == 200
        assert scene.jo.modal is not None


def _signed(secret: str, timestamp: int, body: str) -> dict[str, str]:
    return {
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": sign(secret, str(timestamp), body),
    }


async def _post(scene: Scene, body: str, headers: dict[str, str]) -> tuple[int, str]:
    transport = scene.sandbox._transport
    async with (
        aiohttp.ClientSession() as session,
        session.post(transport._url, data=body, headers=headers) as response,
    ):
        return response.status, "" if response.status != 200 else await response.text()
