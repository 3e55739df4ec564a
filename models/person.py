from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned


class Person(Owned, Base):
    """One employee in one workspace, known from HR data, from Slack, or both.

    `level` is seniority, higher is more senior; None until HR says. `reporting_path` lists the
    chain of managers from the top down to this person, as "/1/17/203/": two people are in one
    reporting line exactly when one path begins with the other.

    `active` says who may take part today. It follows from what HR says (`has_left`, the first and
    the last day) and Slack (`account_closed`: deactivated, a guest's or a bot's); whoever changes
    one of these sets it anew (`bot.people.merge.takes_part`). `slack_updated` is Slack's own count
    of the profile's age, so that older news does not undo newer.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("workspace_id", "employee_id"),
        UniqueConstraint("workspace_id", "slack_user_id"),
        Index(None, "workspace_id", "email"),
        Index(None, "manager_id"),
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
    locale: Mapped[str] = mapped_column(String(35), default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    has_left: Mapped[bool] = mapped_column(default=False)
    account_closed: Mapped[bool] = mapped_column(default=False)
    slack_updated: Mapped[int] = mapped_column(BigInteger, default=0)
