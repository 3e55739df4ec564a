"""Jo and Lena's pair, of which nothing has been heard for long."""

from bot.support import service as support
from models import Pair
from tests.handlers.scene import Json, Scene


async def question(scene: Scene) -> tuple[Pair, Json]:
    """The pair, and the message to Jo that asks whether it is still good."""
    await scene.enrol_all()
    pair = await scene.open_pair()
    clock = scene.runtime.clock
    clock.forward(weeks=8)
    assert await support.ask_quiet(scene.runtime) == 1
    clock.forward(days=5)
    await scene.told(scene.jo)
    return pair, scene.jo.messages(scene.jo.direct())[-1]
