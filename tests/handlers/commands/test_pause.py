from datetime import date

import pytest

from models import Enrollment
from tests.handlers.scene import Scene, is_private, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_until_a_day(self, scene: Scene) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.jo, "pause 2026-02-01")
        assert is_private(answer)
        assert answer.text == scene.say("pause.begun_until", until="1 February 2026")
        [other, mine] = await scene.rows(Enrollment)
        assert (mine.paused_until, other.paused_since) == (date(2026, 2, 1), None)

    async def test_without_a_day_a_form_asks(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "pause")
        assert scene.jo.modal is not None
        assert scene.jo.modal["callback_id"] == "pause"

    @pytest.mark.parametrize("typed", ["tomorrow", "2026-02-31", "1.2.2026", "for a while"])
    async def test_what_is_no_day(self, scene: Scene, typed: str) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.jo, f"pause {typed}")
        assert answer.text == scene.say("errors.pause_not_a_day", typed=typed, example="2026-01-19")

    @pytest.mark.parametrize("day", ["2026-01-05", "2025-12-24"])
    async def test_a_day_that_has_come(self, scene: Scene, day: str) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.jo, f"pause {day}")
        assert answer.text == scene.say("errors.pause_day_past")

    @pytest.mark.parametrize("typed", ["pause", "pause 2026-02-01"])
    async def test_of_nothing(self, scene: Scene, typed: str) -> None:
        answer = await scene.command(scene.jo, typed)
        assert answer.text == scene.say("errors.nothing_to_pause")
        assert scene.jo.modal is None

    async def test_the_status_says_so(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "pause 2026-02-01")
        status = await scene.command(scene.jo, "status")
        assert scene.say("status.own_break_until", until="1 February 2026") in texts(status.body)
