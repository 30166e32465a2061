"""What the Bot API server says when it refuses: the words of the real server, which adapters have to understand.

It knows texts and codes; it doesn't know when each applies. Texts come from what
users of the real server report (issue threads of tdlib, teloxide, pyTelegramBotAPI).
"""

from __future__ import annotations

from typing import Any

CHAT_NOT_FOUND = "Bad Request: chat not found"
MEMBER_NOT_FOUND = "Bad Request: member not found"
ADMIN_REQUIRED = "Bad Request: CHAT_ADMIN_REQUIRED"
NO_PRIVATE_CHAT = "Forbidden: bot can't initiate conversation with a user"
BLOCKED = "Forbidden: bot was blocked by the user"
TO_BOT = "Forbidden: bot can't send messages to bots"
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
IS_ADMINISTRATOR = "Bad Request: user is an administrator of the chat"
RIGHT_FORBIDDEN = "Bad Request: RIGHT_FORBIDDEN"
NO_RIGHT = "Bad Request: not enough rights to restrict/unrestrict chat member"
NOT_IN_THIS_KIND = "Bad Request: method is available for supergroup and channel chats only"
PARTICIPANT_INVALID = "Bad Request: PARTICIPANT_ID_INVALID"
NOT_PARTICIPANT = "Bad Request: USER_NOT_PARTICIPANT"
CANNOT_SEND = "Bad Request: not enough rights to send text messages to the chat"
CANNOT_SEND_DOCUMENTS = "Bad Request: not enough rights to send documents to the chat"
CANNOT_SEND_PHOTOS = "Bad Request: not enough rights to send photos to the chat"
CANNOT_PIN = "Bad Request: not enough rights to manage pinned messages in the chat"
PIN_NOT_FOUND = "Bad Request: message to pin not found"
UNPIN_NOT_FOUND = "Bad Request: message to unpin not found"
REPLY_NOT_FOUND = "Bad Request: message to be replied not found"
THREAD_NOT_FOUND = "Bad Request: message thread not found"
TOPIC_CLOSED = "Bad Request: TOPIC_CLOSED"
EMPTY_TEXT = "Bad Request: message text is empty"
TOO_LONG = "Bad Request: message is too long"
CAPTION_TOO_LONG = "Bad Request: message caption is too long"
BUTTON_DATA = "Bad Request: BUTTON_DATA_INVALID"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
EDIT_NOT_FOUND = "Bad Request: message to edit not found"
CANNOT_EDIT = "Bad Request: message can't be edited"
NO_TEXT = "Bad Request: there is no text in the message to edit"
NO_CAPTION = "Bad Request: there is no caption in the message to edit"
DELETE_NOT_FOUND = "Bad Request: message to delete not found"
CANNOT_DELETE = "Bad Request: message can't be deleted"
CANNOT_DELETE_FOR_ALL = "Bad Request: message can't be deleted for everyone"
FORWARD_NOT_FOUND = "Bad Request: message to forward not found"
COPY_NOT_FOUND = "Bad Request: message to copy not found"
OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"
BAD_FILE = "Bad Request: invalid file_id"
BAD_IMAGE = "Bad Request: IMAGE_PROCESS_FAILED"
BAD_DIMENSIONS = "Bad Request: PHOTO_INVALID_DIMENSIONS"
POLL_CLOSED = "Bad Request: poll has already been closed"
NO_POLL = "Bad Request: message with poll to stop not found"
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class ApiError(Exception):
    """The server refuses a call: `code` and `description` go into the answer, `parameters` beside them."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def answer(self) -> dict[str, Any]:
        """The body of the refusal."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(description: str) -> ApiError:
    """A refusal with code 400."""
    return ApiError(400, description)


def too_many(seconds: int) -> ApiError:
    """A refusal with code 429 that asks to wait so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class Breach(ApiError):
    """The call breaks the rules of the Bot API: refused like any other, and held against the caller as a violation."""

    def __init__(self, problems: list[str], description: str = "") -> None:
        super().__init__(400, description or f"Bad Request: {problems[0]}")
        self.problems = problems
