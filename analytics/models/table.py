"""A regression as the table of a paper: variables, levels, N, and each model's estimates."""

from analytics.formatting import format_number
from analytics.models.fitted import TermTest
from analytics.models.side_by_side import Part, Regression, Row
from analytics.results import Absent
from analytics.tables import Cell, Column, Form, Table, TellsP

_SEVERAL = "Of all levels together."


def regression_table(regression: Regression) -> Table:
    """Return one row for each variable or level, with every model's estimate and test."""
    measure, models = regression.measure, regression.models
    has_bends = any(row.bends is not None for row in regression.rows)
    columns: list[Column] = [
        Column("variable", "Variable"),
        Column("level", "Level or step"),
        Column("n", "N", "count", about="In the multivariable model."),
    ]
    if regression.effect_label:
        about = f"{models[regression.main].label} model, averaged over the patients analysed."
        columns.append(Column("effect", regression.effect_label, "number", 1, about))
    for place, model in enumerate(models):
        name = f"model_{place + 1}"
        about = f"{measure.label}. {model.label}."
        if _has_products(regression, place):
            about += " Variables that interact: averaged over the patients analysed."
        columns += [
            Column(name, f"{model.label} (95% CI)", "number", measure.decimals, about),
            # Wide enough for why a p-value is not shown, which a narrow column would cut.
            Column(f"{name}_p", f"p, {_lower(model.label)}", "p", 0, _SEVERAL, width="medium"),
            *columns_of_test(f"{name}_", f"{_lower(model.label)}, "),
        ]
    if has_bends:
        columns.append(Column("bends_p", "p, bends", "p", 0, "Is a straight line enough?"))
        columns += columns_of_test("bends_", "bends, ")
    columns.append(Column("tests", "Test", on_screen=False))
    rows = [_cells(regression, row, has_bends=has_bends) for row in regression.rows]
    return Table(tuple(columns), tuple(rows), ids=_ids(regression.rows))


def _has_products(regression: Regression, place: int) -> bool:
    parts = regression.models[place].parts.values()
    return any(t.is_interaction for p in parts if isinstance(p, Part) for t in p.design.terms)


def _cells(regression: Regression, row: Row, *, has_bends: bool) -> tuple[Cell, ...]:
    cells: list[Cell] = [row.label, row.level, row.n]
    if regression.effect_label:
        cells.append(row.effect)
    for place, estimate in enumerate(row.estimates):
        test = row.tests[place] if row.tests else None
        cells += [estimate, p_cell(test), *cells_of_test(test)]
    if has_bends:
        cells += [p_cell(row.bends), *cells_of_test(row.bends)]
    main = row.tests[regression.main] if row.tests else None
    cells.append(test_words(main))
    return tuple(cells)


def p_cell(test: TermTest | Absent | None) -> Cell:
    """Return the p-value of a test, or why there is none."""
    if test is None:
        return Absent("")
    if isinstance(test, Absent):
        return test
    return test.p_value


def columns_of_test(prefix: str = "", head: str = "") -> tuple[Column, ...]:
    """Return the columns of a test's numbers, which are in files only and go with its p-value.

    Parameters
    ----------
    prefix, head : str
        What the machine names and the labels begin with, where a table has several tests.
    """
    named: tuple[tuple[str, str, Form, str], ...] = (
        (
            "statistic",
            "statistic",
            "number",
            "F with residual degrees of freedom, else chi-squared.",
        ),
        ("degrees_of_freedom", "df", "count", "Coefficients tested together."),
        ("residual_degrees_of_freedom", "residual df", "number", "Of an F test."),
    )
    return tuple(
        Column(f"{prefix}{name}", f"{head}{label}", form, 2, about, on_screen=False, of_test=True)
        for name, label, form, about in named
    )


def cells_of_test(test: TermTest | Absent | None) -> tuple[Cell, Cell, Cell]:
    """Return a test's statistic and degrees of freedom, nothing where there is no test."""
    nothing = Absent("")
    if test is None or isinstance(test, Absent):
        return (nothing, nothing, nothing)
    residual = test.residual_degrees_of_freedom
    return test.statistic, test.degrees_of_freedom, nothing if residual is None else residual


def test_words(test: TermTest | Absent | None) -> Cell:
    """Return a test's name, with its degrees of freedom and statistic where p-values are shown."""
    if test is None:
        return Absent("")
    if isinstance(test, Absent):
        return test
    freedom = f"{test.degrees_of_freedom}"
    if test.residual_degrees_of_freedom is not None:
        freedom += f", {format_number(test.residual_degrees_of_freedom)}"
    said = f"{test.name}({freedom}) = {format_number(test.statistic, 2)}"
    return TellsP(said, test.name)


def _ids(rows: tuple[Row, ...]) -> tuple[str, ...]:
    return tuple(f"{row.term}={row.level}" for row in rows)


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]
