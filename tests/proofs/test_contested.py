"""Bundles of a consultation whose result is contested: provisional, then final."""

from __future__ import annotations

import json

from tests.fakes.bench import Bench
from tests.proofs.test_life import exported, must_hold
from tests.usecases.conftest import bench

__all__ = ["bench"]  # a fixture


async def test_a_contested_result_holds_before_and_after_it_is_final(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "Here" "There" --close 2h --contest 1d --approval --yes', bench.salon)
    await bench.vote("bruno", 1, 1)
    await bench.pass_time(hours=2)
    await bench.say("chloe", "/contest 1 count again")
    provisional = await exported(bench)
    must_hold(provisional)
    assert json.loads(provisional["consultation.json"])["state"] == "closed"
    assert "count again" not in str(provisional["journal.jsonl"])
    await bench.say("ana", "/contest 1 reject 1 it was counted twice")
    await bench.pass_time(days=1)
    final = await exported(bench)
    must_hold(final)
    assert json.loads(final["consultation.json"])["state"] == "certified"
    kinds = [json.loads(line)["kind"] for line in final["journal.jsonl"].splitlines()]
    assert kinds[-3:] == ["contested", "contest-decided", "certified"]
