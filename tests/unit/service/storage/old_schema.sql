CREATE TABLE applications (
    id VARCHAR(24) NOT NULL,
    application_name VARCHAR,
    application_type VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    first_name VARCHAR NOT NULL,
    last_name VARCHAR NOT NULL,
    api_key_hash VARCHAR(64) NOT NULL,
    default_job_callback_url VARCHAR,
    creation_time DATETIME NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (email),
    UNIQUE (api_key_hash)
);
CREATE TABLE tokens (
    token_hash VARCHAR(64) NOT NULL,
    application_id VARCHAR(24) NOT NULL,
    expires DOUBLE NOT NULL,
    PRIMARY KEY (token_hash),
    FOREIGN KEY(application_id) REFERENCES applications (id) ON DELETE CASCADE
);
CREATE TABLE documents (
    id VARCHAR(24) NOT NULL,
    application_id VARCHAR(24) NOT NULL,
    creation_time DATETIME NOT NULL,
    expiration_time DATETIME,
    filename VARCHAR NOT NULL,
    extension VARCHAR,
    mime_type VARCHAR,
    md5sum VARCHAR(32) NOT NULL,
    size INTEGER NOT NULL,
    original_id VARCHAR,
    page INTEGER,
    rotation_angle INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY(application_id) REFERENCES applications (id)
);
CREATE INDEX ix_documents_listing ON documents (creation_time, id);
CREATE INDEX ix_documents_original_id ON documents (original_id);
CREATE INDEX ix_documents_expiration_time ON documents (expiration_time);
CREATE INDEX ix_documents_application_id ON documents (application_id);
CREATE TABLE models (
    id VARCHAR(24) NOT NULL,
    application_id VARCHAR(24) NOT NULL,
    creation_time DATETIME NOT NULL,
    name VARCHAR NOT NULL,
    short_name VARCHAR,
    description TEXT,
    ttl INTEGER NOT NULL,
    allow_all_applications BOOLEAN NOT NULL,
    model_type VARCHAR NOT NULL,
    input_types TEXT NOT NULL,
    model_clazz VARCHAR NOT NULL,
    model_module VARCHAR NOT NULL,
    documentation TEXT,
    output_format TEXT,
    md5sum VARCHAR(32) NOT NULL,
    size INTEGER NOT NULL,
    speed VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY(application_id) REFERENCES applications (id),
    UNIQUE (short_name)
);
CREATE INDEX ix_models_application_id ON models (application_id);
CREATE TABLE jobs (
    id VARCHAR(24) NOT NULL,
    application_id VARCHAR(24) NOT NULL,
    submitter_id VARCHAR(24) NOT NULL,
    creation_time DATETIME NOT NULL,
    starting_time DATETIME,
    finished_time DATETIME,
    job_type VARCHAR NOT NULL,
    model_id VARCHAR,
    document_ids TEXT NOT NULL,
    status VARCHAR NOT NULL,
    execute_after_id VARCHAR,
    parent_job_id VARCHAR,
    callback_url VARCHAR,
    reason TEXT,
    result_type VARCHAR,
    result TEXT,
    request TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    owner VARCHAR,
    heartbeat DOUBLE,
    deaths INTEGER NOT NULL,
    callback_tries INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(application_id) REFERENCES applications (id),
    FOREIGN KEY(submitter_id) REFERENCES applications (id)
);
CREATE INDEX ix_jobs_listing ON jobs (creation_time, id);
CREATE INDEX ix_jobs_application_id ON jobs (application_id);
CREATE INDEX ix_jobs_callbacks ON jobs (callback_tries);
CREATE INDEX ix_jobs_model_id ON jobs (model_id);
CREATE INDEX ix_jobs_submitter_id ON jobs (submitter_id);
CREATE INDEX ix_jobs_status ON jobs (status);
CREATE INDEX ix_jobs_execute_after_id ON jobs (execute_after_id);
CREATE TABLE document_tags (
    document_id VARCHAR(24) NOT NULL,
    tag VARCHAR NOT NULL,
    PRIMARY KEY (document_id, tag),
    FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_document_tags_tag ON document_tags (tag);
CREATE TABLE model_tags (
    model_id VARCHAR(24) NOT NULL,
    tag VARCHAR NOT NULL,
    PRIMARY KEY (model_id, tag),
    FOREIGN KEY(model_id) REFERENCES models (id) ON DELETE CASCADE
);
CREATE INDEX ix_model_tags_tag ON model_tags (tag);
CREATE TABLE model_permissions (
    model_id VARCHAR(24) NOT NULL,
    application_id VARCHAR NOT NULL,
    PRIMARY KEY (model_id, application_id),
    FOREIGN KEY(model_id) REFERENCES models (id) ON DELETE CASCADE
);
CREATE INDEX ix_model_permissions_application_id ON model_permissions (application_id);
CREATE TABLE annotations (
    id VARCHAR(24) NOT NULL,
    application_id VARCHAR(24) NOT NULL,
    document_id VARCHAR(24) NOT NULL,
    creation_time DATETIME NOT NULL,
    annotation_type VARCHAR NOT NULL,
    name VARCHAR,
    prediction TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(application_id) REFERENCES applications (id),
    FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_annotations_document_id ON annotations (document_id);
CREATE INDEX ix_annotations_application_id ON annotations (application_id);
CREATE TABLE annotation_tags (
    annotation_id VARCHAR(24) NOT NULL,
    tag VARCHAR NOT NULL,
    PRIMARY KEY (annotation_id, tag),
    FOREIGN KEY(annotation_id) REFERENCES annotations (id) ON DELETE CASCADE
);
CREATE INDEX ix_annotation_tags_tag ON annotation_tags (tag);
