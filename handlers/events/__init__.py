"""Events; each file has the name of its event."""

from slack_bolt.async_app import AsyncApp

from handlers.events import app_home_opened, message_metadata_posted, team_join, user_change


def register(app: AsyncApp) -> None:
    app.event("app_home_opened")(app_home_opened.listen)
    app.event("message_metadata_posted")(message_metadata_posted.listen)
    app.event("team_join")(team_join.listen)
    app.event("user_change")(user_change.listen)
