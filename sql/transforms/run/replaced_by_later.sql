-- One row per stated record that does not hold: a later line speaks about the same key, or the line deletes.
-- Lines are in the order of their statements; within a delta in the order they were written, so that the later
-- one wins and a delete after an update deletes. A full file is one statement: two rows with one key are two
-- people with one number, and both stay.
-- Grain: record_id. Reads `stated` (record_id, row_key, change, rank, file_name, row_no).
SELECT record_id
FROM (
    SELECT
        record_id, row_key, change, place,
        max(place) OVER (PARTITION BY row_key) AS latest
    FROM (
        SELECT
            record_id, row_key, change,
            CASE
                WHEN change IS NULL THEN row(rank, '', 0)
                ELSE row(rank, file_name, row_no)
            END AS place
        FROM stated
    )
)
WHERE (row_key IS NOT NULL AND place < latest) OR change = 'delete'
ORDER BY record_id
