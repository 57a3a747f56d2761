CREATE TABLE api_token (
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE audit_entry (
    shop INTEGER NOT NULL REFERENCES shop (id),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id INTEGER,
    PRIMARY KEY (shop, number),
    FOREIGN KEY (shop, number) REFERENCES event (shop, number)) WITHOUT ROWID, STRICT;

CREATE TABLE blob (
    key TEXT NOT NULL PRIMARY KEY CHECK (length(key) = 64),
    size INTEGER NOT NULL,
    kept_at INTEGER NOT NULL) STRICT;

CREATE TABLE blob_part (
    key TEXT NOT NULL REFERENCES blob (key),
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (key, part)) WITHOUT ROWID, STRICT;

CREATE TABLE buyer (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_pinyin TEXT NOT NULL,
    name_initials TEXT NOT NULL,
    contact TEXT NOT NULL,
    external_subject TEXT,
    attributes TEXT NOT NULL,
    verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE VIRTUAL TABLE buyer_search USING fts5(
    tokens, content='', columnsize=0, detail='none', tokenize="ascii tokenchars '_'");

CREATE TABLE 'buyer_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'buyer_search_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'buyer_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE buyer_token (
    shop INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    buyer INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used INTEGER NOT NULL,
    PRIMARY KEY (hash),
    FOREIGN KEY (shop, buyer) REFERENCES buyer (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE carrier (
    shop INTEGER NOT NULL REFERENCES shop (id),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    phone TEXT NOT NULL,
    needs_phone INTEGER NOT NULL CHECK (needs_phone IN (0, 1)),
    collect_hours INTEGER CHECK (collect_hours > 0),
    stuck_hours INTEGER CHECK (stuck_hours > 0),
    not_served TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (shop, code)) WITHOUT ROWID, STRICT;

CREATE TABLE carrier_ticket (
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    parcel INTEGER NOT NULL,
    carrier TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'settled', 'closed')),
    reference TEXT NOT NULL,
    note TEXT NOT NULL,
    deadline INTEGER NOT NULL,
    claim INTEGER NOT NULL CHECK (claim >= 0),
    paid INTEGER NOT NULL CHECK (paid >= 0 AND paid <= claim),
    opened_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at INTEGER,
    closed_at INTEGER,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE command_answer (
    shop INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor INTEGER NOT NULL,
    key TEXT NOT NULL,
    digest INTEGER NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (shop, actor_kind, actor, key)) WITHOUT ROWID, STRICT;

CREATE TABLE conversation (
    id INTEGER NOT NULL PRIMARY KEY,
    shop INTEGER NOT NULL REFERENCES shop (id),
    buyer INTEGER NOT NULL,
    buyer_name TEXT NOT NULL,
    channel TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'open', 'snoozed', 'closed')),
    owner INTEGER,
    owner_name TEXT,
    group_id INTEGER,
    assigned_reason TEXT,
    assigned_zh TEXT,
    assigned_en TEXT,
    assigned_at INTEGER,
    queued_since INTEGER,
    last_number INTEGER NOT NULL DEFAULT 0,
    last_public INTEGER NOT NULL DEFAULT 0,
    waiting_since INTEGER,
    preview_text TEXT,
    preview_kind TEXT,
    preview_from TEXT,
    preview_at INTEGER,
    read_by_agent INTEGER NOT NULL DEFAULT 0,
    read_by_buyer INTEGER NOT NULL DEFAULT 0,
    delivered_to_buyer INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    tags TEXT NOT NULL DEFAULT '[]',
    snoozed_until INTEGER,
    snooze_note TEXT,
    merged_into INTEGER,
    rating_invited INTEGER NOT NULL DEFAULT 0,
    rating_score INTEGER CHECK (rating_score BETWEEN 0 AND 4),
    rating_comment TEXT,
    closed_at INTEGER, preview_number INTEGER,
    CHECK (state <> 'open' OR owner IS NOT NULL)) STRICT;

CREATE TABLE delay_batch (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    options TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'stopped')),
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE delay_notice (
    shop INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    parcel INTEGER NOT NULL,
    buyer INTEGER NOT NULL,
    due_date INTEGER NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'told', 'replied', 'done', 'failed', 'stopped')),
    why TEXT NOT NULL,
    conversation INTEGER,
    message INTEGER,
    told_at INTEGER,
    choice TEXT,
    reply TEXT NOT NULL,
    replied_at INTEGER,
    done_at INTEGER,
    done_by TEXT NOT NULL,
    PRIMARY KEY (shop, batch, parcel),
    FOREIGN KEY (shop, batch) REFERENCES delay_batch (shop, id),
    FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE draft (
    shop INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (shop, staff, conversation)) WITHOUT ROWID, STRICT;

CREATE TABLE event (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER,
    actor_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject INTEGER,
    body TEXT NOT NULL, reach TEXT,
    PRIMARY KEY (shop, number)) WITHOUT ROWID, STRICT;

CREATE TABLE follower (
    name TEXT NOT NULL,
    shop INTEGER NOT NULL REFERENCES shop (id),
    number INTEGER NOT NULL, fence INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (name, shop)) WITHOUT ROWID, STRICT;

CREATE TABLE imported_conversation (
    shop INTEGER NOT NULL REFERENCES shop (id),
    source TEXT NOT NULL CHECK (source <> ''),
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    PRIMARY KEY (shop, source)) WITHOUT ROWID, STRICT;

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL CHECK (fence > 0),
    taken_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL) STRICT;

CREATE TABLE login_attempt (
    kind TEXT NOT NULL CHECK (kind IN ('login', 'address')),
    name TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (kind, name)) WITHOUT ROWID, STRICT;

CREATE TABLE mention (
    shop INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (shop, staff, message)) WITHOUT ROWID, STRICT;

CREATE TABLE message (
    id INTEGER NOT NULL PRIMARY KEY,
    shop INTEGER NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    number INTEGER NOT NULL CHECK (number > 0),
    follows INTEGER NOT NULL,
    at INTEGER NOT NULL,
    key TEXT NOT NULL,
    digest INTEGER NOT NULL,
    author_kind TEXT NOT NULL,
    author_id INTEGER,
    author_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    text TEXT NOT NULL,
    reply_to INTEGER,
    extra TEXT,
    edited_at INTEGER,
    withdrawn INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE message_history (
    conversation INTEGER NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (conversation, number, version)) WITHOUT ROWID, STRICT;

CREATE VIRTUAL TABLE message_search USING fts5(
    tokens, content='', columnsize=0, detail='none', tokenize="ascii tokenchars '_'");

CREATE TABLE migration (
    number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL,
    digest INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;

CREATE TABLE parcel (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    order_id INTEGER,
    order_number TEXT NOT NULL,
    buyer INTEGER,
    buyer_name TEXT NOT NULL,
    warehouse INTEGER,
    carrier TEXT NOT NULL CHECK (carrier <> ''),
    waybill TEXT NOT NULL CHECK (waybill <> ''),
    from_province TEXT,
    from_city TEXT NOT NULL,
    to_province TEXT,
    to_city TEXT NOT NULL,
    route TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    paid_at INTEGER,
    promised_at INTEGER,
    state TEXT NOT NULL,
    unfinished INTEGER NOT NULL CHECK (unfinished IN (0, 1)),
    picked_up_at INTEGER,
    delivered_at INTEGER,
    last_event_at INTEGER,
    failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
    went_away INTEGER NOT NULL CHECK (went_away IN (0, 1)),
    last_province TEXT,
    last_city TEXT NOT NULL,
    claimed_at INTEGER,
    request TEXT,
    answer TEXT,
    request_note TEXT NOT NULL,
    problem TEXT,
    problem_since INTEGER,
    promise TEXT NOT NULL,
    watch_at INTEGER,
    ask_at INTEGER,
    told_at INTEGER,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE parcel_event (
    shop INTEGER NOT NULL,
    parcel INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    text TEXT NOT NULL,
    location TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (shop, parcel, digest),
    FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE parcel_line (
    shop INTEGER NOT NULL,
    parcel INTEGER NOT NULL,
    order_line INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (shop, parcel, order_line),
    FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE password (
    shop INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (shop, staff),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE pinned_note (
    id INTEGER NOT NULL PRIMARY KEY,
    shop INTEGER NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('customer', 'self')),
    buyer INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    number INTEGER,
    author INTEGER NOT NULL,
    author_name TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL) STRICT;

CREATE TABLE policy (
    shop INTEGER NOT NULL REFERENCES shop (id),
    version INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop, version)) WITHOUT ROWID, STRICT;

CREATE TABLE presence (
    shop INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    connected INTEGER NOT NULL,
    lost_at INTEGER,
    last_assigned INTEGER,
    PRIMARY KEY (shop, staff)) WITHOUT ROWID, STRICT;

CREATE TABLE presence_window (
    shop INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    node INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    PRIMARY KEY (shop, staff, node, fence)) WITHOUT ROWID, STRICT;

CREATE TABLE quick_phrase (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    staff INTEGER,
    shortcut TEXT NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    text TEXT NOT NULL CHECK (text <> ''),
    pinyin TEXT NOT NULL,
    initials TEXT NOT NULL,
    uses INTEGER NOT NULL CHECK (uses >= 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE recovery_code (
    shop INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    used_at INTEGER,
    PRIMARY KEY (shop, staff, hash),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE session (
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    ended_reason TEXT,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE shop (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL) STRICT;

CREATE TABLE shop_counter (
    shop INTEGER NOT NULL PRIMARY KEY REFERENCES shop (id),
    event INTEGER NOT NULL) STRICT;

CREATE TABLE shop_setting (
    shop INTEGER NOT NULL PRIMARY KEY REFERENCES shop (id),
    greeting TEXT NOT NULL,
    hours TEXT NOT NULL,
    origins TEXT NOT NULL,
    colours TEXT NOT NULL,
    identity_secret TEXT,
    identity_rotated_at INTEGER, texts TEXT NOT NULL DEFAULT '{}') STRICT;

CREATE TABLE staff (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    login TEXT NOT NULL UNIQUE CHECK (login <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    nickname TEXT NOT NULL,
    role TEXT NOT NULL,
    level TEXT NOT NULL,
    employment TEXT NOT NULL,
    department TEXT NOT NULL,
    cap INTEGER CHECK (cap BETWEEN 1 AND 200),
    suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
    added_at INTEGER NOT NULL,
    seen_at INTEGER,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE staff_group (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    PRIMARY KEY (shop, id),
    UNIQUE (shop, name)) WITHOUT ROWID, STRICT;

CREATE TABLE staff_group_member (
    shop INTEGER NOT NULL,
    staff_group INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    PRIMARY KEY (shop, staff_group, staff),
    FOREIGN KEY (shop, staff_group) REFERENCES staff_group (shop, id) ON DELETE CASCADE,
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE totp (
    shop INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    seed BLOB NOT NULL,
    enabled_at INTEGER,
    last_step INTEGER NOT NULL,
    PRIMARY KEY (shop, staff),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE upload (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    uploader_kind TEXT NOT NULL,
    uploader_id INTEGER NOT NULL,
    uploader_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    width INTEGER,
    height INTEGER,
    blob TEXT NOT NULL CHECK (length(blob) = 64),
    thumbnail TEXT CHECK (length(thumbnail) = 64),
    conversation INTEGER,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE INDEX audit_entry_of_actor ON audit_entry (shop, actor_id, number);

CREATE INDEX audit_entry_of_kind ON audit_entry (shop, kind, number);

CREATE INDEX buyer_by_contact ON buyer (shop, contact) WHERE contact <> '';

CREATE INDEX buyer_by_initials ON buyer (shop, name_initials);

CREATE INDEX buyer_by_name ON buyer (shop, name, contact);

CREATE INDEX buyer_by_pinyin ON buyer (shop, name_pinyin);

CREATE UNIQUE INDEX buyer_of_subject ON buyer (shop, external_subject)
    WHERE external_subject IS NOT NULL;

CREATE INDEX buyer_token_of_buyer ON buyer_token (shop, buyer);

CREATE INDEX carrier_ticket_deadline ON carrier_ticket (shop, state, deadline);

CREATE INDEX carrier_ticket_of_parcel ON carrier_ticket (shop, parcel);

CREATE INDEX carrier_ticket_opened ON carrier_ticket (shop, opened_at);

CREATE INDEX command_answer_age ON command_answer (at);

CREATE INDEX conversation_closed ON conversation (shop, closed_at) WHERE closed_at IS NOT NULL;

CREATE INDEX conversation_inbox ON conversation
    (shop, (waiting_since IS NULL), waiting_since, preview_at DESC, id DESC)
    WHERE state IN ('open', 'queued', 'snoozed');

CREATE INDEX conversation_of_buyer ON conversation (shop, buyer, opened_at);

CREATE INDEX conversation_of_owner ON conversation (shop, state, owner);

CREATE INDEX conversation_queued ON conversation (shop, queued_since) WHERE queued_since IS NOT NULL;

CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE INDEX delay_notice_told ON delay_notice (shop, buyer, told_at) WHERE state = 'told';

CREATE INDEX delay_notice_waiting ON delay_notice (shop, batch) WHERE state = 'waiting';

CREATE INDEX event_of_subject ON event (shop, subject, number);

CREATE INDEX login_attempt_by_time ON login_attempt (last_at);

CREATE UNIQUE INDEX message_key ON message (conversation, author_kind, author_id, key);

CREATE UNIQUE INDEX message_number ON message (conversation, number);

CREATE INDEX parcel_ask ON parcel (shop, ask_at) WHERE ask_at IS NOT NULL;

CREATE INDEX parcel_created ON parcel (shop, created_at);

CREATE INDEX parcel_line_of_order ON parcel_line (shop, order_line);

CREATE INDEX parcel_of_number ON parcel (shop, order_number);

CREATE INDEX parcel_of_order ON parcel (shop, order_id) WHERE order_id IS NOT NULL;

CREATE INDEX parcel_problem ON parcel (shop, problem, problem_since)
    WHERE problem IS NOT NULL;

CREATE INDEX parcel_promise ON parcel (shop, promise, promised_at)
    WHERE promise IN ('near', 'broken');

CREATE INDEX parcel_state ON parcel (shop, state, id);

CREATE INDEX parcel_unfinished ON parcel (shop, id) WHERE unfinished = 1;

CREATE INDEX parcel_watch ON parcel (shop, watch_at) WHERE watch_at IS NOT NULL;

CREATE UNIQUE INDEX parcel_waybill ON parcel (shop, waybill, carrier);

CREATE INDEX pinned_note_of_buyer ON pinned_note (shop, buyer);

CREATE INDEX quick_phrase_of_staff ON quick_phrase (shop, staff);

CREATE UNIQUE INDEX quick_phrase_own_shortcut ON quick_phrase (shop, staff, shortcut)
    WHERE staff IS NOT NULL AND shortcut <> '';

CREATE UNIQUE INDEX quick_phrase_shop_shortcut ON quick_phrase (shop, shortcut)
    WHERE staff IS NULL AND shortcut <> '';

CREATE INDEX session_of_staff ON session (shop, staff, ended_at);

CREATE INDEX staff_group_of_staff ON staff_group_member (shop, staff);

CREATE INDEX upload_of_blob ON upload (blob);

CREATE INDEX upload_of_thumbnail ON upload (thumbnail) WHERE thumbnail IS NOT NULL;

CREATE INDEX upload_of_uploader ON upload (shop, uploader_kind, uploader_id, at);

CREATE INDEX upload_unclaimed ON upload (at) WHERE conversation IS NULL;
