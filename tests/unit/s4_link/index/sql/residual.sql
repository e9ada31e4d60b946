-- One row per registry record that may be about a member though its id number does not say so.
-- A record without a valid number always may; one whose valid number matches nobody only when it shares
-- name and birth date with a member (a former number), or an id or name trace with a member whose own
-- number is unknown.
WITH waiting_name AS (
    SELECT DISTINCT name_key
    FROM member
    WHERE id18 IS NULL AND birth_date IS NULL
),
stranger AS (
    SELECT * FROM record ANTI JOIN member USING (id18)
    WHERE record.id18 IS NOT NULL
)
SELECT row FROM record WHERE id18 IS NULL
UNION
SELECT stranger.row FROM stranger SEMI JOIN member USING (name_key, birth_date)
UNION
SELECT stranger.row FROM stranger SEMI JOIN waiting_name USING (name_key)
UNION
SELECT stranger.row FROM stranger SEMI JOIN waiting_repair ON stranger.id18 = waiting_repair.value
UNION
SELECT stranger.row FROM stranger
SEMI JOIN waiting_prefix14 ON substr(stranger.id18, 1, 14) = waiting_prefix14.value
UNION
SELECT stranger.row FROM stranger
SEMI JOIN waiting_ends ON substr(stranger.id18, 1, 6) || substr(stranger.id18, 15, 4) = waiting_ends.value
ORDER BY row
