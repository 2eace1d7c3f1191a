-- Verdicts that tell refusal, failure and emptiness apart by the runs, too.

DROP VIEW coverage;

CREATE VIEW coverage ( -- Per source and day: what came, and where nothing came, why
    source, -- Source
    day, -- Day, UTC; a day without a row is one on which the source was not looked at
    verdict, -- news; blocked (the site refused its pages, or its feeds, sitemaps and lists); failed (they could not be read, in part or as a whole); empty (they were read, and none has ever listed an address); nothing_new, which alone means that there was nothing
    runs, -- Runs that ended on that day
    failed_runs, -- Runs among them that failed as a whole
    discovered, -- Addresses seen for the first time
    new, -- New articles
    updated, -- Articles found changed
    duplicate, -- Further addresses of articles already stored
    unchanged, -- Articles looked at again and found the same
    rejected, -- Pages that are no article to keep
    blocked, -- Addresses that the site refused
    failed, -- Addresses that could not be read, the blocked ones included
    pending -- Addresses left for a later run
) AS
SELECT d.source, d.day,
       CASE WHEN d.new > 0 THEN 'news'
            WHEN d.blocked > 0 THEN 'blocked'
            -- The detail of a run names each index that gave trouble after its outcome. Left out here:
            -- what a budget left over, which the next run reads.
            WHEN EXISTS (
                SELECT 1 FROM runs AS r JOIN outcomes AS o
                ON o.refused AND instr('; ' || r.detail, '; ' || o.outcome || ': ')
                WHERE r.source = d.source AND r.started >= date(d.day, '-2 days')
                  AND r.started < date(d.day, '+1 day') AND substr(r.ended, 1, 10) = d.day
            ) THEN 'blocked'
            WHEN d.failed > 0 OR d.failed_runs > 0 OR EXISTS (
                SELECT 1 FROM runs AS r JOIN outcomes AS o
                ON o.state = 'failed' AND o.outcome <> 'budget_stop'
                   AND instr('; ' || r.detail, '; ' || o.outcome || ': ')
                WHERE r.source = d.source AND r.started >= date(d.day, '-2 days')
                  AND r.started < date(d.day, '+1 day') AND substr(r.ended, 1, 10) = d.day
            ) THEN 'failed'
            WHEN NOT EXISTS (
                SELECT 1 FROM days AS e WHERE e.source = d.source AND e.day <= d.day AND e.discovered > 0
            ) THEN 'empty'
            ELSE 'nothing_new' END,
       d.runs, d.failed_runs, d.discovered, d.new, d.updated, d.duplicate, d.unchanged, d.rejected,
       d.blocked, d.failed, d.pending
FROM days AS d;

-- An outlet and those who credit it are one origin: its name counts, not the id of its source file.

UPDATE stories SET origins = (
    SELECT count(DISTINCT lower(replace(replace(iif(a.origin = '', s.name, a.origin), ' ', ''), char(12288), '')))
    FROM articles AS a JOIN sources AS s ON s.id = a.source WHERE a.story = stories.id
);

-- Amounts as numbers, to compare and to sort by: the exact decimals are text, where '9' > '10'.

ALTER TABLE facts ADD COLUMN
    amount REAL GENERATED ALWAYS AS ( -- Value as a number, for comparing and sorting; NULL where there is none
        CAST(nullif(value, '') AS REAL)) VIRTUAL;
ALTER TABLE facts ADD COLUMN
    amount_max REAL GENERATED ALWAYS AS ( -- Upper end of a range as a number; NULL where there is none
        CAST(nullif(value_max, '') AS REAL)) VIRTUAL;

-- What else a story says of the same sum is looked up for each one.
CREATE INDEX facts_money ON facts (article, value) WHERE kind = 'money';

DROP VIEW amounts_by_story;

CREATE VIEW amounts_by_story ( -- Amounts of money per story, each counted once however many outlets repeat it; equal sums that two donors gave, or two recipients got, are two
    story, -- Number of the story
    title, -- Title of its earliest article
    first_published_utc, -- When that one was published, UTC
    role, -- What the money is for: aid, investment, output, sales, income or unknown
    value, -- Amount as an exact decimal, which is text: compare and sort by the column amount
    value_max, -- Upper end of a range, as text: compare and sort by the column amount_max
    currency, -- Currency, as ISO 4217
    qualifier, -- exact, about, lower_bound, upper_bound or range
    donor, -- Giving side, where the text names it
    recipient, -- Receiving side, where the text names it
    evidence, -- The words, from one of the articles
    article, -- That article
    articles, -- Number of articles of the story that state the amount
    cue, -- The words that its role was read from
    rule_version, -- Version of the rules that found it; ends in "by wording" where the words around it tell the role, has "by subject" where the recipient is only the country that its sentence or the article is about
    amount, -- Amount as a number
    amount_max -- Upper end of a range as a number; NULL where it is none
) AS
WITH gifts AS (
    -- Whose sum it is: the shortest name that the story gives for it and that is part of the one here
    -- (新疆 of 新疆维吾尔自治区); where none is given here, that of a row which says the rest alike.
    -- Every name has the empty one as a part. CROSS JOIN keeps SQLite on the story's rows.
    -- With min() alone in HAVING, it takes the other columns from the row of the minimum.
    SELECT s.*, a.story,
           (SELECT g.donor FROM articles AS o CROSS JOIN facts AS g ON g.article = o.id
            WHERE o.story = a.story AND g.kind = 'money' AND g.donor <> ''
              AND g.value = s.value AND g.value_max = s.value_max AND g.currency = s.currency
              AND (instr(s.donor, g.donor)
                   OR s.donor = '' AND (instr(s.recipient, g.recipient) OR instr(g.recipient, s.recipient)))
            GROUP BY o.story
            HAVING min(iif(s.donor = '', (g.recipient = '') <> (s.recipient = ''), length(g.donor))
                       * 1125899906842624 + g.id)) AS giver,
           (SELECT g.recipient FROM articles AS o CROSS JOIN facts AS g ON g.article = o.id
            WHERE o.story = a.story AND g.kind = 'money' AND g.recipient <> ''
              AND g.value = s.value AND g.value_max = s.value_max AND g.currency = s.currency
              AND (instr(s.recipient, g.recipient)
                   OR s.recipient = '' AND (instr(s.donor, g.donor) OR instr(g.donor, s.donor)))
            GROUP BY o.story
            HAVING min(iif(s.recipient = '', (g.donor = '') <> (s.donor = ''), length(g.recipient))
                       * 1125899906842624 + g.id)) AS getter
    FROM facts AS s JOIN articles AS a ON a.id = s.article
    WHERE s.kind = 'money'
)
SELECT f.story, t.title, st.first_published_utc, f.role, f.value, f.value_max, f.currency, f.qualifier,
       f.donor, f.recipient, f.text, f.article, count(DISTINCT f.article), f.cue, f.rule_version,
       f.amount, f.amount_max
FROM gifts AS f JOIN stories AS st ON st.id = f.story JOIN articles AS t ON t.id = st.first_article
GROUP BY f.story, f.value, f.value_max, f.currency, f.giver, f.getter
-- Of the copies that state the amount, the first whose wording tells its role, donor and recipient.
HAVING min(iif(f.role IN ('', 'unknown'), 1, 0) * 4611686018427387904
           + iif(f.donor = '', 1, 0) * 2305843009213693952
           + iif(f.recipient = '', 1, 0) * 1152921504606846976 + f.id);
