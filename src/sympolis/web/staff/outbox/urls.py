"""Addresses of the demonstration's outbox."""

from django.urls import path

from sympolis.web.staff.outbox import views

urlpatterns = [
    path("", views.mails, name="outbox"),
    path("<str:name>/<int:number>/", views.mail, name="outbox_mail"),
    path("<str:name>/<int:number>/html/", views.html, name="outbox_html"),
    path("<str:name>/<int:number>/file/<int:place>/", views.attachment, name="outbox_file"),
]
