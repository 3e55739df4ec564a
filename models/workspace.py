from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, UtcDateTime


class Workspace(Base):
    """One Slack workspace: the tenant.

    People may be imported before Slack is connected: `team_id` is filled when the app first starts
    with a token. `key_check` recognises the encryption key, so that a wrong one stops the start.
    """

    __tablename__ = "workspace"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    key_check: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
