"""Opening the Home tab reaches us by its real transport."""

from pathlib import Path
from typing import Any

from models import (
    Enrollment,
    EnrollmentState,
    Home,
    MatchRun,
    MatchRunState,
    PairState,
    Program,
    ProgramState,
)
from sandbox.faults import Fault
from tests.conftest import Clock
from tests.handlers.scene import Scene, events, logged, on_one_engine

ACTIONS = Path(__file__).parents[3] / "handlers" / "actions"
ELSEWHERE = {
    *("__init__", "publish_match", "pair_completed", "pair_stops"),
    *("approve", "decline", "talk_first", "queue_page", "lesson_back", "end_pair", "go_on_pair"),
    *("accept_match", "decline_match", "allow_pair", "check_match", "hold_pair", "make_pair"),
    *("open_decisions", "open_fairness", "open_weights", "preview_weights", "review_page"),
    *("run_again", "stop_asking", "still_together"),
}
"""Buttons that are in messages and forms only."""


async def press_all(scene: Scene, home: dict[str, Any]) -> set[str]:
    """Presses every button once; returns their action ids."""
    buttons = [block["accessory"] for block in home["blocks"] if "accessory" in block]
    for block in home["blocks"]:
        buttons += block["elements"] if block["type"] == "actions" else []
    with logged() as logs:
        for button in buttons:
            await scene.jo.click(home, button["action_id"], button["value"])
    assert events(logs, "listener_failed") == []
    return {button["action_id"] for button in buttons}


async def look(scene: Scene) -> dict[str, Any]:
    scene.jo.open_home()
    await scene.sandbox.settle()
    assert scene.sandbox.undelivered == []
    assert scene.jo.home is not None
    return scene.jo.home


class TestAppHomeOpened:
    async def test_shows_the_person_their_home(self, scene: Scene) -> None:
        await scene.enrol_all()
        waits = scene.say("home.waiting", program="Fresh Eyes", role="mentor")
        assert waits in str((await look(scene))["blocks"])
        assert await scene.count(Home) == 1

    @on_one_engine
    async def test_a_button_on_it_works(self, scene: Scene, clock: Clock) -> None:
        pair = await scene.open_pair()
        clock.forward(weeks=2)
        home = await look(scene)
        await scene.jo.click(home, "we_met", f"{pair.id}:1")
        assert scene.jo.modal is not None
        assert scene.say("pair.met", count=1) in str(scene.jo.modal["blocks"])

    @on_one_engine
    async def test_one_that_opens_a_form(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.jo.click(await look(scene), "open_leave")
        assert scene.jo.modal is not None

    @on_one_engine
    async def test_every_button_has_somebody_who_listens(self, scene: Scene, clock: Clock) -> None:
        """A press that nobody listens to is not acknowledged, and raises here."""
        await scene.company.program(scene.junior, name="Draft", state=ProgramState.DRAFT)
        paused = await scene.company.program(scene.junior, name="Resting")
        waiting = await scene.company.program(scene.manager, name="Waiting")
        async with scene.company.transaction() as session:
            (await session.get_one(Program, paused.id)).paused_at = clock.now
            proposed = MatchRunState.PROPOSED
            session.add(MatchRun(program_id=paused.id, state=proposed, created_at=clock.now))
        applied = await scene.company.enrol(paused, scene.leader)
        async with scene.company.transaction() as session:
            found = await session.get_one(Enrollment, applied.id)
            found.state = EnrollmentState.APPLIED
        await scene.company.enrol(waiting, scene.junior)
        await scene.open_pair()
        ann = await scene.company.person("Ann New", level=2)
        await scene.company.pair(paused, ann, scene.leader, state=PairState.PAUSED)
        clock.forward(weeks=2)
        pressed = await press_all(scene, await look(scene))
        await scene.command(scene.jo, "pause")
        await scene.jo.submit()
        clock.forward(minutes=1)
        pressed |= await press_all(scene, await look(scene))
        assert pressed == {path.stem for path in ACTIONS.glob("*.py")} - ELSEWHERE

    @on_one_engine
    async def test_the_other_tab_is_none_of_its_business(self, scene: Scene) -> None:
        scene.sandbox.emit({**event(scene), "tab": "messages"})
        await scene.sandbox.settle()
        assert scene.jo.home is None

    @on_one_engine
    async def test_an_event_that_comes_again_does_no_harm(self, scene: Scene) -> None:
        scene.sandbox.faults.add(Fault("duplicate", method="app_home_opened"))
        await look(scene)
        assert await scene.count(Home) == 1

    @on_one_engine
    async def test_of_a_workspace_where_we_are_not_installed(self, scene: Scene) -> None:
        """Slack can show them nothing, and need not send it again."""
        envelope = {
            "team_id": "T9999999",
            "api_app_id": scene.sandbox.workspace.app_id,
            "type": "event_callback",
            "event_id": "Ev1",
            "event": event(scene),
        }
        assert await scene.sandbox.send("event", envelope) == {}
        assert await scene.count(Home) == 0


def event(scene: Scene) -> dict[str, Any]:
    return {
        "type": "app_home_opened",
        "user": scene.jo.id,
        "channel": scene.jo.direct(),
        "tab": "home",
        "event_ts": "1767603600.000100",
    }
