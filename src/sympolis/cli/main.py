"""``sympolis``: every command by name, each loaded when it is called.

Exit status: 0 done, 1 refused with one line on what and how to mend it, 2 wrong usage.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path

import click

import sympolis
from sympolis.engine.errors import EngineError

COMMANDS = {
    "demo": "start:demo",
    "init": "start:init",
    "migrate": "start:migrate",
    "upgrade": "start:upgrade",
    "user": "start:user",
    "serve": "serve:serve",
    "worker": "serve:worker",
    "together": "serve:together",
    "atlas": "world:atlas",
    "search": "ask:search",
    "match": "match:match",
    "calls": "ask:calls",
    "answer": "answer:answer",
    "partners": "partners:partners",
    "consortium": "consortium:consortium",
    "tag": "ask:tag",
    "cluster": "cluster:cluster",
    "resolve": "same:resolve",
    "brief": "brief:brief",
    "iati": "iati:iati",
    "backup": "keep:backup",
    "restore": "keep:restore",
    "export": "keep:export",
    "doctor": "keep:doctor",
}


class Commands(click.Group):
    """The commands by name; a module is imported only when one of its commands is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"sympolis.cli.{module}"), name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SYMPOLIS_HOME",
    help="Where the office's state lives (SYMPOLIS_HOME; ./var in a checkout).",
)
@click.version_option(sympolis.__version__, message="%(version)s")
def sympolis_command(home: Path | None) -> None:
    """The open workbench for city diplomacy."""
    if home is not None:
        os.environ["SYMPOLIS_HOME"] = str(home.expanduser().resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolis.config.settings")


def main(arguments: list[str] | None = None) -> None:
    try:
        sys.exit(sympolis_command.main(arguments, "sympolis", standalone_mode=True))
    except EngineError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except Exception as error:  # a full disk is told by many kinds; all others go on
        if not (said := _not_written(error)):
            raise
        click.echo(said, err=True)
        sys.exit(1)


def _not_written(error: Exception) -> str:
    """A full disk, or one that can't be written: nothing is wrong with the program. SQLite says it in words alone."""
    home, number = os.environ.get("SYMPOLIS_HOME", "./var"), getattr(error, "errno", None)
    if number in {errno.ENOSPC, errno.EDQUOT} or "database or disk is full" in str(error):
        return f"The disk is full. Make room, or move {home} to a larger disk, then do it again."
    if number in {errno.EROFS, errno.EACCES, errno.EPERM} or "readonly database" in str(error):
        where = getattr(error, "filename", None) or home
        return f"{where} can't be written. Do it as the user whose folder it is, or make it theirs."
    return ""


if __name__ == "__main__":
    main()
