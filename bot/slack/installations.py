"""Which Slack workspace is which of our tenants."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from bot.errors import OperatorError
from models import Workspace


async def find(session: AsyncSession, team_id: str) -> int | None:
    return await session.scalar(select(Workspace.id).where(Workspace.team_id == team_id))


async def lock(session: AsyncSession) -> None:
    """Taken first by whatever changes people or makes pairs, in a session bound to a workspace: so
    that neither judges by what the other is just changing.

    New rows that only name the workspace need not wait (`key_share`): whoever adds one while
    holding a person whom we are about to change would wait for us, and we for them."""
    await session.execute(select(Workspace.id).with_for_update(key_share=True))


async def require_only(session: AsyncSession, team_id: str) -> None:
    """One bot token serves one workspace: raises OperatorError when the database is another's."""
    others = select(Workspace.team_id).where(Workspace.team_id != team_id)
    if other := await session.scalar(others):
        raise OperatorError(
            f"This database belongs to the Slack workspace {other}, and the token to {team_id}. "
            "Give each workspace a database of its own."
        )


async def register(session: AsyncSession, team_id: str, now: datetime) -> int:
    """The workspace with this team id; adopts the one whose people were imported before Slack was
    connected, or makes a new one. Several copies may start at once."""
    waiting = await session.scalar(
        select(Workspace).where(Workspace.team_id.is_(None)).with_for_update()
    )
    found = await find(session, team_id)
    if found is not None:
        return found
    if waiting is not None:
        waiting.team_id = team_id
        await session.flush()
        return waiting.id
    await insert_new(session, Workspace, [{"team_id": team_id, "created_at": now}])
    return (await session.scalars(select(Workspace.id).where(Workspace.team_id == team_id))).one()


async def known_workspace(session: AsyncSession, team_id: str | None) -> int | None:
    """The workspace the command line means: the one named, else the only one; None when there is
    none yet. Raises OperatorError for one nobody knows, and when it cannot be told."""
    if team_id is not None:
        found = await find(session, team_id)
        if found is None:
            raise OperatorError(f"No workspace {team_id} is known to this database.")
        return found
    known = (await session.scalars(select(Workspace.id))).all()
    if len(known) > 1:
        raise OperatorError("This database holds several workspaces: say which with --workspace.")
    return known[0] if known else None


async def only_workspace(session: AsyncSession, team_id: str | None, now: datetime) -> int:
    """The same, or a first one."""
    found = await known_workspace(session, team_id)
    if found is not None:
        return found
    workspace = Workspace(created_at=now)
    session.add(workspace)
    await session.flush()
    return workspace.id


async def check_key(session: AsyncSession, workspace_id: int, fingerprint: str) -> None:
    """Remembers the encryption key's fingerprint at the first use; raises OperatorError when the
    texts of this workspace were sealed with another key."""
    workspace = await session.get_one(Workspace, workspace_id)
    if workspace.key_check is None:
        workspace.key_check = fingerprint
    elif workspace.key_check != fingerprint:
        raise OperatorError(
            "The goals in this database were sealed with another encryption key: "
            "set TURNABOUT_ENCRYPTION_KEY to that one, or bring its key file back."
        )
