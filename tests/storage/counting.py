"""What the databases are asked: every statement, savepoint and commit of this process, counted as it happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Asked:
    """The statements sent and the commits made since counting began. A BEGIN or COMMIT counts as a statement."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counted() -> Iterator[Asked]:
    """Count what all engines do until the context ends."""
    asked = Asked()

    def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        asked.statements.append(text)

    def named(text: str) -> Any:
        return lambda *_: asked.statements.append(text)

    def commit(_connection: Any) -> None:
        asked.commits += 1
        asked.statements.append("COMMIT")

    listeners = [
        ("before_cursor_execute", statement),
        ("begin", named("BEGIN")),
        ("savepoint", named("SAVEPOINT")),
        ("release_savepoint", named("RELEASE SAVEPOINT")),
        ("rollback_savepoint", named("ROLLBACK TO SAVEPOINT")),
        ("rollback", named("ROLLBACK")),
        ("commit", commit),
    ]
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield asked
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)
