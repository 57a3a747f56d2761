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

CREATE TABLE category (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    parent INTEGER,
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT NOT NULL,
    sort INTEGER NOT NULL,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

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

CREATE TABLE freight_template (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    rules TEXT NOT NULL,
    free_from INTEGER,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE hold (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    warehouse INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    conversation INTEGER,
    buyer INTEGER,
    until INTEGER NOT NULL,
    "by" INTEGER,
    state TEXT NOT NULL CHECK (state IN ('held', 'used', 'expired', 'released')),
    order_line INTEGER,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE import_batch (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    blob TEXT NOT NULL,
    form TEXT NOT NULL,
    encoding TEXT NOT NULL,
    header_row INTEGER NOT NULL,
    headers TEXT NOT NULL,
    mapping TEXT NOT NULL,
    state TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    staff INTEGER,
    staff_name TEXT NOT NULL,
    rows_total INTEGER,
    rows_done INTEGER NOT NULL CHECK (rows_done >= 0),
    tally TEXT NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    problem TEXT,
    chunks INTEGER NOT NULL CHECK (chunks >= 0),
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE import_change (
    shop INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    made TEXT NOT NULL,
    changed TEXT NOT NULL,
    PRIMARY KEY (shop, batch, number),
    FOREIGN KEY (shop, batch) REFERENCES import_batch (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE import_fault (
    shop INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    row_number INTEGER NOT NULL,
    header TEXT NOT NULL,
    code TEXT NOT NULL,
    message_zh TEXT NOT NULL,
    message_en TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (shop, batch, number),
    FOREIGN KEY (shop, batch) REFERENCES import_batch (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE import_mapping (
    shop INTEGER NOT NULL REFERENCES shop (id),
    signature TEXT NOT NULL,
    mapping TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    staff INTEGER,
    PRIMARY KEY (shop, signature)) WITHOUT ROWID, STRICT;

CREATE TABLE imported_conversation (
    shop INTEGER NOT NULL REFERENCES shop (id),
    source TEXT NOT NULL CHECK (source <> ''),
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    PRIMARY KEY (shop, source)) WITHOUT ROWID, STRICT;

CREATE TABLE item (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    number TEXT NOT NULL CHECK (number <> ''),
    outer_id TEXT NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    category INTEGER,
    state TEXT NOT NULL,
    selling_points TEXT NOT NULL,
    attributes TEXT NOT NULL,
    size_chart TEXT NOT NULL,
    faq TEXT NOT NULL,
    image TEXT NOT NULL,
    freight_template INTEGER,
    price_from INTEGER,
    found_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL CHECK (fence > 0),
    taken_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL) STRICT;

CREATE TABLE listing_mistake (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    item INTEGER NOT NULL,
    part TEXT NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    reported_by INTEGER NOT NULL,
    reported_at INTEGER NOT NULL,
    resolved_by INTEGER,
    resolved_at INTEGER,
    answer TEXT,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, item) REFERENCES item (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE login_attempt (
    kind TEXT NOT NULL CHECK (kind IN ('login', 'address')),
    name TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (kind, name)) WITHOUT ROWID, STRICT;

CREATE TABLE lot (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    warehouse INTEGER NOT NULL,
    code TEXT NOT NULL CHECK (code <> ''),
    made_on INTEGER,
    expires_on INTEGER,
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, warehouse) REFERENCES warehouse (shop, id)) WITHOUT ROWID, STRICT;

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

CREATE TABLE order_line (
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    item INTEGER,
    sku INTEGER,
    title TEXT NOT NULL,
    sku_name TEXT NOT NULL,
    outer_id TEXT NOT NULL,
    price INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    discount INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    state TEXT NOT NULL,
    refund_state TEXT NOT NULL,
    refunded INTEGER NOT NULL,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE order_reminder (
    shop INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    staff INTEGER,
    conversation INTEGER NOT NULL,
    PRIMARY KEY (shop, order_id, number),
    FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE orders (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    number TEXT NOT NULL CHECK (number <> ''),
    source TEXT NOT NULL,
    buyer INTEGER,
    buyer_nick TEXT NOT NULL,
    state TEXT NOT NULL,
    step TEXT,
    close_reason TEXT,
    created_at INTEGER NOT NULL,
    pay_by INTEGER,
    paid_at INTEGER,
    ship_by INTEGER,
    shipped_at INTEGER,
    receipt_by INTEGER,
    completed_at INTEGER,
    closed_at INTEGER,
    goods INTEGER NOT NULL,
    freight INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    payable INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    deposit INTEGER,
    receiver_name TEXT NOT NULL,
    receiver_mobile TEXT NOT NULL,
    receiver_region TEXT NOT NULL,
    receiver_city TEXT NOT NULL,
    receiver_district TEXT NOT NULL,
    receiver_detail TEXT NOT NULL,
    receiver_zip TEXT NOT NULL,
    buyer_message TEXT NOT NULL,
    memo TEXT NOT NULL,
    flag INTEGER NOT NULL CHECK (flag BETWEEN 0 AND 5),
    owner INTEGER,
    outcome TEXT,
    suspicious INTEGER NOT NULL DEFAULT 0,
    evidence TEXT,
    source_updated_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

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

CREATE TABLE payment (
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pay', 'deposit', 'balance', 'refund')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    channel TEXT NOT NULL,
    reference TEXT NOT NULL,
    simulated INTEGER NOT NULL,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id)) WITHOUT ROWID, STRICT;

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

CREATE TABLE proxy_purchase (
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    upstream_shop TEXT NOT NULL,
    upstream_order TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price >= 0),
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id)) WITHOUT ROWID, STRICT;

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

CREATE TABLE reservation (
    shop INTEGER NOT NULL REFERENCES shop (id),
    order_line INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    warehouse INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    state TEXT NOT NULL CHECK (state IN ('reserved', 'committed', 'released')),
    at INTEGER NOT NULL,
    PRIMARY KEY (shop, order_line)) WITHOUT ROWID, STRICT;

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

CREATE TABLE sku (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    item INTEGER NOT NULL,
    outer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price >= 0),
    list_price INTEGER,
    barcode TEXT NOT NULL,
    active INTEGER NOT NULL,
    sort INTEGER NOT NULL,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, item) REFERENCES item (shop, id)) WITHOUT ROWID, STRICT;

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

CREATE TABLE stock (
    shop INTEGER NOT NULL REFERENCES shop (id),
    sku INTEGER NOT NULL,
    warehouse INTEGER NOT NULL,
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    low_at INTEGER,
    PRIMARY KEY (shop, sku, warehouse),
    CHECK (reserved + held <= on_hand),
    FOREIGN KEY (shop, warehouse) REFERENCES warehouse (shop, id)) WITHOUT ROWID, STRICT;

CREATE TABLE stock_act (
    shop INTEGER NOT NULL REFERENCES shop (id),
    sku INTEGER NOT NULL,
    act_key TEXT NOT NULL CHECK (act_key <> ''),
    at INTEGER NOT NULL,
    PRIMARY KEY (shop, sku, act_key)) WITHOUT ROWID, STRICT;

CREATE TABLE stock_movement (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    warehouse INTEGER NOT NULL,
    lot INTEGER,
    kind TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity <> 0),
    on_hand_after INTEGER NOT NULL CHECK (on_hand_after >= 0),
    reason TEXT NOT NULL DEFAULT '',
    order_line INTEGER,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (shop, id)) WITHOUT ROWID, STRICT;

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

CREATE TABLE warehouse (
    shop INTEGER NOT NULL REFERENCES shop (id),
    id INTEGER NOT NULL,
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    region TEXT NOT NULL DEFAULT '',
    cut_off INTEGER CHECK (cut_off BETWEEN 0 AND 1439),
    active INTEGER NOT NULL DEFAULT 1,
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

CREATE INDEX hold_of_conversation ON hold (shop, conversation) WHERE state = 'held';

CREATE INDEX hold_open ON hold (shop, until) WHERE state = 'held';

CREATE INDEX import_batch_of_blob ON import_batch (blob);

CREATE INDEX import_batch_running ON import_batch (state) WHERE state IN ('checking', 'importing', 'undoing');

CREATE UNIQUE INDEX item_number ON item (shop, number);

CREATE INDEX item_of_category ON item (shop, category, id);

CREATE INDEX listing_mistake_of_item ON listing_mistake (shop, item, id);

CREATE INDEX login_attempt_by_time ON login_attempt (last_at);

CREATE INDEX lot_by_date ON lot (shop, expires_on)
    WHERE on_hand > 0 AND expires_on IS NOT NULL;

CREATE UNIQUE INDEX lot_code ON lot (shop, sku, warehouse, code);

CREATE UNIQUE INDEX message_key ON message (key, conversation, author_kind, author_id);

CREATE UNIQUE INDEX message_number ON message (conversation, number);

CREATE INDEX order_line_item ON order_line (shop, item) WHERE item IS NOT NULL;

CREATE INDEX order_line_of_order ON order_line (shop, order_id, id);

CREATE INDEX order_line_title ON order_line (shop, title);

CREATE INDEX orders_mobile_tail ON orders
    (shop, (substr(receiver_mobile, length(receiver_mobile) - 3)), created_at);

CREATE INDEX orders_nick ON orders (shop, buyer_nick, created_at);

CREATE UNIQUE INDEX orders_number ON orders (shop, number);

CREATE INDEX orders_of_buyer ON orders (shop, buyer, created_at, id) WHERE buyer IS NOT NULL;

CREATE INDEX orders_of_owner ON orders (shop, owner, created_at, id) WHERE owner IS NOT NULL;

CREATE INDEX orders_receipt ON orders (shop, receipt_by) WHERE receipt_by IS NOT NULL;

CREATE INDEX orders_state ON orders (shop, state, created_at, id);

CREATE INDEX orders_suspicious ON orders (shop, created_at, id) WHERE suspicious = 1;

CREATE INDEX orders_time ON orders (shop, created_at, id);

CREATE INDEX orders_unpaid ON orders (shop, (coalesce(pay_by, 9007199254740991)), id)
    WHERE state = 'awaitingPayment';

CREATE INDEX orders_unshipped ON orders (shop, (coalesce(ship_by, 9007199254740991)), id)
    WHERE state IN ('awaitingShipment', 'partlyShipped');

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

CREATE INDEX parcel_told ON parcel (shop, told_at) WHERE told_at IS NOT NULL;

CREATE INDEX parcel_unfinished ON parcel (shop, id) WHERE unfinished = 1;

CREATE INDEX parcel_watch ON parcel (shop, watch_at) WHERE watch_at IS NOT NULL;

CREATE UNIQUE INDEX parcel_waybill ON parcel (shop, waybill, carrier);

CREATE INDEX payment_of_order ON payment (shop, order_id);

CREATE INDEX payment_time ON payment (shop, at, id);

CREATE INDEX pinned_note_of_buyer ON pinned_note (shop, buyer);

CREATE INDEX proxy_purchase_of_order ON proxy_purchase (shop, order_id);

CREATE INDEX proxy_purchase_open ON proxy_purchase (shop, updated_at)
    WHERE state IN ('toBuy', 'bought', 'shipped');

CREATE INDEX quick_phrase_of_staff ON quick_phrase (shop, staff);

CREATE UNIQUE INDEX quick_phrase_own_shortcut ON quick_phrase (shop, staff, shortcut)
    WHERE staff IS NOT NULL AND shortcut <> '';

CREATE UNIQUE INDEX quick_phrase_shop_shortcut ON quick_phrase (shop, shortcut)
    WHERE staff IS NULL AND shortcut <> '';

CREATE INDEX session_of_staff ON session (shop, staff, ended_at);

CREATE INDEX sku_of_item ON sku (shop, item, sort);

CREATE UNIQUE INDEX sku_outer_id ON sku (shop, outer_id) WHERE outer_id <> '';

CREATE INDEX staff_group_of_staff ON staff_group_member (shop, staff);

CREATE INDEX stock_low ON stock (shop, sku, warehouse)
    WHERE low_at IS NOT NULL AND on_hand - reserved - held <= low_at;

CREATE INDEX stock_movement_of_line ON stock_movement (shop, order_line)
    WHERE order_line IS NOT NULL;

CREATE INDEX stock_movement_of_sku ON stock_movement (shop, sku, id);

CREATE INDEX stock_of_warehouse ON stock (shop, warehouse);

CREATE INDEX upload_of_blob ON upload (blob);

CREATE INDEX upload_of_thumbnail ON upload (thumbnail) WHERE thumbnail IS NOT NULL;

CREATE INDEX upload_of_uploader ON upload (shop, uploader_kind, uploader_id, at);

CREATE INDEX upload_unclaimed ON upload (at) WHERE conversation IS NULL;

CREATE UNIQUE INDEX warehouse_code ON warehouse (shop, code);
