"""Addresses of supports and comments, below ``voices/``."""

from django.urls import path

from sympolis.web.public.voices import comment_pages, views

urlpatterns = [
    path("comment/<public_id:public_id>/", comment_pages.comment, name="comment"),
    path("comment/<public_id:public_id>/change/", comment_pages.change_comment, name="comment_change"),
    path("comment/<public_id:public_id>/remove/", comment_pages.remove_comment, name="comment_remove"),
    path("comment/<public_id:public_id>/report/", comment_pages.report_comment, name="comment_report"),
    path("comment/<public_id:public_id>/object/", comment_pages.object_to_hiding, name="comment_object"),
    path("<public_id:public_id>/support/", views.support_it, name="voices_support"),
    path("<public_id:public_id>/say/", views.say_it, name="voices_say"),
    path("<public_id:public_id>/follow/", views.follow_it, name="voices_follow"),
]
