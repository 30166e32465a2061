"""The methods by which the bot speaks of itself (name, menus) and fetches its updates."""

from __future__ import annotations

import json
from typing import Any

from tests.botapi import wire
from tests.botapi.calls import Call
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.methods import Desk, method
from tests.botapi.updates import Webhook

MAX_POLL = 50.0
MOST_UPDATES = 100
_DEFAULT = {"type": "default"}


@method("getMe")
async def get_me(desk: Desk, call: Call) -> Any:
    """Who the bot is."""
    flags = ["supports_inline_queries", "can_connect_to_business", "has_main_web_app", "has_topics_enabled"]
    reads_all = not desk.stage.privacy
    about = {"can_join_groups": True, "can_read_all_group_messages": reads_all} | dict.fromkeys(flags, False)
    return wire.user(desk.world.me) | about


@method("getUpdates")
async def get_updates(desk: Desk, call: Call) -> Any:
    """What happened since, waiting for it if asked to; confirms all that is below the offset."""
    limit = call.params.get("limit", MOST_UPDATES)
    if not 1 <= limit <= MOST_UPDATES:
        limit = MOST_UPDATES
    desk.queue.allow(call.params.get("allowed_updates"))
    return await desk.queue.poll(call.params.get("offset", 0), limit, min(call.params.get("timeout", 0), MAX_POLL))


@method("setWebhook")
async def set_webhook(desk: Desk, call: Call) -> Any:
    """Have updates posted to an address (http is allowed here); none removes the webhook."""
    url = call.params["url"]
    if url and not url.startswith(("http://", "https://")):
        raise bad_request("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    hook = Webhook(url, call.params.get("secret_token", ""), call.params.get("max_connections", 40))
    desk.queue.webhook = hook if url else None
    desk.queue.allow(call.params.get("allowed_updates"))
    _drop(desk, call)
    return True


@method("deleteWebhook")
async def delete_webhook(desk: Desk, call: Call) -> Any:
    """Back to polling."""
    desk.queue.webhook = None
    _drop(desk, call)
    return True


def _drop(desk: Desk, call: Call) -> None:
    if call.params.get("drop_pending_updates"):
        desk.queue.clear()
    desk.world.bell.ring()


@method("getWebhookInfo")
async def get_webhook_info(desk: Desk, call: Call) -> Any:
    """Where updates go, and how many wait."""
    queue, hook = desk.queue, desk.queue.webhook
    info: dict[str, Any] = {"url": hook.url if hook else "", "has_custom_certificate": False}
    info["pending_update_count"] = len(queue.waiting)
    if hook:
        info["max_connections"] = hook.connections
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    if queue.webhook_error:
        info |= {"last_error_message": queue.webhook_error, "last_error_date": int(desk.world.clock())}
    return info


@method("setMyCommands")
async def set_my_commands(desk: Desk, call: Call) -> Any:
    """Set the menu of one scope and language."""
    desk.profile.commands[_menu(call)] = call.params["commands"]
    return True


@method("getMyCommands")
async def get_my_commands(desk: Desk, call: Call) -> Any:
    """The menu of exactly this scope and language."""
    return desk.profile.commands.get(_menu(call), [])


@method("deleteMyCommands")
async def delete_my_commands(desk: Desk, call: Call) -> Any:
    """Remove the menu of one scope and language."""
    desk.profile.commands.pop(_menu(call), None)
    return True


def _menu(call: Call) -> tuple[str, str]:
    return menu_key(call.params.get("scope", _DEFAULT), call.params.get("language_code", ""))


def menu_key(scope: dict[str, Any], language: str) -> tuple[str, str]:
    """Under what a menu is kept."""
    return json.dumps(scope, sort_keys=True), language


def _text_methods(setter: str, getter: str, name: str) -> None:
    """Enter the pair of methods that set and read one of the bot's texts, language by language."""

    @method(setter)
    async def set_text(desk: Desk, call: Call) -> Any:
        desk.profile.texts[name, call.params.get("language_code", "")] = call.params.get(name, "")
        return True

    @method(getter)
    async def get_text(desk: Desk, call: Call) -> Any:
        default = desk.world.me.first_name if name == "name" else ""
        texts, language = desk.profile.texts, call.params.get("language_code", "")
        return {name: texts.get((name, language)) or texts.get((name, "")) or default}


_text_methods("setMyName", "getMyName", "name")
_text_methods("setMyDescription", "getMyDescription", "description")
_text_methods("setMyShortDescription", "getMyShortDescription", "short_description")


@method("logOut")
async def log_out(desk: Desk, call: Call) -> Any:
    """Leave this server: it answers nothing more."""
    desk.profile.logged_out = True
    return True


@method("close")
async def close(desk: Desk, call: Call) -> Any:
    """Close the bot's instance before moving it; Telegram allows this once in ten minutes."""
    if desk.queue.webhook:
        raise ApiError(409, "Conflict: can't close while webhook is active")
    return True
