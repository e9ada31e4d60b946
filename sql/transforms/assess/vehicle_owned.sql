-- One row per household: counted vehicles of its members who count. One vehicle counts once, by vehicle_no.
WITH owned AS (
    SELECT
        h.household_id,
        v.vehicle_no,
        min({
            'first_registered': v.first_registered_date::VARCHAR,
            'plate_type': v.plate_type,
            'vehicle_type': v.vehicle_type
        }) AS shown,
        list_concat(list(h.record), list(h.match_id)) AS evidence
    FROM held AS h
    JOIN counted_vehicle AS v ON v.record_id = h.record
    WHERE h.table_name = 'vehicle'
    GROUP BY h.household_id, v.vehicle_no
),

summed AS (
    SELECT
        household_id,
        count(*) AS vehicles,
        list(shown ORDER BY vehicle_no) AS shown,
        flatten(list(evidence)) AS evidence
    FROM owned
    GROUP BY household_id
)

SELECT
    f.household_id,
    '' AS subject,
    coalesce(s.vehicles, 0) AS value,
    $limit::BIGINT AS "limit",
    CASE WHEN coalesce(s.vehicles, 0) > $limit THEN 'exceeded' ELSE 'within' END AS finding,
    to_json({'vehicles': coalesce(s.shown, [])})::VARCHAR AS detail,
    coalesce(s.evidence, []) AS evidence
FROM household_fact AS f
LEFT JOIN summed AS s ON s.household_id = f.household_id
