from models import Enrollment, ProgramState, Role
from sandbox.client import Member
from tests.handlers.scene import Scene, on_one_engine

DIGITAL, SOCIAL = "digital-tools", "social-media"


async def join(scene: Scene, member: Member, *topics: str) -> dict[str, str]:
    await scene.command(member, "join")
    return (await member.submit({"topics": list(topics)})).errors


class TestListen:
    async def test_the_role_follows_from_the_level(self, scene: Scene) -> None:
        for member in (scene.jo, scene.lena):
            assert await join(scene, member, DIGITAL) == {}
        found = {row.person_id: row.role for row in await scene.rows(Enrollment)}
        assert found == {scene.junior.id: Role.MENTOR, scene.leader.id: Role.MENTEE}

    @on_one_engine
    async def test_each_side_reads_what_it_has_joined_as(self, scene: Scene) -> None:
        topics = scene.runtime.library.topics[DIGITAL]
        for member, role in ((scene.jo, "mentor"), (scene.lena, "mentee")):
            await join(scene, member, DIGITAL)
            wanted = scene.say(f"join.confirmed_{role}", program="Fresh Eyes", topics=topics)
            assert await scene.told(member) == [wanted]

    async def test_joining_twice_updates_the_topics(self, scene: Scene) -> None:
        await join(scene, scene.jo, DIGITAL)
        await join(scene, scene.jo, DIGITAL, SOCIAL)
        [enrolled] = await scene.rows(Enrollment)
        assert enrolled.topics == [DIGITAL, SOCIAL]
        topics = ", ".join(scene.runtime.library.topics[topic] for topic in (DIGITAL, SOCIAL))
        updated = scene.say("join.updated", program="Fresh Eyes", topics=topics)
        assert (await scene.told(scene.jo))[1:] == [updated]

    @on_one_engine
    async def test_who_is_promoted_meanwhile_joins_on_the_other_side(self, scene: Scene) -> None:
        await join(scene, scene.jo, DIGITAL)
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            promoted = await session.get_one(type(scene.junior), scene.junior.id)
            promoted.level = 5
        await join(scene, scene.jo, SOCIAL)
        [enrolled] = await scene.rows(Enrollment)
        assert enrolled.role is Role.MENTEE

    @on_one_engine
    async def test_a_topic_the_program_no_longer_has(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            program = await session.get_one(type(scene.program), scene.program.id)
            program.topics = [SOCIAL]
        errors = (await scene.jo.submit({"topics": [DIGITAL]})).errors
        assert errors == {"topics": scene.label("errors.topic_unknown")}
        assert await scene.count(Enrollment) == 0

    @on_one_engine
    async def test_the_program_closes_while_the_form_is_open(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            program = await session.get_one(type(scene.program), scene.program.id)
            program.state = ProgramState.CLOSED
        await scene.jo.submit({"topics": [DIGITAL]})
        assert scene.jo.modal is not None
        assert scene.say("errors.no_program_open") in str(scene.jo.modal["blocks"])
        assert await scene.count(Enrollment) == 0

    @on_one_engine
    async def test_no_topic_at_all(self, scene: Scene) -> None:
        """Slack's own client asks for one; others may not."""
        await scene.command(scene.jo, "join")
        assert scene.jo.modal is not None
        workspace = scene.sandbox.workspace
        answer = await scene.sandbox.send(
            "interaction",
            {
                "type": "view_submission",
                "team": {"id": workspace.team_id},
                "user": {"id": scene.jo.id},
                "api_app_id": workspace.app_id,
                "view": scene.jo.modal
                | {"state": {"values": {"topics": {"value": {"selected_options": []}}}}},
            },
        )
        sentence = scene.label("errors.topics_missing")
        assert answer == {"response_action": "errors", "errors": {"topics": sentence}}
