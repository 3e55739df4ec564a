import asyncio
from typing import Any

import pytest

from models import Enrollment, EnrollmentState, Person, Profile, Program, ProgramState, Role
from sandbox.client import Member
from tests.handlers.scene import Json, Scene, on_one_engine

DIGITAL, SOCIAL = "digital-tools", "social-media"
AGREED = {"ground_rules": ["agree"]}


async def join(scene: Scene, member: Member, *topics: str, **answers: Any) -> dict[str, str]:
    await scene.command(member, "join")
    return await send(member, topics=list(topics), **answers)


async def send(member: Member, **answers: Any) -> dict[str, str]:
    return (await member.submit(AGREED | answers)).errors


async def change(scene: Scene, row: Person | Program, **columns: object) -> None:
    async with scene.company.transaction() as session:
        found = await session.get_one(type(row), row.id)
        for name, value in columns.items():
            setattr(found, name, value)


def submission(scene: Scene, member: Member, **changed: Json) -> Json:
    """The open form as another client than Slack's might send it."""
    assert member.modal is not None
    workspace = scene.sandbox.workspace
    values = {
        "topics": {"selected_options": [{"value": DIGITAL}]},
        "main_topic": {"selected_option": None},
        "refused_topics": {"selected_options": []},
        "ground_rules": {"selected_options": [{"value": "agree"}]},
        "strengths": {"selected_options": []},
        "interests": {"selected_options": []},
        "learning_style": {"selected_option": None},
        "means": {"selected_options": []},
        "frequency": {"selected_option": None},
        "works_from": {"selected_option": None},
        "works_to": {"selected_option": None},
        "hours_a_month": {"value": None},
        "avoided": {"selected_users": []},
    }
    state = {name: {"value": one} for name, one in (values | changed).items()}
    return {
        "type": "view_submission",
        "team": {"id": workspace.team_id},
        "user": {"id": member.id},
        "api_app_id": workspace.app_id,
        "view": member.modal | {"state": {"values": state}},
    }


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
            assert (await scene.told(member))[0] == wanted

    async def test_joining_again_changes_the_answers(self, scene: Scene) -> None:
        await join(scene, scene.jo, DIGITAL)
        await join(scene, scene.jo, DIGITAL, SOCIAL)
        [enrolled] = await scene.rows(Enrollment)
        assert enrolled.topics == [DIGITAL, SOCIAL]
        topics = ", ".join(scene.runtime.library.topics[topic] for topic in (DIGITAL, SOCIAL))
        updated = scene.say("join.updated", program="Fresh Eyes", topics=topics)
        assert (await scene.told(scene.jo))[-1] == updated

    async def test_everything_that_can_be_filled_in(self, scene: Scene) -> None:
        answers = {
            "main_topic": DIGITAL,
            "refused_topics": [SOCIAL],
            "strengths": ["listening"],
            "interests": ["outdoors", "music"],
            "learning_style": "talking",
            "means": ["video", "walk"],
            "frequency": "monthly",
            "works_from": "8",
            "works_to": "17",
            "hours_a_month": "3",
            "avoided": [scene.robin.id],
        }
        assert await join(scene, scene.jo, DIGITAL, **answers) == {}
        [enrolled], [profile] = await scene.rows(Enrollment), await scene.rows(Profile)
        assert (enrolled.main_topic, enrolled.refused_topics) == (DIGITAL, [SOCIAL])
        assert (profile.learning_style, profile.means) == ("talking", ["video", "walk"])
        assert (profile.works_from, profile.works_to, profile.hours_a_month) == (8, 17, 3)
        await scene.command(scene.jo, "join")
        assert scene.jo.modal is not None
        elements = {
            block["block_id"]: block["element"]
            for block in scene.jo.modal["blocks"]
            if block["type"] == "input"
        }
        [strength] = elements["strengths"]["initial_options"]
        assert strength["value"] == "listening"
        assert len(elements["interests"]["initial_options"]) == 2
        assert elements["main_topic"]["initial_option"]["value"] == DIGITAL
        assert elements["avoided"]["initial_users"] == [scene.robin.id]
        assert elements["frequency"]["initial_option"]["value"] == "monthly"

    @on_one_engine
    async def test_a_level_of_ones_own_word_is_an_application(self, scene: Scene) -> None:
        new = await scene.company.person("New Here", level=None)
        member = scene.company.member(new)
        stated = {"stated_level": "5", "stated_manager": scene.lena.id}
        assert await join(scene, member, DIGITAL, **stated) == {}
        [enrolled] = await scene.rows(Enrollment)
        assert (enrolled.state, enrolled.role) == (EnrollmentState.APPLIED, Role.MENTEE)
        assert enrolled.stated_manager_id == scene.leader.id
        assert await scene.told(member) == [
            scene.say("join.applied", program="Fresh Eyes", role="mentee")
        ]
        applications = scene.say("join.applications", program="Fresh Eyes")
        assert await scene.told(scene.robin) == [applications]

    @on_one_engine
    async def test_who_is_promoted_meanwhile_joins_on_the_other_side(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        await change(scene, scene.junior, level=5)
        await send(scene.jo, topics=[SOCIAL])
        [enrolled] = await scene.rows(Enrollment)
        assert enrolled.role is Role.MENTEE

    async def test_one_form_sent_twice_at_once(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        payload = submission(scene, scene.jo)
        answers = await asyncio.gather(
            *(scene.sandbox.send("interaction", payload) for _ in range(2))
        )
        assert answers == [{}, {}]
        assert await scene.count(Enrollment) == 1


@on_one_engine
class TestBadInput:
    @pytest.mark.parametrize(
        ("answers", "field", "key"),
        [
            ({"refused_topics": [DIGITAL]}, "refused_topics", "topic_refused_too"),
            ({"main_topic": SOCIAL}, "main_topic", "main_topic_not_chosen"),
            ({"works_from": "9", "works_to": "9"}, "works_to", "works_backwards"),
            ({"works_from": "9"}, "works_to", "works_half"),
            ({"works_to": "9"}, "works_from", "works_half"),
        ],
    )
    async def test_stands_beside_its_field(
        self, scene: Scene, answers: dict[str, Any], field: str, key: str
    ) -> None:
        errors = await join(scene, scene.jo, DIGITAL, **answers)
        assert errors == {field: scene.label(f"errors.{key}")}
        assert await scene.count(Enrollment) == await scene.count(Profile) == 0

    async def test_an_identity_topic_without_its_yes(self, scene: Scene) -> None:
        await change(scene, scene.program, topics=[DIGITAL, "inclusion"])
        errors = await join(scene, scene.jo, "inclusion")
        assert errors == {"identity_topics": scene.label("errors.identity_yes_missing")}
        assert await send(scene.jo, topics=["inclusion"], identity_topics=["inclusion"]) == {}

    @pytest.mark.parametrize("field", ["avoided", "stated_manager"])
    async def test_a_guest_where_a_colleague_belongs(self, scene: Scene, field: str) -> None:
        new = await scene.company.person("New Here", level=None)
        guest = scene.sandbox.add_user("g", "A Guest", is_restricted=True)
        picked = {"avoided": [guest], "stated_manager": guest}
        errors = await join(
            scene,
            scene.company.member(new),
            DIGITAL,
            stated_level="2",
            **{field: picked[field]},
        )
        key = {"avoided": "avoided_unknown", "stated_manager": "stated_manager_unknown"}[field]
        assert errors == {field: scene.label(f"errors.{key}")}

    async def test_oneself_as_ones_manager(self, scene: Scene) -> None:
        new = await scene.company.person("New Here", level=None)
        member = scene.company.member(new)
        stated = {"stated_level": "2", "stated_manager": member.id}
        errors = await join(scene, member, DIGITAL, **stated)
        assert errors == {"stated_manager": scene.label("errors.stated_manager_self")}

    async def test_a_topic_the_program_no_longer_has(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        await change(scene, scene.program, topics=[SOCIAL])
        errors = await send(scene.jo, topics=[DIGITAL])
        assert errors == {"topics": scene.label("errors.topic_unknown")}
        assert await scene.count(Enrollment) == 0

    async def test_the_program_closes_while_the_form_is_open(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        await change(scene, scene.program, state=ProgramState.CLOSED)
        await send(scene.jo, topics=[DIGITAL])
        assert scene.jo.modal is not None
        sentence = scene.say("errors.join_closed", program="Fresh Eyes")
        assert sentence in str(scene.jo.modal["blocks"])
        assert await scene.count(Enrollment) == await scene.count(Profile) == 0

    async def test_hr_removes_a_level_while_the_form_is_open(self, scene: Scene) -> None:
        await scene.command(scene.jo, "join")
        await change(scene, scene.junior, level=None)
        await send(scene.jo, topics=[DIGITAL])
        assert scene.jo.modal is not None
        assert scene.say("errors.join_ask_again") in str(scene.jo.modal["blocks"])

    @pytest.mark.parametrize(
        ("changed", "field", "key"),
        [
            ({"topics": {"selected_options": []}}, "topics", "topics_missing"),
            ({"ground_rules": {"selected_options": []}}, "ground_rules", "ground_rules_missing"),
            ({"avoided": {"selected_users": ["U1"] * 11}}, "avoided", "avoided_too_many"),
        ],
    )
    async def test_what_slacks_own_client_would_not_send(
        self, scene: Scene, changed: dict[str, Json], field: str, key: str
    ) -> None:
        await scene.command(scene.jo, "join")
        answer = await scene.sandbox.send("interaction", submission(scene, scene.jo, **changed))
        values = {"most": 10} if key == "avoided_too_many" else {}
        sentence = scene.label(f"errors.{key}", **values)
        assert answer == {"response_action": "errors", "errors": {field: sentence}}
