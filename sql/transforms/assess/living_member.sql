-- One row per household member; key member_id. Living: no linked death on or before $last_day.
-- The members of a household are those the list names: hukou and prison are not looked at yet.
WITH recorded AS (
    SELECT DISTINCT m.member_id
    FROM linked_match AS m
    JOIN death AS d ON d.record_id = m.record
    WHERE m.table_name = 'death' AND d.death_date <= $last_day
)
SELECT
    p.household_id,
    p.record_id AS member_id,
    p.is_covered,
    r.member_id IS NULL AS is_living
FROM household_member AS p
LEFT JOIN recorded AS r ON r.member_id = p.record_id
ORDER BY member_id
