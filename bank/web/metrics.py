"""Figures for Prometheus: requests as they are answered, and the state of jobs, deliveries and books as it is in the database."""

import time
from collections.abc import Iterable
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from bank import clock
from bank.jobs import queries as jobs
from bank.notices import queries as notices

FOLDER = "metrics"  # In the data folder: where the processes of one server put their figures together.
TYPE = "text/plain; version=0.0.4; charset=utf-8"
REQUESTS = Counter("bank_requests", "Requests answered.", ["method", "status"])
SECONDS = Histogram("bank_request_seconds", "Time from a request to its answer.", buckets=(0.01, 0.05, 0.2, 1, 5))


class State:
    """What the database knows, read anew for each look."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """All figures of the state."""
        at = clock.now()
        health = jobs.health(at)
        yield _gauge("bank_jobs_silent", "1 when no process looks for what is due.", int(health.is_silent))
        yield _labelled("bank_job_runs", "Runs of jobs by state.", "state", health.counts)
        done = {job: ended.timestamp() for job, ended in jobs.last_done().items()}
        yield _labelled("bank_job_done_timestamp_seconds", "When a job was last done.", "job", done)
        yield _labelled("bank_deliveries", "Deliveries of notices by state.", "state", notices.counts())
        checked = jobs.latest(1, job="check")
        if checked and checked[0].state != "running":
            is_right = int(checked[0].state == "done")
            yield _gauge("bank_ledger_is_right", "1 when the last nightly check found the books right.", is_right)


def text() -> Response:
    """All figures as Prometheus reads them."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry, str(Path(current_app.config["DATA_DIR"]) / FOLDER))  # type: ignore[no-untyped-call]
        requests = generate_latest(registry)
    except ValueError:  # One process alone, such as a test's.
        requests = generate_latest(REGISTRY)
    state = CollectorRegistry()
    state.register(State())
    return Response(requests + generate_latest(state), content_type=TYPE)


def register(app: Flask) -> None:
    """Count every answer."""
    app.before_request(_begin)
    app.after_request(_count)


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    REQUESTS.labels(request.method if request.method in {"GET", "POST", "PUT", "DELETE"} else "other", response.status_code).inc()
    if "began" in g:
        SECONDS.observe(time.perf_counter() - g.began)
    return response


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)


def _labelled(name: str, meaning: str, label: str, values: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family
