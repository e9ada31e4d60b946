-- One row per ancestor of a record, nearest first: what it was made from, and from what that was made.
-- Grain: (record_id, parent). Reads `edge` (record_id, parent), one row per entry of derived_from.
WITH RECURSIVE ancestry AS (
    SELECT record_id, parent, 1 AS depth
    FROM edge
    WHERE record_id = $record_id
    UNION
    SELECT edge.record_id, edge.parent, ancestry.depth + 1
    FROM ancestry
    JOIN edge ON edge.record_id = ancestry.parent
)
SELECT record_id, parent, min(depth) AS depth
FROM ancestry
GROUP BY record_id, parent
ORDER BY depth, record_id, parent
