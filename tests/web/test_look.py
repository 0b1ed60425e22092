"""The small pieces of markup: what they write, that hostile text stays text, and that what pages name is there."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from django.template import Context, Template
from django.utils.translation import override
from pytest_django.fixtures import Settings

from sympolis.web.templatetags.look import icon, initials

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "sympolis" / "web" / "static" / "web"
TEMPLATES = ROOT / "src" / "sympolis" / "web" / "templates"
HOSTILE = '"><script>alert(1)</script>'


def render(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def drawn_icons() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def frontend() -> ModuleType:
    spec = importlib.util.spec_from_file_location("frontend", ROOT / "scripts" / "frontend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("MedCities", "M"),
        ("Àrea Metropolitana de Barcelona", "ÀM"),
        ("Ajuntament de l'Hospitalet", "AH"),
        ("UCLG", "UC"),
        ("de la", "DL"),
        ("بلدية صفاقس", "ب\u200cص"),
        ("الرباط", "ر"),
        ("", "?"),
        ("— …", "?"),
    ],
)
def test_initials_stand_for_the_weighty_words(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.fixture(autouse=True)
def plain_addresses(settings: Settings) -> None:
    """Static files by their own names, whether they have been collected or not."""
    storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}


def test_icon_without_a_label_is_hidden_from_readers_of_the_screen() -> None:
    html = icon("bus")
    assert 'aria-hidden="true"' in html
    assert "icons.svg#bus" in html
    assert "icon-mirror" not in html


def test_icon_with_a_label_is_read_out_and_escapes_it() -> None:
    html = icon("arrow", label=HOSTILE)
    assert 'role="img"' in html
    assert "icon-mirror" in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_avatar_shows_logo_or_initials_and_escapes_both() -> None:
    assert render("{% avatar name %}", name="MedCities") == '<span class="avatar" aria-hidden="true">M</span>'
    html = render('{% avatar name logo size="large" %}', name="x", logo=HOSTILE)
    assert 'class="avatar avatar-logo avatar-large"' in html
    assert "<script>" not in html


def test_strength_says_the_word_and_keeps_the_number_behind_it() -> None:
    with override("en"):
        plain = render('{% strength "fair" %}')
        numbered = render('{% strength "strong" 0.807 %}')
    assert plain.startswith('<span class="strength strength-fair">')
    assert plain.endswith("fair</span>")
    assert "<details" not in plain
    assert '<details class="strength strength-strong"><summary>' in numbered
    assert "81 out of 100" in numbered


@pytest.mark.parametrize(
    ("beyond", "said"),
    [
        (0.5, "stands out clearly among all that was looked at"),
        (0.49, "stands out no further than chance could bring it"),
        (-0.5, "stands out no further than chance could bring it"),
        (-0.51, "does not stand out among all that was looked at"),
    ],
)
def test_behind_an_answer_stands_how_far_it_stands_out(beyond: float, said: str) -> None:
    with override("en"):
        html = render('{% strength "fair" 0.7 beyond %}', beyond=beyond)
    assert f"70 out of 100 · {said}</span>" in html


def test_every_icon_a_template_names_is_drawn() -> None:
    named = {
        name
        for template in (ROOT / "src").rglob("templates/**/*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', template.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= drawn_icons()


def test_every_theme_has_its_icon() -> None:
    themes = ROOT / "src" / "sympolis" / "engine" / "texts" / "vocabulary" / "themes.yaml"
    if not themes.exists():
        pytest.skip("the list of themes is not in this checkout")
    wanted = set(re.findall(r"^\s+icon: ([\w-]+)$", themes.read_text(encoding="utf-8"), re.MULTILINE))
    assert wanted
    assert wanted <= drawn_icons()


def test_templates_carry_nothing_the_security_policy_forbids() -> None:
    for template in TEMPLATES.rglob("*.html"):
        html = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on|javascript:|\|safe", html), template.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), template.name


def test_titles_of_pages_carry_no_elements() -> None:
    """What stands in a title is read as it is written, elements too."""
    for template in TEMPLATES.rglob("*.html"):
        for title in re.findall(r"{% block title %}(.*?){% endblock %}", template.read_text("utf-8"), re.DOTALL):
            assert "<" not in re.sub(r"{%.*?%}|{{.*?}}", "", title), template.name
            assert "|text " not in title.replace("}}", " "), template.name


def test_style_sheet_is_small_and_only_tokens_name_colours(frontend: ModuleType) -> None:
    sheets = {path.stem: frontend.tightened(path.read_text(encoding="utf-8")) for path in frontend.STYLES.glob("*.css")}
    assert set(sheets) == {name for names in frontend.SHEETS.values() for name in names}
    assert sum(len(sheets[name].encode()) for name in frontend.SHEETS["sympolis"]) < 40_000
    for name in set(sheets) - {"tokens", "print"}:
        named = set(re.findall(r"#[0-9a-f]{3,8}\b", sheets[name])) - {"#000"}  # black of a mask is no colour
        assert named <= {"#fff"}, name  # white behind logos made for white paper


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours in hexadecimal digits."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_of_text_can_be_read_on_every_ground(scheme: int, frontend: ModuleType) -> None:
    css = (frontend.STYLES / "tokens.css").read_text(encoding="utf-8")
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): #([0-9a-f]{3,6});", (light, dark)[scheme]))
    texts = ["ink", "ink-soft", "sea", "vermilion", "olive", "sand", *(f"theme-{number}" for number in range(1, 11))]
    for ground in ("paper", "paper-high", "paper-deep"):
        too_faint = {text for text in texts if contrast(colours[text], colours[ground]) < 4.5}
        assert not too_faint, ground
        assert contrast(colours["line-strong"], colours[ground]) >= 3, ground
    for text, ground in (
        ("on-sea", "sea"),
        ("on-sea", "sea-deep"),
        ("sea", "sea-wash"),
        ("vermilion", "vermilion-wash"),
        ("olive", "olive-wash"),
        ("sand", "sand-wash"),
        ("ink", "highlight"),
    ):
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_tightening_changes_no_rule(frontend: ModuleType) -> None:
    css = '/* why */\na:hover , b {\n  width: calc(1px + 2px);\n  content: " / ";\n}\n@media print { c > d { x: y; } }'
    assert frontend.tightened(css) == 'a:hover,b{width:calc(1px + 2px);content:" / "}@media print{c > d{x:y}}\n'


def test_lock_holds_versions_and_hashes_and_no_addresses(frontend: ModuleType) -> None:
    lock = frontend.LOCK.read_text(encoding="utf-8")
    assert "http" not in lock
    assert '"funding"' not in lock
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')
