-- One row per member who counts with a valid disability certificate, and level; key (member_id, category, level).
-- is_single: one with which a person of a marginal household may apply alone.
SELECT
    h.household_id,
    h.member_id,
    d.category,
    d."level",
    bool_or(
        list_contains(t.tiers_single_levels, d."level")
        OR (d.category IN ('intellectual', 'mental') AND list_contains(t.tiers_single_mental_levels, d."level"))
    ) AS is_single
FROM held AS h
JOIN disability AS d ON d.record_id = h.record
CROSS JOIN term AS t
WHERE h.table_name = 'disability' AND d.state = 'valid'
GROUP BY h.household_id, h.member_id, d.category, d."level"
ORDER BY h.member_id, d.category, d."level"
