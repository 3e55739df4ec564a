from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, choice
from models.program import Cadence


class Profile(Owned, Base):
    """What a person says of themselves so that a partner fits, for all their programs.

    `avoided` are the people they would rather not be paired with: sealed, always there and padded,
    so that neither its presence nor its length says anything. `strengths`, `interests`,
    `learning_style` and `means` are ids of texts in the library.
    `works_from` and `works_to` are full local hours; `frequency` is how often they like to meet.
    """

    __tablename__ = "profile"
    __table_args__ = (UniqueConstraint("workspace_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    strengths: Mapped[list[str]] = mapped_column(JSON, default=list)
    interests: Mapped[list[str]] = mapped_column(JSON, default=list)
    avoided: Mapped[bytes]
    learning_style: Mapped[str | None] = mapped_column(String(32))
    means: Mapped[list[str]] = mapped_column(JSON, default=list)
    frequency: Mapped[Cadence | None] = mapped_column(choice(Cadence))
    works_from: Mapped[int | None]
    works_to: Mapped[int | None]
    hours_a_month: Mapped[int | None]
