-- Joins and exits between two months by programme and cause, in households and in covered persons.
-- Grain: programme, movement, cause. Reads `moved` (flow_member), `opening_household`, `closing_household`,
-- `opening_assessed` (household_id, outcome), `opening_death` (household_id, subject) and $last_opening, the last day
-- of the opening month. What only a file in the office knows is `not_known`.
WITH left_households AS (
    SELECT o.record_id AS household_id, o.programme
    FROM opening_household AS o
    ANTI JOIN closing_household AS c ON c.record_id = o.record_id AND c.programme = o.programme
),
new_households AS (
    SELECT c.record_id AS household_id, c.programme, c.start_date
    FROM closing_household AS c
    ANTI JOIN opening_household AS o ON o.record_id = c.record_id AND o.programme = c.programme
),
elsewhere AS (
    SELECT household_id, movement, bool_or(is_elsewhere) AS is_elsewhere
    FROM moved
    WHERE NOT household_stays
    GROUP BY household_id, movement
),
household_cause AS (
    SELECT household_id, programme, 'exit' AS movement,
        CASE
            WHEN elsewhere.is_elsewhere THEN 'moved'
            WHEN household_id IN (SELECT household_id FROM opening_death) THEN 'death_flagged'
            WHEN assessed.outcome = 'exit_suggested' THEN 'exit_suggested'
            ELSE 'not_known'
        END AS cause
    FROM left_households
    LEFT JOIN (SELECT household_id, is_elsewhere FROM elsewhere WHERE movement = 'exit') AS elsewhere
        USING (household_id)
    LEFT JOIN opening_assessed AS assessed USING (household_id)
    UNION ALL
    SELECT household_id, programme, 'join',
        CASE
            WHEN elsewhere.is_elsewhere THEN 'moved'
            WHEN start_date > $last_opening THEN 'newly_granted'
            WHEN start_date IS NOT NULL THEN 'granted_before'
            ELSE 'not_known'
        END
    FROM new_households
    LEFT JOIN (SELECT household_id, is_elsewhere FROM elsewhere WHERE movement = 'join') AS elsewhere
        USING (household_id)
),
person_cause AS (
    SELECT moved.programme, moved.movement, 0 AS household,
        CASE
            WHEN NOT moved.household_stays THEN household_cause.cause
            WHEN moved.is_elsewhere THEN 'moved'
            WHEN moved.movement = 'join' THEN 'member_added'
            WHEN moved.record_id IN (SELECT subject FROM opening_death) THEN 'death_flagged'
            ELSE 'member_removed'
        END AS cause
    FROM moved
    LEFT JOIN household_cause
        ON household_cause.household_id = moved.household_id
        AND household_cause.programme = moved.programme
        AND household_cause.movement = moved.movement
    WHERE moved.movement <> 'stay'
)
SELECT programme, movement, cause,
    sum(household)::BIGINT AS households,
    (count(*) - sum(household))::BIGINT AS persons
FROM (
    SELECT programme, movement, household, cause FROM person_cause
    UNION ALL
    SELECT programme, movement, 1 AS household, cause FROM household_cause
)
GROUP BY programme, movement, cause
ORDER BY programme, movement, cause
