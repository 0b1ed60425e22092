"""Addresses of bringing in spreadsheets, below ``import/``."""

from django.urls import path

from sympolis.web.staff.imports import views

urlpatterns = [
    path("", views.start, name="imports"),
    path("empty/<slug:table>.csv", views.template, name="import-template"),
    path("past/<int:pk>/undo/", views.undo, name="import-undo"),
    path("waiting/<str:token>/", views.preview, name="import-preview"),
    path("waiting/<str:token>/bring-in/", views.apply, name="import-apply"),
]
