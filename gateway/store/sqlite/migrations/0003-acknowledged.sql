-- Who has seen an alarm, and when a totem's health was said: judging it by the last word of any kind would take an old report for a new one.
ALTER TABLE alarm ADD COLUMN acknowledged_ms INTEGER;
ALTER TABLE alarm ADD COLUMN acknowledged_by TEXT;
ALTER TABLE alarm ADD COLUMN note TEXT;
ALTER TABLE totem ADD COLUMN health_ms INTEGER;
