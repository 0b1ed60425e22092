"""The brief that prepares a meeting, from the command line."""

from __future__ import annotations

import sys

import click

from sympolis.cli.office import office_home
from sympolis.cli.terminal import Refusal, language_choice, refuse_no_folder, say

FORMATS = ("html", "pdf", "docx", "md", "json")


@click.command()
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option("--network", default="", help="The network whose members may benefit.")
@click.option("--language", type=language_choice, default="en", show_default=True)
@click.option(
    "--format", "form", type=click.Choice(["html", "pdf", "docx", "md", "json"]), default="md", show_default=True
)
@click.option("--output", default="-", help="Where to; - is standard output.")
@click.option("--internal", is_flag=True, help="With private contacts, notes and scores: not to be shared.")
def brief(left: str, right: str, network: str, language: str, form: str, output: str, internal: bool) -> None:
    """The brief between A and B: public ids, slugs or names in any language."""
    target = None if output == "-" else refuse_no_folder(output)
    office_home()
    from sympolis.office.synergies import actions, errors

    try:
        content = actions.brief_for_command_line(left, right, network, language, form, internal)
    except errors.BriefRefused as refused:
        raise Refusal(str(refused.sentence)) from refused
    if target is None:
        if form in {"pdf", "docx"} and sys.stdout.isatty():
            raise click.UsageError(f"A {form} is not for the terminal: name a file with --output.")
        sys.stdout.buffer.write(content)
        return
    target.write_bytes(content)
    say(f"Written: {output}")
