-- One page of the cohort's patients, sorted.
--
--   {cohort}      the rows that the filters and the search keep
--   {values}      variables as they are; a missing value is null
--   {descending}  the variable that sorts them from large to small, if any
--   {ascending}   the variable that sorts them from small to large, if any
--   $limit, $offset  how many rows the page holds, and how many come before it
select
    {values}
    subject_id
from {cohort}
order by
    {descending}
    {ascending}
    subject_id
limit $limit
offset $offset
