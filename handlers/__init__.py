"""Slack listeners: a listener receives, translates, calls one service, renders."""

from slack_bolt.async_app import AsyncApp

from handlers import actions, commands, events, modals


def register(app: AsyncApp) -> None:
    commands.register(app)
    modals.register(app)
    actions.register(app)
    events.register(app)
