"""Events; each file has the name of its event."""

from slack_bolt.async_app import AsyncApp

from handlers.events import message_metadata_posted


def register(app: AsyncApp) -> None:
    app.event("message_metadata_posted")(message_metadata_posted.listen)
