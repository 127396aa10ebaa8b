"""Trial: what a data set does not say of itself, such as what was planned before it was seen."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Plan:
    """What a trial declared that it would analyse.

    Attributes
    ----------
    declared_in : str
        Where it was declared.
    comparisons : tuple of str
        The variables by whose groups infarct volumes are compared.
    outcomes : tuple of str
        The outcomes that its arms are compared in; of the mRS, the scale and its cuts.
    volume_terms, mrs_terms : tuple of str
        The variables of its models of infarct volume and of the mRS.
    adjusted_for, mediation_adjusted_for : tuple of str
        The baseline variables of its adjusted common odds ratio and of its mediation analysis.
    prespecified : tuple of str
        The variables of its subgroups.
    """

    declared_in: str
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
    randomised : bool or None
        Whether patients were randomised to the arms; None where nobody said.
    stratified_by : tuple of str
        The variables by which randomisation was stratified.
    plan : Plan or None
        None where none was declared: then nothing is primary and nothing pre-specified.
    beside : tuple of str
        Other trials whose published figures are drawn beside this one's.
    """

    plan: Plan | None = None
    beside: tuple[str, ...] = ()
    randomised: bool | None = None
    stratified_by: tuple[str, ...] = ()


UNDECLARED = Trial()
