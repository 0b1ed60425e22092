"""The demo's own pages in five languages, with maps drawn here; and the map of the webinar's cities."""

from __future__ import annotations

from typing import Any

from sympolis.cli.demo_map import map_of
from sympolis.demo import GATHERED_ON
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.publishing.actions import keep_news_item
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.actions import keep_page, publish, write
from sympolis.office.publishing.pages.blocks import Block, Content
from sympolis.office.publishing.pages.models import Page
from sympolis.office.publishing.pages.pictures import keep_picture

TRANSLATOR = "Sympolis"
CREDIT = "Sympolis, CC0 · Natural Earth"
NEWS, NETWORK, OURS = "news-webinar", "medcities", "amb"
MOST_PLACES = 40


def _in_five(en: str, ca: str, es: str, fr: str, ar: str) -> Text:
    """Words first written in English, and who put them into the other languages when."""
    text = Text()
    text.write("en", en, original=True)
    about = {"translated_from": "en", "of_revision": 1, "translator": TRANSLATOR, "at": str(GATHERED_ON)}
    for code, words in (("ca", ca), ("es", es), ("fr", fr), ("ar", ar)):
        text.write(code, words, **about)
    return text


ABOUT_TITLE = _in_five(
    "About this office", "Sobre aquesta oficina", "Sobre esta oficina", "À propos de ce service", "عن هذا المكتب"
)
ABOUT_SUMMARY = _in_five(
    "Who works with whom in the Barcelona metropolitan area's international relations, and where this is written down.",
    "Qui treballa amb qui en les relacions internacionals de l'àrea metropolitana de Barcelona, i on queda escrit.",
    "Quién trabaja con quién en las relaciones internacionales del área metropolitana de Barcelona, y dónde consta.",
    "Qui travaille avec qui dans les relations internationales de l'aire métropolitaine de Barcelone, et où c'est"
    " consigné.",
    "من يعمل مع من في العلاقات الدولية لمنطقة برشلونة الحضرية، وأين يُدوَّن ذلك.",
)
ABOUT_WORDS = _in_five(
    "This is a **demonstration**. Organisations, networks and projects on it are real and were read in public sources;"
    " each says where. What is made up is marked *example*.\n\n## What you can do here\n\n"
    "- See who is linked to whom, and since when.\n- Read what two cities could begin together.\n"
    "- Take all of it away as open data.",
    "Això és una **demostració**. Les organitzacions, xarxes i projectes que hi surten són reals i provenen de fonts"
    " públiques; cadascun diu quines. El que és inventat porta la marca *exemple*.\n\n## Què hi podeu fer\n\n"
    "- Veure qui està vinculat amb qui, i des de quan.\n- Llegir què podrien començar juntes dues ciutats.\n"
    "- Endur-vos-ho tot com a dades obertes.",
    "Esto es una **demostración**. Las organizaciones, redes y proyectos que aparecen son reales y proceden de fuentes"
    " públicas; cada uno dice cuáles. Lo inventado lleva la marca *ejemplo*.\n\n## Qué puede hacer aquí\n\n"
    "- Ver quién está vinculado con quién y desde cuándo.\n- Leer qué podrían empezar juntas dos ciudades.\n"
    "- Llevárselo todo como datos abiertos.",
    "Ceci est une **démonstration**. Les organisations, réseaux et projets qui y figurent sont réels et viennent de"
    " sources publiques ; chacun dit lesquelles. Ce qui est inventé porte la mention *exemple*.\n\n"
    "## Ce que vous pouvez faire ici\n\n- Voir qui est lié à qui, et depuis quand.\n"
    "- Lire ce que deux villes pourraient commencer ensemble.\n- Tout emporter en données ouvertes.",
    "هذا **عرض تجريبي**. المنظمات والشبكات والمشاريع الواردة فيه حقيقية وقد قُرئت في مصادر عامة، ويذكر كل منها مصدره."
    " أما ما هو مختلق فعليه علامة *مثال*.\n\n## ما يمكنكم فعله هنا\n\n- معرفة من يرتبط بمن ومنذ متى.\n"
    "- قراءة ما يمكن أن تبدأه مدينتان معًا.\n- أخذ كل ذلك بيانات مفتوحة.",
)
PROJECTS_HEADING = _in_five(
    "Projects we take part in", "Projectes en què participem", "Proyectos en los que participamos",
    "Projets auxquels nous participons", "مشاريع نشارك فيها",
)  # fmt: skip
NETWORK_TITLE = _in_five(
    "MedCities and its members", "MedCities i els seus membres", "MedCities y sus miembros",
    "MedCités et ses membres", "ميدسيتيز وأعضاؤها",
)  # fmt: skip
NETWORK_SUMMARY = _in_five(
    "The network of cities of the Mediterranean whose secretariat is in Barcelona. The list is always today's.",
    "La xarxa de ciutats de la Mediterrània que té el secretariat a Barcelona. La llista és sempre la d'avui.",
    "La red de ciudades del Mediterráneo con secretariado en Barcelona. La lista es siempre la de hoy.",
    "Le réseau des villes de la Méditerranée dont le secrétariat est à Barcelone. La liste est toujours celle du jour.",
    "شبكة مدن البحر المتوسط التي مقر أمانتها في برشلونة. والقائمة هي دائمًا قائمة اليوم.",
)
MEMBERS_HEADING = _in_five("Members today", "Membres d'avui", "Miembros hoy", "Membres aujourd'hui", "الأعضاء اليوم")
NETWORK_ALT = _in_five(
    "Map of the Mediterranean with the cities that are members of MedCities.",
    "Mapa de la Mediterrània amb les ciutats que són membres de MedCities.",
    "Mapa del Mediterráneo con las ciudades que son miembros de MedCities.",
    "Carte de la Méditerranée avec les villes membres de MedCités.",
    "خريطة البحر المتوسط وعليها المدن الأعضاء في ميدسيتيز.",
)
WEBINAR_ALT = _in_five(
    "Map of the Atlantic with the urban areas of the webinar, most of them in Latin America, and three in Europe.",
    "Mapa de l'Atlàntic amb les àrees urbanes del seminari en línia, la majoria a l'Amèrica Llatina, i tres a Europa.",
    "Mapa del Atlántico con las áreas urbanas del seminario web, la mayoría en América Latina, y tres en Europa.",
    "Carte de l'Atlantique avec les aires urbaines du webinaire, la plupart en Amérique latine, et trois en Europe.",
    "خريطة المحيط الأطلسي وعليها المناطق الحضرية المشاركة في الندوة، معظمها في أمريكا اللاتينية وثلاث في أوروبا.",
)


def keep_demo_pages(source: str) -> None:
    """Once: an office that removed them keeps it so."""
    officer = User.objects.filter(email="officer@demo.example").first()
    network = Organisation.objects.filter(source=source, source_id=NETWORK).first()
    ours = Organisation.objects.filter(source=source, source_id=OURS).first()
    if officer is None or network is None or ours is None or Page.history.exists():
        return
    listed = [
        {"key": "words", "kind": "text", "words": ABOUT_WORDS},
        _live("projects", PROJECTS_HEADING, "projects", ours, 8),
    ]
    about = _page(officer, Content(ABOUT_TITLE, ABOUT_SUMMARY, listed), None)
    members = Organisation.objects.filter(
        relations_out__type=RelationType.MEMBER_OF, relations_out__to_organisation=network
    )
    blocks: list[Block] = [
        _map(officer, members, NETWORK_ALT),
        _live("members", MEMBERS_HEADING, "members", network, 100),
    ]
    _page(officer, Content(NETWORK_TITLE, NETWORK_SUMMARY, blocks), about)
    _picture_of_the_webinar(source, officer)


def _page(officer: User, content: Content, parent: Page | None) -> Page:
    page = keep_page(Page(title=content.title, summary=content.summary, parent=parent), officer)
    write(page, content, officer)
    publish(Page.objects.get(pk=page.pk), officer)
    return Page.objects.get(pk=page.pk)


def _live(key: str, heading: Text, of: str, whose: Organisation, most: int) -> Block:
    return {
        "key": key, "kind": "live", "heading": heading, "of": of, "organisation": whose.public_id, "theme": "",
        "most": most,
    }  # fmt: skip


def _map(officer: User, organisations: Any, alt: Text) -> Block:
    rows = organisations.exclude(latitude=None).exclude(longitude=None).distinct()[:MOST_PLACES]
    picture = keep_picture(map_of((one.name, one.latitude, one.longitude) for one in rows), alt, CREDIT, officer)
    return {"key": "map", "kind": "picture", "picture": picture.name, "caption": {}}


def _picture_of_the_webinar(source: str, officer: User) -> None:
    item = NewsItem.objects.filter(source=source, source_id=NEWS).select_related("event").first()
    if item is None or item.event is None or not item.event.cities.exclude(latitude=None).exists():
        return
    item.blocks = [_map(officer, item.event.cities.all(), WEBINAR_ALT)]
    keep_news_item(item, organisations=item.event.organisers.all())
