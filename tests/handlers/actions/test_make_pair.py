from tests.handlers.actions.reviewed import modal, opened
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


def chosen(scene: Scene) -> list[str | None]:
    blocks = modal(scene)["blocks"]
    return [block["element"].get("initial_user") for block in blocks if "element" in block]


class TestListen:
    async def test_opens_an_empty_form(self, scene: Scene) -> None:
        await opened(scene)
        await scene.robin.click(modal(scene), "make_pair")
        assert chosen(scene) == [None, None]

    async def test_for_somebody_left_over_it_knows_them(self, scene: Scene) -> None:
        olli = await opened(scene)
        await scene.robin.click(modal(scene), "review_page", "left_over")
        await scene.robin.click(modal(scene), "make_pair", f"{olli.id}:")
        assert chosen(scene) == [olli.slack_user_id, None]
