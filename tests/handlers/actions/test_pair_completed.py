from typing import Any

from bot.pairs import service as pairs
from models import Pair, PairState, Program, ProgramState
from tests.handlers.scene import Scene, on_one_engine, texts


async def asked(scene: Scene) -> tuple[Pair, dict[str, Any]]:
    """The pair, whose program ends early, and the question in its channel how it closes."""
    pair = await scene.open_pair()
    async with scene.company.transaction() as session:
        program = await session.get_one(Program, scene.program.id)
        program.state = ProgramState.CLOSING
        await pairs.wind_down(session, scene.runtime, program)
    question = (await scene.in_channel(scene.jo, pair.channel_id or ""))[-1]
    return pair, question


def shown(scene: Scene, question: dict[str, Any]) -> dict[str, Any]:
    found = scene.lena.messages(question["channel"])
    return next(message for message in found if message["ts"] == question["ts"])


class TestListen:
    async def test_the_answer_takes_the_place_of_the_buttons_for_both(self, scene: Scene) -> None:
        _, question = await asked(scene)
        await scene.jo.click(question, "pair_completed")
        after = shown(scene, question)
        assert texts(after) == [*texts(question), scene.say("pair.closed_completed")]
        assert [block["type"] for block in after["blocks"]] == ["section", "section", "context"]
        assert [pair.state for pair in await scene.rows(Pair)] == [PairState.COMPLETED]

    @on_one_engine
    async def test_a_second_answer_changes_nothing(self, scene: Scene) -> None:
        pair, question = await asked(scene)
        late = scene.press(scene.lena.id, question)
        await scene.jo.click(question, "pair_stops")
        await scene.sandbox.send("interaction", late)
        assert [found.state for found in await scene.rows(Pair)] == [PairState.ENDED]
        said = scene.lena.messages(pair.channel_id or "")[-1]["text"]
        assert said == scene.say("errors.pair_ended")
        assert texts(shown(scene, question))[-1] == scene.say("pair.closed_stopped")

    @on_one_engine
    async def test_is_not_for_others(self, scene: Scene) -> None:
        pair, question = await asked(scene)
        channel = scene.sandbox.workspace.conversations[pair.channel_id or ""]
        scene.sandbox.workspace.join(channel, [scene.robin.id])
        await scene.robin.click(question, "pair_completed")
        said = scene.robin.messages(channel.id)[-1]["text"]
        assert said == scene.say("errors.not_your_pair")
        assert [found.state for found in await scene.rows(Pair)] == [PairState.CLOSING]
