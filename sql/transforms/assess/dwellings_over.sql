-- One row per household: distinct current dwellings of its members who count. Area in 0.01 m².
-- A place may allow more where together they have little area for each member; an area nobody states leaves it open.
WITH owned AS (
    SELECT
        household_id,
        property_key,
        min({
            'area': area,
            'registered': registered_date::VARCHAR,
            'sharing': sharing,
            'source': source
        }) AS shown,
        count(DISTINCT record_id) AS records,
        list_concat(list(record_id), list(match_id)) AS evidence
    FROM held_property
    WHERE "use" = 'dwelling'
    GROUP BY household_id, property_key
),

summed AS (
    SELECT
        household_id,
        count(*) AS dwellings,
        count(shown.area) AS measured,
        sum(shown.area)::BIGINT AS area,
        sum(records)::BIGINT AS records,
        list(shown ORDER BY property_key) AS shown,
        flatten(list(evidence)) AS evidence
    FROM owned
    GROUP BY household_id
)

SELECT
    f.household_id,
    '' AS subject,
    coalesce(s.dwellings, 0) AS value,
    $limit::BIGINT AS "limit",
    CASE
        WHEN coalesce(s.dwellings, 0) <= $limit THEN 'within'
        WHEN s.dwellings > t.assets_dwellings_limit_by_area OR t.assets_dwellings_limit_by_area IS NULL THEN 'exceeded'
        WHEN s.area > t.assets_dwellings_area_per_head * f.counting THEN 'exceeded'
        WHEN s.measured < s.dwellings THEN 'cannot_verify'
        ELSE 'within'
    END AS finding,
    to_json({
        'area': coalesce(s.area, 0),
        'area_allowed': coalesce(t.assets_dwellings_area_per_head * f.counting, 0),
        'dwellings': coalesce(s.shown, []),
        'records': coalesce(s.records, 0)
    })::VARCHAR AS detail,
    coalesce(s.evidence, []) AS evidence
FROM household_fact AS f
CROSS JOIN term AS t
LEFT JOIN summed AS s ON s.household_id = f.household_id
