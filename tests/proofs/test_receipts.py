"""Receipts that were changed are found, by both verifiers, even where the manifest was made again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from bot.domain.manifest import MANIFEST, manifest_of
from bot.usecases.bundle import Bundle, bundle_of
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.proofs.conftest import _accept
from tests.proofs.test_bundles import BOTH, Check, wrong

VOTE = '/vote "Adopt it?" "Yes" "No" --purpose it --binding advice --close 2h'
KINDS = ("inclusion", "choice", "sealed", "none", "erased")
Lines = list[str]


async def _made(bench: Bench) -> dict[str, Bundle]:
    await bench.start()
    await bench.meet_everyone()
    await bench.store.write(lambda tx: _accept(bench, tx))
    asked = {
        "inclusion": "", "choice": "--receipt choice", "sealed": "--receipt choice --secrecy unlinked",
        "none": "--receipt none",
    }  # fmt: skip
    for number, keys in enumerate(asked.values(), 1):
        await bench.say("ana", f"{VOTE} {keys} --yes", bench.salon)
        for name, answer in (("bruno", "1"), ("chloe", "2"), ("dan", "2")):
            await bench.say(name, f"/v {number} {answer}")
            await bench.say(name, "yes")
    await bench.pass_time(hours=3)
    made = {kind: await bundle_of(bench.store, NoPencil(), NoPress(), number) for number, kind in enumerate(asked, 1)}
    await bench.pass_time(days=400)
    made["erased"] = await bundle_of(bench.store, NoPencil(), NoPress(), 1)
    await bench.close()
    return made


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bundle]:
    """A bundle of each of `KINDS`, as the program exports it."""
    return asyncio.run(_made(Bench(tmp_path_factory.mktemp("coded") / "palabre.db")))


def forged(files: Bundle, lines: Sequence[str]) -> dict[str, bytes]:
    """The bundle with other receipts, and a manifest that fits."""
    made = {**files, "receipts.csv": "\r\n".join(["receipt,ballot", *lines, ""]).encode()}
    return {**made, MANIFEST: manifest_of(made)}


def lines_of(files: Bundle) -> Lines:
    return files["receipts.csv"].decode().splitlines()[1:]


def marked(line: str, ballot: str) -> str:
    return f"{line.partition(',')[0]},{ballot}"


@BOTH
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_exported_holds(coded: dict[str, Bundle], kind: str, check: Check) -> None:
    assert wrong(check(coded[kind])) == set()
    assert ("receipts.csv" in coded[kind]) is (kind in {"inclusion", "choice", "sealed"})


CHANGES: dict[str, Callable[[Lines], Lines]] = {
    "one more": lambda lines: sorted([*lines, marked("0" * 64, "")]),
    "one less": lambda lines: lines[1:],
    "one twice": lambda lines: [lines[0], lines[0], *lines[2:]],
    "another": lambda lines: sorted([marked("0" * 64, lines[0].partition(",")[2]), *lines[1:]]),
    "another order": lambda lines: lines[::-1],
    "another choice": lambda lines: [marked(lines[0], "1"), marked(lines[1], "1"), lines[2]],
    "choices exchanged": lambda lines: [
        marked(line, other.partition(",")[2]) for line, other in zip(lines, lines[1:] + lines[:1], strict=True)
    ],
    "none": lambda lines: [],
}


@BOTH
@pytest.mark.parametrize("kind", ["inclusion", "choice", "sealed"])
@pytest.mark.parametrize("change", CHANGES)
def test_forged_receipts_do_not_fit_the_journal(coded: dict[str, Bundle], kind: str, change: str, check: Check) -> None:
    lines = lines_of(coded[kind])
    after = CHANGES[change](lines)
    if after == lines:
        assert (kind, change) == ("inclusion", "choices exchanged")  # there are none to exchange
        return
    assert wrong(check(forged(coded[kind], after))) == {"receipts"}


@BOTH
@pytest.mark.parametrize("kind", ["none", "erased"])
def test_receipts_where_there_are_none_are_found(coded: dict[str, Bundle], kind: str, check: Check) -> None:
    assert wrong(check(forged(coded[kind], lines_of(coded["inclusion"])))) == {"receipts"}


@BOTH
def test_receipts_left_out_are_missed(coded: dict[str, Bundle], check: Check) -> None:
    files = {name: data for name, data in coded["inclusion"].items() if name != "receipts.csv"}
    assert "receipts" in wrong(check({**files, MANIFEST: manifest_of(files)}))
