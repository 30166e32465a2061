"""Every sentence exists in every language, says the same facts there, and is said by something; only texts speak."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain import contests, vocabulary
from bot.domain.approvals import Paired
from bot.domain.ballots import MARKED, RANKED
from bot.domain.charter import ITEMS, Status
from bot.domain.consultation import Base, Binding, Kind, Method, Sequel, State, Tie
from bot.domain.debate.model import Review
from bot.domain.declaration import RULES
from bot.domain.eligibility import _ORDER
from bot.domain.lifecycle import TRANSITIONS, Event, after
from bot.domain.members import Role
from bot.domain.papers import FILLED_IN
from bot.domain.proxies import Word
from bot.domain.refusals import Refusal
from bot.domain.remedies import Remedy
from bot.domain.results import Verdict
from bot.domain.tally.outcome import Purpose, Rule
from bot.domain.vocabulary import OWN_OPTIONS
from bot.text.catalogue import catalogue, languages
from bot.text.integrity import KINDS
from bot.text.lessons import TAUGHT
from bot.text.minutes.course import TOLD
from bot.usecases.commands import COMMANDS
from bot.usecases.guide import CHANGES, OFFERED, STEPS
from bot.verification import CHECKS
from storage.errors import StorageError

ROOT = Path(__file__).parents[2]
MODULES = [path for package in ("bot", "adapters", "storage") for path in sorted((ROOT / package).rglob("*.py"))]
LANGUAGES = languages()
REFERENCE = catalogue(LANGUAGES[0])
FAMILIES = {key.split(".")[0] for key in REFERENCE}
KEY = re.compile(r"[a-z]+(-[a-z]+)*(\.[A-Za-z0-9_/-]+)+")
FACT = re.compile(r"\{(\w+)\}")
ACCENTED = re.compile(r"[À-ÖØ-öø-ÿŒœ«»]")


@dataclass(frozen=True)
class Call:
    """A call in the program: the last word of what is called, its first literal argument that could be a key, and its
    keywords (None when some are not written out)."""

    where: str
    name: str
    literal: str
    keywords: frozenset[str] | None


Tree = tuple[ast.AST, ...]
"""Of a module's nodes those that may speak, found once."""


def trees() -> Iterator[tuple[Path, Tree]]:
    speaking = (ast.Constant, ast.Expr, ast.JoinedStr, ast.Call)
    for path in MODULES:
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        yield path, tuple(node for node in nodes if isinstance(node, speaking))


TREES = list(trees())


def documented(tree: Tree) -> set[int]:
    return {id(node.value) for node in tree if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def literals(tree: Tree) -> Iterator[ast.Constant]:
    skipped = documented(tree) | {id(part) for node in tree if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in tree:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node


def shapes(tree: Tree) -> Iterator[str]:
    """The f-strings, `{}` for each hole."""
    for node in tree:
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)


def calls(names: Iterable[str]) -> Iterator[Call]:
    for path, tree in TREES:
        for node in tree:
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if name in names and texts:
                written = [keyword.arg for keyword in node.keywords]
                keywords = None if None in written else frozenset(word for word in written if word)
                yield Call(f"{path.relative_to(ROOT)}:{node.lineno}", name, texts[0], keywords)


SAID = {node.value for _, tree in TREES for node in literals(tree)}
REFUSALS = list(calls({"Refusal", "Missing"}))


def lifecycle_refusals() -> set[str]:
    found = set()
    for state in State:
        for event in set(Event) - TRANSITIONS[state].keys():
            with pytest.raises(Refusal) as refused:
                after(state, event, 1)
            found.add(refused.value.code)
    return found


OFFERED_VALUES = {f"guide.{step}.{value}" for step, values in OFFERED.items() for value in values}
ASKED = {step for steps in STEPS.values() for step in steps} | set(CHANGES) | {"statutes"}
STANDING = {field.value for field in RULES}
ROLL_REFUSALS = set(_ORDER)
"""Why someone is not admitted to the roll."""

NOT_FOR_PEOPLE = {"no-such-post", "no-such-account", "no-such-organisation"}
"""Refusals about numbers of the store's own, which nobody can type or press: were one raised, it would be a bug."""

RULED = sorted({each.value for each in contests.Verdict} - {"open"})
"""What is decided of a contestation."""

COMPUTED: dict[str, set[str]] = {
    # shape of the f-string in the program → every key that it makes
    "refusal.{}": (
        {f"refusal.{call.literal}" for call in REFUSALS if call.literal not in NOT_FOR_PEOPLE}
        | {f"refusal.{code}" for code in lifecycle_refusals()}
        | {f"refusal.{code}" for code in ROLL_REFUSALS | {"not-your-draft", "organisers-only"}}
        | {f"refusal.speaker-{kind}" for kind in ("anonymous-admin", "channel", "ghost", "foreign")}
    ),
    "role.{}": {f"role.{role}" for role in Role},
    "role.may.{}": {f"role.may.{role}" for role in Role},
    "role.means.{}": {f"role.means.{role}" for role in Role},
    "link.account-{}": {f"link.account-{platform}" for platform in ("telegram", "matrix", "console")},
    "proxy.told-{}": {f"proxy.told-{word}" for word in Word},
    "invite.{}": {f"invite.{what}" for what in ("accepted", "declined", "withdrawn")},
    "invite.tells-{}": {f"invite.tells-{what}" for what in ("accepted", "declined", "withdrawn")},
    "operate.{}": {f"operate.{error.code}" for error in StorageError.__subclasses__()},
    "card.add-option.{}": {f"card.add-option.{review}" for review in Review},
    "list.state.{}": {f"list.state.{state}" for state in (*State, "voting-over") if state is not State.DRAFT},
    "card.voting-over-{}": {"card.voting-over-shares", "card.voting-over-words"},
    "warn.{}": {"warn.key-scrutineers", "warn.key-unreached"},
    "notice.voting-over-{}": {"notice.voting-over-shares", "notice.voting-over-words"},
    "verdict.{}": {f"verdict.{verdict}" for verdict in Verdict} | {"verdict.won-approval"},
    "verdict.won-{}": {f"verdict.won-{method}" for method in (Method.SCHULZE, Method.RANKED_PAIRS)},
    "method.{}": {f"method.{method}" for method in Method},
    "method-name.{}": {f"method-name.{method}" for method in TAUGHT},
    "learn.about.{}": {f"learn.about.{method}" for method in TAUGHT},
    "learn.{}.{}": {f"learn.{of}.{number}" for of in ("option", "date", "project") for number in (1, 2, 3)},
    "working.tie-{}": {f"working.tie-{rule}" for rule in Rule},
    "count.purpose.{}": {f"count.purpose.{purpose}" for purpose in Purpose},
    "proof.{}": {f"proof.{name}" for name in (*CHECKS, "fingerprint", "right", "wrong", "true", "false")},
    "proof.head-{}": {f"proof.head-{name}" for name in ("fingerprint", "opened", "closed")},
    "charter.long.journal-{}": {"charter.long.journal-opened", "charter.long.journal-closed"},
    "tie.broken-{}": {f"tie.broken-{tie}" for tie in Tie},
    "rule.base.{}": {f"rule.base.{base}" for base in Base},
    "{}-motion": {"rule.more-than-motion", "rule.at-least-motion"},
    "follow-up.{}": {f"follow-up.{binding}" for binding in Binding},
    "notice.extended-{}": {"notice.extended-organiser", "notice.extended-outage", "notice.extended-quorum"},
    "card.{}": {f"card.{sequel}" for sequel in Sequel},
    "result.{}": {f"result.{sequel}" for sequel in Sequel},
    "result.{}-of": {f"result.{sequel}-of" for sequel in Sequel},
    "rule.if-no-quorum-{}": {f"rule.if-no-quorum-{remedy}" for remedy in Remedy},
    "kind.{}": {f"kind.{kind}" for kind in Kind},
    "paper.how.{}": {f"paper.how.{ballot}" for ballot in {*FILLED_IN, *OWN_OPTIONS}},
    "paper.until-{}": {"paper.until-public", "paper.until-unlinked"},
    "sealed.shows-{}": {"sealed.shows-inclusion", "sealed.shows-choice"},
    "verify.{}": {"verify.inclusion", "verify.choice"},
    "card.figures.{}": {f"card.figures.{ballot}" for ballot in RANKED | MARKED},
    "guide.ask.{}": {f"guide.ask.{step}" for step in ASKED},
    "guide.change.{}": {f"guide.change.{step}" for step in CHANGES},
    "guide.{}.{}": OFFERED_VALUES,
    "menu.{}": {f"menu.{name}" for name in COMMANDS if name != "start"},
    "charter.title.{}": {f"charter.title.{item.id}" for item in ITEMS},
    "charter.long.{}": {f"charter.long.{status}" for status in Status if status is not Status.NOT_APPLICABLE},
    "charter.card.{}": {
        f"charter.card.{word}" for word in ("asks", "why", "who", "takes-part", "how", "when", "sees", "moderates")
    },
    "charter.ask.{}": {f"charter.ask.{field}" for field in STANDING},
    "charter.ask.{}-days": {"charter.ask.now-days", "charter.ask.default-days"},
    "charter.ask.default.{}": {f"charter.ask.default.{field.value}" for field, rule in RULES.items() if rule.spoken},
    "charter.rehearsal.{}": {f"charter.rehearsal.{field}" for field in STANDING - {"name"}},
    "minutes.{}": {"minutes.final", "minutes.provisional"},
    "minutes.binding.{}": {f"minutes.binding.{binding}" for binding in Binding},
    "minutes.follows.{}": {f"minutes.follows.{sequel}" for sequel in Sequel},
    "minutes.quorum.{}": {"minutes.quorum.reached", "minutes.quorum.missed"},
    "minutes.event.{}": {f"minutes.event.{what}" for what in TOLD},
    "notice.contest-{}": {f"notice.contest-{verdict}" for verdict in RULED},
    "contest.is-{}": {f"contest.is-{verdict}" for verdict in RULED},
    "contest.ask-{}": {f"contest.ask-{verdict}" for verdict in RULED},
    "contest.yours-{}": {f"contest.yours-{verdict}" for verdict in RULED},
    "button.contest-{}": {f"button.contest-{verdict}" for verdict in RULED},
    "approval.waits-{}": {f"approval.waits-{act}" for act in Paired},
    "approval.asks-{}": {f"approval.asks-{act}" for act in Paired},
    "integrity.refused-{}": {f"integrity.refused-{kind}" for kind in KINDS},
    "floor.{}": {"floor.left", "floor.ended", "floor.begun", "floor.nearly-over"},
    "floor.left-{}": {"floor.left-messages", "floor.left-characters"},
    "floor.about.{}": {"floor.about.for", "floor.about.against"},
    "console.expected{}-{}{}": {
        f"console.expected{absent}-{what}{there}"
        for absent in ("", "-not") for what in ("text", "something") for there in ("", "-there")
    } - {"console.expected-something", "console.expected-something-there"},  # no scenario can expect just anything
}  # fmt: skip
BY_CODE = (
    "console.wrong.{}", "config.{}", "charter.missing.{}", "charter.say.{}", "minutes.fact.{}", "minutes.section.{}",
    "minutes.sign.{}",
)  # fmt: skip
"""Shapes whose hole is a code written elsewhere in the program, as a literal or as a shape of its own."""


def spelled_in_pieces() -> Iterator[re.Pattern[str]]:
    """What f-strings of the modules that make codes can spell, where enough of it is written out to tell it apart."""
    for path, tree in TREES:
        if path.stem.startswith("charter_") or path.name in {"config.py", "settings.py"}:
            for shape in shapes(tree):
                if re.fullmatch(r"[a-z{}.-]*[a-z]{2}[a-z{}.-]*|\{\}\.\{\}\.\{\}", shape):
                    yield re.compile(re.escape(shape).replace(r"\{\}", r"[\w-]+"))


IN_PIECES = list(spelled_in_pieces())


def by_code(shape: str) -> Callable[[str], bool]:
    prefix = shape.removesuffix("{}")

    def used(key: str) -> bool:
        code = key.removeprefix(prefix)
        return key.startswith(prefix) and (code in SAID or any(piece.fullmatch(code) for piece in IN_PIECES))

    return used


# ── the catalogues agree ─────────────────────────────────────────────────────────────────────────────────────────────


def forms(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else words


def facts(words: str | tuple[str, ...]) -> set[str]:
    return {fact for form in forms(words) for fact in FACT.findall(form)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_and_no_other(language: str) -> None:
    assert catalogue(language).keys() == REFERENCE.keys()
    empty = [key for key, words in catalogue(language).items() if not all(form.strip() for form in forms(words))]
    assert empty == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_has_two_sentences(language: str) -> None:
    pattern = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
    folder = ROOT / "bot" / "text" / "locales"
    files = [path for path in folder.rglob("*.po") if path.name.split(".")[-2] == language]
    found = Counter(key for path in files for key in pattern.findall(path.read_text(encoding="utf-8")))
    assert [key for key, times in found.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_tells_the_same_facts_in_every_language(language: str) -> None:
    different = {key for key, words in catalogue(language).items() if facts(words) != facts(REFERENCE[key])}
    assert different == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_both_its_forms(language: str) -> None:
    for key, words in catalogue(language).items():
        assert isinstance(words, str) is isinstance(REFERENCE[key], str), key
        if not isinstance(words, str):
            assert len(words) == 2, key  # in French as in English


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_bold_is_closed(language: str) -> None:
    wrong = {key for key, words in catalogue(language).items() if any(form.count("**") % 2 for form in forms(words))}
    assert wrong == set()


def test_french_puts_a_space_before_its_double_signs() -> None:
    # Addresses, hours, keys of commands and code are not sentences.
    glued = re.compile(r"(?<![\s\d/:?!;({}])[;:?!»](?![/\d\w(])|«(?!\s)")
    found = {}
    for key, words in catalogue("fr").items():
        for form in forms(words):
            prose = re.sub(r"https?:\S+|\"[^\"]*\"|\b(nom|conservation|contact): ", "", form)  # words to copy
            if glued.search(prose) and not key.startswith(("config.", "console.")):
                found[key] = form
    assert found == {}


# ── the program and the catalogues agree ─────────────────────────────────────────────────────────────────────────────


def test_every_key_that_the_program_names_has_a_sentence() -> None:
    unknown = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path, tree in TREES
        if path.parts[len(ROOT.parts)] != "storage"  # there, words with a dot are columns
        for node in literals(tree)
        if KEY.fullmatch(node.value) and node.value.split(".")[0] in FAMILIES and node.value not in REFERENCE
        if not node.value.endswith(FILE_NAMES) and "config" not in path.parts
    }
    assert {line for line in unknown if not known_otherwise(line)} == set()


FILE_NAMES = (".toml", ".db", ".py", ".example", ".md", ".png", ".svg", ".txt", ".json", ".html", ".pdf", ".typ")


def known_otherwise(line: str) -> bool:
    """Words with a dot that are no keys: settings (`telegram.token`), and parts of keys completed elsewhere."""
    path, word = line.split(" ")
    return "config.py" in path or word in {"rule.more-than", "rule.at-least"}


@pytest.mark.parametrize("shape", COMPUTED)
def test_every_computed_key_has_a_sentence(shape: str) -> None:
    assert COMPUTED[shape] - REFERENCE.keys() == set()
    assert any(shape == one for _, tree in TREES for one in shapes(tree)), "nothing in the program makes these keys"


def test_every_sentence_is_said() -> None:
    computed = set().union(*COMPUTED.values())
    coded = [by_code(shape) for shape in BY_CODE]
    unused = {key for key in REFERENCE.keys() - SAID - computed if not any(used(key) for used in coded)}
    assert unused == set()


def test_every_refusal_fills_its_sentence() -> None:
    bare = {}
    for call in REFUSALS:
        if call.literal in NOT_FOR_PEOPLE:
            continue
        needed = facts(REFERENCE[f"refusal.{call.literal}"]) - {"sign"}
        if call.keywords is not None and needed - call.keywords:
            bare[f"{call.where} {call.literal}"] = needed - call.keywords
    assert bare == {}


def test_every_sentence_said_by_name_is_given_its_facts() -> None:
    bare = {}
    for call in calls({"say", "line", "heading", "spans", "sentence"}):
        if call.literal in REFERENCE and call.keywords is not None:
            words = REFERENCE[call.literal]
            needed = (facts(words) | ({"n"} if not isinstance(words, str) else set())) - {"sign"}
            if needed - call.keywords:
                bare[f"{call.where} {call.literal}"] = needed - call.keywords
    assert bare == {}


def test_commands_that_sentences_tell_people_to_type_exist() -> None:
    typed = re.compile(r"\{sign\}([^\W\d_][\w-]*)")
    for language in LANGUAGES:
        for key, words in catalogue(language).items():
            for word in typed.findall(" ".join(forms(words))):
                name = vocabulary.command(word)
                assert name in COMMANDS, f"{language} {key}: {word}"


# ── only texts speak ─────────────────────────────────────────────────────────────────────────────────────────────────

TYPED_WORDS = {
    "bot/domain/vocabulary.py": "names of commands and keys, as people type them and as they are shown",
    "bot/domain/words.py": "letters that fold to others",
    "bot/domain/lookalikes.py": "letters that look like others",
    "bot/domain/answers.py": "quotes and number signs people type",
    "bot/domain/grammar.py": "quotes, dashes and colons people type",
    "adapters/console/expectations.py": "quotes in scenario files",
    "adapters/console/script.py": "quotes in scenario files",
}
"""Modules outside bot/text that may hold accented letters, with the reason: what people type, never what is said."""


def test_no_accented_word_is_said_outside_the_texts() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for path, tree in TREES
        if not path.is_relative_to(ROOT / "bot" / "text") and str(path.relative_to(ROOT)) not in TYPED_WORDS
        for node in literals(tree)
        if ACCENTED.search(node.value)
    }
    assert found == set()


def test_the_exceptions_are_still_needed() -> None:
    idle = {
        name
        for name in TYPED_WORDS
        if not any(
            ACCENTED.search(node.value) for path, tree in TREES if path == ROOT / name for node in literals(tree)
        )
    }
    assert idle == set()
