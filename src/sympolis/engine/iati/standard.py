"""The standard's own files, which are not ours to ship: schemas, code lists and rulesets, found in a folder.

Two layouts are read: ``schemas/``, ``codelists_embedded/``, ``codelists_nonembedded/`` and ``rulesets/`` of one
version, or the first, second and last of these under ``2.01/``, ``2.02/`` and ``2.03/``, as ``sympolis iati fetch``
lays them down.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from ..errors import EngineError

VERSIONS = ("2.01", "2.02", "2.03")
NEWEST = VERSIONS[-1]
SCHEMAS = {"iati-activities": "iati-activities-schema.xsd", "iati-organisations": "iati-organisations-schema.xsd"}
TOLD = {"iati-activities": "iati-activity", "iati-organisations": "iati-organisation"}
EXTENSION = "sympolis-extension"
_SCHEMA_FILES = (*SCHEMAS.values(), "iati-common.xsd", "xml.xsd")
_XSD = "http://www.w3.org/2001/XMLSchema"
_ANYTHING = (
    f'<xsd:element xmlns:xsd="{_XSD}" name="{EXTENSION}"><xsd:complexType><xsd:sequence>'
    '<xsd:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
    "</xsd:sequence></xsd:complexType></xsd:element>"
)


class StandardMissing(EngineError):
    """The folder of the standard is not there, or is none."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Where codes of a list stand: path of elements, attribute (empty: the text), list, condition on the element."""

    path: tuple[str, ...]
    attribute: str
    codelist: str
    condition: str


class Edition:
    """The files of one version of the standard."""

    def __init__(self, version: str, folder: Path, shared: Path) -> None:
        self.version = version
        self._schemas = folder / "schemas"
        self._ruleset = next(
            (path for path in _ruleset_places(folder) if path.is_file()), next(iter(_ruleset_places(folder)))
        )
        self._mapping = folder / "codelists_embedded" / "mapping.xml"
        self._lists = (folder / "codelists_embedded" / "xml", shared / "codelists_nonembedded" / "xml")

    def missing(self) -> list[Path]:
        """The files and folders without which nothing can be checked."""
        files = [self._schemas / name for name in _SCHEMA_FILES] + [self._ruleset, self._mapping]
        return [path for path in files if not path.is_file()] + [path for path in self._lists if not path.is_dir()]

    @cache  # noqa: B019 (editions live as long as the program)
    def schema(self, root: str) -> etree.XMLSchema:
        """The schema of a kind of file, and one element more that holds extensions of other namespaces."""
        tree = self._schema_tree(root)
        tree.getroot().append(etree.fromstring(_ANYTHING))
        return _compiled(tree)

    @cache  # noqa: B019 (editions live as long as the program)
    def shell_schema(self, root: str) -> etree.XMLSchema:
        """The schema of a file whose activities may hold anything: it judges all that is around them."""
        tree = self._schema_tree(root)
        for declared in tree.getroot().findall(f"{{{_XSD}}}element"):
            if declared.get("name") == TOLD[root]:
                declared.clear()
                declared.set("name", TOLD[root])
        return _compiled(tree)

    def _schema_tree(self, root: str) -> Any:
        return _parsed(self._schemas / SCHEMAS[root])

    @cached_property
    def ruleset(self) -> Mapping[str, Any]:
        """Context -> kind of rule -> cases."""
        try:
            rules = json.loads(self._ruleset.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise StandardMissing(f"{self._ruleset} can't be read: {error}.", _REMEDY) from error
        if not isinstance(rules, dict):
            raise StandardMissing(f"{self._ruleset} holds no rules.", _REMEDY)
        return rules

    @cached_property
    def coded(self) -> tuple[Coded, ...]:
        """Where codes stand, and of which list."""
        found = []
        for mapping in _parsed(self._mapping).getroot().iter("mapping"):
            path = (mapping.findtext("path") or "").strip().lstrip("/")
            codelist = mapping.find("codelist")
            *elements, last = path.split("/")
            if codelist is not None:
                attribute = last.removeprefix("@") if last.startswith("@") else ""
                condition = (mapping.findtext("condition") or "").strip()
                found.append(Coded(tuple(elements), attribute, codelist.get("ref", ""), condition))
        return tuple(found)

    @cache  # noqa: B019 (editions live as long as the program)
    def codes(self, name: str) -> frozenset[str]:
        """The codes of a list, withdrawn ones too, as the official validator takes them."""
        for folder in self._lists:
            if (file := folder / f"{name}.xml").is_file():
                items = _parsed(file).getroot().iter("codelist-item")
                return frozenset((item.findtext("code") or "").strip() for item in items)
        raise StandardMissing(f"The code list {name} is in neither {self._lists[0]} nor {self._lists[1]}.", _REMEDY)


class Standard:
    """A folder of the standard, with the versions that are in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._editions = {version: Edition(version, folder / version, folder) for version in VERSIONS}
        self._editions = {version: one for version, one in self._editions.items() if not one.missing()}
        if NEWEST not in self._editions:
            self._editions[NEWEST] = Edition(NEWEST, folder, folder)
        self._refuse_missing()

    def edition(self, version: str) -> Edition:
        """The files of a version; where there are none, those of the newest, which takes in what came before."""
        return self._editions.get(version, self._editions[NEWEST])

    def _refuse_missing(self) -> None:
        if not self.folder.is_dir():
            raise StandardMissing(f"There is no folder {self.folder} with the files of the IATI standard.", _REMEDY)
        versioned = Edition(NEWEST, self.folder / NEWEST, self.folder)
        meant = versioned if (self.folder / NEWEST).is_dir() else self._editions[NEWEST]
        if missing := meant.missing():
            names = ", ".join(str(path.relative_to(self.folder)) for path in missing[:4])
            more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
            raise StandardMissing(f"{self.folder} lacks files of the IATI standard: {names}{more}.", _REMEDY)


_REMEDY = "Get them with `sympolis iati fetch`, or name their folder with --standard."


def open_standard(folder: Path) -> Standard:
    """The standard in a folder. Raises StandardMissing, which names what the folder lacks."""
    return Standard(folder)


def _ruleset_places(folder: Path) -> tuple[Path, Path]:
    return folder / "rulesets" / "rulesets" / "standard.json", folder / "rulesets" / "standard.json"


def _parsed(file: Path) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.parse(str(file), parser)
    except (OSError, etree.XMLSyntaxError) as error:
        raise StandardMissing(f"{file} can't be read: {error}.", _REMEDY) from error


def _compiled(tree: Any) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(tree)
    except etree.XMLSchemaParseError as error:
        raise StandardMissing(f"{tree.docinfo.URL} is no schema: {error}.", _REMEDY) from error
