"""A standard so small that it can be read, written for these tests: a few elements, three lists, some rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "iati"
REASON = "the IATI standard's files are not beside the checkout"

_ACTIVITIES = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:include schemaLocation="iati-common.xsd"/>
  <xsd:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
  <xsd:element name="iati-activities"><xsd:complexType><xsd:sequence>
    <xsd:element ref="iati-activity" maxOccurs="unbounded"/>
    <xsd:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
  </xsd:sequence><xsd:attribute name="version" type="xsd:string" use="required"/></xsd:complexType></xsd:element>
  <xsd:element name="iati-activity"><xsd:complexType><xsd:sequence>
    <xsd:element name="iati-identifier" type="xsd:string"/>
    <xsd:element name="title" type="said"/>
    <xsd:element name="activity-date" minOccurs="0" maxOccurs="unbounded"><xsd:complexType>
      <xsd:attribute name="type" type="xsd:string" use="required"/>
      <xsd:attribute name="iso-date" type="xsd:date" use="required"/></xsd:complexType></xsd:element>
    <xsd:element name="sector" minOccurs="0" maxOccurs="unbounded"><xsd:complexType>
      <xsd:attribute name="vocabulary" type="xsd:string"/><xsd:attribute name="code" type="xsd:string" use="required"/>
      <xsd:attribute name="percentage" type="xsd:decimal"/></xsd:complexType></xsd:element>
  </xsd:sequence><xsd:attribute ref="xml:lang"/></xsd:complexType></xsd:element>
</xsd:schema>"""
_ORGANISATIONS = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:include schemaLocation="iati-common.xsd"/>
  <xsd:element name="iati-organisations"><xsd:complexType><xsd:sequence>
    <xsd:element ref="iati-organisation" maxOccurs="unbounded"/>
  </xsd:sequence><xsd:attribute name="version" type="xsd:string" use="required"/></xsd:complexType></xsd:element>
  <xsd:element name="iati-organisation"><xsd:complexType><xsd:sequence>
    <xsd:element name="organisation-identifier" type="xsd:string"/><xsd:element name="name" type="said"/>
  </xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>"""
_COMMON = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
  <xsd:complexType name="said"><xsd:sequence><xsd:element ref="narrative" maxOccurs="unbounded"/></xsd:sequence>
  </xsd:complexType>
  <xsd:element name="narrative"><xsd:complexType><xsd:simpleContent><xsd:extension base="xsd:string">
    <xsd:attribute ref="xml:lang"/></xsd:extension></xsd:simpleContent></xsd:complexType></xsd:element>
</xsd:schema>"""
_XML = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
  <xsd:attribute name="lang" type="xsd:string"/></xsd:schema>"""
_MAPPING = """<mappings>
  <mapping><path>//iati-activity/activity-date/@type</path><codelist ref="DateType"/></mapping>
  <mapping><path>//iati-activity/sector/@code</path><codelist ref="Sector"/>
    <condition>@vocabulary = '1' or not(@vocabulary)</condition></mapping>
  <mapping><path>//@xml:lang</path><codelist ref="Language"/></mapping>
</mappings>"""


def rule(id_: str, severity: str = "error", **case: Any) -> dict[str, Any]:
    return {**case, "ruleInfo": {"id": id_, "severity": severity, "message": f"Rule {id_}."}}


RULES = {
    "/iati-activities/iati-activity": {
        "atleast_one": {"cases": [rule("6.11.1", paths=["activity-date[@type='1' or @type='2']"])]},
        "date_order": {
            "cases": [
                rule("11.1.2", less="activity-date[@type='1']/@iso-date", more="activity-date[@type='3']/@iso-date")
            ]
        },
        "no_spaces": {"cases": [rule("1.3.1", "warning", paths=["iati-identifier"])]},
    },
    "//title": {"atleast_one": {"cases": [rule("4.3.1", paths=["narrative/text()"])]}},
}


def codelist(*codes: str) -> str:
    items = "".join(f"<codelist-item><code>{code}</code></codelist-item>" for code in codes)
    return f"<codelist><codelist-items>{items}</codelist-items></codelist>"


def small_standard(folder: Path, rules: Any = RULES) -> Path:
    """Lay a standard down, in the layout of one version."""
    files = {
        "schemas/iati-activities-schema.xsd": _ACTIVITIES,
        "schemas/iati-organisations-schema.xsd": _ORGANISATIONS,
        "schemas/iati-common.xsd": _COMMON,
        "schemas/xml.xsd": _XML,
        "codelists_embedded/mapping.xml": _MAPPING,
        "codelists_embedded/xml/DateType.xml": codelist("1", "2", "3", "4"),
        "codelists_nonembedded/xml/Sector.xml": codelist("14010", "43010"),
        "codelists_nonembedded/xml/Language.xml": codelist("en", "ca"),
        "rulesets/rulesets/standard.json": json.dumps(rules),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
