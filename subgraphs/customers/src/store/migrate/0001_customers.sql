CREATE TABLE customer (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    display_name TEXT,
    email TEXT,
    phone TEXT,
    -- JSON texts: JSONB refuses U+0000 and forgets the order of members.
    attributes TEXT NOT NULL,
    tags TEXT NOT NULL,
    search_text TEXT NOT NULL,
    status {text} NOT NULL,
    version {int} NOT NULL,
    first_seen_at {int} NOT NULL,
    last_seen_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
){strict};

-- Who inserts the row of an identity decides whose it is. `key` is the text of kind, scope and
-- value, so this primary key is the rule that each exists once in a tenant.
CREATE TABLE customer_identity (
    tenant_id {text} NOT NULL,
    key {text} NOT NULL,
    customer_id {text} NOT NULL,
    kind {text} NOT NULL,
    scope {text} NOT NULL,
    value {text} NOT NULL,
    verified {bool} NOT NULL,
    source {text} NOT NULL,
    added_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, key),
    -- An identity is claimed before its customer is inserted, in one transaction.
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
        DEFERRABLE INITIALLY DEFERRED
){strict};
CREATE INDEX customer_identity_by_customer ON customer_identity (tenant_id, customer_id, key);

-- What `identifyCustomer` answered to a key, so that a repeated request answers the same.
CREATE TABLE identify_request (
    tenant_id {text} NOT NULL,
    idempotency_key {text} NOT NULL,
    fingerprint {text} NOT NULL,
    customer_id {text} NOT NULL,
    created {bool} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (tenant_id, idempotency_key)
){strict};
CREATE INDEX identify_request_by_time ON identify_request (tenant_id, at);
