from typing import Any

from bot.pairs import service as pairs
from models import Pair, PairState, Program, ProgramState
from sandbox.client import Member
from tests.handlers.scene import Scene, on_one_engine, texts

Json = dict[str, Any]


async def asked(scene: Scene) -> tuple[Pair, dict[Member, Json]]:
    """The pair, whose program ends early, and what each of the two is asked in a DM."""
    pair = await scene.open_pair()
    async with scene.company.transaction() as session:
        program = await session.get_one(Program, scene.program.id)
        program.state = ProgramState.CLOSING
        await pairs.wind_down(session, scene.runtime, program)
    both = (scene.jo, scene.lena)
    return pair, {one: (await scene.in_channel(one, one.direct()))[-1] for one in both}


def shown(member: Member, question: Json) -> Json:
    found = member.messages(question["channel"])
    return next(message for message in found if message["ts"] == question["ts"])


async def answers(scene: Scene) -> list[bool | None]:
    """The mentor's and the mentee's."""
    [pair] = await scene.rows(Pair)
    return [pair.mentor_counts, pair.mentee_counts]


class TestListen:
    async def test_the_answer_takes_the_place_of_the_buttons_in_that_message_alone(
        self, scene: Scene
    ) -> None:
        pair, questions = await asked(scene)
        before = scene.lena.messages(pair.channel_id or "")
        await scene.jo.click(questions[scene.jo], "pair_completed")
        after = shown(scene.jo, questions[scene.jo])
        assert texts(after) == [*texts(questions[scene.jo]), scene.say("pair.closed_completed")]
        assert [block["type"] for block in after["blocks"]] == ["section", "section", "context"]
        assert await answers(scene) == [True, None]
        assert shown(scene.lena, questions[scene.lena]) == questions[scene.lena]
        assert scene.lena.messages(pair.channel_id or "") == before

    @on_one_engine
    async def test_a_second_answer_of_the_same_person_changes_nothing(self, scene: Scene) -> None:
        _, questions = await asked(scene)
        question = questions[scene.lena]
        late = scene.press(scene.lena.id, question)
        await scene.lena.click(question, "pair_stops")
        await scene.sandbox.send("interaction", late)
        assert await answers(scene) == [None, False]
        said = scene.lena.messages(question["channel"])[-1]["text"]
        assert said == scene.say("errors.pair_answered")
        assert texts(shown(scene.lena, question))[-1] == scene.say("pair.closed_stopped")

    @on_one_engine
    async def test_is_not_for_others(self, scene: Scene) -> None:
        _, questions = await asked(scene)
        late = scene.press(scene.robin.id, questions[scene.jo])
        late["channel"]["id"] = scene.robin.direct()
        await scene.sandbox.send("interaction", late)
        assert await answers(scene) == [None, None]
        assert [found.state for found in await scene.rows(Pair)] == [PairState.CLOSING]
