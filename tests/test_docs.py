"""The words around the product say what is there, all of it, and nothing else."""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "src" / "sympolis"
DOCS = CHECKOUT / "docs"
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", CHECKOUT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


# The command line


@dataclass(frozen=True)
class Told:
    """What is said of one command: its arguments in order, its options."""

    arguments: tuple[str, ...]
    options: frozenset[str]


def commands() -> dict[str, Told]:
    """Every command of the program itself, by the words one types."""
    from sympolis.cli.main import sympolis_command

    return dict(_walk(sympolis_command, "sympolis"))


def _walk(command: click.Command, words: str) -> Iterator[tuple[str, Told]]:
    context = click.Context(command, info_name=words)
    options: set[str] = set()
    arguments: list[str] = []
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            arguments.append(parameter.make_metavar(context).strip("[]."))
        elif isinstance(parameter, click.Option) and not parameter.hidden:
            options.update(word for word in (*parameter.opts, *parameter.secondary_opts) if word.startswith("--"))
    if not isinstance(command, click.Group) or options:
        yield words, Told(tuple(arguments), frozenset(options - {"--help"}))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and child.hidden:
                continue
            assert child is not None, f"{words} {name} is listed and not there"
            if child.hidden:  # for other commands to start, not for people
                continue
            yield from _walk(child, f"{words} {name}")


def commands_written_down() -> dict[str, Told]:
    """A heading a command (``### `sympolis search TEXT` ``), a row of the table below it an option."""
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    found: dict[str, Told] = {}
    for title, body in re.findall(r"^#+ `(sympolis[^`]*)`\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL):
        words = title.split()
        upper = [word for word in words if word.strip("[].").isupper()]
        cells = re.findall(r"^\| ([^|]*) \|", body, re.MULTILINE)
        options = {option for cell in cells for option in re.findall(r"`(--[\w-]+)", cell)}
        told = Told(tuple(word.strip("[].") for word in upper), frozenset(options))
        found[" ".join(word for word in words if word not in upper)] = told
    return found


def test_every_command_and_option_is_written_down_and_no_other() -> None:
    assert commands_written_down() == commands()


def test_the_pages_use_only_commands_that_exist() -> None:
    known = set(commands()) | {"sympolis"}
    groups = {words.rsplit(" ", 1)[0] for words in known}
    unknown = []
    for page in PAGES:
        for words in re.findall(r"(?:^|`|\s)(?:\.venv/bin/)?(sympolis(?: [a-z]+)*)", code_of(page)):
            typed = words.split()
            if not any(" ".join(typed[:length]) in known | groups for length in (3, 2)) and len(typed) > 1:
                unknown.append(f"{name_of(page)}: {words}")
    assert unknown == []


def code_of(page: Path) -> str:
    """What stands between back-quotes or in a fenced block that begins with the program's name."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    fenced = [line for line in lines if re.match(r"(\S*/)?sympolis ", line)]
    inline = re.findall(r"`((?:\.venv/bin/)?sympolis [^`]*)`", FENCE.sub("", text))
    return "\n".join([*fenced, *inline])


def test_the_pages_use_only_targets_of_make_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = {
        target
        for page in PAGES
        for target in re.findall(r"(?:`|^)(?:\w+=\S+ )*make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert used - targets == set()


# Sources


def test_every_source_has_its_page_and_no_other() -> None:
    from sympolis.engine.sources import SOURCES

    assert sorted(page.stem for page in (DOCS / "sources").glob("*.md")) == sorted(SOURCES)


# Settings


def variables_read() -> dict[str, str | None]:
    """Every variable of the environment that the product reads -> its default where that is a plain word."""
    found: dict[str, str | None] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(_read_by(node))
    return found


def _read_by(call: ast.Call) -> Iterator[tuple[str, str | None]]:
    asks = ast.unparse(call.func) in {"os.environ.get", "environ.get", "os.getenv", "getenv"}
    words = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
    if asks and isinstance(words[0], str):
        yield words[0], str(words[1]) if len(words) > 1 and words[1] else None
    for keyword in call.keywords:
        if keyword.arg == "envvar" and isinstance(keyword.value, ast.Constant):
            yield str(keyword.value.value), None


def settings_written_down() -> dict[str, str]:
    """The rows of the table of settings, variable -> default, before the section on tests."""
    page = (DOCS / "settings.md").read_text(encoding="utf-8").split("\n## For tests")[0]
    return dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", page, re.MULTILINE))


def test_every_setting_is_written_down_with_its_default_and_no_other() -> None:
    read, written = variables_read(), settings_written_down()
    assert set(written) == set(read)
    defaults = {name: default for name, default in read.items() if default}
    assert {name: written[name] for name, default in defaults.items() if f"`{default}`" not in written[name]} == {}


# Links and paths


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page.read_text(encoding="utf-8"))):
        address = urlsplit(target)
        if address.scheme in {"https", "mailto"}:
            continue
        file = (page.parent / unquote(address.path)).resolve() if address.path else page
        is_ours = file.is_relative_to(CHECKOUT) and file.exists()
        if not is_ours or (address.fragment and address.fragment not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [CHECKOUT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)\s#]+\.md)", page.read_text(encoding="utf-8"))
        waiting += [file for file in ((page.parent / link).resolve() for link in links) if file.exists()]
    assert [name_of(page) for page in PAGES if page not in reached] == []


def test_every_path_of_architecture_and_rooms_exists() -> None:
    """Back-quoted words with a slash or a file's ending, before the section on the home; ``<area>`` is any name."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8").split("\n## The home")[0]
    page += (DOCS / "rooms.md").read_text(encoding="utf-8")
    words = re.findall(r"`([^`\s]+)(?:: \w+)?`", FENCE.sub("", page))
    paths = [word for word in words if "/" in word or re.search(r"\.(py|md|yaml|css|html)$", word)]
    assert [path for path in paths if not path.startswith("<home>") and not is_there(path)] == []


def is_there(path: str) -> bool:
    """From the checkout, the package or the office; a bare name in any room of the office."""
    pattern = re.sub(r"<[^>]+>", "*", path).rstrip("/")
    office = PACKAGE / "office"
    places = [(CHECKOUT, pattern), (PACKAGE, pattern), (office, pattern), (office, f"*/{pattern}")]
    return any(next(folder.glob(found), None) is not None for folder, found in places)


def test_the_architecture_names_every_room() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    line = re.search(r"^office +((?:\w+ )+) ", page, re.MULTILINE)
    assert line is not None
    rooms = {folder.name for folder in (PACKAGE / "office").iterdir() if (folder / "__init__.py").exists()}
    assert set(line.group(1).split()) == rooms


# Reasons


def dependencies() -> set[str]:
    """What pyproject.toml and package.json ask for, by bare names."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(each for some in project["optional-dependencies"].values() for each in some)]
    names = {re.split(r"[\[<>=~!; ]", each)[0].lower() for each in asked}
    front_end = CHECKOUT / "package.json"
    if front_end.exists():
        names |= set(json.loads(front_end.read_text(encoding="utf-8"))["dependencies"])
    return names


def test_every_dependency_has_its_reason() -> None:
    page = (DOCS / "decisions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    reasoned = {word for parts, why in rows if why.strip() for word in re.split(r"[,+\s]+", parts.lower())}
    assert dependencies() - reasoned == set()


# What must stand in no file

# Written so that this file does not name them either.
REGISTRIES = re.compile(
    r"py[p]i\.org|pythonh[o]sted\.org|registry\.npm[j]s\.|registry\.yarnp[k]g\.|npmm[i]rror\.|proxy\.gol[a]ng\.|cr[a]tes\.io|anac[o]nda\.org"
    r"|index-url[ =]+http|\"resolved\":"
)
PATHS = re.compile(r"(?<![\w.:/*~$}\])>-])/[A-Za-z][\w.+-]*/[\w.+-]+")
PEOPLES_FOLDERS = re.compile(r"^/(root|Users|home)/")
EVERYWHERE = re.compile(r"^/(bin|boot|dev|etc|lib|lib64|opt|proc|run|sbin|sys|tmp|usr|var|Library)/")  # on any machine


@functools.cache
def tracked_texts() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this checkout is not kept by git")
    texts = {}
    for name in filter(None, listed.stdout.decode().split("\0")):
        try:
            texts[name] = (CHECKOUT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a file just deleted
    return texts


def own_index_hosts() -> set[str]:
    """Hosts that this machine's package clients are told to ask."""
    names = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "NPM_CONFIG_REGISTRY")
    return {host for name in names if (host := urlsplit(os.environ.get(name, "")).hostname)}


def test_no_file_names_a_package_registry() -> None:
    found = []
    for name, text in tracked_texts().items():
        found += [f"{name}: {hit}" for hit in REGISTRIES.findall(text)]
        found += [f"{name}: this machine's index" for host in own_index_hosts() if host in text]
    assert found == []


def test_no_file_names_a_path_of_this_machine() -> None:
    found = []
    for name, text in tracked_texts().items():
        for path in dict.fromkeys(PATHS.findall(text)):
            if PEOPLES_FOLDERS.match(path) or (Path(path).exists() and not EVERYWHERE.match(path)):
                found.append(f"{name}: {path}")
    assert found == []
