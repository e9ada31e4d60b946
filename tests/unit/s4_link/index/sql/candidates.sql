-- One row per candidate pair: equal on the key of at least one blocking rule in a block of at most $most
-- pairs. Two people with valid numbers meet only under rules made for former numbers.
WITH record_block AS (SELECT rule, key, count(*) AS people FROM record_key GROUP BY rule, key),
member_block AS (SELECT rule, key, count(*) AS people FROM member_key GROUP BY rule, key),
block AS (
    SELECT rule, key
    FROM record_block
    INNER JOIN member_block USING (rule, key)
    WHERE record_block.people * member_block.people <= $most
)
SELECT DISTINCT
    record_key.row AS record,
    member_key.row AS member
FROM block
INNER JOIN record_key USING (rule, key)
INNER JOIN member_key USING (rule, key)
INNER JOIN rule ON rule.no = block.rule
WHERE record_key.is_open OR member_key.is_open OR rule.both_valid
ORDER BY record, member
