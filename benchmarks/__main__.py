"""`python -m benchmarks [names…]`: measure the bars named, or all; one JSON line each.

The exit code is 1 if a gate is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping

from benchmarks.bars import Bar, Options

Group = Callable[[Options], AsyncIterator[Bar]]


def groups() -> Mapping[str, Group]:
    """What can be asked for by name."""
    from benchmarks import ballots, counting, latency, opinions, program, stores, typed

    return {
        "button": ballots.button,
        "answered": ballots.answered,
        "crowded": ballots.crowded,
        "steady": latency.steady,
        "flooded": latency.flooded,
        "cards": latency.cards,
        "typed": typed.typed,
        "storage": stores.storage,
        "syncs": stores.syncs,
        "statements": stores.statements,
        "opinions": opinions.opinions,
        "counting": counting.counting,
        "help": program.answering,
        "ready": program.starting,
        "idle": program.idling,
        "memory": program.lasting,
    }


async def measure(chosen: Mapping[str, Group], options: Options) -> bool:
    """Print every bar of the groups as it is known; whether all gates are passed."""
    passed = True
    for name, group in chosen.items():
        print(f"# {name}: {(group.__doc__ or '').strip()}", file=sys.stderr, flush=True)
        async for bar in group(options):
            print(bar.line(), flush=True)
            passed = passed and bar.met
    return passed


def main() -> int:
    """Run the command line; its exit code."""
    known = groups()
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which bars: {', '.join(known)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each duel; medians are printed")
    parser.add_argument("--large", action="store_true", help="also with 100,000 ballots already cast")
    parser.add_argument("--long", action="store_true", help="an hour of load instead of a minute")
    parser.add_argument("--libraries", default="", metavar="PYTHON", help="count beside the libraries this one has")
    given = parser.parse_args()
    if unknown := set(given.names) - set(known):
        parser.error(f"no such bars: {', '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    chosen = {name: group for name, group in known.items() if not given.names or name in given.names}
    return 0 if asyncio.run(measure(chosen, Options(given.rounds, given.large, given.long, given.libraries))) else 1


if __name__ == "__main__":
    sys.exit(main())
