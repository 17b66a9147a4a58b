CREATE TABLE app (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    name TEXT NOT NULL,
    slug {text} NOT NULL,
    search_text TEXT NOT NULL,
    status {text} NOT NULL,
    owner_id {text},
    idempotency_key {text},
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, slug),
    UNIQUE (tenant_id, idempotency_key)
){strict};

CREATE TABLE webhook_source (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    app_id {text} NOT NULL,
    kind {text} NOT NULL,
    sealed_secret TEXT NOT NULL,
    sealed_verify_token TEXT,
    secret_hint TEXT NOT NULL,
    verified_at {int},
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES app (tenant_id, id)
){strict};
CREATE INDEX webhook_source_by_app ON webhook_source (tenant_id, app_id, id);
-- The door knows the source from its URL before it knows the tenant.
CREATE INDEX webhook_source_by_id ON webhook_source (id);

-- Ids ascend with the time of receiving and with the order inside one request, so pages follow them.
CREATE TABLE webhook_event (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    app_id {text} NOT NULL,
    source_id {text} NOT NULL,
    kind {text} NOT NULL,
    channel {text} NOT NULL,
    dedupe_key {text} NOT NULL,
    status {text} NOT NULL,
    sender_scope {text},
    sender_value {text},
    -- JSON text as it came: JSONB refuses U+0000 and forgets the order of members.
    payload TEXT NOT NULL,
    duplicates {int} NOT NULL,
    occurred_at {int},
    received_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source_id, dedupe_key),
    FOREIGN KEY (tenant_id, app_id) REFERENCES app (tenant_id, id),
    FOREIGN KEY (tenant_id, source_id) REFERENCES webhook_source (tenant_id, id)
){strict};
CREATE INDEX webhook_event_by_app ON webhook_event (tenant_id, app_id, id);
CREATE INDEX webhook_event_by_source ON webhook_event (tenant_id, source_id, received_at);
