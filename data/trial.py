"""Trial: what a data set does not say of itself, such as what was planned before it was seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Trial:
    """A trial as its data set knows it.

    Attributes
    ----------
    name : str
        Empty where nobody said.
    about : str
        A sentence or two on the trial, which the overview begins with.
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
    published: tuple[Figure, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()

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
