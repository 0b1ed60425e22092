"""Addresses of the API."""

from django.urls import path

from sympolis.web.api import (
    exports,
    files,
    one,
    priority_routes,
    proposal_routes,
    routes,
    running,
    search_route,
    views,
    voices_routes,
    writing,
)
from sympolis.web.api.interface import api

# Each adds its routes when it is imported; named here so that none is forgotten.
PARTS = (routes, one, writing, files, proposal_routes, running, priority_routes, exports, search_route, voices_routes)

urlpatterns = [path("docs", views.docs, name="api_docs"), path("v1/", api.urls)]
