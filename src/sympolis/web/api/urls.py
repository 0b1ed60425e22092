"""Addresses of the API."""

from django.urls import path

from sympolis.web.api import search_route, views
from sympolis.web.api.routes import api

assert search_route.api is api  # importing it adds the search to the routes

urlpatterns = [path("docs", views.docs, name="api_docs"), path("v1/", api.urls)]
