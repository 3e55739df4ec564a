from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime


class Home(Owned, Base):
    """The Home of somebody who has opened it once. `outdated_since` is set when something on it
    has changed, and None when it shows what is."""

    __tablename__ = "home"
    __table_args__ = (
        UniqueConstraint("workspace_id", "person_id"),
        Index(None, "outdated_since"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    outdated_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
