-- Every covered person on the lists of two months, once: who stayed, who joined, who left.
-- A household is the same when its number and programme are. Within a household that stayed a person is the same by
-- member id, else by name (a number damaged or corrected in between), else where one side has no valid number and
-- others are left on both sides: a damaged row is no new person.
-- Grain: one row per covered person of either month, one for both where they are the same.
-- Reads `opening_household`, `closing_household`, `opening_member`, `closing_member`.
WITH opened AS (
    SELECT m.record_id, m.household_id, m.name, m.id18, h.programme,
        c.record_id IS NOT NULL AS household_stays
    FROM opening_member AS m
    INNER JOIN opening_household AS h ON m.household_id = h.record_id
    LEFT JOIN closing_household AS c ON c.record_id = h.record_id AND c.programme = h.programme
    WHERE m.is_covered
),
closed AS (
    SELECT m.record_id, m.household_id, m.name, m.id18, h.programme,
        o.record_id IS NOT NULL AS household_stays
    FROM closing_member AS m
    INNER JOIN closing_household AS h ON m.household_id = h.record_id
    LEFT JOIN opening_household AS o ON o.record_id = h.record_id AND o.programme = h.programme
    WHERE m.is_covered
),
by_id AS (
    SELECT opened.household_id, opened.record_id AS opening_id, closed.record_id AS closing_id
    FROM opened
    INNER JOIN closed USING (household_id, programme, record_id)
),
opened_2 AS (
    SELECT *, row_number() OVER (PARTITION BY household_id, name ORDER BY record_id) AS place
    FROM opened
    WHERE household_stays AND record_id NOT IN (SELECT opening_id FROM by_id)
),
closed_2 AS (
    SELECT *, row_number() OVER (PARTITION BY household_id, name ORDER BY record_id) AS place
    FROM closed
    WHERE household_stays AND record_id NOT IN (SELECT closing_id FROM by_id)
),
by_name AS (
    SELECT opened_2.household_id, opened_2.record_id AS opening_id, closed_2.record_id AS closing_id
    FROM opened_2
    INNER JOIN closed_2 USING (household_id, name, place)
),
opened_3 AS (
    SELECT record_id, household_id, id18,
        row_number() OVER (PARTITION BY household_id ORDER BY id18 IS NOT NULL, record_id) AS place
    FROM opened_2
    WHERE record_id NOT IN (SELECT opening_id FROM by_name)
),
closed_3 AS (
    SELECT record_id, household_id, id18,
        row_number() OVER (PARTITION BY household_id ORDER BY id18 IS NULL, record_id) AS place
    FROM closed_2
    WHERE record_id NOT IN (SELECT closing_id FROM by_name)
),
by_rest AS (
    SELECT opened_3.household_id, opened_3.record_id AS opening_id, closed_3.record_id AS closing_id
    FROM opened_3
    INNER JOIN closed_3 USING (household_id, place)
    WHERE opened_3.id18 IS NULL OR closed_3.id18 IS NULL
),
same AS (
    SELECT * FROM by_id
    UNION ALL
    SELECT * FROM by_name
    UNION ALL
    SELECT * FROM by_rest
),
moved AS (
    SELECT record_id, household_id, id18, programme, household_stays, 'exit' AS movement
    FROM opened
    WHERE record_id NOT IN (SELECT opening_id FROM same)
    UNION ALL
    SELECT record_id, household_id, id18, programme, household_stays, 'join'
    FROM closed
    WHERE record_id NOT IN (SELECT closing_id FROM same)
    UNION ALL
    SELECT record_id, household_id, id18, programme, household_stays, 'stay'
    FROM closed
    WHERE record_id IN (SELECT closing_id FROM same)
)
SELECT
    record_id, household_id, programme, household_stays, movement,
    id18 IS NOT NULL AND bool_or(movement = 'exit') OVER person AND bool_or(movement = 'join') OVER person
        AS is_elsewhere
FROM moved
WINDOW person AS (PARTITION BY id18)
ORDER BY movement, record_id, household_id
