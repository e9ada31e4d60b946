-- One row per covered member who counts; key member_id. What is added to the entitlement, 分 a month: the largest
-- of the supplements that apply (分类施保), and the price-linked supplement of the month.
WITH severe AS (
    SELECT DISTINCT c.member_id
    FROM held_certificate AS c
    CROSS JOIN term AS t
    WHERE list_contains(t.supplement_disabled_levels, c."level")
),

aged AS (
    SELECT
        c.household_id,
        c.member_id,
        date_sub('year', m.birth_date, $last_day) AS years,
        s.member_id IS NOT NULL AS is_severe
    FROM counting_member AS c
    JOIN household_member AS m ON m.record_id = c.member_id
    LEFT JOIN severe AS s ON s.member_id = c.member_id
    WHERE c.counts AND c.is_covered
)

SELECT
    a.household_id,
    a.member_id,
    greatest(
        CASE WHEN a.years >= t.supplement_aged_from THEN t.supplement_aged_amount END,
        CASE WHEN a.years < t.supplement_child_below THEN t.supplement_child_amount END,
        CASE WHEN a.is_severe THEN t.supplement_disabled_amount END,
        0
    )::BIGINT AS supplement,
    coalesce(t.supplement_price, 0) AS price
FROM aged AS a
CROSS JOIN term AS t
ORDER BY a.member_id
