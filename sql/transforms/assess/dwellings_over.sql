-- One row per household: distinct current dwellings of its living members. Area in 0.01 m².
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
    CASE WHEN coalesce(s.dwellings, 0) > $limit THEN 'exceeded' ELSE 'within' END AS finding,
    to_json({'dwellings': coalesce(s.shown, []), 'records': coalesce(s.records, 0)})::VARCHAR AS detail,
    coalesce(s.evidence, []) AS evidence
FROM household_fact AS f
LEFT JOIN summed AS s ON s.household_id = f.household_id
