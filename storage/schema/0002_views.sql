-- Views for the common questions. The comment after each column is its entry in the data dictionary.

CREATE VIEW latest ( -- Articles, the newest first: SELECT * FROM latest WHERE source = '…' LIMIT 20
    id, -- Number of the article
    source, -- Source
    outlet, -- Name of the source
    published_at, -- Publication as the page states it
    title, -- Title
    url, -- Address
    language, -- Language
    origin, -- Outlet that the page credits
    relevance, -- Score for aid news
    verdict, -- aid or maybe
    story, -- Story it belongs to
    copies, -- Number of articles that carry that story
    published_utc -- Publication in UTC, by which the view is sorted
) AS
SELECT a.id, a.source, s.name, a.published_at, a.title, a.url, a.language, a.origin, a.relevance,
       a.verdict, a.story, st.copies, a.published_utc
FROM articles AS a JOIN sources AS s ON s.id = a.source JOIN stories AS st ON st.id = a.story
WHERE a.verdict <> 'off_topic'
ORDER BY a.published_utc DESC;

CREATE VIEW stories_by_copies ( -- Stories carried more than once, the most reposted first
    story, -- Number of the story
    copies, -- Number of its articles
    outlets, -- Number of sources that carry it
    origins, -- Number of independent origins
    first_published_utc, -- When its earliest article was published, UTC
    first_source, -- Source of that article
    first_origin, -- Outlet that it credits
    title, -- Its title
    url -- Its address
) AS
SELECT st.id, st.copies, st.outlets, st.origins, st.first_published_utc, a.source, a.origin, a.title, a.url
FROM stories AS st JOIN articles AS a ON a.id = st.first_article
WHERE st.copies > 1
ORDER BY st.copies DESC, st.outlets DESC;

CREATE VIEW coverage ( -- Per source and day: what came, and where nothing came, why
    source, -- Source
    day, -- Day, UTC; a day without a row is one on which the source was not looked at
    verdict, -- news, blocked (the site refused), failed (it could not be read) or nothing_new
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
SELECT source, day,
       CASE WHEN new > 0 THEN 'news'
            WHEN blocked > 0 THEN 'blocked'
            WHEN failed > 0 OR failed_runs > 0 THEN 'failed'
            ELSE 'nothing_new' END,
       runs, failed_runs, discovered, new, updated, duplicate, unchanged, rejected, blocked, failed, pending
FROM days;

CREATE VIEW source_states ( -- Per source: discovered = loaded + rejected + pending + failed
    source, -- Source
    discovered, -- Known addresses
    loaded, -- Those that are articles or repeat one
    rejected, -- Those that are no article to keep
    pending, -- Those still to be fetched
    failed, -- Those that could not be read
    refused -- Those among the failed where the site refused
) AS
SELECT s.id, coalesce(sum(p.addresses), 0),
       coalesce(sum(p.addresses) FILTER (WHERE o.state = 'loaded'), 0),
       coalesce(sum(p.addresses) FILTER (WHERE o.state = 'rejected'), 0),
       coalesce(sum(p.addresses) FILTER (WHERE p.outcome IS NULL), 0),
       coalesce(sum(p.addresses) FILTER (WHERE o.state = 'failed'), 0),
       coalesce(sum(p.addresses) FILTER (WHERE o.state = 'failed' AND o.refused), 0)
FROM sources AS s
LEFT JOIN (SELECT source, outcome, count(*) AS addresses FROM pages GROUP BY source, outcome) AS p
       ON p.source = s.id
LEFT JOIN outcomes AS o ON o.outcome = p.outcome
GROUP BY s.id;

CREATE VIEW changes ( -- What changed after publication, the latest first
    article, -- Number of the article
    source, -- Source
    url, -- Address
    version, -- Number of the version that was replaced
    replaced, -- When the change was found, UTC
    cause, -- page: the page changed; extraction: the same stored page was extracted anew
    old_title, -- Title before
    title, -- Title now
    difference -- What changed, as a unified diff of title and paragraphs
) AS
SELECT v.article, a.source, a.url, v.version, v.replaced, v.cause, v.title, a.title, v.difference
FROM article_versions AS v JOIN articles AS a ON a.id = v.article
ORDER BY v.replaced DESC;

CREATE VIEW provenance ( -- Where an article comes from: SELECT * FROM provenance WHERE article = 1
    article, -- Number of the article
    title, -- Title
    url, -- Address it was read from
    canonical, -- Address that the page states as its own
    publisher, -- Name of the source
    origin, -- Outlet that the page credits
    upstream, -- Outlet that the origin credits in turn
    byline, -- Author as named
    editor, -- Editor as named
    published_at, -- Publication as the page states it
    published_from, -- Where that time was found
    rights, -- Rights statement of the page
    licence, -- Licence
    method, -- How the text was extracted
    removed, -- Number of lines taken out of the text
    versions, -- Number of versions, the present one included
    addresses, -- Number of known addresses of it
    first_seen, -- When it was first stored, UTC
    last_seen, -- When it was last found in place, UTC
    page_outcome, -- How the last visit to its address ended
    run, -- Run that gave the present version
    code_version, -- Version of aidwire in that run
    extractor_version -- Version of the extraction in that run
) AS
SELECT a.id, a.title, a.url, a.canonical, s.name, a.origin, a.upstream, a.byline, a.editor, a.published_at,
       a.published_from, a.rights, a.licence, a.method,
       (SELECT count(*) FROM removed_lines AS l WHERE l.article = a.id), a.version,
       (SELECT count(*) FROM pages AS o WHERE o.article = a.id), a.first_seen, a.last_seen, p.outcome,
       a.run, r.code_version, r.extractor_version
FROM articles AS a JOIN sources AS s ON s.id = a.source JOIN pages AS p ON p.id = a.page
JOIN runs AS r ON r.id = a.run;

CREATE VIEW amounts_by_story ( -- Amounts of money per story, each counted once however many outlets repeat it
    story, -- Number of the story
    title, -- Title of its earliest article
    first_published_utc, -- When that one was published, UTC
    role, -- What the money is for: aid, investment, output, sales, income or unknown
    value, -- Amount as an exact decimal
    value_max, -- Upper end of a range
    currency, -- Currency, as ISO 4217
    qualifier, -- exact, about, lower_bound, upper_bound or range
    donor, -- Giving side, where the text names it
    recipient, -- Receiving side, where the text names it
    evidence, -- The words, from one of the articles
    article, -- That article
    articles -- Number of articles of the story that state the amount
) AS
SELECT a.story, t.title, st.first_published_utc, f.role, f.value, f.value_max, f.currency, f.qualifier,
       f.donor, f.recipient, f.text, f.article, count(DISTINCT f.article)
FROM facts AS f JOIN articles AS a ON a.id = f.article JOIN stories AS st ON st.id = a.story
JOIN articles AS t ON t.id = st.first_article
WHERE f.kind = 'money'
GROUP BY a.story, f.value, f.value_max, f.currency
-- With min() alone in HAVING, SQLite takes the other columns from the row of the minimum: of the
-- copies that state the amount, the first whose wording tells its role.
HAVING min(iif(f.role IN ('', 'unknown'), 1, 0) * 4611686018427387904 + f.id);

CREATE VIEW pairs_by_month ( -- Articles per giving and receiving side and month
    donor, -- Giving side
    recipient, -- Receiving side
    month, -- Month of publication, YYYY-MM
    articles, -- Number of articles
    stories -- Number of stories: copies counted once
) AS
SELECT f.donor, f.recipient, a.published_month, count(DISTINCT a.id), count(DISTINCT a.story)
FROM facts AS f JOIN articles AS a ON a.id = f.article
WHERE f.kind = 'pair'
GROUP BY f.donor, f.recipient, a.published_month;

CREATE VIEW similar ( -- Pairs of articles that share wording, with their titles
    relation, -- copy: one story, score from 0.6; series: the same, but fewer than 0.65 of the numbers; related: score from 0.4
    score, -- Share of the shorter one's fingerprints that the other has too
    numbers, -- Share of the numbers in the one with fewer that the other has too
    article, -- The later article
    title, -- Its title
    source, -- Its source
    other, -- The earlier article
    other_title, -- Its title
    other_source -- Its source
) AS
SELECT CASE WHEN n.score < 0.6 THEN 'related' WHEN n.numbers < 0.65 THEN 'series' ELSE 'copy' END, n.score, n.numbers, a.id, a.title, a.source, o.id, o.title, o.source
FROM near_duplicates AS n JOIN articles AS a ON a.id = n.article JOIN articles AS o ON o.id = n.other;
