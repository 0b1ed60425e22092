"""Addresses of the newsletter in the office."""

from django.urls import path, re_path

from sympolis.web.staff.newsletter import people, views

urlpatterns = [
    path("", views.newsletters, name="newsletters"),
    path("subscribers/", people.subscribers, name="subscribers"),
    path("subscribers/bring/", people.bring, name="subscribers_bring"),
    path("subscribers/<int:pk>/", people.subscriber, name="subscriber"),
    path("returned/", people.returns, name="returned_mails"),
    path("returned/<int:pk>/", people.returned, name="returned_mail"),
    path("<slug:public_id>/", views.newsletter, name="newsletter"),
    path("<slug:public_id>/do/", views.act, name="newsletter_do"),
    path("<slug:public_id>/block/", views.block, name="newsletter_block_new"),
    path("<slug:public_id>/block/<int:pk>/", views.block, name="newsletter_block"),
    path("<slug:public_id>/look/<slug:language>/", views.look, name="newsletter_look"),
    re_path(
        r"^(?P<public_id>[a-z]{3}_[a-z0-9]{12})/mail/(?P<language>[a-z]{2})/(?P<scheme>light|dark)/$",
        views.mail,
        name="newsletter_mail",
    ),
]
