"""The cast acts as people do: what reaches the app is signed as Slack signs it."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from sandbox.demo.agenda import Agenda
from sandbox.demo.cast import Cast, Scene
from sandbox.demo.manager import TOPICS
from sandbox.server import Sandbox
from sandbox.web_api.api import Call
from tests.conftest import Clock

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WEEKS = 4
SEVERAL, ONE = ("topics", "strengths", "interests", "means"), ("learning_style", "frequency")
"""The fields in which several things can be chosen, and those in which one can."""
SUPPORT = ("about", "wish")
FORMS = {
    "program new": ("template",),
    "join": SEVERAL + ONE,
    "support": SUPPORT,
}
BUTTONS = {"open_support": SUPPORT}


def form(fields: Sequence[str]) -> dict[str, Any]:
    """A modal in which everything is typed or chosen."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": [
            {
                "type": "input",
                "block_id": field,
                "label": plain(field),
                "element": element(field),
                "optional": field not in ("template", "topics"),
            }
            for field in fields
        ],
    }


def element(field: str) -> dict[str, Any]:
    if field == "about":
        options = [{"text": plain(one), "value": one} for one in ("program:1", "pair:1")]
        return {"type": "radio_buttons", "action_id": "value", "options": options}
    if field == "wish":
        options = [{"text": plain(one), "value": one} for one in ("partner", "worry")]
        return {"type": "radio_buttons", "action_id": "value", "options": options}
    if field not in SEVERAL + ONE:
        return {"type": "plain_text_input", "action_id": "value"}
    options = [{"text": plain(topic), "value": topic} for topic in TOPICS]
    kind = "checkboxes" if field in SEVERAL else "static_select"
    return {"type": kind, "action_id": "value", "options": options}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


@dataclass
class Recorder:
    """An app that opens a form or says hello, and notes what it is sent."""

    sandbox: Sandbox
    unsigned: int = 0
    commands: list[tuple[str, str]] = field(default_factory=list)
    submissions: list[tuple[str, Any]] = field(default_factory=list)
    pressed: list[tuple[str, str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        verifier = SignatureVerifier(self.sandbox.signing_secret)
        if not verifier.is_valid_request(body, dict(request.headers)):
            self.unsigned += 1
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if "payload" in sent:
            payload = json.loads(sent["payload"])
            if payload["type"] == "block_actions":
                self.press(payload)
                return web.Response()
            self.submissions.append((payload["user"]["id"], payload["view"]["state"]["values"]))
            return web.Response()
        self.commands.append((sent["user_id"], sent["text"]))
        if fields := FORMS.get(sent["text"]):
            self.open(sent["trigger_id"], fields)
            return web.Response()
        hello = {"type": "section", "text": plain("Hello")}
        return web.json_response({"text": "Hello", "blocks": [hello]})

    def press(self, payload: dict[str, Any]) -> None:
        [action] = payload["actions"]
        self.pressed.append((payload["user"]["id"], action["action_id"]))
        if fields := BUTTONS.get(action["action_id"]):
            self.open(payload["trigger_id"], fields)

    def open(self, trigger_id: str, fields: Sequence[str]) -> None:
        self.sandbox.views.open(trigger_id, form(fields))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock) as sandbox:
        yield sandbox


@pytest.fixture
async def recorder(sandbox: Sandbox) -> AsyncIterator[Recorder]:
    recorder = Recorder(sandbox)
    app = web.Application()
    app.router.add_post("/slack/events", recorder.take)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.deliver_over_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield recorder
    await runner.cleanup()


@pytest.fixture
def cast(sandbox: Sandbox, clock: Clock) -> Cast:
    manager = sandbox.add_user("robin", is_admin=True)
    scene = Scene(
        manager_id=manager,
        employee_ids=[sandbox.add_user(f"employee{number}") for number in range(40)],
        admin_channel=sandbox.add_channel("team", [manager], private=True, app=True),
        starts_on=BEGIN.date(),
        weeks=WEEKS,
    )
    return Cast(sandbox, Agenda(), scene, clock, 5)


def posted(channel: str, *action_ids: str, at: datetime = BEGIN) -> Call:
    """The app has posted a message with these buttons."""
    args = {"channel": channel, "blocks": blocks_with(*action_ids)}
    return Call(at, "T1", "chat.postMessage", args, ok=True, error=None)


def blocks_with(*action_ids: str) -> list[dict[str, Any]]:
    buttons = [
        {"type": "button", "action_id": action_id, "text": plain("Press"), "value": "1"}
        for action_id in action_ids
    ]
    return [{"type": "actions", "block_id": "buttons", "elements": buttons}]


async def answer(cast: Cast, clock: Clock, *action_ids: str) -> None:
    """Everybody is sent these buttons, and does what comes to their mind."""
    workspace = cast._sandbox.workspace
    for person in cast.scene.employee_ids:
        direct = workspace.conversations[cast._sandbox.member(person).direct()]
        workspace.post(direct, workspace.bot.id, "Well?", blocks=blocks_with(*action_ids))
        cast.notice(posted(person, *action_ids))
    while cast.agenda.next_at is not None:
        clock.now = cast.agenda.next_at
        await cast.agenda.play_next(clock.now)


async def play(cast: Cast, clock: Clock) -> None:
    end = BEGIN + timedelta(weeks=WEEKS + 2)
    cast.plan_manager(BEGIN, end)
    cast.notice(posted("C1", "join"))
    while cast.agenda.next_at is not None and cast.agenda.next_at <= end:
        clock.now = cast.agenda.next_at
        await cast.agenda.play_next(clock.now)


class TestCast:
    async def test_every_act_is_signed(self, cast: Cast, recorder: Recorder, clock: Clock) -> None:
        await play(cast, clock)
        assert recorder.unsigned == 0
        assert len(recorder.commands) > 30

    async def test_some_join_some_think_better_and_some_never_come(
        self, cast: Cast, recorder: Recorder, clock: Clock
    ) -> None:
        await play(cast, clock)
        asked = {user for user, text in recorder.commands if text == "join"}
        joined = {user for user, _ in recorder.submissions} - {cast.scene.manager_id}
        everybody = set(cast.scene.employee_ids)
        assert joined < asked < everybody
        for user, values in recorder.submissions:
            if user == cast.scene.manager_id:
                continue
            assert values["topics"]["value"]["selected_options"]

    async def test_the_manager_opens_matches_and_reads_and_somebody_meddles(
        self, cast: Cast, recorder: Recorder, clock: Clock
    ) -> None:
        await play(cast, clock)
        manager = cast.scene.manager_id
        assert [text for user, text in recorder.commands if user == manager] == [
            "program new",
            "match",
            *["queue"] * 9,
            "program weights",
            "match",
            "status",
        ]
        meddler = cast.scene.employee_ids[0]
        assert {"match", "queue", "status"} <= {
            text for user, text in recorder.commands if user == meddler
        }
        assert cast.report is not None
        assert cast.report.text == "Hello"


class TestAnswers:
    async def test_most_say_yes_some_no_and_some_nothing(
        self, cast: Cast, recorder: Recorder, clock: Clock
    ) -> None:
        everybody = cast.scene.employee_ids
        await answer(cast, clock, "accept_match", "decline_match")
        said = [action for _, action in recorder.pressed]
        assert {user for user, _ in recorder.pressed} < set(everybody)
        assert len(said) - said.count("decline_match") > len(everybody) / 2
        assert 0 < said.count("decline_match") < 10
        [again] = [text for user, text in recorder.commands if user == cast.scene.manager_id]
        assert again == "match"

    async def test_of_a_quiet_pair_most_are_fine_and_some_seek_support(
        self, cast: Cast, recorder: Recorder, clock: Clock
    ) -> None:
        await answer(cast, clock, "still_together", "open_support")
        said = [action for _, action in recorder.pressed]
        assert len(said) < len(cast.scene.employee_ids)
        assert said.count("still_together") > said.count("open_support") > 0
        seekers = [user for user, action in recorder.pressed if action == "open_support"]
        assert [user for user, _ in recorder.submissions] == seekers
        wishes = set()
        for _, values in recorder.submissions:
            assert values["about"]["value"]["selected_option"]["value"] == "pair:1"
            wishes.add(values["wish"]["value"]["selected_option"]["value"])
        assert wishes == {"partner", "worry"}


class TestSupport:
    async def test_one_would_like_another_partner_and_one_would_talk(
        self, cast: Cast, recorder: Recorder, clock: Clock
    ) -> None:
        """Of the few pairs that there are; the first one, whose story is told, goes on."""
        sandbox, people = cast._sandbox, cast.scene.employee_ids
        channels = [
            sandbox.add_channel(f"pair-{number}", people[number : number + 2], app=True)
            for number in range(0, 8, 2)
        ]
        for channel in channels:
            cast.notice(posted(channel, "we_met"))
        while cast.agenda.next_at is not None:
            clock.now = cast.agenda.next_at
            await cast.agenda.play_next(clock.now)
        wishes = [
            values["wish"]["value"]["selected_option"]["value"]
            for _, values in recorder.submissions
        ]
        assert sorted(wishes) == ["partner", "worry"]
        seekers = {user for user, _ in recorder.submissions}
        assert len(seekers) == 2
        assert not seekers & set(people[:2])


class TestDecidingOnAMatch:
    @pytest.mark.parametrize(
        ("proposed", "decided"),
        [
            ("2026-01-15T09:00", "2026-01-15T14:00"),
            ("2026-01-15T15:00", "2026-01-16T14:00"),
            ("2026-01-16T15:00", "2026-01-19T14:00"),
            ("2026-01-17T09:00", "2026-01-19T14:00"),
        ],
    )
    async def test_in_the_afternoon_of_each_working_day(
        self, cast: Cast, proposed: str, decided: str
    ) -> None:
        at = datetime.fromisoformat(proposed).replace(tzinfo=UTC)
        cast.notice(posted(cast.scene.admin_channel, "publish_match", at=at))
        assert cast.agenda.next_at == datetime.fromisoformat(decided).replace(tzinfo=UTC)

    async def test_not_so_late_that_the_pairs_would_outlive_the_demo(self, cast: Cast) -> None:
        people = cast.scene.employee_ids
        channel = cast._sandbox.add_channel("pair", people[:2], app=True)
        cast.notice(posted(channel, "we_met"))
        before = len(cast.agenda._acts)
        late = BEGIN + timedelta(weeks=6)
        cast.notice(posted(cast.scene.admin_channel, "publish_match", at=late))
        assert len(cast.agenda._acts) == before


class TestAgenda:
    async def test_plays_in_the_order_of_time_and_of_adding(self) -> None:
        agenda, played = Agenda(), []

        def act(name: str) -> Any:
            async def note() -> None:
                played.append(name)

            return note

        for hours, name in ((2, "c"), (1, "a"), (1, "b"), (3, "d")):
            agenda.add(BEGIN + timedelta(hours=hours), act(name))
        assert agenda.next_at == BEGIN + timedelta(hours=1)
        assert not await agenda.play_next(BEGIN)
        while await agenda.play_next(BEGIN + timedelta(hours=2)):
            pass
        assert played == ["a", "b", "c"]
        assert agenda.next_at == BEGIN + timedelta(hours=3)
        assert await agenda.play_next(BEGIN + timedelta(hours=3))
        assert agenda.next_at is None


class TestPuttingOff:
    async def test_one_whom_somebody_else_plays_does_nothing(
        self, cast: Cast, recorder: Recorder, clock: Clock
    ) -> None:
        cast.taken.add(cast.scene.manager_id)
        await play(cast, clock)
        assert cast.scene.manager_id not in {user for user, _ in recorder.commands}
        assert recorder.commands

    async def test_a_cast_that_rests_makes_up_for_it_a_day_later(
        self, cast: Cast, recorder: Recorder, clock: Clock
    ) -> None:
        cast.acting = False
        cast.plan_manager(BEGIN, BEGIN + timedelta(weeks=6))
        await cast.agenda.play_next(BEGIN)
        assert recorder.commands == []
        cast.acting = True
        while await cast.agenda.play_next(BEGIN + timedelta(days=1)):
            pass
        assert "program new" in [text for _, text in recorder.commands]
