-- One row per stated record that does not hold: a later delivery speaks about the same key, or the line deletes.
-- Two rows with one key in the same file are two people with one number: both stay.
-- Grain: record_id. Reads `stated` (record_id, row_key, change, rank).
SELECT record_id
FROM (
    SELECT record_id, row_key, change, rank, max(rank) OVER (PARTITION BY row_key) AS latest
    FROM stated
)
WHERE (row_key IS NOT NULL AND rank < latest) OR change = 'delete'
ORDER BY record_id
