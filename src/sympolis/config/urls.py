"""Every address of the site. Readers' pages carry their language; files and the API do not."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from sympolis.web.public.answers import answer
from sympolis.web.public.asking_help import ask_help
from sympolis.web.public.due_mails import due_stop
from sympolis.web.public.events.own_calendar import own_calendar
from sympolis.web.public.events.registering import (
    registration,
    registration_calendar,
    registration_certificate,
    registration_feedback,
)
from sympolis.web.public.holding import holds
from sympolis.web.public.house_mails import house_stop
from sympolis.web.public.partner_answer import partner_answer
from sympolis.web.public.still_right import still_right
from sympolis.web.public.taking_part import calendar, takes_part
from sympolis.web.public.voices.own_pages import digest_stop, leave, own_digest, own_voices
from sympolis.web.public.watching import calls_stop
from sympolis.web.public.writing import write, written
from sympolis.web.staff.events.calendar_key import calendar_key

# One door: Django's own has neither the limit on guesses nor the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler403 = "sympolis.web.typed.not_allowed"
handler500 = "sympolis.web.not_written.broken"

urlpatterns = [
    path("", include("sympolis.web.public.root_urls")),
    path("api/", include("sympolis.web.api.urls")),
    *i18n_patterns(
        path("account/tokens/", include("sympolis.web.staff.tokens.urls")),
        path("account/calendar/", calendar_key, name="account_calendar"),
        path("account/voices/", own_voices, name="own_voices"),
        path("account/voices/mails/", own_digest, name="own_digest"),
        path("account/leave/", leave, name="leave"),
        path("account/", include("allauth.urls")),
        path("no-more-mails/<str:token>/", digest_stop, name="digest_stop"),
        path("no-more-calls/<str:token>/", calls_stop, name="calls_stop"),
        path("nothing-due/<str:token>/", due_stop, name="due_stop"),
        path("no-reminders/<str:token>/", house_stop, name="house_stop"),
        path("answer/<str:token>/", answer, name="answer"),
        path("partner/<str:token>/", partner_answer, name="partner_answer"),
        path("ask/<str:token>/", ask_help, name="ask_help"),
        path("write/<str:token>/", write, name="write"),
        path("write/<str:token>/<str:public_id>/", written, name="written"),
        path("takes-part/<str:token>/", takes_part, name="takes_part"),
        path("takes-part/<str:token>/calendar/", calendar, name="takes_part_calendar"),
        path("calendar/<str:token>.ics", own_calendar, name="own_calendar"),
        path("registration/<str:token>/", registration, name="registration"),
        path("registration/<str:token>/calendar/", registration_calendar, name="registration_calendar"),
        path("registration/<str:token>/certificate/", registration_certificate, name="registration_certificate"),
        path("registration/<str:token>/feedback/", registration_feedback, name="registration_feedback"),
        path("holds/<str:token>/", holds, name="holds"),
        path("join/", include("sympolis.web.public.session_urls")),
        path("still-right/<str:token>/", still_right, name="still_right"),
        path("office/", include("sympolis.web.staff.urls")),
        path("administration/django/", admin.site.urls),
        path("", include("sympolis.web.public.urls")),
        prefix_default_language=True,
    ),
]
