"""Slash commands."""

from slack_bolt.async_app import AsyncApp

from handlers import edge
from handlers.commands import mentoring


def register(app: AsyncApp) -> None:
    app.command("/mentoring")(edge.command(mentoring.route))
