"""One call of the Bot API: read from an HTTP request, checked, and remembered with its answer.

It knows forms, JSON bodies and multipart. It refuses to know what any method does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.botapi import errors
from tests.botapi.errors import Breach, bad_request
from tests.botapi.rules import breaches
from tests.botapi.schema import Schema, Upload

_ATTACHED = "attach://"
_WORDS = {
    "text": (errors.EMPTY_TEXT, errors.TOO_LONG),
    "caption": (errors.CAPTION_TOO_LONG, errors.CAPTION_TOO_LONG),
}


@dataclass(slots=True)
class Call:
    """A call: what was asked, when (`at`), the fault it met, and the answer it got."""

    method: str
    params: dict[str, Any]
    at: float
    uploads: dict[str, Upload] = field(default_factory=dict, repr=False)
    fault: str = ""
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> Any:
        """The result, None for a call that was refused."""
        return self.answer.get("result")

    def file(self, value: Any) -> Upload | str:
        """The uploaded file that a parameter stands for, or the text (an id, an address) it is."""
        if isinstance(value, str) and value.startswith(_ATTACHED):
            return self.uploads[value.removeprefix(_ATTACHED)]
        if isinstance(value, (Upload, str)):
            return value
        raise bad_request("Bad Request: there is no file in the request")


async def read(request: web.Request, method: str, schema: Schema, now: float) -> Call:
    """The call in an HTTP request, its values decoded by the schema; a method that isn't in the schema is left raw."""
    raw: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json() if request.can_read_body else {}
        raw |= body if isinstance(body, dict) else {"(body)": body}
    elif request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                raw[name] = value if isinstance(value, str) else bytes(value).decode()
    known = schema.methods.get(method, {"params": {}})["params"]
    params = {n: schema.decode(known[n]["type"], value) if n in known else value for n, value in raw.items()}
    params |= {name: upload for name, upload in uploads.items() if name in known and name not in params}
    return Call(method, params, now, uploads)


def check(call: Call, schema: Schema, username: str) -> None:
    """Raise Breach, with everything that is wrong, when the call breaks the schema or the unwritten rules."""
    problems = list(schema.call_problems(call.method, call.params)) + list(_stray_files(call))
    if not problems:
        problems = list(breaches(call.method, call.params, username))
    if problems:
        raise Breach([f"{call.method}: {problem}" for problem in problems], _words(call, problems))


def _stray_files(call: Call) -> Iterator[str]:
    wanted = set(_attached(call.params))
    yield from (f"{name}: the file {_ATTACHED}{name} is not in the request" for name in wanted - set(call.uploads))
    for name, upload in call.uploads.items():
        if name not in wanted and call.params.get(name) is not upload:
            yield f"{name}: a file that nothing refers to"


def _attached(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(_ATTACHED):
        yield value.removeprefix(_ATTACHED)
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _attached(item)


def _words(call: Call, problems: list[str]) -> str:
    """What the real server says where it has words of its own."""
    for name, (empty, long) in _WORDS.items():
        if any(f".{name}: its length" in problem for problem in problems):
            return long if call.params.get(name) else empty
    if any("callback_data: its length" in problem for problem in problems):
        return errors.BUTTON_DATA
    if any("entities" in problem for problem in problems):
        return f"Bad Request: can't parse entities: {problems[0]}"
    return ""
