-- One row per household and record that the household's evidence rests on: its own rows and all they were made from.
-- Grain: (household_id, record_id). Reads `own` (household_id, record_id) and `edge` (record_id, parent).
WITH RECURSIVE behind AS (
    SELECT household_id, record_id
    FROM own
    UNION
    SELECT behind.household_id, edge.parent
    FROM behind
    JOIN edge ON edge.record_id = behind.record_id
)
SELECT household_id, record_id
FROM behind
ORDER BY household_id, record_id
