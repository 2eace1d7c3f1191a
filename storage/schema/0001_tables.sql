-- The tables of aid.db. The comment after each column is its entry in the data dictionary.

PRAGMA application_id = 1634296951; -- "aidw"

CREATE TABLE sources ( -- One row per source of news, as its source file described it at the last load
    id TEXT PRIMARY KEY, -- Name of the source file without .toml
    name TEXT NOT NULL, -- Name of the outlet or section
    homepage TEXT NOT NULL, -- Address of its home page
    language TEXT NOT NULL, -- Main language, as ISO 639-1
    country TEXT NOT NULL, -- Country, as ISO 3166-1 alpha-2
    timezone TEXT NOT NULL, -- IANA time zone in which its pages without an offset are read
    licence TEXT NOT NULL, -- Licence of its texts where one is known, for example OGL-3.0
    store_full_text INTEGER NOT NULL CHECK (store_full_text IN (0, 1)), -- 1: full texts are stored; 0: title, description and facts only
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)), -- 1: collected on its schedule
    newest_within TEXT NOT NULL -- Alarm when its newest article is older than this ISO 8601 duration
) STRICT;

CREATE TABLE outcomes ( -- Every way in which an address can end
    outcome TEXT PRIMARY KEY, -- Name of the outcome
    state TEXT NOT NULL CHECK (state IN ('loaded', 'rejected', 'failed')), -- What it counts as; an address without outcome is pending
    refused INTEGER NOT NULL CHECK (refused IN (0, 1)), -- 1: the site did not want to be read, which never means that there was no news
    meaning TEXT NOT NULL -- What it means, in one line
) STRICT;

CREATE TABLE runs ( -- One row per collect of one source
    id TEXT PRIMARY KEY, -- Number of the run
    source TEXT NOT NULL REFERENCES sources (id), -- Source that was collected
    started TEXT NOT NULL, -- Start, UTC
    ended TEXT NOT NULL, -- End, UTC
    state TEXT NOT NULL CHECK (state IN ('completed', 'stopped', 'failed')), -- How it ended
    detail TEXT NOT NULL, -- Why, where it did not complete
    discovered INTEGER NOT NULL, -- Addresses seen for the first time
    fetched INTEGER NOT NULL, -- Pages fetched
    new INTEGER NOT NULL DEFAULT 0, -- New articles
    updated INTEGER NOT NULL DEFAULT 0, -- Articles whose content had changed
    duplicate INTEGER NOT NULL DEFAULT 0, -- Further addresses of articles already stored
    unchanged INTEGER NOT NULL DEFAULT 0, -- Articles looked at again and found the same
    rejected INTEGER NOT NULL DEFAULT 0, -- Pages that are no article to keep, see rejects
    failed INTEGER NOT NULL DEFAULT 0, -- Addresses that could not be read
    pending INTEGER NOT NULL DEFAULT 0, -- Addresses left for a later run
    code_version TEXT NOT NULL, -- Version of aidwire
    extractor_version TEXT NOT NULL -- Version of the extraction
) STRICT;
CREATE INDEX runs_source ON runs (source, started);

CREATE TABLE batches ( -- The ledger of loads: which files of the outbox have been loaded, and how far
    name TEXT PRIMARY KEY, -- Name of the file
    run TEXT NOT NULL REFERENCES runs (id), -- Run that made it
    records INTEGER NOT NULL, -- Records in it
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND records), -- Records loaded so far
    new INTEGER NOT NULL DEFAULT 0, -- New articles
    updated INTEGER NOT NULL DEFAULT 0, -- Articles whose content had changed
    duplicate INTEGER NOT NULL DEFAULT 0, -- Further addresses of articles already stored
    unchanged INTEGER NOT NULL DEFAULT 0, -- Articles looked at again and found the same
    rejected INTEGER NOT NULL DEFAULT 0, -- Pages that are no article to keep
    failed INTEGER NOT NULL DEFAULT 0, -- Addresses that could not be read
    pending INTEGER NOT NULL DEFAULT 0, -- Addresses left for a later run
    reasons TEXT NOT NULL DEFAULT '{}' -- JSON object: number of records by reject or failure
) STRICT;
CREATE INDEX batches_run ON batches (run);

CREATE TABLE stories ( -- Articles that carry the same story, word for word or nearly so
    id INTEGER PRIMARY KEY, -- Number of the story: the number of the article that founded it
    first_article INTEGER NOT NULL REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED, -- Its earliest article by publication, else by first sight
    first_published_utc TEXT, -- When that one was published, UTC
    copies INTEGER NOT NULL, -- Number of its articles, the first included
    outlets INTEGER NOT NULL, -- Number of sources that carry it
    origins INTEGER NOT NULL -- Number of independent origins: outlets credited by the pages, else the sources themselves
) STRICT;
CREATE INDEX stories_copies ON stories (copies, outlets);
CREATE INDEX stories_first_article ON stories (first_article);

-- The long columns come last: SQLite reads through them to whatever follows.
CREATE TABLE articles ( -- One row per article, in its present version
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Number of the article, never used again
    source TEXT NOT NULL REFERENCES sources (id), -- Source it was read from
    url TEXT NOT NULL, -- Address it was read from, as found
    url_key TEXT NOT NULL UNIQUE, -- Normal form of its canonical address, else of its address: its identity, for look-up only
    canonical TEXT NOT NULL, -- Address that the page states as its own, on the same site
    title TEXT NOT NULL, -- Title without the site's name
    text_withheld INTEGER NOT NULL CHECK (text_withheld IN (0, 1)), -- 1: the text is left out because the source's rights do not allow storing it
    language TEXT NOT NULL, -- Language of the text, as ISO 639-1
    published_at TEXT NOT NULL, -- Publication as the page states it, ISO 8601 with offset; empty where unknown
    published_utc TEXT, -- The same in UTC, for sorting; NULL where unknown
    published_month TEXT GENERATED ALWAYS AS (nullif(substr(published_at, 1, 7), '')) STORED, -- Month of publication as the page states it, YYYY-MM
    published_precision TEXT NOT NULL CHECK (published_precision IN ('', 'day', 'minute', 'second')), -- How exact the page is: day, minute or second
    published_from TEXT NOT NULL, -- Where the time was found: site_rule, hidden_input, json_ld, meta, microdata, time_element, visible_line, feed, sitemap, list or json
    offset_inferred INTEGER NOT NULL CHECK (offset_inferred IN (0, 1)), -- 1: the offset is the source's time zone, not the page's word
    modified_at TEXT NOT NULL, -- Last change as the page states it, ISO 8601 with offset
    byline TEXT NOT NULL, -- Author as named
    origin TEXT NOT NULL, -- Outlet that the page credits (来源)
    upstream TEXT NOT NULL, -- Outlet that the origin credits in turn
    editor TEXT NOT NULL, -- Editor as named (责任编辑)
    section TEXT NOT NULL, -- Section of the site
    keywords TEXT NOT NULL CHECK (json_valid(keywords)), -- JSON list: keywords that the page gives
    image TEXT NOT NULL, -- Address of the lead image
    rights TEXT NOT NULL, -- Rights statement of the page
    licence TEXT NOT NULL, -- Licence of the page, else of its source
    shareable INTEGER GENERATED ALWAYS AS (licence <> '') VIRTUAL, -- 1: a licence is stated, so exports hold the text; 0: they leave it out unless asked
    relevance REAL, -- Score for aid news; NULL where it was not judged
    verdict TEXT NOT NULL CHECK (verdict IN ('', 'aid', 'maybe', 'off_topic')), -- aid, maybe or off_topic
    categories TEXT NOT NULL CHECK (json_valid(categories)), -- JSON list: kinds of aid, the weightiest first
    rules TEXT NOT NULL, -- Version of lexicon and scoring
    flags TEXT NOT NULL CHECK (json_valid(flags)), -- JSON list: marks of the extraction, such as date_ambiguous
    method TEXT NOT NULL, -- How the text was extracted
    content_hash TEXT NOT NULL, -- SHA-256 of the title, a line feed and the text, in hexadecimal
    version INTEGER NOT NULL CHECK (version >= 1), -- 1, and one more for each change of title or text
    story INTEGER NOT NULL REFERENCES stories (id), -- Story it belongs to
    page INTEGER NOT NULL REFERENCES pages (id) DEFERRABLE INITIALLY DEFERRED, -- Ledger row of the address it is read from
    first_seen TEXT NOT NULL, -- When it was first stored, UTC
    last_seen TEXT NOT NULL, -- When it was last found in place, UTC
    run TEXT NOT NULL REFERENCES runs (id), -- Run that gave the present version
    description TEXT NOT NULL, -- Summary that the page itself gives
    matched_terms TEXT NOT NULL CHECK (json_valid(matched_terms)), -- JSON list of {term, category, where, start, end, weight}: the evidence for the score
    text TEXT NOT NULL -- Text without the title, one paragraph a line
) STRICT;
CREATE INDEX articles_source_published ON articles (source, published_utc);
CREATE INDEX articles_language_published ON articles (language, published_utc);
CREATE INDEX articles_published ON articles (published_utc);
CREATE INDEX articles_source_month ON articles (source, published_month);
CREATE INDEX articles_content_hash ON articles (content_hash);
CREATE INDEX articles_story ON articles (story, published_utc);
CREATE INDEX articles_page ON articles (page);
CREATE INDEX articles_run ON articles (run);

CREATE TABLE article_versions ( -- Earlier versions of articles, each as it was before a change
    article INTEGER NOT NULL REFERENCES articles (id), -- Article
    version INTEGER NOT NULL, -- Number of this earlier version
    title TEXT NOT NULL, -- Its title
    text TEXT NOT NULL, -- Its text
    content_hash TEXT NOT NULL, -- SHA-256 of the title, a line feed and the text, in hexadecimal
    difference TEXT NOT NULL, -- What changed to the next version, as a unified diff of title and paragraphs
    cause TEXT NOT NULL CHECK (cause IN ('page', 'extraction')), -- page: the page changed; extraction: the same stored page was extracted anew
    method TEXT NOT NULL, -- How this version was extracted
    first_seen TEXT NOT NULL, -- When this version was first stored, UTC
    replaced TEXT NOT NULL, -- When the next version was found, UTC
    run TEXT NOT NULL REFERENCES runs (id), -- Run that gave this version
    PRIMARY KEY (article, version)
) STRICT;
CREATE INDEX article_versions_replaced ON article_versions (replaced);
CREATE INDEX article_versions_run ON article_versions (run);

CREATE TABLE removed_lines ( -- Lines taken out of an article's text, so that every removal can be checked
    id INTEGER PRIMARY KEY, -- Number of the removal, in the order of the page
    article INTEGER NOT NULL REFERENCES articles (id), -- Article
    line TEXT NOT NULL, -- The line
    rule TEXT NOT NULL -- The rule that took it out
) STRICT;
CREATE INDEX removed_lines_article ON removed_lines (article);
CREATE INDEX removed_lines_rule ON removed_lines (rule);

CREATE TABLE facts ( -- Statements found in articles, each with the words that say so
    id INTEGER PRIMARY KEY, -- Number of the fact
    article INTEGER NOT NULL REFERENCES articles (id), -- Article
    kind TEXT NOT NULL, -- money, count, place, pair or sector
    start INTEGER NOT NULL, -- First character in the article's text, counted from 0
    "end" INTEGER NOT NULL, -- Character after the last
    text TEXT NOT NULL, -- The words themselves
    value TEXT NOT NULL, -- Amount as an exact decimal
    value_max TEXT NOT NULL, -- Upper end of a range, as an exact decimal
    currency TEXT NOT NULL, -- Currency, as ISO 4217
    unit TEXT NOT NULL, -- What is counted
    qualifier TEXT NOT NULL, -- How the text limits the amount: exact, about, lower_bound, upper_bound or range
    role TEXT NOT NULL, -- What the money is for: aid, investment, output, sales, income or unknown
    cue TEXT NOT NULL, -- The word that decided the role
    code TEXT NOT NULL, -- Place: GB/T 2260 or ISO 3166 code; sector: DAC group
    donor TEXT NOT NULL, -- Giving side of a pair or an amount
    recipient TEXT NOT NULL, -- Receiving side
    rule_version TEXT NOT NULL -- Version of the rules that found it
) STRICT;
CREATE INDEX facts_article ON facts (article);
CREATE INDEX facts_kind ON facts (kind, role);
CREATE INDEX facts_pair ON facts (donor, recipient) WHERE kind = 'pair';

CREATE TABLE near_duplicates ( -- Pairs of articles that share wording, scored; nothing is deleted on account of it
    article INTEGER NOT NULL REFERENCES articles (id), -- The later article
    other INTEGER NOT NULL REFERENCES articles (id), -- The earlier article
    score REAL NOT NULL CHECK (score BETWEEN 0 AND 1), -- Share of the shorter one's fingerprints that the other has too
    numbers REAL NOT NULL CHECK (numbers BETWEEN 0 AND 1), -- Share of the numbers in the one with fewer that the other has too; 1 where there are none
    PRIMARY KEY (article, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX near_duplicates_other ON near_duplicates (other);
CREATE INDEX near_duplicates_score ON near_duplicates (score);

CREATE TABLE fingerprints ( -- Hashes of the wording of articles, from which near-duplicates are scored
    article INTEGER PRIMARY KEY REFERENCES articles (id), -- Article
    hashes BLOB NOT NULL, -- Winnowed hashes of 8 characters, sorted, 4 bytes each, little-endian
    numbers BLOB NOT NULL -- Hashes of the distinct numbers in the text, sorted, 4 bytes each, little-endian
) STRICT;

CREATE TABLE fingerprint_index ( -- A sample of those hashes, by which similar articles are found
    hash INTEGER NOT NULL, -- Hash
    article INTEGER NOT NULL, -- Article that has it
    PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE fingerprint_recent ( -- The latest rows of fingerprint_index, until there are enough to be moved there in order
    hash INTEGER NOT NULL, -- Hash
    article INTEGER NOT NULL, -- Article that has it
    PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE pages ( -- The ledger: one row per known address of a source
    id INTEGER PRIMARY KEY, -- Number of the address
    url TEXT NOT NULL, -- Address as found
    url_key TEXT NOT NULL, -- Normal form of the address, for look-up only
    source TEXT NOT NULL REFERENCES sources (id), -- Source that lists it
    status INTEGER, -- HTTP status of the last answer
    outcome TEXT REFERENCES outcomes (outcome), -- How it ended, see outcomes; NULL: still to be fetched
    stage TEXT NOT NULL, -- Where that was decided: discover, fetch, extract or judge
    detail TEXT NOT NULL, -- More about it, for people
    first_seen TEXT NOT NULL, -- When the address was discovered, UTC
    last_fetched TEXT, -- When it was last fetched, UTC
    article INTEGER REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED, -- Article that it gave or repeats
    run TEXT NOT NULL REFERENCES runs (id), -- Run that last said something of it
    UNIQUE (url_key, source)
) STRICT;
CREATE INDEX pages_source_outcome ON pages (source, outcome);
CREATE INDEX pages_outcome ON pages (outcome);
CREATE INDEX pages_article ON pages (article);
CREATE INDEX pages_run ON pages (run);

CREATE TABLE rejects ( -- Pages that are no article to keep, with the reason
    page INTEGER PRIMARY KEY REFERENCES pages (id), -- Ledger row of the address
    url TEXT NOT NULL, -- Address as found
    source TEXT NOT NULL REFERENCES sources (id), -- Source
    stage TEXT NOT NULL, -- Where it was decided: discover, extract or judge
    reason TEXT NOT NULL REFERENCES outcomes (outcome), -- The outcome, see outcomes
    detail TEXT NOT NULL, -- More about it, for people
    title TEXT NOT NULL, -- Title, where one was read
    relevance REAL, -- Score for aid news, where it was judged
    categories TEXT NOT NULL CHECK (json_valid(categories)), -- JSON list: kinds of aid that were hinted at
    rules TEXT NOT NULL, -- Version of lexicon and scoring
    run TEXT NOT NULL REFERENCES runs (id) -- Run that rejected it
) STRICT;
CREATE INDEX rejects_reason ON rejects (reason, source);
CREATE INDEX rejects_source ON rejects (source);
CREATE INDEX rejects_run ON rejects (run);

CREATE TABLE days ( -- What was seen per source and day, counted as it happened; the coverage view reads it
    source TEXT NOT NULL REFERENCES sources (id), -- Source
    day TEXT NOT NULL, -- Day, UTC
    runs INTEGER NOT NULL DEFAULT 0, -- Runs that ended
    failed_runs INTEGER NOT NULL DEFAULT 0, -- Runs among them that failed as a whole
    discovered INTEGER NOT NULL DEFAULT 0, -- Addresses seen for the first time
    new INTEGER NOT NULL DEFAULT 0, -- New articles
    updated INTEGER NOT NULL DEFAULT 0, -- Articles found changed
    duplicate INTEGER NOT NULL DEFAULT 0, -- Further addresses of articles already stored
    unchanged INTEGER NOT NULL DEFAULT 0, -- Articles looked at again and found the same
    rejected INTEGER NOT NULL DEFAULT 0, -- Pages that are no article to keep
    failed INTEGER NOT NULL DEFAULT 0, -- Addresses that could not be read
    blocked INTEGER NOT NULL DEFAULT 0, -- Those among the failed where the site refused (outcomes.refused)
    pending INTEGER NOT NULL DEFAULT 0, -- Addresses left for a later run
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE forgotten ( -- Addresses whose articles were deleted on request and never come back
    url_key TEXT PRIMARY KEY, -- Normal form of the address
    forgotten_at TEXT NOT NULL -- When, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE data_dictionary ( -- This dictionary: what every table, view and column means
    object TEXT NOT NULL, -- Table or view
    position INTEGER NOT NULL, -- Place of the column, counted from 1; 0 for the table or view itself
    "column" TEXT NOT NULL, -- Column; empty for the table or view itself
    kind TEXT NOT NULL CHECK (kind IN ('table', 'view', 'column')), -- table, view or column
    type TEXT NOT NULL, -- Type of the column
    description TEXT NOT NULL, -- What it means
    PRIMARY KEY (object, position)
) STRICT, WITHOUT ROWID;

-- "text" comes first because every position in a later column costs two bytes more. Contentless:
-- the tokens are made outside of SQLite, and 'rebuild' must fail rather than wreck the index.
CREATE VIRTUAL TABLE search USING fts5 ( -- Full-text index of articles; ask it through the statement in docs/queries.md
    text, -- Text, with every two neighbouring characters of scripts without spaces as one token
    title, -- Title, likewise
    content = '',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
-- Fewer and larger segments are merged less often: a quarter less work for a load.
INSERT INTO search (search, rank) VALUES ('hashsize', 16777216);
INSERT INTO search (search, rank) VALUES ('automerge', 8);
