-- One row per blocking rule: pairs under it, and blocks left out because they hold more than $most pairs.
WITH record_block AS (SELECT rule, key, count(*) AS people FROM record_key GROUP BY rule, key),
member_block AS (SELECT rule, key, count(*) AS people FROM member_key GROUP BY rule, key),
block AS (
    SELECT
        rule,
        record_block.people * member_block.people AS pairs
    FROM record_block
    INNER JOIN member_block USING (rule, key)
)
SELECT
    rule.name AS rule,
    coalesce(sum(block.pairs) FILTER (WHERE block.pairs <= $most), 0)::BIGINT AS pairs,
    count(*) FILTER (WHERE block.pairs > $most) AS skipped
FROM rule
LEFT JOIN block ON rule.no = block.rule
GROUP BY rule.no, rule.name
ORDER BY rule.no
