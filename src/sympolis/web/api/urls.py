"""Addresses of the API."""

from django.urls import path

from sympolis.web.api import search_route, views

# The search adds itself to the routes it takes from `routes`; its import here makes sure of it.
urlpatterns = [path("docs", views.docs, name="api_docs"), path("v1/", search_route.urls)]
