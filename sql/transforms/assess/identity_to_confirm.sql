-- One row per living member with a pair under review that, if true, would matter. Nothing of it is counted.
-- A death, a counted vehicle, a shop or office, a pension that would count, or a dwelling that would be one
-- too many: not the dwelling the household is known to have.
WITH pairs AS (
    SELECT l.household_id, r.member_id, r.record, r.record_id AS review_id, r.source, r.reason
    FROM linked_review AS r
    JOIN living_member AS l ON l.member_id = r.member_id
    WHERE l.is_living
),

known AS (
    SELECT household_id, count(DISTINCT property_key) AS dwellings
    FROM held_property
    WHERE "use" = 'dwelling'
    GROUP BY household_id
),

would_matter AS (
    SELECT p.*, 'deaths' AS kind
    FROM pairs AS p
    JOIN death AS d ON d.record_id = p.record
    WHERE d.death_date <= $last_day
    UNION ALL
    SELECT p.*, 'vehicles' AS kind
    FROM pairs AS p
    JOIN counted_vehicle AS v ON v.record_id = p.record
    UNION ALL
    SELECT p.*, 'non_residential' AS kind
    FROM pairs AS p
    JOIN property AS o ON o.record_id = p.record
    WHERE o.right_state = 'current' AND o."use" IN ('shop', 'office')
    UNION ALL
    SELECT p.*, 'dwellings' AS kind
    FROM pairs AS p
    JOIN property AS o ON o.record_id = p.record
    LEFT JOIN known AS k ON k.household_id = p.household_id
    WHERE o.right_state = 'current'
        AND o."use" = 'dwelling'
        AND coalesce(k.dwellings, 0) >= $dwelling_limit
        AND NOT EXISTS (
            SELECT 1 FROM held_property AS h
            WHERE h.household_id = p.household_id
                AND (
                    h.property_key = coalesce(o.unit_no, o.certificate_no)
                    OR h.record_id = o.record_id
                    OR (o.unit_no IS NULL AND h.location = o.location)
                )
        )
    UNION ALL
    SELECT p.*, 'pensions' AS kind
    FROM pairs AS p
    JOIN current_pension AS c ON c.record_id = p.record
    WHERE c.pension_kind = 'employee' OR c.amount > $disregard
)

SELECT
    household_id,
    member_id AS subject,
    count(DISTINCT record) AS value,
    NULL::BIGINT AS "limit",
    'to_confirm' AS finding,
    to_json({
        'deaths': count(DISTINCT record) FILTER (WHERE kind = 'deaths'),
        'dwellings': count(DISTINCT record) FILTER (WHERE kind = 'dwellings'),
        'non_residential': count(DISTINCT record) FILTER (WHERE kind = 'non_residential'),
        'pensions': count(DISTINCT record) FILTER (WHERE kind = 'pensions'),
        'reasons': list(DISTINCT reason ORDER BY reason),
        'sources': list(DISTINCT source ORDER BY source),
        'vehicles': count(DISTINCT record) FILTER (WHERE kind = 'vehicles')
    })::VARCHAR AS detail,
    list(DISTINCT review_id) AS evidence
FROM would_matter
GROUP BY household_id, member_id
