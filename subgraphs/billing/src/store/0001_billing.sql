CREATE TABLE meter (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    code {text} NOT NULL,
    aggregation TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);

CREATE TABLE plan (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    code {text} NOT NULL,
    version {int} NOT NULL,
    active {bool} NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    billing_interval TEXT NOT NULL,
    base TEXT NOT NULL,
    charges {json} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code, version)
);

-- The row of an account is the lock on everything of it: usage, subscriptions, invoices.
CREATE TABLE account (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    customer_id {text} NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, customer_id)
);

CREATE TABLE subscription (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    account_id {text} NOT NULL,
    plan_id {text} NOT NULL,
    quantity TEXT NOT NULL,
    anchor {int} NOT NULL,
    since {int} NOT NULL,
    period_start {int} NOT NULL,
    period_end {int} NOT NULL,
    version {int} NOT NULL,
    idempotency_key {text} NOT NULL,
    request TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, idempotency_key),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES plan (tenant_id, id)
);
CREATE INDEX subscription_by_account ON subscription (tenant_id, account_id, id);

CREATE TABLE invoice (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    account_id {text} NOT NULL,
    subscription_id {text} NOT NULL,
    currency TEXT NOT NULL,
    period_start {int} NOT NULL,
    period_end {int} NOT NULL,
    status TEXT NOT NULL,
    -- Of a final invoice only.
    number {int},
    total {int},
    finalized_at {int},
    version {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, subscription_id, period_start),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id)
);
CREATE INDEX invoice_by_period ON invoice (tenant_id, period_start, id);
CREATE INDEX invoice_by_account ON invoice (tenant_id, account_id, period_start, id);

-- The lines of final invoices; those of a draft are computed.
CREATE TABLE invoice_line (
    tenant_id {text} NOT NULL,
    invoice_id {text} NOT NULL,
    place {int} NOT NULL,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit_amount TEXT NOT NULL,
    amount {int} NOT NULL,
    meter_id {text},
    PRIMARY KEY (tenant_id, invoice_id, place),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
);

-- The last number given. It is taken in the transaction that makes the invoice final: one that
-- fails returns it, so there are no gaps.
CREATE TABLE invoice_number (
    tenant_id {text} NOT NULL PRIMARY KEY,
    last {int} NOT NULL
);

CREATE TABLE usage_event (
    tenant_id {text} NOT NULL,
    source {text} NOT NULL,
    id {text} NOT NULL,
    account_id {text} NOT NULL,
    meter_id {text} NOT NULL,
    value TEXT NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (tenant_id, source, id)
);

-- Usage folded by day. A day is open until an invoice takes it; what arrives later for the same
-- day opens it anew, for the next invoice.
CREATE TABLE usage_day (
    tenant_id {text} NOT NULL,
    account_id {text} NOT NULL,
    meter_id {text} NOT NULL,
    day {int} NOT NULL,
    invoice_id {text},
    event_count {int} NOT NULL,
    value_sum TEXT NOT NULL,
    value_max TEXT NOT NULL,
    latest_at {int} NOT NULL,
    latest_value TEXT NOT NULL,
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, meter_id) REFERENCES meter (tenant_id, id)
);
CREATE UNIQUE INDEX usage_day_open ON usage_day (tenant_id, account_id, meter_id, day)
    WHERE invoice_id IS NULL;
