"""Which settings of a program go together. Pure."""

from collections.abc import Collection
from datetime import date

from bot.errors import UserFacingError
from bot.programs.lifecycle import fixed
from bot.views.messages import day
from bot.views.modals.program_settings import ProgramSettings
from models import Audience, ProgramState
from models.program import BOUNDS


def check(
    settings: ProgramSettings,
    changed: Collection[str],
    before: ProgramSettings | None,
    state: ProgramState,
    today: date,
) -> None:
    """Raises UserFacingError with the field at fault. `changed` are the settings that this form
    changes, of a program that was as `before` (None for a new one): a day that was all right when
    it was chosen is not asked about again."""
    _check_fixed(changed, state)
    if "starts_on" in changed and settings.starts_on < today:
        raise UserFacingError("start_in_past", field="starts_on")
    if {"starts_on", "join_by"} & set(changed) and settings.join_by is not None:
        check_join_by(settings.join_by, settings.starts_on, today)
    check_levels(settings)
    if settings.audience is Audience.INVITED and not settings.invited_slack_ids:
        raise UserFacingError("nobody_invited", field="invited_slack_ids")
    if not settings.manager_slack_ids:
        raise UserFacingError("manager_missing", field="manager_slack_ids")
    if settings.support_contact_slack_id in settings.manager_slack_ids:
        raise UserFacingError("support_contact_manages", field="support_contact_slack_id")
    managers = len(set(settings.manager_slack_ids))
    if settings.approvals_needed > managers:
        raise UserFacingError("too_few_managers", field="approvals_needed", managers=managers)
    if before is not None and state is not ProgramState.DRAFT:
        least = before.feedback_group_size
        if settings.feedback_group_size < least:
            raise UserFacingError(
                "feedback_group_smaller", field="feedback_group_size", least=least
            )


def check_join_by(join_by: date, starts_on: date, today: date) -> None:
    """Once the program has begun, latecomers may join on any day to come."""
    if join_by < today:
        raise UserFacingError("join_by_in_past", field="join_by")
    if today <= starts_on < join_by:
        raise UserFacingError("join_by_after_start", field="join_by", start=day(starts_on))


def check_levels(settings: ProgramSettings) -> None:
    """There have to be levels for mentors and for mentees, far enough apart."""
    lowest, highest = settings.lowest_level, settings.highest_level
    if lowest is not None and highest is not None and lowest > highest:
        raise UserFacingError("levels_crossed", field="highest_level")
    mentees_from = settings.mentee_from_level
    if lowest is not None and lowest >= mentees_from:
        raise UserFacingError("nobody_could_mentor", field="lowest_level", level=mentees_from)
    if highest is not None and highest < mentees_from:
        raise UserFacingError("nobody_could_be_mentee", field="highest_level", level=mentees_from)
    low, high = BOUNDS["lowest_level"][0], BOUNDS["highest_level"][1]
    if (highest or high) - (lowest or low) < settings.level_gap:
        raise UserFacingError("gap_too_wide", field="level_gap")


def _check_fixed(changed: Collection[str], state: ProgramState) -> None:
    """Of a form that was opened before the program moved on."""
    for name in sorted(fixed(state) & set(changed)):
        raise UserFacingError("setting_fixed", field=name)
