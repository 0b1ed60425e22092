"""Addresses without a language: the bare home, names of records in linked data, what robots read."""

from django.contrib.sitemaps.views import index, sitemap
from django.urls import path, re_path

from sympolis.web.public import sharing
from sympolis.web.public.sitemaps import SITEMAPS
from sympolis.web.public.views import identity, machines

urlpatterns = [
    path("", machines.to_language, name="to_language"),
    path("robots.txt", machines.robots, name="robots"),
    path("favicon.ico", machines.favicon, name="favicon"),
    re_path(r"^media/(?P<folder>logos|office|pictures)/(?P<path>[^/]+)$", machines.picture, name="picture"),
    re_path(
        r"^share/(?P<public_id>[a-z]{3}_[a-z0-9]{12})-(?P<language>en|ca|es|fr|ar)\.png$",
        sharing.share_picture,
        name="share_picture",
    ),
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemaps"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("page/<slug:name>.jsonld", identity.page_as_linked_data, name="page_data"),
    path("theme/<slug:code>.jsonld", identity.theme_as_linked_data, name="theme_data"),
    re_path(r"^(?P<kind>[a-z-]+)/(?P<public_id>[a-z]{3}_[a-z0-9]{12})$", identity.identity, name="identity"),
    re_path(
        r"^(?P<kind>[a-z-]+)/(?P<public_id>[a-z]{3}_[a-z0-9]{12})\.jsonld$", identity.as_linked_data, name="linked_data"
    ),
]
