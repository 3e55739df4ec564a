from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime


class Goal(Owned, Base):
    """What a pair wants to reach, in the REAL form. The four texts are sealed."""

    __tablename__ = "goal"
    __table_args__ = (Index(None, "workspace_id", "pair_id"),)

    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    relevant: Mapped[bytes]
    experimental: Mapped[bytes]
    aspirational: Mapped[bytes]
    learning: Mapped[bytes]
    due_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
