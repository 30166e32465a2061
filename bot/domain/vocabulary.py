"""The words people use in commands, as data: commands, keys and listed values, in English and in French.

The English word is the canonical one. Accents, case, spaces, hyphens and
underscores never matter, so only one spelling of each is listed, the one that is
shown. It knows no meaning: what a word does is said where it is obeyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bot.domain.words import fold

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "start": (),
    "help": ("aide",),
    "list": ("liste",),
    "status": ("état",),
    "results": ("résultats",),
    "export": ("exporter",),
    "charter": ("charte",),
    "mine": ("moi",),
    "v": ("voter",),
    "claim": ("inscrire",),
    "verify": ("vérifier",),
    "link": ("lier",),
    "privacy": ("données",),
    "forget": ("oublier",),
    "contest": ("contester",),
    "proxy": ("procuration",),
    "integrity": ("intégrité",),
    "attendance": ("émargement",),
    "lang": ("langue",),
    "learn": ("comprendre",),
    "poll": ("sondage",),
    "vote": ("scrutin",),
    "dates": (),
    "petition": ("pétition",),
    "debate": ("débat",),
    "opinions": (),
    "text": ("texte",),
    "budget": (),
    "draw": ("tirage",),
    "open": ("ouvrir",),
    "close": ("clore",),
    "extend": ("prolonger",),
    "cancel": ("annuler",),
    "remind": ("rappeler",),
    "excuse": ("dispenser",),
    "answer": ("répondre",),
    "minutes": ("pv",),
    "share": ("part",),
    "reveal": ("dévoiler",),
    "schedule": ("calendrier",),
    "template": ("modèle",),
    "setup": ("configurer",),
    "join": ("rejoindre",),
    "roles": (),
    "roll": ("liste_électorale",),
    "rooms": ("salons",),
    "invite": (),
    "for": ("pour",),
    "against": ("contre",),
    "ask": ("question",),
    "floor": ("parole",),
    "next": ("suivant",),
    "hide": ("masquer",),
    "phase": (),
    "propose": ("proposer",),
    "order": ("ordre",),
    "reply": ("réplique",),
    "arguments": (),
    "support": ("soutenir",),
    "rate": ("noter",),
    "edit": ("modifier",),
    "withdraw": ("retirer",),
    "report": ("signaler",),
    "restore": ("rétablir",),
    "moderation": ("modération",),
    "opinion": ("avis",),
    "conclusion": (),
    "comment": ("commenter",),
    "statement": ("affirmation",),
    "a": (),
    "d": (),
    "p": (),
    "map": ("carte",),
    "add": ("ajouter",),
}
"""Every command word: the canonical English name, then its other names."""

KEYS: Mapping[str, str] = {
    "purpose": "objet",
    "binding": "portée",
    "statutes": "statuts",
    "open": "ouverture",
    "close": "fermeture",
    "ballot": "bulletin",
    "method": "méthode",
    "seats": "sièges",
    "choices": "choix",
    "tie": "égalité",
    "quorum": "quorum",
    "majority": "majorité",
    "base": "base",
    "secrecy": "confidentialité",
    "results": "résultats",
    "roll": "liste",
    "group": "groupe",
    "seniority": "ancienneté",
    "rooms": "salons",
    "answer_by": "réponse_avant",
    "receipt": "reçu",
    "contest": "contestation",
    "proxies": "procurations",
    "approval": "double_accord",
    "key": "clé",
    "reminders": "rappels",
    "add_options": "ajouts",
    "repeat": "répétition",
    "template": "modèle",
    "lang": "langue",
    "phases": "étapes",
    "signing": "signature",
    "moderation": "modération",
    "grounds": "motifs",
    "reports": "signalements",
    "length": "longueur",
    "each": "par_membre",
    "turn": "tour",
    "alternate": "alternance",
    "lists": "listes",
    "opinion": "avis",
    "final_vote": "vote_final",
    "minimum": "minimum",
    "grades": "mentions",
    "scale": "échelle",
    "points": "points",
    "quadratic": "quadratique",
    "second_round": "second_tour",
    "early": "anticipée",
    "amount": "montant",
    "if_no_quorum": "sans_quorum",
    "lasts": "durée",
    "yes": "oui",
}
"""Every key of a creation, with its French name."""

FLAGS = frozenset({"yes", "add_options", "approval", "alternate", "opinion", "final_vote", "quadratic"})
"""The keys that mean something without a value."""

_METHODS = (
    "plurality two-round approval borda irv stv schulze ranked-pairs score star majority-judgment points consent "
    "equal-shares greedy"
)

VALUES: Mapping[str, Mapping[str, str]] = {
    "binding": {"advice": "avis", "answer": "réponse", "decision": "décision"},
    "ballot": {
        "single": "unique",
        "approval": "approbation",
        "ranking": "classement",
        "score": "notes",
        "judgment": "jugement",
        "points": "points",
        "availability": "disponibilité",
        "consent": "consentement",
        "signature": "signature",
    },
    "method": {name: name for name in _METHODS.split()},
    "tie": {"organiser": "organisateur", "draw": "tirage", "first": "ordre"},
    "base": {"cast": "exprimés", "voters": "votants", "roll": "inscrits"},
    "secrecy": {"confidential": "confidentiel", "public": "public", "unlinked": "non relié"},
    "results": {"live": "direct", "closing": "clôture"},
    "roll": {"room": "salon", "list": "fichier", "codes": "codes", "open": "ouverte"},
    "receipt": {"inclusion": "présence", "choice": "choix", "none": "aucun"},
    "add_options": {"no": "non", "yes": "oui"},
    "approval": {"no": "non", "yes": "oui"},
    "key": {"server": "serveur", "scrutineers": "scrutateurs"},
    "signing": {"name": "nom", "pseudonym": "pseudonyme", "anonymous": "anonyme"},
    "moderation": {"after": "après", "before": "avant"},
    "alternate": {"no": "non", "yes": "oui"},
    "opinion": {"yes": "oui", "no": "non"},
    "quadratic": {"no": "non", "yes": "oui"},
    "yes": {"yes": "oui", "no": "non"},
    "lang": {"en": "anglais", "fr": "français"},
}
"""The listed values of the keys that have some, with their French names."""

BUILT_BALLOTS: Mapping[str, frozenset[str]] = {
    "single": frozenset({"plurality", "two-round"}),
    "approval": frozenset({"approval", "equal-shares", "greedy"}),
    "ranking": frozenset({"schulze", "ranked-pairs", "irv", "stv", "borda"}),
    "score": frozenset({"score", "star"}),
    "judgment": frozenset({"majority-judgment"}),
    "points": frozenset({"points", "equal-shares", "greedy"}),
    "availability": frozenset(),
    "consent": frozenset({"consent"}),
    "signature": frozenset(),
}
"""The ballots that can be asked for today, with their methods that can. The rules know them all: a ballot is opened
here, once it can be shown, cast and told."""

BALLOT_KEYS: Mapping[str, str] = {
    "grades": "judgment", "scale": "score", "points": "points", "quadratic": "points",
}  # fmt: skip
"""The keys that only one ballot knows."""

OWN_OPTIONS = frozenset({"consent", "signature"})
"""The ballots that bring their options along: none can be given."""

UNBUILT_KEYS = frozenset({"repeat"}) | {key for key, ballot in BALLOT_KEYS.items() if ballot not in BUILT_BALLOTS}
"""The keys with which this version can't do anything yet (but for a value that asks for nothing)."""

UNBUILT: Mapping[str, frozenset[str]] = {}
"""The listed values that are understood and that this version can't do yet."""

TEMPLATES: Mapping[str, str] = {
    "resolution": "résolution", "board": "bureau", "date": "date", "consent": "consentement", "budget": "budget",
}  # fmt: skip
"""The presets that the program brings, with their French names."""

NONE = frozenset({"none", "no", "aucun", "aucune", "non", "sans"})
"""Folded words that ask for nothing, where a key may be without value."""

NOW = frozenset({"now", "maintenant", "tout de suite"})
"""Folded words for the present moment."""

ABSTENTIONS = frozenset({"abstention", "abstain", "je m'abstiens", "i abstain", "s'abstenir", "to abstain"})
"""Folded labels of an option that is an explicit abstention."""

BLANKS = frozenset({"blanc", "vote blanc", "bulletin blanc", "blank", "blank vote", "blank ballot"})
"""Folded labels of an option that is a blank ballot."""

NONE_OF_THESE = frozenset({
    "none", "none of these", "none of them", "none of the above", "none of the options", "none of the candidates",
    "none of these options", "none of these candidates", "none of these proposals", "no candidate", "nobody",
    "re-open nominations", "reopen nominations", "re-open nominations (ron)", "ron",
    "aucun", "aucune", "aucun d'eux", "aucune d'elles", "aucun d'entre eux", "aucune d'entre elles", "aucun des deux",
    "aucune des deux", "aucun des trois", "aucune des trois", "aucun choix", "aucun de ces choix", "aucun des choix",
    "aucune option", "aucune de ces options", "aucune des options", "aucune proposition", "aucune de ces propositions",
    "aucune des propositions", "aucun projet", "aucun de ces projets", "aucun des projets", "aucun candidat",
    "aucun de ces candidats", "aucun des candidats", "aucune candidate", "aucune de ces candidates",
    "aucune des candidates", "aucune candidature", "aucune de ces candidatures", "aucune des candidatures",
    "aucune liste", "aucune de ces listes", "aucune des listes", "aucun de ceux-la", "aucune de celles-la", "personne",
    "rouvrir les candidatures",
})  # fmt: skip
"""Folded labels of an option by which voters want none of the others."""

GRADES: Mapping[str, tuple[str, ...]] = {
    "en": ("Very good", "Good", "Fairly good", "Acceptable", "Poor", "To reject"),
    "fr": ("Très bien", "Bien", "Assez bien", "Passable", "Insuffisant", "À rejeter"),
}
"""The grades of a judgment that names none, best first."""

AVAILABILITY_WORDS: Mapping[str, tuple[str, str, str]] = {
    "en": ("yes", "if need be", "no"),
    "fr": ("oui", "si besoin", "non"),
}
"""What one says to a date, best first, as it is shown."""

AVAILABILITIES: Mapping[str, int] = {
    "yes": 2, "y": 2, "ok": 2, "oui": 2, "o": 2,
    "if need be": 1, "if needed": 1, "maybe": 1, "si besoin": 1, "si necessaire": 1, "peut-etre": 1,
    "no": 0, "n": 0, "non": 0,
}  # fmt: skip
"""Folded words for each availability, with the mark they stand for."""

CONSENT_OPTIONS: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("Agree", "Abstain", "Disagree", "Block"),
    "fr": ("D'accord", "Abstention", "Pas d'accord", "Veto"),
}
"""The options of a consent ballot: agreement, abstention, disagreement, block."""

CONSENTS: Mapping[str, str] = {
    "agree": "agreement", "i agree": "agreement", "yes": "agreement", "d'accord": "agreement", "oui": "agreement",
    "je suis d'accord": "agreement", "disagree": "disagreement", "i disagree": "disagreement",
    "pas d'accord": "disagreement", "je ne suis pas d'accord": "disagreement",
    "block": "block", "i block": "block", "veto": "block", "je bloque": "block", "bloquer": "block",
}  # fmt: skip
"""Folded words for what a consent ballot says besides abstaining, with the role of the option."""

SIGNATURE_OPTION: Mapping[str, str] = {"en": "I sign", "fr": "Je signe"}
"""The only option of a text to sign."""

SIGNATURES = frozenset({"i sign", "sign", "signed", "yes", "je signe", "signer", "signe", "oui"})
"""Folded words that sign."""


def slug(text: str) -> str:
    """The text as words are compared here: folded, with hyphens and spaces as underscores."""
    return fold(text).replace("-", "_").replace(" ", "_")


def _by_slug(names: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    return {slug(name): canonical for canonical, others in names for name in (canonical, *others)}


_COMMANDS = _by_slug(COMMANDS.items())
_KEYS = _by_slug((key, (french,)) for key, french in KEYS.items()) | {slug("clôture"): "close"}
_VALUES = {key: _by_slug((value, (french,)) for value, french in words.items()) for key, words in VALUES.items()}
_VALUES["lang"] |= {"english": "en", "french": "fr"}
_VALUES["method"] |= {"parts_egales": "equal-shares", "gloutonne": "greedy"}
_VALUES["tie"] |= {"organizer": "organiser"}
_VALUES["ballot"] |= {"judgement": "judgment"}


def command(word: str) -> str | None:
    """The canonical name of a command word, None if there is no such command."""
    return _COMMANDS.get(slug(word))


def key(word: str) -> str | None:
    """The canonical name of a key, None if there is no such key."""
    return _KEYS.get(slug(word))


def value(of: str, word: str) -> str | None:
    """The canonical name of a listed value of the key, None if it isn't one."""
    return _VALUES[of].get(slug(word))


def nearest_command(word: str) -> str | None:
    """The command word most like this one, as it is shown, if any is close."""
    return _nearest(word, [name for canonical, others in COMMANDS.items() for name in (canonical, *others)])


def nearest_key(word: str) -> str | None:
    """The key most like this word, as it is shown, if any is close."""
    return _nearest(word, [name for pair in KEYS.items() for name in pair])


def _nearest(word: str, names: list[str]) -> str | None:
    slugs = {slug(name): name for name in names}
    close = get_close_matches(slug(word)[:40], slugs, n=1)
    return slugs[close[0]] if close else None


def command_in(language: str, canonical: str) -> str:
    """The word of a command in a language: its first other name in French, where it has one."""
    return next(iter(COMMANDS[canonical]), canonical) if language == "fr" else canonical


def key_in(language: str, canonical: str) -> str:
    """The name of a key in a language."""
    return KEYS[canonical] if language == "fr" else canonical


def value_in(language: str, of: str, canonical: str) -> str:
    """The word for a listed value of a key in a language."""
    return VALUES[of][canonical] if language == "fr" else canonical


def values_in(language: str, of: str) -> tuple[str, ...]:
    """The listed values of a key that can be asked for today, in a language, the default first."""
    unbuilt = UNBUILT.get(of, frozenset())
    return tuple(french if language == "fr" else word for word, french in VALUES[of].items() if word not in unbuilt)
