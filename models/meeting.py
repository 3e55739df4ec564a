from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime


class Meeting(Owned, Base):
    """A pair met in one of the program's periods. Who of the two said so is not kept."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("workspace_id", "pair_id", "number"),)

    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    number: Mapped[int]
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
