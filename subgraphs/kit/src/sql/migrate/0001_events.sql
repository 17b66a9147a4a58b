-- Events that are committed and wait for their position.
CREATE TABLE kit_outbox (
    seq {serial},
    tenant_id {text} NOT NULL,
    topic {text} NOT NULL,
    key {text} NOT NULL,
    payload TEXT NOT NULL,
    at {int} NOT NULL
);

-- The log: every position from the floor to the head, without a gap.
CREATE TABLE kit_event (
    position {int} NOT NULL PRIMARY KEY,
    tenant_id {text} NOT NULL,
    topic {text} NOT NULL,
    key {text} NOT NULL,
    payload TEXT NOT NULL,
    at {int} NOT NULL,
    published_at {int} NOT NULL
);
CREATE INDEX kit_event_by_tenant ON kit_event (tenant_id, position);

-- One row: the last position given, and the last one that retention has deleted.
CREATE TABLE kit_head (
    id {int} NOT NULL PRIMARY KEY CHECK (id = 1),
    position {int} NOT NULL,
    floor {int} NOT NULL
);
INSERT INTO kit_head (id, position, floor) VALUES (1, 0, 0);

-- Who may do what only one may do. The token grows with every holder and fences the earlier ones.
CREATE TABLE kit_lease (
    name {text} NOT NULL PRIMARY KEY,
    token {int} NOT NULL,
    expires_at {int} NOT NULL
);

-- How far this subgraph has read other subgraphs' logs.
CREATE TABLE kit_consumer (
    consumer {text} NOT NULL,
    log {text} NOT NULL,
    position {int} NOT NULL,
    PRIMARY KEY (consumer, log)
);

-- Events that a consumer could not handle and went past.
CREATE TABLE kit_dead_letter (
    consumer {text} NOT NULL,
    log {text} NOT NULL,
    position {int} NOT NULL,
    tenant_id {text} NOT NULL,
    topic {text} NOT NULL,
    key {text} NOT NULL,
    payload TEXT NOT NULL,
    at {int} NOT NULL,
    error TEXT NOT NULL,
    buried_at {int} NOT NULL,
    PRIMARY KEY (consumer, log, position)
);
