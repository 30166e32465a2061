"""What the tests of ballot files share: the command, run as from a shell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.__main__ import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def ran(*arguments: object, lang: str = "en_GB.UTF-8") -> tuple[int, str, str]:
        for name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", lang)
        code = main(["count", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran
