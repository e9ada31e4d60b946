-- One row per household: distinct current shops and offices of its members who count. Area in 0.01 m².
-- A parking space is neither.
WITH owned AS (
    SELECT
        household_id,
        property_key,
        min({
            'area': area,
            'registered': registered_date::VARCHAR,
            'sharing': sharing,
            'source': source,
            'use': "use"
        }) AS shown,
        list_concat(list(record_id), list(match_id)) AS evidence
    FROM held_property
    WHERE "use" IN ('shop', 'office')
    GROUP BY household_id, property_key
),

summed AS (
    SELECT
        household_id,
        count(*) AS properties,
        list(shown ORDER BY property_key) AS shown,
        flatten(list(evidence)) AS evidence
    FROM owned
    GROUP BY household_id
)

SELECT
    f.household_id,
    '' AS subject,
    coalesce(s.properties, 0) AS value,
    $limit::BIGINT AS "limit",
    CASE WHEN coalesce(s.properties, 0) > $limit THEN 'exceeded' ELSE 'within' END AS finding,
    to_json({'properties': coalesce(s.shown, [])})::VARCHAR AS detail,
    coalesce(s.evidence, []) AS evidence
FROM household_fact AS f
LEFT JOIN summed AS s ON s.household_id = f.household_id
