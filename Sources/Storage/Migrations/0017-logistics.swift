import SQL

/// Carriers, parcels and their tracks, delay batches, carrier tickets.
let logistics = Migration(17, "logistics") { dialect in
    let (number, text) = (dialect.number, dialect.text)
    return parcelTables(number, text, dialect.clusteredByKey)
        + delayTables(number, text, dialect.clusteredByKey)
}

private func parcelTables(_ number: String, _ text: String, _ end: String) -> [String] {
    [
        """
        CREATE TABLE carrier (
            shop \(number) NOT NULL REFERENCES shop (id),
            code \(text) NOT NULL CHECK (code <> ''),
            name \(text) NOT NULL CHECK (name <> ''),
            phone \(text) NOT NULL,
            needs_phone \(number) NOT NULL CHECK (needs_phone IN (0, 1)),
            collect_hours \(number) CHECK (collect_hours > 0),
            stuck_hours \(number) CHECK (stuck_hours > 0),
            not_served \(text) NOT NULL,
            active \(number) NOT NULL CHECK (active IN (0, 1)),
            changed_at \(number) NOT NULL,
            PRIMARY KEY (shop, code))\(end)
        """,
        """
        CREATE TABLE parcel (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            order_id \(number),
            order_number \(text) NOT NULL,
            buyer \(number),
            buyer_name \(text) NOT NULL,
            warehouse \(number),
            carrier \(text) NOT NULL CHECK (carrier <> ''),
            waybill \(text) NOT NULL CHECK (waybill <> ''),
            from_province \(text),
            from_city \(text) NOT NULL,
            to_province \(text),
            to_city \(text) NOT NULL,
            route \(text) NOT NULL,
            created_at \(number) NOT NULL,
            paid_at \(number),
            promised_at \(number),
            state \(text) NOT NULL,
            unfinished \(number) NOT NULL CHECK (unfinished IN (0, 1)),
            picked_up_at \(number),
            delivered_at \(number),
            last_event_at \(number),
            failed_attempts \(number) NOT NULL CHECK (failed_attempts >= 0),
            went_away \(number) NOT NULL CHECK (went_away IN (0, 1)),
            last_province \(text),
            last_city \(text) NOT NULL,
            claimed_at \(number),
            request \(text),
            answer \(text),
            request_note \(text) NOT NULL,
            problem \(text),
            problem_since \(number),
            promise \(text) NOT NULL,
            watch_at \(number),
            ask_at \(number),
            told_at \(number),
            PRIMARY KEY (shop, id))\(end)
        """,
        "CREATE UNIQUE INDEX parcel_waybill ON parcel (shop, waybill, carrier)",
        "CREATE INDEX parcel_of_number ON parcel (shop, order_number)",
        "CREATE INDEX parcel_of_order ON parcel (shop, order_id) WHERE order_id IS NOT NULL",
        "CREATE INDEX parcel_created ON parcel (shop, created_at)",
        "CREATE INDEX parcel_state ON parcel (shop, state, id)",
        "CREATE INDEX parcel_unfinished ON parcel (shop, id) WHERE unfinished = 1",
        """
        CREATE INDEX parcel_problem ON parcel (shop, problem, problem_since)
            WHERE problem IS NOT NULL
        """,
        """
        CREATE INDEX parcel_promise ON parcel (shop, promise, promised_at)
            WHERE promise IN ('near', 'broken')
        """,
        "CREATE INDEX parcel_watch ON parcel (shop, watch_at) WHERE watch_at IS NOT NULL",
        "CREATE INDEX parcel_told ON parcel (shop, told_at) WHERE told_at IS NOT NULL",
        "CREATE INDEX parcel_ask ON parcel (shop, ask_at) WHERE ask_at IS NOT NULL",
        """
        CREATE TABLE parcel_line (
            shop \(number) NOT NULL,
            parcel \(number) NOT NULL,
            order_line \(number) NOT NULL,
            quantity \(number) NOT NULL CHECK (quantity > 0),
            PRIMARY KEY (shop, parcel, order_line),
            FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id))\(end)
        """,
        "CREATE INDEX parcel_line_of_order ON parcel_line (shop, order_line)",
        """
        CREATE TABLE parcel_event (
            shop \(number) NOT NULL,
            parcel \(number) NOT NULL,
            digest \(number) NOT NULL,
            at \(number) NOT NULL,
            status \(text) NOT NULL,
            text \(text) NOT NULL,
            location \(text) NOT NULL,
            received_at \(number) NOT NULL,
            PRIMARY KEY (shop, parcel, digest),
            FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id))\(end)
        """,
    ]
}

private func delayTables(_ number: String, _ text: String, _ end: String) -> [String] {
    [
        """
        CREATE TABLE delay_batch (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            at \(number) NOT NULL,
            staff \(number) NOT NULL,
            by_name \(text) NOT NULL,
            reason \(text) NOT NULL,
            options \(text) NOT NULL,
            state \(text) NOT NULL CHECK (state IN ('sending', 'sent', 'stopped')),
            PRIMARY KEY (shop, id))\(end)
        """,
        """
        CREATE TABLE delay_notice (
            shop \(number) NOT NULL,
            batch \(number) NOT NULL,
            parcel \(number) NOT NULL,
            buyer \(number) NOT NULL,
            due_date \(number) NOT NULL,
            text \(text) NOT NULL,
            state \(text) NOT NULL
                CHECK (state IN ('waiting', 'told', 'replied', 'done', 'failed', 'stopped')),
            why \(text) NOT NULL,
            conversation \(number),
            message \(number),
            told_at \(number),
            choice \(text),
            reply \(text) NOT NULL,
            replied_at \(number),
            done_at \(number),
            done_by \(text) NOT NULL,
            PRIMARY KEY (shop, batch, parcel),
            FOREIGN KEY (shop, batch) REFERENCES delay_batch (shop, id),
            FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id))\(end)
        """,
        "CREATE INDEX delay_notice_waiting ON delay_notice (shop, batch) WHERE state = 'waiting'",
        "CREATE INDEX delay_notice_told ON delay_notice (shop, buyer, told_at) WHERE state = 'told'",
        """
        CREATE TABLE carrier_ticket (
            shop \(number) NOT NULL,
            id \(number) NOT NULL,
            parcel \(number) NOT NULL,
            carrier \(text) NOT NULL,
            kind \(text) NOT NULL,
            state \(text) NOT NULL CHECK (state IN ('open', 'answered', 'settled', 'closed')),
            reference \(text) NOT NULL,
            note \(text) NOT NULL,
            deadline \(number) NOT NULL,
            claim \(number) NOT NULL CHECK (claim >= 0),
            paid \(number) NOT NULL CHECK (paid >= 0 AND paid <= claim),
            opened_at \(number) NOT NULL,
            opened_by \(text) NOT NULL,
            answer \(text) NOT NULL,
            answered_at \(number),
            closed_at \(number),
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, parcel) REFERENCES parcel (shop, id))\(end)
        """,
        "CREATE INDEX carrier_ticket_deadline ON carrier_ticket (shop, state, deadline)",
        "CREATE INDEX carrier_ticket_of_parcel ON carrier_ticket (shop, parcel)",
        "CREATE INDEX carrier_ticket_opened ON carrier_ticket (shop, opened_at)",
    ]
}
