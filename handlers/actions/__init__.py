"""Buttons; each file has the name of its action id."""

from slack_bolt.async_app import AsyncApp

from bot.views import (
    decision_messages,
    home,
    lesson_messages,
    match_asking,
    match_proposal,
    messages,
    program_messages,
    support_messages,
)
from bot.views.modals import lesson as lesson_form
from bot.views.modals import match_run as match_run_form
from bot.views.modals import queue as queue_form
from bot.views.modals import weights as weights_form
from handlers import edge
from handlers.actions import (
    accept_match,
    allow_pair,
    announce_program,
    approve,
    check_match,
    close_program,
    copy_program,
    decline,
    decline_match,
    edit_program,
    end_pair,
    go_on_pair,
    hold_pair,
    join,
    launch_program,
    lesson_back,
    make_pair,
    new_program,
    open_decisions,
    open_fairness,
    open_leave,
    open_lesson,
    open_pause,
    open_paused,
    open_profile,
    open_queue,
    open_support,
    open_weights,
    pair_completed,
    pair_stops,
    pause_program,
    preview_weights,
    publish_match,
    queue_page,
    resume_me,
    resume_program,
    review_match,
    review_page,
    run_again,
    set_goal,
    skip_round,
    still_together,
    stop_asking,
    talk_first,
    we_met,
)


def register(app: AsyncApp) -> None:
    app.action(messages.JOIN)(edge.action(join.listen))
    app.action(home.OPEN_PROFILE)(edge.action(open_profile.listen))
    app.action(home.OPEN_PAUSE)(edge.action(open_pause.listen))
    app.action(home.RESUME_ME)(edge.action(resume_me.listen))
    app.action(home.SKIP_ROUND)(edge.action(skip_round.listen))
    app.action(home.OPEN_LEAVE)(edge.action(open_leave.listen))
    app.action(support_messages.OPEN_SUPPORT)(edge.action(open_support.listen))
    app.action(support_messages.STILL_TOGETHER)(edge.action(still_together.listen))
    app.action(messages.PAIR_COMPLETED)(edge.action(pair_completed.listen))
    app.action(messages.PAIR_STOPS)(edge.action(pair_stops.listen))
    app.action(decision_messages.END_PAIR)(edge.action(end_pair.listen))
    app.action(decision_messages.GO_ON_PAIR)(edge.action(go_on_pair.listen))
    app.action(decision_messages.OPEN_PAUSED)(edge.action(open_paused.listen))
    app.action(messages.SET_GOAL)(edge.action(set_goal.listen))
    app.action(messages.WE_MET)(edge.action(we_met.listen))
    app.action(match_asking.ACCEPT)(edge.action(accept_match.listen))
    app.action(match_asking.DECLINE)(edge.action(decline_match.listen))
    app.action(match_asking.STOP)(edge.action(stop_asking.listen))
    app.action(match_proposal.PUBLISH)(edge.action(publish_match.listen))
    app.action(lesson_messages.OPEN_LESSON)(edge.action(open_lesson.listen))
    app.action(lesson_form.BACK)(edge.action(lesson_back.listen))
    app.action(queue_form.OPEN_QUEUE)(edge.action(open_queue.listen))
    app.action(queue_form.TURN_PAGE)(edge.action(queue_page.listen))
    app.action(queue_form.APPROVE)(edge.action(approve.listen))
    app.action(queue_form.TALK_FIRST)(edge.action(talk_first.listen))
    app.action(queue_form.DECLINE)(edge.action(decline.listen))
    app.action(match_run_form.WEIGHTS)(edge.action(open_weights.listen))
    app.action(weights_form.PREVIEW)(edge.action(preview_weights.listen))
    app.action(program_messages.NEW)(edge.action(new_program.listen))
    app.action(program_messages.EDIT)(edge.action(edit_program.listen))
    app.action(program_messages.LAUNCH)(edge.action(launch_program.listen))
    app.action(program_messages.ANNOUNCE)(edge.action(announce_program.listen))
    app.action(program_messages.PAUSE)(edge.action(pause_program.listen))
    app.action(program_messages.RESUME)(edge.action(resume_program.listen))
    app.action(program_messages.CLOSE)(edge.action(close_program.listen))
    app.action(program_messages.COPY)(edge.action(copy_program.listen))
    app.action(match_proposal.REVIEW)(edge.action(review_match.listen))
    app.action(match_run_form.TURN_PAGE)(edge.action(review_page.listen))
    app.action(match_run_form.HOLD)(edge.action(hold_pair.listen))
    app.action(match_run_form.ALLOW)(edge.action(allow_pair.listen))
    app.action(match_run_form.MAKE)(edge.action(make_pair.listen))
    app.action(match_run_form.RUN_AGAIN)(edge.action(run_again.listen))
    app.action(match_run_form.FAIRNESS)(edge.action(open_fairness.listen))
    app.action(match_run_form.DECISIONS)(edge.action(open_decisions.listen))
    app.action(match_run_form.CHECK)(edge.action(check_match.listen))
