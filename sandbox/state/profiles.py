"""The JSON in which Slack speaks of a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.blocks import Json
from sandbox.state.records import User


def user_json(
    user: User, team_id: str, moment: datetime, *, email: bool = False, locale: bool = False
) -> Json:
    """`moment` decides the time zone's offset; `email` and `locale` whether they are shown."""
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "team": team_id,
    }
    if email and user.email is not None:
        profile["email"] = user.email
    shape: Json = {
        "id": user.id,
        "team_id": team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if not user.deleted:
        shape |= _of_active(user, moment)
    if locale:
        shape["locale"] = user.locale
    return shape


def _of_active(user: User, moment: datetime) -> Json:
    """Slack leaves these out for somebody whose account was deactivated."""
    local = moment.astimezone(ZoneInfo(user.tz))
    offset = local.utcoffset()
    return {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": local.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_owner,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": user.is_ultra_restricted,
    }
