-- The smallest and the largest recorded value of one variable, and how many lack it.
--
--   {counted}  the cohort as rows that stand for `patients` patients each (data/store.py)
--   {value}    the variable
select
    min({value}) as smallest,
    max({value}) as largest,
    cast(coalesce(sum(patients) filter (where {value} is not null), 0) as bigint) as known,
    cast(coalesce(sum(patients) filter (where {value} is null), 0) as bigint) as missing
from {counted}
order by all
