"""Contributions in groups, below ``groups/``."""

from django.urls import path

from sympolis.web.staff.groups import views

urlpatterns = [
    path("", views.start, name="groups"),
    path("<slug:public_id>/", views.grouping, name="grouping"),
    path("<slug:public_id>/name/", views.name, name="grouping_name"),
    path("<slug:public_id>/move/", views.move, name="grouping_move"),
    path("<slug:public_id>/download/", views.download, name="grouping_download"),
    path("<slug:public_id>/remove/", views.remove, name="grouping_remove"),
]
