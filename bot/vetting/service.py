"""Applications: program managers decide who takes part, one application after another.

Whoever decides holds the application's row, so that of two managers at once the second reads what
the first has done, and nothing is undone. Nobody decides on their own application unless they are
the program's only manager: then there is nobody else to do it. What somebody says of their own
level and manager they never confirm themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.enrollment import audience
from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.pairs import store as pairs
from bot.people import service as people
from bot.programs import service as programs
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack import installations
from bot.vetting import store
from bot.views import messages, vetting_messages
from bot.views.blocks import Message
from bot.views.modals.queue import (
    NOTHING,
    ON_A_PAGE,
    Application,
    Queue,
    Shown,
    Stated,
    stated,
    to_confirm,
)
from models import Enrollment, EnrollmentState, IfInDoubt, Person, Program
from models.enrollment import UNDECIDED
from models.program import OVER


@dataclass(frozen=True)
class Candidate:
    """Somebody whose application waits for an answer. `enrolled` is held until the decision."""

    program: Program
    enrolled: Enrollment
    person: Person


async def queue(session: AsyncSession, manager: Person, shown: Shown) -> Queue:
    """The applications for one program or, where none is named, for all that the manager has.

    Raises UserFacingError for somebody who manages none of these.
    """
    if shown.program_id is not None:
        managed = [await programs.require_manager(session, manager, Act.VET, shown.program_id)]
    else:
        managed = list(await programs.managed_by(session, manager))
        require(Act.VET, [Actor.PROGRAM_MANAGER if managed else Actor.PARTICIPANT])
    open_ids = [program.id for program in managed if program.state not in OVER]
    total = await store.count(session, open_ids)
    page = min(shown.page, max(0, total - 1) // ON_A_PAGE)
    found = await store.undecided(session, open_ids, skip=page * ON_A_PAGE, limit=ON_A_PAGE)
    return Queue(
        shown=Shown(shown.program_id, page),
        viewer=manager,
        applications=found,
        total=total,
        sole=await _sole(session, manager, found),
    )


async def approve(
    session: AsyncSession, runtime: Runtime, manager: Person, enrollment_id: int, seen: Stated
) -> None:
    """Lets the applicant in. What they stated of their level and manager is thereby confirmed,
    where nobody else has said it; nobody confirms their own word.

    Raises UserFacingError when somebody else was faster, when it is not to be decided any more,
    when what they state is not what the manager has `seen`, and when the program is not for
    somebody of the level that is confirmed.
    """
    await installations.lock(session)
    found = await _candidate(session, manager, enrollment_id, EnrollmentState.ENROLLED)
    if found is None:
        return
    enrolled, person = found.enrolled, found.person
    if stated(enrolled) != seen:
        raise UserFacingError(
            "application_changed", applicant=messages.person(person.slack_user_id)
        )
    if enrolled.stated_level is not None or enrolled.stated_manager_id is not None:
        await _settle(session, runtime, manager, found)
    _note(runtime, enrolled, manager)
    await enrollment.admit(session, runtime, found.program, enrolled, person)


async def decline(
    session: AsyncSession, runtime: Runtime, manager: Person, enrollment_id: int
) -> None:
    """Tells the applicant kindly, and frees the seat. Raises UserFacingError as `approve` does."""
    found = await _candidate(session, manager, enrollment_id, EnrollmentState.DECLINED)
    if found is None:
        return
    found.enrolled.state = EnrollmentState.DECLINED
    found.enrolled.paused_since = found.enrolled.paused_until = None
    _note(runtime, found.enrolled, manager)
    managers = await pairs.managers(session, found.program.id)
    message = vetting_messages.declined(runtime.library, found.program, managers)
    note = _message(found, "declined", "", found.person.slack_user_id or "", message)
    await delivery.queue(session, runtime, [note])
    await _outdate(session, runtime, found)


async def conversation(
    session: AsyncSession, manager: Person, enrollment_id: int
) -> tuple[Person, Person]:
    """Who is to talk before an answer: the manager and the applicant. Raises UserFacingError as
    `talk_first` does, so that no conversation is opened in vain."""
    found = await _to_talk_with(session, manager, enrollment_id)
    return manager, found.person


async def talk_first(
    session: AsyncSession, runtime: Runtime, manager: Person, enrollment_id: int, channel_id: str
) -> None:
    """Notes that the manager talks with the applicant first, and says so in the group DM of the
    two, once. Raises UserFacingError when somebody else talks with them or has decided."""
    found = await _to_talk_with(session, manager, enrollment_id)
    found.enrolled.state = EnrollmentState.TALKING
    _note(runtime, found.enrolled, manager)
    message = vetting_messages.opener(runtime.library, found.program, manager, found.person)
    note = _message(found, pairs.TALK_NOTE, f":{manager.id}", channel_id, message)
    await delivery.queue(session, runtime, [note])
    await _outdate(session, runtime, found)


async def _settle(
    session: AsyncSession, runtime: Runtime, manager: Person, found: Candidate
) -> None:
    """What the applicant stated is confirmed, or of no use any more. A manager whom they named and
    who is theirs now stays written down: an import looks there (`bot.people.hr_service`)."""
    enrolled, person = found.enrolled, found.person
    word = to_confirm(enrolled, person)
    if word != NOTHING and person.id == manager.id:
        raise UserFacingError("own_word")
    if not audience.fits(found.program, person.level if word.level is None else word.level):
        applicant = messages.person(person.slack_user_id)
        raise UserFacingError(
            "applicant_other_level", applicant=applicant, program=found.program.name
        )
    await people.confirm(session, runtime, person, word.level, word.manager_id)
    await session.refresh(enrolled)
    enrolled.stated_level = None
    if enrolled.stated_manager_id != person.manager_id:
        enrolled.stated_manager_id = None


async def _to_talk_with(session: AsyncSession, manager: Person, enrollment_id: int) -> Candidate:
    found = await _candidate(session, manager, enrollment_id, None)
    assert found is not None, "nothing is wanted that could be done already"
    if found.person.id == manager.id:
        raise UserFacingError("own_application")
    enrolled = found.enrolled
    theirs = await pairs.of_person(session, found.person.id)
    if any(manager.id in (one.mentor.id, one.mentee.id) for one in theirs):
        about = messages.person(found.person.slack_user_id)
        raise UserFacingError("talk_with_partner", applicant=about)
    if enrolled.state is EnrollmentState.TALKING and enrolled.decided_by_id not in (
        None,
        manager.id,
    ):
        talker = await store.person(session, enrolled.decided_by_id)
        if talker.active:
            raise UserFacingError("already_talking", **_both(talker, found.person))
    return found


async def _candidate(
    session: AsyncSession,
    manager: Person,
    enrollment_id: int,
    wanted: EnrollmentState | None,
) -> Candidate | None:
    """The application, held until the transaction ends; None when this manager has brought it to
    the `wanted` state before. Raises UserFacingError when it cannot be decided, or not by them."""
    enrolled = await store.enrollment(session, enrollment_id)
    if enrolled is None:
        raise UserFacingError("application_gone")
    program = await programs.require_manager(session, manager, Act.VET, enrolled.program_id)
    await store.lock(session, enrolled)
    person = await store.person(session, enrolled.person_id)
    if program.state in OVER:
        raise UserFacingError("vetting_over")
    if not person.active:
        raise UserFacingError("applicant_left", applicant=messages.person(person.slack_user_id))
    others = [one for one in await pairs.managers(session, program.id) if one.id != manager.id]
    if person.id == manager.id and others:
        raise UserFacingError("own_application")
    if enrolled.state in UNDECIDED:
        return Candidate(program, enrolled, person)
    if enrolled.state is wanted and enrolled.decided_by_id == manager.id:
        return None
    raise await _decided(session, enrolled, person)


async def _decided(session: AsyncSession, enrolled: Enrollment, person: Person) -> UserFacingError:
    """Who has decided before, and how; or that the applicant has thought better of it."""
    if enrolled.decided_by_id is not None:
        both = _both(await store.person(session, enrolled.decided_by_id), person)
        if enrolled.state is EnrollmentState.ENROLLED:
            return UserFacingError("already_approved", **both)
        if enrolled.state is EnrollmentState.DECLINED:
            return UserFacingError("already_declined", **both)
    return UserFacingError("application_gone")


def _both(who: Person, applicant: Person) -> dict[str, str]:
    return {
        "who": messages.person(who.slack_user_id),
        "applicant": messages.person(applicant.slack_user_id),
    }


def _note(runtime: Runtime, enrolled: Enrollment, manager: Person) -> None:
    enrolled.decided_by_id = manager.id
    enrolled.decided_at = runtime.clock()


async def _sole(
    session: AsyncSession, manager: Person, applications: Iterable[Application]
) -> frozenset[int]:
    """The programs with an application of the manager's own that nobody else manages."""
    own = {found.program.id for found in applications if found.person.id == manager.id}
    return frozenset(
        [
            program_id
            for program_id in own
            if all(one.id == manager.id for one in await pairs.managers(session, program_id))
        ]
    )


async def _outdate(session: AsyncSession, runtime: Runtime, found: Candidate) -> None:
    managers = await pairs.managers(session, found.program.id)
    concerned = [found.person.id, *(manager.id for manager in managers)]
    await delivery.outdate_homes(session, runtime, concerned)


def _message(found: Candidate, kind: str, more: str, recipient: str, message: Message) -> Outgoing:
    """Said once for each time that somebody applies."""
    applied = int(found.enrolled.joined_at.timestamp())
    return Outgoing(
        dedupe_key=f"{kind}:{found.enrolled.id}:{applied}{more}",
        kind=kind,
        recipient=recipient,
        message=message,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=found.program.workspace_id,
    )
