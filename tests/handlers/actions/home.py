"""Jo's Home, as it is now."""

from tests.handlers.scene import Json, Scene


async def home(scene: Scene) -> Json:
    scene.jo.open_home()
    await scene.sandbox.settle()
    assert scene.jo.home is not None
    return scene.jo.home
