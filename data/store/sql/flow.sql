-- How many of the cohort's patients there are, and how many have all the values an answer needs.
--
--   {counted}   the cohort as rows that stand for `patients` patients each (data/store.py)
--   {complete}  the condition that none of the needed variables is missing
select
    cast(coalesce(sum(patients), 0) as bigint) as patients,
    cast(coalesce(sum(patients) filter (where {complete}), 0) as bigint) as complete
from {counted}
order by all
