"""Trial: what a data set does not say of itself, such as what was planned before it was seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

from pydantic import Field

from data.published import Beside, Figure, Source
from data.section import Section


class Plan(Section):
    """What was planned before the data were seen, and where that stands.

    Attributes
    ----------
    declared_in : str
        The protocol, the paper, or "declared here on DATE".
    comparisons : tuple of str
        The variables by whose groups infarct volumes are compared.
    outcomes : tuple of str
        In what the arms are compared, such as mrs_90d, which stands for its cuts too.
    volume_terms, mrs_terms : tuple of str
        The variables of the models of volume and of the mRS.
    adjusted_for, mediation_adjusted_for : tuple of str
        The baseline variables of the adjusted common odds ratio and of the mediation analysis.
    prespecified : tuple of str
        The variables of the subgroups.

    Notes
    -----
    In a sheet a variable of the file's own goes by the name of its column.
    """

    declared_in: Annotated[str, Field(min_length=1)]
    comparisons: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    volume_terms: tuple[str, ...] = ()
    mrs_terms: tuple[str, ...] = ()
    adjusted_for: tuple[str, ...] = ()
    mediation_adjusted_for: tuple[str, ...] = ()
    prespecified: tuple[str, ...] = ()

    OF_VARIABLES: ClassVar = (
        *("comparisons", "outcomes", "volume_terms", "mrs_terms"),
        *("adjusted_for", "mediation_adjusted_for", "prespecified"),
    )

    def naming(self, names: Mapping[str, str]) -> "Plan":
        """Return the same with other names for variables, such as those of a file's columns."""
        return self.model_copy(
            update={
                field: tuple(names.get(name, name) for name in getattr(self, field))
                for field in self.OF_VARIABLES
            }
        )


@dataclass(frozen=True)
class Trial:
    """A trial as its data set knows it.

    Attributes
    ----------
    name : str
        Empty where nobody said.
    about : str
        A sentence or two on the trial, which the overview begins with.
    randomised : bool or None
        Whether patients were randomised to the arms; None where nobody said.
    stratified_by : tuple of str
        The variables by which randomisation was stratified.
    plan : Plan or None
        None where none was declared: then nothing is primary and nothing pre-specified.
    published : tuple of Figure
        What its publications print, in the order of the table.
    sources : mapping of str to Source
        Where that stands.
    beside : tuple of Beside
        What other trials published, drawn beside this one's.
    """

    name: str = ""
    about: str = ""
    plan: Plan | None = None
    randomised: bool | None = None
    stratified_by: tuple[str, ...] = ()
    published: tuple[Figure, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()

    def naming(self, names: Mapping[str, str]) -> "Trial":
        """Return the same with other names for variables, such as those of a file's columns."""
        return replace(
            self,
            stratified_by=tuple(names.get(name, name) for name in self.stratified_by),
            plan=None if self.plan is None else self.plan.naming(names),
            published=tuple(figure.naming(names) for figure in self.published),
        )

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """Return every variable that it names, and in which words of its sheet."""
        for name in self.stratified_by:
            yield name, "'stratified_by' of the trial sheet's design"
        if self.plan is not None:
            for field_name in Plan.OF_VARIABLES:
                for name in getattr(self.plan, field_name):
                    yield name, f"'{field_name}' of the trial sheet's plan"
        for number, figure in enumerate(self.published, start=1):
            for name in figure.variables:
                yield name, f"published figure {number} of the trial sheet"

    @property
    def without_source(self) -> tuple[Figure, ...]:
        """Return the figures that name no source of several, or one that there is not."""
        known = {*self.sources, *([""] if len(self.sources) == 1 else [])}
        return tuple(figure for figure in self.published if figure.source not in known)

    def source_of(self, figure: Figure) -> Source:
        """Return where a figure is published: the only source unless it names one.

        Raises
        ------
        KeyError
            If it names none of several, or one that there is not.
        """
        only = next(iter(self.sources)) if len(self.sources) == 1 else ""
        return self.sources[figure.source or only]


UNDECLARED = Trial()
