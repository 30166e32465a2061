"""A bundle as it was published holds; a bundle in which any byte was changed doesn't, and both verifiers say so."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.domain.canonical import digest
from bot.domain.manifest import MANIFEST, fingerprint_of, manifest_of
from bot.text.catalogue import catalogue
from bot.text.fingerprints import fingerprint
from bot.usecases.bundle import Bundle, zipped
from bot.verification import CHECKS, Published, verify
from tests.proofs.conftest import ACTS
from tests.proofs.programs import program

Wrong = Mapping[str, Iterable[str]]
MUTATIONS = 1_500
"""Of each bundle."""


def by_program(files: Bundle) -> Wrong:
    found: Wrong = program("verify.py")["verify"](files)
    return found


def by_palabre(files: Bundle) -> Wrong:
    return verify(files).wrong


BOTH = pytest.mark.parametrize("check", [by_program, by_palabre])
Check = Callable[[Bundle], Wrong]


def wrong(found: Wrong) -> set[str]:
    return {name for name, what in found.items() if list(what)}


@BOTH
@pytest.mark.parametrize("kind", ACTS)
def test_what_was_exported_holds(bundles: dict[str, Bundle], kind: str, check: Check) -> None:
    assert wrong(check(bundles[kind])) == set()


def test_both_ask_the_same_questions(bundles: dict[str, Bundle]) -> None:
    assert list(by_program(bundles["poll"])) == list(by_palabre(bundles["poll"])) == list(CHECKS)
    for language in ("fr", "en"):
        assert {f"proof.{name}" for name in CHECKS} <= catalogue(language).keys()


def files_by_program(files: Bundle) -> Iterable[str]:
    made = program("verify.py")
    found: Iterable[str] = made["CHECKS"]["files"](made["Bundle"](files))
    return found


def files_by_palabre(files: Bundle) -> Iterable[str]:
    return CHECKS["files"](Published(files))


def found_by(question: Callable[[Bundle], Iterable[str]], files: Bundle) -> bool:
    """Whether the question is answered with something wrong: a file that can't be read any more is."""
    try:
        return any(question(files))
    except (LookupError, TypeError, ValueError, AttributeError):
        return True


@pytest.mark.parametrize("question", [files_by_program, files_by_palabre])
@pytest.mark.parametrize("kind", ["poll", "draw", "grades"])
def test_a_changed_byte_anywhere_is_found(
    bundles: dict[str, Bundle], kind: str, question: Callable[[Bundle], Iterable[str]]
) -> None:
    """In each file, at its ends and in between: another bit, another letter, one more, one less."""
    files, chance, missed = bundles[kind], random.Random(kind), []
    for name in sorted(files):
        size = len(files[name])
        for place in sorted({0, size - 1, *(chance.randrange(size) for _ in range(MUTATIONS // len(files)))}):
            if not found_by(question, {**files, name: mutated(files[name], place, chance)}):
                missed.append((name, place))
    assert missed == []


@BOTH
def test_a_changed_byte_of_any_file_is_no_surprise(bundles: dict[str, Bundle], check: Check) -> None:
    """Every question is still answered, whatever became unreadable."""
    files, chance = bundles["ranking"], random.Random(7)
    for name in sorted(files):
        found = check({**files, name: mutated(files[name], chance.randrange(len(files[name])), chance)})
        assert (list(found), "files" in wrong(found)) == (list(CHECKS), True)


def mutated(data: bytes, place: int, chance: random.Random) -> bytes:
    old = data[place : place + 1]
    new = chance.choice([bytes([old[0] ^ 1 << chance.randrange(8)]), b"", old + b" ", b"1" if old != b"1" else b"2"])
    return data[:place] + new + data[place + 1 :]


@BOTH
def test_a_file_more_less_or_under_another_name_is_found(bundles: dict[str, Bundle], check: Check) -> None:
    files = dict(bundles["poll"])
    assert "files" in wrong(check({**files, "more.txt": b""}))
    for name in sorted(files):
        less = {other: data for other, data in files.items() if other != name}
        assert "files" in wrong(check(less))
        assert "files" in wrong(check({**less, f"{name}~": files[name]}))


# ── a forger who makes the manifest again ────────────────────────────────────────────────────────────────────────────


def forged(files: Bundle, name: str, change: Callable[[Any], Any]) -> dict[str, bytes]:
    """The bundle with one JSON file changed, and a manifest that fits."""
    facts = json.loads(files[name])
    data = (json.dumps(change(facts) or facts, ensure_ascii=False, indent=2) + "\n").encode()
    return sealed({**files, name: data})


def sealed(files: Bundle) -> dict[str, bytes]:
    return {**files, MANIFEST: manifest_of(files)}


def replaced(files: Bundle, name: str, old: str, new: str) -> dict[str, bytes]:
    text = files[name].decode()
    assert old in text
    return sealed({**files, name: text.replace(old, new, 1).encode()})


@BOTH
@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        ("result.json", lambda facts: facts.update(winners=[1]), {"count"}),
        ("result.json", lambda facts: facts.update(quorum=1), {"count"}),
        ("result.json", lambda facts: facts["options"][0].update(votes=5), {"count"}),
        ("roll.json", lambda facts: facts.update(size=3), {"roll", "count"}),
        ("roll.json", lambda facts: facts.update(voters=9), {"roll"}),
        ("roll.json", lambda facts: facts.update(salt="0" * 32), {"roll"}),
        ("consultation.json", lambda facts: facts["definition"].update(title="Else?"), {"definition", "disclosure"}),
        ("consultation.json", lambda facts: facts.update(tie_choices=[1]), {"decisions"}),
        ("consultation.json", lambda facts: facts.update(seed="ab"), {"sheet"}),
        # … of which one point is left: who held it can't be read any more either.
        ("disclosure.json", lambda facts: facts["items"].pop(), {"disclosure", "organisations"}),
        ("disclosure.json", lambda facts: facts.update(digest="0" * 64), {"disclosure"}),
    ],
)
def test_a_forged_file_does_not_fit_the_others(
    bundles: dict[str, Bundle], name: str, change: Callable[[Any], Any], found: set[str], check: Check
) -> None:
    assert wrong(check(forged(bundles["poll"], name, change))) == found


@BOTH
def test_a_ballot_more_is_found(bundles: dict[str, Bundle], check: Check) -> None:
    assert wrong(check(replaced(bundles["poll"], "tally-sheet.csv", "Library,2", "Library,3"))) == {"sheet", "count"}


@BOTH
def test_a_line_of_the_journal_can_not_be_rewritten_moved_or_left_out(bundles: dict[str, Bundle], check: Check) -> None:
    files = bundles["ranking"]
    assert {"journal"} <= wrong(check(replaced(files, "journal.jsonl", '"rooms":1', '"rooms":2')))
    lines = files["journal.jsonl"].decode().splitlines(keepends=True)
    assert any('"content"' in line for line in lines), "other consultations stand in between"
    for place in range(1, len(lines) - 1):
        left = sealed({**files, "journal.jsonl": "".join(lines[:place] + lines[place + 1 :]).encode()})
        assert "journal" in wrong(check(left))
    swapped = sealed({**files, "journal.jsonl": "".join([lines[1], lines[0], *lines[2:]]).encode()})
    assert "journal" in wrong(check(swapped))


@BOTH
def test_another_seed_than_the_promised_one_is_found(bundles: dict[str, Bundle], check: Check) -> None:
    assert {"seed"} <= wrong(check(forged(bundles["draw"], "consultation.json", lambda facts: facts.update(seed="ab"))))


def test_lines_about_others_say_nothing(bundles: dict[str, Bundle]) -> None:
    for line in map(json.loads, bundles["poll"]["journal.jsonl"].decode().splitlines()):
        if "content" in line:
            assert line.keys() == {"content", "hash", "previous", "sequence"}
        else:
            assert line["number"] == 1
            content = digest({key: line[key] for key in ("at", "facts", "kind", "number")})
            assert line["hash"] == digest(
                {"content": content, "previous": line["previous"], "sequence": line["sequence"]}
            )


def test_the_archive_is_the_same_each_time(bundles: dict[str, Bundle]) -> None:
    files = bundles["poll"]
    assert zipped(files) == zipped(dict(reversed(files.items())))


# ── the programs as people run them ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(bundles: dict[str, Bundle], tmp_path: Path) -> Path:
    made = tmp_path / "export-2"
    made.mkdir()
    for name, data in bundles["vote"].items():
        (made / name).write_bytes(data)
    return made


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run verify.py alone: no package of ours is in reach."""
    command = [sys.executable, "-I", "verify.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_program_of_a_bundle_needs_nothing_but_python(folder: Path, bundles: dict[str, Bundle]) -> None:
    mark = fingerprint_of(bundles["vote"][MANIFEST])
    done = run(folder, "--lang", "en", "--fingerprint", f"{mark[:4]} {mark[4:20]}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Everything holds."
    assert done.stdout.count("Right:") == len(CHECKS) + 1
    assert fingerprint(mark) in done.stdout
    assert "Tout se vérifie." in run(folder, "--lang", "fr").stdout
    assert {path.name for path in folder.iterdir()} == bundles["vote"].keys(), "it leaves nothing behind"


def test_the_program_says_what_is_wrong(folder: Path) -> None:
    (folder / "recount.py").write_text("nonsense(", encoding="utf-8")
    done = run(folder, "--lang", "en")
    assert (done.returncode, done.stderr) == (1, "")
    assert "WRONG: each file is the one that the manifest lists, and there is no other. (recount.py)" in done.stdout
    (folder / "__pycache__").mkdir()
    assert "__pycache__, recount.py" in run(folder, "--lang", "en").stdout


def test_another_fingerprint_than_that_of_the_room_is_wrong(folder: Path) -> None:
    assert run(folder, "--fingerprint", "0000 1111").returncode == 1


def test_palabre_verifies_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert main(["verify", str(folder), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["verified"], set(facts["wrong"])) == (True, set(CHECKS))
    (folder / "roll.json").write_text("{}", encoding="utf-8")
    assert main(["verify", str(folder), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert (facts["verified"], facts["wrong"]["files"]) == (False, ["roll.json"])


def test_a_folder_that_is_no_bundle_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 2
    assert main(["verify", str(tmp_path / "nowhere")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "palabre verify export-12" in said.err


def test_the_old_python_promised_can_read_the_programs() -> None:
    """They are parsed as Python 3.9: a word of a later one would be a mistake."""
    import ast

    from bot.usecases.bundle import CHECKERS, PROGRAMS

    for name in CHECKERS:
        ast.parse((PROGRAMS / name).read_text(encoding="utf-8"), name, feature_version=(3, 9))


def test_a_copy_of_the_folder_is_the_same_bundle(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert run(copy).stdout == run(folder).stdout
