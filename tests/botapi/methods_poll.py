"""The methods of Telegram's own polls."""

from __future__ import annotations

from typing import Any

from tests.botapi import errors
from tests.botapi.calls import Call
from tests.botapi.errors import bad_request
from tests.botapi.methods import Desk, method, shown
from tests.botapi.methods_send import prepare

MOST_OPTIONS = 12


@method("sendPoll")
async def send_poll(desk: Desk, call: Call) -> Any:
    """Post one of Telegram's own polls."""
    asked, options = call.params, call.params["options"]
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise bad_request(f"Bad Request: poll must have 1 to {MOST_OPTIONS} options")
    chat = desk.reachable(call)
    number = desk.number()
    flags = {"is_anonymous": True, "allows_multiple_answers": False, "allows_revoting": True, "members_only": False}
    poll: dict[str, Any] = {
        "id": str(number),
        "question": asked["question"],
        "options": [_option(f"{number}-{index}", option["text"]) for index, option in enumerate(options)],
        "total_voter_count": 0,
        "is_closed": asked.get("is_closed", False),
        "type": asked.get("type", "regular"),
    } | {name: asked.get(name, default) for name, default in flags.items()}
    content = desk.world.version(markup=asked.get("reply_markup"))
    return shown(desk.world.post(chat, desk.world.me, content, poll=poll, **prepare(desk, call, chat)))


def _option(persistent_id: str, text: str) -> dict[str, Any]:
    return {"persistent_id": persistent_id, "text": text, "voter_count": 0}


@method("stopPoll")
async def stop_poll(desk: Desk, call: Call) -> Any:
    """Close one of the bot's own polls."""
    poll = desk.own(call).poll
    if poll is None:
        raise bad_request(errors.NO_POLL)
    if poll["is_closed"]:
        raise bad_request(errors.POLL_CLOSED)
    poll["is_closed"] = True
    desk.world.bell.ring()
    return poll
