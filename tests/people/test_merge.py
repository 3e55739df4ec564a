from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import merge
from bot.people.hr_file import HrFile, HrRow
from bot.people.merge import Change, Facts, takes_part

TODAY = date(2026, 1, 5)
ADDRESSES = [None, "a@x.org", "b@x.org", "c@x.org"]
DAYS = st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))
FIELDS = ["name", "email", "department", "title", "manager", "left", "start", "end"]


def row(number: int, **said: object) -> HrRow:
    plain = HrRow(
        line=number + 2,
        employee_id=f"E{number}",
        name="",
        email=None,
        level=1,
        department="",
        title="",
        manager_employee_id=None,
        time_zone=None,
        active=True,
    )
    return replace(plain, **said)  # type: ignore[arg-type]


def hr_file(*rows: HrRow, fields: tuple[str, ...] = tuple(FIELDS)) -> HrFile:
    return HrFile(rows, (), "utf-8", dict.fromkeys(("id", "level", *fields), "Column"))


@st.composite
def files(draw: st.DrawFn) -> HrFile:
    """Managers stand above: no circles, as in any file that was read."""
    rows = []
    for number in sorted(draw(st.sets(st.integers(0, 5)))):
        manager = draw(st.none() | st.sampled_from([f"E{above}" for above in range(number + 1)]))
        manager = None if manager == f"E{number}" else manager
        rows.append(
            row(
                number,
                name=draw(st.sampled_from(["", "Jo", "Lena"])),
                email=draw(st.sampled_from(ADDRESSES)),
                level=draw(st.none() | st.integers(1, 3)),
                time_zone=draw(st.sampled_from([None, "Europe/Berlin"])),
                active=draw(st.booleans()),
                starts_on=draw(DAYS),
                ends_on=draw(DAYS),
                manager_employee_id=manager,
                written_manager=manager,
            )
        )
    return hr_file(*rows, fields=tuple(draw(st.sets(st.sampled_from(FIELDS)))))


@st.composite
def companies(draw: st.DrawFn) -> dict[int, Facts]:
    """Some from HR, some of those in Slack, and some whom only Slack knows, whose level and manager
    may have been confirmed by somebody."""
    people = {}
    for person_id in range(1, draw(st.integers(1, 6))):
        from_hr = draw(st.booleans())
        in_slack = not from_hr or draw(st.booleans())
        people[person_id] = Facts(
            person_id,
            employee_id=f"E{person_id - 1}" if from_hr else None,
            slack_user_id=f"U{person_id}" if in_slack else None,
            name=draw(st.sampled_from(["Jo", "Max"])),
            email=draw(st.sampled_from(ADDRESSES)),
            level=draw(st.none() | st.integers(1, 3)),
            manager_id=draw(st.sampled_from([None, *people])),
            reporting_path=f"/{person_id}/",
            account_closed=in_slack and draw(st.booleans()),
        )
    return people


def imported(people: Mapping[int, Facts], file: HrFile) -> tuple[dict[int, Facts], list[Change]]:
    """What the service does, without a database."""
    found = merge.match(people.values(), file)
    before = merge.as_who_stays(people, found.twice)
    now = merge.united(before, people, found.twice)
    ids = dict(found.known)
    for place, new in enumerate(found.new, start=max(people, default=0) + 1):
        ids[new.employee_id] = place
        now[place] = Facts(place, new.employee_id)
    after = merge.settle(now, file, ids, TODAY)
    return after, list(merge.changes(before, after, file, ids))


class TestAnImport:
    @given(companies(), files())
    def test_twice_changes_nothing(self, people: dict[int, Facts], file: HrFile) -> None:
        once, _ = imported(people, file)
        twice, changes = imported(once, file)
        assert twice == once
        assert changes == []

    @given(companies(), files())
    def test_knows_everybody_once_and_loses_nobody(
        self, people: dict[int, Facts], file: HrFile
    ) -> None:
        after, _ = imported(people, file)
        for key in ("employee_id", "slack_user_id"):
            values = [getattr(one, key) for one in after.values() if getattr(one, key)]
            assert len(values) == len(set(values))
            assert {getattr(one, key) for one in people.values()} - {None} <= set(values)
        assert {row.employee_id for row in file.rows} <= {one.employee_id for one in after.values()}

    @given(companies(), files())
    def test_nobody_takes_part_who_has_left_or_whose_account_is_closed(
        self, people: dict[int, Facts], file: HrFile
    ) -> None:
        after, _ = imported(people, file)
        by_id = {one.employee_id: one for one in after.values()}
        for said in file.rows:
            one = by_id[said.employee_id]
            gone = one.has_left or one.account_closed
            assert not (gone and one.active)
            if "end" in file.fields and said.ends_on:
                assert not (one.active and said.ends_on < TODAY)

    @given(companies(), files())
    def test_never_forgets_a_level_and_leaves_names_to_slack(
        self, people: dict[int, Facts], file: HrFile
    ) -> None:
        after, _ = imported(people, file)
        for old in people.values():
            new = after.get(old.id)
            if new is None:
                continue
            assert old.level is None or new.level is not None
            if old.slack_user_id:
                assert (new.name, new.email, new.time_zone) == (old.name, old.email, old.time_zone)

    @given(companies(), files())
    def test_writes_whole_reporting_lines(self, people: dict[int, Facts], file: HrFile) -> None:
        after, _ = imported(people, file)
        for one in after.values():
            assert one.reporting_path.endswith(f"/{one.id}/")
            above = after.get(one.manager_id or 0)
            if above is not None and f"/{one.id}/" not in above.reporting_path:
                assert one.reporting_path == f"{above.reporting_path}{one.id}/"

    @given(companies(), files())
    def test_whoever_is_known_in_slack_stays_who_they_are(
        self, people: dict[int, Facts], file: HrFile
    ) -> None:
        after, _ = imported(people, file)
        for old in people.values():
            if old.slack_user_id:
                assert after[old.id].slack_user_id == old.slack_user_id
        assert all(one.manager_id in {None, *after} - {one.id} for one in after.values())


class TestTwice:
    """Number 1 is HR's record of Jo, 2 is Jo in Slack, 3 their manager and 4 somebody of theirs."""

    PEOPLE: ClassVar = {
        1: Facts(1, "E0", level=5, department="Care", manager_id=3),
        2: Facts(2, slack_user_id="U2", name="Jo", email="jo@x.org", level=2),
        3: Facts(3, "E2", level=9),
        4: Facts(4, "E3", level=1, manager_id=1),
    }
    FILE = hr_file(row(0, email="jo@x.org", level=None), fields=("email",))

    def test_becomes_one_under_the_id_of_whom_slack_knew(self) -> None:
        after, changes = imported(self.PEOPLE, self.FILE)
        jo = after[2]
        assert set(after) == {2, 3, 4}
        assert (jo.employee_id, jo.slack_user_id, jo.name) == ("E0", "U2", "Jo")
        assert (jo.level, jo.department, jo.manager_id) == (5, "Care", 3)
        assert (jo.reporting_path, after[4].reporting_path) == ("/3/2/", "/3/2/4/")
        assert changes == [Change(2, "E0", "changed", ("slack_user", "name", "email"))]

    def test_what_was_confirmed_holds_where_hr_says_nothing(self) -> None:
        unsure = self.PEOPLE[1]._replace(level=None, manager_id=None)
        in_slack = self.PEOPLE[2]._replace(manager_id=3)
        after, _ = imported({**self.PEOPLE, 1: unsure, 2: in_slack}, self.FILE)
        assert (after[2].level, after[2].manager_id) == (2, 3)

    def test_nobody_becomes_their_own_manager(self) -> None:
        unsure = self.PEOPLE[1]._replace(manager_id=None)
        in_slack = self.PEOPLE[2]._replace(manager_id=1)
        after, _ = imported({**self.PEOPLE, 1: unsure, 2: in_slack}, self.FILE)
        assert after[2].manager_id is None
        assert after[2].reporting_path == "/2/"

    def test_two_at_once_of_whom_one_leads_the_other(self) -> None:
        people = {
            1: Facts(1, "E0", level=5, manager_id=2),
            2: Facts(2, "E1", level=7),
            3: Facts(3, slack_user_id="U3", email="a@x.org"),
            4: Facts(4, slack_user_id="U4", email="b@x.org"),
        }
        file = hr_file(row(0, email="a@x.org"), row(1, email="b@x.org"), fields=("email",))
        after, _ = imported(people, file)
        assert {one.id: one.reporting_path for one in after.values()} == {3: "/4/3/", 4: "/4/"}


class TestChanges:
    def test_names_what_differs_with_values_that_are_nobody_s_name(self) -> None:
        people = {1: Facts(1, "E0", name="Jo", level=1, reporting_path="/1/")}
        file = hr_file(row(0, name="Lena", level=3, ends_on=date(2027, 1, 1)))
        _, changes = imported(people, file)
        fields = ("name", "level 1 → 3", "end None → 2027-01-01")
        assert changes == [Change(2, "E0", "changed", fields)]

    @pytest.mark.parametrize(("left", "kind"), [(True, "leaves"), (False, "comes_back")])
    def test_going_and_coming_back(self, left: bool, kind: str) -> None:
        known = Facts(1, "E0", level=1, reporting_path="/1/", has_left=not left, active=left)
        _, changes = imported({1: known}, hr_file(row(0, active=not left)))
        assert changes == [Change(2, "E0", kind)]


class TestTakesPart:
    @pytest.mark.parametrize(
        ("starts", "ends", "expected"),
        [
            (None, None, True),
            (0, 0, True),
            (-1, 1, True),
            (1, None, False),
            (None, -1, False),
            (None, 1, True),
        ],
    )
    def test_both_days_count(self, starts: int | None, ends: int | None, expected: bool) -> None:
        days = [None if day is None else TODAY + timedelta(days=day) for day in (starts, ends)]
        assert takes_part(False, False, *days, TODAY) is expected

    @pytest.mark.parametrize("gone", [(True, False), (False, True)])
    def test_nobody_who_has_left_or_is_locked_out(self, gone: tuple[bool, bool]) -> None:
        assert not takes_part(*gone, None, None, TODAY)
