"""Methods of the volumes page: summaries of infarct volume, comparisons of groups, drawings."""

from analytics.method import (
    NO_GROUP,
    NO_VOLUME,
    Method,
)

MEDIAN = Method(
    "median",
    "Summary",
    "Median with its interval",
    "The volume that half of the patients stay below. Its interval runs between two of the "
    "patients' own volumes, chosen by the binomial distribution, so it assumes no shape; with "
    "fewer than six patients no such interval covers 95%.",
    "Medians have exact binomial 95% confidence intervals between order statistics.",
    NO_VOLUME,
    "Hahn and Meeker, Statistical Intervals, Wiley 1991",
    "10.1002/9780470316771",
    "R 4.2.2 qbinom and sort: equal",
)
QUARTILES = Method(
    "quartiles",
    "Summary",
    "Quartiles",
    "A quarter of the patients lie below the first and a quarter above the third; between two "
    "patients' values it is interpolated in a straight line.",
    "Quartiles use linear interpolation between order statistics (R type 7).",
    NO_VOLUME,
    "Hyndman and Fan, Am Stat 1996;50:361-365",
    "10.1080/00031305.1996.10473566",
    "R 4.2.2 quantile(type = 7): relative 1e-15",
)
RANK_SUM_EXACT = Method(
    "rank_sum_exact",
    "Comparison",
    "Wilcoxon rank-sum test, exact",
    "Whether one group's volumes tend to be larger, from ranks alone. Below 50 patients in each "
    "group and without ties its null distribution is counted out.",
    "Groups are compared by the Wilcoxon rank-sum test with its exact null distribution.",
    NO_GROUP,
    "Wilcoxon, Biometrics Bull 1945;1:80-83; Mann and Whitney, Ann Math Stat 1947;18:50-60",
    "10.1214/aoms/1177730491",
    "R 4.2.2 wilcox.test: relative 1e-14",
)
RANK_SUM = Method(
    "rank_sum",
    "Comparison",
    "Wilcoxon rank-sum test",
    "Whether one group's volumes tend to be larger, from ranks alone.",
    "Groups are compared by the Wilcoxon rank-sum test (normal approximation with correction for "
    "ties and continuity).",
    NO_GROUP,
    "Wilcoxon, Biometrics Bull 1945;1:80-83; Mann and Whitney, Ann Math Stat 1947;18:50-60",
    "10.1214/aoms/1177730491",
    "R 4.2.2 wilcox.test: relative 1e-14",
)
SHIFT = Method(
    "shift",
    "Comparison",
    "Hodges-Lehmann shift",
    "Take every pair of one patient from each group and the difference of their volumes: the "
    "shift is the median of all those differences. Where the two distributions differ in shape "
    "it is not the difference of the medians.",
    "The Hodges-Lehmann shift is the median of all pairwise differences, with the 95% confidence "
    "interval that inverts the Wilcoxon rank-sum test.",
    NO_GROUP,
    "Hodges and Lehmann, Ann Math Stat 1963;34:598-611",
    "10.1214/aoms/1177704172",
    "R 4.2.2 wilcox.test(conf.int = TRUE): within 1e-4 mL, the tolerance of its root search",
)
MERE_SHIFT = Method(
    "mere_shift",
    "Comparison",
    "Whether a shift describes the difference",
    "If one group's volumes were the other's moved by a shift, all quantiles would differ by that "
    "shift. The distributions are said to differ by more where the shift lies outside the "
    "interval of the difference at the first or at the third quartile. Each interval has a level "
    "of 97.5%, so that a mere shift is denied by mistake in at most about one of twenty data "
    "sets. Quartiles are taken because volumes are skewed: few patients tell the outer tenths.",
    "Distributions are said to differ by more than a shift where the shift lies outside the "
    "97.5% confidence interval of the difference of first or of third quartiles, from exact "
    "binomial limits of each.",
    NO_GROUP,
    "Zou and Donner, Stat Med 2008;27:1693-1702",
    "10.1002/sim.3095",
    "simulated shifts: denied in no more than 5%",
)
MEDIAN_DIFFERENCE = Method(
    "median_difference",
    "Comparison",
    "Difference in medians",
    "One median minus the other. Its interval holds the middle 95% of what resampling both "
    "groups would give; the distribution is computed exactly, nothing is resampled.",
    "The difference in medians has the percentile interval of its exact bootstrap distribution.",
    NO_GROUP,
    "Hutson and Ernst, J R Stat Soc B 2000;62:89-94",
    "10.1111/1467-9868.00221",
    "Full enumeration of small samples: 1e-13; R 4.2.2 boot: within Monte Carlo error",
)
SUPERIORITY = Method(
    "superiority",
    "Comparison",
    "Probability of superiority",
    "The probability that a random patient of the first group has the smaller infarct than a "
    "random one of the second, ties counting half; 0.5 is no difference.",
    "The probability of superiority has a 95% confidence interval from DeLong's variance on the "
    "logit scale.",
    NO_GROUP,
    "DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837-845",
    "10.2307/2531595",
    "R 4.2.2 by hand: relative 1e-12",
)
VAN_ELTEREN = Method(
    "van_elteren",
    "Comparison",
    "van Elteren test",
    "The rank-sum test within each stratum, such as each occlusion site; the strata are put "
    "together with weights that suit their sizes.",
    "The van Elteren test compares the groups within strata.",
    "Patients without a recorded volume, group or stratum are counted and left out.",
    "van Elteren, Bull Int Stat Inst 1960;37:351-361",
    "",
    "R 4.2.2 coin and by hand, within four variables: relative 1e-9",
)
KRUSKAL_WALLIS = Method(
    "kruskal_wallis",
    "Comparison",
    "Kruskal-Wallis test",
    "Whether at least one of several groups tends to other volumes than the rest, from ranks.",
    "Several groups are compared by the Kruskal-Wallis rank test, corrected for ties.",
    NO_GROUP,
    "Kruskal and Wallis, J Am Stat Assoc 1952;47:583-621",
    "10.1080/01621459.1952.10483441",
    "R 4.2.2 kruskal.test: relative 1e-13",
)
SUBGROUP_AND_COMPLEMENT = Method(
    "subgroup_and_complement",
    "Data",
    "Subgroup beside its complement",
    "The same comparison in the chosen patients, in everyone else and in all. Two shifts that "
    "look different need not differ: it holds no test of interaction.",
    "Arms are compared separately in the subgroup, in the patients outside it and in all.",
    NO_VOLUME,
)
BOXES = Method(
    "boxes",
    "Drawing",
    "Box and points",
    "The box spans the middle half of the patients, its line is the median; the whiskers reach "
    "the furthest volumes within one and a half box lengths.",
    "Boxes span the quartiles (R type 7) with the median; whiskers reach the furthest volume "
    "within 1.5 interquartile ranges.",
    NO_VOLUME,
    "McGill, Tukey and Larsen, Am Stat 1978;32:12-16",
    "10.1080/00031305.1978.10479236",
)
VIOLINS = Method(
    "violins",
    "Drawing",
    "Violin",
    "A smoothed histogram, mirrored; each is scaled to its own peak, so widths compare within a "
    "group and not between groups.",
    "Violins are Gaussian kernel densities (Scott's bandwidth), each scaled to its own peak and "
    "cut at the extreme volumes; boxes span the quartiles (R type 7).",
    NO_VOLUME,
    "Hintze and Nelson, Am Stat 1998;52:181-184",
    "10.1080/00031305.1998.10480559",
)
RAINCLOUDS = Method(
    "rainclouds",
    "Drawing",
    "Raincloud",
    "Half a violin above its box and its patients.",
    "Rainclouds are Gaussian kernel densities (Scott's bandwidth, own peak) over boxes of the "
    "quartiles (R type 7).",
    NO_VOLUME,
    "Allen et al., Wellcome Open Res 2019;4:63",
    "10.12688/wellcomeopenres.15191.1",
)
SHARES = Method(
    "shares",
    "Drawing",
    "Empirical cumulative shares",
    "For every volume the share of patients who have at most that much.",
    "Curves are empirical cumulative shares: the share of patients with at most this volume.",
    NO_VOLUME,
)
