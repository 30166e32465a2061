"""The command line: `palabre try`, `run`, `check`, `migrate`, `count`, `export`, `verify`, `roll`, `backup`, `restore`.

Exit codes: 0 done, 1 the thing checked is false, 2 wrong usage or configuration,
3 database newer than the program. Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

DONE, FALSE, USAGE, NEWER = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    if options.command is None:
        _parser().print_help()
        return USAGE
    does: Callable[[argparse.Namespace], int] = options.does
    try:
        return does(options)
    except KeyboardInterrupt:
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="palabre", description="Deliberate and vote where your members already talk: Telegram and Matrix."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    rehearse = commands.add_parser("try", help="rehearse in the terminal: no account, no server")
    rehearse.add_argument("--script", type=Path, metavar="FILE", help="play a scenario file")
    rehearse.add_argument("--lang", choices=("fr", "en"), default="fr", help="language of the rehearsal")
    rehearse.set_defaults(does=_try)
    for name, words, does in (
        ("run", "serve the configured platforms", _run),
        ("check", "say every configuration mistake at once, then try the connections", _check),
        ("migrate", "bring the database to this version", _migrate),
    ):
        command = commands.add_parser(name, help=words)
        _with_config(command)
        command.set_defaults(does=does)
    counting = commands.add_parser("count", help="count a ballot file: .blt, PrefLib, ABIF, CSV, pabulib .pb")
    counting.add_argument("file", type=Path, metavar="FILE")
    counting.add_argument("--method", required=True, metavar="M", help="how: irv, stv, schulze, majority-judgment, …")
    counting.add_argument("--seats", type=int, metavar="N", help="how many to elect: 1, or what the file says")
    counting.add_argument("--json", action="store_true", help="print one JSON object")
    counting.add_argument(
        "--overvotes",
        choices=("end", "skip", "continuing"),
        default="end",
        help="irv, stv: what several at one rank do",
    )
    counting.add_argument(
        "--skips", type=int, metavar="N", help="irv, stv: how many empty ranks in a row a paper survives"
    )
    counting.set_defaults(does=_count)
    _about_bundles(commands)
    _about_rolls(commands)
    for name, words, does in (
        ("backup", "copy the database into a file", _backup),
        ("restore", "put a copy back in place of the database", _restore),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("file", type=Path)
        if name == "restore":
            command.add_argument("--replace", action="store_true", help="replace the database that is there")
        _with_config(command)
        command.set_defaults(does=does)
    return parser


def _about_bundles(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = commands.add_parser("export", help="write the open-data files of one ended consultation")
    export.add_argument("number", type=int, metavar="N")
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder to write them to")
    export.add_argument("--names", action="store_true", help="of a public vote, also who cast which ballot (names.csv)")
    _with_config(export)
    export.set_defaults(does=_export)
    checking = commands.add_parser("verify", help="recount exported files and check every hash, offline")
    checking.add_argument("folder", type=Path, metavar="DIR", help="the folder they are in")
    checking.add_argument("--json", action="store_true", help="print one JSON object")
    checking.set_defaults(does=_verify)


def _about_rolls(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    acts = commands.add_parser("roll", help="look after an organisation's list of members").add_subparsers(
        dest="act", metavar="ACT", required=True
    )
    taking = acts.add_parser("import", help="import a CSV file: first show what it would change")
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--drop", action="store_true", help="take those off who are no longer listed")
    taking.add_argument("--yes", action="store_true", help="do it; without this nothing is changed")
    taking.set_defaults(does=_import_roll)
    codes = acts.add_parser("codes", help="make codes for the members who have none, for a mail merge")
    codes.add_argument("--to", type=Path, required=True, metavar="FILE", help="the file to make, for you alone")
    codes.add_argument("--emails", type=Path, metavar="FILE", help="the list to take addresses of e-mail from")
    codes.add_argument("--all", action="store_true", help="for those too who have one, in its place")
    codes.set_defaults(does=_roll_codes)
    showing = acts.add_parser("show", help="say how many are on it, and how many have claimed their line")
    showing.set_defaults(does=_show_roll)
    for command in (taking, codes, showing):
        command.add_argument("--organisation", required=True, metavar="NAME", help="its name, or its number")
        _with_config(command)


def _with_config(command: argparse.ArgumentParser) -> None:
    default = Path(os.environ.get("PALABRE_CONFIG", "config.toml"))
    command.add_argument("--config", type=Path, default=default, metavar="FILE", help="config.toml by default")


def _try(options: argparse.Namespace) -> int:
    from bot.rehearsal import try_

    try:
        script = options.script.read_text(encoding="utf-8") if options.script else None
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"palabre: {options.script}: {type(error).__name__}\n")
        return USAGE
    # A rehearsal shows what people see; what an operator would read in the log is kept to what went wrong.
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    return asyncio.run(try_(script, options.lang))


def _run(options: argparse.Namespace) -> int:
    from bot.operating import run

    return run(options.config)


def _check(options: argparse.Namespace) -> int:
    from bot.operating import check

    return check(options.config)


def _migrate(options: argparse.Namespace) -> int:
    from bot.operating import migrate

    return migrate(options.config)


def _export(options: argparse.Namespace) -> int:
    from bot.operating import export_to

    return export_to(options.config, options.number, options.to, names=options.names)


def _verify(options: argparse.Namespace) -> int:
    from bot.verify_command import verify_folder

    return verify_folder(options.folder, as_json=options.json)


def _import_roll(options: argparse.Namespace) -> int:
    from bot.operating import keep_roll
    from bot.roll_command import Import

    return keep_roll(options.config, options.organisation, Import(options.file, options.drop, options.yes))


def _roll_codes(options: argparse.Namespace) -> int:
    from bot.operating import keep_roll
    from bot.roll_command import Codes

    return keep_roll(options.config, options.organisation, Codes(options.to, options.emails, options.all))


def _show_roll(options: argparse.Namespace) -> int:
    from bot.operating import keep_roll

    return keep_roll(options.config, options.organisation, None)


def _count(options: argparse.Namespace) -> int:
    from bot.ballot_files.rules import Overvotes, PaperRules
    from bot.counting_command import count_file

    rules = PaperRules(Overvotes(options.overvotes), options.skips)
    return count_file(options.file, options.method, options.seats, as_json=options.json, rules=rules)


def _backup(options: argparse.Namespace) -> int:
    from bot.operating import backup_to

    return backup_to(options.config, options.file)


def _restore(options: argparse.Namespace) -> int:
    from bot.operating import restore_from

    return restore_from(options.config, options.file, options.replace)


if __name__ == "__main__":
    sys.exit(main())
