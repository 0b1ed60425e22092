"""Lists and forms of records. A record's own address here is its id: the prefix says what kind it is."""

from django.urls import path

from sympolis.web.staff.records import gone, people, vcards, views
from sympolis.web.staff.records.documents import KINDS

urlpatterns = [
    path("suggest/organisations/", views.suggest_organisations, name="suggest_organisations"),
    *(path(f"{kind.name}/", views.records, {"kind": kind.name}, name=kind.name) for kind in KINDS),
    *(path(f"{kind.name}/add/", views.add, {"kind": kind.name}, name=f"{kind.name}_add") for kind in KINDS),
    path("people/vcard/", vcards.vcards, name="vcards"),
    path("records/<slug:public_id>/vcard/", vcards.vcard, name="vcard"),
    path("removed/", gone.removed, name="removed"),
    path("records/<slug:public_id>/", views.change, name="change"),
    path("records/<slug:public_id>/bring-back/", gone.bring_back, name="bring_back"),
    path("records/<slug:public_id>/remove/", views.remove, name="remove"),
    path("records/<slug:public_id>/restore/<int:history_id>/", views.restore, name="restore"),
    path("records/<slug:public_id>/posts/add/", people.add_post, name="post_add"),
    path("records/<slug:public_id>/new-post/", people.new_post, name="new_post"),
    path("records/<slug:public_id>/documents/add/", views.add_document, name="document_add"),
    path("records/<slug:public_id>/file/", views.document_file, name="document_file"),
]
