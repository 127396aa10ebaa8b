"""Methods of the hierarchical comparison of patients in pairs."""

from analytics.method import Method

_LEFT_OUT = (
    "A pair in which a patient lacks a component goes on to the next one; patients without an "
    "arm or any of the components are counted and left out."
)
_CHECKED = "R 4.2.2, every pair and the variance by hand: relative 1e-12"

HIERARCHICAL_PAIRS = Method(
    "hierarchical_pairs",
    "Comparison",
    "Hierarchical comparison of pairs",
    "Every patient of one arm is compared with every patient of the other by the component that "
    "counts most; pairs that it leaves open go on to the next. A component decides a pair when "
    "the values differ, and by no less than its margin. Two patients who died are compared by "
    "what follows death in the order. Order and margins are a choice, and the result is of that "
    "choice.",
    "Every patient of one arm is compared with every patient of the other by prioritised "
    "outcomes; the first outcome on which they differ by no less than its margin decides the "
    "pair.",
    _LEFT_OUT,
    "Pocock et al., Eur Heart J 2012;33:176-182",
    "10.1093/eurheartj/ehr352",
    _CHECKED,
)
WIN_RATIO = Method(
    "win_ratio",
    "Comparison",
    "Win ratio",
    "Pairs in which the treated patient fares better, over pairs in which the control does; 1 is "
    "no difference. Ties are left out, so that a coarser outcome moves it away from 1.",
    "The win ratio has a 95% confidence interval on the log scale from the asymptotic variance of "
    "a two-sample U-statistic.",
    "",
    "Bebu and Lachin, Biostatistics 2016;17:178-187",
    "10.1093/biostatistics/kxv032",
    _CHECKED,
)
NET_BENEFIT = Method(
    "net_benefit",
    "Comparison",
    "Net benefit",
    "Share of pairs that are won minus share of pairs that are lost: how much likelier the "
    "treated of two patients is to fare better than worse; 0 is no difference. Those of the "
    "components add up to the whole.",
    "The net benefit is the share of pairs won minus the share lost, with a 95% confidence "
    "interval on the scale of Fisher's z from the same variance.",
    "",
    "Buyse, Stat Med 2010;29:3245-3257",
    "10.1002/sim.3923",
    _CHECKED,
)
HIERARCHICAL_WIN_ODDS = Method(
    "hierarchical_win_odds",
    "Comparison",
    "Win odds of prioritised outcomes",
    "Pairs won over pairs lost, where a tie is half of each; 1 is no difference. Of the mRS alone "
    "it is the win odds of the whole scale.",
    "The win odds count a tie as half a win and half a loss; their 95% confidence interval is on "
    "the log scale.",
    "",
    "Brunner, Vandemeulebroecke and Mütze, Stat Med 2021;40:3367-3384",
    "10.1002/sim.8967",
    _CHECKED,
)
WIN_RATIO_METHODS = (HIERARCHICAL_PAIRS, WIN_RATIO, NET_BENEFIT, HIERARCHICAL_WIN_ODDS)
"""In the order of the methods page."""
