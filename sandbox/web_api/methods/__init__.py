"""The Web API methods, one module a family; `HANDLERS` names them all.

A handler takes the context and arguments that keep to the contract, returns what Slack adds to
`{"ok": true}`, and raises SlackError.
"""

from collections.abc import Callable

from sandbox.blocks import Json
from sandbox.web_api.context import Context
from sandbox.web_api.methods import (
    basic,
    bookmarks,
    channels,
    chat,
    conversations,
    files,
    membership,
    users,
    views,
)

HANDLERS: dict[str, Callable[[Context, Json], Json]] = {
    "api.test": basic.api_test,
    "apps.connections.open": basic.apps_connections_open,
    "apps.uninstall": basic.apps_uninstall,
    "auth.revoke": basic.auth_revoke,
    "auth.test": basic.auth_test,
    "bookmarks.add": bookmarks.add,
    "bookmarks.list": bookmarks.list_,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.archive": channels.archive,
    "conversations.close": conversations.close,
    "conversations.create": conversations.create,
    "conversations.info": conversations.info,
    "conversations.invite": membership.invite,
    "conversations.join": membership.join,
    "conversations.kick": membership.kick,
    "conversations.leave": membership.leave,
    "conversations.list": conversations.list_,
    "conversations.members": membership.members,
    "conversations.open": conversations.open_,
    "conversations.rename": channels.rename,
    "conversations.setPurpose": channels.set_purpose,
    "conversations.setTopic": channels.set_topic,
    "conversations.unarchive": channels.unarchive,
    "files.completeUploadExternal": files.complete_upload_external,
    "files.delete": files.delete,
    "files.getUploadURLExternal": files.get_upload_url_external,
    "files.info": files.info,
    "pins.add": bookmarks.pin,
    "team.info": users.team_info,
    "users.conversations": conversations.of_user,
    "users.info": users.info,
    "users.list": users.list_,
    "users.lookupByEmail": users.lookup_by_email,
    "views.open": views.open_,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
