-- One row per scored pair that is kept: a match, or a review with its reason.
-- pair: at (its place), record, member, person, odds, may_match, is_name_only (never both), names the only evidence.
-- A record goes to one person; two persons within $tie_margin are a tie; a record that could be more than
-- $most_per_record persons, or a member with more than $most_per_member name-only records, gives nothing.
WITH strong AS (
    SELECT * FROM pair WHERE may_match AND odds >= $match_odds
),
strong_person AS (
    SELECT record, person, max(odds) AS odds FROM strong GROUP BY record, person
),
strong_record AS (
    SELECT record, max(odds) AS top FROM strong_person GROUP BY record
),
leader AS (
    SELECT strong_person.record, strong_person.person
    FROM strong_person
    INNER JOIN strong_record USING (record)
    WHERE strong_person.odds > strong_record.top - $tie_margin OR strong_person.odds = strong_record.top
),
leaders AS (
    SELECT record, count(*) AS persons FROM leader GROUP BY record
),
decided AS (
    SELECT strong.at, strong.record, strong.member, strong.person,
        CASE WHEN leaders.persons = 1 THEN 'match' ELSE 'tie' END AS outcome
    FROM strong
    INNER JOIN leader USING (record, person)
    INNER JOIN leaders USING (record)
),
weak AS (
    SELECT pair.* FROM pair
    ANTI JOIN strong_record USING (record)
    WHERE NOT pair.is_name_only AND pair.odds >= $review_odds
),
weak_top AS (
    SELECT record, max(odds) AS top FROM weak GROUP BY record
),
doubtful AS (
    SELECT weak.at, weak.record, weak.member, weak.person, 'below_match_threshold' AS outcome
    FROM weak
    INNER JOIN weak_top USING (record)
    WHERE weak.odds > weak_top.top - $tie_margin OR weak.odds = weak_top.top
),
bare AS (
    SELECT pair.at, pair.record, pair.member, pair.person, 'name_only' AS outcome
    FROM pair
    ANTI JOIN strong_record USING (record)
    ANTI JOIN weak_top USING (record)
    WHERE pair.is_name_only
    QUALIFY count(*) OVER (PARTITION BY pair.member) <= $most_per_member
),
kept AS (
    SELECT * FROM decided
    UNION ALL
    SELECT * FROM doubtful
    UNION ALL
    SELECT * FROM bare
),
persons AS (
    SELECT record, count(DISTINCT person) AS persons FROM kept GROUP BY record
)
SELECT kept.at, kept.outcome
FROM kept
INNER JOIN persons USING (record)
WHERE persons.persons <= $most_per_record
ORDER BY kept.at
