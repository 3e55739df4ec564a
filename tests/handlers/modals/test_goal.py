from bot.views.modals.goal import PARTS
from models import Goal, Pair, PairState
from tests.handlers.scene import Scene, on_one_engine, texts

FILLED = {part: f"a {part} <sentence> & more" for part in PARTS}


class TestListen:
    async def test_the_goal_is_posted_for_both_to_talk_over(self, scene: Scene) -> None:
        pair = await scene.open_pair()
        await scene.command(scene.lena, "goals")
        assert (await scene.lena.submit(FILLED | {"due_on": "2026-02-10"})).errors == {}
        posted = (await scene.in_channel(scene.jo, pair.channel_id or ""))[-1]
        assert posted["text"] == scene.say("goals.posted_heading", author="").rstrip() + (
            f" <@{scene.lena.id}>"
        )
        said = texts(posted)
        assert said[1] == "*Relevant:* a relevant &lt;sentence&gt; &amp; more"
        assert said[-2] == scene.say("goals.posted_due", due="10 February 2026")
        assert f"<@{scene.jo.id}>" in said[-1]

    async def test_its_words_are_sealed_in_the_database(self, scene: Scene) -> None:
        await scene.open_pair()
        await scene.command(scene.jo, "goals")
        await scene.jo.submit(FILLED)
        [goal] = await scene.rows(Goal)
        vault, context = scene.runtime.vault, f"goal:{scene.company.workspace_id}:"
        for part in PARTS:
            sealed = getattr(goal, part)
            assert b"sentence" not in sealed
            assert vault.open(sealed, context + part) == FILLED[part]

    @on_one_engine
    async def test_a_part_with_nothing_but_blanks(self, scene: Scene) -> None:
        await scene.open_pair()
        await scene.command(scene.jo, "goals")
        errors = (await scene.jo.submit(FILLED | {"learning": "  \n"})).errors
        assert errors == {"learning": scene.label("errors.goal_part_missing")}
        assert scene.jo.modal is not None
        assert (await scene.jo.submit({"learning": "why"})).errors == {}
        assert await scene.count(Goal) == 1

    @on_one_engine
    async def test_a_day_outside_the_program(self, scene: Scene) -> None:
        await scene.open_pair()
        await scene.command(scene.jo, "goals")
        past = scene.label("errors.due_in_past")
        after = scene.label("errors.due_after_end", end="12 April 2026")
        for day, sentence in (("2026-01-04", past), ("2026-01-05", past), ("2026-04-13", after)):
            errors = (await scene.jo.submit(FILLED | {"due_on": day})).errors
            assert errors == {"due_on": sentence}
        assert await scene.count(Goal) == 0

    @on_one_engine
    async def test_the_first_and_the_last_day_are_good(self, scene: Scene) -> None:
        await scene.open_pair()
        for day in ("2026-01-06", "2026-04-12"):
            await scene.command(scene.jo, "goals")
            assert (await scene.jo.submit(FILLED | {"due_on": day})).errors == {}

    @on_one_engine
    async def test_the_pair_ends_while_the_form_is_open(self, scene: Scene) -> None:
        pair = await scene.open_pair()
        await scene.command(scene.jo, "goals")
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            (await session.get_one(Pair, pair.id)).state = PairState.COMPLETED
        await scene.jo.submit(FILLED)
        assert scene.jo.modal is not None
        assert scene.say("errors.pair_ended") in str(scene.jo.modal["blocks"])
        await scene.jo.close()
        assert scene.jo.modal is not None
        kept = scene.jo.modal["state"]["values"]
        assert kept["relevant"]["value"]["value"] == FILLED["relevant"]
        assert await scene.count(Goal) == 0

    @on_one_engine
    async def test_a_form_of_another_pair(self, scene: Scene) -> None:
        pair = await scene.open_pair()
        await scene.command(scene.jo, "goals")
        assert scene.jo.modal is not None
        view = scene.jo.modal | {"private_metadata": str(pair.id)}
        values = {part: {"value": {"value": "x"}} for part in PARTS}
        values["due_on"] = {"value": {"selected_date": "2026-02-10"}}
        workspace = scene.sandbox.workspace
        answer = await scene.sandbox.send(
            "interaction",
            {
                "type": "view_submission",
                "team": {"id": workspace.team_id},
                "user": {"id": scene.robin.id},
                "api_app_id": workspace.app_id,
                "view": view | {"state": {"values": values}},
            },
        )
        assert answer["response_action"] == "push"
        assert scene.say("errors.not_your_pair") in str(answer["view"])
        assert await scene.count(Goal) == 0
