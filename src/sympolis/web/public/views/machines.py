"""What browsers and robots ask for at the root."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.static import serve


def to_language(request: HttpRequest) -> HttpResponse:
    """The bare address: on to the home page in the language the reader's browser asks for."""
    with translation.override(translation.get_language_from_request(request)):
        answer = redirect(reverse("public:home"))
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def robots(request: HttpRequest) -> HttpResponse:
    """The office's own pages and searches are not for robots; a demonstration is not for them at all."""
    office = getattr(request, "office", None)
    if office is None or office.is_demo:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        lines = ["User-agent: *", "Disallow: /*/office/", "Disallow: /*/account/", "Disallow: /*/search/", ""]
        lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemaps'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("web/favicon.svg"), permanent=True)


def picture(request: HttpRequest, folder: str, path: str) -> HttpResponseBase:
    """Logos and the office's own pictures; documents lie elsewhere and behind a permission."""
    answer = serve(request, f"{folder}/{path}", document_root=str(settings.MEDIA_ROOT))
    patch_cache_control(answer, public=True, max_age=24 * 60 * 60)
    return answer
