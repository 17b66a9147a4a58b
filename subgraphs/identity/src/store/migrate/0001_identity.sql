CREATE TABLE tenant (
    tenant_id {text} NOT NULL PRIMARY KEY,
    slug {text} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    settings {json} NOT NULL
) {strict};

CREATE TABLE user_account (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    display_name TEXT NOT NULL,
    email {text} NOT NULL,
    search_text TEXT NOT NULL,
    roles TEXT NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email)
) {strict};

-- A program signs in before its tenant is known, so its name is unique among all tenants.
CREATE TABLE service_account (
    tenant_id {text} NOT NULL,
    id {text} NOT NULL,
    client_id {text} NOT NULL UNIQUE,
    secret_hash {bytes} NOT NULL,
    scopes TEXT NOT NULL,
    last_used_at {int},
    PRIMARY KEY (tenant_id, id)
) {strict};

-- Of several instances that start at once, the first to insert a generation has made its key.
CREATE TABLE signing_key (
    generation {int} NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL,
    created_at {int} NOT NULL
) {strict};
