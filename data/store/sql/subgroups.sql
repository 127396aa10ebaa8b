-- How many patients hold each value in every subgroup that one to three of the columns make.
-- A column that a subgroup is not made of is null there.
--
--   {counted}  the cohort as rows that stand for `patients` patients each (data/store.py)
--   {strata}   grouping variables, as level codes with "missing"
--   {values}   variables as they are; a missing value is null
--   {columns}  all of these once more
--   {sets}     the first two columns with every combination of one to three of the others
with coded as (
    select
        {strata}
        {values}
        patients
    from {counted}
)
select
    {columns}
    cast(sum(patients) as bigint) as patients
from coded
group by grouping sets ({sets})
order by all
