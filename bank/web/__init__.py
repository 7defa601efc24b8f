"""The web face: pages for people under /, the JSON API for programs under /api/v1. No rule lives here.

A slice has up to two files, each exporting `bp`: `bank/web/pages/<slice>.py` and `bank/web/api/<slice>.py`. Every view
says who may call it (`auth.access`), and one that changes something is safe to send twice (`idempotency.writes`).
"""

from flask import Flask

from bank.web import (
    api,
    auth,
    errors,
    files,
    filters,
    guides,
    health,
    language,
    look,
    menu,
    metrics,
    navigation,
    numbers,
    packed,
    pictures,
    rating_device,
    security,
    waiting,
)
from bank.web.api import access as access_api
from bank.web.api import activities as activities_api
from bank.web.api import attendance as attendance_api
from bank.web.api import belonging as belonging_api
from bank.web.api import boards as boards_api
from bank.web.api import certificates as certificates_api
from bank.web.api import check_in as check_in_api
from bank.web.api import closing as closing_api
from bank.web.api import communities as communities_api
from bank.web.api import consents as consents_api
from bank.web.api import counter as counter_api
from bank.web.api import counter_day as counter_day_api
from bank.web.api import devices as devices_api
from bank.web.api import enrolment as enrolment_api
from bank.web.api import evaluations as evaluations_api
from bank.web.api import feedback as feedback_api
from bank.web.api import honours as honours_api
from bank.web.api import hours as hours_api
from bank.web.api import joining as joining_api
from bank.web.api import ledger as ledger_api
from bank.web.api import micro_hours as micro_hours_api
from bank.web.api import notices as notices_api
from bank.web.api import order_board as order_board_api
from bank.web.api import order_lists as order_lists_api
from bank.web.api import orders as orders_api
from bank.web.api import people as people_api
from bank.web.api import privacy as privacy_api
from bank.web.api import ratings as ratings_api
from bank.web.api import rewards as rewards_api
from bank.web.api import statements as statements_api
from bank.web.api import units as units_api
from bank.web.pages import (
    access,
    activation,
    activities,
    agreement,
    appearance,
    appointments,
    attendance,
    belonging,
    boards,
    calendar,
    cards,
    catalogue_tables,
    certificates,
    changes,
    check_in,
    closing,
    communities,
    consents,
    counter,
    counter_day,
    devices,
    display,
    door,
    enrolment,
    evaluations,
    feedback,
    group_statements,
    home,
    honours,
    hour_rules,
    hours,
    install,
    jobs,
    joining,
    ledger,
    micro_hours,
    notices,
    objecting,
    open_orders,
    order_board,
    order_lists,
    order_projects,
    orders,
    people,
    pick_up,
    plans,
    privacy,
    ratings,
    recipient,
    redemptions,
    rewards,
    scanner,
    second_step,
    shelf,
    sign_in,
    statements,
    tokens,
    units,
)
from bank.web.pages import guides as guides_pages
from bank.web.pages import waiting as waiting_pages

PARTS = (
    numbers, security, auth, language, look, errors, files, packed, filters, pictures, guides, menu, navigation,
    rating_device, notices, metrics, waiting,
)  # fmt: skip
PAGES = (
    health.bp, sign_in.bp, home.bp, access.bp, activation.bp, second_step.bp, tokens.bp, devices.bp, cards.bp,
    guides_pages.bp, appearance.bp, waiting_pages.bp,
    people.bp, consents.bp, notices.bp, jobs.bp, belonging.bp, privacy.bp, changes.bp, units.bp, enrolment.bp,
    activities.bp, plans.bp, joining.bp, calendar.bp, closing.bp, objecting.bp, hour_rules.bp,
    attendance.bp, door.bp, scanner.bp, check_in.bp, hours.bp,
    micro_hours.bp, orders.bp, open_orders.bp, order_board.bp, order_projects.bp, order_lists.bp,
    evaluations.bp, recipient.bp, counter.bp, agreement.bp, pick_up.bp, redemptions.bp, counter_day.bp, appointments.bp,
    rewards.bp, shelf.bp, catalogue_tables.bp,
    ratings.bp, honours.bp, communities.bp, feedback.bp, ledger.bp, statements.bp, boards.bp, display.bp, install.bp,
    certificates.bp, group_statements.bp,
)  # fmt: skip
API_BLUEPRINTS: tuple[api.Blueprint, ...] = (
    access_api.bp, devices_api.bp, people_api.bp, belonging_api.bp, consents_api.bp, notices_api.bp, privacy_api.bp,
    units_api.bp, enrolment_api.bp,
    activities_api.bp, joining_api.bp, closing_api.bp, attendance_api.bp, check_in_api.bp,
    micro_hours_api.bp, orders_api.bp, order_board_api.bp, order_lists_api.bp,
    hours_api.bp, evaluations_api.bp, ratings_api.bp, honours_api.bp, communities_api.bp, feedback_api.bp,
    ledger_api.bp, rewards_api.bp, counter_api.bp, counter_day_api.bp, statements_api.bp,
    boards_api.bp,
    certificates_api.bp,
)  # fmt: skip


def register(app: Flask) -> None:
    """Put the web face onto the app."""
    for part in PARTS:
        part.register(app)
    for bp in PAGES:
        app.register_blueprint(bp)
    api.register(app, API_BLUEPRINTS)
