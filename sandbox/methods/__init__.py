"""The Web API methods, one module a family; `HANDLERS` names them all.

A handler takes the context and arguments that keep to the contract, returns what Slack adds to
`{"ok": true}`, and raises SlackError.
"""

from collections.abc import Callable

from sandbox.blocks import Json
from sandbox.context import Context
from sandbox.methods import basic, chat, conversations, users, views

HANDLERS: dict[str, Callable[[Context, Json], Json]] = {
    "apps.connections.open": basic.apps_connections_open,
    "auth.test": basic.auth_test,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.create": conversations.create,
    "conversations.info": conversations.info,
    "conversations.invite": conversations.invite,
    "conversations.list": conversations.list_,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_,
    "users.info": users.info,
    "users.list": users.list_,
    "views.open": views.open_,
    "views.publish": views.publish,
    "views.update": views.update,
}
