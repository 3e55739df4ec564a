from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice


class DeliveryState(StrEnum):
    """`in_doubt`: Slack may or may not have taken it. `gone`: nobody is there to read it any more.
    `failed`: our fault, kept for an operator. `let_go`: in doubt for too long and not worth a
    second try."""

    DUE = "due"
    CLAIMED = "claimed"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    GONE = "gone"
    FAILED = "failed"
    LET_GO = "let_go"


class IfInDoubt(StrEnum):
    """What happens to a delivery that stays in doubt."""

    SEND_AGAIN = "send_again"
    LET_GO = "let_go"


class Delivery(Owned, Base):
    """One outgoing Slack message, in the outbox.

    `key` is opaque and travels in the message's metadata. `dedupe_key` says what this message is
    (for example "question:12:3"), so that it is queued once. `recipient` is a channel id, or a
    user id for a direct message. The sealed payload is blanked when the message has left.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        UniqueConstraint("workspace_id", "key"),
        Index(None, "workspace_id", "pair_id"),
        Index(None, "state", "not_before"),
    )

    key: Mapped[str] = mapped_column(String(32))
    dedupe_key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(32))
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(32))
    payload: Mapped[bytes | None]
    if_in_doubt: Mapped[IfInDoubt] = mapped_column(choice(IfInDoubt))
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState), default=DeliveryState.DUE)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(64))
    slack_ts: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
