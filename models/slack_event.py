from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime


class SlackEvent(Owned, Base):
    """An event Slack sent us; Slack sends some twice, and we act on each once."""

    __tablename__ = "slack_event"
    __table_args__ = (UniqueConstraint("workspace_id", "event_id"),)

    event_id: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
