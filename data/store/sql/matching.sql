-- How many of the cohort's patients a search keeps.
--
--   {cohort}  the rows that the filters and the search keep
select count(*) as patients
from {cohort}
order by all
