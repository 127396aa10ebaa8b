-- How many of the cohort's patients hold each combination of levels and values.
-- Every statistic of a page is computed, exactly, from such counts.
--
--   {counted}  the cohort as rows that stand for `patients` patients each (data/store.py)
--   {strata}   grouping variables, as level codes with "missing"
--   {values}   variables as they are; a missing value is null
select
    {strata}
    {values}
    cast(coalesce(sum(patients), 0) as bigint) as patients
from {counted}
group by all
order by all
