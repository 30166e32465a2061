"""A strict emulator of Telegram's Bot API server, for tests: the world of people in Python, the bot over real HTTP.

    async with BotApi(token="1:TEST") as api:
        ana = api.user("Ana")
        group = api.group("Assembly", [ana], admins=[ana])
        await api.say(ana, group, "/poll …")                       # the bot gets the update
        card = await api.message_in(group, containing="Library")   # waits for what the bot posts
        answer = await api.press(ana, card, "Library")             # waits for answerCallbackQuery
        assert api.violations == []

Everything a bot sends is checked against the schema of Bot API 10.3 and the rules
written in `rules`; what breaks them is refused as by Telegram and kept in
`api.violations`. Everything it is told or answered is checked too.
"""

from tests.botapi.api import BotApi
from tests.botapi.calls import Call
from tests.botapi.faults import Fault
from tests.botapi.rights import EVERY_RIGHT, USUAL_RIGHTS
from tests.botapi.talk import Answer, Press
from tests.botapi.world import Chat, File, Member, Message, Topic, User, Version

__all__ = [
    "EVERY_RIGHT",
    "USUAL_RIGHTS",
    "Answer",
    "BotApi",
    "Call",
    "Chat",
    "Fault",
    "File",
    "Member",
    "Message",
    "Press",
    "Topic",
    "User",
    "Version",
]
