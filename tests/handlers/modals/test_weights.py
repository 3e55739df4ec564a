from typing import Any

import pytest

from bot.matching.candidates import Candidate
from bot.matching.scores import DEFAULT_WEIGHTS
from bot.matching.task import Task
from bot.matching.weights_service import Compared
from bot.views.modals.weights import FEWEST_PAIRS, PARTS, WORDS, Weighing
from handlers.actions import preview_weights
from models import Decision, Person, Program, ProgramManager
from tests.handlers.scene import Json, Scene, logged, on_one_engine, texts

pytestmark = on_one_engine

NOTHING = dict.fromkeys(PARTS, "0")


async def opened(scene: Scene) -> dict[str, Json]:
    """The form's selects by their parts."""
    await scene.command(scene.robin, "program weights", scene.channel)
    return selects(scene)


def selects(scene: Scene) -> dict[str, Json]:
    assert scene.robin.modal is not None
    inputs = (block for block in scene.robin.modal["blocks"] if block["type"] == "input")
    return {block["block_id"]: block["element"] for block in inputs}


async def weigh(scene: Scene, **weights: int) -> None:
    async with scene.company.transaction() as session:
        (await session.get_one(Program, scene.program.id)).weights = weights


async def press(scene: Scene, **typed: Any) -> list[str]:
    """The texts in the form after the preview has come into it."""
    assert scene.robin.modal is not None
    await scene.robin.click(scene.robin.modal, "preview_weights", typed=typed)
    for task in list(scene.runtime.at_work.values()):
        await task
    return texts(scene.robin.modal)


class TestForm:
    async def test_shows_what_is_kept(self, scene: Scene) -> None:
        await weigh(scene, level=7, hours=0)
        found = await opened(scene)
        assert list(found) == list(PARTS)
        chosen = {name: int(one["initial_option"]["value"]) for name, one in found.items()}
        assert chosen == DEFAULT_WEIGHTS.by_name() | {"level": 7, "hours": 0}
        assert len(found["level"]["options"]) == len(WORDS) + 1

    async def test_is_the_managers(self, scene: Scene) -> None:
        answer = await scene.command(scene.lena, "program weights")
        assert answer.text == scene.say("errors.not_allowed")
        assert scene.lena.modal is None


class TestListen:
    async def test_keeps_them_and_says_from_when_on_they_count(self, scene: Scene) -> None:
        await weigh(scene, level=7)
        await opened(scene)
        assert (await scene.robin.submit({"department": "8"})).errors == {}
        [program] = await scene.rows(Program)
        assert program.weights == DEFAULT_WEIGHTS.by_name() | {"level": 7, "department": 8}
        assert texts(scene.robin.modal or {}) == [
            scene.say("match_weights.kept", program="Fresh Eyes")
        ]
        assert await scene.count(Decision) == 1

    async def test_nothing_that_counts(self, scene: Scene) -> None:
        await opened(scene)
        errors = (await scene.robin.submit(NOTHING)).errors
        assert errors == {"topics": scene.label("errors.weights_all_zero")}
        assert await scene.count(Decision) == 0

    async def test_profiles_count_for_half_at_most(self, scene: Scene) -> None:
        await opened(scene)
        errors = (await scene.robin.submit(NOTHING | {"learning": "2", "topics": "1"})).errors
        assert errors == {"topics": scene.label("errors.weights_tell_profiles")}
        assert await scene.count(Decision) == 0

    async def test_nothing_changed(self, scene: Scene) -> None:
        await opened(scene)
        await scene.robin.submit({})
        said = scene.say("match_weights.unchanged", program="Fresh Eyes")
        assert texts(scene.robin.modal or {}) == [said]


class TestPreview:
    async def test_comes_into_the_form_and_keeps_nothing(self, scene: Scene) -> None:
        await scene.enrol_all()
        await opened(scene)
        said = await press(scene, department="8")
        assert said[-1] == scene.say("match_weights.not_kept")
        assert scene.say("match_weights.people_same", count=2) in said[-2]
        assert scene.say("match_weights.pairs_same") in said[-2]
        assert scene.say("match_weights.parts_of_few", least=FEWEST_PAIRS) in said[-2]
        label = scene.label("match_weights.department_label")
        assert f"{label}: Some → Most of all" in said[-3]
        assert selects(scene)["department"]["initial_option"]["value"] == "8"
        [program] = await scene.rows(Program)
        assert program.weights == {}

    async def test_one_at_a_time(self, scene: Scene) -> None:
        """However often the form is opened: each takes two matches."""
        await scene.enrol_all()
        for _ in range(3):
            await opened(scene)
            assert scene.robin.modal is not None
            await scene.robin.click(scene.robin.modal, "preview_weights", typed={"level": "8"})
            assert len(scene.runtime.at_work) <= 1
        for task in list(scene.runtime.at_work.values()):
            await task
        assert texts(scene.robin.modal or {})[-1] == scene.say("match_weights.not_kept")

    async def test_can_be_saved_as_it_was_tried(self, scene: Scene) -> None:
        await scene.enrol_all()
        await opened(scene)
        await press(scene, department="8")
        assert (await scene.robin.submit({})).errors == {}
        [program] = await scene.rows(Program)
        assert program.weights == DEFAULT_WEIGHTS.by_name() | {"department": 8}

    async def test_says_meanwhile_that_it_is_being_worked_out(self, scene: Scene) -> None:
        await scene.enrol_all()
        await opened(scene)
        assert scene.robin.modal is not None
        await scene.robin.click(scene.robin.modal, "preview_weights", typed={"level": "8"})
        [task] = scene.runtime.at_work.values()
        said = texts(scene.robin.modal)
        assert said[-1] in (
            scene.say("match_weights.working"),
            scene.say("match_weights.not_kept"),
        )
        await task
        assert scene.runtime.at_work == {}

    @pytest.mark.parametrize(
        ("typed", "key"),
        [(NOTHING, "weights_all_zero"), ({}, "weights_unchanged")],
    )
    async def test_of_what_cannot_be_worked_out_says_why_above_the_form(
        self, scene: Scene, typed: dict[str, str], key: str
    ) -> None:
        await scene.enrol_all()
        await opened(scene)
        assert await press(scene, **typed) == [scene.say(f"errors.{key}")]
        await scene.robin.close()
        assert list(selects(scene)) == list(PARTS)

    async def test_while_nobody_waits_says_so(self, scene: Scene) -> None:
        await opened(scene)
        [said] = await press(scene, level="8")
        assert scene.say("match.invite_anybody") in said

    async def test_not_for_a_manager_who_could_be_in_it(self, scene: Scene) -> None:
        other = await scene.company.person("Sam Other")
        await scene.enrol_all()
        await scene.company.enrol(scene.program, scene.manager)
        await manages(scene, other)
        await opened(scene)
        [said] = await press(scene, level="8")
        assert said == scene.say("errors.weights_another_manager")

    async def test_that_fails_says_so_in_the_form(self, scene: Scene) -> None:
        await opened(scene)
        assert scene.robin.modal is not None
        somebody = Candidate(7, 1, "", frozenset(), "/7/")
        twice = Task([somebody, somebody], [somebody])
        kept = DEFAULT_WEIGHTS.by_name()
        compared, filled = Compared(scene.program, twice, twice), Weighing(3, kept, kept)
        with logged() as stream:
            view_id = scene.robin.modal["id"]
            await preview_weights.show_when_ready(scene.runtime, view_id, compared, filled)
        assert texts(scene.robin.modal)[-1] == scene.say("match_weights.failed")
        assert "preview_failed" in stream.getvalue()

    async def test_of_a_form_that_is_closed_meanwhile_is_let_go(self, scene: Scene) -> None:
        await scene.enrol_all()
        await opened(scene)
        assert scene.robin.modal is not None
        await scene.robin.click(scene.robin.modal, "preview_weights", typed={"level": "8"})
        await scene.robin.close()
        for task in list(scene.runtime.at_work.values()):
            await task
        assert scene.robin.modal is None


async def manages(scene: Scene, person: Person) -> None:
    async with scene.company.transaction() as session:
        session.add(ProgramManager(program_id=scene.program.id, person_id=person.id))
