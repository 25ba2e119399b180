-- What was counted of a month after its figures were first proved: who may not see exact figures goes on seeing the month as it was then,
-- so that no vote that comes later can be had by comparing two readings. No link to any vote: an hour, a place, and how much each
-- counter changed, as JSON.
CREATE TABLE late_hour (
  hour INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  day INTEGER NOT NULL,
  counts TEXT NOT NULL,
  PRIMARY KEY (hour, place_no, wording, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE late_day (
  day INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  -- Of the month's proof, when it was counted: a later one holds it.
  revision INTEGER NOT NULL,
  counts TEXT NOT NULL,
  PRIMARY KEY (day, place_no, wording, revision)
) STRICT, WITHOUT ROWID;
