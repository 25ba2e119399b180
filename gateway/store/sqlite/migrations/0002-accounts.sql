-- People's accounts, their sessions and one-time links. Secrets are kept as hashes.
CREATE TABLE account (
  account_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'office', 'operator', 'admin')),
  -- The only office it sees.
  office_id TEXT CHECK ((office_id IS NOT NULL) = (role = 'office')),
  -- Null until the person has chosen one.
  password TEXT,
  created_ms INTEGER NOT NULL,
  disabled_ms INTEGER
) STRICT;

-- What is told of a session without an account (a link's, or of a person whom another system vouches for) stands in it.
CREATE TABLE session (
  sha256 TEXT PRIMARY KEY,
  account_id TEXT REFERENCES account (account_id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  office_id TEXT,
  created_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_id);

-- With an account: to choose its password. Without: to open a session with these scopes.
CREATE TABLE link (
  sha256 TEXT PRIMARY KEY,
  account_id TEXT REFERENCES account (account_id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX link_account ON link (account_id);

-- The log of exact figures becomes the log of all that people and tokens did. `token_id` is whose token, account or session it was, empty
-- for a stranger.
ALTER TABLE access ADD COLUMN kind TEXT NOT NULL DEFAULT 'exact-read';
ALTER TABLE access ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- It is only ever added to. What is over goes by its term, which only moves forward.
CREATE TABLE access_term (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  before_ms INTEGER NOT NULL
) STRICT;
INSERT INTO access_term VALUES (1, 0);
CREATE TRIGGER access_stays BEFORE UPDATE ON access
BEGIN SELECT RAISE(ABORT, 'the log of accesses is never changed'); END;
CREATE TRIGGER access_ends_by_term BEFORE DELETE ON access
WHEN old.at_ms >= (SELECT before_ms FROM access_term)
BEGIN SELECT RAISE(ABORT, 'the log of accesses is kept for its term'); END;
CREATE TRIGGER access_term_moves_forward BEFORE UPDATE ON access_term
WHEN new.before_ms < old.before_ms
BEGIN SELECT RAISE(ABORT, 'the term of the log of accesses moves forward only'); END;
CREATE TRIGGER access_term_stays BEFORE DELETE ON access_term
BEGIN SELECT RAISE(ABORT, 'the log of accesses has a term'); END;
