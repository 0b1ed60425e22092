"""What records are about: suggested, confirmed, removed."""

from django.urls import path

from sympolis.web.staff.tags import views

urlpatterns = [
    path("tags/", views.waiting, name="tags"),
    path("records/<slug:public_id>/about/", views.about_record, name="about"),
]
