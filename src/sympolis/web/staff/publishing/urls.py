"""Addresses of news and pages in the office. Lists and forms are with those of all records."""

from django.urls import path

from sympolis.web.staff.publishing import addresses, editing, translating, views

urlpatterns = [
    path("publishing/", views.publishing, name="publishing"),
    path("publishing/rules/", views.rules, name="publishing_rules"),
    path("publishing/old-addresses/", addresses.old_addresses, name="old_addresses"),
    path("publishing/old-addresses/<int:pk>/remove/", addresses.remove, name="old_address_remove"),
    path("written/<slug:public_id>/", editing.written, name="written"),
    path("written/<slug:public_id>/do/", editing.act, name="written_do"),
    path("written/<slug:public_id>/preview/", editing.preview, name="written_preview"),
    path("written/<slug:public_id>/add/<slug:kind>/", editing.add_block, name="block_add"),
    path("written/<slug:public_id>/block/<slug:key>/", editing.block, name="block"),
    path("written/<slug:public_id>/translate/<slug:source>/<slug:target>/", translating.translate, name="translate"),
]
