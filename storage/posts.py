"""The messages the bot owes to rooms, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from bot.domain.ids import PostRef
from bot.domain.refusals import Missing
from bot.store import Post
from storage import mapping
from storage.database import Database
from storage.tables import POST


class Posts:
    """The part of a transaction about posts (`bot.store.Transaction` says what each does)."""

    _db: Database

    def posts(self, number: int) -> Sequence[Post]:
        """See Transaction."""
        rows = self._db.all(select(POST).where(POST.c.consultation == number).order_by(POST.c.id))
        return [mapping.post(row) for row in rows]

    def claim_post(self, number: int, version: int, room: int, role: str, part: int = 0) -> Post:
        """See Transaction."""
        five = {"consultation": number, "version": version, "room": room, "role": role, "part": part}
        self._db.add_missing(POST, **five, state="sending", rendered=0, why="")
        row = self._db.first(select(POST).where(*(POST.c[name] == value for name, value in five.items())))
        assert row is not None
        return mapping.post(row)

    def post_sent(self, post: int, ref: PostRef, rendered: int) -> None:
        """It stands there, and shows this tally version."""
        where = {"platform": ref.room.platform, "address": ref.room.id, "thread": ref.room.thread, "message": ref.id}
        self._change_post(post, state="sent", rendered=rendered, why="", **where)

    def post_refused(self, post: int, why: str) -> None:
        """It can't be sent as things stand."""
        self._change_post(post, state="refused", why=why)

    def post_rendered(self, post: int, rendered: int) -> None:
        """It now shows this tally version."""
        self._change_post(post, rendered=rendered)

    def _change_post(self, post: int, **values: object) -> None:
        changed = self._db.first(update(POST).where(POST.c.id == post).values(values).returning(POST.c.id))
        if changed is None:
            raise Missing("no-such-post", number=str(post))

    def post_at(self, ref: PostRef) -> Post | None:
        """See Transaction. Topics are left out: a message's number is unique in its whole group."""
        there = (POST.c.platform == ref.room.platform, POST.c.address == ref.room.id, POST.c.message == ref.id)
        row = self._db.first(select(POST).where(*there).order_by(POST.c.id.desc()))
        return row and mapping.post(row)
