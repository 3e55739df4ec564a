from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.errors import UserFacingError
from bot.programs import rules
from bot.views.modals.program_settings import NAMES, ProgramSettings
from models import Audience, ProgramState

TODAY = date(2026, 1, 5)
GOOD = ProgramSettings(
    name="Fresh Eyes",
    purpose="See with fresh eyes",
    topics=["digital-tools"],
    mentee_from_level=4,
    starts_on=date(2026, 1, 19),
    join_by=date(2026, 1, 14),
    manager_slack_ids=["U1"],
)


def check_new(**changes: Any) -> None:
    rules.check(replace(GOOD, **changes), NAMES, None, ProgramState.DRAFT, TODAY)


def check_edit(state: ProgramState, before: ProgramSettings = GOOD, **changes: Any) -> None:
    rules.check(replace(before, **changes), changes, before, state, TODAY)


class TestCheck:
    @pytest.mark.parametrize(
        ("changes", "key", "field"),
        [
            ({"starts_on": date(2026, 1, 4)}, "start_in_past", "starts_on"),
            ({"join_by": date(2026, 1, 4)}, "join_by_in_past", "join_by"),
            ({"join_by": date(2026, 1, 20)}, "join_by_after_start", "join_by"),
            ({"lowest_level": 5, "highest_level": 4}, "levels_crossed", "highest_level"),
            ({"lowest_level": 4}, "nobody_could_mentor", "lowest_level"),
            ({"highest_level": 3}, "nobody_could_be_mentee", "highest_level"),
            ({"lowest_level": 3, "highest_level": 5, "level_gap": 3}, "gap_too_wide", "level_gap"),
            ({"audience": Audience.INVITED}, "nobody_invited", "invited_slack_ids"),
            ({"manager_slack_ids": []}, "manager_missing", "manager_slack_ids"),
            (
                {"support_contact_slack_id": "U1"},
                "support_contact_manages",
                "support_contact_slack_id",
            ),
            ({"approvals_needed": 2}, "too_few_managers", "approvals_needed"),
        ],
    )
    def test_names_the_field_at_fault(self, changes: dict[str, Any], key: str, field: str) -> None:
        with pytest.raises(UserFacingError) as refused:
            check_new(**changes)
        assert (refused.value.key, refused.value.field) == (key, field)

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"starts_on": TODAY, "join_by": TODAY},
            {"join_by": date(2026, 1, 19)},
            {"join_by": None},
            {"lowest_level": 3, "highest_level": 4},
            {"lowest_level": 2, "highest_level": 5, "level_gap": 3},
            {"audience": Audience.INVITED, "invited_slack_ids": ["U2"]},
            {"approvals_needed": 2, "manager_slack_ids": ["U1", "U2"]},
            {"support_contact_slack_id": "U2"},
        ],
    )
    def test_takes_what_just_goes_together(self, changes: dict[str, Any]) -> None:
        check_new(**changes)

    def test_days_that_were_all_right_are_not_asked_about_again(self) -> None:
        begun = replace(GOOD, starts_on=date(2025, 12, 1), join_by=date(2025, 11, 28))
        check_edit(ProgramState.RUNNING, begun, name="Fresher Eyes")

    def test_latecomers_may_join_a_program_that_has_begun(self) -> None:
        begun = replace(GOOD, starts_on=date(2025, 12, 1), join_by=date(2025, 11, 28))
        check_edit(ProgramState.RUNNING, begun, join_by=date(2026, 2, 1))
        with pytest.raises(UserFacingError, match="join_by_in_past"):
            check_edit(ProgramState.RUNNING, begun, join_by=date(2026, 1, 4))

    @pytest.mark.parametrize(
        ("state", "changes"),
        [
            (ProgramState.ENROLLING, {"mentee_from_level": 5}),
            (ProgramState.RUNNING, {"weeks": 3}),
            (ProgramState.CLOSING, {"starts_on": date(2026, 2, 2)}),
        ],
    )
    def test_a_form_opened_before_something_was_fixed_cannot_change_it(
        self, state: ProgramState, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(UserFacingError) as refused:
            check_edit(state, **changes)
        assert (refused.value.key, refused.value.field) == ("setting_fixed", *changes)
        check_edit(ProgramState.DRAFT, **changes)

    def test_the_feedback_group_grows_once_people_have_joined(self) -> None:
        eight = replace(GOOD, feedback_group_size=8)
        check_edit(ProgramState.DRAFT, eight, feedback_group_size=7)
        check_edit(ProgramState.ENROLLING, eight, feedback_group_size=9)
        with pytest.raises(UserFacingError) as refused:
            check_edit(ProgramState.ENROLLING, eight, feedback_group_size=7)
        assert (refused.value.key, refused.value.field) == (
            "feedback_group_smaller",
            "feedback_group_size",
        )
