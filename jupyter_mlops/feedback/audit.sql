-- The trail of one retraining policy's decisions: who decided what, when, on which evidence. Rows are added, never changed.
CREATE TABLE entry (
  policy TEXT NOT NULL,              -- name of the policy: usually the model's
  number INTEGER NOT NULL,           -- from 1, without a gap
  at REAL NOT NULL,                  -- the time that the entry is about, seconds since 1970
  kind TEXT NOT NULL CHECK (kind IN ('policy', 'decision', 'approval', 'start', 'end', 'note')),
  who TEXT NOT NULL,                 -- a person, or 'policy'
  body TEXT NOT NULL,                -- JSON, keys sorted
  digest TEXT NOT NULL,              -- SHA-256 of the digest before and of this entry: a changed row breaks the chain
  PRIMARY KEY (policy, number)
) WITHOUT ROWID;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
