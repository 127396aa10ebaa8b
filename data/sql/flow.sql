-- How many of the cohort's patients there are, and how many have all the values an answer needs.
--
--   {cohort}    the rows that the filters keep (data/filters.py)
--   {complete}  the condition that none of the needed variables is missing
select
    count(*) as patients,
    count(*) filter (where {complete}) as complete
from {cohort}
order by all
