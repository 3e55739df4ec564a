from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned


class Person(Owned, Base):
    """One employee in one workspace, known from HR data, from Slack, or both.

    `level` is seniority, higher is more senior; None until HR says. `reporting_path` lists the
    chain of managers from the top down to this person, as "/1/17/203/": two people are in one
    reporting line exactly when one path begins with the other.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("workspace_id", "employee_id"),
        UniqueConstraint("workspace_id", "slack_user_id"),
        Index(None, "workspace_id", "email"),
    )

    employee_id: Mapped[str | None] = mapped_column(String(64))
    slack_user_id: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    level: Mapped[int | None]
    department: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reporting_path: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
