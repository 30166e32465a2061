"""`/proxy` and the buttons of proxies: which intention is meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.grammar import Command, numbered, perhaps_numbered
from bot.domain.ids import Action
from bot.domain.proxies import REVOKE, is_code
from bot.domain.words import fold
from bot.ports import Pressed, Reply
from bot.usecases.debate.aside import Page, show
from bot.usecases.house import House, Visit
from bot.usecases.proxies import casting, days, giving, taking
from bot.usecases.proxies.own import overview

Obey = Callable[[House, Visit, Pressed, Action], Awaitable[Reply | None]]


async def proxy(house: House, visit: Visit, command: Command) -> bool:
    """`/proxy`, `/proxy CODE`, `/proxy 12`, `/proxy 12 revoke`; False for a day, which is one of an organisation's."""
    typed = command.rest.strip()
    if is_code(typed):
        await taking.bring(house, visit, typed)
    elif not typed:
        await overview(house, visit)
    elif _number_alone(command):
        number, rest = numbered(command)
        await _in_one(house, visit, number, rest.strip())
    else:
        return False
    return True


def _number_alone(command: Command) -> bool:
    """Whether it begins with a consultation's number, and not with a day of the month."""
    number, rest = perhaps_numbered(command)
    return number is not None and (not rest.strip() or fold(rest) in REVOKE)


async def _in_one(house: House, visit: Visit, number: int, rest: str) -> None:
    if not rest:
        await giving.give(house, visit, number)
    else:
        await show(house, visit, Page(await giving.revoke(house, visit, number), f"proxy-{number}"))


async def by_link(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened to give a proxy, or to see one's own."""
    if number:
        await giving.give(house, visit, number)
    else:
        await overview(house, visit)


ACTIONS: Mapping[str, Obey] = {
    "pxundo": giving.revoke_pressed,
    "pxdundo": days.revoke_pressed,
    "pxyes": taking.accept_pressed,
    "pxno": taking.decline_pressed,
    "pxv": casting.begin_pressed,
    "pxf": casting.touch_pressed,
}
"""What the buttons of proxies do, by verb."""
