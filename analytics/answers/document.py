"""Answers as one JSON document: what the pages show, at full precision, for programs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from analytics.answer import Answer
from analytics.answers.pages import PAGES
from analytics.answers.unforeseen import note_unforeseen, unforeseen_words
from analytics.export.stamp import VERSION
from analytics.request import Request
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tables import Cell, Table
from analytics.wording import design_words
from data.data_set import DataSet
from data.errors import DataError
from data.filters import to_query

Json = Mapping[str, object]
_ARM_ROLES = ("reference", "treatment")
"""In the order of the arm's levels."""


def document(request: Request, pages: Sequence[str], intake: Sequence[Json] = ()) -> Json:
    """Return the data set, the cohort and every answer of some pages.

    Parameters
    ----------
    request : Request
        The patients and the settings.
    pages : sequence of str
        Names in `PAGES`.
    intake : sequence of mapping
        How a file of the reader's own was read, one entry for each decision.

    Returns
    -------
    mapping
        Text, numbers, lists and mappings only; no number is rounded, none is NaN.

    Raises
    ------
    DataError
        If the patients are too few to be shown.
    """
    cohort = request.cohort
    if cohort.too_small:
        raise DataError(cohort.too_small)
    return {
        "explorer": VERSION,
        "data": {
            "name": cohort.data.name,
            "sha256": cohort.data.digest,
            "synthetic": cohort.data.is_synthetic,
            "notice": cohort.data.notice,
            "patients": cohort.data.patients,
            "smallest_cell": cohort.data.smallest_cell,
            "arms": _arms(cohort.data),
            "design": _design(cohort.data),
            "intake": list(intake),
        },
        "cohort": {
            "words": cohort.words,
            "sentence": cohort.sentence,
            "sha256": cohort.digest,
            "filters": to_query(cohort.filters),
            "in_data_set": cohort.data.patients,
            "in_filter": cohort.patients,
            "after_randomisation": [v.name for v in cohort.filters_after_randomisation],
        },
        "results": [
            _entry(page, answer) for page in pages for answer in PAGES[page].answers(request)
        ],
    }


def _design(data: DataSet) -> Json:
    trial = data.trial
    return {
        "randomised": trial.randomised,
        "stratified_by": list(trial.stratified_by),
        "words": design_words(data).standing,
    }


def _arms(data: DataSet) -> Json | None:
    if not data.has_arms:
        return None
    levels = data.variable("arm").levels
    return {
        role: {"code": level.code, "label": level.label, "value": written or level.code}
        for role, level, written in zip(_ARM_ROLES, levels, data.arms_written, strict=True)
    }


def _entry(page: str, answer: Answer) -> Json:
    about = {
        "id": f"{page}/{answer.id}",
        "page": page,
        "title": answer.title,
        "standing": answer.standing_words,
    }
    try:
        return {**about, **_answered(answer)}
    except (AnalysisError, DataError) as error:
        return {**about, "not_answered": str(error)}
    except Exception as error:  # noqa: BLE001  # one answer costs no other one
        name = note_unforeseen(about["id"], error)
        return {**about, "not_answered": unforeseen_words(name, error)}


def _answered(answer: Answer) -> Json:
    result = answer.compute()
    account = result.account
    return {
        "finding": account.finding,
        "warnings": list(account.warnings),
        "method": account.method,
        "flow": asdict(account.flow),
        "recipe": account.recipe,
        **_table(answer.table(result)),
    }


def _table(table: Table) -> Json:
    columns = [
        {"name": c.name, "label": c.label, "form": c.form, "unit": c.unit, "about": c.about}
        for c in table.columns
    ]
    names = [column.name for column in table.columns]
    ids = table.ids or tuple(str(place) for place in range(1, len(table.rows) + 1))
    rows = [
        {"id": row_id, **{n: _cell(cell) for n, cell in zip(names, row, strict=True)}}
        for row_id, row in zip(ids, table.rows, strict=True)
    ]
    return {"columns": columns, "rows": rows}


def _cell(cell: Cell) -> object:
    if isinstance(cell, Absent):
        return {"absent": cell.reason} if cell.reason else None
    if isinstance(cell, Estimate):
        if cell.low is None or cell.high is None:
            return {"value": cell.value, "level": cell.level, "note": cell.without_interval}
        return {"value": cell.value, "low": cell.low, "high": cell.high, "level": cell.level}
    if isinstance(cell, float) and not math.isfinite(cell):
        return {"absent": "not a number"}
    return cell
