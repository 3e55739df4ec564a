import json

from bot.delivery import service as delivery
from models import MatchRun, Pair, PairState, Person, Program
from prompts.library import Mrkdwn
from sandbox.client import Member
from tests.handlers.scene import Json, Scene, logged, on_one_engine, texts


def notice(member: Member) -> Json:
    assert member.modal is not None
    return member.modal


async def choose(scene: Scene, member: Member, wish: str) -> Json:
    await scene.command(member, "support")
    assert (await member.submit({"wish": wish})).errors == {}
    return notice(member)


async def pair_of(scene: Scene) -> Pair:
    await scene.enrol_all()
    return await scene.open_pair()


async def name_contact(scene: Scene) -> Member:
    contact = await scene.company.person("Hera Rowe", level=4)
    async with scene.company.transaction() as session:
        (await session.get_one(Program, scene.program.id)).support_contact_id = contact.id
    return scene.company.member(contact)


class TestListen:
    @on_one_engine
    async def test_another_partner_asks_once_more(self, scene: Scene) -> None:
        await pair_of(scene)
        view = await choose(scene, scene.jo, "partner")
        assert view["callback_id"] == "support_part"
        assert [pair.state for pair in await scene.rows(Pair)] == [PairState.ACTIVE]

    @on_one_engine
    async def test_something_else_names_the_managers(self, scene: Scene) -> None:
        await pair_of(scene)
        assert scene.robin.id in str(await choose(scene, scene.jo, "other"))

    @on_one_engine
    async def test_a_worry_where_the_program_names_nobody(self, scene: Scene) -> None:
        await pair_of(scene)
        said = texts(await choose(scene, scene.jo, "worry"))
        assert said == [scene.say("support.no_contact", program="Fresh Eyes")]

    @on_one_engine
    async def test_of_several_one_must_be_chosen(self, scene: Scene) -> None:
        await pair_of(scene)
        other = await scene.company.program(scene.manager, name="Other")
        await scene.company.enrol(other, scene.junior)
        await scene.command(scene.jo, "support")
        about = f"program:{other.id}"
        refused = await scene.jo.submit({"about": about, "wish": "partner"})
        assert refused.errors == {"wish": scene.label("errors.support_no_pair")}
        assert (await scene.jo.submit({"about": about, "wish": "other"})).errors == {}


class TestPart:
    async def test_both_read_the_same_and_a_match_is_asked_for(self, scene: Scene) -> None:
        pair = await pair_of(scene)
        for level in (1, 6):
            person: Person = await scene.company.person(level=level)
            await scene.company.enrol(scene.program, person)
        await choose(scene, scene.lena, "partner")
        assert (await scene.lena.submit()).errors == {}
        assert texts(notice(scene.lena))[0] == scene.say("support.parted", program="Fresh Eyes")
        ended = scene.say("pair.ended", program="Fresh Eyes")
        assert await scene.told(scene.jo) == await scene.told(scene.lena) == [ended]
        assert await scene.told(scene.robin) == []
        assert [found.state for found in await scene.rows(Pair)] == [PairState.ENDED]
        assert [run.program_id for run in await scene.rows(MatchRun)] == [pair.program_id]

    @on_one_engine
    async def test_the_log_says_nothing_of_it(self, scene: Scene) -> None:
        await pair_of(scene)
        with logged() as stream:
            await choose(scene, scene.jo, "partner")
            await scene.jo.submit()
            await delivery.send_due(scene.runtime)
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert [line for line in lines if line["event"] != "library_message"] == []
        assert scene.jo.id not in stream.getvalue()

    @on_one_engine
    async def test_when_the_partner_was_faster(self, scene: Scene) -> None:
        await pair_of(scene)
        for member in (scene.jo, scene.lena):
            await choose(scene, member, "partner")
        for member in (scene.jo, scene.lena):
            await member.submit()
        assert scene.say("errors.pair_ended") in texts(notice(scene.lena))


class TestAskContact:
    @on_one_engine
    async def test_writes_to_them_alone(self, scene: Scene) -> None:
        await pair_of(scene)
        hera = await name_contact(scene)
        view = await choose(scene, scene.jo, "worry")
        assert hera.id in str(view)
        assert (await scene.jo.submit()).errors == {}
        contact = Mrkdwn(f"<@{hera.id}>")
        assert texts(notice(scene.jo)) == [scene.say("support.asked", contact=contact)]
        [told] = await scene.told(hera)
        assert f"<@{scene.jo.id}>" in told
        assert await scene.told(scene.lena) == await scene.told(scene.robin) == []

    @on_one_engine
    async def test_when_they_have_gone_meanwhile(self, scene: Scene) -> None:
        await pair_of(scene)
        await name_contact(scene)
        await choose(scene, scene.jo, "worry")
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).support_contact_id = None
        await scene.jo.submit()
        assert scene.say("errors.support_changed") in texts(notice(scene.jo))
