import SQL

/// Staff, how they prove who they are, the shop's settings, and buyers.
///
/// Secrets that only have to be recognised (tokens, recovery codes) are kept as SHA-256; the two that must be computed with (a second factor's seed, the
/// secret of the shop's site) are kept as they are, in a file that only the server's account may read.
let identity = Migration(2, "identity") { dialect in
    let number = dialect.number
    let text = dialect.text
    let bytes = dialect.bytes
    let clustered = dialect.clusteredByKey
    return [
        """
        CREATE TABLE staff (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            login \(text) NOT NULL UNIQUE CHECK (login <> ''),
            name \(text) NOT NULL CHECK (name <> ''),
            nickname \(text) NOT NULL,
            role \(text) NOT NULL,
            level \(text) NOT NULL,
            employment \(text) NOT NULL,
            department \(text) NOT NULL,
            cap \(number) CHECK (cap BETWEEN 1 AND 200),
            suspended \(number) NOT NULL CHECK (suspended IN (0, 1)),
            added_at \(number) NOT NULL,
            seen_at \(number),
            PRIMARY KEY (shop, id))\(clustered)
        """,
        """
        CREATE TABLE password (
            shop \(number) NOT NULL,
            staff \(number) NOT NULL,
            hash \(text) NOT NULL,
            changed_at \(number) NOT NULL,
            PRIMARY KEY (shop, staff),
            FOREIGN KEY (shop, staff) REFERENCES staff (shop, id))\(clustered)
        """,
        """
        CREATE TABLE staff_group (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            name \(text) NOT NULL CHECK (name <> ''),
            PRIMARY KEY (shop, id),
            UNIQUE (shop, name))\(clustered)
        """,
        """
        CREATE TABLE staff_group_member (
            shop \(number) NOT NULL,
            staff_group \(number) NOT NULL,
            staff \(number) NOT NULL,
            PRIMARY KEY (shop, staff_group, staff),
            FOREIGN KEY (shop, staff_group) REFERENCES staff_group (shop, id) ON DELETE CASCADE,
            FOREIGN KEY (shop, staff) REFERENCES staff (shop, id))\(clustered)
        """,
        "CREATE INDEX staff_group_of_staff ON staff_group_member (shop, staff)",
        """
        CREATE TABLE session (
            shop \(number) NOT NULL,
            id \(number) NOT NULL,
            staff \(number) NOT NULL,
            hash \(bytes) NOT NULL UNIQUE CHECK (length(hash) = 32),
            started_at \(number) NOT NULL,
            seen_at \(number) NOT NULL,
            address \(text) NOT NULL,
            device \(text) NOT NULL,
            ended_at \(number),
            ended_by \(text),
            ended_reason \(text),
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, staff) REFERENCES staff (shop, id))\(clustered)
        """,
        "CREATE INDEX session_of_staff ON session (shop, staff, ended_at)",
        """
        CREATE TABLE totp (
            shop \(number) NOT NULL,
            staff \(number) NOT NULL,
            seed \(bytes) NOT NULL,
            enabled_at \(number),
            last_step \(number) NOT NULL,
            PRIMARY KEY (shop, staff),
            FOREIGN KEY (shop, staff) REFERENCES staff (shop, id))\(clustered)
        """,
        """
        CREATE TABLE recovery_code (
            shop \(number) NOT NULL,
            staff \(number) NOT NULL,
            hash \(bytes) NOT NULL CHECK (length(hash) = 32),
            used_at \(number),
            PRIMARY KEY (shop, staff, hash),
            FOREIGN KEY (shop, staff) REFERENCES staff (shop, id))\(clustered)
        """,
        """
        CREATE TABLE api_token (
            shop \(number) NOT NULL,
            id \(number) NOT NULL,
            staff \(number) NOT NULL,
            name \(text) NOT NULL CHECK (name <> ''),
            prefix \(text) NOT NULL,
            hash \(bytes) NOT NULL UNIQUE CHECK (length(hash) = 32),
            scopes \(text) NOT NULL,
            created_at \(number) NOT NULL,
            expires_at \(number),
            used_at \(number),
            revoked_at \(number),
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, staff) REFERENCES staff (shop, id))\(clustered)
        """,
        """
        CREATE TABLE login_attempt (
            kind \(text) NOT NULL CHECK (kind IN ('login', 'address')),
            name \(text) NOT NULL,
            failures \(number) NOT NULL,
            last_at \(number) NOT NULL,
            PRIMARY KEY (kind, name))\(clustered)
        """,
        "CREATE INDEX login_attempt_by_time ON login_attempt (last_at)",
        """
        CREATE TABLE shop_setting (
            shop \(number) NOT NULL PRIMARY KEY REFERENCES shop (id),
            greeting \(text) NOT NULL,
            hours \(text) NOT NULL,
            origins \(text) NOT NULL,
            colours \(text) NOT NULL,
            identity_secret \(text),
            identity_rotated_at \(number))\(dialect.strict)
        """,
        """
        CREATE TABLE buyer (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            name \(text) NOT NULL,
            name_pinyin \(text) NOT NULL,
            name_initials \(text) NOT NULL,
            contact \(text) NOT NULL,
            external_subject \(text),
            attributes \(text) NOT NULL,
            verified \(number) NOT NULL CHECK (verified IN (0, 1)),
            created_at \(number) NOT NULL,
            PRIMARY KEY (shop, id))\(clustered)
        """,
        """
        CREATE UNIQUE INDEX buyer_of_subject ON buyer (shop, external_subject)
            WHERE external_subject IS NOT NULL
        """,
        "CREATE INDEX buyer_by_pinyin ON buyer (shop, name_pinyin)",
        "CREATE INDEX buyer_by_initials ON buyer (shop, name_initials)",
        """
        CREATE TABLE buyer_token (
            shop \(number) NOT NULL,
            hash \(bytes) NOT NULL CHECK (length(hash) = 32),
            buyer \(number) NOT NULL,
            created_at \(number) NOT NULL,
            last_used \(number) NOT NULL,
            PRIMARY KEY (hash),
            FOREIGN KEY (shop, buyer) REFERENCES buyer (shop, id))\(clustered)
        """,
        "CREATE INDEX buyer_token_of_buyer ON buyer_token (shop, buyer)",
        """
        CREATE TABLE audit_entry (
            shop \(number) NOT NULL REFERENCES shop (id),
            number \(number) NOT NULL,
            at \(number) NOT NULL,
            kind \(text) NOT NULL,
            actor_id \(number),
            PRIMARY KEY (shop, number),
            FOREIGN KEY (shop, number) REFERENCES event (shop, number))\(clustered)
        """,
        "CREATE INDEX audit_entry_of_kind ON audit_entry (shop, kind, number)",
        "CREATE INDEX audit_entry_of_actor ON audit_entry (shop, actor_id, number)",
    ]
}
