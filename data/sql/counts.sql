-- How many of the cohort's patients hold each combination of levels and values.
-- Every statistic of a page is computed, exactly, from such counts.
--
--   {cohort}  the rows that the filters keep (data/filters.py)
--   {strata}  grouping variables, as level codes with "missing"
--   {values}  variables as they are; a missing value is null
select
    {strata}
    {values}
    count(*) as patients
from {cohort}
group by all
order by all
