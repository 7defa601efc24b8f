"""A morality bank (道德银行): service becomes minutes and points, points become rewards, and every move is on the books.

Slices by domain, each importing only those above it in this list: `ledger` (accounts and journal), `people`, `hours`
(service records), `micro_hours`, `orders` (what residents ask for), `publicity` (shown before posted), `activities` (plans),
`joining`, `attendance` (check-in), `closing` (supplements), `rewards` (catalogue and stock), `counter` (redemptions),
`ratings`, `communities` and `honours` (stars), `feedback` (for workplaces), `statements` (month, statement), `certificates`,
`boards`, `notices` (what members are told), `jobs` (what runs by the clock). Each slice uses the same five file names: models,
rules, actions, queries, schemas. The faces `web` and `cli` call one action or query each and hold no rule; `app` puts the
parts together.
"""

import gc

# Thousands of classes and statements are made at the start and stay for ever. To look through them again and again for what
# could go, as often as Python does by itself, takes a third of every start and a tenth of every request.
gc.set_threshold(50_000, 20, 50)
