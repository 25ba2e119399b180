-- The journal of one totem. Rows of `entry` never change; what was receipted is told by `received` alone.

-- One row per start of the firmware that wrote anything, in order.
CREATE TABLE epoch (
  ordinal INTEGER PRIMARY KEY,
  epoch TEXT NOT NULL UNIQUE,
  last INTEGER NOT NULL CHECK (last BETWEEN 0 AND 2147483647),
  head BLOB NOT NULL CHECK (length(head) = 32),
  -- Entries up to here were receipted long ago and deleted; the head after the last of them stays, unless it was
  -- damaged before.
  pruned_to INTEGER NOT NULL DEFAULT 0,
  pruned_head BLOB CHECK (length(pruned_head) = 32),
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))
) STRICT;
CREATE INDEX epoch_open ON epoch (ordinal) WHERE closed = 0;

-- `body` is the canonical text that is hashed; `head` is the chain's head after this entry.
CREATE TABLE entry (
  ordinal INTEGER NOT NULL REFERENCES epoch (ordinal),
  seq INTEGER NOT NULL,
  body TEXT NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32),
  wall_ms INTEGER NOT NULL,
  PRIMARY KEY (ordinal, seq)
) STRICT, WITHOUT ROWID;

-- Runs of entries the gateway has receipted, and when; runs below epoch.pruned_to are left out.
CREATE TABLE received (
  ordinal INTEGER NOT NULL REFERENCES epoch (ordinal),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last >= first),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (ordinal, first)
) STRICT, WITHOUT ROWID;

-- Runs of entries that can no longer be read, to be declared lost together with the next entry. `received` holds them
-- already, so that nobody tries to send them.
CREATE TABLE damage (
  ordinal INTEGER NOT NULL REFERENCES epoch (ordinal),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last >= first),
  PRIMARY KEY (ordinal, first)
) STRICT, WITHOUT ROWID;

-- The vote of the running session: committed, thanked for, not yet in the chain.
CREATE TABLE draft (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  vote_id TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- Marks of tickets that were used here. No link to the vote. `spent_ms` is null while the clock was untrusted.
CREATE TABLE spent (
  mark BLOB PRIMARY KEY CHECK (length(mark) = 16),
  spent_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Small durable values, by name.
CREATE TABLE kept (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- captured = acknowledged + pending, kept in the same transactions that change them.
CREATE TABLE total (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  captured INTEGER NOT NULL,
  acknowledged INTEGER NOT NULL,
  pending_bytes INTEGER NOT NULL
) STRICT;
INSERT INTO total VALUES (1, 0, 0, 0);

-- Written by the probe after a failure, to know whether commits work again.
CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), times INTEGER NOT NULL) STRICT;
INSERT INTO probe VALUES (1, 0);
