"""Subgroups as tables: effects, tests of interaction, the curve, the funnel and the contrast."""

from analytics.models.fitted import TermTest
from analytics.models.table import cells_of_test, columns_of_test, p_cell, test_words
from analytics.results import HIDDEN, Absent, Estimate
from analytics.subgroups.complement import EffectContrast
from analytics.subgroups.curve import EffectCurve
from analytics.subgroups.effects import EFFECTS, Effect
from analytics.subgroups.forest import (
    NO_LEVEL,
    InteractionTests,
    Modifier,
    Side,
    Subgroup,
    SubgroupEffects,
)
from analytics.subgroups.funnel import Funnel
from analytics.tables import Cell, Column, Table
from analytics.trial import VOLUME
from data.variables import Level

_NOTHING = Absent("")
_ALL = "All patients"
_SHRUNKEN = "Posterior mean and central 95% posterior interval."
_FAMILY = "Among the pre-specified variables, or for others among all that are shown."


def subgroups_table(found: SubgroupEffects) -> Table:
    """Return the effect in all patients, then one row for each level of each modifier.

    The p-value of an interaction stands in its variable's first row.
    """
    effect = EFFECTS[found.effect]
    columns = (
        Column("variable", "Variable"),
        Column("level", "Level"),
        *_sides(effect, found.treatment, found.reference),
        Column("effect", _head(effect), "number", effect.decimals, unit=effect.unit),
        Column(
            "shrunken",
            "Shrunken (95% posterior interval)",
            "number",
            effect.decimals,
            unit=effect.unit,
            about=_SHRUNKEN,
        ),
        Column("interaction_p", "Interaction p", "p", about=f"By {effect.test}."),
        Column("prespecified", "Pre-specified"),
    )
    rows: list[tuple[Cell, ...]] = [
        (_ALL, "", *_cells(found.overall), found.overall.effect, *(_NOTHING,) * 3)
    ]
    ids = ["all"]
    for modifier in found.modifiers:
        said = "yes" if modifier.is_prespecified else "no"
        if not modifier.subgroups:
            label = modifier.variable.label
            rows.append((label, NO_LEVEL, *(_NOTHING,) * 6, p_cell(modifier.test), said))
            ids.append(modifier.variable.name)
        for place, subgroup in enumerate(modifier.subgroups):
            test = p_cell(modifier.test) if place == 0 else _NOTHING
            rows.append(
                (
                    modifier.variable.label,
                    subgroup.level.label,
                    *_cells(subgroup),
                    subgroup.effect,
                    subgroup.shrunken,
                    test,
                    said,
                )
            )
            ids.append(f"{modifier.variable.name}={subgroup.level.code}")
    return Table(columns, tuple(rows), frozenset({0}), tuple(ids))


def interactions_table(tests: InteractionTests) -> Table:
    """Return one row for the test of all interactions together, then one for each modifier."""
    found = tests.effects
    columns = (
        Column("variable", "Variable"),
        Column("prespecified", "Pre-specified"),
        Column("test", "Test"),
        *columns_of_test(),
        Column("p_value", "p", "p"),
        Column("holm", "p, Holm", "p", about=_FAMILY),
        Column("benjamini_hochberg", "p, Benjamini-Hochberg", "p", about=_FAMILY),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            "All together",
            _NOTHING,
            test_words(found.together.test),
            *cells_of_test(found.together.test),
            _p_value(found.together.test),
            *(_NOTHING, _NOTHING),
        )
    ]
    rows += [_tests(modifier) for modifier in found.modifiers]
    ids = ("together", *(modifier.variable.name for modifier in found.modifiers))
    return Table(columns, tuple(rows), frozenset({0}), ids)


def _tests(modifier: Modifier) -> tuple[Cell, ...]:
    adjusted: list[Cell] = [
        _NOTHING if value is None else value for value in (modifier.holm, modifier.hochberg)
    ]
    return (
        modifier.variable.label,
        "yes" if modifier.is_prespecified else "no",
        test_words(modifier.test),
        *cells_of_test(modifier.test),
        _p_value(modifier.test),
        *adjusted,
    )


def _p_value(test: TermTest | Absent) -> Cell:
    """Return the p-value; why there is none stands in the column before."""
    return p_cell(test) if isinstance(test, TermTest) else _NOTHING


def effect_curve_table(curve: EffectCurve) -> Table:
    """Return the effect at each value, the p-value of the interaction in the first row."""
    effect, variable = EFFECTS[curve.effect], curve.variable
    columns = (
        Column(variable.name, variable.axis_title, "number", variable.decimals),
        Column("effect", curve_head(curve), "number", effect.decimals, unit=effect.unit),
        Column("interaction_p", "Interaction p", "p", about=f"By {effect.test}."),
        Column("test", "Test", on_screen=False),
        *columns_of_test(),
    )
    rows: list[tuple[Cell, ...]] = [
        (value, estimate, *(_NOTHING,) * (len(columns) - 2))
        for value, estimate in zip(curve.values, curve.effects, strict=True)
    ]
    first = rows[0]
    rows[0] = (
        *first[:2],
        p_cell(curve.test),
        test_words(curve.test),
        *cells_of_test(curve.test),
    )
    return Table(columns, tuple(rows), ids=tuple(f"{value:g}" for value in curve.values))


def funnel_table(funnel: Funnel) -> Table:
    """Return the chosen patients first, if any were chosen, then every subgroup."""
    effect = EFFECTS[funnel.effect]
    unit = f", {effect.unit}" if effect.unit else ""
    columns = (
        Column("subgroup", "Subgroup", width="large"),
        Column("n", "N", "count"),
        Column("effect", f"{effect.label}{unit}", "number", effect.decimals),
    )
    rows: list[tuple[Cell, ...]] = [(point.words, point.n, point.value) for point in funnel.points]
    ids = [point.words for point in funnel.points]
    if isinstance(funnel.own, Estimate):
        rows.insert(0, ("The chosen patients", funnel.own_n, funnel.own.value))
        ids.insert(0, "own")
    rows.insert(0, (_ALL, funnel.n, funnel.overall.value))
    ids.insert(0, "all")
    return Table(columns, tuple(rows), frozenset({0}), tuple(ids))


def effect_contrast_table(contrast: EffectContrast) -> Table:
    """Return one row each for subgroup, complement and all patients."""
    effect = EFFECTS[contrast.effect]
    columns = (
        Column("cohort", "Cohort"),
        Column("patients", "Patients"),
        *_sides(effect, contrast.treatment, contrast.reference),
        Column("effect", _head(effect), "number", effect.decimals, unit=effect.unit),
    )
    rows = tuple(
        (part.label, part.words, *_side(part.treated), *_side(part.control), part.effect)
        for part in contrast.parts
    )
    return Table(columns, rows, frozenset({2}), ("subgroup", "complement", "all"))


def curve_head(curve: EffectCurve) -> str:
    """Return what a curve follows, as an axis or a column head says it."""
    effect = EFFECTS[curve.effect]
    if effect.followed:
        return f"{effect.followed.capitalize()}, {effect.unit} (95% CI)"
    return _head(effect)


def _head(effect: Effect) -> str:
    return f"{effect.label}{f', {effect.unit}' if effect.unit else ''} (95% CI)"


def _sides(effect: Effect, treatment: Level, reference: Level) -> tuple[Column, ...]:
    is_volume = effect.outcome == VOLUME
    columns: list[Column] = []
    for name, arm in (("treated", treatment), ("control", reference)):
        columns.append(Column(f"{name}_n", f"{arm.label}, N", "count"))
        if is_volume:
            columns.append(Column(f"{name}_median", f"{arm.label}, median mL", "number", 1))
        else:
            columns.append(Column(f"{name}_events", f"{arm.label}, mRS 0-2", "count"))
    return tuple(columns)


def _cells(subgroup: Subgroup) -> tuple[Cell, ...]:
    return (*_side(subgroup.treated), *_side(subgroup.control))


def _side(side: Side) -> tuple[Cell, ...]:
    if side.is_hidden:
        return HIDDEN, HIDDEN
    if side.events is not None:
        return side.n, side.events
    return side.n, _NOTHING if side.median is None else side.median
