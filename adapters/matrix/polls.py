"""Matrix's own polls (MSC3381, by the unstable names that Element uses): what we ask, and what an answer to it means.

An answer becomes the words in which the same ballot is typed, so that one rule takes
both. It handles contents only; which event is ours, `polling` knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.matrix.markup import ELLIPSIS
from adapters.matrix.wire import Json
from adapters.matrix.words import clean
from bot.text.card import NativePoll

START = "org.matrix.msc3381.poll.start"
END = "org.matrix.msc3381.poll.end"
RESPONSE = "org.matrix.msc3381.poll.response"
RESPONSES = frozenset({RESPONSE, "m.poll.response"})
NUMBER = "org.palabre.consultation"
"""In a poll of ours: the number of the consultation it is of."""

_TEXT = "org.matrix.msc1767.text"
_DISCLOSED = "org.matrix.msc3381.poll.disclosed"
_UNDISCLOSED = "org.matrix.msc3381.poll.undisclosed"
_QUESTION = 300
_ANSWERS = 1200
"""Characters of the question, and of all answers together, that are shown: they stand in the event twice, which holds
so many whatever they are (`markup.BUDGET`). The card above shows every word."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a poll of ours asks: the consultation's number, the ids of its answers, and how many may be chosen."""

    number: int
    ids: tuple[str, ...]
    most: int

    def command(self, content: Json) -> str:
        """The command by which the ballot that a response's content means would be typed."""
        return f"/v {self.number} {self.typed(content)}"

    def typed(self, content: Json) -> str:
        """The ballot that a response's content means, as it is typed after the command.

        As the proposal has it, what is beyond the number allowed is cut off, an answer given
        twice counts once, and a response without answers, or with an unknown one, leaves its
        sender without a vote.
        """
        chosen = _chosen(content)[: self.most]
        numbers = ", ".join(dict.fromkeys(chosen)) if set(chosen) <= set(self.ids) else ""
        return numbers or "-"


def start(poll: NativePoll, card: str) -> Json:
    """The content of the event that opens the poll, as a reply to the message `card`."""
    room = _ANSWERS // max(len(poll.options), 1)
    answers = [{"id": str(number), _TEXT: _cut(words, room)} for number, words in poll.options]
    question = _cut(poll.question, _QUESTION)
    return {
        START: {
            "kind": _DISCLOSED if poll.disclosed else _UNDISCLOSED,
            "max_selections": poll.most,
            "question": {_TEXT: question, "body": question, "msgtype": "m.text"},
            "answers": answers,
        },
        _TEXT: "\n".join([question, *(answer[_TEXT] for answer in answers)]),
        NUMBER: poll.number,
        "m.mentions": {},
        # The reference lets us find the poll again from the card, the reply shows people what it belongs to.
        "m.relates_to": {"rel_type": "m.reference", "event_id": card, "m.in_reply_to": {"event_id": card}},
    }


def _cut(words: str, room: int) -> str:
    fit = clean(words)
    return fit if len(fit) <= room else fit[: room - 1] + ELLIPSIS


def end(poll: str, words: str) -> Json:
    """The content of the event that ends the poll of that id; clients without polls show the words."""
    text = clean(words)
    return {
        END: {},
        _TEXT: text,
        "body": text,
        "m.mentions": {},
        "m.relates_to": {"rel_type": "m.reference", "event_id": poll},
    }


def asked_in(content: object) -> Asked | None:
    """What the content of a poll of ours asks; None if it is no such thing."""
    block = content.get(START) if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(block, dict):
        return None
    number, most, answers = content.get(NUMBER), block.get("max_selections"), block.get("answers")
    if not isinstance(number, int) or not isinstance(most, int) or not isinstance(answers, list):
        return None
    return Asked(number, tuple(str(answer.get("id")) for answer in answers if isinstance(answer, dict)), most)


def _chosen(content: Json) -> list[str]:
    """The answers of a response, by its unstable or its stable name; nothing when they are not a list of texts."""
    block = content.get(RESPONSE, content.get("m.poll.response"))
    found = block.get("answers") if isinstance(block, dict) else content.get("m.selections")
    return found if isinstance(found, list) and all(isinstance(one, str) for one in found) else []
