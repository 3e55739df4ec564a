"""Submissions of forms; each file has the name of its form in bot/views/modals."""

from slack_bolt.async_app import AsyncApp

from bot.views.modals import goal as goal_form
from bot.views.modals import join as join_form
from bot.views.modals import new_program as new_program_form
from handlers import edge
from handlers.modals import goal, join, new_program


def register(app: AsyncApp) -> None:
    app.view(new_program_form.CALLBACK)(edge.modal(new_program.listen))
    app.view(join_form.CALLBACK)(edge.modal(join.listen))
    app.view(goal_form.CALLBACK)(edge.modal(goal.listen))
