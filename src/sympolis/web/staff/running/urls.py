"""Addresses of projects that run. Each kind of entry has one to add and one to change."""

from django.urls import path

from sympolis.web.staff.running import due, entries, files, incoming, incoming_shares, pages, portfolio
from sympolis.web.staff.running.kinds import KINDS

urlpatterns = [
    path("due/", due.dues, name="dues"),
    path("due/mails/", due.due_mails, name="due_mails"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/map/", portfolio.money_map, name="portfolio_map"),
    path("budgets/", files.budgets, name="budgets"),
    path("running/<slug:public_id>/", pages.overview, name="running"),
    path("running/<slug:public_id>/budget/", pages.budget, name="running_budget"),
    path("running/<slug:public_id>/budget/file/", files.budget, name="running_budget_file"),
    path("running/<slug:public_id>/budget/in/", incoming.lines_in, name="running_lines_in"),
    path("running/<slug:public_id>/budget/in/<str:token>/", incoming.lines_look, name="running_lines_look"),
    path("running/<slug:public_id>/budget/back/<int:number>/", incoming.lines_back, name="running_lines_back"),
    path("running/<slug:public_id>/shares/file/", incoming_shares.shares_file, name="running_shares_file"),
    path("running/<slug:public_id>/shares/in/", incoming_shares.shares_in, name="running_shares_in"),
    path("running/<slug:public_id>/shares/in/<str:token>/", incoming_shares.shares_look, name="running_shares_look"),
    path("running/<slug:public_id>/shares/back/<int:number>/", incoming_shares.shares_back, name="running_shares_back"),
    path("running/<slug:public_id>/payments/", pages.payments, name="running_payments"),
    path("running/<slug:public_id>/work/", pages.work, name="running_work"),
    path("running/<slug:public_id>/claims/", pages.claims, name="running_claims"),
    path("running/<slug:public_id>/obligation/<slug:code>/", pages.obligation, name="running_obligation"),
    path("running/<slug:public_id>/hours/", pages.effort, name="running_hours"),
    path("running/<slug:public_id>/changes/", pages.changes, name="running_changes"),
    path("running/<slug:public_id>/changes/file/", files.changes, name="running_changes_file"),
    path("running/<slug:public_id>/settings/", pages.settings, name="running_settings"),
    *(
        path(f"running/<slug:public_id>/{kind}/add/", entries.entry, {"kind": kind}, name=f"running_{kind}_add")
        for kind in KINDS
    ),
    *(
        path(f"running/<slug:public_id>/{kind}/<int:number>/", entries.entry, {"kind": kind}, name=f"running_{kind}")
        for kind in KINDS
    ),
]
