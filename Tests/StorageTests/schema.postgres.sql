CREATE TABLE api_token (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    staff bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    prefix text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    scopes text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    used_at bigint,
    revoked_at bigint,
    CHECK ((length(hash) = 32)),
    CHECK ((name <> ''::text)),
    FOREIGN KEY (shop, staff) REFERENCES staff(shop, id),
    PRIMARY KEY (shop, id),
    UNIQUE (hash));

CREATE TABLE audit_entry (
    shop bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    actor_id bigint,
    FOREIGN KEY (shop) REFERENCES shop(id),
    FOREIGN KEY (shop, number) REFERENCES event(shop, number),
    PRIMARY KEY (shop, number));

CREATE TABLE blob (
    key text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    kept_at bigint NOT NULL,
    CHECK ((length(key) = 64)),
    PRIMARY KEY (key));

CREATE TABLE blob_part (
    key text COLLATE "C" NOT NULL,
    part bigint NOT NULL,
    bytes bytea NOT NULL,
    FOREIGN KEY (key) REFERENCES blob(key),
    PRIMARY KEY (key, part));

CREATE TABLE buyer (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_pinyin text COLLATE "C" NOT NULL,
    name_initials text COLLATE "C" NOT NULL,
    contact text COLLATE "C" NOT NULL,
    external_subject text COLLATE "C",
    attributes text COLLATE "C" NOT NULL,
    verified bigint NOT NULL,
    created_at bigint NOT NULL,
    CHECK ((verified = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE buyer_search (
    id bigint NOT NULL,
    tokens tsvector NOT NULL,
    PRIMARY KEY (id));

CREATE TABLE buyer_token (
    shop bigint NOT NULL,
    hash bytea NOT NULL,
    buyer bigint NOT NULL,
    created_at bigint NOT NULL,
    last_used bigint NOT NULL,
    CHECK ((length(hash) = 32)),
    FOREIGN KEY (shop, buyer) REFERENCES buyer(shop, id),
    PRIMARY KEY (hash));

CREATE TABLE carrier (
    shop bigint NOT NULL,
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    needs_phone bigint NOT NULL,
    collect_hours bigint,
    stuck_hours bigint,
    not_served text COLLATE "C" NOT NULL,
    active bigint NOT NULL,
    changed_at bigint NOT NULL,
    CHECK ((active = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CHECK ((code <> ''::text)),
    CHECK ((collect_hours > 0)),
    CHECK ((name <> ''::text)),
    CHECK ((needs_phone = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CHECK ((stuck_hours > 0)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, code));

CREATE TABLE carrier_ticket (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    parcel bigint NOT NULL,
    carrier text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    deadline bigint NOT NULL,
    claim bigint NOT NULL,
    paid bigint NOT NULL,
    opened_at bigint NOT NULL,
    opened_by text COLLATE "C" NOT NULL,
    answer text COLLATE "C" NOT NULL,
    answered_at bigint,
    closed_at bigint,
    CHECK (((paid >= 0) AND (paid <= claim))),
    CHECK ((claim >= 0)),
    CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'settled'::text, 'closed'::text]))),
    FOREIGN KEY (shop, parcel) REFERENCES parcel(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE category (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    parent bigint,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    sort bigint NOT NULL,
    CHECK ((name <> ''::text)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE command_answer (
    shop bigint NOT NULL,
    actor_kind text COLLATE "C" NOT NULL,
    actor bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest bigint NOT NULL,
    answer text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (shop, actor_kind, actor, key));

CREATE TABLE conversation (
    id bigint NOT NULL,
    shop bigint NOT NULL,
    buyer bigint NOT NULL,
    buyer_name text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    opened_at bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    owner bigint,
    owner_name text COLLATE "C",
    group_id bigint,
    assigned_reason text COLLATE "C",
    assigned_zh text COLLATE "C",
    assigned_en text COLLATE "C",
    assigned_at bigint,
    queued_since bigint,
    last_number bigint NOT NULL DEFAULT 0,
    last_public bigint NOT NULL DEFAULT 0,
    waiting_since bigint,
    preview_text text COLLATE "C",
    preview_kind text COLLATE "C",
    preview_from text COLLATE "C",
    preview_at bigint,
    read_by_agent bigint NOT NULL DEFAULT 0,
    read_by_buyer bigint NOT NULL DEFAULT 0,
    delivered_to_buyer bigint NOT NULL DEFAULT 0,
    unread bigint NOT NULL DEFAULT 0,
    tags text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    snoozed_until bigint,
    snooze_note text COLLATE "C",
    merged_into bigint,
    rating_invited bigint NOT NULL DEFAULT 0,
    rating_score bigint,
    rating_comment text COLLATE "C",
    closed_at bigint,
    preview_number bigint,
    CHECK (((rating_score >= 0) AND (rating_score <= 4))),
    CHECK (((state <> 'open'::text) OR (owner IS NOT NULL))),
    CHECK ((state = ANY (ARRAY['queued'::text, 'open'::text, 'snoozed'::text, 'closed'::text]))),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (id));

CREATE TABLE delay_batch (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    at bigint NOT NULL,
    staff bigint NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    options text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    CHECK ((state = ANY (ARRAY['sending'::text, 'sent'::text, 'stopped'::text]))),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE delay_notice (
    shop bigint NOT NULL,
    batch bigint NOT NULL,
    parcel bigint NOT NULL,
    buyer bigint NOT NULL,
    due_date bigint NOT NULL,
    text text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    conversation bigint,
    message bigint,
    told_at bigint,
    choice text COLLATE "C",
    reply text COLLATE "C" NOT NULL,
    replied_at bigint,
    done_at bigint,
    done_by text COLLATE "C" NOT NULL,
    CHECK ((state = ANY (ARRAY['waiting'::text, 'told'::text, 'replied'::text, 'done'::text, 'failed'::text, 'stopped'::text]))),
    FOREIGN KEY (shop, batch) REFERENCES delay_batch(shop, id),
    FOREIGN KEY (shop, parcel) REFERENCES parcel(shop, id),
    PRIMARY KEY (shop, batch, parcel));

CREATE TABLE draft (
    shop bigint NOT NULL,
    staff bigint NOT NULL,
    conversation bigint NOT NULL,
    text text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (shop, staff, conversation));

CREATE TABLE event (
    shop bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    actor_kind text COLLATE "C" NOT NULL,
    actor_id bigint,
    actor_name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject bigint,
    body text COLLATE "C" NOT NULL,
    reach text COLLATE "C",
    PRIMARY KEY (shop, number));

CREATE TABLE follower (
    name text COLLATE "C" NOT NULL,
    shop bigint NOT NULL,
    number bigint NOT NULL,
    fence bigint NOT NULL DEFAULT 0,
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (name, shop));

CREATE TABLE freight_template (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    rules text COLLATE "C" NOT NULL,
    free_from bigint,
    CHECK ((name <> ''::text)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE hold (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    sku bigint NOT NULL,
    warehouse bigint NOT NULL,
    quantity bigint NOT NULL,
    conversation bigint,
    buyer bigint,
    until bigint NOT NULL,
    by bigint,
    state text COLLATE "C" NOT NULL,
    order_line bigint,
    CHECK ((quantity > 0)),
    CHECK ((state = ANY (ARRAY['held'::text, 'used'::text, 'expired'::text, 'released'::text]))),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE import_batch (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    blob text COLLATE "C" NOT NULL,
    form text COLLATE "C" NOT NULL,
    encoding text COLLATE "C" NOT NULL,
    header_row bigint NOT NULL,
    headers text COLLATE "C" NOT NULL,
    mapping text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    taken_at bigint NOT NULL,
    created_at bigint NOT NULL,
    staff bigint,
    staff_name text COLLATE "C" NOT NULL,
    rows_total bigint,
    rows_done bigint NOT NULL,
    tally text COLLATE "C" NOT NULL,
    started_at bigint,
    finished_at bigint,
    problem text COLLATE "C",
    chunks bigint NOT NULL,
    CHECK ((chunks >= 0)),
    CHECK ((rows_done >= 0)),
    CHECK ((size >= 0)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE import_change (
    shop bigint NOT NULL,
    batch bigint NOT NULL,
    number bigint NOT NULL,
    made text COLLATE "C" NOT NULL,
    changed text COLLATE "C" NOT NULL,
    FOREIGN KEY (shop, batch) REFERENCES import_batch(shop, id),
    PRIMARY KEY (shop, batch, number));

CREATE TABLE import_fault (
    shop bigint NOT NULL,
    batch bigint NOT NULL,
    number bigint NOT NULL,
    row_number bigint NOT NULL,
    header text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    message_zh text COLLATE "C" NOT NULL,
    message_en text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    FOREIGN KEY (shop, batch) REFERENCES import_batch(shop, id),
    PRIMARY KEY (shop, batch, number));

CREATE TABLE import_mapping (
    shop bigint NOT NULL,
    signature text COLLATE "C" NOT NULL,
    mapping text COLLATE "C" NOT NULL,
    changed_at bigint NOT NULL,
    staff bigint,
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, signature));

CREATE TABLE imported_conversation (
    shop bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    conversation bigint NOT NULL,
    CHECK ((source <> ''::text)),
    FOREIGN KEY (conversation) REFERENCES conversation(id),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, source));

CREATE TABLE item (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    number text COLLATE "C" NOT NULL,
    outer_id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    category bigint,
    state text COLLATE "C" NOT NULL,
    selling_points text COLLATE "C" NOT NULL,
    attributes text COLLATE "C" NOT NULL,
    size_chart text COLLATE "C" NOT NULL,
    faq text COLLATE "C" NOT NULL,
    image text COLLATE "C" NOT NULL,
    freight_template bigint,
    price_from bigint,
    found_by text COLLATE "C" NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    CHECK ((number <> ''::text)),
    CHECK ((title <> ''::text)),
    CHECK ((version >= 1)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE lease (
    name text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    fence bigint NOT NULL,
    taken_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CHECK ((fence > 0)),
    PRIMARY KEY (name));

CREATE TABLE listing_mistake (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    item bigint NOT NULL,
    part text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    reported_by bigint NOT NULL,
    reported_at bigint NOT NULL,
    resolved_by bigint,
    resolved_at bigint,
    answer text COLLATE "C",
    CHECK ((text <> ''::text)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    FOREIGN KEY (shop, item) REFERENCES item(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE login_attempt (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    failures bigint NOT NULL,
    last_at bigint NOT NULL,
    CHECK ((kind = ANY (ARRAY['login'::text, 'address'::text]))),
    PRIMARY KEY (kind, name));

CREATE TABLE lot (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    sku bigint NOT NULL,
    warehouse bigint NOT NULL,
    code text COLLATE "C" NOT NULL,
    made_on bigint,
    expires_on bigint,
    on_hand bigint NOT NULL,
    CHECK ((code <> ''::text)),
    CHECK ((on_hand >= 0)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    FOREIGN KEY (shop, warehouse) REFERENCES warehouse(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE mention (
    shop bigint NOT NULL,
    staff bigint NOT NULL,
    conversation bigint NOT NULL,
    message bigint NOT NULL,
    PRIMARY KEY (shop, staff, message));

CREATE TABLE message (
    id bigint NOT NULL,
    shop bigint NOT NULL,
    conversation bigint NOT NULL,
    number bigint NOT NULL,
    follows bigint NOT NULL,
    at bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest bigint NOT NULL,
    author_kind text COLLATE "C" NOT NULL,
    author_id bigint,
    author_name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    audience text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    reply_to bigint,
    extra text COLLATE "C",
    edited_at bigint,
    withdrawn bigint NOT NULL DEFAULT 0,
    CHECK ((number > 0)),
    FOREIGN KEY (conversation) REFERENCES conversation(id),
    PRIMARY KEY (id));

CREATE TABLE message_history (
    conversation bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    text text COLLATE "C" NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (conversation, number, version));

CREATE TABLE message_search (
    id bigint NOT NULL,
    tokens tsvector NOT NULL,
    PRIMARY KEY (id));

CREATE TABLE migration (
    number bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    digest bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (number));

CREATE TABLE order_line (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    number text COLLATE "C" NOT NULL,
    item bigint,
    sku bigint,
    title text COLLATE "C" NOT NULL,
    sku_name text COLLATE "C" NOT NULL,
    outer_id text COLLATE "C" NOT NULL,
    price bigint NOT NULL,
    quantity bigint NOT NULL,
    discount bigint NOT NULL,
    paid bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    refund_state text COLLATE "C" NOT NULL,
    refunded bigint NOT NULL,
    CHECK ((quantity >= 0)),
    FOREIGN KEY (shop, order_id) REFERENCES orders(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE order_reminder (
    shop bigint NOT NULL,
    order_id bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    staff bigint,
    conversation bigint NOT NULL,
    FOREIGN KEY (shop, order_id) REFERENCES orders(shop, id),
    PRIMARY KEY (shop, order_id, number));

CREATE TABLE orders (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    number text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    buyer bigint,
    buyer_nick text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    step text COLLATE "C",
    close_reason text COLLATE "C",
    created_at bigint NOT NULL,
    pay_by bigint,
    paid_at bigint,
    ship_by bigint,
    shipped_at bigint,
    receipt_by bigint,
    completed_at bigint,
    closed_at bigint,
    goods bigint NOT NULL,
    freight bigint NOT NULL,
    discount bigint NOT NULL,
    payable bigint NOT NULL,
    paid bigint NOT NULL,
    refunded bigint NOT NULL,
    deposit bigint,
    receiver_name text COLLATE "C" NOT NULL,
    receiver_mobile text COLLATE "C" NOT NULL,
    receiver_region text COLLATE "C" NOT NULL,
    receiver_city text COLLATE "C" NOT NULL,
    receiver_district text COLLATE "C" NOT NULL,
    receiver_detail text COLLATE "C" NOT NULL,
    receiver_zip text COLLATE "C" NOT NULL,
    buyer_message text COLLATE "C" NOT NULL,
    memo text COLLATE "C" NOT NULL,
    flag bigint NOT NULL,
    owner bigint,
    outcome text COLLATE "C",
    suspicious bigint NOT NULL DEFAULT 0,
    evidence text COLLATE "C",
    source_updated_at bigint,
    version bigint NOT NULL DEFAULT 1,
    CHECK (((flag >= 0) AND (flag <= 5))),
    CHECK ((number <> ''::text)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE parcel (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    order_id bigint,
    order_number text COLLATE "C" NOT NULL,
    buyer bigint,
    buyer_name text COLLATE "C" NOT NULL,
    warehouse bigint,
    carrier text COLLATE "C" NOT NULL,
    waybill text COLLATE "C" NOT NULL,
    from_province text COLLATE "C",
    from_city text COLLATE "C" NOT NULL,
    to_province text COLLATE "C",
    to_city text COLLATE "C" NOT NULL,
    route text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    paid_at bigint,
    promised_at bigint,
    state text COLLATE "C" NOT NULL,
    unfinished bigint NOT NULL,
    picked_up_at bigint,
    delivered_at bigint,
    last_event_at bigint,
    failed_attempts bigint NOT NULL,
    went_away bigint NOT NULL,
    last_province text COLLATE "C",
    last_city text COLLATE "C" NOT NULL,
    claimed_at bigint,
    request text COLLATE "C",
    answer text COLLATE "C",
    request_note text COLLATE "C" NOT NULL,
    problem text COLLATE "C",
    problem_since bigint,
    promise text COLLATE "C" NOT NULL,
    watch_at bigint,
    ask_at bigint,
    told_at bigint,
    CHECK ((carrier <> ''::text)),
    CHECK ((failed_attempts >= 0)),
    CHECK ((unfinished = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CHECK ((waybill <> ''::text)),
    CHECK ((went_away = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE parcel_event (
    shop bigint NOT NULL,
    parcel bigint NOT NULL,
    digest bigint NOT NULL,
    at bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    location text COLLATE "C" NOT NULL,
    received_at bigint NOT NULL,
    FOREIGN KEY (shop, parcel) REFERENCES parcel(shop, id),
    PRIMARY KEY (shop, parcel, digest));

CREATE TABLE parcel_line (
    shop bigint NOT NULL,
    parcel bigint NOT NULL,
    order_line bigint NOT NULL,
    quantity bigint NOT NULL,
    CHECK ((quantity > 0)),
    FOREIGN KEY (shop, parcel) REFERENCES parcel(shop, id),
    PRIMARY KEY (shop, parcel, order_line));

CREATE TABLE password (
    shop bigint NOT NULL,
    staff bigint NOT NULL,
    hash text COLLATE "C" NOT NULL,
    changed_at bigint NOT NULL,
    FOREIGN KEY (shop, staff) REFERENCES staff(shop, id),
    PRIMARY KEY (shop, staff));

CREATE TABLE payment (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    at bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    channel text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    simulated bigint NOT NULL,
    CHECK ((amount > 0)),
    CHECK ((kind = ANY (ARRAY['pay'::text, 'deposit'::text, 'balance'::text, 'refund'::text]))),
    FOREIGN KEY (shop, order_id) REFERENCES orders(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE pinned_note (
    id bigint NOT NULL,
    shop bigint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    buyer bigint NOT NULL,
    conversation bigint NOT NULL,
    number bigint,
    author bigint NOT NULL,
    author_name text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    CHECK ((scope = ANY (ARRAY['customer'::text, 'self'::text]))),
    PRIMARY KEY (id));

CREATE TABLE policy (
    shop bigint NOT NULL,
    version bigint NOT NULL,
    effective_at bigint NOT NULL,
    body text COLLATE "C" NOT NULL,
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, version));

CREATE TABLE presence (
    shop bigint NOT NULL,
    staff bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    connected bigint NOT NULL,
    lost_at bigint,
    last_assigned bigint,
    PRIMARY KEY (shop, staff));

CREATE TABLE presence_window (
    shop bigint NOT NULL,
    staff bigint NOT NULL,
    node bigint NOT NULL,
    fence bigint NOT NULL,
    PRIMARY KEY (shop, staff, node, fence));

CREATE TABLE proxy_purchase (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    upstream_shop text COLLATE "C" NOT NULL,
    upstream_order text COLLATE "C" NOT NULL,
    price bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    updated_at bigint NOT NULL,
    CHECK ((price >= 0)),
    FOREIGN KEY (shop, order_id) REFERENCES orders(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE quick_phrase (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    staff bigint,
    shortcut text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    pinyin text COLLATE "C" NOT NULL,
    initials text COLLATE "C" NOT NULL,
    uses bigint NOT NULL,
    version bigint NOT NULL,
    changed_at bigint NOT NULL,
    CHECK ((text <> ''::text)),
    CHECK ((title <> ''::text)),
    CHECK ((uses >= 0)),
    CHECK ((version >= 1)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    FOREIGN KEY (shop, staff) REFERENCES staff(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE recovery_code (
    shop bigint NOT NULL,
    staff bigint NOT NULL,
    hash bytea NOT NULL,
    used_at bigint,
    CHECK ((length(hash) = 32)),
    FOREIGN KEY (shop, staff) REFERENCES staff(shop, id),
    PRIMARY KEY (shop, staff, hash));

CREATE TABLE reservation (
    shop bigint NOT NULL,
    order_line bigint NOT NULL,
    sku bigint NOT NULL,
    warehouse bigint NOT NULL,
    quantity bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    CHECK ((quantity > 0)),
    CHECK ((state = ANY (ARRAY['reserved'::text, 'committed'::text, 'released'::text]))),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, order_line));

CREATE TABLE session (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    staff bigint NOT NULL,
    hash bytea NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    address text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    ended_at bigint,
    ended_by text COLLATE "C",
    ended_reason text COLLATE "C",
    CHECK ((length(hash) = 32)),
    FOREIGN KEY (shop, staff) REFERENCES staff(shop, id),
    PRIMARY KEY (shop, id),
    UNIQUE (hash));

CREATE TABLE shop (
    id bigint NOT NULL,
    slug text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (slug));

CREATE TABLE shop_counter (
    shop bigint NOT NULL,
    event bigint NOT NULL,
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop));

CREATE TABLE shop_setting (
    shop bigint NOT NULL,
    greeting text COLLATE "C" NOT NULL,
    hours text COLLATE "C" NOT NULL,
    origins text COLLATE "C" NOT NULL,
    colours text COLLATE "C" NOT NULL,
    identity_secret text COLLATE "C",
    identity_rotated_at bigint,
    texts text NOT NULL DEFAULT '{}'::text,
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop));

CREATE TABLE sku (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    item bigint NOT NULL,
    outer_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    attributes text COLLATE "C" NOT NULL,
    price bigint NOT NULL,
    list_price bigint,
    barcode text COLLATE "C" NOT NULL,
    active bigint NOT NULL,
    sort bigint NOT NULL,
    CHECK ((price >= 0)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    FOREIGN KEY (shop, item) REFERENCES item(shop, id),
    PRIMARY KEY (shop, id));

CREATE TABLE staff (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    login text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    nickname text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    level text COLLATE "C" NOT NULL,
    employment text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    cap bigint,
    suspended bigint NOT NULL,
    added_at bigint NOT NULL,
    seen_at bigint,
    CHECK (((cap >= 1) AND (cap <= 200))),
    CHECK ((login <> ''::text)),
    CHECK ((name <> ''::text)),
    CHECK ((suspended = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id),
    UNIQUE (login));

CREATE TABLE staff_group (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    CHECK ((name <> ''::text)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id),
    UNIQUE (shop, name));

CREATE TABLE staff_group_member (
    shop bigint NOT NULL,
    staff_group bigint NOT NULL,
    staff bigint NOT NULL,
    FOREIGN KEY (shop, staff) REFERENCES staff(shop, id),
    FOREIGN KEY (shop, staff_group) REFERENCES staff_group(shop, id) ON DELETE CASCADE,
    PRIMARY KEY (shop, staff_group, staff));

CREATE TABLE stock (
    shop bigint NOT NULL,
    sku bigint NOT NULL,
    warehouse bigint NOT NULL,
    on_hand bigint NOT NULL,
    reserved bigint NOT NULL DEFAULT 0,
    held bigint NOT NULL DEFAULT 0,
    low_at bigint,
    CHECK (((reserved + held) <= on_hand)),
    CHECK ((held >= 0)),
    CHECK ((on_hand >= 0)),
    CHECK ((reserved >= 0)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    FOREIGN KEY (shop, warehouse) REFERENCES warehouse(shop, id),
    PRIMARY KEY (shop, sku, warehouse));

CREATE TABLE stock_act (
    shop bigint NOT NULL,
    sku bigint NOT NULL,
    act_key text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    CHECK ((act_key <> ''::text)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, sku, act_key));

CREATE TABLE stock_movement (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    sku bigint NOT NULL,
    warehouse bigint NOT NULL,
    lot bigint,
    kind text COLLATE "C" NOT NULL,
    quantity bigint NOT NULL,
    on_hand_after bigint NOT NULL,
    reason text COLLATE "C" NOT NULL DEFAULT ''::text,
    order_line bigint,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL DEFAULT ''::text,
    CHECK ((on_hand_after >= 0)),
    CHECK ((quantity <> 0)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE totp (
    shop bigint NOT NULL,
    staff bigint NOT NULL,
    seed bytea NOT NULL,
    enabled_at bigint,
    last_step bigint NOT NULL,
    FOREIGN KEY (shop, staff) REFERENCES staff(shop, id),
    PRIMARY KEY (shop, staff));

CREATE TABLE upload (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    uploader_kind text COLLATE "C" NOT NULL,
    uploader_id bigint NOT NULL,
    uploader_name text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    width bigint,
    height bigint,
    blob text COLLATE "C" NOT NULL,
    thumbnail text COLLATE "C",
    conversation bigint,
    CHECK ((length(blob) = 64)),
    CHECK ((length(thumbnail) = 64)),
    CHECK ((size > 0)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE TABLE warehouse (
    shop bigint NOT NULL,
    id bigint NOT NULL,
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL DEFAULT ''::text,
    cut_off bigint,
    active bigint NOT NULL DEFAULT 1,
    CHECK (((cut_off >= 0) AND (cut_off <= 1439))),
    CHECK ((code <> ''::text)),
    CHECK ((name <> ''::text)),
    FOREIGN KEY (shop) REFERENCES shop(id),
    PRIMARY KEY (shop, id));

CREATE INDEX audit_entry_of_actor ON public.audit_entry USING btree (shop, actor_id, number);

CREATE INDEX audit_entry_of_kind ON public.audit_entry USING btree (shop, kind, number);

CREATE INDEX buyer_by_contact ON public.buyer USING btree (shop, contact) WHERE (contact <> ''::text);

CREATE INDEX buyer_by_initials ON public.buyer USING btree (shop, name_initials);

CREATE INDEX buyer_by_name ON public.buyer USING btree (shop, name, contact);

CREATE INDEX buyer_by_pinyin ON public.buyer USING btree (shop, name_pinyin);

CREATE UNIQUE INDEX buyer_of_subject ON public.buyer USING btree (shop, external_subject) WHERE (external_subject IS NOT NULL);

CREATE INDEX buyer_search_tokens ON public.buyer_search USING gin (tokens);

CREATE INDEX buyer_token_of_buyer ON public.buyer_token USING btree (shop, buyer);

CREATE INDEX carrier_ticket_deadline ON public.carrier_ticket USING btree (shop, state, deadline);

CREATE INDEX carrier_ticket_of_parcel ON public.carrier_ticket USING btree (shop, parcel);

CREATE INDEX carrier_ticket_opened ON public.carrier_ticket USING btree (shop, opened_at);

CREATE INDEX command_answer_age ON public.command_answer USING btree (at);

CREATE INDEX conversation_closed ON public.conversation USING btree (shop, closed_at) WHERE (closed_at IS NOT NULL);

CREATE INDEX conversation_of_buyer ON public.conversation USING btree (shop, buyer, opened_at);

CREATE INDEX conversation_of_owner ON public.conversation USING btree (shop, state, owner);

CREATE INDEX conversation_queued ON public.conversation USING btree (shop, queued_since) WHERE (queued_since IS NOT NULL);

CREATE INDEX conversation_snoozed ON public.conversation USING btree (snoozed_until) WHERE (snoozed_until IS NOT NULL);

CREATE INDEX delay_notice_told ON public.delay_notice USING btree (shop, buyer, told_at) WHERE (state = 'told'::text);

CREATE INDEX delay_notice_waiting ON public.delay_notice USING btree (shop, batch) WHERE (state = 'waiting'::text);

CREATE INDEX event_of_subject ON public.event USING btree (shop, subject, number);

CREATE INDEX hold_of_conversation ON public.hold USING btree (shop, conversation) WHERE (state = 'held'::text);

CREATE INDEX hold_open ON public.hold USING btree (shop, until) WHERE (state = 'held'::text);

CREATE INDEX import_batch_of_blob ON public.import_batch USING btree (blob);

CREATE INDEX import_batch_running ON public.import_batch USING btree (state) WHERE (state = ANY (ARRAY['checking'::text, 'importing'::text, 'undoing'::text]));

CREATE UNIQUE INDEX item_number ON public.item USING btree (shop, number);

CREATE INDEX item_of_category ON public.item USING btree (shop, category, id);

CREATE INDEX listing_mistake_of_item ON public.listing_mistake USING btree (shop, item, id);

CREATE INDEX login_attempt_by_time ON public.login_attempt USING btree (last_at);

CREATE INDEX lot_by_date ON public.lot USING btree (shop, expires_on) WHERE ((on_hand > 0) AND (expires_on IS NOT NULL));

CREATE UNIQUE INDEX lot_code ON public.lot USING btree (shop, sku, warehouse, code);

CREATE UNIQUE INDEX message_key ON public.message USING btree (key, conversation, author_kind, author_id);

CREATE UNIQUE INDEX message_number ON public.message USING btree (conversation, number);

CREATE INDEX message_search_tokens ON public.message_search USING gin (tokens);

CREATE INDEX order_line_item ON public.order_line USING btree (shop, item) WHERE (item IS NOT NULL);

CREATE INDEX order_line_of_order ON public.order_line USING btree (shop, order_id, id);

CREATE INDEX order_line_title ON public.order_line USING btree (shop, title);

CREATE INDEX orders_mobile_tail ON public.orders USING btree (shop, substr(receiver_mobile, (length(receiver_mobile) - 3)), created_at);

CREATE INDEX orders_nick ON public.orders USING btree (shop, buyer_nick, created_at);

CREATE UNIQUE INDEX orders_number ON public.orders USING btree (shop, number);

CREATE INDEX orders_of_buyer ON public.orders USING btree (shop, buyer, created_at, id) WHERE (buyer IS NOT NULL);

CREATE INDEX orders_of_owner ON public.orders USING btree (shop, owner, created_at, id) WHERE (owner IS NOT NULL);

CREATE INDEX orders_receipt ON public.orders USING btree (shop, receipt_by) WHERE (receipt_by IS NOT NULL);

CREATE INDEX orders_state ON public.orders USING btree (shop, state, created_at, id);

CREATE INDEX orders_suspicious ON public.orders USING btree (shop, created_at, id) WHERE (suspicious = 1);

CREATE INDEX orders_time ON public.orders USING btree (shop, created_at, id);

CREATE INDEX orders_unpaid ON public.orders USING btree (shop, COALESCE(pay_by, '9007199254740991'::bigint), id) WHERE (state = 'awaitingPayment'::text);

CREATE INDEX orders_unshipped ON public.orders USING btree (shop, COALESCE(ship_by, '9007199254740991'::bigint), id) WHERE (state = ANY (ARRAY['awaitingShipment'::text, 'partlyShipped'::text]));

CREATE INDEX parcel_ask ON public.parcel USING btree (shop, ask_at) WHERE (ask_at IS NOT NULL);

CREATE INDEX parcel_created ON public.parcel USING btree (shop, created_at);

CREATE INDEX parcel_line_of_order ON public.parcel_line USING btree (shop, order_line);

CREATE INDEX parcel_of_number ON public.parcel USING btree (shop, order_number);

CREATE INDEX parcel_of_order ON public.parcel USING btree (shop, order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX parcel_problem ON public.parcel USING btree (shop, problem, problem_since) WHERE (problem IS NOT NULL);

CREATE INDEX parcel_promise ON public.parcel USING btree (shop, promise, promised_at) WHERE (promise = ANY (ARRAY['near'::text, 'broken'::text]));

CREATE INDEX parcel_state ON public.parcel USING btree (shop, state, id);

CREATE INDEX parcel_told ON public.parcel USING btree (shop, told_at) WHERE (told_at IS NOT NULL);

CREATE INDEX parcel_unfinished ON public.parcel USING btree (shop, id) WHERE (unfinished = 1);

CREATE INDEX parcel_watch ON public.parcel USING btree (shop, watch_at) WHERE (watch_at IS NOT NULL);

CREATE UNIQUE INDEX parcel_waybill ON public.parcel USING btree (shop, waybill, carrier);

CREATE INDEX payment_of_order ON public.payment USING btree (shop, order_id);

CREATE INDEX payment_time ON public.payment USING btree (shop, at, id);

CREATE INDEX pinned_note_of_buyer ON public.pinned_note USING btree (shop, buyer);

CREATE INDEX proxy_purchase_of_order ON public.proxy_purchase USING btree (shop, order_id);

CREATE INDEX proxy_purchase_open ON public.proxy_purchase USING btree (shop, updated_at) WHERE (state = ANY (ARRAY['toBuy'::text, 'bought'::text, 'shipped'::text]));

CREATE INDEX quick_phrase_of_staff ON public.quick_phrase USING btree (shop, staff);

CREATE UNIQUE INDEX quick_phrase_own_shortcut ON public.quick_phrase USING btree (shop, staff, shortcut) WHERE ((staff IS NOT NULL) AND (shortcut <> ''::text));

CREATE UNIQUE INDEX quick_phrase_shop_shortcut ON public.quick_phrase USING btree (shop, shortcut) WHERE ((staff IS NULL) AND (shortcut <> ''::text));

CREATE INDEX session_of_staff ON public.session USING btree (shop, staff, ended_at);

CREATE INDEX sku_of_item ON public.sku USING btree (shop, item, sort);

CREATE UNIQUE INDEX sku_outer_id ON public.sku USING btree (shop, outer_id) WHERE (outer_id <> ''::text);

CREATE INDEX staff_group_of_staff ON public.staff_group_member USING btree (shop, staff);

CREATE INDEX stock_low ON public.stock USING btree (shop, sku, warehouse) WHERE ((low_at IS NOT NULL) AND (((on_hand - reserved) - held) <= low_at));

CREATE INDEX stock_movement_of_line ON public.stock_movement USING btree (shop, order_line) WHERE (order_line IS NOT NULL);

CREATE INDEX stock_movement_of_sku ON public.stock_movement USING btree (shop, sku, id);

CREATE INDEX stock_of_warehouse ON public.stock USING btree (shop, warehouse);

CREATE INDEX upload_of_blob ON public.upload USING btree (blob);

CREATE INDEX upload_of_thumbnail ON public.upload USING btree (thumbnail) WHERE (thumbnail IS NOT NULL);

CREATE INDEX upload_of_uploader ON public.upload USING btree (shop, uploader_kind, uploader_id, at);

CREATE INDEX upload_unclaimed ON public.upload USING btree (at) WHERE (conversation IS NULL);

CREATE UNIQUE INDEX warehouse_code ON public.warehouse USING btree (shop, code);
