-- Which rule an amount comes from, so that what is read from the words around it can be left out.

DROP VIEW amounts_by_story;

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
    articles, -- Number of articles of the story that state the amount
    cue, -- The words that its role was read from
    rule_version -- Version of the rules that found it; ends in "by wording" where the words around it tell the role, has "by subject" where the recipient is only the country that its sentence or the article is about
) AS
SELECT a.story, t.title, st.first_published_utc, f.role, f.value, f.value_max, f.currency, f.qualifier,
       f.donor, f.recipient, f.text, f.article, count(DISTINCT f.article), f.cue, f.rule_version
FROM facts AS f JOIN articles AS a ON a.id = f.article JOIN stories AS st ON st.id = a.story
JOIN articles AS t ON t.id = st.first_article
WHERE f.kind = 'money'
GROUP BY a.story, f.value, f.value_max, f.currency
-- With min() alone in HAVING, SQLite takes the other columns from the row of the minimum: of the
-- copies that state the amount, the first whose wording tells its role.
HAVING min(iif(f.role IN ('', 'unknown'), 1, 0) * 4611686018427387904 + f.id);
