"""Buttons; each file has the name of its action id."""

from slack_bolt.async_app import AsyncApp

from bot.views import match_proposal, messages
from handlers import edge
from handlers.actions import join, publish_match, set_goal, we_met


def register(app: AsyncApp) -> None:
    app.action(messages.JOIN)(edge.action(join.listen))
    app.action(messages.SET_GOAL)(edge.action(set_goal.listen))
    app.action(messages.WE_MET)(edge.action(we_met.listen))
    app.action(match_proposal.PUBLISH)(edge.action(publish_match.listen))
