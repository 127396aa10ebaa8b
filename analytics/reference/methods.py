"""Methods: every estimand, test, model and drawing once, with its manuscript sentence and source.

A result composes its method sentence from these entries, and the methods page lists them, so
that what a reader is told beside a number and what the page defines are the same words.
"""

from analytics.mediation.methods import MEDIATION_METHODS
from analytics.method import (
    GROUPS,
    Group,
    Method,
    in_manuscript,
)
from analytics.models.methods import MARGINAL_CONTRASTS, SPLINE_TERMS, STANDARDISED_DIFFERENCE
from analytics.odds.methods import CHECK_METHODS
from analytics.outcomes.methods import (
    ADJUSTED_ODDS_RATIO,
    COMMON_ODDS_RATIO,
    FIRTH_MODEL,
    LOGISTIC_MODEL,
    MEAN_DIFFERENCE,
    MRS_DISTRIBUTION,
    MRS_OVER_VOLUME,
    MRS_REGRESSION,
    NUMBER_NEEDED_TO_TREAT,
    ODDS_RATIO,
    PROPORTION,
    RISK_DIFFERENCE,
    RISK_RATIO,
    STANDARDISED_SHARE,
    WIN_ODDS,
    WIN_PROBABILITY,
)
from analytics.overview.methods import (
    CHARACTERISTICS,
    GIVEN_VOLUME,
    INDEPENDENCE,
    MRS_MODEL,
    PATIENT_FLOW,
    PUBLISHED_CLAIMS,
    PUBLISHED_VOLUME_MODEL,
    SMD,
    SMD_OF_GROUPS,
)
from analytics.patients.methods import RECORDED_VALUES
from analytics.prediction.methods import DISCRIMINATION_METHODS
from analytics.predictors.methods import (
    DIAGNOSTICS,
    GAMMA_MODEL,
    ORDINAL_VOLUME_MODEL,
    QUANTILE_MODEL,
    QUANTILE_PROCESS,
    VOLUME_MODEL,
)
from analytics.subgroups.methods import SUBGROUP_METHODS
from analytics.volumes.methods import (
    BOXES,
    KRUSKAL_WALLIS,
    MEDIAN,
    MEDIAN_DIFFERENCE,
    MERE_SHIFT,
    QUARTILES,
    RAINCLOUDS,
    RANK_SUM,
    RANK_SUM_EXACT,
    SHARES,
    SHIFT,
    SUBGROUP_AND_COMPLEMENT,
    SUPERIORITY,
    VAN_ELTEREN,
    VIOLINS,
)
from analytics.win_ratio.methods import WIN_RATIO_METHODS

__all__ = ["GROUPS", "METHODS", "Group", "Method", "in_manuscript"]
METHODS: tuple[Method, ...] = (
    MEDIAN,
    QUARTILES,
    RANK_SUM_EXACT,
    RANK_SUM,
    SHIFT,
    MERE_SHIFT,
    MEDIAN_DIFFERENCE,
    SUPERIORITY,
    VAN_ELTEREN,
    KRUSKAL_WALLIS,
    SUBGROUP_AND_COMPLEMENT,
    BOXES,
    VIOLINS,
    RAINCLOUDS,
    SHARES,
    CHARACTERISTICS,
    SMD,
    SMD_OF_GROUPS,
    PATIENT_FLOW,
    RECORDED_VALUES,
    PROPORTION,
    RISK_DIFFERENCE,
    RISK_RATIO,
    ODDS_RATIO,
    NUMBER_NEEDED_TO_TREAT,
    MRS_DISTRIBUTION,
    WIN_PROBABILITY,
    WIN_ODDS,
    MEAN_DIFFERENCE,
    COMMON_ODDS_RATIO,
    GIVEN_VOLUME,
    PUBLISHED_VOLUME_MODEL,
    VOLUME_MODEL,
    QUANTILE_MODEL,
    GAMMA_MODEL,
    ORDINAL_VOLUME_MODEL,
    SPLINE_TERMS,
    STANDARDISED_DIFFERENCE,
    MARGINAL_CONTRASTS,
    DIAGNOSTICS,
    QUANTILE_PROCESS,
    MRS_REGRESSION,
    LOGISTIC_MODEL,
    FIRTH_MODEL,
    STANDARDISED_SHARE,
    MRS_OVER_VOLUME,
    *CHECK_METHODS,
    *DISCRIMINATION_METHODS,
    *WIN_RATIO_METHODS,
    *MEDIATION_METHODS,
    *SUBGROUP_METHODS,
    MRS_MODEL,
    ADJUSTED_ODDS_RATIO,
    INDEPENDENCE,
    PUBLISHED_CLAIMS,
)
"""Every method, in the order of the methods page within its group."""
