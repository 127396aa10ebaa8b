"""Mediation as tables: effects, methods side by side, sensitivity, choices and the checklist."""

from analytics.mediation.by_method import MediationByMethod
from analytics.mediation.causal_structure import CausalStructure
from analytics.mediation.checklist import Checklist
from analytics.mediation.effects import Mediation, ObservedDifference
from analytics.mediation.models import ALL_TREATED, CONTROLS_VOLUME, NONE_TREATED, TREATEDS_VOLUME
from analytics.mediation.multiverse import CHOICES, Multiverse
from analytics.mediation.plan import SCALES
from analytics.mediation.published_shares import PUBLISHED_SHARES
from analytics.mediation.sensitivity import BiasGrid, EValue, RhoCurve
from analytics.results import Absent, Estimate
from analytics.tables import Cell, Column, Table

_NOTHING = Absent("")


def structure_table(structure: CausalStructure) -> Table:
    """Return one row for each assumption."""
    columns = (
        Column("assumption", "Assumed"),
        Column("meaning", "Meaning", width="large"),
        Column("here", "Here", width="large"),
    )
    rows = tuple((a.name, a.meaning, a.here) for a in structure.assumptions)
    return Table(columns, rows, ids=tuple(a.name for a in structure.assumptions))


def effects_table(mediation: Mediation) -> Table:
    """Return one row for each estimand, with the two means that it is between."""
    scale, effects = SCALES[mediation.plan.scale], mediation.effects
    one, other = mediation.treatment.words, mediation.reference.words
    both = f"{one.capitalize()} against {other}"
    volumes = f"The volume of the {one} against that of the {other}"
    unit = "%" if scale.unit == "points" else scale.unit
    columns = (
        Column("estimand", "Estimand"),
        Column("estimate", f"{_with(scale.label, scale.unit)} (95% CI)", "number", scale.decimals),
        Column("before", f"From{f', {unit}' if unit else ''}", "number", scale.decimals),
        Column("after", f"To{f', {unit}' if unit else ''}", "number", scale.decimals),
        Column("definition", "Definition", width="large"),
        Column("before_mean", "From, mean", "number", scale.decimals, on_screen=False),
        Column("after_mean", "To, mean", "number", scale.decimals, on_screen=False),
    )
    rows: list[tuple[str, str, Estimate, int, int, str]] = [
        (
            "total",
            "Total effect",
            effects.total,
            *(NONE_TREATED, ALL_TREATED),
            f"Everyone in the {one} against everyone in the {other}.",
        ),
        (
            "direct",
            "Natural direct effect",
            effects.direct,
            *(NONE_TREATED, CONTROLS_VOLUME),
            f"{both}, everyone keeping the volume of the {other}.",
        ),
        (
            "indirect",
            "Natural indirect effect",
            effects.indirect,
            *(CONTROLS_VOLUME, ALL_TREATED),
            f"{volumes}, everyone in the {one}.",
        ),
        (
            "direct-treated",
            "Direct effect, volume as treated",
            effects.direct_at_treated,
            *(TREATEDS_VOLUME, ALL_TREATED),
            f"{both}, everyone keeping the volume of the {one}.",
        ),
        (
            "indirect-control",
            "Indirect effect, arm as control",
            effects.indirect_at_control,
            *(NONE_TREATED, TREATEDS_VOLUME),
            f"{volumes}, everyone in the {other}.",
        ),
    ]
    potential_outcomes = mediation.potential_outcomes
    written: list[tuple[Cell, ...]] = [
        (
            label,
            estimate,
            potential_outcomes[a].value,
            potential_outcomes[b].value,
            definition,
            potential_outcomes[a],
            potential_outcomes[b],
        )
        for _, label, estimate, a, b, definition in rows
    ]
    share: tuple[Cell, ...] = (
        "Proportion explained, %",
        effects.proportion,
        *(_NOTHING, _NOTHING),
        "Natural indirect over total effect, by natural effects.",
        *(_NOTHING, _NOTHING),
    )
    written.insert(3, share)
    ids = [row[0] for row in rows]
    ids.insert(3, "proportion")
    if mediation.observed is not None:
        written.insert(1, _observed_row(mediation.observed))
        ids.insert(1, "observed")
    return Table(columns, tuple(written), frozenset({0}), tuple(ids))


def _observed_row(observed: ObservedDifference) -> tuple[Cell, ...]:
    return (
        "Observed difference",
        observed.difference,
        observed.reference,
        observed.treatment,
        (
            "In the same patients, Newcombe's interval, nothing adjusted for. The total effect "
            "comes from the models: it is averaged over baseline variables and has their form."
        ),
        *(_NOTHING, _NOTHING),
    )


def _with(label: str, unit: str) -> str:
    return f"{label}, {unit}" if unit else label


def by_method_table(found: MediationByMethod) -> Table:
    """Return one row for each method, then one for each publication."""
    scale = SCALES[found.plan.scale]
    unit = f", {scale.unit}" if scale.unit else ""
    columns = (
        Column("method", "Method"),
        Column("share", "Explained, % (95% CI)", "number", 0, unit="%"),
        Column("total", f"Total{unit}, or odds ratio", "number", scale.decimals),
        Column("indirect", f"Indirect{unit}, or given volume", "number", scale.decimals),
        Column("n", "N", "count"),
        Column("definition", "What is divided by what", width="large"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            row.label,
            row.share,
            row.total,
            row.indirect,
            row.n if row.n else _NOTHING,
            row.definition,
        )
        for row in found.rows
    ]
    rows += [
        (
            f"Published: {p.label}",
            p.estimate,
            _NOTHING,
            _NOTHING,
            _NOTHING,
            f"{p.about[0].upper()}{p.about[1:]}. {p.source}.",
        )
        for p in PUBLISHED_SHARES
    ]
    ids = (*(row.id for row in found.rows), *(p.label for p in PUBLISHED_SHARES))
    return Table(columns, tuple(rows), frozenset({0}), ids)


def rho_table(curve: RhoCurve) -> Table:
    """Return one row for each correlation."""
    columns = (
        Column("rho", "Correlation of errors", "number", 2),
        Column(
            "indirect",
            "Indirect effect by probit, mean of both arms, points (95% CI, delta method)",
            "number",
            1,
            unit="points",
        ),
    )
    rows = tuple(zip(curve.rhos, curve.effects, strict=True))
    return Table(columns, rows, ids=tuple(f"{rho:g}" for rho in curve.rhos))


def e_value_table(found: EValue) -> Table:
    """Return the risk ratio of the indirect effect and its two E-values."""
    columns = (
        Column("quantity", "Quantity"),
        Column("value", "Value", "number", 2),
        Column("meaning", "Meaning", width="large"),
    )
    limit = Absent("no interval") if found.limit is None else found.limit
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Indirect effect as risk ratio", found.ratio, "P(mRS 0-2), volume of the two arms."),
        (
            "E-value of the estimate",
            found.point,
            "Least risk ratio of a confounder with volume and with outcome to explain it away.",
        ),
        (
            "E-value of the limit",
            limit,
            "The same to move the interval to no difference; 1 where it includes none.",
        ),
    )
    return Table(columns, rows, ids=("ratio", "point", "limit"))


def bias_table(grid: BiasGrid) -> Table:
    """Return one row for each weight of the confounder, one column for each frequency."""
    columns = (
        Column("consequence", "Adds to P(mRS 0-2), points", "count"),
        *(
            Column(
                f"prevalence_{p}".replace("-", "minus_"),
                f"{p:+d} points" if p else "0 points",
                "number",
                1,
                "How much more frequent with treatment at the same volume.",
                on_screen=p % 10 == 0,
            )
            for p in grid.prevalences
        ),
    )
    rows = tuple(
        (gamma, *effects) for gamma, effects in zip(grid.consequences, grid.effects, strict=True)
    )
    return Table(columns, rows, ids=tuple(str(gamma) for gamma in grid.consequences))


def multiverse_table(found: Multiverse) -> Table:
    """Return one row for each combination of choices."""
    names = tuple(CHOICES)
    columns = (
        *(Column(name, CHOICES[name][0], on_screen=name in found.told_apart) for name in names),
        Column("indirect", "Indirect, points (95% CI, delta method)", "number", 1, unit="points"),
        Column("total", "Total, points (95% CI, delta method)", "number", 1, unit="points"),
        Column("share", "Explained, %", "number", 0, unit="%"),
        Column("n", "N", "count"),
    )
    rows = tuple(
        (
            *(CHOICES[name][1][code] for name, code in zip(names, u.choices, strict=True)),
            u.indirect,
            u.total,
            u.share,
            u.n,
        )
        for u in found.universes
    )
    own = frozenset(place for place, u in enumerate(found.universes) if u.is_own)
    return Table(columns, rows, own, tuple(",".join(u.choices) for u in found.universes))


def checklist_table(checklist: Checklist) -> Table:
    """Return one row for each item of AGReMA."""
    columns = (
        Column("item", "Item", "count"),
        Column("topic", "Topic"),
        Column("text", "Reported", width="large"),
    )
    rows = tuple((item.number, item.topic, item.text) for item in checklist.items)
    return Table(columns, rows, ids=tuple(str(item.number) for item in checklist.items))
