-- The gateway's store. Times are UTC milliseconds, hours UTC hours since 1970, days local days since 1970.
-- Faces, reasons, verdicts and the like are stored as their position in the code list of schemas/code-list.ts.

CREATE TABLE totem (
  no INTEGER PRIMARY KEY,
  totem_id TEXT NOT NULL UNIQUE,
  site_id TEXT NOT NULL,
  -- JSON list of office ids, or null for all offices of the site.
  serves TEXT,
  public_key TEXT NOT NULL,
  password_sha256 TEXT NOT NULL,
  enrolled_ms INTEGER NOT NULL,
  online INTEGER NOT NULL DEFAULT 0 CHECK (online IN (0, 1)),
  start_count INTEGER NOT NULL DEFAULT 0,
  seen_ms INTEGER,
  health TEXT,
  command_number INTEGER NOT NULL DEFAULT 0,
  settings_version INTEGER NOT NULL DEFAULT 0,
  settings_sha256 TEXT
) STRICT;

-- Readiness reports of self-tests as JSON, by when the test began on the totem's clock: a report sent again is the same.
CREATE TABLE readiness (
  no INTEGER PRIMARY KEY,
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  started_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  report TEXT NOT NULL,
  UNIQUE (totem_no, started_ms)
) STRICT;
CREATE INDEX readiness_received ON readiness (received_ms);

-- What is held of each epoch: everything up to `up_to`, and the segments beyond.
CREATE TABLE epoch (
  no INTEGER PRIMARY KEY,
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  epoch TEXT NOT NULL,
  ordinal INTEGER,
  previous_epoch TEXT,
  previous_last INTEGER NOT NULL DEFAULT 0,
  previous_head TEXT,
  up_to INTEGER NOT NULL DEFAULT 0,
  head TEXT,
  highest INTEGER NOT NULL DEFAULT 0,
  -- First and last moment its entries tell by a clock that could be trusted.
  first_trusted_ms INTEGER,
  last_trusted_ms INTEGER,
  UNIQUE (totem_no, epoch)
) STRICT;

CREATE TABLE segment (
  epoch_no INTEGER NOT NULL REFERENCES epoch (no),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last >= first),
  previous_head TEXT NOT NULL,
  head TEXT NOT NULL,
  PRIMARY KEY (epoch_no, first)
) STRICT, WITHOUT ROWID;

-- One row per entry ever received, of every kind: its hash proves it for ever.
CREATE TABLE entry (
  epoch_no INTEGER NOT NULL REFERENCES epoch (no),
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (epoch_no, seq)
) STRICT, WITHOUT ROWID;

-- Entries of good batches that broke their shape: told back in receipts. The reason stays, the body has its term.
CREATE TABLE rejected (
  epoch_no INTEGER NOT NULL REFERENCES epoch (no),
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  body TEXT,
  PRIMARY KEY (epoch_no, seq)
) STRICT, WITHOUT ROWID;

-- Batches as they came, until their day is closed.
CREATE TABLE batch (
  no INTEGER PRIMARY KEY,
  epoch_no INTEGER NOT NULL REFERENCES epoch (no),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX batch_received ON batch (received_ms);
CREATE INDEX batch_entries ON batch (epoch_no, first);

-- Boots of totems: wall time minus monotonic time, once any trusted moment of the boot is known.
CREATE TABLE boot (
  no INTEGER PRIMARY KEY,
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  boot_id TEXT NOT NULL,
  offset_ms INTEGER,
  UNIQUE (totem_no, boot_id)
) STRICT;

-- Where a count belongs. Empty ids stand for what a refused scan or a vote without a ticket could not tell.
CREATE TABLE place (
  no INTEGER PRIMARY KEY,
  site_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  UNIQUE (site_id, office_id, service_id)
) STRICT;

CREATE TABLE vote (
  no INTEGER PRIMARY KEY,
  epoch_no INTEGER NOT NULL REFERENCES epoch (no),
  seq INTEGER NOT NULL,
  vote_id BLOB NOT NULL CHECK (length(vote_id) = 16),
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  face INTEGER NOT NULL,
  reason INTEGER,
  profile INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  mark BLOB CHECK (length(mark) = 16),
  minute INTEGER,
  wall_ms INTEGER NOT NULL,
  monotonic_us INTEGER NOT NULL,
  boot_no INTEGER NOT NULL REFERENCES boot (no),
  trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
  uncertain INTEGER NOT NULL CHECK (uncertain IN (0, 1)),
  hour INTEGER NOT NULL,
  day INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  received_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX vote_day ON vote (day);
CREATE INDEX vote_uncertain ON vote (boot_no) WHERE uncertain = 1;
-- Conflicts (position 2 of the verdicts) by mark: one of them counts when the vote before it turns out expired.
CREATE INDEX vote_conflict ON vote (mark) WHERE verdict = 2;
-- Unverified ones (position 4): they count once their receipt is listed.
CREATE INDEX vote_unverified ON vote (mark) WHERE verdict = 4;

-- Votes of closed days, as many of each kind as there were: in no order, and without anything that leads to a ticket or to a
-- moment finer than the hour. `reason` is -1 where there is none.
CREATE TABLE settled (
  day INTEGER NOT NULL,
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  hour INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  face INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  profile INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  uncertain INTEGER NOT NULL CHECK (uncertain IN (0, 1)),
  after_hours INTEGER NOT NULL CHECK (after_hours IN (0, 1)),
  votes INTEGER NOT NULL CHECK (votes > 0),
  PRIMARY KEY (day, totem_no, hour, place_no, wording, face, reason, profile, verdict, uncertain, after_hours)
) STRICT, WITHOUT ROWID;

-- Days that were closed, with all days before them: from `closed_ms` on a vote of theirs is late, and at `scrubbed_ms` nothing was
-- left of them but `settled`.
CREATE TABLE closing (
  day INTEGER PRIMARY KEY,
  closed_ms INTEGER NOT NULL,
  scrubbed_ms INTEGER
) STRICT;

-- How the votes of a closed day came, by service: what the statistics that look for gaming need, and only while these are on.
CREATE TABLE watch_day (
  day INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  -- As JSON, by the names of gateway/watch/day-figures.ts.
  figures TEXT NOT NULL,
  PRIMARY KEY (day, place_no)
) STRICT, WITHOUT ROWID;

-- Of each totem and day the statement, as the canonical entry. The first one stands: a totem never states a day twice.
CREATE TABLE statement (
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  day INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (totem_no, day)
) STRICT, WITHOUT ROWID;

-- Totem-days of which the public log may have to say more.
CREATE TABLE log_due (
  day INTEGER NOT NULL,
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  PRIMARY KEY (day, totem_no)
) STRICT, WITHOUT ROWID;

-- The public log. `opened` is what its commitments hide, as JSON: the seed and the exact counts of a correction; null for other lines.
CREATE TABLE public_log (
  no INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  day INTEGER NOT NULL,
  entry TEXT NOT NULL,
  head TEXT NOT NULL CHECK (length(head) = 64),
  opened TEXT
) STRICT;
CREATE INDEX public_log_day ON public_log (totem_no, day);

-- How far the public log went at each closing, signed.
CREATE TABLE log_checkpoint (
  size INTEGER PRIMARY KEY,
  checkpoint TEXT NOT NULL
) STRICT;

-- The proof of each closed month as it was published, signed, by revision.
CREATE TABLE month_proof (
  month TEXT NOT NULL,
  revision INTEGER NOT NULL,
  proof TEXT NOT NULL,
  PRIMARY KEY (month, revision)
) STRICT, WITHOUT ROWID;

-- What is published of each month, by revision: its figures as JSON and its files, as they were when its proof was made.
CREATE TABLE publication (
  month TEXT NOT NULL,
  revision INTEGER NOT NULL,
  figures TEXT NOT NULL,
  csv TEXT NOT NULL,
  csv_excel_it TEXT NOT NULL,
  PRIMARY KEY (month, revision)
) STRICT, WITHOUT ROWID;

-- Refused scans counted at a guessed time, until their boot's clock is known. No link to any vote.
CREATE TABLE uncertain_refusal (
  no INTEGER PRIMARY KEY,
  boot_no INTEGER NOT NULL REFERENCES boot (no),
  received_ms INTEGER NOT NULL,
  monotonic_us INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  refusal INTEGER NOT NULL,
  times INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  day INTEGER NOT NULL
) STRICT;
CREATE INDEX uncertain_refusal_boot ON uncertain_refusal (boot_no);

-- Marks of accepted votes: the first committed wins. No link to the vote.
CREATE TABLE mark (
  mark BLOB PRIMARY KEY CHECK (length(mark) = 16),
  day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Marks of receipts that an office's queue system says it gave out, until the day after theirs is closed. No link to any vote.
CREATE TABLE listed (
  mark BLOB PRIMARY KEY CHECK (length(mark) = 16),
  day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The counters every report is made of, written in the transaction that stores what they count.
CREATE TABLE hour_count (
  hour INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  -- The local day the hour belongs to.
  day INTEGER NOT NULL,
  green INTEGER NOT NULL DEFAULT 0,
  yellow INTEGER NOT NULL DEFAULT 0,
  red INTEGER NOT NULL DEFAULT 0,
  reason_wait INTEGER NOT NULL DEFAULT 0,
  reason_staff INTEGER NOT NULL DEFAULT 0,
  reason_return INTEGER NOT NULL DEFAULT 0,
  reason_outcome INTEGER NOT NULL DEFAULT 0,
  reason_none INTEGER NOT NULL DEFAULT 0,
  late INTEGER NOT NULL DEFAULT 0,
  conflict INTEGER NOT NULL DEFAULT 0,
  expired_late INTEGER NOT NULL DEFAULT 0,
  unverified INTEGER NOT NULL DEFAULT 0,
  test INTEGER NOT NULL DEFAULT 0,
  time_uncertain INTEGER NOT NULL DEFAULT 0,
  after_hours INTEGER NOT NULL DEFAULT 0,
  issued INTEGER NOT NULL DEFAULT 0,
  refused_used INTEGER NOT NULL DEFAULT 0,
  refused_used_elsewhere INTEGER NOT NULL DEFAULT 0,
  refused_expired INTEGER NOT NULL DEFAULT 0,
  refused_not_yet INTEGER NOT NULL DEFAULT 0,
  refused_other_office INTEGER NOT NULL DEFAULT 0,
  refused_unknown INTEGER NOT NULL DEFAULT 0,
  refused_malformed INTEGER NOT NULL DEFAULT 0,
  refused_bad_signature INTEGER NOT NULL DEFAULT 0,
  refused_test_mode INTEGER NOT NULL DEFAULT 0,
  refused_closed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (hour, place_no, wording)
) STRICT, WITHOUT ROWID;

CREATE TABLE day_count (
  day INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  green INTEGER NOT NULL DEFAULT 0,
  yellow INTEGER NOT NULL DEFAULT 0,
  red INTEGER NOT NULL DEFAULT 0,
  reason_wait INTEGER NOT NULL DEFAULT 0,
  reason_staff INTEGER NOT NULL DEFAULT 0,
  reason_return INTEGER NOT NULL DEFAULT 0,
  reason_outcome INTEGER NOT NULL DEFAULT 0,
  reason_none INTEGER NOT NULL DEFAULT 0,
  late INTEGER NOT NULL DEFAULT 0,
  conflict INTEGER NOT NULL DEFAULT 0,
  expired_late INTEGER NOT NULL DEFAULT 0,
  unverified INTEGER NOT NULL DEFAULT 0,
  test INTEGER NOT NULL DEFAULT 0,
  time_uncertain INTEGER NOT NULL DEFAULT 0,
  after_hours INTEGER NOT NULL DEFAULT 0,
  issued INTEGER NOT NULL DEFAULT 0,
  refused_used INTEGER NOT NULL DEFAULT 0,
  refused_used_elsewhere INTEGER NOT NULL DEFAULT 0,
  refused_expired INTEGER NOT NULL DEFAULT 0,
  refused_not_yet INTEGER NOT NULL DEFAULT 0,
  refused_other_office INTEGER NOT NULL DEFAULT 0,
  refused_unknown INTEGER NOT NULL DEFAULT 0,
  refused_malformed INTEGER NOT NULL DEFAULT 0,
  refused_bad_signature INTEGER NOT NULL DEFAULT 0,
  refused_test_mode INTEGER NOT NULL DEFAULT 0,
  refused_closed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (day, place_no, wording)
) STRICT, WITHOUT ROWID;

-- The same by month (years times twelve, plus the month from 0): a year is read from a few rows a place.
CREATE TABLE month_count (
  month INTEGER NOT NULL,
  place_no INTEGER NOT NULL REFERENCES place (no),
  wording INTEGER NOT NULL,
  green INTEGER NOT NULL DEFAULT 0,
  yellow INTEGER NOT NULL DEFAULT 0,
  red INTEGER NOT NULL DEFAULT 0,
  reason_wait INTEGER NOT NULL DEFAULT 0,
  reason_staff INTEGER NOT NULL DEFAULT 0,
  reason_return INTEGER NOT NULL DEFAULT 0,
  reason_outcome INTEGER NOT NULL DEFAULT 0,
  reason_none INTEGER NOT NULL DEFAULT 0,
  late INTEGER NOT NULL DEFAULT 0,
  conflict INTEGER NOT NULL DEFAULT 0,
  expired_late INTEGER NOT NULL DEFAULT 0,
  unverified INTEGER NOT NULL DEFAULT 0,
  test INTEGER NOT NULL DEFAULT 0,
  time_uncertain INTEGER NOT NULL DEFAULT 0,
  after_hours INTEGER NOT NULL DEFAULT 0,
  issued INTEGER NOT NULL DEFAULT 0,
  refused_used INTEGER NOT NULL DEFAULT 0,
  refused_used_elsewhere INTEGER NOT NULL DEFAULT 0,
  refused_expired INTEGER NOT NULL DEFAULT 0,
  refused_not_yet INTEGER NOT NULL DEFAULT 0,
  refused_other_office INTEGER NOT NULL DEFAULT 0,
  refused_unknown INTEGER NOT NULL DEFAULT 0,
  refused_malformed INTEGER NOT NULL DEFAULT 0,
  refused_bad_signature INTEGER NOT NULL DEFAULT 0,
  refused_test_mode INTEGER NOT NULL DEFAULT 0,
  refused_closed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (month, place_no, wording)
) STRICT, WITHOUT ROWID;

-- Promise 6 for each totem.
CREATE TABLE totem_count (
  totem_no INTEGER PRIMARY KEY REFERENCES totem (no),
  entries INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  late INTEGER NOT NULL DEFAULT 0,
  conflict INTEGER NOT NULL DEFAULT 0,
  expired_late INTEGER NOT NULL DEFAULT 0,
  unverified INTEGER NOT NULL DEFAULT 0,
  test INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0,
  green INTEGER NOT NULL DEFAULT 0,
  yellow INTEGER NOT NULL DEFAULT 0,
  red INTEGER NOT NULL DEFAULT 0,
  reason_wait INTEGER NOT NULL DEFAULT 0,
  reason_staff INTEGER NOT NULL DEFAULT 0,
  reason_return INTEGER NOT NULL DEFAULT 0,
  reason_outcome INTEGER NOT NULL DEFAULT 0,
  reason_none INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What totems reported of themselves: faults, modes, destroyed keys, statements, losses.
CREATE TABLE totem_event (
  no INTEGER PRIMARY KEY,
  totem_no INTEGER NOT NULL REFERENCES totem (no),
  kind INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- Payloads that could not be verified, once per totem and hash. `pool` is whose room they take: a registered totem's
-- own, or the one room (empty) that all strangers share.
CREATE TABLE quarantine (
  no INTEGER PRIMARY KEY,
  pool TEXT NOT NULL,
  totem_id TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (pool, sha256)
) STRICT;

CREATE TABLE alarm (
  no INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  times INTEGER NOT NULL,
  cleared_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX alarm_raised ON alarm (code, subject) WHERE cleared_ms IS NULL;

-- Messages about alarms, each once for each channel: until they are delivered or given up, and the log of it afterwards.
CREATE TABLE delivery (
  no INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('webhook', 'mail')),
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  -- When it is tried next; null once it is done or given up.
  next_ms INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  done_ms INTEGER,
  error TEXT,
  UNIQUE (key, channel)
) STRICT;

-- The log of what was stored, each leaf chained to the one before.
CREATE TABLE audit (
  no INTEGER PRIMARY KEY,
  -- Of receipt, since 1970 in UTC: a batch of one vote, told to the second, would say when that was given.
  day INTEGER NOT NULL,
  leaf TEXT NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;

CREATE TABLE served (
  office_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  served INTEGER NOT NULL CHECK (served >= 0),
  recorded_ms INTEGER NOT NULL,
  PRIMARY KEY (day, office_id, service_id)
) STRICT, WITHOUT ROWID;

-- Corrections are new records: what a served count was before.
CREATE TABLE served_correction (
  no INTEGER PRIMARY KEY,
  office_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  served_before INTEGER NOT NULL,
  served_after INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE issuer_key (
  number INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 65535),
  issuer_key_id TEXT NOT NULL UNIQUE,
  office_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('live', 'test')),
  created_ms INTEGER NOT NULL,
  -- From when on nothing signed with it is taken.
  ends_ms INTEGER
) STRICT;

CREATE TABLE token (
  token_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  scopes TEXT NOT NULL,
  -- The only office whose tickets it may issue.
  office_id TEXT,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT;

-- Every use of exact figures.
CREATE TABLE access (
  no INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  token_id TEXT NOT NULL,
  what TEXT NOT NULL
) STRICT;

CREATE TABLE recount (
  no INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  days INTEGER NOT NULL,
  mismatches TEXT NOT NULL
) STRICT;
