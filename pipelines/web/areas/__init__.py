"""One blueprint an area of the site."""

from pipelines.web.areas import (
    account,
    assigning,
    batches,
    cases,
    casework,
    genuine,
    health,
    papers,
    phase_out,
    publicity,
    queue,
    workbench,
)

BLUEPRINTS = (
    health.AREA,
    genuine.AREA,
    workbench.AREA,
    queue.AREA,
    assigning.AREA,
    cases.AREA,
    casework.AREA,
    papers.AREA,
    batches.AREA,
    publicity.AREA,
    phase_out.AREA,
    account.AREA,
)
