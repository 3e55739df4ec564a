from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, choice


class HrSourceKind(StrEnum):
    FILE = "file"
    SCIM = "scim"


class HrSource(Owned, Base):
    """Where a workspace's people come from, and which of its columns is which field, as an operator
    said it once. `mapping` is field -> column, or SCIM attribute."""

    __tablename__ = "hr_source"
    __table_args__ = (UniqueConstraint("workspace_id", "kind"),)

    kind: Mapped[HrSourceKind] = mapped_column(choice(HrSourceKind))
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
