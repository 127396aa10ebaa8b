-- The cohort's patients, one row each.
--
--   {cohort}  the rows that the filters keep (data/filters.py)
--   {strata}  grouping variables, as level codes with "missing"
--   {values}  variables as they are; a missing value is null
select
    {strata}
    {values}
    subject_id
from {cohort}
order by subject_id
