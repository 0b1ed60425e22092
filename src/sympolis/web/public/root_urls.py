"""Addresses without a language: they lead to the reader's language."""

from django.urls import path

from sympolis.web.public import views

urlpatterns = [path("", views.to_language, name="to_language")]
