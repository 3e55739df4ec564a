"""Attachments of a message: what was there before blocks, which may stand in them now.

Keys from docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments.
"""

from sandbox.block_kit.composition import URL
from sandbox.block_kit.rules import Rule, any_value, array, boolean, choice, fields, integer, string

WORDS = string(shortest=0)
TEXTS = ("author_name", "color", "fallback", "footer", "pretext", "text", "title")
ADDRESSES = ("author_icon", "author_link", "footer_icon", "image_url", "thumb_url", "title_link")
FIELD = fields({}, {"title": WORDS, "value": WORDS, "short": boolean})
ATTACHMENT: Rule = fields(
    {},
    {
        **dict.fromkeys(TEXTS, WORDS),
        **dict.fromkeys(ADDRESSES, URL),
        "blocks": any_value,  # checked as those of the message are
        "fields": array(FIELD, least=0),
        "mrkdwn_in": array(choice("fields", "pretext", "text"), least=0),
        "ts": integer(0),
    },
)
