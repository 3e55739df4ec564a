from bot.views.modals.match_decisions import ON_A_PAGE
from models import Decision, DecisionKind
from tests.handlers.actions.reviewed import hold, modal, opened
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_says_who_decided_what_about_whom(self, scene: Scene) -> None:
        await opened(scene)
        await hold(scene, "lock")
        await scene.robin.click(modal(scene), "open_decisions")
        locked, requested = texts(modal(scene))
        assert f"<@{scene.robin.id}> locked a pair" in locked
        assert f"<@{scene.jo.id}> with <@{scene.lena.id}>" in locked
        assert f"<@{scene.robin.id}> asked for a match" in requested

    async def test_turns_its_pages_in_place(self, scene: Scene) -> None:
        await opened(scene)
        async with scene.company.transaction() as session:
            values = {"kind": DecisionKind.WEIGHED, "decided_at": scene.runtime.clock()}
            session.add_all(
                Decision(program_id=scene.program.id, **values) for _ in range(ON_A_PAGE)
            )
        await scene.robin.click(modal(scene), "open_decisions")
        first = modal(scene)
        await scene.robin.click(first, "open_decisions")
        assert modal(scene)["id"] == first["id"]
        assert "asked for a match" in texts(modal(scene))[0]
        await scene.robin.close()
        assert modal(scene)["callback_id"] == "match_run"
