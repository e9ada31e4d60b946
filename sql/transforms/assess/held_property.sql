-- One row per match of a member who counts with a current right; key match_id.
-- `property_key` names the place itself, so that spouses' shares and both registers' entries of it are one:
-- its unit number, else the unit registered at the same location in the same household, else its certificate.
WITH rights AS (
    SELECT h.household_id, h.match_id, p.*
    FROM held AS h
    JOIN property AS p ON p.record_id = h.record
    WHERE h.table_name = 'property' AND p.right_state = 'current'
),

unit_at AS (
    SELECT household_id, "use", location, min(unit_no) AS unit_no
    FROM rights
    WHERE unit_no IS NOT NULL AND location IS NOT NULL
    GROUP BY household_id, "use", location
)

SELECT
    r.household_id,
    r.match_id,
    r.record_id,
    r."use",
    r.location,
    coalesce(r.unit_no, u.unit_no, r.certificate_no) AS property_key,
    r.source,
    r.area,
    r.registered_date,
    r.sharing
FROM rights AS r
LEFT JOIN unit_at AS u
    ON u.household_id = r.household_id AND u."use" = r."use" AND u.location = r.location
ORDER BY r.match_id
