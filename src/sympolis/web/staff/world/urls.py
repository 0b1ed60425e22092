"""World data: how it stands, pairs that may be one body, and what of it is ours."""

from django.urls import path

from sympolis.web.staff.world import organisations, projects, same, views

urlpatterns = [
    path("", views.world_data, name="world_data"),
    path("refresh/", views.refresh, name="world_refresh"),
    path("left-out/", views.left_out, name="world_left_out"),
    path("left-out/file/", views.left_out_file, name="world_left_out_file"),
    path("same/", same.same_bodies, name="same_bodies"),
    path("same/decide/", same.decide, name="same_decide"),
    path("same/decided/", same.decided, name="same_decided"),
    path("same/decided/<int:pk>/back/", same.back, name="same_back"),
    path("organisation/", organisations.world_record, name="world_record"),
    path("organisation/add/", organisations.adopt, name="world_adopt"),
    path("organisation/ours/", organisations.link, name="world_link"),
    path("project/", projects.world_project_page, name="world_project"),
    path("project/take-over/", projects.adopt, name="world_project_adopt"),
    path("ours/<slug:public_id>/", organisations.ours, name="world_of"),
    path("ours/<slug:public_id>/back/", organisations.unlink, name="world_unlink"),
]
