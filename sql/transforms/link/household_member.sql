-- One row per household and person named on the lists (all their list rows together).
-- person: record_id, member_id · household_key: household_no, household_id.
-- Values come from the person's first row that has them; place and programme, which the lists of
-- non-covered members do not carry, from the household's. person_amount goes into the household only.
WITH listed AS (
    SELECT person.member_id, household_key.household_id, recipient.*
    FROM recipient
    INNER JOIN person USING (record_id)
    INNER JOIN household_key USING (household_no)
),
placed AS (
    SELECT
        household_id,
        first(programme ORDER BY record_id) AS programme,
        coalesce(first(town ORDER BY is_head DESC, record_id) FILTER (WHERE town IS NOT NULL), '') AS town,
        coalesce(first(village ORDER BY is_head DESC, record_id) FILTER (WHERE village IS NOT NULL), '') AS village,
        first(address ORDER BY is_head DESC, record_id) FILTER (WHERE address IS NOT NULL) AS address,
        first(person_amount ORDER BY record_id) FILTER (WHERE person_amount IS NOT NULL) AS person_amount,
        first(member_id ORDER BY is_head DESC, record_id) AS head_id
    FROM listed
    GROUP BY household_id
),
told AS (
    SELECT
        member_id,
        household_id,
        -- the row with a valid number speaks for the person's number, dates and sex
        first(name ORDER BY id18 IS NULL, record_id) AS name,
        first(name_raw ORDER BY id18 IS NULL, record_id) AS name_raw,
        first(id_no ORDER BY id18 IS NULL, id_state = 'missing', record_id) AS id_no,
        first(id_raw ORDER BY id18 IS NULL, id_state = 'missing', record_id) AS id_raw,
        first(id_state ORDER BY id18 IS NULL, id_state = 'missing', record_id) AS id_state,
        first(id18 ORDER BY id18 IS NULL, record_id) AS id18,
        first(birth_date ORDER BY id18 IS NULL, record_id) FILTER (WHERE birth_date IS NOT NULL) AS birth_date,
        first(sex ORDER BY id18 IS NULL, record_id) FILTER (WHERE sex IS NOT NULL) AS sex,
        first(address ORDER BY record_id) FILTER (WHERE address IS NOT NULL) AS address,
        bool_or(is_covered) AS is_covered,
        first(relation ORDER BY record_id) FILTER (WHERE relation IS NOT NULL) AS relation,
        first(person_amount ORDER BY record_id) FILTER (WHERE person_amount IS NOT NULL) AS person_amount,
        list(record_id ORDER BY record_id) AS derived_from
    FROM listed
    GROUP BY member_id, household_id
)
SELECT
    told.member_id AS record_id,
    told.household_id,
    told.name,
    told.name_raw,
    told.id_no,
    told.id_raw,
    told.id_state,
    told.id18,
    told.birth_date,
    told.sex,
    placed.programme,
    placed.town,
    placed.village,
    coalesce(told.address, placed.address) AS address,
    told.member_id = placed.head_id AS is_head,
    told.is_covered,
    told.relation,
    coalesce(told.person_amount, placed.person_amount) AS person_amount,
    told.derived_from
FROM told
INNER JOIN placed USING (household_id)
ORDER BY record_id
