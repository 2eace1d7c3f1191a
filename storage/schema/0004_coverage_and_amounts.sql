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
