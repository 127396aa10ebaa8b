"""The published claims as a table: what is printed, and what these data give."""

from analytics.formatting import format_estimate_cell, format_number, format_p
from analytics.overview.claim_measures import Measured
from analytics.overview.claims import Checked, ClaimTable
from analytics.overview.published_claims import Claim
from analytics.results import Absent, Estimate
from analytics.tables import Cell, Column, Plain, Table, TellsP

_STATES = {
    "agrees": "agrees",
    "differs": "differs",
    "not computable": "not computable",
    "not shown": "not shown",
    "subgroup": "a subgroup, not judged",
    "other patients": "other patients, not judged",
}
_ORIGINS = {
    "calibrated": "calibration target",
    "calibrated verdict": "calibration target: the verdict alone",
    "follows": "follows from calibration targets",
    "emerged": "emerged",
    "measured": "measured",
}
_NO_DIFFERENCE = Absent("not a difference of numbers")


def claims_table(claims: ClaimTable) -> Table:
    """Return one row for each claim."""
    columns = (
        Column("claim", "Published claim", width="medium"),
        Column("published", f"{claims.trial}, published" if claims.trial else "Published"),
        Column("here", "These data (95% CI)", width="medium"),
        Column("n", "N", "count", about="Patients that the value in these data rests on."),
        Column("state", "State"),
        Column(
            "origin",
            "How this value came",
            about="Whether the cohort was calibrated to the figure.",
            on_screen=any(checked.origin != "measured" for checked in claims.claims),
        ),
        Column("certainty", "Certainty", about="How the published figure is known."),
        Column("source", "Source"),
        Column("doi", "DOI"),
        Column("note", "Note", on_screen=False),
        Column("measured", "Measured", "number", 1, "At full precision.", on_screen=False),
        Column("unit", "Unit", on_screen=False),
        Column("difference", "Minus published", "number", 1, on_screen=False),
    )
    rows = tuple(_row(checked) for checked in claims.claims)
    return Table(columns, rows, ids=tuple(checked.claim.id for checked in claims.claims))


def _row(checked: Checked) -> tuple[Cell, ...]:
    claim, figure, source = checked.claim, checked.claim.figure, checked.claim.source
    measured, state = checked.measured, _STATES[checked.state]
    here = measured if isinstance(measured, Absent) else _here(measured, checked)
    difference = _difference(claim.published, measured)
    tells_p = claim.is_verdict and not isinstance(measured, Absent)
    return (
        claim.text,
        _published(claim),
        TellsP(here) if tells_p else here,
        Absent("no value") if checked.n is None else checked.n,
        TellsP(state, "p-value withheld") if tells_p else state,
        Absent("no value") if isinstance(checked.measured, Absent) else _ORIGINS[checked.origin],
        source.certainty,
        source.text,
        source.doi or "none",
        figure.note or "none",
        TellsP(measured) if tells_p else measured,
        claim.unit or "none",
        TellsP(difference, _NO_DIFFERENCE) if tells_p else difference,
    )


def _published(claim: Claim) -> str:
    value, decimals, unit = claim.published, claim.figure.precision, claim.unit
    if isinstance(value, str):
        return f"p {value}" if claim.is_verdict else value
    if claim.is_verdict:
        return f"p = {value}"
    if isinstance(value, Estimate):
        return format_estimate_cell(value, decimals)
    is_whole = float(value).is_integer() and unit != "%"
    text = format_number(value, 0 if is_whole else decimals)
    return _with_unit(text, unit)


def _here(value: Measured, checked: Checked) -> str:
    if checked.claim.is_verdict and not isinstance(value, Estimate):
        return format_p(value)
    # What is judged is shown as it is judged; other patients' values need not be so round.
    is_judged = checked.state in ("agrees", "differs")
    unit, decimals = checked.claim.unit, checked.claim.figure.precision + (not is_judged)
    if isinstance(value, Estimate):
        return _with_unit(format_estimate_cell(value, decimals), unit)
    return _with_unit(format_number(value, 0 if isinstance(value, int) else decimals), unit)


def _with_unit(text: str, unit: str) -> str:
    if unit == "%":
        number, space, interval = text.partition(" ")
        return f"{number}%{space}{interval}"
    return f"{text} {unit}" if unit else text


def _difference(published: Measured | str, measured: Measured | Absent) -> Plain:
    if isinstance(published, str) or isinstance(measured, Absent):
        return _NO_DIFFERENCE
    one, other = (v.value if isinstance(v, Estimate) else v for v in (measured, published))
    return float(one - other)
