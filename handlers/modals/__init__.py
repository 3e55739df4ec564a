"""Submissions of forms; each file has the name of its form in bot/views/modals."""

from slack_bolt.async_app import AsyncApp

from bot.views.modals import announce as announce_form
from bot.views.modals import close_program as close_program_form
from bot.views.modals import goal as goal_form
from bot.views.modals import join as join_form
from bot.views.modals import launch as launch_form
from bot.views.modals import leave as leave_form
from bot.views.modals import lesson as lesson_form
from bot.views.modals import make_pair as make_pair_form
from bot.views.modals import never_pair as never_pair_form
from bot.views.modals import pause as pause_form
from bot.views.modals import profile as profile_form
from bot.views.modals import program as program_form
from bot.views.modals import support as support_form
from bot.views.modals import template as template_form
from bot.views.modals import weights as weights_form
from handlers import edge
from handlers.modals import (
    announce,
    close_program,
    goal,
    join,
    launch,
    leave,
    lesson,
    make_pair,
    never_pair,
    pause,
    profile,
    program,
    support,
    template,
    weights,
)


def register(app: AsyncApp) -> None:
    app.view(template_form.CALLBACK)(edge.modal(template.listen))
    app.view(program_form.CALLBACK)(edge.modal(program.listen))
    app.view(launch_form.CALLBACK)(edge.modal(launch.listen))
    app.view(announce_form.CALLBACK)(edge.modal(announce.listen))
    app.view(close_program_form.CALLBACK)(edge.modal(close_program.listen))
    app.view(join_form.CALLBACK)(edge.modal(join.listen))
    app.view(goal_form.CALLBACK)(edge.modal(goal.listen))
    app.view(lesson_form.CALLBACK)(edge.modal(lesson.listen))
    app.view(profile_form.CALLBACK)(edge.modal(profile.listen))
    app.view(pause_form.CALLBACK)(edge.modal(pause.listen))
    app.view(leave_form.CALLBACK)(edge.modal(leave.listen))
    app.view(support_form.CHOOSE)(edge.modal(support.listen))
    app.view(support_form.PART)(edge.modal(support.part))
    app.view(support_form.CONTACT)(edge.modal(support.ask_contact))
    app.view(weights_form.CALLBACK)(edge.modal(weights.listen))
    app.view(make_pair_form.CALLBACK)(edge.modal(make_pair.listen))
    app.view(never_pair_form.CALLBACK)(edge.modal(never_pair.listen))
