-- The smallest and the largest recorded value of one variable, and how many lack it.
--
--   {cohort}  the rows that the filters keep (data/filters.py)
--   {value}   the variable
select
    min({value}) as smallest,
    max({value}) as largest,
    count({value}) as known,
    count(*) - count({value}) as missing
from {cohort}
order by all
