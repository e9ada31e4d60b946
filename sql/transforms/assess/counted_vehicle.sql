-- One row per vehicle record that counts; key record_id.
-- Not counted: exempt by type or plate type, or gone: any one letter of the status is enough.
SELECT
    v.record_id,
    v.vehicle_no,
    v.plate_type,
    v.vehicle_type,
    v.first_registered_date
FROM vehicle AS v
WHERE NOT list_contains($exempt_plate_types::VARCHAR[], v.plate_type)
    AND len(list_filter($exempt_types::VARCHAR[], lambda letters: starts_with(v.vehicle_type, letters))) = 0
    AND len(list_filter($gone_status::VARCHAR[], lambda letter: contains(v.status, letter))) = 0
ORDER BY v.record_id
