"""Minutes as a tagged PDF (PDF/UA-1), laid out by Typst.

The words reach the layout as data, never as source; the fonts are those that Typst
brings, so that every machine prints the same. Typst is loaded when the first minutes are printed.
"""

from __future__ import annotations

import asyncio

from adapters.paper.layout import printed
from bot.minutes import Minutes

__all__ = ["TypstPrinter"]


class TypstPrinter:
    """Prints minutes (`bot.ports.Printer`), one at a time, off the event loop."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def print(self, minutes: Minutes) -> bytes:
        """The minutes as a PDF of A4 pages, the same bytes for the same minutes."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(printed, minutes)
