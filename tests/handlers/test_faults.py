"""When Slack fails somebody who types or presses, they are told, and may try again."""

import pytest

from models import Enrollment
from sandbox.faults import CALL_KINDS, Fault
from tests.handlers.scene import Scene, is_private, on_one_engine

pytestmark = on_one_engine
FORM_COMES = {"drop_after", "slow"}
NOBODY_NOTICES = {"slow"}


@pytest.mark.parametrize("kind", CALL_KINDS)
async def test_a_form_that_could_not_be_opened(scene: Scene, kind: str) -> None:
    scene.sandbox.faults.add(Fault(kind, "views.open", seconds=0.05))
    answer = await scene.command(scene.jo, "join")
    assert (scene.jo.modal is not None) is (kind in FORM_COMES)
    assert bool(answer.text) is (kind not in NOBODY_NOTICES)
    assert kind in NOBODY_NOTICES or is_private(answer)
    if scene.jo.modal is not None:
        await scene.jo.close()
    assert not (await scene.command(scene.jo, "join")).text
    form = {"topics": ["digital-tools"], "ground_rules": ["agree"]}
    assert not (await scene.jo.submit(form)).errors
    assert await scene.count(Enrollment) == 1
    told = await scene.told(scene.jo)
    assert len(told) == len(set(told))
